import { civilTime } from "../../../base/time.ts";
import { WaitQueue } from "../../../base/wait-queue.ts";
import { linksOf } from "../../../cluster/network/links/links.ts";
import { Interrupted, type Program, type Task } from "../../../machine/define.ts";
import type { Attempt, Observer } from "../../../machine/define-network.ts";
import type { Process } from "../../../machine/process.ts";
import { compileOptions, OptionError, type ParsedLine, parseOptions } from "../../text/options.ts";
import { nameOf } from "../names.ts";
import { serviceOf } from "../services.ts";
import { type Conversation, conversationOf, exchanged, opening } from "./conversation.ts";
import { ExpressionFault, packetFilter } from "./filter.ts";
import type { Packet } from "./packet.ts";
import { USAGE } from "./usage.ts";

const declared =
  "A b d D,list-interfaces e f h,help H I J K l L N n O p q S t u U v x X #,number B= c= count C= E= F= G= i,interface= immediate-mode j= M= print Q= r= s= T= version V= w= W= y= time-stamp-precision= micro nano z= Z=";
/** What would show more of a packet than is known here. */
const richer = ["A", "e", "v", "x", "X", "S"];
const notSimulated = ["w", "r", "C", "G", "W", "F", "V", "d", "I", "J", "L"];

function* run(proc: Process, argv: readonly string[]): Task<number> {
  let parsed: ParsedLine;
  try {
    parsed = parseOptions(compileOptions(declared), argv);
    return yield* begin(proc, parsed);
  } catch (error) {
    if (error instanceof ExpressionFault) {
      yield* proc.write(2, `tcpdump: ${error.message}\n`);
      return 1;
    }
    if (!(error instanceof OptionError)) throw error;
    yield* proc.write(2, `tcpdump: ${error.message}\n${USAGE}`);
    return 1;
  }
}

function* begin(proc: Process, { given, operands }: ParsedLine): Task<number> {
  const has = (key: string) => given.some((one) => one.key === key);
  const value = (key: string) => given.findLast((one) => one.key === key)?.value;
  if (has("version") || has("h")) {
    yield* proc.write(has("h") ? 2 : 1, USAGE);
    return 0;
  }
  const links = linksOf(proc.machine).filter(({ flags }) => flags.includes("UP"));
  if (has("D")) {
    yield* proc.write(1, interfaces(links.map(({ name }) => name)));
    return 0;
  }
  const strange = notSimulated.find(has);
  if (strange !== undefined) {
    yield* proc.write(2, `tcpdump: -${strange} is not simulated\n`);
    return 1;
  }
  const link = value("i") ?? links.find(({ name }) => name !== "lo")?.name ?? "lo";
  const fail = function* (words: string): Task<number> {
    yield* proc.write(2, `tcpdump: ${words}\n`);
    return 1;
  };
  if (link !== "any" && !links.some(({ name }) => name === link))
    return yield* fail(`${link}: No such device exists\n(No such device exists)`);
  if (proc.credentials.uid !== 0)
    return yield* fail(
      `${link}: You don't have permission to perform this capture on that device\n(socket: Operation not permitted)`,
    );
  const count = value("c");
  if (count !== undefined && !/^[1-9]\d*$/.test(count)) return yield* fail(`invalid packet count ${count}`);
  const { observers } = proc.machine.network;
  if (!observers) return yield* fail("to listen on this network is not simulated");
  const filter = packetFilter(operands, (name) => {
    const found = proc.machine.network.resolve(proc.machine, name);
    return "addresses" in found ? found.addresses[0] : undefined;
  });
  if (link === "any") yield* proc.write(2, "tcpdump: data link type LINUX_SLL2\n");
  const first = richer.some(has)
    ? "tcpdump: options that show more of a packet are not simulated\n"
    : "tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n";
  const type = link === "any" ? "LINUX_SLL2 (Linux cooked v2)" : "EN10MB (Ethernet)";
  yield* proc.write(2, `${first}listening on ${link}, link-type ${type}, snapshot length 262144 bytes\n`);
  const capture: Capture = { proc, link, filter, most: count === undefined ? undefined : Number(count), has };
  yield* listen(capture, observers);
  return 0;
}

function interfaces(names: readonly string[]): string {
  const sorted = [...names.filter((name) => name !== "lo"), "any", "lo"];
  const about = (name: string) =>
    name === "any"
      ? " (Pseudo-device that captures on all interfaces) [Up, Running]"
      : name === "lo"
        ? " [Up, Running, Loopback]"
        : " [Up, Running, Connected]";
  return sorted.map((name, i) => `${i + 1}.${name}${about(name)}\n`).join("");
}

interface Capture {
  readonly proc: Process;
  readonly link: string;
  readonly filter: (packet: Packet) => boolean;
  readonly most: number | undefined;
  readonly has: (key: string) => boolean;
}

/** Shows packets until there were enough, or somebody interrupts it. */
function* listen(capture: Capture, observers: Set<Observer>): Task {
  const { proc, link, filter, most } = capture;
  const { clock } = proc.machine.kernel;
  const queue: Packet[] = [];
  const came = new WaitQueue();
  const talks = new WeakMap<Attempt, Conversation>();
  const take = (packets: readonly Packet[]) => {
    queue.push(...packets.filter((one) => (link === "any" || one.link === link) && filter(one)));
    if (queue.length > 0) came.wake();
  };
  const observer: Observer = {
    attempted(attempt) {
      const talk = conversationOf(proc.machine, attempt);
      if (!talk) return;
      talks.set(attempt, talk);
      take(opening(talk, attempt, clock.now));
    },
    exchanged(attempt, said) {
      const talk = talks.get(attempt);
      if (talk) take(exchanged(talk, attempt, said, clock.now));
    },
  };
  let shown = 0;
  let stopped = false;
  proc.on("INT", () => {
    stopped = true;
  });
  observers.add(observer);
  try {
    while (!stopped && (most === undefined || shown < most)) {
      const packet = queue.shift();
      if (packet) {
        yield* proc.write(1, lineOf(capture, packet));
        shown++;
      } else yield* proc.wait({ on: [came] });
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    stopped = true;
  } finally {
    observers.delete(observer);
  }
  const captured = `${shown} packet${shown === 1 ? "" : "s"} captured\n`;
  yield* proc.write(
    2,
    `${stopped ? "\n" : ""}${captured}${shown + queue.length} packet${shown + queue.length === 1 ? "" : "s"} received by filter\n0 packets dropped by kernel\n`,
  );
}

function lineOf({ proc, link, has }: Capture, packet: Packet): string {
  const { source, target, sourcePort, targetPort, protocol, isOut } = packet;
  const numeric = has("n");
  const end = (address: string, port: number) => {
    const host = numeric ? address : (nameOf(proc, address) ?? address);
    if (protocol === "icmp") return host;
    const service = numeric || protocol === "sctp" ? undefined : serviceOf(port, protocol);
    return `${host}.${service ?? port}`;
  };
  const where = link === "any" ? `${packet.link.padEnd(5)} ${isOut ? "Out" : "In "} ` : "";
  const kind = source.includes(":") ? "IP6" : "IP";
  const text =
    has("q") && (protocol === "tcp" || protocol === "udp")
      ? `${protocol === "tcp" ? "tcp" : "UDP, length"} ${packet.length}`
      : packet.text;
  return `${stampOf(packet.at, has)}${where}${kind} ${end(source, sourcePort)} > ${end(target, targetPort)}: ${text}\n`;
}

/** 12:34:56.789012; nothing with -t. */
function stampOf(at: number, has: (key: string) => boolean): string {
  if (has("t")) return "";
  const time = civilTime(at);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(time.hour)}:${two(time.minute)}:${two(time.second)}.${String(at % 1_000_000).padStart(6, "0")} `;
}

/** tcpdump 4.99, as Debian 12 has it: the packets of connections that are opened while it runs. */
export const tcpdump: Program = { name: "tcpdump", folder: "/usr/bin", run };
