import type { PriorityClass } from "../../../kinds/types/core.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { AdmissionPlugin, AdmissionRequest, AdmissionTools } from "../define.ts";
import { forbidden } from "../errors.ts";

const classes = "priorityclasses.scheduling.k8s.io";

/** The priority of a pod, from its class or the default one (kubernetes plugin/pkg/admission/priority, 1.35). */
export const priority: AdmissionPlugin = {
  name: "Priority",
  only: ["pods", "priorityclasses.scheduling.k8s.io"],
  mutate(request, server) {
    const { operation, kind, object, subresource } = request;
    if (kind.group !== "" || kind.plural !== "pods" || subresource || !object) return;
    const pod = object as Pod;
    if (operation === "UPDATE") keep(pod, request.old as Pod);
    if (operation === "CREATE") give(request, pod, server);
  },
  validate({ operation, kind, object, old }, server) {
    if (kind.group !== "scheduling.k8s.io" || kind.plural !== "priorityclasses" || !object) return;
    if (operation !== "CREATE" && operation !== "UPDATE") return;
    const wanted = object as PriorityClass;
    if (!wanted.globalDefault) return;
    const other = defaultClass(server);
    if (other && other.metadata.name !== (old ?? wanted).metadata.name) {
      const why = `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`;
      throw forbidden(kind, wanted.metadata.name, why);
    }
  },
};

function keep({ spec }: Pod, { spec: old }: Pod): void {
  if (spec.priority === undefined && old.priority !== undefined) spec.priority = old.priority;
  if (spec.preemptionPolicy === undefined && old.preemptionPolicy !== undefined) {
    spec.preemptionPolicy = old.preemptionPolicy;
  }
}

function give(request: AdmissionRequest, { metadata, spec }: Pod, server: AdmissionTools): void {
  const name = metadata.name || metadata.generateName;
  const named = spec.priorityClassName;
  const found = named ? server.get<PriorityClass>(classes, undefined, named) : defaultClass(server);
  if (named && !found) throw forbidden(request.kind, name, `no PriorityClass with name ${named} was found`);
  const value = found?.value ?? 0;
  const policy = found?.preemptionPolicy ?? "PreemptLowerPriority";
  if (spec.priority !== undefined && spec.priority !== value) {
    throw forbidden(
      request.kind,
      name,
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
    );
  }
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
    throw forbidden(
      request.kind,
      name,
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
    );
  }
  if (!named && found) spec.priorityClassName = found.metadata.name;
  spec.priority = value;
  spec.preemptionPolicy = policy;
}

/** The class for pods that name none: of several the one of lowest value. */
function defaultClass(server: AdmissionTools): PriorityClass | undefined {
  let best: PriorityClass | undefined;
  for (const candidate of server.list<PriorityClass>(classes)) {
    if (candidate.globalDefault && (!best || candidate.value < best.value)) best = candidate;
  }
  return best;
}
