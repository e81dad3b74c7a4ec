import type { ShellFunction } from "./define.ts";
import { printFunction } from "./syntax/print.ts";

/** A function as `type` and `declare -f` show it. */
export function functionText(known: ShellFunction): string {
  return printFunction(known.name, known.body);
}
