import type { Node } from "../../../kinds/types/core.ts";
import type { AdmissionPlugin } from "../define.ts";

const taint = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" } as const;

/** A new node takes no pods before it is ready (kubernetes plugin/pkg/admission/nodetaint, 1.35). */
export const taintNodesByCondition: AdmissionPlugin = {
  name: "TaintNodesByCondition",
  only: ["nodes"],
  mutate({ operation, kind, object, subresource }) {
    if (operation !== "CREATE" || kind.group !== "" || kind.plural !== "nodes" || subresource || !object) return;
    const { spec } = object as Node;
    const taints = spec.taints ?? [];
    if (!taints.some(({ key, effect }) => key === taint.key && effect === taint.effect)) {
      spec.taints = [...taints, { ...taint }];
    }
  },
};
