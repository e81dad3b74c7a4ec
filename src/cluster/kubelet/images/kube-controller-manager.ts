import { goQuote } from "../../../base/go-text.ts";
import type { Program, Task } from "../../../machine/define.ts";
import { root } from "../../../machine/define-files.ts";
import type { Process } from "../../../machine/process.ts";
import { Connection } from "../../connection.ts";
import { controllers } from "../../controllers/index.ts";
import { startControllers } from "../../controllers/manager.ts";
import { endsOnTerm } from "../../daemon/ends-on-term.ts";
import { parseFlags } from "../../daemon/flags.ts";
import { healthHandler, listenHttp } from "../../daemon/health.ts";
import { klog } from "../../daemon/klog.ts";
import { leadUnderLease } from "../../daemon/leader-election.ts";
import { withSharedReads } from "../../daemon/shared-reads.ts";
import { releaseVersions } from "../../kubeadm/release.ts";
import type { Image } from "./define.ts";

/** kube-controller-manager's flags (1.35) that kubeadm or an administrator sets. */
const known = new Set(
  `allocate-node-cidrs authentication-kubeconfig authorization-kubeconfig bind-address client-ca-file cluster-cidr
  cluster-name cluster-signing-cert-file cluster-signing-duration cluster-signing-key-file concurrent-deployment-syncs
  controllers enable-garbage-collector feature-gates kube-api-burst kube-api-qps kubeconfig leader-elect
  leader-elect-lease-duration leader-elect-renew-deadline leader-elect-retry-period node-cidr-mask-size
  node-eviction-rate node-monitor-grace-period node-monitor-period node-startup-grace-period profiling
  requestheader-client-ca-file root-ca-file secure-port service-account-private-key-file service-cluster-ip-range
  terminated-pod-gc-threshold tls-cert-file tls-private-key-file use-service-account-credentials v`.split(/\s+/),
);

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const parsed = parseFlags(argv, known);
  if ("error" in parsed) {
    yield* proc.write(2, `Error: ${parsed.error}\n`);
    return 1;
  }
  const { flags } = parsed;
  const { machine } = proc;
  const agent = "kube-controller-manager";
  const authority = flags["root-ca-file"];
  if (authority !== undefined && !machine.files.find(authority, root)) {
    const why = `open ${authority}: no such file or directory`;
    yield* proc.write(2, `Error: error reading root-ca-file at ${authority}: ${why}\n`);
    return 1;
  }
  const open: Connection[] = [];
  let stop: (() => void) | undefined;
  const connect = (as?: { name: string; groups: readonly string[] }, source?: string) => {
    const options = { machine, agent, kubeconfig: flags.kubeconfig ?? "", ...(as ? { as } : {}) };
    const connection = new Connection({ ...options, ...(source ? { source } : {}) });
    open.push(connection);
    return connection;
  };
  try {
    const busy = listenHttp(
      proc,
      flags["bind-address"] ?? "0.0.0.0",
      Number(flags["secure-port"] ?? 10257),
      healthHandler(() => undefined),
      { tls: { certificate: () => "" } },
    );
    if (busy) {
      yield* proc.write(2, `failed to create listener: failed to ${busy}\n`);
      return 1;
    }
    const api = connect();
    const problem = api.configProblem();
    if (problem !== undefined) {
      yield* klog(proc, "E", "run.go:72", `"command failed" err=${goQuote(problem)}`);
      return 1;
    }
    // What informers have cached they read without asking; the cache is kept by list and watch, which the manager may.
    const informers = connect({ name: api.reachable ? api.user.name : "", groups: ["system:masters"] });
    const enabled = controllers.filter((c) => isEnabled(c.name, flags.controllers ?? "*"));
    let certificate: string | undefined;
    // Read once, and not before somebody needs it: making an authority takes time.
    const rootCertificate = () => {
      const there = authority !== undefined && machine.files.find(authority, root) !== undefined;
      certificate ??= there ? machine.files.read(authority, root) : "";
      return certificate;
    };
    const tools = { clock: machine.kernel.clock, random: machine.kernel.random, flags, rootCertificate };
    yield* leadUnderLease(proc, api, agent, () => {
      stop = startControllers(
        enabled,
        (account, source) => withSharedReads(informers, connect(serviceAccountUser(account), source)),
        tools,
      );
    });
    return 1;
  } finally {
    stop?.();
    for (const connection of open) connection.close();
  }
}

function serviceAccountUser(name: string): { name: string; groups: readonly string[] } {
  const groups = ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"];
  return { name: `system:serviceaccount:kube-system:${name}`, groups };
}

/** --controllers: "*" for all, "name" for one, "-name" against one. */
function isEnabled(name: string, list: string): boolean {
  const names = list.split(",");
  return !names.includes(`-${name}`) && (names.includes("*") || names.includes(name));
}

const program: Program = { name: "kube-controller-manager", folder: "/usr/local/bin", run: endsOnTerm(run) };

/** The controller manager: whatever the cluster does by itself. */
export const kubeControllerManager: Image = {
  repository: "registry.k8s.io/kube-controller-manager",
  tags: releaseVersions,
  size: 23_000_000,
  entrypoint: ["kube-controller-manager"],
  programs: [program],
  userland: "none",
};
