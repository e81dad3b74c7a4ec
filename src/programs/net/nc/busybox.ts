import type { Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { compileOptions, OptionError, parseOptions } from "../../text/options.ts";
import { connectTo, lookUp } from "../reach.ts";
import { converse, listenOn, servicePort } from "./converse.ts";

const declared = "n u v l k z p= s= w= i= o= e=";

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
export function* busyboxNc(proc: Process, argv: readonly string[]): Task<number> {
  let parsed: ReturnType<typeof parseOptions>;
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
  if (has("e")) return yield* fail("-e is not simulated");
  if (has("l")) {
    const port = servicePort(value("p") ?? "0") ?? 0;
    if (!listenOn(proc, port)) return yield* fail("bind: Address already in use");
    if (verbose > 0) yield* proc.write(2, `listening on [::]:${port} ...\n`);
    for (;;) yield* proc.wait({ on: [] });
  }
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
  return has("z") ? 0 : yield* converse(proc, listener, { address, seconds, hangUp: false });
}
