import { base64Of } from "../../base/base64.ts";
import { bytesOf } from "../../base/text-bytes.ts";
import type { Task } from "../../machine/define.ts";
import type { Process } from "../../machine/process.ts";
import type { Terminal } from "../../machine/terminal.ts";
import { CommandFault } from "./faults.ts";
import type { Output } from "./output.ts";

/** Asks for a name and a password where a kubeconfig says nothing of who asks (clientcmd auth_loaders.go, 1.33). */
export function* askLogin(proc: Process, output: Output): Task<Readonly<Record<string, string>>> {
  output.out.write("Please enter Username: ");
  yield* output.flush();
  let typed = "";
  while (!/\S\s/.test(typed)) {
    const text = yield* proc.read(0);
    if (text === undefined) break;
    typed += text;
  }
  const name = typed.trim().split(/\s+/)[0] ?? "";
  if (name === "") throw new CommandFault("EOF");
  output.out.write("Please enter Password: ");
  yield* output.flush();
  const { terminal } = proc;
  if (!terminal || !proc.isTerminal(0)) throw new CommandFault("error reading input for Password");
  return { authorization: `Basic ${base64Of(bytesOf(`${name}:${yield* hiddenLine(proc, terminal)}`))}` };
}

/** A line that is typed without being shown. */
function* hiddenLine(proc: Process, terminal: Terminal): Task<string> {
  const before = terminal.mode;
  terminal.mode = "raw";
  try {
    let line = "";
    for (;;) {
      for (const key of (yield* proc.read(0)) ?? "\u0004") {
        if (key === "\r" || key === "\n" || key === "\u0004") return line;
        if (key === "\u0003") proc.exit(130);
        line = key === "\u007f" ? line.slice(0, -1) : line + key;
      }
    }
  } finally {
    terminal.mode = before;
  }
}
