import { SECOND } from "../../base/clock.ts";
import { goQuote } from "../../base/go-text.ts";
import type { Node } from "../../kinds/types/core.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import { Errno, type Program, type Task } from "../../machine/define.ts";
import { root } from "../../machine/define-files.ts";
import type { Machine } from "../../machine/machine.ts";
import type { Process } from "../../machine/process.ts";
import type { Api } from "../apiserver/define.ts";
import { Connection } from "../connection.ts";
import { kubeletFlags } from "../daemon/component-flags.ts";
import { endsOnTerm } from "../daemon/ends-on-term.ts";
import { parseFlags } from "../daemon/flags.ts";
import { klog, klogLine } from "../daemon/klog.ts";
import { releaseOf } from "../kubeadm/release.ts";
import { bootstrapClient } from "./client-bootstrap.ts";
import { configProblem } from "./config-problems.ts";
import { CsiPlugins } from "./csi-plugins.ts";
import type { PodFacts } from "./environment.ts";
import { type KubeletConfig, readKubeletConfig, withFlags } from "./kubelet-config.ts";
import { metricsPages } from "./metrics-pages.ts";
import { NetworkComplaint } from "./network-complaint.ts";
import { NodePressure } from "./node-pressure.ts";
import { NodeRegistration } from "./node-registration.ts";
import { PodAgent } from "./pod-agent.ts";
import { tokenMaker } from "./pod-token.ts";
import { rememberedReads } from "./remembered-reads.ts";
import { RUNTIME_PART, type Runtime } from "./runtime/runtime.ts";
import { aggregate, RuntimeLink, runtimeProblem } from "./runtime/runtime-link.ts";
import { openPorts, tlsProblem } from "./serving.ts";
import { streamsOf } from "./streams.ts";
import { resourceMetrics } from "./usage/resource-metrics.ts";
import type { VolumeTools } from "./volume-payload.ts";

function* fail(proc: Process, text: string): Task<number> {
  yield* klog(proc, "E", "run.go:72", `"command failed" err="${text.replaceAll('"', '\\"')}"`);
  return 1;
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  if (argv[0] === "--version") {
    yield* proc.write(1, `Kubernetes ${versionOn(proc)}\n`);
    return 0;
  }
  const parsed = parseFlags(argv, kubeletFlags);
  if ("error" in parsed) return yield* fail(proc, `failed to parse kubelet flag: ${parsed.error}`);
  const { flags } = parsed;
  let config: KubeletConfig;
  try {
    const file = readKubeletConfig(proc.machine.files, flags.config ?? "/var/lib/kubelet/config.yaml");
    config = withFlags(file, flags);
  } catch (error) {
    return yield* fail(proc, (error as Error).message);
  }
  const wrong = configProblem(config);
  if (wrong !== undefined) return yield* fail(proc, wrong);
  const runtime = proc.machine.parts.get(RUNTIME_PART) as Runtime | undefined;
  const unusable = runtime === undefined ? "no runtime" : tlsProblem(proc, config);
  if (!runtime || unusable !== undefined)
    return yield* fail(proc, `failed to construct kubelet dependencies: ${unusable}`);
  yield* klog(proc, "I", "server.go:525", `"Kubelet version" kubeletVersion="${versionOn(proc)}"`);
  const { kubeconfig } = flags;
  // Without both kubeconfigs the kubelet runs static pods only and knows no API server.
  const bootstrap = flags["bootstrap-kubeconfig"];
  const unknown = bootstrap && (yield* bootstrapClient(proc, kubeconfig ?? "", bootstrap));
  if (unknown) return yield* fail(proc, `failed to run Kubelet: ${unknown}`);
  const endpoint = config.containerRuntimeEndpoint;
  const socket = endpoint.replace(/^unix:\/\//, "");
  const away = runtimeProblem(proc.machine, socket);
  if (away !== undefined) {
    const why = `validate service connection: validate CRI v1 runtime API for endpoint "unix://${socket}": ${away}`;
    return yield* fail(proc, `failed to run Kubelet: ${why}`);
  }
  if (config.logs.files <= 1) {
    const why = `failed to initialize container log manager: invalid MaxFiles ${config.logs.files}, must be > 1`;
    return yield* fail(proc, `failed to run Kubelet: failed to create kubelet: ${why}`);
  }
  return yield* serve(proc, config, runtime, kubeconfig, new RuntimeLink(proc.machine, socket));
}

function* serve(
  proc: Process,
  config: KubeletConfig,
  runtime: Runtime,
  kubeconfig: string | undefined,
  link: RuntimeLink,
): Task<number> {
  const { machine } = proc;
  const { clock, random } = machine.kernel;
  const connection = new Connection({ machine, agent: "kubelet", ...(kubeconfig ? { kubeconfig } : {}) });
  const problem = connection.configProblem();
  if (problem !== undefined) return yield* fail(proc, `failed to run Kubelet: ${problem}`);
  const node = machine.name;
  const release = releaseOf(versionOn(proc));
  const said = (source: string, text: string) => proc.fds.get(2)?.write?.(klogLine(proc, "E", source, text));
  const pressure: NodePressure = new NodePressure(connection, runtime, config, () => registration);
  const registration = new NodeRegistration({
    api: connection,
    runtime,
    release,
    name: node,
    config,
    pressures: () => pressure.pressures,
    runtimeErrors: () => link.errors,
    said,
  });
  const facts = factsAbout(machine, connection);
  const reads = rememberedReads(connection);
  const agent = {
    node,
    hostIPs: machine.net.addresses,
    host: machine,
    api: reads,
    runtime,
    clock,
    random,
    dns: { servers: config.clusterDNS, domain: config.clusterDomain, resolvConf: config.resolvConf },
    volumes: volumeTools(proc, reads, () => facts([])),
    facts,
    logs: config.logs,
    refusal: (pod: Pod) => pressure.refusal(pod),
    networkProblem: () => registration.networkProblem(),
    runtimeProblem: () => problemOf(link),
  };
  const plugins = new CsiPlugins(connection, machine);
  const pods = new PodAgent(agent, config.staticPodPath ?? "", (text) => said("file.go:187", text));
  const busy = openPorts(
    proc,
    config,
    streamsOf(pods, runtime, () => link.problem),
    link,
    () => pods.pods,
    metricsPages(() => resourceMetrics(machine, pods)),
    connection,
  );
  if (busy) return yield* fail(proc, `failed to ${busy}`);
  try {
    yield* klog(proc, "I", "server.go:1257", '"Started kubelet"');
    registration.start();
    plugins.start();
    pods.start();
    pressure.start(pods);
    return yield* watchHost(proc, registration, pods, link);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return yield* fail(proc, `failed to run Kubelet: ${error.path ?? ""}: ${error.message.toLowerCase()}`);
  } finally {
    for (const part of [pressure, pods, plugins, registration]) part.stop();
    connection.close();
  }
}

/** What the kubelet knows of its node, beside a pod's spec and addresses. */
function factsAbout({ name: node, net }: Machine, api: Connection): (podIPs: readonly string[]) => PodFacts {
  return (podIPs) => ({ podIPs, hostIPs: net.addresses, node, allocatable: allocatableOf(api, node) });
}

/** What calls of the runtime fail with now, and whether pods are not looked after. */
function problemOf(link: RuntimeLink): { error: string; paused: boolean } | undefined {
  const error = link.problem;
  return error === undefined ? undefined : { error, paused: link.errors.length > 0 };
}

/** Follows what changes on the host: the pod network's configuration, and the container runtime. */
function* watchHost(proc: Process, registration: NodeRegistration, pods: PodAgent, link: RuntimeLink): Task<number> {
  const { files, kernel } = proc.machine;
  const network = "/etc/cni/net.d";
  const complaint = new NetworkComplaint(proc, registration);
  for (;;) {
    const changed = files.find(network, root) ? [files.watch(network)] : [];
    const { on, until = Number.POSITIVE_INFINITY } = link.news;
    const isWatched = changed.length > 0 && registration.networkProblem() === undefined;
    const next = isWatched ? until : Math.min(until, kernel.clock.now + 5 * SECOND);
    yield* proc.wait({ on: [...changed, ...on], ...(Number.isFinite(next) ? { until: next } : {}) });
    const isBack = link.look();
    // The node becomes Ready as soon as its network is configured, not at the next heartbeat.
    if (link.problem === undefined && !isBack) registration.reportSoon();
    if (isBack) pods.resume();
    yield* complain(proc, link);
    if (link.problem === undefined) yield* complaint.look();
  }
}

/** What the kubelet logs while its runtime does not answer. */
function* complain(proc: Process, link: RuntimeLink): Task {
  const { problem } = link;
  if (problem === undefined) return;
  const err = `err=${goQuote(problem)}`;
  yield* klog(proc, "E", "generic.go:254", `"GenericPLEG: Unable to retrieve pods" ${err}`);
  yield* klog(proc, "E", "kubelet.go:3115", `"Container runtime sanity check failed" ${err}`);
  const errors = aggregate(link.errors);
  if (errors !== undefined)
    yield* klog(proc, "E", "kubelet.go:2525", `"Skipping pod synchronization" err=${goQuote(errors)}`);
}

function volumeTools(proc: Process, api: Api, facts: () => PodFacts): VolumeTools {
  return {
    api,
    host: proc.machine,
    facts,
    token: (pod, audience, seconds) => tokenMaker(proc, api, pod, audience, seconds),
  };
}

/** The version of the kubelet's package on this host. */
function versionOn(proc: Process): string {
  return (proc.machine.parts.get("kubelet-version") as string | undefined) ?? "";
}

/** What the kubelet knows of its node; static pods start without an API server. */
function allocatableOf(api: Connection, node: string): Readonly<Record<string, string>> {
  return (api.reachable && api.get<Node>("nodes", undefined, node)?.status?.allocatable) || {};
}

/** The node agent, as the kubelet package installs it. */
export const kubelet: Program = { name: "kubelet", run: endsOnTerm(run) };
