import { parseIp } from "../../../base/cidr.ts";
import { wayTo } from "../../../cluster/network/links/links.ts";
import type { Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { compileOptions, OptionError, parseOptions } from "../../text/options.ts";
import { lookUp } from "../reach.ts";
import { runSeries } from "./echoes.ts";
import { BUSYBOX_USAGE } from "./usage.ts";

/** ping as busybox has it (networking/ping.c, 1.37): it tells of answers only. */
export function* busyboxPing(proc: Process, argv: readonly string[]): Task<number> {
  let parsed: ReturnType<typeof parseOptions>;
  try {
    parsed = parseOptions(compileOptions("4 6 q A c= s= t= I= i= W= w= p="), argv);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    yield* proc.write(2, `ping: ${error.message}\n${BUSYBOX_USAGE}`);
    return 1;
  }
  const { given, operands } = parsed;
  const has = (key: string) => given.some((one) => one.key === key);
  const fail = function* (words: string): Task<number> {
    yield* proc.write(2, `ping: ${words}\n`);
    return 1;
  };
  const wrong = given.find(({ key, value }) => "cstWw".includes(key) && value !== undefined && !/^\d+$/.test(value));
  if (wrong) return yield* fail(`invalid number '${wrong.value}'`);
  const [host] = operands;
  if (host === undefined) {
    yield* proc.write(2, BUSYBOX_USAGE);
    return 1;
  }
  const number = (key: string) => {
    const value = given.findLast((one) => one.key === key)?.value;
    return value === undefined ? undefined : Number(value);
  };
  const address = yield* lookUp(proc, host);
  const version = typeof address === "string" ? parseIp(address)?.version : undefined;
  if (
    typeof address !== "string" ||
    version === undefined ||
    (has("4") && version === 6) ||
    (has("6") && version === 4)
  )
    return yield* fail(`bad address '${host}'`);
  const size = number("s") ?? 56;
  yield* proc.write(1, `PING ${host} (${address}): ${size} data bytes\n`);
  if (!wayTo(proc.machine, address)) return yield* fail("sendto: Network is unreachable");
  const interval = number("i");
  const tally = yield* runSeries(
    proc,
    {
      address,
      count: number("c") || undefined,
      interval: interval === undefined || Number.isNaN(interval) ? 1 : interval,
      deadline: number("w") || undefined,
      patience: number("W") ?? 10,
      adaptive: has("A"),
      probe: number("t") ? { ttl: number("t") } : {},
    },
    {
      *arrived(sequence, outcome) {
        if (outcome.kind !== "reply" || has("q")) return;
        const time = size >= 4 ? ` time=${milliseconds(outcome.micros)} ms` : "";
        yield* proc.write(1, `${size + 8} bytes from ${outcome.from}: seq=${sequence - 1} ttl=${outcome.ttl}${time}\n`);
      },
    },
  );
  const { sent, times } = tally;
  const lost = sent > 0 ? Math.floor(((sent - times.length) * 100) / sent) : 0;
  yield* proc.write(
    1,
    `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${times.length} packets received, ${lost}% packet loss\n`,
  );
  if (times.length === 0) return 1;
  const average = Math.floor(times.reduce((sum, one) => sum + one, 0) / times.length);
  const all = [Math.min(...times), average, Math.max(...times)].map(milliseconds).join("/");
  yield* proc.write(1, `round-trip min/avg/max = ${all} ms\n`);
  return 0;
}

function milliseconds(micros: number): string {
  return (micros / 1000).toFixed(3);
}
