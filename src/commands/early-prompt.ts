import { firstPrompt } from "../lab/first-prompt.ts";
import { usualHost } from "../lab/usual-world.ts";
import type { LineRequest } from "../machine/terminal.ts";
import { seatProblem, signals } from "../ui/guard.ts";
import { LinePrompt } from "../ui/line/line-prompt.ts";
import { writeNow } from "./write-now.ts";

/**
 * The prompt of a plain `cka-lab shell`, before the program behind it is loaded. What is typed meanwhile stays in the
 * terminal; the terminal's owner draws over it.
 */
export function earlyPrompt(): LineRequest | undefined {
  const { stdin, stdout } = process;
  if (seatProblem("a shell", { stdin, stdout }) !== undefined) return undefined;
  const request = firstPrompt(usualHost);
  if (!request) return undefined;
  stdin.setRawMode(true);
  const write = (text: string) => writeNow(1, text);
  // A paste stays a paste.
  write("\u001b[?2004h");
  new LinePrompt(request, { columns: () => stdout.columns, write, answer: () => {} }, 0);
  endBySignal(() => write("\u001b[?2004l\r\n"));
  return request;
}

/** Until the terminal's owner listens to the signals that ask the program to end. */
function endBySignal(leave: () => void): void {
  for (const [signal, status] of Object.entries(signals))
    process.on(signal, () => {
      if (process.listenerCount(signal) > 1) return;
      leave();
      process.exit(status);
    });
}
