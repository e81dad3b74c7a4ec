import { Interrupted, type Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { type Outcome, outcomeOf, type Probe } from "../round-trip.ts";

/** What ping is to do: times in seconds. */
export interface Series {
  readonly address: string;
  readonly count: number | undefined;
  readonly interval: number;
  /** After how many seconds it ends, whatever has come back. */
  readonly deadline: number | undefined;
  /** How long it waits for answers after the last packet. */
  readonly patience: number;
  readonly probe: Omit<Probe, "address" | "number">;
  /** The next packet goes as soon as the answer is there. */
  readonly adaptive: boolean;
}

/** How a series goes on: told as it happens. */
export interface Listening {
  sent?(sequence: number): Task;
  arrived(sequence: number, outcome: Exclude<Outcome, { kind: "nothing" | "no way" }>): Task;
}

/** What a series came to. Times in microseconds. */
export interface Tally {
  sent: number;
  errors: number;
  readonly times: number[];
  /** From the first packet to the last one. */
  elapsed: number;
  /** The most packets that were under way at once, of those that came back as errors. */
  pipe: number;
  stopped: boolean;
  /** The first packet found no route. */
  noWay: boolean;
}

interface Pending {
  readonly at: number;
  readonly sequence: number;
  readonly outcome: Exclude<Outcome, { kind: "nothing" | "no way" }>;
}

/** Sends one packet after the other and takes what comes back, until the series is over or somebody interrupts it. */
export function* runSeries(proc: Process, series: Series, listening: Listening): Task<Tally> {
  const tally: Tally = { sent: 0, errors: 0, times: [], elapsed: 0, pipe: 1, stopped: false, noWay: false };
  proc.on("INT", () => {
    tally.stopped = true;
  });
  try {
    yield* run(proc, series, listening, tally);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    tally.stopped = true;
  } finally {
    proc.on("INT", "default");
  }
  return tally;
}

function* run(proc: Process, series: Series, listening: Listening, tally: Tally): Task {
  const { clock } = proc.machine.kernel;
  const start = clock.now;
  const micros = (seconds: number) => Math.round(seconds * 1_000_000);
  const limit = series.deadline === undefined ? undefined : start + micros(series.deadline);
  const pending: Pending[] = [];
  let nextSend = start;
  let over: number | undefined;
  for (;;) {
    while (pending[0] && pending[0].at <= clock.now) yield* take(pending, tally, listening);
    if (tally.stopped || (limit !== undefined && clock.now >= limit)) return;
    const all = series.count !== undefined && tally.sent >= series.count;
    if (all && pending.length === 0 && answered(tally) >= (series.count ?? 0)) return;
    if (all && over !== undefined && clock.now >= over) return;
    if (!all && clock.now >= nextSend) {
      const outcome = send(proc, series, tally, pending);
      tally.elapsed = clock.now - start;
      if (outcome === "no way") return;
      if (listening.sent) yield* listening.sent(tally.sent);
      nextSend = series.adaptive && pending[0] ? pending[0].at : nextSend + micros(series.interval);
      if (nextSend <= clock.now) nextSend = clock.now + 100;
      over = clock.now + micros(series.patience);
      continue;
    }
    const times = [pending[0]?.at, all ? over : nextSend, limit].filter((one): one is number => one !== undefined);
    yield* proc.wait({ on: [], until: Math.max(Math.min(...times), clock.now + 1) });
  }
}

function answered({ times, errors }: Tally): number {
  return times.length + errors;
}

function send(proc: Process, series: Series, tally: Tally, pending: Pending[]): "no way" | undefined {
  const { clock } = proc.machine.kernel;
  const sequence = tally.sent + 1;
  const outcome = outcomeOf(proc, { ...series.probe, address: series.address, number: sequence });
  if (outcome.kind === "no way") {
    tally.noWay = true;
    return "no way";
  }
  tally.sent = sequence;
  if (outcome.kind === "nothing") return undefined;
  // Packets for a neighbour that does not answer wait together until the kernel gives it up.
  const together = outcome.kind === "error" ? pending.find((one) => one.outcome.kind === "error")?.at : undefined;
  const takes = outcome.kind === "too long" ? 0 : outcome.micros;
  pending.push({ at: together ?? clock.now + takes, sequence, outcome });
  pending.sort((a, b) => a.at - b.at || a.sequence - b.sequence);
  if (outcome.kind === "error") tally.pipe = Math.max(tally.pipe, pending.length);
  return undefined;
}

function* take(pending: Pending[], tally: Tally, listening: Listening): Task {
  const [first] = pending.splice(0, 1);
  if (!first) return;
  if (first.outcome.kind === "reply") tally.times.push(first.outcome.micros);
  else tally.errors++;
  yield* listening.arrived(first.sequence, first.outcome);
}
