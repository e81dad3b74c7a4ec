import { parseIp } from "../../../base/cidr.ts";
import { linksOf, wayTo } from "../../../cluster/network/links/links.ts";
import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { compileOptions, OptionError, type ParsedLine, parseOptions } from "../../text/options.ts";
import { canonicalName, nameByAddress } from "../names.ts";
import { lookUp } from "../reach.ts";
import { busyboxPing } from "./busybox.ts";
import { runSeries, type Series, type Tally } from "./echoes.ts";
import { statistics } from "./statistics.ts";
import { USAGE } from "./usage.ts";

const declared = "a A B c= C D d e= f h I= i= L l= m= M= n O p= q Q= s= S= t= U v V w= W= 4 b R T= 6 F= N=";
const notSimulated = ["C", "d", "e", "l", "m", "N", "Q", "R", "T", "F"];

class PingFault extends Error {
  readonly status: number;

  constructor(words: string, status = 2) {
    super(words);
    this.status = status;
  }
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  let parsed: ParsedLine;
  try {
    parsed = parseOptions(compileOptions(declared), argv);
    return yield* begin(proc, parsed);
  } catch (error) {
    if (error instanceof OptionError) {
      yield* proc.write(2, `ping: ${error.message}\n${USAGE}`);
      return 2;
    }
    if (!(error instanceof PingFault)) throw error;
    yield* proc.write(2, `ping: ${error.message}\n`);
    return error.status;
  }
}

interface Settings {
  readonly has: (key: string) => boolean;
  readonly value: (key: string) => string | undefined;
}

/** A whole number within limits (strtol_or_err, ping/ping_common.c). */
function whole(text: string | undefined, least: number, most: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[+-]?\d+$/.test(text)) throw new PingFault(`invalid argument: '${text}'`, 1);
  const value = Number(text);
  if (value < least || value > Number(most))
    throw new PingFault(`invalid argument: '${text}': out of range: ${least} <= value <= ${most}`, 1);
  return value;
}

function seconds(text: string | undefined, what: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d*\.?\d+$/.test(text))
    throw new PingFault(`option argument contains garbage: ${text}\nping: this will become fatal error in the future`);
  void what;
  return Number(text);
}

function* begin(proc: Process, { given, operands }: ParsedLine): Task<number> {
  const has = (key: string) => given.some((one) => one.key === key);
  const value = (key: string) => given.findLast((one) => one.key === key)?.value;
  if (has("V")) {
    yield* proc.write(
      1,
      "ping from iputils 20221126\nlibcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n",
    );
    return 0;
  }
  if (has("h")) {
    yield* proc.write(2, USAGE);
    return 2;
  }
  const strange = notSimulated.find(has);
  if (strange !== undefined) throw new PingFault(`-${strange} is not simulated`, 1);
  const count = whole(value("c"), 1, "9223372036854775807");
  const size = whole(value("s"), 0, "127992") ?? 56;
  const ttl = whole(value("t"), 0, "255");
  const deadline = whole(value("w"), 0, "2147483647");
  const interval = has("f") ? 0 : (seconds(value("i"), "interval") ?? 1);
  if (interval < 0.002 && proc.credentials.uid !== 0)
    throw new PingFault("cannot flood, minimal interval for user must be >= 2 ms, use -i 0.002 (or higher)");
  const [target] = operands;
  if (target === undefined) throw new PingFault("usage error: Destination address required", 1);
  if (operands.length > 1) throw new PingFault(`${operands.at(-1)}: Name or service not known`);
  const address = yield* addressOf(proc, target, has);
  const series: Series = {
    address,
    count,
    interval,
    deadline: deadline || undefined,
    patience: seconds(value("W"), "timeout") ?? 10,
    adaptive: has("A") || interval < 0.002,
    probe: {
      ...(ttl ? { ttl } : {}),
      ...(value("M") === "do" || value("M") === "probe" ? { whole: size + (address.includes(":") ? 48 : 28) } : {}),
    },
  };
  return yield* conduct(proc, target, series, size, { has, value });
}

function* addressOf(proc: Process, target: string, has: Settings["has"]): Task<string> {
  const ip = parseIp(target);
  const wanted = has("4") ? 4 : has("6") ? 6 : undefined;
  if (ip && wanted !== undefined && ip.version !== wanted)
    throw new PingFault(`${target}: Address family for hostname not supported`);
  const found = yield* lookUp(proc, target, undefined, wanted);
  if (typeof found !== "string") throw new PingFault(`${target}: ${found.failed}`);
  if (!parseIp(found)) throw new PingFault(`${target}: Name or service not known`);
  if (wanted !== undefined && (found.includes(":") ? 6 : 4) !== wanted)
    throw new PingFault(`${target}: Address family for hostname not supported`);
  return found;
}

function* conduct(proc: Process, target: string, series: Series, size: number, settings: Settings): Task<number> {
  const { address } = series;
  const { has, value } = settings;
  const isName = parseIp(target) === undefined;
  const numeric = has("n") || !isName;
  const device = value("I");
  const links = linksOf(proc.machine);
  const bound =
    device === undefined
      ? undefined
      : links.find(({ name, addresses }) => name === device || addresses.some((one) => one.address === device));
  if (device !== undefined && !bound)
    throw new PingFault(parseIp(device) ? "bind: Cannot assign requested address" : `unknown iface: ${device}`);
  const way = wayTo(proc.machine, address);
  if (!way) throw new PingFault("connect: Network is unreachable");
  if (links.some(({ addresses }) => addresses.some(({ broadcast }) => broadcast === address)))
    throw new PingFault("Do you want to ping broadcast? Then -b. If not, check your local firewall rules");
  const title = isName ? canonicalName(proc, target) : target;
  const from = bound ? ` from ${way.source} ${device === bound.name ? device : ""}:` : "";
  const isOld = !address.includes(":");
  yield* proc.write(
    1,
    isOld
      ? `PING ${title} (${address})${from} ${size}(${size + 28}) bytes of data.\n`
      : `PING ${title}(${isName ? `${title} (${address})` : address})${from} ${size} data bytes\n`,
  );
  const names = new Map<string, string>();
  const called = function* (who: string): Task<string> {
    if (numeric) return who;
    let name = names.get(who);
    if (name === undefined) {
      name = `${(yield* nameByAddress(proc, who)) ?? who} (${who})`;
      names.set(who, name);
    }
    return name;
  };
  const tally = yield* runSeries(proc, series, listener(proc, settings, size, called));
  if (tally.noWay) throw new PingFault("connect: Network is unreachable");
  yield* proc.write(
    1,
    `${tally.stopped && has("f") ? "" : ""}\n--- ${title} ping statistics ---\n${statistics(tally)}`,
  );
  return statusOf(tally, series);
}

function listener(proc: Process, { has }: Settings, size: number, called: (who: string) => Task<string>) {
  const quiet = has("q") || has("f");
  const last = { sequence: 0 };
  return {
    *sent(sequence: number): Task {
      if (has("f")) yield* proc.write(1, ".");
      else if (has("O") && sequence > 1 && last.sequence < sequence - 1 && !quiet)
        yield* proc.write(1, `no answer yet for icmp_seq=${sequence - 1}\n`);
    },
    *arrived(sequence: number, outcome: Parameters<Parameters<typeof runSeries>[2]["arrived"]>[1]): Task {
      last.sequence = sequence;
      if (outcome.kind === "too long") {
        yield* proc.write(2, `ping: local error: message too long, mtu=${outcome.mtu}\n`);
        return;
      }
      if (has("f")) yield* proc.write(1, outcome.kind === "reply" ? "\b \b" : "\bE");
      if (quiet) return;
      const now = proc.machine.kernel.clock.now;
      const stamp = has("D") ? `[${Math.floor(now / 1_000_000)}.${String(now % 1_000_000).padStart(6, "0")}] ` : "";
      const who = yield* called(outcome.from);
      if (outcome.kind === "error") yield* proc.write(1, `${stamp}From ${who} icmp_seq=${sequence} ${outcome.words}\n`);
      else
        yield* proc.write(
          1,
          `${stamp}${has("a") ? "\u0007" : ""}${size + 8} bytes from ${who}: icmp_seq=${sequence} ttl=${outcome.ttl}${size >= 16 ? ` time=${timeText(outcome.micros)} ms` : ""}\n`,
        );
    },
  };
}

/** Milliseconds with three figures behind the point below a hundred (ping_common.c gather_statistics). */
function timeText(micros: number): string {
  const ms = micros / 1000;
  if (micros >= 99_950) return ms.toFixed(0);
  if (micros >= 9_995) return ms.toFixed(1);
  if (micros >= 1_000) return ms.toFixed(2);
  return ms.toFixed(3);
}

function statusOf({ times }: Tally, { deadline, count }: Series): number {
  return times.length === 0 || (deadline !== undefined && count !== undefined && times.length < count) ? 1 : 0;
}

/** ping of iputils 20221126, as Debian 12 has it; in images of busybox, busybox' own. */
export const ping: Program = { name: "ping", also: ["ping4", "ping6"], run, busybox: busyboxPing };
