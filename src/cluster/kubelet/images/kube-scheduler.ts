import { goQuote } from "../../../base/go-text.ts";
import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { Connection } from "../../connection.ts";
import { endsOnTerm } from "../../daemon/ends-on-term.ts";
import { parseFlags } from "../../daemon/flags.ts";
import { healthHandler, listenHttp } from "../../daemon/health.ts";
import { klog } from "../../daemon/klog.ts";
import { leadUnderLease } from "../../daemon/leader-election.ts";
import { releaseVersions } from "../../kubeadm/release.ts";
import { startScheduler } from "../../scheduler/scheduler.ts";
import type { Image } from "./define.ts";

/** kube-scheduler's flags (1.35) that kubeadm or an administrator sets. */
const known = new Set(
  `authentication-kubeconfig authorization-kubeconfig bind-address config feature-gates kube-api-burst kube-api-qps
  kubeconfig leader-elect leader-elect-lease-duration leader-elect-renew-deadline leader-elect-retry-period profiling
  secure-port tls-cert-file tls-private-key-file v`.split(/\s+/),
);

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const parsed = parseFlags(argv, known);
  if ("error" in parsed) {
    yield* proc.write(2, `Error: ${parsed.error}\n`);
    return 1;
  }
  const { flags } = parsed;
  const { machine } = proc;
  const connection = new Connection({ machine, agent: "kube-scheduler", kubeconfig: flags.kubeconfig ?? "" });
  let stop: (() => void) | undefined;
  try {
    const busy = listenHttp(
      proc,
      flags["bind-address"] ?? "0.0.0.0",
      Number(flags["secure-port"] ?? 10259),
      healthHandler(() => undefined),
      { tls: { certificate: () => "" } },
    );
    if (busy) {
      yield* proc.write(2, `failed to create listener: failed to ${busy}\n`);
      return 1;
    }
    const problem = connection.configProblem();
    if (problem !== undefined) {
      yield* klog(proc, "E", "run.go:72", `"command failed" err=${goQuote(problem)}`);
      return 1;
    }
    yield* leadUnderLease(proc, connection, "kube-scheduler", () => {
      stop = startScheduler(connection, { clock: machine.kernel.clock, random: machine.kernel.random });
    });
    return 1;
  } finally {
    stop?.();
    connection.close();
  }
}

const program: Program = { name: "kube-scheduler", folder: "/usr/local/bin", run: endsOnTerm(run) };

/** The scheduler. */
export const kubeScheduler: Image = {
  repository: "registry.k8s.io/kube-scheduler",
  tags: releaseVersions,
  size: 17_000_000,
  entrypoint: ["kube-scheduler"],
  programs: [program],
  userland: "none",
};
