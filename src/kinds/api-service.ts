import { rfc3339 } from "../base/time.ts";
import { ageColumn, column, nameColumn } from "./cells.ts";
import type { Kind, Problem } from "./define.ts";
import { describeGeneric } from "./describe/generic.ts";
import { conditionOf } from "./labels.ts";
import { required, wrong } from "./problem.ts";
import type { ApiService } from "./types/aggregation.ts";
import { check } from "./validation/labels.ts";
import { dnsLabel1035, dnsSubdomain } from "./validation/words.ts";

/** A version of an API group, and the server behind it (kube-aggregator pkg/apis/apiregistration, 1.35). */
export const apiService: Kind<ApiService> = {
  kind: "APIService",
  plural: "apiservices",
  group: "apiregistration.k8s.io",
  version: "v1",
  namespaced: false,
  categories: ["api-extensions"],
  subresources: [{ name: "status", kind: "APIService", verbs: ["get", "patch", "update"] }],
  nameRule: "path",
  defaults(object) {
    object.spec ??= { groupPriorityMinimum: 0, versionPriority: 0 };
    if (object.spec.service) object.spec.service.port ??= 443;
  },
  prepareForCreate(object) {
    object.status = {};
  },
  // A local one is available as soon as it is there (registry/apiservice/strategy.go).
  allocate(object, old, { now }) {
    if (old || object.spec.service) return;
    const message = "Local APIServices are always available";
    const since = { lastTransitionTime: rfc3339(now), reason: "Local", message };
    object.status = { conditions: [{ type: "Available", status: "True", ...since }] };
  },
  problems,
  columns: [
    nameColumn,
    column("Service", ({ spec }) => (spec?.service ? `${spec.service.namespace}/${spec.service.name}` : "Local")),
    column("Available", availability),
    ageColumn,
  ],
  describe: describeGeneric,
};

/** True, or False with the reason (registry/apiservice printers, 1.35). */
function availability(object: ApiService): string {
  const condition = conditionOf(object, "Available");
  if (!condition) return "Unknown";
  const { status, reason } = condition;
  return status === "True" || !reason ? status : `${status} (${reason})`;
}

function problems({ metadata, spec }: ApiService): readonly Problem[] {
  const found: Problem[] = [];
  const { group = "", version = "", groupPriorityMinimum = 0, versionPriority = 0 } = spec;
  const name = `${version}.${group}`;
  if (metadata.name !== name)
    found.push(
      wrong("metadata.name", metadata.name, `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(name)}`),
    );
  if (group === "" && version !== "v1")
    found.push(required("spec.group", "only v1 may have an empty group and it better be legacy kube"));
  if (group !== "") check(dnsSubdomain, group, "spec.group", found);
  check(dnsLabel1035, version, "spec.version", found);
  if (groupPriorityMinimum <= 0 || groupPriorityMinimum > 20_000)
    found.push(wrong("spec.groupPriorityMinimum", groupPriorityMinimum, "must be positive and less than 20000"));
  if (versionPriority <= 0 || versionPriority > 1000)
    found.push(wrong("spec.versionPriority", versionPriority, "must be positive and less than 1000"));
  found.push(...(spec.service ? problemsOfRemote(spec) : problemsOfLocal(spec)));
  return found;
}

function problemsOfLocal({ caBundle, insecureSkipTLSVerify }: ApiService["spec"]): Problem[] {
  const found: Problem[] = [];
  if (caBundle) {
    const bytes = Math.floor((caBundle.replace(/=+$/, "").length * 3) / 4);
    found.push(wrong("spec.caBundle", `${bytes} bytes`, "local APIServices may not have a caBundle"));
  }
  if (insecureSkipTLSVerify)
    found.push(wrong("spec.insecureSkipTLSVerify", true, "local APIServices may not have insecureSkipTLSVerify"));
  return found;
}

function problemsOfRemote({ service, caBundle, insecureSkipTLSVerify }: ApiService["spec"]): Problem[] {
  const found: Problem[] = [];
  if (!service?.namespace) found.push(required("spec.service.namespace"));
  if (!service?.name) found.push(required("spec.service.name"));
  const port = service?.port ?? 443;
  if (port < 1 || port > 65_535)
    found.push(wrong("spec.service.port", port, "port is not valid: must be between 1 and 65535, inclusive"));
  if (insecureSkipTLSVerify && caBundle)
    found.push(wrong("spec.insecureSkipTLSVerify", true, "may not be true if caBundle is present"));
  return found;
}
