import { SECOND } from "../../../base/clock.ts";
import { Errno, type Task } from "../../../machine/define.ts";
import { parseOptions } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";
import { formatTime } from "../format-time.ts";
import { historyPath, readHistory, writeHistory } from "../history-file.ts";
import type { Shell } from "../shell.ts";

export const history: Builtin = {
  name: "history",
  usage: "[-c] [-d offset] [n] or history -anrw [filename] or history -ps arg [arg...]",
  help: "Display or manipulate the history list.",
  *run(shell, args) {
    const parsed = yield* parseOptions(shell, this, args, "cd:anrwps");
    if (typeof parsed === "number") return parsed;
    const { flags, values, rest } = parsed;
    const kept = shell.history;
    if (!kept) return 0;
    if (flags.has("c")) kept.clear();
    const offset = values.get("d");
    if (offset !== undefined) return yield* remove(shell, offset);
    if (flags.has("s")) {
      kept.lines.pop();
      kept.times.pop();
      kept.add(rest.join(" "), undefined, Number.POSITIVE_INFINITY);
      return 0;
    }
    for (const letter of ["a", "n", "r", "w"] as const)
      if (flags.has(letter)) return yield* file(shell, letter, rest[0]);
    if (flags.has("c")) return 0;
    return yield* list(shell, rest[0]);
  },
};

function* remove(shell: Shell, offset: string): Task<number> {
  const kept = shell.history;
  const [, from = "", to = from] = /^(-?\d+)(?:-(-?\d+))?$/.exec(offset) ?? [];
  const index = (text: string) =>
    Number(text) < 0 ? (kept?.lines.length ?? 0) + Number(text) : Number(text) - (kept?.first ?? 1);
  const [low, high] = [index(from), index(to)];
  if (!kept || from === "" || low < 0 || high >= kept.lines.length) {
    yield* shell.complain(`history: ${offset}: history position out of range`);
    return 1;
  }
  const { first } = kept;
  for (let i = high; i >= low; i--) kept.remove(i);
  kept.first = first;
  return 0;
}

function* file(shell: Shell, what: "a" | "n" | "r" | "w", given: string | undefined): Task<number> {
  const path = given ?? historyPath(shell);
  if (path === undefined || !shell.history) return 1;
  try {
    if (what === "r" || what === "n") readHistory(shell, path);
    else writeHistory(shell, path, what === "a");
    return 0;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* shell.complain(`history: ${path}: ${error.message}`);
    return 1;
  }
}

function* list(shell: Shell, count: string | undefined): Task<number> {
  const kept = shell.history;
  if (!kept) return 0;
  if (count !== undefined && !/^\d+$/.test(count)) {
    yield* shell.complain(`history: ${count}: numeric argument required`);
    return 1;
  }
  const from = count === undefined ? 0 : Math.max(0, kept.lines.length - Number(count));
  const format = shell.vars.get("HISTTIMEFORMAT");
  const lines = kept.lines.slice(from).map((line, i) => {
    const at = kept.times[from + i] ?? 0;
    const time = format === undefined || format === "" ? "" : formatTime(shell, format, at * SECOND);
    return `${String(kept.first + from + i).padStart(5)}  ${time}${line}\n`;
  });
  return yield* shell.out("history", lines.join(""));
}
