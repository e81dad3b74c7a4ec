import { goQuote } from "../../../base/go-text.ts";
import { Status } from "../../../kinds/status.ts";
import type { EndpointSlice, Service } from "../../../kinds/types/core.ts";
import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { Unreachable } from "../../apiserver/define.ts";
import { Connection } from "../../connection.ts";
import { endsOnTerm } from "../../daemon/ends-on-term.ts";
import { parseFlags } from "../../daemon/flags.ts";
import { klog } from "../../daemon/klog.ts";
import { SERVICE_RULES, type ServiceRules } from "../../network/cluster-network.ts";
import { type ServiceTable, serviceTable } from "../../network/service-table.ts";
import type { Image } from "./define.ts";

const known = new Set(["config", "hostname-override", "v"]);

/** A node's rules while its kube-proxy runs: they follow the Services; when it stops, they stay as they were. */
class LiveRules implements ServiceRules {
  private readonly api: Connection;
  private last: ServiceTable | undefined;
  private fresh = false;
  /** Asking the API server goes over these very rules: the old ones, then. */
  private refreshing = false;
  private readonly stops: (() => void)[];

  constructor(api: Connection) {
    this.api = api;
    const stale = () => {
      this.fresh = false;
    };
    this.stops = ["services", "endpointslices.discovery.k8s.io"].map((resource) =>
      api.watch(resource, stale, { onReset: stale }),
    );
  }

  table(): ServiceTable {
    if ((!this.fresh || !this.last) && !this.refreshing) this.refresh();
    return this.last ?? { addresses: new Map(), nodePorts: new Map() };
  }

  /** What was known last stays in force where the API server does not answer. */
  private refresh(): void {
    this.refreshing = true;
    try {
      const services = this.api.known.list<Service>("services");
      const slices = this.api.known.list<EndpointSlice>("endpointslices.discovery.k8s.io");
      this.last = serviceTable(services, slices);
      this.fresh = true;
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof Status)) throw error;
    } finally {
      this.refreshing = false;
    }
  }

  freeze(): ServiceRules {
    const table = this.table();
    for (const stop of this.stops) stop();
    return { table: () => table };
  }
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const parsed = parseFlags(argv, known);
  if ("error" in parsed) {
    yield* klog(proc, "E", "run.go:72", `"command failed" err="${parsed.error}"`);
    return 1;
  }
  const node = proc.machine.host ?? proc.machine;
  const kubeconfig = "/var/lib/kube-proxy/kubeconfig.conf";
  const connection = new Connection({ machine: proc.machine, agent: "kube-proxy", kubeconfig });
  const problem = connection.configProblem();
  if (problem !== undefined) {
    yield* klog(proc, "E", "run.go:72", `"command failed" err=${goQuote(problem)}`);
    return 1;
  }
  yield* klog(proc, "I", "server_linux.go:53", '"Using iptables proxy"');
  const rules = new LiveRules(connection);
  node.parts.set(SERVICE_RULES, rules);
  try {
    for (;;) yield* proc.wait({ on: [] });
  } finally {
    node.parts.set(SERVICE_RULES, rules.freeze());
    connection.close();
  }
}

const program: Program = { name: "kube-proxy", folder: "/usr/local/bin", run: endsOnTerm(run, 2) };

/** kube-proxy: keeps a node's rules for Services. */
export const kubeProxy: Image = {
  repository: "registry.k8s.io/kube-proxy",
  tags: ["v1.35.0"],
  size: 26_000_000,
  entrypoint: ["/usr/local/bin/kube-proxy"],
  programs: [program],
  userland: "none",
};
