import type { PersistentVolumeClaim, StorageClass } from "../../../kinds/types/core.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { CSINode } from "../../../kinds/types/storage.ts";
import type { Api } from "../../apiserver/define.ts";
import { claimNamesOf } from "../../storage/pod-claims.ts";
import type { SchedulerPlugin } from "../define.ts";
import { podLeft, storageChanged } from "../events.ts";
import { volumeNamed } from "../pod-volumes.ts";

const NAME = "NodeVolumeLimits";

/** The volumes of CSI drivers that a pod uses: the handle, and the driver. */
type Attached = ReadonlyMap<string, string>;

function attachedBy(pod: Pod, api: Api): Attached {
  const attached = new Map<string, string>();
  const { namespace = "" } = pod.metadata;
  for (const name of claimNamesOf(pod)) {
    const claim = api.get<PersistentVolumeClaim>("persistentvolumeclaims", namespace, name);
    if (!claim) continue;
    const { volumeName, storageClassName } = claim.spec;
    const csi = volumeNamed(api, volumeName)?.spec.csi as { driver?: string; volumeHandle?: string } | undefined;
    if (csi?.driver) attached.set(`${csi.driver}/${csi.volumeHandle}`, csi.driver);
    else if (!volumeName && storageClassName) {
      // What its class will provision counts as well.
      const driver = api.get<StorageClass>("storageclasses.storage.k8s.io", undefined, storageClassName)?.provisioner;
      if (driver) attached.set(`${driver}/${namespace}/${name}`, driver);
    }
  }
  return attached;
}

/** How many volumes of its drivers a node takes. */
function limitsOf(node: string, api: Api): ReadonlyMap<string, number> {
  const limits = new Map<string, number>();
  const found = api.get<CSINode>("csinodes.storage.k8s.io", undefined, node);
  for (const { name, allocatable } of found?.spec.drivers ?? [])
    if (allocatable?.count !== undefined) limits.set(name, allocatable.count);
  return limits;
}

/** A node takes only so many volumes of a CSI driver (CSINode, spec.drivers[].allocatable.count). */
export const nodeVolumeLimits: SchedulerPlugin = {
  name: NAME,
  preFilter(pod, { api, kept }) {
    const attached = claimNamesOf(pod).length > 0 ? attachedBy(pod, api) : new Map<string, string>();
    if (attached.size === 0) return "skip";
    kept.set(NAME, attached);
    return undefined;
  },
  filter(_pod, { node, pods }, { api, kept }) {
    const limits = limitsOf(node.metadata.name, api);
    if (limits.size === 0) return undefined;
    const all = new Map(kept.get(NAME) as Attached);
    const wanted = new Map(all);
    for (const other of pods.values())
      if (claimNamesOf(other).length > 0)
        for (const [handle, driver] of attachedBy(other, api)) {
          all.set(handle, driver);
          wanted.delete(handle);
        }
    // What is on the node already needs no more room there.
    for (const driver of new Set(wanted.values())) {
      const count = [...all.values()].filter((other) => other === driver).length;
      if (count > (limits.get(driver) ?? Number.POSITIVE_INFINITY))
        return { reasons: ["node(s) exceed max volume count"], unresolvable: false };
    }
    return undefined;
  },
  helpedBy: (event) =>
    (podLeft(event) && event.of === "pod" && claimNamesOf(event.object).length > 0) ||
    (event.of === "node" && event.type === "ADDED") ||
    storageChanged(event, "CSINode", "PersistentVolumeClaim"),
};
