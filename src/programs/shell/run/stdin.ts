import type { Task } from "../../../machine/define.ts";
import { readLine } from "../read-line.ts";
import type { Shell } from "../shell.ts";
import { incomplete, parse } from "../syntax/parse.ts";
import { syntaxError } from "./syntax-message.ts";
import { runLine } from "./top.ts";

/** Reads commands from stdin line by line, so that they can read what follows them (`ssh host bash -s <<EOF`). */
export function* runStdin(shell: Shell): Task<number> {
  let text = "";
  let first = 1;
  let next = 1;
  for (;;) {
    const line = yield* readLine(shell, 0, "\n");
    text += line.ended ? line.text : `${line.text}\n`;
    next++;
    if (!line.ended && incomplete(text)) continue;
    if (text.trim() !== "") {
      if (shell.has("verbose")) yield* shell.error(text);
      const script = parse(text, first);
      if (!shell.has("noexec")) yield* runLine(shell, script);
      else if (script.problem) yield* syntaxError(shell, script.problem, undefined);
      if (script.problem && !line.ended) return 2;
    }
    if (shell.flow?.type === "return") shell.flow = undefined;
    if (line.ended) return shell.status;
    text = "";
    first = next;
  }
}
