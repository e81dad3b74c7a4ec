import { parseIp } from "../../../base/cidr.ts";
import { wayTo } from "../../../cluster/network/links/links.ts";
import type { Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { compileOptions, OptionError, parseOptions } from "../../text/options.ts";
import { nameByAddress } from "../names.ts";
import { lookUp } from "../reach.ts";
import { type Reached, traced } from "./trace.ts";
import { BUSYBOX_USAGE } from "./usage.ts";

/** traceroute as busybox has it (networking/traceroute.c, 1.37): one probe after the other. */
export function* busyboxTraceroute(proc: Process, argv: readonly string[]): Task<number> {
  let parsed: ReturnType<typeof parseOptions>;
  try {
    parsed = parseOptions(compileOptions("4 6 F I l n r d v x t= i= m= p= q= s= w= g= z= f="), argv);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    yield* proc.write(2, `traceroute: ${error.message}\n${BUSYBOX_USAGE}`);
    return 1;
  }
  const { given, operands } = parsed;
  const [host, bytes] = operands;
  const numeric = given.some(({ key }) => key === "n");
  const number = (key: string, usual: number) => Number(given.findLast((one) => one.key === key)?.value ?? usual);
  const fail = function* (words: string): Task<number> {
    yield* proc.write(2, words);
    return 1;
  };
  if (host === undefined) return yield* fail(BUSYBOX_USAGE);
  const address = yield* lookUp(proc, host);
  if (typeof address !== "string" || !parseIp(address)) return yield* fail(`traceroute: bad address '${host}'\n`);
  if (!wayTo(proc.machine, address))
    return yield* fail(`traceroute: can't connect to remote host (${address}): Network is unreachable\n`);
  const most = number("m", 30);
  yield* proc.write(1, `traceroute to ${host} (${address}), ${most} hops max, ${Number(bytes ?? 46)} byte packets\n`);
  const wait = number("w", 3);
  for (let ttl = number("f", 1), n = 0; ttl <= most; ttl++) {
    yield* proc.write(1, `${String(ttl).padStart(2)}`);
    let shown: string | undefined;
    let last = false;
    for (let i = 0; i < number("q", 3); i++, n++) {
      const probe: Reached = traced(proc, { address }, ttl, n);
      if (probe.from === undefined || probe.micros > wait * 1_000_000) {
        yield* proc.sleep(wait);
        yield* proc.write(1, "  *");
        continue;
      }
      yield* proc.sleep(probe.micros / 1_000_000);
      last ||= probe.last;
      if (probe.from !== shown)
        yield* proc.write(
          1,
          numeric ? `  ${probe.from}` : `  ${(yield* nameByAddress(proc, probe.from)) ?? probe.from} (${probe.from})`,
        );
      shown = probe.from;
      yield* proc.write(1, `  ${(probe.micros / 1000).toFixed(3)} ms${probe.mark}`);
    }
    yield* proc.write(1, "\n");
    if (last) return 0;
  }
  return 0;
}
