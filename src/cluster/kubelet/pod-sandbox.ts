import type { RuntimeClass } from "../../kinds/types/policy.ts";
import { root } from "../../machine/define-files.ts";
import { isTooSmall, memoryOfPodGroup } from "./control-group.ts";
import { devicesFault } from "./dynamic-resources.ts";
import { podHostname } from "./pod-hostname.ts";
import type { PodWorker } from "./pod-worker.ts";
import { podDns, resolvConfProblem } from "./resolv-conf.ts";

/** Seconds from the first look at a pod until its sandbox stands, and until its containers begin: what containerd takes. */
const SANDBOX_SECONDS = 0.4;
/** After a fault that is none of the runtime's a pod is looked at again in 60 to 90 seconds (syncFrequency with jitter). */
const RESYNC_SECONDS = 75;
const CONFIG = "/etc/containerd/config.toml";

/** The way to a pod's sandbox: the node's network, the pod's volumes, the runtime that its class names. */
export class PodSandbox {
  ready: "no" | "waiting" | "yes" = "no";
  private readonly worker: PodWorker;
  /** The sandbox of the last attempt is still there, without a network. */
  private isKept = false;

  constructor(worker: PodWorker) {
    this.worker = worker;
  }

  /** Whether the sandbox stands; begins to make it where not. */
  prepare(): boolean {
    const { worker } = this;
    const { agent, pod } = worker;
    if (this.ready === "yes") return true;
    if (this.ready === "waiting") return false;
    const problem = pod.spec.hostNetwork ? undefined : agent.networkProblem();
    if (problem) {
      worker.event(undefined, "Warning", "NetworkNotReady", `network is not ready: ${problem}`);
      worker.again(2);
      return false;
    }
    const failedMount = worker.mounts.setUp();
    if (failedMount !== undefined) {
      worker.again(failedMount);
      return false;
    }
    const fault = pod.spec.resourceClaims?.length ? devicesFault(pod, agent.api) : undefined;
    if (fault !== undefined) {
      const message = `Failed to prepare dynamic resources: prepare dynamic resources: ${fault}`;
      worker.event(undefined, "Warning", "FailedPrepareDynamicResources", message);
      worker.again(RESYNC_SECONDS);
      return false;
    }
    this.ready = "waiting";
    agent.clock.after(SANDBOX_SECONDS * (0.75 + 0.5 * agent.random.fraction()), () => {
      if (!worker.isDetached) this.make();
    });
    return false;
  }

  private make(): void {
    const { worker } = this;
    const { agent, pod } = worker;
    const uid = pod.metadata.uid ?? "";
    if (pod.metadata.deletionTimestamp) {
      this.ready = "no";
      worker.soon();
      return;
    }
    if (agent.runtimeProblem()) {
      this.ready = "no";
      worker.sync();
      return;
    }
    const unnamed = agent.runtime.sandboxes.has(uid) ? undefined : this.nameFault();
    if (unnamed !== undefined) {
      this.ready = "no";
      this.failed(unnamed);
      worker.again();
      return;
    }
    const known = agent.runtime.sandboxes.get(uid);
    const refused = known ? undefined : this.refusal();
    if (this.isKept && refused === undefined)
      worker.event(undefined, "Normal", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
    const sandbox =
      refused === undefined ? (known ?? agent.runtime.createSandbox(pod)) : { error: refused, isKept: false };
    if ("error" in sandbox) {
      this.ready = "no";
      this.isKept = sandbox.isKept;
      const network = `failed to setup network for sandbox "${agent.random.hex(64)}": ${sandbox.error}`;
      this.failed(`rpc error: code = Unknown desc = ${refused ?? network}`);
      worker.again();
      return;
    }
    this.ready = "yes";
    worker.sync();
  }

  /** What the kubelet itself lacks for a sandbox: a node's resolv.conf, or a hostname that the kernel takes. */
  private nameFault(): string | undefined {
    const { agent, pod } = this.worker;
    const fault = resolvConfProblem(agent) ?? podHostname(agent, pod).fault;
    if (fault !== undefined) return fault;
    for (const { reason, message } of podDns(agent, pod).warnings)
      this.worker.event(undefined, "Warning", reason, message);
    return undefined;
  }

  failed(why: string): void {
    this.worker.event(undefined, "Warning", "FailedCreatePodSandBox", `Failed to create pod sandbox: ${why}`);
  }

  /** Why the runtime makes no sandbox: a handler that it does not have, or a memory limit that its own process breaks. */
  private refusal(): string | undefined {
    const { agent, pod } = this.worker;
    const { runtimeClassName: name } = pod.spec;
    const handler = name
      ? agent.api.get<RuntimeClass>("runtimeclasses.node.k8s.io", undefined, name)?.handler
      : undefined;
    if (name && handler === undefined) return `failed to get sandbox runtime: RuntimeClass "${name}" not found`;
    if (handler && !this.handlers().has(handler))
      return `failed to get sandbox runtime: no runtime for ${JSON.stringify(handler)} is configured`;
    if (isTooSmall(memoryOfPodGroup(pod)))
      return `failed to start sandbox "${agent.random.hex(64)}": failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?)`;
    return undefined;
  }

  /** The runtimes of containerd's configuration; runc is there without any. */
  private handlers(): ReadonlySet<string> {
    const { files } = this.worker.agent.host;
    const text = files.find(CONFIG, root) ? files.read(CONFIG, root) : "";
    const named = [...text.matchAll(/^\s*\[plugins\..*\.containerd\.runtimes\.([\w-]+)\]/gm)].map(
      ([, name = ""]) => name,
    );
    return new Set(["runc", ...named]);
  }
}
