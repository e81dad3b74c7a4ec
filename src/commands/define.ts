import type { Command } from "commander";

/** Adds a command's arguments, options and action. Each command's file has one of these, loaded only when it is typed. */
export type Define = (command: Command) => void;

/** Ends the process with a status once everything is written. */
export function endWith(status: number): void {
  process.exitCode = status;
}
