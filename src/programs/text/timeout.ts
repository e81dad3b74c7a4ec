import { SECOND } from "../../base/clock.ts";
import { Errno, Exit, Interrupted, type Signal, signalNumbers, type Task } from "../../machine/define.ts";
import { startCommand } from "../../machine/exec.ts";
import type { Process } from "../../machine/process.ts";
import { type Call, Fail, tool } from "./define.ts";
import { parseDuration } from "./shared/duration.ts";
import { quote, quoteAlways } from "./shared/quote.ts";

/** timeout: ends a command that takes too long: status 124. */
export const timeout = tool({
  name: "timeout",
  usage: "[OPTION] DURATION COMMAND [ARG]...",
  options: "+ k,kill-after= s,signal= foreground preserve-status v,verbose",
  trouble: 125,
  *run(call) {
    const [duration, ...words] = call.operands;
    if (duration === undefined || words.length === 0) {
      yield* call.proc.write(2, "Try 'timeout --help' for more information.\n");
      return 125;
    }
    const seconds = parseDuration(duration);
    if (seconds === undefined) throw call.misuse(`invalid time interval ${quote(duration)}`);
    const signal = signalOf(call);
    const { proc } = call;
    let child: Process;
    try {
      child = startCommand(proc, words);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new Fail(
        `failed to run command ${quote(words[0] ?? "")}: ${error.message}`,
        error.code === "ENOENT" ? 127 : 126,
      );
    }
    for (const each of ["TERM", "INT", "HUP", "QUIT"] as const) proc.on(each, (got) => child.signal(got));
    const kill = parseDuration(call.value("k") ?? "0") ?? 0;
    if (yield* ended(proc, child, seconds === 0 ? Number.POSITIVE_INFINITY : seconds))
      return yield* statusOf(call, child);
    if (call.has("v")) yield* call.warn(`sending signal ${signal} to command ${quote(words[0] ?? "")}`, 0);
    child.signal(signal);
    if (signal !== "KILL") child.signal("CONT");
    if (kill > 0 && !(yield* ended(proc, child, kill))) {
      child.signal("KILL");
      yield* ended(proc, child, Number.POSITIVE_INFINITY);
      return 128 + signalNumbers.KILL;
    }
    yield* ended(proc, child, Number.POSITIVE_INFINITY);
    if (signal === "KILL") return 128 + signalNumbers.KILL;
    return call.has("preserve-status") ? child.status : 124;
  },
});

function signalOf(call: Call): Signal {
  const given = call.value("s") ?? "TERM";
  const name = given.replace(/^SIG/, "").toUpperCase();
  const found = Object.entries(signalNumbers).find(([signal, number]) => signal === name || String(number) === name);
  if (!found) throw call.misuse(`${quoteAlways(given)}: invalid signal`);
  return found[0] as Signal;
}

/** False where the time came first. */
function* ended(proc: Process, child: Process, seconds: number): Task<boolean> {
  const until =
    seconds === Number.POSITIVE_INFINITY ? undefined : proc.machine.kernel.clock.now + Math.round(seconds * SECOND);
  while (child.state !== "ended") {
    try {
      if ((yield* proc.wait({ on: [child.changed], until })) === "timeout" && child.state === "running") return false;
    } catch (error) {
      // A signal for us was handed on to the command.
      if (!(error instanceof Interrupted)) throw error;
    }
  }
  return true;
}

function* statusOf(call: Call, child: Process): Task<number> {
  call.proc.children.delete(child);
  if (child.signalled) throw new Exit(child.status, undefined);
  return child.status;
}
