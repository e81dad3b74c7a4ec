import { rfc3339Micro } from "../../base/time.ts";
import { equal } from "../../kinds/equal.ts";
import { Status } from "../../kinds/status.ts";
import type { Node } from "../../kinds/types/core.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import { type Api, type Change, Unreachable } from "../apiserver/define.ts";
import { admissionFailure } from "./admission.ts";
import type { Agent } from "./define.ts";
import { PodWorker } from "./pod-worker.ts";
import { CONFIG_HASH, CONFIG_MIRROR, FILE_CHECK_SECONDS, readStaticPods } from "./static-pods.ts";

/** The kubelet's pods: those the API server assigns to the node, and those of the manifests' folder with their mirrors. */
export class PodAgent {
  private readonly agent: Agent;
  private readonly api: Api;
  private readonly folder: string;
  private readonly log: (text: string) => void;
  private readonly workers = new Map<string, PodWorker>();
  /** Static pods by their uid, and the mirror in the API of each. */
  private staticPods = new Map<string, Pod>();
  private readonly mirrors = new Map<string, Pod>();
  private stopped = false;
  private stopWatch: (() => void) | undefined;

  constructor(agent: Omit<Agent, "others" | "report" | "finished">, folder: string, log: (text: string) => void) {
    this.agent = {
      ...agent,
      others: () => this.pods.filter((pod) => !isOver(pod)),
      report: (pod) => this.report(pod),
      finished: (pod) => this.finished(pod),
    };
    this.api = agent.api;
    this.folder = folder;
    this.log = log;
  }

  start(): void {
    if (this.folder !== "") {
      this.checkFolder();
      this.followFolder();
    }
    const where = { index: "node", value: this.agent.node } as const;
    const onReset = () => this.resync();
    this.stopWatch = this.api.watch<Pod>("pods", (change) => this.onPod(change), { where, onReset });
    this.tolerant(() => this.api.user && this.removeOrphans());
  }

  stop(): void {
    this.stopped = true;
    this.stopWatch?.();
    for (const worker of this.workers.values()) worker.detach();
  }

  /** The runtime answers again: all pods are looked at. */
  resume(): void {
    for (const worker of this.workers.values()) worker.soon();
  }

  /** All pods that it keeps, mirrors and static ones too. */
  get pods(): readonly Pod[] {
    return [...this.workers.values()].map(({ pod }) => pod);
  }

  /** Those that have not ended. */
  get running(): readonly PodWorker[] {
    return [...this.workers.values()];
  }

  worker(namespace: string, name: string): PodWorker | undefined {
    for (const worker of this.workers.values()) {
      const { metadata } = worker.pod;
      if (metadata.namespace === namespace && metadata.name === name) return worker;
    }
    return undefined;
  }

  // ---- pods of the API

  private onPod({ type, object }: Change<Pod>): void {
    if (this.stopped) return;
    if (object.metadata.annotations?.[CONFIG_MIRROR]) {
      this.onMirror(type, object);
      return;
    }
    const uid = object.metadata.uid ?? "";
    const worker = this.workers.get(uid);
    if (type === "DELETED") {
      // Deleted without grace (--force): what runs is ended all the same.
      worker?.update({
        ...object,
        metadata: {
          ...object.metadata,
          deletionTimestamp: object.metadata.deletionTimestamp ?? "",
          deletionGracePeriodSeconds: 0,
        },
      });
    } else if (worker) worker.update(object);
    else this.admit(object);
  }

  private admit(pod: Pod): void {
    const { uid = "" } = pod.metadata;
    if (isOver(pod) && !this.agent.runtime.sandboxes.has(uid)) {
      if (pod.metadata.deletionTimestamp) this.api.delete(pod, { gracePeriodSeconds: 0 });
      return;
    }
    const worker = new PodWorker(this.agent, pod);
    this.workers.set(uid, worker);
    if (isOver(pod)) return;
    const node = this.api.get<Node>("nodes", undefined, this.agent.node);
    const others = () =>
      [...this.workers.values()].filter((w) => w !== worker && !w.failed && !isOver(w.pod)).map((w) => w.pod);
    const refused = this.agent.refusal(pod) ?? (node && admissionFailure(pod, node, others()));
    if (!refused) return;
    this.api.event(pod, { type: "Warning", reason: refused.reason, message: refused.message });
    worker.fail(refused.reason, `Pod was rejected: ${refused.message}`);
  }

  /** After a lost connection: pods that are gone meanwhile are ended, all others come again by the watch. */
  private resync(): void {
    this.tolerant(() => {
      const known = new Set(this.api.indexed<Pod>("pods", "node", this.agent.node).map((pod) => pod.metadata.uid));
      for (const [uid, worker] of this.workers)
        if (!known.has(uid) && !this.staticPods.has(uid)) this.onPod({ type: "DELETED", object: worker.pod });
    });
    this.mirrors.clear();
    this.checkFolder();
    this.agent.clock.soon(() => !this.stopped && this.tolerant(() => this.api.user && this.removeOrphans()));
  }

  /** What runs here for pods that are no more, once all that are there are known (HandlePodCleanups). */
  private removeOrphans(): void {
    const { runtime } = this.agent;
    for (const uid of [...runtime.sandboxes.keys()]) {
      if (this.workers.has(uid)) continue;
      for (const container of runtime.containersOf(uid)) container.kill("KILL");
      runtime.removeSandbox(uid);
    }
  }

  // ---- static pods

  private followFolder(): void {
    const { files } = this.agent.host;
    const look = () => {
      if (this.stopped) return;
      this.checkFolder();
      arm();
    };
    const arm = () => files.watch(this.folder).add(() => this.agent.clock.soon(look));
    arm();
    const periodic = () => {
      if (this.stopped) return;
      this.checkFolder();
      this.agent.clock.after(FILE_CHECK_SECONDS, periodic);
    };
    this.agent.clock.after(FILE_CHECK_SECONDS, periodic);
  }

  private checkFolder(): void {
    if (this.folder === "") return;
    const { host, node, clock } = this.agent;
    const { pods, errors } = readStaticPods(host, this.folder, node, rfc3339Micro(clock.now));
    for (const error of errors) this.log(error);
    for (const [uid, pod] of this.staticPods) if (!pods.has(uid)) this.removeStatic(uid, pod);
    for (const [uid, pod] of pods) {
      const known = this.staticPods.get(uid);
      if (!known) this.addStatic(uid, pod, pods);
      else pods.set(uid, known);
    }
    this.staticPods = pods;
    for (const pod of pods.values()) this.ensureMirror(pod);
  }

  private addStatic(uid: string, pod: Pod, all: Map<string, Pod>): void {
    // The new pod of a file waits until the old one of the same name has ended.
    const before = this.worker(pod.metadata.namespace ?? "", pod.metadata.name);
    if (before && before.pod.metadata.uid !== uid) {
      all.delete(uid);
      this.agent.clock.after(1, () => !this.stopped && this.checkFolder());
      return;
    }
    this.workers.set(uid, new PodWorker(this.agent, pod));
  }

  private removeStatic(uid: string, pod: Pod): void {
    const worker = this.workers.get(uid);
    const grace = pod.spec.terminationGracePeriodSeconds ?? 30;
    const deletionTimestamp = rfc3339Micro(this.agent.clock.now);
    worker?.update({ ...pod, metadata: { ...pod.metadata, deletionTimestamp, deletionGracePeriodSeconds: grace } });
    this.deleteMirror(pod);
  }

  private onMirror(type: Change["type"], mirror: Pod): void {
    const key = mirror.metadata.name;
    const own = [...this.staticPods.values()].find((p) => p.metadata.name === key);
    if (type === "DELETED") {
      this.mirrors.delete(key);
      if (own) this.agent.clock.soon(() => !this.stopped && this.ensureMirror(own));
      return;
    }
    this.mirrors.set(key, mirror);
    const stale = !own || mirror.metadata.annotations?.[CONFIG_MIRROR] !== own.metadata.annotations?.[CONFIG_HASH];
    if (stale || mirror.metadata.deletionTimestamp)
      this.tolerant(() => this.api.delete(mirror, { gracePeriodSeconds: 0 }));
    else if (own) this.report(own);
  }

  private ensureMirror(pod: Pod): void {
    if (this.mirrors.has(pod.metadata.name)) return;
    this.tolerant(() => {
      const { uid: hash = "", ...metadata } = pod.metadata;
      const node = this.api.get<Node>("nodes", undefined, this.agent.node);
      if (!node) return;
      const owner = {
        apiVersion: "v1",
        kind: "Node",
        name: node.metadata.name,
        uid: node.metadata.uid ?? "",
        controller: true,
      };
      this.api.create<Pod>(
        copyOf({
          ...pod,
          metadata: {
            ...metadata,
            annotations: { ...metadata.annotations, [CONFIG_MIRROR]: hash },
            ownerReferences: [owner],
          },
        }),
      );
    });
  }

  private deleteMirror(pod: Pod): void {
    const mirror = this.mirrors.get(pod.metadata.name);
    if (mirror) this.tolerant(() => this.api.delete(mirror, { gracePeriodSeconds: 0 }));
  }

  /** What the API server refuses or does not hear is tried again at the next check of the folder. */
  private tolerant(action: () => unknown): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof Status || error instanceof Unreachable)) throw error;
    }
  }

  // ---- reports

  private report(pod: Pod): void {
    const worker = this.workers.get(pod.metadata.uid ?? "");
    if (!worker) return;
    const shown = this.staticPods.has(pod.metadata.uid ?? "") ? this.mirrors.get(pod.metadata.name) : pod;
    if (!shown) return;
    this.tolerant(() => {
      this.api.modify<Pod>(
        shown,
        (current) => {
          if (current.metadata.uid !== shown.metadata.uid) return current;
          worker.pod = shown === pod ? current : { ...worker.pod, status: current.status ?? {} };
          const status = worker.status();
          return equal(status, current.status) ? current : { ...current, status };
        },
        "status",
      );
    });
  }

  private finished(pod: Pod): void {
    const uid = pod.metadata.uid ?? "";
    this.workers.delete(uid);
    if (pod.metadata.annotations?.[CONFIG_HASH]) return;
    try {
      this.api.delete(pod, { gracePeriodSeconds: 0, preconditions: { uid } });
    } catch (error) {
      if (!(error instanceof Status || error instanceof Unreachable)) throw error;
      if (error instanceof Unreachable) this.agent.clock.after(1, () => !this.stopped && this.finished(pod));
    }
  }
}

/** The pod has ended for good. */
function isOver({ status }: Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

/** A copy that the server may own: the text of a manifest is parsed once for all who read it. */
function copyOf(pod: Pod): Pod {
  return JSON.parse(JSON.stringify(pod)) as Pod;
}
