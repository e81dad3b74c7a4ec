import type { AdmissionPlugin } from "../define.ts";
import { forbidden } from "../errors.ts";
import { podIn } from "./requests.ts";

const hostname = "kubernetes.io/hostname";

/** Pods may insist on being apart by node alone (kubernetes plugin/pkg/admission/antiaffinity, 1.35). */
export const limitPodHardAntiAffinityTopology: AdmissionPlugin = {
  name: "LimitPodHardAntiAffinityTopology",
  offByDefault: true,
  validate(request) {
    const pod = podIn(request);
    for (const { topologyKey } of pod?.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ??
      []) {
      if (topologyKey === hostname) continue;
      const why = `affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey ${topologyKey} but only key ${hostname} is allowed`;
      throw forbidden(request.kind, pod?.metadata.name, why);
    }
  },
};
