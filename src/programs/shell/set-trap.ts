import { type Signal, signalNumbers } from "../../machine/define.ts";
import type { Shell } from "./shell.ts";

/** Signals that end a shell, for which an EXIT trap runs first. */
const fatal: readonly Signal[] = ["HUP", "INT", "TERM"];

/** Sets what happens at a signal (or EXIT, ERR, DEBUG, RETURN): a command, "" to ignore it, undefined for the default. */
export function setTrap(shell: Shell, name: string, text: string | undefined): void {
  if (text === undefined) shell.traps.delete(name);
  else shell.traps.set(name, text);
  if (name === "EXIT") for (const signal of fatal) arm(shell, signal);
  else if (name in signalNumbers) arm(shell, name as Signal);
}

/** Tells the kernel what a signal does to this shell now. */
export function arm(shell: Shell, signal: Signal): void {
  const text = shell.traps.get(signal);
  const { proc } = shell;
  if (text === "") proc.on(signal, "ignore");
  else if (
    text !== undefined ||
    (shell.traps.has("EXIT") && fatal.includes(signal)) ||
    (shell.interactive && heldWhenInteractive.has(signal))
  )
    proc.on(signal, () => {
      if (!shell.pending.includes(signal)) shell.pending.push(signal);
    });
  else proc.on(signal, "default");
}

/** What an interactive shell does not obey: Ctrl-C only breaks off what it does. */
export const heldWhenInteractive: ReadonlySet<Signal> = new Set<Signal>([
  "INT",
  "TERM",
  "QUIT",
  "TSTP",
  "TTIN",
  "TTOU",
]);
