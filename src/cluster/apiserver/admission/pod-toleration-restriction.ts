import { FormatError } from "../../../base/format-error.ts";
import { type JsonObject, parseJson } from "../../../base/json.ts";
import { isList } from "../../../base/json-object.ts";
import { equal } from "../../../kinds/equal.ts";
import { Status } from "../../../kinds/status.ts";
import type { Namespace } from "../../../kinds/types/core.ts";
import type { Container, Pod, Toleration } from "../../../kinds/types/pod.ts";
import type { AdmissionPlugin, AdmissionRequest, AdmissionTools } from "../define.ts";
import { notFound } from "../errors.ts";
import { podIn } from "./requests.ts";

const NAME = "PodTolerationRestriction";
const defaults = "scheduler.alpha.kubernetes.io/defaultTolerations";
const allowed = "scheduler.alpha.kubernetes.io/tolerationsWhitelist";

/** Pods tolerate what their namespace adds, and nothing that it does not allow (kubernetes plugin/pkg/admission/podtolerationrestriction, 1.35). */
export const podTolerationRestriction: AdmissionPlugin = {
  name: NAME,
  offByDefault: true,
  mutate(request, server) {
    const pod = podIn(request);
    if (!pod) return;
    const added = request.operation === "CREATE" ? [...listOf(request, defaults, "default", server)] : [];
    if (!isBestEffort(pod))
      added.push({ key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" });
    if (added.length > 0) pod.spec.tolerations = merged([...(pod.spec.tolerations ?? []), ...added]);
    check(request, pod, server);
  },
  validate(request, server) {
    const pod = podIn(request);
    if (pod) check(request, pod, server);
  },
};

function check(request: AdmissionRequest, { spec }: Pod, server: AdmissionTools): void {
  const own = spec.tolerations ?? [];
  if (own.length === 0) return;
  const list = listOf(request, allowed, "whitelist", server);
  if (list.length === 0 || own.every((one) => list.some((other) => covers(other, one)))) return;
  const scope = annotated(request, allowed, server) === undefined ? "cluster" : "namespace";
  const why = "pod tolerations (possibly merged with namespace default tolerations) conflict with its";
  throw new Status("", `${why} ${scope} whitelist`);
}

/** The namespace's own list, else the cluster's. */
function listOf(
  request: AdmissionRequest,
  annotation: string,
  field: string,
  server: AdmissionTools,
): readonly Toleration[] {
  const own = annotated(request, annotation, server);
  if (own !== undefined) return own;
  const found = (server.configuration(NAME) as JsonObject | undefined)?.[field];
  return isList(found) ? (found as unknown as readonly Toleration[]) : [];
}

function annotated(
  { namespace = "" }: AdmissionRequest,
  annotation: string,
  server: AdmissionTools,
): readonly Toleration[] | undefined {
  const home = server.get<Namespace>("namespaces", undefined, namespace);
  if (!home) throw notFound({ group: "", plural: "namespaces" }, namespace);
  const text = home.metadata.annotations?.[annotation];
  if (text === undefined) return undefined;
  try {
    const list = text === "" ? [] : parseJson(text);
    return isList(list) ? (list as unknown as readonly Toleration[]) : [];
  } catch (error) {
    if (error instanceof FormatError) throw new Status("", error.message);
    throw error;
  }
}

function isBestEffort({ spec }: Pod): boolean {
  const asks = ({ resources }: Container) =>
    Object.keys(resources?.requests ?? {}).length + Object.keys(resources?.limits ?? {}).length > 0;
  return ![...(spec.initContainers ?? []), ...spec.containers].some(asks);
}

/** All tolerations but those that others cover. */
function merged(all: readonly Toleration[]): Toleration[] {
  const kept: Toleration[] = [];
  for (const [i, one] of all.entries()) {
    if (kept.some((other) => covers(other, one))) continue;
    if (all.slice(i + 1).some((other) => !equal(one, other) && covers(other, one))) continue;
    kept.push(one);
  }
  return kept;
}

function covers(wide: Toleration, narrow: Toleration): boolean {
  if (equal(wide, narrow)) return true;
  if (narrow.key !== wide.key && (wide.key || wide.operator !== "Exists")) return false;
  if (narrow.effect !== wide.effect && wide.effect) return false;
  const seconds = wide.effect === "NoExecute" ? wide.tolerationSeconds : undefined;
  if (seconds !== undefined && (narrow.tolerationSeconds === undefined || narrow.tolerationSeconds > seconds))
    return false;
  if (wide.operator === "Exists") return true;
  return narrow.operator === "Equal" && (narrow.value ?? "") === (wide.value ?? "");
}
