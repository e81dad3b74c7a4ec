import { parseIp } from "../../../base/cidr.ts";
import { wayTo } from "../../../cluster/network/links/links.ts";
import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { compileOptions, OptionError, type ParsedLine, parseOptions } from "../../text/options.ts";
import { nameByAddress } from "../names.ts";
import { lookUp } from "../reach.ts";
import { busyboxTraceroute } from "./busybox.ts";
import { type Reached, type Tracing, traced } from "./trace.ts";
import { USAGE } from "./usage.ts";

const declared = `4 6 d,debug F,dont-fragment f,first= g,gateway= I,icmp T,tcp i,interface= m,max-hops= N,sim-queries= n p,port=
  t,tos= l,flowlabel= w,wait= q,queries= r s,source= z,sendwait= e,extensions A,as-path-lookups M,module= O,options=
  sport= fwmark= U,udp UL D,dccp P,protocol= mtu back V,version help`;
/** How many packets are under way at once. */
const AT_ONCE = 16;

class TracerouteFault extends Error {}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  try {
    const parsed = parseOptions(compileOptions(declared.replace(/\s+/g, " ")), argv);
    return yield* begin(proc, parsed, argv);
  } catch (error) {
    if (error instanceof OptionError) {
      const letter = /'(.*)'/.exec(error.message)?.[1] ?? "";
      const at = argv.findIndex((word) => word.includes(letter));
      const words = error.message.startsWith("option requires")
        ? `Option \`-${letter}' (argc ${at + 1}) requires an argument: `
        : `Bad option \`${letter.startsWith("--") ? letter : `-${letter}`}' (argc ${at + 1})`;
      yield* proc.write(2, `${words}\n`);
      return 2;
    }
    if (!(error instanceof TracerouteFault)) throw error;
    yield* proc.write(2, `${error.message}\n`);
    return 2;
  }
}

function numberOf(argv: readonly string[], letter: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+(\.\d+)?(,.*)?$/.test(value)) return Number.parseFloat(value);
  const at = argv.indexOf(`-${letter}`);
  throw new TracerouteFault(`Cannot handle \`-${letter}' option with arg \`${value}' (argc ${at + 2})`);
}

function* begin(proc: Process, { given, operands }: ParsedLine, argv: readonly string[]): Task<number> {
  const has = (key: string) => given.some((one) => one.key === key);
  const value = (key: string) => given.findLast((one) => one.key === key)?.value;
  if (has("V")) {
    yield* proc.write(
      2,
      "Modern traceroute for Linux, version 2.1.2\nCopyright (c) 2016  Dmitry Butskoy,   License: GPL v2 or any later\n",
    );
    return 0;
  }
  const [host, length] = operands;
  if (host === undefined || has("help")) {
    yield* proc.write(2, USAGE);
    return 0;
  }
  const strange = ["g", "A", "M", "O", "D", "P", "mtu", "back", "UL"].find(has);
  if (strange !== undefined) throw new TracerouteFault(`traceroute: -${strange} is not simulated`);
  const most = numberOf(argv, "m", value("m")) ?? 30;
  const queries = numberOf(argv, "q", value("q")) ?? 3;
  if (most > 255) throw new TracerouteFault("max hops cannot be more than 255");
  if (queries > 10) throw new TracerouteFault("no more than 10 probes per hop");
  const address = yield* addressOf(proc, host, has);
  const bytes = length === undefined ? (address.includes(":") ? 80 : 60) : Math.max(Number(length) || 0, 28);
  const head = `traceroute to ${host} (${address}), ${most} hops max, ${bytes} byte packets`;
  if (!wayTo(proc.machine, address)) {
    yield* proc.write(1, head);
    yield* proc.write(2, "\nconnect: Network is unreachable\n");
    return 1;
  }
  yield* proc.write(1, `${head}\n`);
  const tracing: Tracing = has("T") ? { address, tcp: numberOf(argv, "p", value("p")) ?? 80 } : { address };
  const wait = numberOf(argv, "w", value("w")) ?? 5;
  const first = numberOf(argv, "f", value("f")) ?? 1;
  yield* trace(proc, tracing, { first, most, queries, wait, numeric: has("n") });
  return 0;
}

function* addressOf(proc: Process, host: string, has: (key: string) => boolean): Task<string> {
  const found = yield* lookUp(proc, host);
  const version = typeof found === "string" ? parseIp(found)?.version : undefined;
  const wrong = (words: string) =>
    new TracerouteFault(`${host}: ${words}\nCannot handle "host" cmdline arg \`${host}' on position 1 (argc 1)`);
  if (typeof found !== "string") throw wrong(found.failed);
  if (version === undefined) throw wrong("Name or service not known");
  if ((has("4") && version === 6) || (has("6") && version === 4))
    throw wrong("Address family for hostname not supported");
  return found;
}

interface Limits {
  readonly first: number;
  readonly most: number;
  readonly queries: number;
  readonly wait: number;
  readonly numeric: boolean;
}

function* trace(proc: Process, tracing: Tracing, { first, most, queries, wait, numeric }: Limits): Task {
  const { clock } = proc.machine.kernel;
  const start = clock.now;
  let number = 0;
  for (let ttl = first; ttl <= most; ttl++) {
    const probes: Reached[] = [];
    let until = clock.now;
    for (let i = 0; i < queries; i++, number++) {
      const probe = traced(proc, tracing, ttl, number);
      const isLate = probe.micros > wait * 1_000_000;
      probes.push(isLate ? { ...probe, from: undefined, last: false } : probe);
      const batch = Math.floor(number / AT_ONCE) + 1;
      until = Math.max(
        until,
        probe.from === undefined || isLate ? start + batch * wait * 1_000_000 : clock.now + probe.micros,
      );
    }
    if (until > clock.now) yield* proc.wait({ on: [], until });
    yield* proc.write(1, `${String(ttl).padStart(2)} ${yield* hopText(proc, probes, numeric)}\n`);
    if (probes.some(({ last }) => last)) return;
  }
}

function* hopText(proc: Process, probes: readonly Reached[], numeric: boolean): Task<string> {
  let text = "";
  let shown: string | undefined;
  for (const { from, micros, mark } of probes) {
    if (from === undefined) {
      text += " *";
      continue;
    }
    if (from !== shown) text += numeric ? ` ${from}` : ` ${(yield* nameByAddress(proc, from)) ?? from} (${from})`;
    shown = from;
    text += `  ${(micros / 1000).toFixed(3)} ms${mark}`;
  }
  return text;
}

/** traceroute 2.1.2, as Debian 12 has it; in images of busybox, busybox' own. */
export const traceroute: Program = { name: "traceroute", also: ["traceroute6"], run, busybox: busyboxTraceroute };
