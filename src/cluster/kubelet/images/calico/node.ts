import { SECOND } from "../../../../base/clock.ts";
import { Status } from "../../../../kinds/status.ts";
import type { Node } from "../../../../kinds/types/core.ts";
import { Errno, type Program, type Task } from "../../../../machine/define.ts";
import { root } from "../../../../machine/define-files.ts";
import type { Process } from "../../../../machine/process.ts";
import { Unreachable } from "../../../apiserver/define.ts";
import { Connection } from "../../../connection.ts";
import { endsOnTerm } from "../../../daemon/ends-on-term.ts";
import { Informer } from "../../../daemon/informer.ts";
import { listenHttp } from "../../../daemon/listen-http.ts";
import { writeCalicoKubeconfig } from "../../../network/cni/calico/kubeconfig.ts";
import { reportNetwork } from "../../../network/cni/report-network.ts";
import type { Image } from "../define.ts";
import { CALICO_NODE, CALICO_RELEASE, type CalicoNode, calicoLog, calicoTags } from "./define.ts";
import { Felix } from "./felix.ts";
import { checkNode } from "./health.ts";
import { BGP_ADDRESS, startUp } from "./startup.ts";

/** How often the credentials of the CNI plugin are made anew. */
const REFRESH = 6 * 3600 * SECOND;

/** runit and what it runs in calico/node: the start, then Felix, BIRD and the keeper of the plugin's credentials. */
function* run(proc: Process): Task<number> {
  const { machine } = proc;
  const name = proc.env.get("NODENAME") ?? (machine.host ?? machine).name;
  const state: CalicoNode = { felix: "starting", bird: false, peers: () => [] };
  machine.parts.set(CALICO_NODE, state);
  const api = new Connection({ machine, agent: "calico-node" });
  let felix: Felix | undefined;
  let nodes: Informer<Node> | undefined;
  try {
    const started = yield* startUp(proc, api, name);
    if (typeof started === "number") return started;
    yield* proc.write(1, "Calico node started successfully\n");
    const taken = listenHttp(proc, "127.0.0.1", 9099, () => healthPage(state));
    if (taken !== undefined) yield* calicoLog(proc, "ERROR", "felix/health.go 336", taken);
    if ((proc.env.get("CALICO_NETWORKING_BACKEND") ?? "bird") === "bird") {
      nodes = new Informer<Node>(api, "nodes");
      yield* startBird(proc, state, nodes, name);
    }
    felix = new Felix(proc, api);
    yield* felix.apply(name, started.tunnel);
    state.felix = "ready";
    yield* keepCredentials(proc);
    return 0;
  } finally {
    machine.parts.delete(CALICO_NODE);
    felix?.stop();
    nodes?.stop();
    api.close();
  }
}

/** BIRD speaks BGP with every other node that Calico has prepared. */
function* startBird(proc: Process, state: CalicoNode, nodes: Informer<Node>, own: string): Task {
  const { machine } = proc;
  try {
    machine.listen({ proc, address: "0.0.0.0", port: 179, protocol: "TCP" });
    state.bird = true;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* proc.write(1, `bird: Cannot bind to port 179: ${error.message}\n`);
    return;
  }
  state.peers = () =>
    nodes.all.flatMap(({ metadata }) => {
      const address = metadata.annotations?.[BGP_ADDRESS]?.replace(/\/.*/, "");
      if (metadata.name === own || address === undefined) return [];
      return [{ address, isEstablished: "listener" in machine.network.dial(machine, address, 179) }];
    });
  yield* proc.write(1, "bird: device1: Initializing\nbird: direct1: Initializing\nbird: Started\n");
}

function* keepCredentials(proc: Process): Task {
  const { machine } = proc;
  const path = "/host/etc/cni/net.d/calico-kubeconfig";
  for (;;) {
    yield* proc.wait({ on: [], until: machine.kernel.clock.now + REFRESH });
    if (!machine.files.find("/host/etc/cni/net.d", root)) continue;
    const fault = writeCalicoKubeconfig(machine, path);
    if (fault) yield* calicoLog(proc, "ERROR", "cni-config-monitor/token_watch.go 107", fault.why);
  }
}

function healthPage({ felix }: CalicoNode) {
  return { status: felix === "ready" ? 204 : 503, headers: {} };
}

/** The one binary in the image: checks, the hook before the end, the preparation of the host. */
function* calicoNodeProgram(proc: Process, argv: readonly string[]): Task<number> {
  const flags = new Set(argv.map((word) => word.replace(/^-+/, "")));
  if (flags.has("v")) {
    yield* proc.write(1, `${CALICO_RELEASE}\n`);
    return 0;
  }
  if (flags.has("init")) return 0;
  if (flags.has("shutdown")) return yield* shutDown(proc);
  return yield* checkNode(proc, flags);
}

/** Before it ends calico-node says that its node has no network. */
function* shutDown(proc: Process): Task<number> {
  const { machine } = proc;
  const name = proc.env.get("NODENAME") ?? (machine.host ?? machine).name;
  const api = new Connection({ machine, agent: "calico-node" });
  try {
    const node = api.get<Node>("nodes", undefined, name);
    const report = { isDown: true, reason: "CalicoIsDown", message: "Calico is shutting down on this node" };
    if (node) reportNetwork(api, node, machine.kernel.clock.now, report);
    return 0;
  } catch (error) {
    if (!(error instanceof Unreachable || error instanceof Status)) throw error;
    yield* calicoLog(
      proc,
      "ERROR",
      "shutdown/shutdown.go 73",
      `Unable to set NetworkUnavailable to true: ${error.message}`,
    );
    return 1;
  } finally {
    api.close();
  }
}

const runit: Program = { name: "start_runit", folder: "/usr/sbin", run: endsOnTerm(run) };
const binary: Program = { name: "calico-node", folder: "/bin", run: calicoNodeProgram };

/** Calico's agent on each node: routes, tunnels and policies. */
export const calicoNode: Image = {
  repository: "docker.io/calico/node",
  tags: calicoTags,
  size: 156_000_000,
  usage: { cpu: 28, memory: 140 },
  entrypoint: ["start_runit"],
  programs: [runit, binary],
  userland: "busybox",
};
