import type { Task } from "../../../machine/define.ts";
import { expandWords } from "../expand/expand.ts";
import { readLine } from "../read-line.ts";
import type { Shell } from "../shell.ts";
import type { Compound } from "../syntax/ast.ts";
import { endsLoop, type RunList } from "./compound.ts";

/** `select name in …`: shows a numbered menu on stderr and asks until `break` or the end of the input. */
export function* selectLoop(shell: Shell, node: Compound & { type: "for" | "select" }, run: RunList): Task<number> {
  shell.line = node.line;
  const words = node.words ? yield* expandWords(shell, node.words) : [...shell.args];
  if (words.length === 0) return 0;
  let status = 0;
  let showMenu = true;
  shell.loops++;
  try {
    for (;;) {
      if (showMenu) yield* shell.error(menu(words));
      showMenu = false;
      yield* shell.error(yield* shell.run.expandText(shell, shell.vars.get("PS3") ?? "#? "));
      const line = yield* readLine(shell, 0, "\n");
      if (line.ended && line.text === "") {
        yield* shell.out("select", "\n");
        return 1;
      }
      const reply = line.text;
      shell.vars.set("REPLY", reply);
      if (reply.trim() === "") {
        showMenu = true;
        continue;
      }
      shell.vars.set(node.name, /^\s*\d+\s*$/.test(reply) ? (words[Number(reply) - 1] ?? "") : "");
      status = yield* run(shell, node.body);
      if (endsLoop(shell)) return status;
    }
  } finally {
    shell.loops--;
  }
}

/** In columns where they fit into 80 characters, as bash lays them out. */
function menu(words: readonly string[]): string {
  const digits = String(words.length).length;
  const longest = Math.max(...words.map((word) => word.length)) + digits + 2;
  const columns = Math.max(1, Math.floor(80 / (longest + 2)));
  const one = (i: number) => `${String(i + 1).padStart(digits)}) ${words[i]}`;
  const rows = Math.ceil(words.length / columns);
  if (words.length <= rows || rows === 1 || columns === 1) return words.map((_, i) => `${one(i)}\n`).join("");
  let text = "";
  for (let row = 0; row < rows; row++) {
    const line: string[] = [];
    for (let i = row; i < words.length; i += rows)
      line.push(i + rows < words.length ? one(i).padEnd(longest + 2) : one(i));
    text += `${line.join("")}\n`;
  }
  return text;
}
