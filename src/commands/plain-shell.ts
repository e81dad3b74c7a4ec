import type { LineRequest } from "../machine/terminal.ts";
import { shell } from "../ui/shell.ts";

/** `cka-lab shell` and nothing more, at a terminal that may show its first prompt already. Gives the exit status. */
export function plainShell(prompt: LineRequest | undefined): Promise<number> {
  return shell(prompt && { prompt });
}
