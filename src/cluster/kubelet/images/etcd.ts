import type { Program, Task } from "../../../machine/define.ts";
import type { Listener } from "../../../machine/define-network.ts";
import type { Process } from "../../../machine/process.ts";
import { endsOnTerm } from "../../daemon/ends-on-term.ts";
import { type Flags, parseFlags } from "../../daemon/flags.ts";
import { listenHttp } from "../../daemon/listen-http.ts";
import { keyPairProblem, pkiAt, servingTls } from "../../daemon/serving-tls.ts";
import { etcdData } from "../../etcd/etcd-data.ts";
import { etcdPages } from "../../etcd/etcd-health.ts";
import { zapLog } from "../../etcd/zap.ts";
import { clientProblem, pemIn } from "../../trust.ts";
import type { Image } from "./define.ts";

/** etcd 3.6's flags that kubeadm or an administrator sets. */
const known = new Set(
  `advertise-client-urls auto-compaction-mode auto-compaction-retention cert-file client-cert-auth data-dir
  election-timeout enable-pprof feature-gates force-new-cluster heartbeat-interval initial-advertise-peer-urls
  initial-cluster initial-cluster-state initial-cluster-token key-file listen-client-urls listen-metrics-urls
  listen-peer-urls log-level log-outputs logger max-request-bytes metrics name peer-cert-file peer-client-cert-auth
  peer-key-file peer-trusted-ca-file quota-backend-bytes snapshot-count trusted-ca-file wal-dir
  watch-progress-notify-interval`.split(/\s+/),
);

const urls = (text: string | undefined, usual = "") => (text ?? usual).split(",").filter(Boolean);

function fatal(proc: Process, error: string): number {
  zapLog(proc, "fatal", "etcdmain/etcd.go:183", "discovery failed", { error });
  return 1;
}

/** What is wrong with the certificates of the client ("") or peer ("peer-") side. */
function tlsProblem(proc: Process, flags: Flags, side: "" | "peer-"): string | undefined {
  const authority = flags[`${side}trusted-ca-file`];
  if (authority !== undefined && !pemIn(proc.machine.files, authority))
    return `open ${authority}: no such file or directory`;
  return keyPairProblem(proc, flags[`${side}cert-file`], flags[`${side}key-file`]);
}

/** What a fresh member says of an --initial-cluster that it has no place in (server/config, 3.6). */
function clusterProblem(flags: Flags, fresh: boolean): string | undefined {
  const { name = "default" } = flags;
  if (!fresh || flags["initial-cluster"] === undefined) return undefined;
  const peers = flags["initial-cluster"].split(",").map((peer) => peer.split("=", 2));
  const own = peers.filter(([peer]) => peer === name).map(([, url]) => url);
  if (own.length === 0) return `couldn't find local name "${name}" in the initial cluster configuration`;
  const advertised = urls(flags["initial-advertise-peer-urls"], "http://localhost:2380");
  const missing = own.find((url) => url && !advertised.includes(url));
  if (missing === undefined) return undefined;
  return `--initial-cluster has ${name}=${missing} but missing from --initial-advertise-peer-urls=${advertised.join(",")}`;
}

/** The TLS side of an address: its certificate, and the clients it refuses (--client-cert-auth). */
function tlsOf(proc: Process, flags: Flags, side: "" | "peer-"): NonNullable<Listener["tls"]> {
  const { files, kernel } = proc.machine;
  const authority = pemIn(files, flags[`${side}trusted-ca-file`]);
  const must = authority !== undefined && flags[`${side}client-cert-auth`] === "true";
  return {
    ...servingTls(proc, flags[`${side}cert-file`], () => "", "etcd/ca"),
    refuses(shown) {
      if (!must) return undefined;
      const endpoint = side === "" ? "client" : "peer";
      const problem = shown && clientProblem({ pki: pkiAt(proc), now: kernel.clock.now }, shown, authority);
      if (shown && !problem) return undefined;
      const error = problem
        ? `tls: failed to verify certificate: ${problem}`
        : "tls: client didn't provide a certificate";
      zapLog(proc, "warn", "embed/config_logging.go:194", `rejected connection on ${endpoint} endpoint`, {
        "remote-addr": "127.0.0.1:41512",
        "server-name": "",
        error,
      });
      return problem ? alertFor(problem) : "certificate required";
    },
  };
}

/** The alert that Go's TLS server sends for it (crypto/tls, Go 1.24). */
function alertFor(problem: string): string {
  if (problem.includes("unknown authority")) return "unknown certificate authority";
  return problem.includes("has expired") ? "expired certificate" : "bad certificate";
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  zapLog(proc, "info", "etcdmain/etcd.go:64", "Running: ", { args: ["etcd", ...argv] });
  const parsed = parseFlags(argv, known);
  if ("error" in parsed) {
    const flag = parsed.error.replace(/^unknown flag: --/, "flag provided but not defined: -");
    zapLog(proc, "warn", "etcdmain/etcd.go:66", "failed to verify flags", { error: flag });
    return 1;
  }
  const { flags } = parsed;
  const folder = flags["data-dir"] ?? `${flags.name ?? "default"}.etcd`;
  const store = etcdData(proc.machine.host ?? proc.machine, folder);
  const fresh = store.revision <= 1;
  if (!fresh) {
    const found = { "data-dir": folder, "dir-type": "member" };
    zapLog(proc, "info", "etcdmain/etcd.go:107", "server has already been initialized", found);
  }
  const listened = open(proc, flags, store);
  if (listened !== undefined) return fatal(proc, listened);
  const misplaced = clusterProblem(flags, fresh);
  if (misplaced !== undefined) return fatal(proc, misplaced);
  zapLog(proc, "info", "embed/serve.go:138", "ready to serve client requests");
  for (;;) yield* proc.wait({ on: [] });
}

/** Opens etcd's addresses: peers, clients, metrics. Gives back what is wrong with one of them. */
function open(proc: Process, flags: Flags, store: object): string | undefined {
  const version = /:(\d+\.\d+\.\d+)/.exec(String(proc.machine.parts.get("image")))?.[1] ?? "3.6.6";
  const pages = etcdPages(store as Parameters<typeof etcdPages>[0], version);
  const listen = (url: string, side: "" | "peer-", direct?: object): string | undefined => {
    const match = /^(https?):\/\/([^:/]+):(\d+)$/.exec(url);
    if (!match?.[2]) return `URL address does not have the form "host:port": ${url}`;
    const tls = match[1] === "https";
    if (tls && (flags[`${side}cert-file`] === undefined || flags[`${side}key-file`] === undefined))
      return `TLS key/cert (--cert-file, --key-file) must be provided for client url ${url} with HTTPS scheme`;
    const address = match[2] === "localhost" ? "127.0.0.1" : match[2];
    const health = { grpcHealth: (service: string) => (service === "" ? ("SERVING" as const) : undefined) };
    const more = { ...(tls ? { tls: tlsOf(proc, flags, side) } : health), ...(direct ? { direct } : {}) };
    return listenHttp(proc, address, Number(match[3]), pages, more);
  };
  for (const side of ["peer-", ""] as const) {
    const problem = tlsProblem(proc, flags, side);
    if (problem !== undefined) return problem;
    const peer = side === "peer-";
    const own = peer
      ? urls(flags["listen-peer-urls"], "http://localhost:2380")
      : urls(flags["listen-client-urls"], "http://localhost:2379");
    const what = peer ? "peer" : "client";
    const line = peer ? 138 : 146;
    zapLog(proc, "info", `embed/etcd.go:${line}`, `configuring ${what} listeners`, { [`listen-${what}-urls`]: own });
    for (const url of own) {
      const error = listen(url, side, peer ? undefined : store);
      if (error !== undefined) return error;
    }
  }
  for (const url of urls(flags["listen-metrics-urls"])) {
    const error = listen(url, "");
    if (error !== undefined) return error;
  }
  return undefined;
}

const program: Program = { name: "etcd", folder: "/usr/local/bin", run: endsOnTerm(run) };

/** The cluster's key-value store. */
export const etcd: Image = {
  repository: "registry.k8s.io/etcd",
  tags: ["3.6.6-0", "3.6.5-0", "3.6.4-0"],
  size: 23_000_000,
  usage: { cpu: 24, memory: 48 },
  entrypoint: ["etcd"],
  programs: [program],
  userland: "none",
};
