import type { Listener } from "../../../machine/define-network.ts";
import type { Process } from "../../../machine/process.ts";
import { processTable } from "../../../machine/signalling.ts";

/** A socket that waits for connections or datagrams, as ss and netstat list it. */
export interface OpenSocket {
  readonly protocol: "tcp" | "udp";
  readonly family: 4 | 6;
  readonly address: string;
  readonly port: number;
  /** Of IPv6, for IPv4 as well: ss writes its address as *. */
  readonly dual: boolean;
  /** How many connections may wait; 0 of UDP. */
  readonly backlog: number;
  /** Whose it is; undefined where the reader may not know. */
  readonly holder: SocketHolder | undefined;
  readonly uid: number;
}

interface SocketHolder {
  readonly proc: Process;
  readonly pid: number;
  /** The program's name as the kernel keeps it. */
  readonly name: string;
  readonly fd: number;
}

/** Servers that open one socket for IPv4 and one for IPv6; and those that only know IPv4. All others open one for both. */
const both = new Set(["sshd", "nginx", "redis-server", "postgres", "memcached", "rpcbind", "haproxy"]);
const old = new Set(["nc", "netcat", "python", "python3", "mongod", "ruby"]);
/** The backlogs that servers ask for; Go's is the system's limit. */
const backlogs: Readonly<Record<string, number>> = {
  sshd: 128,
  nginx: 511,
  "redis-server": 511,
  httpd: 511,
  apache2: 511,
  mysqld: 151,
  mariadbd: 80,
  postgres: 200,
  memcached: 1024,
  nc: 1,
  netcat: 1,
  python3: 5,
  python: 5,
};
const MOST = 4096;

/** All sockets that listen in the network of a process' host or container. */
export function openSockets(viewer: Process): readonly OpenSocket[] {
  const { net } = viewer.machine;
  const pids = new Map([...processTable(viewer)].map(([pid, proc]) => [proc, pid]));
  const counted = new Map<Process, number>();
  const found = net.listeners.flatMap((listener): OpenSocket[] => {
    const before = counted.get(listener.proc) ?? 2;
    const sockets = socketsOf(listener, (nth) =>
      holderOf(viewer, listener.proc, pids.get(listener.proc), before + 1 + nth),
    );
    counted.set(listener.proc, before + sockets.length);
    return sockets;
  });
  return found.sort((a, b) => (a.protocol === b.protocol ? a.family - b.family : a.protocol === "udp" ? -1 : 1));
}

function holderOf(viewer: Process, proc: Process, pid: number | undefined, fd: number): SocketHolder | undefined {
  const { uid } = viewer.credentials;
  if (pid === undefined || (uid !== 0 && uid !== proc.credentials.uid)) return undefined;
  return { proc, pid, name: nameOf(proc), fd };
}

/** The file that runs, cut to fifteen letters as the kernel does. */
function nameOf(proc: Process): string {
  return commandOf(proc).slice(0, 15);
}

export function commandOf({ argv }: Process): string {
  return (argv[0] ?? "").replace(/^-/, "").replace(/^.*\//, "").replace(/:.*/s, "");
}

/** The sockets that a server has for a port: one, or one for each family. */
function socketsOf(listener: Listener, holderOfNth: (nth: number) => SocketHolder | undefined): OpenSocket[] {
  const { port, proc } = listener;
  if (listener.protocol === "SCTP") return [];
  const protocol = listener.protocol === "UDP" ? "udp" : "tcp";
  const command = commandOf(proc);
  const backlog = protocol === "udp" ? 0 : (backlogs[command] ?? MOST);
  const common = { protocol, port, backlog, holder: holderOfNth(0), uid: proc.credentials.uid } as const;
  const isAny = listener.address === "0.0.0.0" || listener.address === "::";
  if (!isAny)
    return [{ ...common, family: listener.address.includes(":") ? 6 : 4, address: listener.address, dual: false }];
  const four = { ...common, family: 4, address: "0.0.0.0", dual: false } as const;
  if (old.has(command)) return [four];
  if (both.has(command)) return [four, { ...common, holder: holderOfNth(1), family: 6, address: "::", dual: false }];
  return [{ ...common, family: 6, address: "::", dual: true }];
}

/** A number for a socket, as the kernel would have given it one. */
export function inodeOf({ holder, port }: OpenSocket): number {
  return 20_000 + (((holder?.pid ?? 0) * 7 + port) % 40_000);
}
