import { Status } from "../../kinds/status.ts";
import type { KubeObject, OwnerReference } from "../../kinds/types/meta.ts";
import type { Pod, PodTemplateSpec } from "../../kinds/types/pod.ts";
import type { Api } from "../apiserver/define.ts";

/** A pod as a template stamps it out, for its owner (GetPodFromTemplate, 1.35). The spec is shared, not copied. */
export function podOf(template: PodTemplateSpec, owner: KubeObject, reference: OwnerReference): Pod {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "",
      generateName: `${owner.metadata.name}-`,
      ...(owner.metadata.namespace === undefined ? {} : { namespace: owner.metadata.namespace }),
      ...(labels ? { labels: { ...labels } } : {}),
      ...(annotations ? { annotations: { ...annotations } } : {}),
      ...(finalizers ? { finalizers: [...finalizers] } : {}),
      ownerReferences: [reference],
    },
    spec: template.spec,
  };
}

/** Whether something cannot be made because its namespace is being deleted: nothing to worry about. */
export function isNamespaceEnding(error: unknown): boolean {
  return (
    error instanceof Status && (error.details?.causes?.some(({ reason }) => reason === "NamespaceTerminating") ?? false)
  );
}

/** Creates a pod for its owner and says so in an event. */
export function createPod(api: Api, owner: KubeObject, pod: Pod): Pod | undefined {
  try {
    const made = api.create(pod);
    api.event(owner, { type: "Normal", reason: "SuccessfulCreate", message: `Created pod: ${made.metadata.name}` });
    return made;
  } catch (error) {
    if (!(error instanceof Status)) throw error;
    if (isNamespaceEnding(error)) return undefined;
    api.event(owner, { type: "Warning", reason: "FailedCreate", message: `Error creating: ${error.message}` });
    throw error;
  }
}

/** Deletes a pod of an owner and says so in an event. */
export function deletePod(api: Api, owner: KubeObject, pod: Pod): void {
  try {
    api.delete(pod, pod.metadata.uid ? { preconditions: { uid: pod.metadata.uid } } : {});
    api.event(owner, { type: "Normal", reason: "SuccessfulDelete", message: `Deleted pod: ${pod.metadata.name}` });
  } catch (error) {
    if (!(error instanceof Status)) throw error;
    api.event(owner, { type: "Warning", reason: "FailedDelete", message: `Error deleting: ${error.message}` });
    throw error;
  }
}

/**
 * Makes `count` things in batches of 1, 2, 4 …: after a batch in which something failed, no more are tried
 * (slowStartBatch, 1.35). Gives the first failure.
 */
export function slowStart(count: number, make: (index: number) => void): Status | undefined {
  for (let done = 0, batch = 1; done < count; batch *= 2) {
    const end = Math.min(done + batch, count);
    let failed: Status | undefined;
    for (; done < end; done++) {
      try {
        make(done);
      } catch (error) {
        if (!(error instanceof Status)) throw error;
        failed ??= error;
      }
    }
    if (failed) return failed;
  }
  return undefined;
}
