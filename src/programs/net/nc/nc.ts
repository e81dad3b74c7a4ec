import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { compileOptions, OptionError, parseOptions } from "../../text/options.ts";
import { converse } from "../converse.ts";
import { nameByAddress } from "../names.ts";
import { connectTo, lookUp } from "../reach.ts";
import { serviceOf } from "../services.ts";
import { busyboxNc } from "./busybox.ts";
import { listen, servicePort } from "./listen.ts";

const declared = "4 6 b C D d F h k l N n r S t U u v Z z I= i= M= m= O= P= p= q= s= T= V= W= w= X= x=";

const usage = `usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]
	  [-m minttl] [-O length] [-P proxy_username] [-p source_port]
	  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]
	  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]
	  [destination] [port]
`;

const notSimulated = new Set(["U", "x", "X"]);

function* run(proc: Process, argv: readonly string[]): Task<number> {
  let parsed: ReturnType<typeof parseOptions>;
  try {
    parsed = parseOptions(compileOptions(declared), argv);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    yield* proc.write(2, `nc: ${error.message}\n${usage}`);
    return 1;
  }
  const { given, operands } = parsed;
  const has = (key: string) => given.some((one) => one.key === key);
  const value = (key: string) => given.findLast((one) => one.key === key)?.value;
  const strange = given.find(({ key }) => notSimulated.has(key));
  if (strange) {
    yield* proc.write(2, `nc: -${strange.key} is not simulated\n`);
    return 1;
  }
  if (has("h")) {
    yield* proc.write(2, `OpenBSD netcat (Debian patchlevel 1.219-1)\n${usage}`);
    return 0;
  }
  if (has("l")) return yield* serve(proc, value("p") ?? operands.at(-1), operands, has);
  const [host, ports] = operands;
  if (host === undefined) {
    yield* proc.write(2, usage);
    return 1;
  }
  if (ports === undefined) return yield* die(proc, "missing port number");
  return yield* visit(proc, host, ports, {
    verbose: has("v"),
    scan: has("z"),
    numeric: has("n"),
    udp: has("u"),
    seconds: value("w") === undefined ? undefined : Number(value("w")),
    hangUp: has("N") || value("q") !== undefined,
  });
}

function* die(proc: Process, words: string): Task<number> {
  yield* proc.write(2, `nc: ${words}\n`);
  return 1;
}

function* serve(
  proc: Process,
  port: string | undefined,
  operands: readonly string[],
  has: (key: string) => boolean,
): Task<number> {
  const number = port === undefined ? undefined : servicePort(port);
  if (number === undefined)
    return yield* die(proc, port === undefined ? "missing port number" : `port number invalid: ${port}`);
  if (number > 65535) return yield* die(proc, `port number too large: ${port}`);
  const address = operands.length > 1 ? (operands[0] ?? "") : "0.0.0.0";
  const tell = has("v") ? (text: string) => proc.write(2, text) : undefined;
  if (tell) yield* tell(`Listening on ${address} ${number}\n`);
  const problem = yield* listen(proc, {
    port: number,
    address,
    protocol: has("u") ? "UDP" : "TCP",
    keep: has("k"),
    hangUp: has("N"),
    *connected(from) {
      if (!tell) return;
      const name = has("n") ? undefined : yield* nameByAddress(proc, from);
      yield* tell(`Connection received on ${name ?? from} 40000\n`);
    },
  });
  return problem === undefined ? 0 : yield* die(proc, problem);
}

interface Visit {
  readonly verbose: boolean;
  readonly scan: boolean;
  readonly numeric: boolean;
  readonly udp: boolean;
  readonly seconds: number | undefined;
  readonly hangUp: boolean;
}

function* visit(proc: Process, host: string, ports: string, visit: Visit): Task<number> {
  const range = /^(\d+)-(\d+)$/.exec(ports);
  const first = range ? Number(range[1]) : servicePort(ports);
  if (first === undefined) return yield* die(proc, `port number invalid: ${ports}`);
  const last = range ? Number(range[2]) : first;
  for (const port of [first, last]) if (port > 65535) return yield* die(proc, `port number too large: ${port}`);
  const isName = !/^[\d.]+$/.test(host) && !host.includes(":");
  const address = isName && visit.numeric ? undefined : yield* lookUp(proc, host, visit.seconds);
  if (typeof address !== "string") {
    const why = address?.failed ?? "Name or service not known";
    return yield* die(proc, `getaddrinfo for host "${host}" port ${first}: ${why}`);
  }
  const named = isName ? `${host} (${address})` : host;
  let status = 1;
  for (let port = Math.min(first, last); port <= Math.max(first, last); port++) {
    const service = (protocol: "tcp" | "udp") => (visit.numeric ? "*" : (serviceOf(port, protocol) ?? "*"));
    if (visit.udp) {
      const dialled = proc.machine.network.dial(proc.machine, address, port, "UDP");
      // What nobody answers, not even with an error, counts as open.
      if ("failed" in dialled && dialled.failed !== "timeout") continue;
      if (visit.verbose)
        yield* proc.write(2, `Connection to ${named} ${port} port [udp/${service("udp")}] succeeded!\n`);
      status = 0;
      if (!visit.scan && "listener" in dialled)
        yield* converse(proc, dialled.listener, { address, seconds: visit.seconds, hangUp: false });
      continue;
    }
    const listener = yield* connectTo(proc, address, port, visit.seconds);
    if ("failed" in listener) {
      const how = listener.late ? "timed out: Operation now in progress" : `failed: ${listener.words}`;
      if (visit.verbose) yield* proc.write(2, `nc: connect to ${named} port ${port} (tcp) ${how}\n`);
      continue;
    }
    if (visit.verbose) yield* proc.write(2, `Connection to ${named} ${port} port [tcp/${service("tcp")}] succeeded!\n`);
    status = 0;
    if (visit.scan) continue;
    yield* converse(proc, listener, { address, seconds: visit.seconds, hangUp: visit.hangUp });
    return 0;
  }
  return status;
}

/** Netcat as Debian 12 has it (netcat-openbsd 1.219); in images of busybox, busybox' own. */
export const nc: Program = { name: "nc", also: ["netcat"], run, busybox: busyboxNc };
