import { goQuote } from "../../../base/go-text.ts";
import type { EndpointSlice, Service } from "../../../kinds/types/core.ts";
import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { Connection } from "../../connection.ts";
import { endsOnTerm } from "../../daemon/ends-on-term.ts";
import { parseFlags } from "../../daemon/flags.ts";
import { Informer } from "../../daemon/informer.ts";
import { klog } from "../../daemon/klog.ts";
import { releaseVersions } from "../../kubeadm/release.ts";
import { SERVICE_RULES, type ServiceRules } from "../../network/cluster-network.ts";
import { type ServiceTable, serviceTable } from "../../network/service-table.ts";
import type { Image } from "./define.ts";

const known = new Set(["config", "hostname-override", "v"]);

/** A node's rules while its kube-proxy runs: they follow the Services; when it stops, they stay as they were. */
class LiveRules implements ServiceRules {
  private readonly services: Informer<Service>;
  private readonly slices: Informer<EndpointSlice>;
  private last: ServiceTable | undefined;

  constructor(api: Connection) {
    const stale = () => {
      this.last = undefined;
    };
    this.services = new Informer(api, "services", stale);
    this.slices = new Informer(api, "endpointslices.discovery.k8s.io", stale);
  }

  table(): ServiceTable {
    this.last ??= serviceTable(this.services.all, this.slices.all);
    return this.last;
  }

  freeze(): ServiceRules {
    const table = this.table();
    this.services.stop();
    this.slices.stop();
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
  tags: releaseVersions,
  size: 26_000_000,
  usage: { cpu: 1, memory: 19 },
  entrypoint: ["/usr/local/bin/kube-proxy"],
  programs: [program],
  userland: "none",
};
