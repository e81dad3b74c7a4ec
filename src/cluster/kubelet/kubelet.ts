import { SECOND } from "../../base/clock.ts";
import { signToken } from "../../base/jwt.ts";
import type { Node, ServiceAccount } from "../../kinds/types/core.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import { Errno, type Program, type Task } from "../../machine/define.ts";
import { root } from "../../machine/define-files.ts";
import type { Process } from "../../machine/process.ts";
import { PKI_PART } from "../api-target.ts";
import type { Api } from "../apiserver/define.ts";
import { Connection } from "../connection.ts";
import { parseFlags } from "../daemon/flags.ts";
import { healthHandler, listenHttp } from "../daemon/health.ts";
import { klog, klogLine } from "../daemon/klog.ts";
import type { Pki } from "../kubeadm/pki.ts";
import { releaseOf } from "../kubeadm/release.ts";
import type { PodFacts } from "./environment.ts";
import { type KubeletConfig, readKubeletConfig } from "./kubelet-config.ts";
import { NodeRegistration } from "./node-registration.ts";
import { PodAgent } from "./pod-agent.ts";
import { RUNTIME_PART, type Runtime } from "./runtime/runtime.ts";
import { streamsOf } from "./streams.ts";
import type { VolumeTools } from "./volume-payload.ts";

/** The kubelet's flags (1.35) that kubeadm's drop-in or an administrator sets. */
const known = new Set(
  `bootstrap-kubeconfig config config-dir container-runtime-endpoint feature-gates hostname-override image-service-endpoint
  kubeconfig node-ip node-labels pod-infra-container-image register-with-taints root-dir runtime-cgroups v cgroup-driver
  cluster-dns cluster-domain fail-swap-on max-pods read-only-port`.split(/\s+/),
);

function* fail(proc: Process, text: string): Task<number> {
  yield* klog(proc, "E", "run.go:72", `"command failed" err="${text.replaceAll('"', '\\"')}"`);
  return 1;
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  if (argv[0] === "--version") {
    yield* proc.write(1, `Kubernetes ${versionOn(proc)}\n`);
    return 0;
  }
  const parsed = parseFlags(argv, known);
  if ("error" in parsed) return yield* fail(proc, `failed to parse kubelet flag: ${parsed.error}`);
  const { flags } = parsed;
  let config: KubeletConfig;
  try {
    config = readKubeletConfig(proc.machine.files, flags.config ?? "/var/lib/kubelet/config.yaml");
  } catch (error) {
    return yield* fail(proc, (error as Error).message);
  }
  const runtime = proc.machine.parts.get(RUNTIME_PART) as Runtime | undefined;
  const socket = (flags["container-runtime-endpoint"] ?? "unix:///run/containerd/containerd.sock").replace(
    /^unix:\/\//,
    "",
  );
  if (!runtime || !proc.machine.files.find(socket, root))
    return yield* fail(
      proc,
      `failed to run Kubelet: validate service connection: validate CRI v1 runtime API for endpoint "unix://${socket}": rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix ${socket}: connect: no such file or directory"`,
    );
  const { clientCAFile } = config;
  if (clientCAFile && !proc.machine.files.may(clientCAFile, "r", root))
    return yield* fail(
      proc,
      `failed to construct kubelet dependencies: unable to load client CA file ${clientCAFile}: open ${clientCAFile}: no such file or directory`,
    );
  return yield* serve(proc, config, runtime, flags.kubeconfig ?? "/etc/kubernetes/kubelet.conf");
}

function* serve(proc: Process, config: KubeletConfig, runtime: Runtime, kubeconfig: string): Task<number> {
  const { machine } = proc;
  const { clock, random } = machine.kernel;
  if (!machine.files.find(kubeconfig, root))
    return yield* fail(
      proc,
      "failed to run Kubelet: unable to load bootstrap kubeconfig: stat /etc/kubernetes/bootstrap-kubelet.conf: no such file or directory",
    );
  const busy = listenHttp(
    proc,
    "127.0.0.1",
    10248,
    healthHandler(() => undefined),
  );
  if (busy) return yield* fail(proc, `failed to ${busy}`);
  const connection = new Connection({ machine, agent: "kubelet", kubeconfig });
  const problem = connection.configProblem();
  if (problem !== undefined) return yield* fail(proc, `failed to run Kubelet: ${problem}`);
  const node = machine.name;
  const hostIP = machine.net.addresses[0] ?? "";
  const registration = new NodeRegistration(connection, runtime, releaseOf(versionOn(proc)), node);
  const facts = (podIP: string): PodFacts => ({ podIP, hostIP, node, allocatable: allocatableOf(connection, node) });
  const agent = {
    node,
    hostIP,
    host: machine,
    api: connection,
    runtime,
    clock,
    random,
    dns: { servers: config.clusterDNS, domain: config.clusterDomain },
    volumes: volumeTools(proc, connection, () => facts("")),
    facts,
    networkProblem: () => registration.networkProblem(),
  };
  const warn = (text: string) => {
    proc.fds.get(2)?.write?.(klogLine(proc, "E", "file.go:187", text));
  };
  const pods = new PodAgent(agent, config.staticPodPath ?? "", warn);
  listenHttp(
    proc,
    "0.0.0.0",
    10250,
    healthHandler(() => undefined),
    {
      tls: { certificate: () => "" },
      direct: streamsOf(pods, runtime),
    },
  );
  try {
    yield* klog(proc, "I", "server.go:1262", '"Started kubelet"');
    registration.start();
    pods.start();
    const { files } = machine;
    // The node becomes Ready as soon as its network is configured, not at the next heartbeat.
    for (;;) {
      const changed = files.find("/etc/cni/net.d", root) ? files.watch("/etc/cni/net.d") : undefined;
      yield* proc.wait({ on: changed ? [changed] : [], ...(changed ? {} : { until: clock.now + 5 * SECOND }) });
      registration.reportSoon();
    }
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return yield* fail(proc, `failed to run Kubelet: ${error.path ?? ""}: ${error.message.toLowerCase()}`);
  } finally {
    pods.stop();
    registration.stop();
    connection.close();
  }
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

/** Makes a pod's bound token when it is first read; until then its maker tells whom it speaks for. */
function tokenMaker(proc: Process, api: Api, pod: Pod, audience: string | undefined, seconds: number): () => string {
  const pki = proc.machine.parts.get(PKI_PART) as Pki | undefined;
  const { clock } = proc.machine.kernel;
  const issued = Math.floor(clock.now / SECOND);
  const { namespace = "", name, uid } = pod.metadata;
  const account = pod.spec.serviceAccountName ?? "default";
  const make = () => {
    if (!pki) return "";
    const issuer = "https://kubernetes.default.svc.cluster.local";
    const serviceaccount = {
      name: account,
      uid: api.get<ServiceAccount>("serviceaccounts", namespace, account)?.metadata.uid,
    };
    const claims = {
      aud: [audience ?? issuer],
      exp: issued + seconds,
      iat: issued,
      iss: issuer,
      "kubernetes.io": { namespace, node: { name: pod.spec.nodeName }, pod: { name, uid }, serviceaccount },
      nbf: issued,
      sub: `system:serviceaccount:${namespace}:${account}`,
    };
    return signToken(claims, pki.key("sa"), "cka-lab");
  };
  pki?.speaksFor(make, {
    commonName: `system:serviceaccount:${namespace}:${account}`,
    organizations: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`],
  });
  return make;
}

/** The node agent, as the kubelet package installs it. */
export const kubelet: Program = { name: "kubelet", run };
