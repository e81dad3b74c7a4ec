import { linksOf } from "../../../cluster/network/links/links.ts";
import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { userById } from "../../../machine/users.ts";
import { compileOptions, OptionError, parseOptions } from "../../text/options.ts";
import { inodeOf, type OpenSocket, openSockets } from "../sockets/open-sockets.ts";
import { oldRoutes } from "./define.ts";
import { interfaceTable } from "./interface-table.ts";
import { BUSYBOX_USAGE, USAGE } from "./netstat-usage.ts";
import { routeTable } from "./route-table.ts";
import { anyText, endText, type Naming, programText } from "./socket-text.ts";

const declared = `r,route i,interfaces g,groups s,statistics M,masquerade v,verbose W,wide n,numeric numeric-hosts numeric-ports
  numeric-users N,symbolic e,extend p,programs,program o,timers c,continuous l,listening a,all F,fib C,cache Z,context t,tcp
  u,udp U,udplite S,sctp w,raw x,unix 4,inet 6,inet6 A,protocol= V,version h,help`;
const notSimulated = ["g", "s", "M", "c", "Z", "C"];

interface Wanted {
  readonly has: (key: string) => boolean;
  readonly naming: Naming;
  readonly isBusybox: boolean;
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  let parsed: ReturnType<typeof parseOptions>;
  try {
    parsed = parseOptions(compileOptions(declared.replace(/\s+/g, " ")), argv);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    yield* proc.write(2, `netstat: ${error.message}\n${USAGE}`);
    return 3;
  }
  const has = (key: string) => parsed.given.some((one) => one.key === key);
  if (has("V") || has("h")) {
    yield* proc.write(has("V") ? 1 : 2, has("V") ? "net-tools 2.10\n" : USAGE);
    return has("V") ? 0 : 3;
  }
  const strange = notSimulated.find(has);
  if (strange !== undefined) {
    yield* proc.write(2, `netstat: -${strange} is not simulated\n`);
    return 1;
  }
  if (has("i")) {
    const links = linksOf(proc.machine).filter(({ flags }) => has("a") || flags.includes("UP"));
    const sorted = [...links].sort((a, b) => (a.name < b.name ? -1 : 1));
    yield* proc.write(1, `Kernel Interface table\n${interfaceTable(sorted, "Iface             MTU ")}`);
    return 0;
  }
  return yield* common(proc, has, false);
}

function* common(proc: Process, has: (key: string) => boolean, isBusybox: boolean): Task<number> {
  const naming: Naming = {
    proc,
    numericHosts: has("n") || has("numeric-hosts"),
    numericPorts: has("n") || has("numeric-ports"),
  };
  if (has("r")) {
    if (has("6")) {
      yield* proc.write(2, "netstat: -r with -6 is not simulated; see ip -6 route\n");
      return 1;
    }
    yield* proc.write(1, routeTable(oldRoutes(proc), naming.numericHosts, true, isBusybox ? "*" : "0.0.0.0"));
    return 0;
  }
  const wanted: Wanted = { has, naming, isBusybox };
  const kinds = ["t", "u", "w", "x", "U", "S"].filter(has);
  if (kinds.length === 0 || kinds.some((kind) => kind !== "x")) yield* inet(proc, wanted, kinds);
  const isInet = has("4") || has("6");
  if ((kinds.length === 0 && !isInet) || kinds.includes("x")) yield* unix(proc, wanted);
  if (!has("l"))
    yield* proc.write(2, "netstat: connections that stand are not simulated: only sockets that listen are listed\n");
  return 0;
}

function scope(has: (key: string) => boolean): string {
  return has("a") ? "servers and established" : has("l") ? "only servers" : "w/o servers";
}

function* inet(proc: Process, { has, naming, isBusybox }: Wanted, kinds: readonly string[]): Task {
  const any = kinds.length === 0;
  const shown = openSockets(proc)
    .filter(
      ({ protocol, family }) =>
        (any || kinds.includes(protocol === "tcp" ? "t" : "u")) &&
        (has("4") === has("6") || family === (has("4") ? 4 : 6)) &&
        (has("l") || has("a")),
    )
    .sort((a, b) => (a.protocol === b.protocol ? a.family - b.family : a.protocol === "tcp" ? -1 : 1));
  if (!isBusybox && has("p") && proc.credentials.uid !== 0)
    yield* proc.write(
      2,
      "(Not all processes could be identified, non-owned process info\n will not be shown, you would have to be root to see it all.)\n",
    );
  const state = isBusybox ? "State       " : "State      ";
  const extended = has("e") && !isBusybox ? " User       Inode     " : "";
  const program = has("p") ? (isBusybox ? "PID/Program name" : " PID/Program name    ") : "";
  yield* proc.write(
    1,
    `Active Internet connections (${scope(has)})\nProto Recv-Q Send-Q Local Address           Foreign Address         ${state}${extended}${program}\n`,
  );
  for (const socket of shown) yield* proc.write(1, rowText(proc, socket, { has, naming, isBusybox }));
}

function rowText(proc: Process, socket: OpenSocket, { has, naming, isBusybox }: Wanted): string {
  const { protocol, family, uid } = socket;
  const name = `${protocol}${family === 6 && !isBusybox ? "6" : ""}`;
  const wide = has("W");
  const cut = (text: string) => (wide ? text : shortened(text)).padEnd(23);
  const state = protocol === "tcp" ? "LISTEN" : "";
  const start = `${name.padEnd(4)}  ${"0".padStart(6)} ${"0".padStart(6)} ${cut(endText(naming, socket))} ${cut(anyText(naming, socket))}`;
  if (isBusybox) return `${start} ${state.padEnd(12)}${has("p") ? programText(socket) : ""}\n`;
  const user = naming.numericHosts ? String(uid) : (userById(proc.machine.files, uid)?.name ?? String(uid));
  const extended = has("e") ? ` ${user.padEnd(10)} ${String(inodeOf(socket)).padEnd(10)}` : "";
  const program = has("p") ? ` ${programText(socket).padEnd(20)}` : "";
  return `${start} ${state.padEnd(11)}${extended}${program}\n`;
}

/** An address and port in 23 letters: the address gives way. */
function shortened(text: string): string {
  if (text.length <= 23) return text;
  const colon = text.lastIndexOf(":");
  const port = text.slice(colon);
  return text.slice(0, 23 - port.length) + port;
}

function* unix(proc: Process, { has, isBusybox }: Wanted): Task {
  yield* proc.write(
    1,
    `Active UNIX domain sockets (${scope(has)})\nProto RefCnt Flags       Type       State         I-Node${isBusybox ? "" : "  "} Path\n`,
  );
  yield* proc.write(2, "netstat: UNIX domain sockets are not simulated here\n");
}

function* busybox(proc: Process, argv: readonly string[]): Task<number> {
  try {
    const { given } = parseOptions(compileOptions("l a e n t u w x r W p"), argv);
    return yield* common(proc, (key) => given.some((one) => one.key === key), true);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    yield* proc.write(2, `netstat: ${error.message}\n${BUSYBOX_USAGE}`);
    return 1;
  }
}

/** netstat of net-tools 2.10: sockets that listen, routes, interfaces; in images of busybox, busybox' own. */
export const netstat: Program = { name: "netstat", folder: "/usr/bin", run, busybox };
