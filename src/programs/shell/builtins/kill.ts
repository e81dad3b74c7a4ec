import { Errno, errnoWords, type Signal, type Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { processTable } from "../../../machine/signalling.ts";
import { usageError } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";
import { jobNamed } from "../job-argument.ts";
import type { Shell } from "../shell.ts";
import { signalList, signalNamed, translateSignal } from "../signals.ts";

export const kill: Builtin = {
  name: "kill",
  usage: "[-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]",
  help: "Send a signal to a job.",
  *run(shell, args) {
    let rest = args;
    let signal: Signal | "0" | undefined = "TERM";
    const [first = "", second] = rest;
    if (first === "-l" || first === "-L") return yield* list(shell, rest.slice(1));
    if (first === "-s" || first === "-n") {
      if (second === undefined) return yield* usageError(shell, this, `${first}: option requires an argument`);
      signal = second === "0" ? "0" : signalNamed(second);
      if (signal === undefined) return yield* invalid(shell, second);
      rest = rest.slice(2);
    } else if (/^-./.test(first) && first !== "--") {
      const name = /^-[sn]./.test(first) && signalNamed(first.slice(1)) === undefined ? first.slice(2) : first.slice(1);
      signal = name === "0" ? "0" : signalNamed(name);
      if (signal === undefined) return yield* invalid(shell, name);
      rest = rest.slice(1);
    }
    if (rest[0] === "--") rest = rest.slice(1);
    if (rest.length === 0) return yield* usageError(shell, this);
    let failed = 0;
    for (const target of rest) failed += (yield* send(shell, target, signal)) ? 0 : 1;
    return failed === rest.length ? 1 : 0;
  },
};

function* invalid(shell: Shell, name: string): Task<number> {
  yield* shell.complain(`kill: ${name}: invalid signal specification`);
  return 1;
}

function* list(shell: Shell, names: readonly string[]): Task<number> {
  if (names.length === 0) return yield* shell.out("kill", signalList());
  let status = 0;
  for (const name of names) {
    const translated = translateSignal(name);
    if (translated !== undefined) yield* shell.out("kill", `${translated}\n`);
    else status = yield* invalid(shell, name);
  }
  return status;
}

function* send(shell: Shell, target: string, signal: Signal | "0"): Task<boolean> {
  if (target.startsWith("%")) {
    const job = yield* jobNamed(shell, "kill", target);
    if (!job) return false;
    for (const proc of job.processes) deliver(proc, signal);
    if (signal === "TERM" || signal === "HUP")
      for (const proc of job.processes) if (proc.state === "stopped") proc.signal("CONT");
    return true;
  }
  if (!/^-?\d+$/.test(target)) {
    yield* shell.complain(`kill: ${target}: arguments must be process or job IDs`);
    return false;
  }
  const targets = processes(shell, Number(target));
  if (targets.length === 0) {
    yield* shell.complain(`kill: (${target}) - ${errnoWords.ESRCH}`);
    return false;
  }
  const { uid } = shell.proc.credentials;
  const allowed = targets.filter((proc) => uid === 0 || proc.credentials.uid === uid);
  if (allowed.length === 0) {
    yield* shell.complain(`kill: (${target}) - ${new Errno("EPERM").message}`);
    return false;
  }
  for (const proc of allowed) deliver(proc, signal);
  return true;
}

/** A negative number is a process group, named by its leader; 0 is the shell's own. */
function processes(shell: Shell, pid: number): Process[] {
  const all = processTable(shell.proc);
  if (pid > 0) return [all.get(pid)].filter((proc) => proc !== undefined);
  const group = pid === 0 ? shell.proc.group : all.get(-pid)?.group;
  return pid === -1
    ? [...shell.proc.machine.processes.values()].filter((proc) => proc.pid !== 1 && proc !== shell.proc)
    : [...all.values()].filter((proc) => proc.group === group);
}

function deliver(proc: Process, signal: Signal | "0"): void {
  if (signal !== "0") proc.signal(signal);
}
