import { WaitQueue } from "../../../base/wait-queue.ts";
import type { Task } from "../../../machine/define.ts";
import { parseOptions } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";
import { backslashQuote } from "../expand/quote.ts";
import { Problem } from "../problem.ts";
import { readLine } from "../read-line.ts";
import type { Shell } from "../shell.ts";
import { isName } from "../variable.ts";
import { STRING_LIMIT } from "../variables.ts";

export const mapfile: Builtin = {
  name: "mapfile",
  usage: "[-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]",
  help: "Read lines from the standard input into an indexed array variable.",
  run: (shell, args) => run(shell, mapfile, args),
};

export const readarray: Builtin = { ...mapfile, name: "readarray", run: (shell, args) => run(shell, readarray, args) };

function* run(shell: Shell, builtin: Builtin, args: readonly string[]): Task<number> {
  const parsed = yield* parseOptions(shell, builtin, args, "d:n:O:s:tu:C:c:");
  if (typeof parsed === "number") return parsed;
  const { flags, values, rest } = parsed;
  const name = rest[0] ?? "MAPFILE";
  if (!isName(name)) {
    yield* shell.complain(`${builtin.name}: \`${name}': not a valid identifier`);
    return 1;
  }
  const fd = Number(values.get("u") ?? 0);
  const limit = Number(values.get("n") ?? 0) || Number.POSITIVE_INFINITY;
  const origin = Number(values.get("O") ?? 0);
  const quantum = Number(values.get("c") ?? 5000);
  const delimiter = values.has("d") ? values.get("d")?.slice(0, 1) || "\0" : "\n";
  let skip = Number(values.get("s") ?? 0);
  if (!values.has("O")) shell.vars.setArray(name, []);
  const lines = limit === Number.POSITIVE_INFINITY ? yield* allLines(shell, fd, delimiter) : undefined;
  for (let taken = 0, next = 0; taken < limit; ) {
    const line = lines ? lines[next++] : yield* oneLine(shell, fd, delimiter);
    if (line === undefined) break;
    if (skip-- > 0) continue;
    const text = flags.has("t") && line.endsWith(delimiter) ? line.slice(0, -1) : line;
    const callback = values.get("C");
    if (callback !== undefined && (taken + 1) % quantum === 0)
      yield* shell.run.runText(shell, `${callback} ${origin + taken} ${backslashQuote(text)}`);
    shell.vars.setAt(name, origin + taken++, text);
  }
  return 0;
}

function* oneLine(shell: Shell, fd: number, delimiter: string): Task<string | undefined> {
  const line = yield* readLine(shell, fd, delimiter);
  if (line.ended) return line.text === "" ? undefined : line.text;
  return line.text + delimiter;
}

/** Everything at once, where nobody else is to read what follows. */
function* allLines(shell: Shell, fd: number, delimiter: string): Task<string[]> {
  const parts: string[] = [];
  let size = 0;
  for (;;) {
    if (shell.proc.tick()) yield undefined;
    const got = shell.proc.fd(fd).read?.(65_536);
    if (got === undefined) break;
    if (got instanceof WaitQueue) yield* shell.wait({ on: [got] });
    else parts.push(got);
    size += typeof got === "string" ? got.length : 0;
    if (size > STRING_LIMIT) throw new Problem(`xrealloc: cannot allocate ${size} bytes`, "shell");
  }
  const lines = parts.join("").split(delimiter);
  const last = lines.pop();
  return [...lines.map((line) => line + delimiter), ...(last ? [last] : [])];
}
