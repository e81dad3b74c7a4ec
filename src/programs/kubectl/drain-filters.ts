import { compareText } from "../../base/json.ts";
import type { Pod } from "../../kinds/types/pod.ts";

/** What drain may do with pods that are not simply evicted. */
export interface DrainWishes {
  readonly force: boolean;
  readonly ignoreDaemonSets: boolean;
  readonly deleteEmptyDir: boolean;
}

/** A group of pods that drain speaks of at once. */
export interface DrainGroup {
  readonly text: string;
  readonly pods: readonly string[];
}

export interface DrainPlan {
  readonly evict: readonly Pod[];
  readonly warnings: readonly DrainGroup[];
  readonly faults: readonly DrainGroup[];
}

type Verdict = { readonly evict: boolean; readonly warning?: string; readonly fault?: string };

const mirror = "kubernetes.io/config.mirror";

/** What drain does with the pods of a node (kubectl pkg/drain/filters.go, 1.35): the first filter that says no decides. */
export function drainPlan(pods: readonly Pod[], wishes: DrainWishes, owned: (pod: Pod) => boolean): DrainPlan {
  const evict: Pod[] = [];
  const warnings = new Map<string, string[]>();
  const faults = new Map<string, string[]>();
  for (const pod of pods) {
    const { evict: going, warning, fault } = verdictOn(pod, wishes, owned);
    const name = `${pod.metadata.namespace}/${pod.metadata.name}`;
    if (warning !== undefined) add(warnings, warning, name);
    if (fault !== undefined) add(faults, fault, name);
    if (going) evict.push(pod);
  }
  return { evict, warnings: groups(warnings), faults: groups(faults) };
}

function verdictOn(pod: Pod, wishes: DrainWishes, owned: (pod: Pod) => boolean): Verdict {
  const { phase } = pod.status ?? {};
  const isOver = phase === "Succeeded" || phase === "Failed";
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller);
  let verdict: Verdict = { evict: true };
  // DaemonSets bring their pods back at once, whatever unschedulable says.
  if (owner?.kind === "DaemonSet" && owner.apiVersion.startsWith("apps/") && !isOver) {
    if (!owned(pod)) {
      if (!wishes.force)
        return { evict: false, fault: "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)" };
    } else {
      return wishes.ignoreDaemonSets
        ? { evict: false, warning: "ignoring DaemonSet-managed Pods" }
        : { evict: false, fault: "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)" };
    }
  }
  if (pod.metadata.annotations?.[mirror] !== undefined) return { evict: false };
  if ((pod.spec.volumes ?? []).some((volume) => "emptyDir" in volume && volume.emptyDir !== undefined) && !isOver) {
    if (!wishes.deleteEmptyDir)
      return { evict: false, fault: "cannot delete Pods with local storage (use --delete-emptydir-data to override)" };
    verdict = { evict: true, warning: "deleting Pods with local storage" };
  }
  if (!owner && !isOver) {
    return wishes.force
      ? { evict: true, warning: "deleting Pods that declare no controller" }
      : {
          evict: false,
          fault: "cannot delete cannot delete Pods that declare no controller (use --force to override)",
        };
  }
  return verdict;
}

function add(table: Map<string, string[]>, text: string, name: string): void {
  table.set(text, [...(table.get(text) ?? []), name]);
}

function groups(table: ReadonlyMap<string, readonly string[]>): readonly DrainGroup[] {
  return [...table].toSorted(([a], [b]) => compareText(a, b)).map(([text, pods]) => ({ text, pods }));
}
