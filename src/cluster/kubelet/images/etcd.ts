import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { endsOnTerm } from "../../daemon/ends-on-term.ts";
import { parseFlags } from "../../daemon/flags.ts";
import { healthHandler, listenHttp } from "../../daemon/health.ts";
import { etcdData } from "../../etcd/etcd-data.ts";
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

function* fail(proc: Process, text: string): Task<number> {
  const caller = "etcdmain/etcd.go:184";
  yield* proc.write(2, `${JSON.stringify({ level: "fatal", caller, msg: "discovery failed", error: text })}\n`);
  return 1;
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const parsed = parseFlags(argv, known);
  if ("error" in parsed) {
    const flag = parsed.error.replace(/^unknown flag: --/, "flag provided but not defined: -");
    yield* proc.write(2, `${JSON.stringify({ level: "warn", msg: "failed to verify flags", error: flag })}\n`);
    return 1;
  }
  const { flags } = parsed;
  const store = etcdData(proc.machine.host ?? proc.machine, flags["data-dir"] ?? "default.etcd");
  const endpoints: { url: string; direct?: object }[] = [
    ...(flags["listen-client-urls"] ?? "http://localhost:2379").split(",").map((url) => ({ url, direct: store })),
    ...(flags["listen-peer-urls"] ?? "http://localhost:2380").split(",").map((url) => ({ url })),
    ...(flags["listen-metrics-urls"] ?? "")
      .split(",")
      .filter(Boolean)
      .map((url) => ({ url })),
  ];
  for (const { url, direct } of endpoints) {
    const match = /^https?:\/\/([^:/]+):(\d+)$/.exec(url);
    if (!match?.[1]) return yield* fail(proc, `parse "${url}": first path segment in URL cannot contain colon`);
    const address = match[1] === "localhost" ? "127.0.0.1" : match[1];
    const error = listenHttp(
      proc,
      address,
      Number(match[2]),
      healthHandler(() => undefined),
      direct ? { direct } : {},
    );
    if (error) return yield* fail(proc, error);
  }
  const started = { level: "info", caller: "embed/serve.go:148", msg: "ready to serve client requests" };
  yield* proc.write(2, `${JSON.stringify(started)}\n`);
  for (;;) yield* proc.wait({ on: [] });
}

const program: Program = { name: "etcd", folder: "/usr/local/bin", run: endsOnTerm(run) };

/** The cluster's key-value store. */
export const etcd: Image = {
  repository: "registry.k8s.io/etcd",
  tags: ["3.6.6-0", "3.6.5-0", "3.6.4-0"],
  size: 23_000_000,
  entrypoint: ["etcd"],
  programs: [program],
  userland: "none",
};
