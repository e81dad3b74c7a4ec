import { compareQuantity, parseQuantity } from "../../base/quantity.ts";
import { matchesSelector } from "../../kinds/label-selector.ts";
import type { Node, PersistentVolumeClaim, StorageClass } from "../../kinds/types/core.ts";
import type { CSIDriver, CSIStorageCapacity } from "../../kinds/types/storage.ts";
import type { Api } from "../apiserver/define.ts";

interface TopologyTerm {
  readonly matchLabelExpressions?: readonly { readonly key: string; readonly values: readonly string[] }[];
}

/** Why no volume can be made for a claim on a node: its class is for other nodes, or its driver has no room there. */
export function classRefusal(
  owner: StorageClass,
  claim: PersistentVolumeClaim,
  { metadata }: Node,
  api: Api,
): "topology" | "space" | undefined {
  const { labels = {} } = metadata;
  const terms = (owner.allowedTopologies ?? []) as readonly TopologyTerm[];
  const allows = ({ matchLabelExpressions = [] }: TopologyTerm) =>
    matchLabelExpressions.every(({ key, values }) => values.includes(labels[key] ?? ""));
  if (terms.length > 0 && !terms.some(allows)) return "topology";
  const driver = api.get<CSIDriver>("csidrivers.storage.k8s.io", undefined, owner.provisioner);
  if (!driver?.spec.storageCapacity) return undefined;
  const wanted = parseQuantity(claim.spec.resources?.requests?.storage ?? "0");
  const fits = ({ storageClassName, capacity, maximumVolumeSize, nodeTopology }: CSIStorageCapacity) => {
    const room = maximumVolumeSize ?? capacity;
    if (storageClassName !== owner.metadata.name || room === undefined) return false;
    return compareQuantity(parseQuantity(room), wanted) >= 0 && matchesSelector(nodeTopology, labels);
  };
  return api.list<CSIStorageCapacity>("csistoragecapacities.storage.k8s.io").some(fits) ? undefined : "space";
}
