import { goQuote } from "../../../../base/go-text.ts";
import { Status } from "../../../../kinds/status.ts";
import type { Node } from "../../../../kinds/types/core.ts";
import { Errno, type Program, type Task } from "../../../../machine/define.ts";
import { root } from "../../../../machine/define-files.ts";
import type { Process } from "../../../../machine/process.ts";
import { Unreachable } from "../../../apiserver/define.ts";
import { Connection } from "../../../connection.ts";
import { endsOnTerm } from "../../../daemon/ends-on-term.ts";
import { type Flags, parseFlags } from "../../../daemon/flags.ts";
import { klog, klogLine } from "../../../daemon/klog.ts";
import { listenHttp } from "../../../daemon/listen-http.ts";
import { releaseVersions } from "../../../kubeadm/release.ts";
import { SERVICE_RULES } from "../../../network/services/define.ts";
import type { Image } from "../define.ts";
import { ConfigFault, type ProxyConfig, readProxyConfig } from "./config.ts";
import { LiveRules } from "./live-rules.ts";
import { HealthCheckPorts, healthzPages, metricsPages } from "./pages.ts";
import { afterSync, beforeSync, IPVS_DEPRECATED, say } from "./startup-log.ts";

const known = new Set(["config", "hostname-override", "v", "proxy-mode", "cluster-cidr", "kubeconfig"]);

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const parsed = parseFlags(argv, known);
  if ("error" in parsed) return yield* fail(proc, parsed.error);
  let config: ProxyConfig;
  try {
    config = configOf(proc, parsed.flags);
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    return yield* fail(proc, error.message);
  }
  const { kubeconfig } = config;
  const connection = new Connection({
    machine: proc.machine,
    agent: "kube-proxy",
    source: "kube-proxy",
    ...(kubeconfig === "" ? {} : { kubeconfig }),
  });
  const problem = connection.configProblem();
  if (problem !== undefined) return yield* fail(proc, problem);
  try {
    return yield* serve(proc, connection, config, nameOf(proc, parsed.flags, config));
  } finally {
    connection.close();
  }
}

function* fail(proc: Process, why: string): Task<number> {
  yield* klog(proc, "E", "run.go:72", `"command failed" err=${goQuote(why)}`);
  return 1;
}

/** The file of --config, or what the flags say where there is none. */
function configOf(proc: Process, { config: path, ...flags }: Flags): ProxyConfig {
  if (!path) {
    const said = Object.entries({
      mode: flags["proxy-mode"],
      clusterCIDR: flags["cluster-cidr"],
      clientConnection: flags.kubeconfig && { kubeconfig: flags.kubeconfig },
    });
    const body = Object.fromEntries(said.filter(([, value]) => value !== undefined));
    const kind = { apiVersion: "kubeproxy.config.k8s.io/v1alpha1", kind: "KubeProxyConfiguration" };
    return readProxyConfig(JSON.stringify({ ...kind, ...body }));
  }
  let text: string;
  try {
    text = proc.machine.files.read(path, root);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new ConfigFault(`failed complete: open ${path}: ${error.message.toLowerCase()}`);
  }
  return readProxyConfig(text);
}

function nameOf({ machine }: Process, flags: Flags, { hostname }: ProxyConfig): string {
  return (flags["hostname-override"] || hostname || (machine.host ?? machine).name).toLowerCase();
}

function* serve(proc: Process, connection: Connection, config: ProxyConfig, name: string): Task<number> {
  yield* say(proc, beforeSync(config));
  const host = proc.machine.host ?? proc.machine;
  const ports = new HealthCheckPorts(proc);
  ports.onProblem = (why) => {
    const line = klogLine(proc, "E", "service_health.go:145", `"Failed to start healthcheck" err=${goQuote(why)}`);
    proc.fds.get(2)?.write?.(line);
  };
  const rules: LiveRules = new LiveRules(connection, { host, name }, config.settings, {
    service: (service, gone) => ports.follow(service, gone, () => rules),
  });
  try {
    const node = yield* ownNode(proc, connection, rules, name);
    const known = (node.status?.addresses ?? []).filter(({ type }) => type === "InternalIP");
    const addresses = known.length > 0 ? known.map(({ address }) => address) : host.net.addresses;
    yield* say(proc, afterSync(config, releaseOfHost(host), addresses));
    if (config.settings.mode === "ipvs")
      connection.event(node, { type: "Warning", reason: "IPVSDeprecation", message: IPVS_DEPRECATED });
    host.parts.set(SERVICE_RULES, rules.services);
    yield* open(proc, config.healthz, "healthz", healthzPages(proc, rules));
    yield* open(proc, config.metrics, "metrics", metricsPages(config.settings.mode));
    for (;;) yield* proc.wait({ on: [] });
  } finally {
    rules.stop();
  }
}

function releaseOfHost(host: Process["machine"]): string {
  return (host.parts.get("kubelet-version") as string | undefined) ?? "v1.35.0";
}

/** Waits until the API server answers and knows the node. */
function* ownNode(proc: Process, api: Connection, rules: LiveRules, name: string): Task<Node> {
  for (;;) {
    if (rules.node) return rules.node;
    let why: string;
    try {
      api.list<Node>("nodes");
      why = `node "${name}" not found`;
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof Status)) throw error;
      const path = `/api/v1/nodes?fieldSelector=metadata.name%3D${name}&limit=500&resourceVersion=0`;
      const refused = error.message.replace(/^nodes is forbidden/, `nodes "${name}" is forbidden`);
      why = `failed to list *v1.Node: ${error instanceof Unreachable ? api.words(path, error) : refused}`;
    }
    const text = `"Failed to watch" err=${goQuote(why)} logger="UnhandledError" reflector="k8s.io/client-go/informers/factory.go:160" type="*v1.Node"`;
    yield* klog(proc, "E", "reflector.go:205", text);
    yield* proc.sleep(1);
  }
}

function* open(
  proc: Process,
  at: ProxyConfig["healthz"],
  what: "healthz" | "metrics",
  pages: ReturnType<typeof metricsPages>,
): Task {
  if (!at) return;
  const problem = listenHttp(proc, at.address, at.port, pages);
  if (problem === undefined) return;
  const text = `"${what === "healthz" ? "Healthz" : "Metrics"} server failed" err=${goQuote(`failed to start ${what === "healthz" ? "proxy healthz" : "metrics server"}: ${problem}`)}`;
  yield* klog(proc, "E", "server.go:511", text);
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
  tools: ["ip6tables", "ip6tables-save", "iptables", "iptables-save", "nft"],
  userland: "none",
};
