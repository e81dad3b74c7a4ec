import { wholeValue } from "../../../base/quantity.ts";
import { podLimits } from "../../../kinds/pod-resources.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { containerDisk, podDisk, volumeBytes } from "../usage/disk.ts";
import { binaryText } from "./observe.ts";

/** Whether a spec limits what its pod writes at all. */
const limits = new WeakMap<Pod["spec"], boolean>();

function isLimited({ spec }: Pod): boolean {
  let known = limits.get(spec);
  if (known === undefined) {
    known =
      (spec.volumes ?? []).some(({ emptyDir }) => emptyDir?.sizeLimit !== undefined) ||
      podLimits({ spec })["ephemeral-storage"] !== undefined;
    limits.set(spec, known);
  }
  return known;
}

/** Why a pod has to go because of what it has written, whatever room the node has (eviction_manager.go localStorageEviction, 1.35). */
export function storageProblem(runtime: Runtime, pod: Pod): string | undefined {
  if (!isLimited(pod)) return undefined;
  const uid = pod.metadata.uid ?? "";
  const limited = (pod.spec.volumes ?? []).filter(({ emptyDir }) => emptyDir?.sizeLimit !== undefined);
  const limit = podLimits(pod)["ephemeral-storage"];
  const sizes = volumeBytes(runtime, uid);
  for (const { name, emptyDir } of limited) {
    const most = emptyDir?.sizeLimit ?? "0";
    const used = sizes.get(name);
    if (used !== undefined && wholeValue(most) > 0 && used > wholeValue(most))
      return `Usage of EmptyDir volume "${name}" exceeds the limit "${most}". `;
  }
  if (limit === undefined) return undefined;
  if (podDisk(runtime, uid) > limit)
    return `Pod ephemeral local storage usage exceeds the total limit of containers ${binaryText(limit)}. `;
  for (const container of runtime.containersOf(uid)) {
    const of = pod.spec.containers.find(({ name }) => name === container.name)?.resources?.limits?.[
      "ephemeral-storage"
    ];
    if (of !== undefined && wholeValue(of) > 0 && containerDisk(container) > wholeValue(of))
      return `Container ${container.name} exceeded its local ephemeral storage limit "${of}". `;
  }
  return undefined;
}
