import type { JsonObject } from "../../../base/json.ts";
import { isObject } from "../../../base/json-object.ts";
import { Status } from "../../../kinds/status.ts";
import type { Namespace } from "../../../kinds/types/core.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { AdmissionPlugin, AdmissionRequest, AdmissionTools } from "../define.ts";
import { forbidden, notFound } from "../errors.ts";
import { podIn } from "./requests.ts";

const NAME = "PodNodeSelector";
const annotation = "scheduler.alpha.kubernetes.io/node-selector";

type Labels = Readonly<Record<string, string>>;

/** Pods go where their namespace says (kubernetes plugin/pkg/admission/podnodeselector, 1.35). */
export const podNodeSelector: AdmissionPlugin = {
  name: NAME,
  offByDefault: true,
  mutate(request, server) {
    const pod = request.operation === "CREATE" ? podIn(request) : undefined;
    if (!pod) return;
    const wanted = selectorOf(request, server);
    checkConflict(request, pod, wanted);
    const merged = { ...wanted, ...pod.spec.nodeSelector };
    if (Object.keys(merged).length > 0) pod.spec.nodeSelector = merged;
    checkAllowed(request, pod, server);
  },
  validate(request, server) {
    const pod = request.operation === "CREATE" ? podIn(request) : undefined;
    if (!pod) return;
    checkConflict(request, pod, selectorOf(request, server));
    checkAllowed(request, pod, server);
  },
};

function checkConflict({ kind }: AdmissionRequest, { metadata, spec }: Pod, wanted: Labels): void {
  const own = spec.nodeSelector ?? {};
  if (Object.keys(wanted).every((key) => own[key] === undefined || own[key] === wanted[key])) return;
  const why = "pod node label selector conflicts with its namespace node label selector";
  throw forbidden(kind, metadata.name, why);
}

function checkAllowed(
  { kind, namespace = "" }: AdmissionRequest,
  { metadata, spec }: Pod,
  server: AdmissionTools,
): void {
  const allowed = labelsIn(settings(server)[namespace]);
  const own = Object.entries(spec.nodeSelector ?? {});
  if (Object.keys(allowed).length === 0 || own.every(([key, value]) => allowed[key] === value)) return;
  throw forbidden(kind, metadata.name, "pod node label selector labels conflict with its namespace whitelist");
}

function selectorOf({ namespace = "" }: AdmissionRequest, server: AdmissionTools): Labels {
  const home = server.get<Namespace>("namespaces", undefined, namespace);
  if (!home) throw notFound({ group: "", plural: "namespaces" }, namespace);
  return labelsIn(home.metadata.annotations?.[annotation] ?? settings(server).clusterDefaultNodeSelector);
}

function settings(server: AdmissionTools): Readonly<Record<string, string>> {
  const found: JsonObject = server.configuration(NAME) ?? {};
  const inner = found.podNodeSelectorPluginConfig;
  return (isObject(inner) ? inner : {}) as Readonly<Record<string, string>>;
}

/** a=b,c=d */
function labelsIn(text: string | undefined): Labels {
  const labels: Record<string, string> = {};
  for (const one of text ? text.split(",") : []) {
    const [key, value, ...more] = one.split("=");
    if (!key || value === undefined || more.length > 0)
      throw new Status("", `invalid selector: [${one.split("=").join(" ")}]`);
    labels[key.trim()] = value.trim();
  }
  return labels;
}
