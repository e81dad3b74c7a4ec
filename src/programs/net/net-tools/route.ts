import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { compileOptions, OptionError, parseOptions } from "../../text/options.ts";
import { oldRoutes } from "./define.ts";
import { routeTable } from "./route-table.ts";
import { BUSYBOX_ROUTE_USAGE } from "./usage.ts";

const USAGE = `Usage: route [-nNvee] [-FC] [<AF>]           List kernel routing tables
       route [-v] [-FC] {add|del|flush} ...  Modify routing table for AF.

       route {-h|--help} [<AF>]              Detailed usage syntax for specified AF.
       route {-V|--version}                  Display version/author and exit.

        -v, --verbose            be verbose
        -n, --numeric            don't resolve names
        -e, --extend             display other/more information
        -F, --fib                display Forwarding Information Base (default)
        -C, --cache              display routing cache instead of FIB
`;
function* run(proc: Process, argv: readonly string[]): Task<number> {
  let parsed: ReturnType<typeof parseOptions>;
  try {
    parsed = parseOptions(compileOptions("n,numeric e,extend v,verbose F,fib C,cache 4 6 N A= V,version h,help"), argv);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    yield* proc.write(2, `route: ${error.message}\n`);
    yield* proc.write(1, USAGE);
    return 0;
  }
  const has = (key: string) => parsed.given.some((one) => one.key === key);
  if (has("V")) {
    yield* proc.write(1, "net-tools 2.10\n");
    return 0;
  }
  if (has("h")) {
    yield* proc.write(1, USAGE);
    return 4;
  }
  if (parsed.operands.length > 0) return yield* refused(proc);
  if (has("6") || parsed.given.some(({ value }) => value === "inet6")) {
    yield* proc.write(2, "route: -6 is not simulated; see ip -6 route\n");
    return 1;
  }
  yield* proc.write(1, routeTable(oldRoutes(proc), has("n"), has("e"), "0.0.0.0"));
  return 0;
}

function* refused(proc: Process): Task<number> {
  const isRoot = proc.credentials.uid === 0;
  yield* proc.write(2, isRoot ? "route: to change routes is not simulated\n" : "SIOCADDRT: Operation not permitted\n");
  return isRoot ? 1 : 7;
}

function* busybox(proc: Process, argv: readonly string[]): Task<number> {
  try {
    const { given, operands } = parseOptions(compileOptions("n e A="), argv);
    if (operands.length > 0) {
      yield* proc.write(2, "route: to change routes is not simulated\n");
      return 1;
    }
    const has = (key: string) => given.some((one) => one.key === key);
    yield* proc.write(1, routeTable(oldRoutes(proc), has("n"), has("e"), "*"));
    return 0;
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    yield* proc.write(2, `route: ${error.message}\n${BUSYBOX_ROUTE_USAGE}`);
    return 1;
  }
}

/** route of net-tools 2.10; in images of busybox, busybox' own. */
export const route: Program = { name: "route", folder: "/usr/sbin", run, busybox };
