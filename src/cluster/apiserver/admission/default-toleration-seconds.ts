import type { Pod, Toleration } from "../../../kinds/types/pod.ts";
import type { AdmissionPlugin } from "../define.ts";

/** Why a pod leaves its node, and the flag that says after how many seconds. */
const keys = {
  "node.kubernetes.io/not-ready": "default-not-ready-toleration-seconds",
  "node.kubernetes.io/unreachable": "default-unreachable-toleration-seconds",
};
const usual = "300";

/** Pods tolerate trouble of their node for a while (kubernetes plugin/pkg/admission/defaulttolerationseconds, 1.35). */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: "DefaultTolerationSeconds",
  only: ["pods"],
  mutate({ operation, kind, object, subresource }, { flags }) {
    if (kind.group !== "" || kind.plural !== "pods" || subresource || !object) return;
    if (operation !== "CREATE" && operation !== "UPDATE") return;
    const { spec } = object as Pod;
    const missing = Object.entries(keys).filter(
      ([key]) => !spec.tolerations?.some((toleration) => tolerates(toleration, key)),
    );
    if (missing.length === 0) return;
    const added = missing.map(
      ([key, flag]): Toleration => ({
        key,
        operator: "Exists",
        effect: "NoExecute",
        tolerationSeconds: Number(flags[flag] ?? usual),
      }),
    );
    spec.tolerations = [...(spec.tolerations ?? []), ...added];
  },
};

function tolerates({ key, effect }: Toleration, wanted: string): boolean {
  return (key === wanted || !key) && (effect === "NoExecute" || !effect);
}
