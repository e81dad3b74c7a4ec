import { goQuote } from "../../../base/go-text.ts";
import { equal } from "../../../kinds/equal.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { RuntimeClass } from "../../../kinds/types/policy.ts";
import type { AdmissionPlugin, AdmissionRequest, AdmissionTools } from "../define.ts";
import { forbidden } from "../errors.ts";

/** A pod that names a runtime class gets its overhead and its nodes (kubernetes plugin/pkg/admission/runtimeclass, 1.35). */
export const runtimeClass: AdmissionPlugin = {
  name: "RuntimeClass",
  only: ["pods"],
  mutate(request, server) {
    const pod = newPod(request);
    const found = pod && classOf(request, pod, server);
    if (!pod || !found) return;
    const { overhead, scheduling } = found;
    if (overhead?.podFixed) {
      pod.spec.overhead ??= { ...overhead.podFixed };
      if (!equal(pod.spec.overhead, overhead.podFixed))
        throw rejected(request, pod, "Pod's Overhead doesn't match RuntimeClass's defined Overhead");
    }
    for (const [key, value] of Object.entries(scheduling?.nodeSelector ?? {})) {
      const own = pod.spec.nodeSelector?.[key];
      if (own !== undefined && own !== value) {
        const place = `nodeSelector[${key}]`;
        const why = `conflict: runtimeClass.scheduling.${place} = ${value}; pod.spec.${place} = ${own}`;
        throw forbidden(request.kind, nameOf(pod), why);
      }
      pod.spec.nodeSelector = { ...pod.spec.nodeSelector, [key]: value };
    }
    const more = (scheduling?.tolerations ?? []) as NonNullable<Pod["spec"]["tolerations"]>;
    const known = pod.spec.tolerations ?? [];
    const added = more.filter((one) => !known.some((other) => equal(one, other)));
    if (added.length > 0) pod.spec.tolerations = [...known, ...added];
  },
  validate(request, server) {
    const pod = newPod(request);
    if (!pod) return;
    const found = classOf(request, pod, server);
    if (pod.spec.overhead && !found?.overhead?.podFixed)
      throw rejected(request, pod, "Pod Overhead set without corresponding RuntimeClass defined Overhead");
  },
};

function newPod({ operation, kind, object, subresource }: AdmissionRequest): Pod | undefined {
  const isNew = operation === "CREATE" && kind.group === "" && kind.plural === "pods" && !subresource;
  return isNew ? (object as Pod | undefined) : undefined;
}

function classOf(request: AdmissionRequest, pod: Pod, server: AdmissionTools): RuntimeClass | undefined {
  const { runtimeClassName: name } = pod.spec;
  if (!name) return undefined;
  const found = server.get<RuntimeClass>("runtimeclasses.node.k8s.io", undefined, name);
  if (!found) throw rejected(request, pod, `RuntimeClass ${goQuote(name)} not found`);
  return found;
}

function nameOf({ metadata }: Pod): string | undefined {
  return metadata.name || metadata.generateName;
}

function rejected({ kind }: AdmissionRequest, pod: Pod, why: string) {
  return forbidden(kind, nameOf(pod), `pod rejected: ${why}`);
}
