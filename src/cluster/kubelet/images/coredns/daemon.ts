import { SECOND } from "../../../../base/clock.ts";
import { Random } from "../../../../base/random.ts";
import { Errno } from "../../../../machine/define.ts";
import { root } from "../../../../machine/define-files.ts";
import type { Process } from "../../../../machine/process.ts";
import { Connection } from "../../../connection.ts";
import type { CorefileSource } from "../../../network/dns/corefile/parse-corefile.ts";
import { createCounters } from "../../../network/dns/counters.ts";
import type { DnsHost, Shared } from "../../../network/dns/define.ts";
import type { Instance } from "../../../network/dns/instance.ts";
import { WatchedCluster } from "./cluster-source.ts";
import { buildOf } from "./releases.ts";

/** What a process of CoreDNS has beside its configuration, which may change while it runs. */
export interface Daemon {
  readonly proc: Process;
  readonly path: string;
  readonly host: DnsHost;
  readonly source: CorefileSource;
  readonly shared: Shared;
  readonly version: string;
  connection: Connection | undefined;
  cluster: WatchedCluster | undefined;
  running: Instance | undefined;
  /** The listeners that it holds open. */
  readonly held: Map<string, { answer: Instance["servers"][number]["answer"] }>;
}

/** A process of CoreDNS before it has read its Corefile. */
export function daemonOf(proc: Process, argv: readonly string[]): Daemon {
  const { machine } = proc;
  const { clock } = machine.kernel;
  const image = String(machine.parts.get("image") ?? "");
  const version = /:v?([^:]+)$/.exec(image)?.[1] ?? "1.13.1";
  const read = (path: string) => {
    try {
      return machine.files.read(path, root);
    } catch (error) {
      if (error instanceof Errno) return undefined;
      throw error;
    }
  };
  const say = (line: string, after = 0) => {
    const write = () => {
      if (proc.state !== "ended") proc.fds.get(1)?.write?.(`${line}\n`);
    };
    if (after > 0) clock.at(clock.now + Math.round(after * SECOND), write);
    else write();
  };
  const daemon: Daemon = {
    proc,
    path: argv.includes("-conf") ? (argv[argv.indexOf("-conf") + 1] ?? "Corefile") : "Corefile",
    host: {
      clock,
      random: new Random(`coredns ${machine.net.addresses[0] ?? ""} ${clock.now}`),
      env: proc.env,
      addresses: machine.net.addresses,
      say,
      read,
      isFolder: (path) => machine.files.find(path, root)?.kind === "directory",
      dial: (address, port, protocol) => machine.network.dial(machine, address, port, protocol),
      cluster: () => clusterOf(daemon),
    },
    source: { read, glob: (pattern) => globbed(proc, pattern), env: proc.env, warn: say },
    shared: freshShared(version),
    version,
    connection: undefined,
    cluster: undefined,
    running: undefined,
    held: new Map(),
  };
  return daemon;
}

/** What a new configuration begins with. */
export function freshShared(version: string): Shared {
  return {
    readiness: new Map(),
    metrics: createCounters(buildOf(version)),
    lameduck: 0,
    reload: undefined,
    binds: [],
    root: "",
  };
}

/** The files that a pattern with one * names. */
function globbed({ machine }: Process, pattern: string): string[] {
  const folder = pattern.slice(0, pattern.lastIndexOf("/")) || "/";
  const [before = "", after = ""] = pattern.slice(folder.length + 1).split("*");
  if (machine.files.find(folder, root)?.kind !== "directory") return [];
  return machine.files
    .list(folder, root)
    .filter((name) => name.startsWith(before) && name.endsWith(after))
    .sort()
    .map((name) => `${folder}/${name}`);
}

/** The cluster that the pod is in; a container with no service account has none. */
function clusterOf(daemon: Daemon): WatchedCluster | undefined {
  const { proc } = daemon;
  if (!proc.env.has("KUBERNETES_SERVICE_HOST")) return undefined;
  daemon.connection ??= new Connection({ machine: proc.machine, agent: "coredns" });
  daemon.cluster ??= new WatchedCluster(daemon.connection, proc.machine);
  return daemon.cluster;
}
