import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { userById } from "../../../machine/users.ts";
import { compileOptions, OptionError, parseOptions } from "../../text/options.ts";
import { nameOf } from "../names.ts";
import { portNamed, serviceOf } from "../services.ts";
import { inodeOf, type OpenSocket, openSockets } from "../sockets/open-sockets.ts";

const USAGE = `lsof 4.95.0
 latest revision: https://github.com/lsof-org/lsof
 latest FAQ: https://github.com/lsof-org/lsof/blob/master/00FAQ
 latest (non-formatted) man page: https://github.com/lsof-org/lsof/blob/master/Lsof.8
 usage: [-?abhKlnNoOPRtUvVX] [+|-c c] [+|-d s] [+D D] [+|-E] [+|-e s] [+|-f[gG]]
 [-F [f]] [-g [s]] [-i [i]] [+|-L [l]] [+m [m]] [+|-M] [-o [o]] [-p s]
 [+|-r [t]] [-s [p:s]] [-S [t]] [-T [t]] [-u s] [+|-w] [-x [fl]] [--] [names]
Use the \`\`-h'' option to get more help information.
`;

/** What -i asks for: [46][protocol][@host][:ports]. */
interface Selection {
  readonly family: 4 | 6 | undefined;
  readonly protocol: string | undefined;
  readonly host: string | undefined;
  readonly ports: readonly (readonly [first: number, last: number])[];
}

class LsofFault extends Error {}

function selectionOf(proc: Process, text: string): Selection {
  const found = /^([46])?(tcp|udp)?(?:@([^:]*|\[[^\]]*\]))?(?::(.+))?$/i.exec(text);
  if (!found) throw new LsofFault(`lsof: unacceptable Internet address in: -i ${text}`);
  const ports = (found[4] ?? "").split(",").filter((one) => one !== "");
  const host = found[3]?.replace(/[[\]]/g, "");
  if (
    host !== undefined &&
    !/^[\d.:a-f]+$/.test(host) &&
    !("addresses" in proc.machine.network.resolve(proc.machine, host))
  )
    throw new LsofFault(`lsof: unknown host name (${host}) in: -i ${text}`);
  return {
    family: found[1] === "4" ? 4 : found[1] === "6" ? 6 : undefined,
    protocol: found[2]?.toLowerCase(),
    host,
    ports: ports.map((one) => {
      const [first = "", last = first] = /^\d+-\d+$/.test(one) ? one.split("-") : [one];
      const number = (word: string) => (/^\d+$/.test(word) ? Number(word) : portNamed(word));
      const [from, to] = [number(first), number(last)];
      if (from === undefined || to === undefined)
        throw new LsofFault(`lsof: unknown service ${one} for TCP in: -i ${text}`);
      return [from, to];
    }),
  };
}

/** -i takes its value only where that is in the same word, or is none of an option. */
function readable(argv: readonly string[]): string[] {
  const out: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? "";
    const next = argv[i + 1];
    if (/^-[a-zA-Z]*i$/.test(word) && next !== undefined && !next.startsWith("-")) {
      out.push(`${word}${next}`);
      i++;
    } else out.push(word);
  }
  return out;
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  let parsed: ReturnType<typeof parseOptions>;
  try {
    parsed = parseOptions(compileOptions("n P t a l i? s? p= u= c= w O b h v"), readable(argv));
    return yield* list(proc, parsed);
  } catch (error) {
    if (!(error instanceof OptionError) && !(error instanceof LsofFault)) throw error;
    const words =
      error instanceof OptionError
        ? `lsof: illegal option character: ${/'(.)'/.exec(error.message)?.[1] ?? ""}`
        : error.message;
    yield* proc.write(2, `${words}\n${USAGE}`);
    return 1;
  }
}

function* list(proc: Process, { given, operands }: ReturnType<typeof parseOptions>): Task<number> {
  const has = (key: string) => given.some((one) => one.key === key);
  if (has("v") || has("h")) {
    yield* proc.write(2, has("v") ? "lsof version information:\n    revision: 4.95.0\n" : USAGE);
    return 0;
  }
  if (!has("i") || operands.length > 0 || has("c") || has("u")) {
    yield* proc.write(2, "lsof: only sockets of the network are simulated: lsof -i\n");
    return 1;
  }
  const asked = given.filter(({ key }) => key === "i").map(({ value = "" }) => selectionOf(proc, value));
  const state = given.findLast(({ key }) => key === "s")?.value;
  const pids = given.findLast(({ key }) => key === "p")?.value?.split(",");
  const shown = openSockets(proc).filter(
    (socket) =>
      socket.holder &&
      (pids === undefined || !has("a") || pids.includes(String(socket.holder.pid))) &&
      asked.some((one) => fits(proc, socket, one)) &&
      (state === undefined || socket.protocol !== "tcp" || /^TCP:.*LISTEN/i.test(state)),
  );
  if (shown.length === 0) return 1;
  shown.sort((a, b) => (a.holder?.pid ?? 0) - (b.holder?.pid ?? 0) || (a.holder?.fd ?? 0) - (b.holder?.fd ?? 0));
  if (has("t")) {
    const numbers = new Set(shown.map(({ holder }) => holder?.pid));
    yield* proc.write(1, [...numbers].map((pid) => `${pid}\n`).join(""));
    return 0;
  }
  yield* proc.write(1, table(proc, shown, has("n"), has("P")));
  return 0;
}

function fits(proc: Process, socket: OpenSocket, { family, protocol, host, ports }: Selection): boolean {
  const names = host === undefined ? [] : [host, ...resolved(proc, host)];
  return (
    (family === undefined || family === socket.family) &&
    (protocol === undefined || protocol === socket.protocol) &&
    (host === undefined || names.includes(socket.address)) &&
    (ports.length === 0 || ports.some(([first, last]) => socket.port >= first && socket.port <= last))
  );
}

function resolved({ machine }: Process, host: string): readonly string[] {
  const found = machine.network.resolve(machine, host);
  return "addresses" in found ? found.addresses : [];
}

function table(proc: Process, sockets: readonly OpenSocket[], numericHosts: boolean, numericPorts: boolean): string {
  const head = ["COMMAND", "PID", "USER", "FD", "TYPE", "DEVICE", "SIZE/OFF", "NODE", "NAME"];
  const rows = sockets.map((socket) => {
    const { protocol, port, address, family, holder, uid } = socket;
    const isAny = address === "0.0.0.0" || address === "::";
    const host = isAny ? "*" : numericHosts ? address : (nameOf(proc, address) ?? address);
    const where = `${family === 6 && host.includes(":") ? `[${host}]` : host}:${(numericPorts ? undefined : serviceOf(port, protocol)) ?? port}`;
    return [
      (holder?.name ?? "").slice(0, 9),
      String(holder?.pid),
      userById(proc.machine.files, uid)?.name ?? String(uid),
      String(holder?.fd),
      `IPv${family}`,
      String(inodeOf(socket)),
      "0t0",
      protocol.toUpperCase(),
      `${where} ${protocol === "tcp" ? "(LISTEN)" : ""}`,
    ];
  });
  const width = (i: number) => Math.max(...[head, ...rows].map((row) => (row[i] ?? "").length));
  return [head, ...rows]
    .map((row, r) => {
      const right = (i: number, least = 0) => (row[i] ?? "").padStart(Math.max(width(i), least));
      const fd = `${right(3, 4)}${r === 0 ? "  " : "u "}`;
      return `${(row[0] ?? "").padEnd(width(0))} ${right(1)} ${right(2)} ${fd} ${right(4)} ${right(5)} ${right(6)} ${right(7)} ${row[8]}\n`;
    })
    .join("");
}

/** lsof 4.95, as Debian 12 has it, for sockets of the network (-i). */
export const lsof: Program = { name: "lsof", run };
