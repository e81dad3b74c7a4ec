import type { Pod, Toleration } from "../../../kinds/types/pod.ts";
import type { AdmissionPlugin } from "../define.ts";

/** Seconds that a pod stays on a node that is not ready or cannot be reached (--default-not-ready-toleration-seconds). */
const seconds = 300;
const keys = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/** Pods tolerate trouble of their node for a while (kubernetes plugin/pkg/admission/defaulttolerationseconds, 1.35). */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: "DefaultTolerationSeconds",
  mutate({ operation, kind, object, subresource }) {
    if (kind.group !== "" || kind.plural !== "pods" || subresource || !object) return;
    if (operation !== "CREATE" && operation !== "UPDATE") return;
    const { spec } = object as Pod;
    const missing = keys.filter((key) => !spec.tolerations?.some((toleration) => tolerates(toleration, key)));
    if (missing.length === 0) return;
    const added = missing.map(
      (key): Toleration => ({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: seconds }),
    );
    spec.tolerations = [...(spec.tolerations ?? []), ...added];
  },
};

function tolerates({ key, effect }: Toleration, wanted: string): boolean {
  return (key === wanted || !key) && (effect === "NoExecute" || !effect);
}
