import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { compileOptions, OptionError, parseOptions } from "../../text/options.ts";
import { serviceOf } from "../services.ts";
import { layOut, socketColumns } from "../sockets/columns.ts";
import { FilterFault, socketFilter } from "../sockets/filter.ts";
import { type OpenSocket, openSockets } from "../sockets/open-sockets.ts";
import { USAGE } from "./usage.ts";

const declared = `+ h,help V,version n,numeric r,resolve a,all l,listening o,options e,extended m,memory p,processes T,threads i,info
  s,summary tos cgroup b,bpf E,events Z,context z,contexts N,net= 4,ipv4 6,ipv6 0,packet t,tcp M,mptcp S,sctp u,udp d,dccp
  w,raw x,unix tipc vsock xdp f,family= K,kill H,no-header O,oneline Q,no-queues A,query,socket= D,diag= F,filter=`;
/** Sockets of these are not listed. */
const others = ["0", "M", "S", "d", "w", "x", "tipc", "vsock", "xdp"];
const notSimulated = ["b", "E", "N", "K", "D", "F", "tipc", "vsock", "xdp", "0"];

interface Wanted {
  readonly tcp: boolean;
  readonly udp: boolean;
  readonly family: 4 | 6 | undefined;
  readonly numeric: boolean;
  readonly processes: boolean;
  readonly extended: boolean;
  readonly head: boolean;
  /** Which of the states of sockets that are listed here are wanted. */
  readonly states: ReadonlySet<"listening" | "unconnected">;
  readonly oneState: boolean;
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  let parsed: ReturnType<typeof parseOptions>;
  try {
    parsed = parseOptions(compileOptions(declared.replace(/\s+/g, " ").replace(/^\+ /, "")), argv);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    yield* proc.write(2, `ss: ${error.message}\n${USAGE}`);
    return 255;
  }
  const { given } = parsed;
  const has = (key: string) => given.some((one) => one.key === key);
  if (has("V")) {
    yield* proc.write(1, "ss utility, iproute2-6.1.0\n");
    return 0;
  }
  if (has("h")) {
    yield* proc.write(1, USAGE);
    return 0;
  }
  const strange = notSimulated.find(has);
  if (strange !== undefined) {
    yield* proc.write(2, `ss: -${strange.length > 1 ? "-" : ""}${strange} is not simulated\n`);
    return 1;
  }
  if (has("s")) {
    yield* proc.write(1, summary(openSockets(proc)));
    return 0;
  }
  try {
    return yield* list(proc, has, given, [...parsed.operands]);
  } catch (error) {
    if (!(error instanceof FilterFault)) throw error;
    yield* proc.write(2, `${error.message}\n`);
    return 1;
  }
}

function* list(
  proc: Process,
  has: (key: string) => boolean,
  given: readonly { readonly key: string; readonly value: string | undefined }[],
  words: string[],
): Task<number> {
  const asked = stateOf(words);
  const query = (given.findLast(({ key }) => key === "A")?.value ?? "").split(",");
  const family = given.findLast(({ key }) => key === "f")?.value;
  const any = !["t", "u", ...others].some(has) && query[0] === "";
  const states =
    has("a") || asked === "all" ? ["listening", "unconnected"] : has("l") ? ["listening", "unconnected"] : [];
  const named =
    asked === "listening" ? ["listening"] : asked === "closed" || asked === "unconnected" ? ["unconnected"] : undefined;
  const wanted: Wanted = {
    tcp: any || has("t") || ["tcp", "inet", "all"].some((one) => query.includes(one)),
    udp: any || has("u") || ["udp", "inet", "all"].some((one) => query.includes(one)),
    family: has("4") || family === "inet" ? 4 : has("6") || family === "inet6" ? 6 : undefined,
    numeric: has("n"),
    processes: has("p"),
    extended: has("e"),
    head: !has("H"),
    states: new Set((named ?? states) as ("listening" | "unconnected")[]),
    oneState: asked !== undefined && asked !== "all" && asked !== "connected",
  };
  const passes = socketFilter(words);
  const sockets = openSockets(proc).filter(
    (socket) =>
      wanted[socket.protocol] &&
      (wanted.family === undefined || socket.family === wanted.family) &&
      wanted.states.has(socket.protocol === "tcp" ? "listening" : "unconnected") &&
      passes(socket),
  );
  yield* proc.write(1, table(proc, sockets, wanted));
  if (!has("l") && named === undefined)
    yield* proc.write(2, "ss: connections that stand are not simulated: only sockets that listen are listed\n");
  return 0;
}

/** Takes `state NAME` off the words of a filter. */
function stateOf(words: string[]): string | undefined {
  if (words[0] !== "state") return undefined;
  const [, name = ""] = words.splice(0, 2);
  return name === "listen" ? "listening" : name;
}

function table(proc: Process, sockets: readonly OpenSocket[], wanted: Wanted): string {
  const shown = [wanted.tcp && wanted.udp, !wanted.oneState, true, true, true, true, true, true, true];
  const columns = socketColumns.filter((_, i) => shown[i]);
  const rows = sockets.map((socket) => rowOf(socket, wanted).filter((_, i) => shown[i]));
  const head = wanted.head ? [columns.map(({ header }) => header)] : [];
  const terminal = proc.fds.get(1)?.terminal;
  return layOut([...head, ...rows], columns, terminal?.columns);
}

function rowOf(socket: OpenSocket, { numeric, processes, extended }: Wanted): string[] {
  const { protocol, port, holder, backlog, uid } = socket;
  const named = numeric ? undefined : serviceOf(port, protocol);
  const users = holder && processes ? ` users:(("${holder.name}",pid=${holder.pid},fd=${holder.fd}))` : "";
  const more = extended ? `${uid ? ` uid:${uid}` : ""}${socket.dual ? " v6only:0" : ""}` : "";
  return [
    protocol,
    protocol === "tcp" ? "LISTEN" : "UNCONN",
    "0".padEnd(6),
    String(backlog).padEnd(6),
    `${addressText(socket)}:`,
    named ?? String(port),
    `${socket.dual ? "*" : socket.family === 6 ? "[::]" : "0.0.0.0"}:`,
    "*",
    users + more,
  ];
}

function addressText({ dual, family, address }: OpenSocket): string {
  return dual ? "*" : family === 6 ? `[${address}]` : address;
}

function summary(sockets: readonly OpenSocket[]): string {
  const count = (protocol: "tcp" | "udp", family?: 4 | 6) =>
    sockets.filter((one) => one.protocol === protocol && (!family || one.family === family)).length;
  const line = (name: string, all: number, four: number, six: number) =>
    `${name}\t  ${String(all).padEnd(9)} ${String(four).padEnd(9)} ${String(six).padEnd(9)}\n`;
  const [tcp, udp] = [count("tcp"), count("udp")];
  const inet = (family: 4 | 6) => count("tcp", family) + count("udp", family);
  return `Total: ${sockets.length}
TCP:   ${tcp} (estab 0, closed 0, orphaned 0, timewait 0)

Transport Total     IP        IPv6
${line("RAW", 0, 0, 0)}${line("UDP", udp, count("udp", 4), count("udp", 6))}${line("TCP", tcp, count("tcp", 4), count("tcp", 6))}${line("INET", tcp + udp, inet(4), inet(6))}${line("FRAG", 0, 0, 0)}
`;
}

/** ss of iproute2 6.1, as Debian 12 has it: sockets that listen. */
export const ss: Program = { name: "ss", folder: "/usr/bin", run };
