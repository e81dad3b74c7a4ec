import { labelKeyProblems } from "../../../base/label-syntax.ts";
import type { Toleration } from "../../../kinds/types/pod.ts";
import type { AdmissionPlugin } from "../define.ts";
import { podIn } from "./requests.ts";

/** Pods that ask for a special resource tolerate the taint of its nodes (kubernetes plugin/pkg/admission/extendedresourcetoleration, 1.35). */
export const extendedResourceToleration: AdmissionPlugin = {
  name: "ExtendedResourceToleration",
  offByDefault: true,
  mutate(request) {
    const pod = podIn(request);
    if (!pod) return;
    const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
    const names = new Set(containers.flatMap(({ resources }) => Object.keys(resources?.requests ?? {})));
    for (const key of [...names].filter(isExtended).sort()) {
      const toleration: Toleration = { key, operator: "Exists", effect: "NoSchedule" };
      const others = (pod.spec.tolerations ?? []).filter(
        (one) => one.key !== key || one.effect !== "NoSchedule" || one.operator !== "Exists",
      );
      if (others.length === (pod.spec.tolerations ?? []).length) pod.spec.tolerations = [...others, toleration];
    }
  },
};

function isExtended(name: string): boolean {
  const isNative = !name.includes("/") || name.includes("kubernetes.io/");
  return !isNative && !name.startsWith("requests.") && labelKeyProblems(`requests.${name}`).length === 0;
}
