import type { Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { compileOptions, OptionError, parseOptions } from "../../text/options.ts";
import { converse } from "../converse.ts";
import { connectTo, lookUp, ownAddress } from "../reach.ts";
import { listen, servicePort } from "./listen.ts";

const declared = "n u v l k z p= s= w= i= o=";

const usage = `BusyBox v1.37.0 multi-call binary.

Usage: nc [OPTIONS] HOST PORT  - connect
nc [OPTIONS] -l -p PORT [HOST] [PORT]  - listen

	-e PROG	Run PROG after connect (must be last)
	-l	Listen mode, for inbound connects
	-lk	With -e, provides persistent server
	-p PORT	Local port
	-s ADDR	Local address
	-w SEC	Timeout for connects and final net reads
	-i SEC	Delay interval for lines sent
	-n	Don't do DNS resolution
	-u	UDP mode
	-b	Allow broadcasts
	-v	Verbose
	-o FILE	Hex dump traffic
	-z	Zero-I/O mode (scanning)
`;

/** nc as busybox has it with NC_110_COMPAT (networking/nc_bloaty.c). A single -v does not tell of refused connections. */
export function* busyboxNc(proc: Process, line: readonly string[]): Task<number> {
  let parsed: ReturnType<typeof parseOptions>;
  const { argv, program } = apart(line);
  try {
    parsed = parseOptions(compileOptions(declared), argv);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    yield* proc.write(2, `nc: ${error.message}\n${usage}`);
    return 1;
  }
  const { given, operands } = parsed;
  const verbose = given.filter(({ key }) => key === "v").length;
  const value = (key: string) => given.findLast((one) => one.key === key)?.value;
  const has = (key: string) => given.some((one) => one.key === key);
  const fail = function* (words: string): Task<number> {
    yield* proc.write(2, `nc: ${words}\n`);
    return 1;
  };
  if (has("l")) return yield* serve(proc, { port: value("p") ?? "0", address: value("s"), verbose, has, program });
  if (program) return yield* fail("-e without -l is not simulated");
  const [host, word = "0"] = operands;
  if (host === undefined) {
    yield* proc.write(2, usage);
    return 1;
  }
  const port = servicePort(word);
  if (port === undefined) return yield* fail(`bad port '${word}'`);
  const seconds = value("w") === undefined ? undefined : Number(value("w"));
  const address = yield* lookUp(proc, host, seconds);
  if (typeof address !== "string") return yield* fail(`bad address '${host}'`);
  const named = `${host} (${address}:${port})`;
  const listener = yield* connectTo(proc, address, port, seconds);
  if ("failed" in listener) {
    if (verbose > 1 || (verbose === 1 && listener.failed !== "ECONNREFUSED"))
      yield* fail(`${named}: ${listener.words}`);
    if (verbose > 1) yield* proc.write(2, "sent 0, rcvd 0\n");
    return 1;
  }
  if (verbose > 0) yield* proc.write(2, `${named} open\n`);
  if (!has("z")) yield* converse(proc, listener, { address, seconds, hangUp: true });
  return 0;
}

/** -e PROG comes last: what follows are the program's own words. */
function apart(line: readonly string[]): { readonly argv: readonly string[]; readonly program?: readonly string[] } {
  const at = line.findIndex((word) => /^-[a-z]*e$/.test(word));
  if (at < 0) return { argv: line };
  const before = (line[at] ?? "").slice(0, -1);
  return { argv: [...line.slice(0, at), ...(before === "-" ? [] : [before])], program: line.slice(at + 1) };
}

interface Serving {
  readonly port: string;
  readonly address: string | undefined;
  readonly verbose: number;
  readonly has: (key: string) => boolean;
  readonly program: readonly string[] | undefined;
}

function* serve(proc: Process, { port: word, address, verbose, has, program }: Serving): Task<number> {
  const port = servicePort(word) ?? 0;
  if (verbose > 0) yield* proc.write(2, `listening on ${address ?? "[::]"}:${port} ...\n`);
  const problem = yield* listen(proc, {
    port,
    address: address ?? "0.0.0.0",
    protocol: has("u") ? "UDP" : "TCP",
    keep: has("k"),
    hangUp: true,
    ...(program ? { program } : {}),
    *connected(from) {
      const own = `[::ffff:${ownAddress(proc, from)}]:${port}`;
      if (verbose > 0) yield* proc.write(2, `connect to ${own} from ${from} ([::ffff:${from}]:40000)\n`);
    },
  });
  if (problem === undefined) return 0;
  yield* proc.write(2, `nc: bind: ${problem}\n`);
  return 1;
}
