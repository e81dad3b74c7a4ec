import { SECOND } from "../../../base/clock.ts";
import { historyLimit } from "../history-file.ts";
import { Pattern } from "../pattern/match.ts";
import type { Shell } from "../shell.ts";
import { incomplete, parse } from "../syntax/parse.ts";

/** Adds a command to the history as HISTCONTROL and HISTIGNORE allow. */
export function remember(shell: Shell, text: string): void {
  const kept = shell.history;
  if (!kept || !shell.has("history")) return;
  const line = oneEntry(text.replace(/\n$/, ""));
  if (line.trim() === "") return;
  const control = (shell.vars.get("HISTCONTROL") ?? "").split(":");
  const both = control.includes("ignoreboth");
  if ((both || control.includes("ignorespace")) && line.startsWith(" ")) return;
  if ((both || control.includes("ignoredups")) && kept.lines.at(-1) === line) return;
  const ignored = (shell.vars.get("HISTIGNORE") ?? "").split(":").filter((pattern) => pattern !== "");
  if (
    ignored.some((pattern) =>
      new Pattern(pattern.replaceAll("&", kept.lines.at(-1) ?? ""), { extended: true }).matches(line),
    )
  )
    return;
  if (control.includes("erasedups"))
    for (let i = kept.lines.length - 1; i >= 0; i--) if (kept.lines[i] === line) kept.remove(i);
  kept.add(line, Math.floor(shell.proc.machine.kernel.clock.now / SECOND), historyLimit(shell, "HISTSIZE"));
}

/** A command over several lines as one, with semicolons where they are needed (cmdhist). */
function oneEntry(text: string): string {
  if (!text.includes("\n")) return text;
  const lines = text.split("\n");
  let out = lines[0] ?? "";
  for (let i = 1; i < lines.length; i++) {
    const before = lines.slice(0, i).join("\n");
    const next = lines[i] ?? "";
    if (before.endsWith("\\") && incomplete(before)) out = out.slice(0, -1) + next;
    else if (isInsideText(before)) out += `\n${next}`;
    else out += `${/(^|[\s;])(do|then|else|elif|in|\{)$|[;&|({]$/.test(out.trimEnd()) ? " " : "; "}${next.trimStart()}`;
  }
  return out;
}

/** In a quotation or a here-document a newline stays what it is. */
function isInsideText(before: string): boolean {
  const script = parse(before);
  return (
    script.warnings.length > 0 ||
    (script.problem?.message.startsWith("unexpected EOF") ?? false) ||
    before.includes("<<")
  );
}
