import { type Micros, SECOND } from "../../base/clock.ts";
import type { Call } from "./define.ts";
import type { Shell } from "./shell.ts";

type Make = (shell: Shell) => string | readonly string[] | undefined;

/** The variables whose values a shell works out when they are read (bash 5.2, "Shell Variables"). */
const makers = new Map<string, Make>([
  ["RANDOM", ({ proc }) => String(proc.machine.kernel.random.below(32768))],
  ["SRANDOM", ({ proc }) => String(proc.machine.kernel.random.next32())],
  ["SECONDS", (shell) => String(Math.floor((now(shell) - shell.secondsFrom) / SECOND))],
  ["EPOCHSECONDS", (shell) => String(Math.floor(now(shell) / SECOND))],
  ["EPOCHREALTIME", (shell) => `${Math.floor(now(shell) / SECOND)}.${String(now(shell) % SECOND).padStart(6, "0")}`],
  ["LINENO", (shell) => String(shell.line)],
  ["BASHPID", ({ proc }) => String(proc.pid)],
  ["BASH_SUBSHELL", (shell) => String(shell.subshell)],
  ["BASH_COMMAND", (shell) => shell.command],
  [
    "FUNCNAME",
    (shell) => (shell.calls.some((call) => call.name !== "main") ? ofCalls(shell, (call) => call.name) : undefined),
  ],
  ["BASH_SOURCE", (shell) => ofCalls(shell, (call) => call.source)],
  ["BASH_LINENO", (shell) => ofCalls(shell, (call) => String(call.from))],
  ["DIRSTACK", ({ proc, dirs }) => [proc.cwd, ...dirs]],
  ["GROUPS", ({ proc }) => proc.credentials.groups.map(String)],
  ["HISTCMD", ({ history }) => String((history?.lines.length ?? 0) + 1)],
  ["SHELLOPTS", ({ options }) => [...options].sort().join(":")],
  ["BASHOPTS", ({ shopts }) => [...shopts].sort().join(":")],
]);

/** The names of the variables that every shell makes up. */
export const dynamicVariables: ReadonlySet<string> = new Set(makers.keys());

/** What a shell makes up for one of them. */
export function madeVariable(shell: Shell, name: string): string | readonly string[] | undefined {
  return makers.get(name)?.(shell);
}

function now({ proc }: Shell): Micros {
  return proc.machine.kernel.clock.now;
}

/** Of what is being called, the innermost first. */
function ofCalls(shell: Shell, what: (call: Call) => string): string[] | undefined {
  return shell.calls.length > 0 ? shell.calls.toReversed().map(what) : undefined;
}
