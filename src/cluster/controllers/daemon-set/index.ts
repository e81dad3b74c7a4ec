import { equal } from "../../../kinds/equal.ts";
import { matchesSelector } from "../../../kinds/label-selector.ts";
import { isPodReady, ownerReference } from "../../../kinds/labels.ts";
import type { Status } from "../../../kinds/status.ts";
import type { Node } from "../../../kinds/types/core.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { ControllerRevision, DaemonSet } from "../../../kinds/types/workload.ts";
import type { Api } from "../../apiserver/define.ts";
import { claim } from "../claim.ts";
import type { Again, Controller, ControllerTools, Key, Sentence } from "../define.ts";
import { Orphans } from "../orphans.ts";
import { createPod, deletePod, podOf, slowStart } from "../pod-control.ts";
import { isAvailable, isFinished, mattersToOwner, nextAvailability } from "../pod-state.ts";
import { FailedPods } from "./failed-pods.ts";
import { forgetOld, HASH, hashOf, historyOf, kind } from "./history.ts";
import { manage, type Scene } from "./manage.ts";
import { daemonTolerations, Placement, pinned, targetOf } from "./placement.ts";
import { isUpdated, rollOn, type Work } from "./update.ts";

/** At most so many pods at one look (daemon_controller.go BurstReplicas, 1.35). */
const BURST = 250;

interface Memory {
  readonly pods: Orphans<Pod>;
  readonly revisions: Orphans<ControllerRevision>;
  /** By namespace and name of the DaemonSet. */
  readonly placements: Map<string, Placement>;
  readonly failures: Map<string, FailedPods>;
}

/** Keeps one pod of a DaemonSet on every node that is for it (kubernetes pkg/controller/daemon, 1.35). */
export const daemonSet: Controller = {
  name: "daemonset-controller",
  account: "daemon-set-controller",
  source: "daemonset-controller",
  begin() {
    const memory: Memory = {
      pods: new Orphans(),
      revisions: new Orphans(),
      placements: new Map(),
      failures: new Map(),
    };
    const sentence: Sentence<DaemonSet> = {
      for: "daemonsets.apps",
      owns: ["pods", "controllerrevisions.apps"],
      concernsOwner: (object, old, type) =>
        mattersToOwner(object, old, type) ||
        (object.kind === "Pod" && targetOf(object as Pod) !== targetOf(old as Pod)),
      watches: [
        {
          resource: "pods",
          keys: (pod, api, old, type) => (memory.pods.note(pod as Pod, old, type) ? adopters(api, pod) : []),
        },
        {
          resource: "controllerrevisions.apps",
          keys: (object, api, old, type) =>
            memory.revisions.note(object as ControllerRevision, old, type) ? adopters(api, object) : [],
        },
        {
          resource: "nodes",
          keys: (node, api, old, type) => (type === "MODIFIED" && !matters(node, old) ? [] : keysOf(all(api))),
        },
      ],
      concerns: (ds, old, type) =>
        type === "DELETED" || ds.spec !== old?.spec || ds.metadata.deletionTimestamp !== old.metadata.deletionTimestamp,
      reconcile: (api, ds, key, tools) => (ds ? reconcile(api, ds, memory, tools) : forget(memory, key)),
    };
    return [sentence];
  },
};

const all = (api: Api, namespace?: string) => api.list<DaemonSet>("daemonsets.apps", namespace);

function adopters(api: Api, { metadata }: KubeObject): readonly Key[] {
  return keysOf(all(api, metadata.namespace).filter(({ spec }) => matchesSelector(spec.selector, metadata.labels)));
}

function keysOf(sets: readonly DaemonSet[]): readonly Key[] {
  return sets.map(({ metadata }) => ({ namespace: metadata.namespace ?? "", name: metadata.name }));
}

function matters(node: KubeObject, old: KubeObject | undefined): boolean {
  return node.metadata.labels !== old?.metadata.labels || node.spec !== old?.spec;
}

function forget({ placements, failures }: Memory, { namespace, name }: Key): undefined {
  placements.delete(`${namespace}/${name}`);
  failures.delete(`${namespace}/${name}`);
}

function failedPodsOf({ failures }: Memory, { metadata, status }: DaemonSet): FailedPods {
  const key = `${metadata.namespace}/${metadata.name}`;
  const known = failures.get(key) ?? new FailedPods();
  failures.set(key, known);
  return known.of(status?.observedGeneration);
}

/** What is known of where a DaemonSet's pods belong; anew for another spec. */
function placementOf({ placements }: Memory, { metadata, spec }: DaemonSet): Placement {
  const key = `${metadata.namespace}/${metadata.name}`;
  const known = placements.get(key);
  if (known?.isFor(spec)) return known;
  const fresh = new Placement(spec);
  placements.set(key, fresh);
  return fresh;
}

function reconcile(api: Api, ds: DaemonSet, memory: Memory, tools: ControllerTools): Again | undefined {
  const { uid = "", deletionTimestamp } = ds.metadata;
  if (deletionTimestamp) return undefined;
  const history = historyOf(api, ds, memory.revisions);
  if (!history) return undefined;
  const hash = hashOf(history.current);
  const place = placementOf(memory, ds);
  const nodes = api.list<Node>("nodes");
  claim<Pod>(api, "pods", { owner: ds, kind, selector: ds.spec.selector }, memory.pods);
  const { now } = tools.clock;
  const failures = failedPodsOf(memory, ds);
  const scene: Scene = { api, ds, place, nodes, byNode: podsByNode(api, ds), hash, failures, now };
  const work = manage(scene);
  let failed = carryOut(api, ds, work, hash);
  const idle = work.create.length + work.delete.length === 0;
  if (!failed && idle && ds.spec.updateStrategy?.type === "RollingUpdate")
    failed = carryOut(api, ds, rollOn(ds, siteOf(scene), hash, now), hash);
  const pods = api.indexed<Pod>("pods", "owner", uid);
  forgetOld(api, ds, history, pods);
  report(api, ds, place, nodes, podsByNode(api, ds), hash, tools);
  if (failed) throw failed;
  const waits = [nextAvailability(pods, ds.spec.minReadySeconds ?? 0, now), work.againIn].filter(
    (s) => s !== undefined,
  );
  return waits.length === 0 ? undefined : { againIn: Math.min(...waits) };
}

/** The pods of a DaemonSet by the node they are on or bound for, the oldest first. */
function podsByNode(api: Api, ds: DaemonSet): Map<string, Pod[]> {
  const byNode = new Map<string, Pod[]>();
  for (const pod of api.indexed<Pod>("pods", "owner", ds.metadata.uid ?? "")) {
    const node = targetOf(pod);
    // One that has ended and is being deleted is done with: something else holds it (getNodesToDaemonPods, 1.35).
    if (node === undefined || (isFinished(pod) && pod.metadata.deletionTimestamp !== undefined)) continue;
    const there = byNode.get(node);
    if (there) there.push(pod);
    else byNode.set(node, [pod]);
  }
  const age = ({ metadata, spec }: Pod) => `${spec.nodeName ? 0 : 1}${metadata.creationTimestamp}`;
  for (const pods of byNode.values()) if (pods.length > 1) pods.sort((a, b) => (age(a) < age(b) ? -1 : 1));
  return byNode;
}

/** What a rolling update looks at: all nodes with pods of the DaemonSet, and those that should have one (updatedDesiredNodeCounts, 1.35). */
function siteOf({ place, nodes, byNode }: Scene): { byNode: Map<string, readonly Pod[]>; runs: Set<string> } {
  const runs = new Set(nodes.filter((node) => place.verdict(node) === "runs").map(({ metadata }) => metadata.name));
  const all = new Map(byNode);
  for (const name of runs) if (!all.has(name)) all.set(name, []);
  return { byNode: all, runs };
}

function carryOut(api: Api, ds: DaemonSet, work: Work, hash: string): Status | undefined {
  const { template } = ds.spec;
  const reference = ownerReference(ds, kind);
  const tolerations = daemonTolerations(template.spec);
  const generation = ds.metadata.annotations?.["deprecated.daemonset.template.generation"];
  const labels = {
    ...template.metadata?.labels,
    [HASH]: hash,
    ...(generation === undefined ? {} : { "pod-template-generation": generation }),
  };
  let failed: Status | undefined;
  for (const pod of work.delete.slice(0, BURST)) failed = slowStart(1, () => deletePod(api, ds, pod)) ?? failed;
  const unmade = slowStart(Math.min(work.create.length, BURST), (index) => {
    const spec = pinned(template.spec, work.create[index] ?? "", [...tolerations]);
    createPod(api, ds, podOf({ metadata: { ...template.metadata, labels }, spec }, ds, reference));
  });
  return unmade ?? failed;
}

function report(
  api: Api,
  ds: DaemonSet,
  place: Placement,
  nodes: readonly Node[],
  byNode: ReadonlyMap<string, Pod[]>,
  hash: string,
  { clock }: ControllerTools,
): void {
  let [desired, current, misplaced, ready, available, updated] = [0, 0, 0, 0, 0, 0];
  for (const node of nodes) {
    const [first] = byNode.get(node.metadata.name) ?? [];
    const runs = place.verdict(node) === "runs";
    if (runs) desired++;
    if (!first) continue;
    if (!runs) misplaced++;
    if (!runs) continue;
    current++;
    if (isPodReady(first)) ready++;
    if (isAvailable(first, ds.spec.minReadySeconds ?? 0, clock.now)) available++;
    if (isUpdated(ds, first, hash)) updated++;
  }
  const { collisionCount } = ds.status ?? {};
  const status: DaemonSet["status"] = {
    currentNumberScheduled: current,
    numberMisscheduled: misplaced,
    desiredNumberScheduled: desired,
    numberReady: ready,
    ...(ds.metadata.generation ? { observedGeneration: ds.metadata.generation } : {}),
    ...(updated ? { updatedNumberScheduled: updated } : {}),
    ...(available ? { numberAvailable: available } : {}),
    ...(desired - available ? { numberUnavailable: desired - available } : {}),
    ...(collisionCount === undefined ? {} : { collisionCount }),
  };
  if (!equal(status, ds.status)) api.modify<DaemonSet>(ds, (now) => ({ ...now, status }), "status");
}
