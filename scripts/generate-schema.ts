// Makes src/schema/data from pinned npm packages and the tables beside this file: npx tsx scripts/generate-schema.ts
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chooseText } from "./schema/choose-texts.ts";
import { fetchPackages } from "./schema/fetch-packages.ts";
import { type ClientType, type GroupVersion, readClientNode, servedGroupVersions } from "./schema/read-client-node.ts";
import {
  type ApplyRules,
  type GoField,
  packageOf,
  readApplyRules,
  readGoTypes,
  shortName,
} from "./schema/read-go-types.ts";
import { readCdk8s, readKubernetesModels, readKubernetesTypes } from "./schema/read-texts.ts";
import { type PackageData, writeData } from "./schema/write-data.ts";

const here = dirname(fileURLToPath(import.meta.url));

/** The release described. Fields and types that client-node has from a later branch fall away: go-types.txt lacks them. */
const kubernetes = { major: "1", minor: "35", gitVersion: "v1.35.0" };

/** What was required, or not, in this release and is the other way round in client-node's. */
const requiredHere: Readonly<Record<string, boolean>> = {
  "authentication.v1.TokenRequest#spec": true,
  "authentication.v1.TokenRequestSpec#audiences": true,
  "authentication.v1.TokenRequestStatus#expirationTimestamp": true,
  "authentication.v1.TokenRequestStatus#token": true,
  "core.v1.EphemeralContainerCommon#name": true,
  "admissionregistration.v1.ValidatingAdmissionPolicyBinding#spec": false,
  "admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec#policyName": false,
  "admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec#validationActions": false,
  "authentication.v1.TokenReviewSpec#token": false,
  "autoscaling.v1.HorizontalPodAutoscaler#spec": false,
  "autoscaling.v2.HorizontalPodAutoscaler#spec": false,
  "batch.v1.CronJob#spec": false,
  "discovery.v1.EndpointSlice#endpoints": true,
  "networking.v1.IPAddress#spec": false,
  "policy.v1.PodDisruptionBudgetStatus#currentHealthy": true,
  "policy.v1.PodDisruptionBudgetStatus#desiredHealthy": true,
  "policy.v1.PodDisruptionBudgetStatus#disruptionsAllowed": true,
  "policy.v1.PodDisruptionBudgetStatus#expectedPods": true,
  "rbac.v1.RoleRef#apiGroup": true,
  "scheduling.v1.PriorityClass#value": true,
};

/** Texts of this release that none of the packages has; from k8s.io/api v0.35.0. */
const textsHere: Readonly<Record<string, string>> = {
  "core.v1.PodSpec#workloadRef":
    "WorkloadRef provides a reference to the Workload object that this Pod belongs to. This field is used by the scheduler to identify the PodGroup and apply the correct group scheduling policies. The Workload object referenced by this field may not exist at the time the Pod is created. This field is immutable, but a Workload object with the same name may be recreated with different policies. Doing this during pod scheduling may result in the placement not conforming to the expected policies.",
  "core.v1.WorkloadReference":
    "WorkloadReference identifies the Workload object and PodGroup membership that a Pod belongs to. The scheduler uses this information to apply workload-aware scheduling semantics.",
  "core.v1.WorkloadReference#name":
    "Name defines the name of the Workload object this Pod belongs to. Workload must be in the same namespace as the Pod. If it doesn't match any existing Workload, the Pod will remain unschedulable until a Workload object is created and observed by the kube-scheduler. It must be a DNS subdomain.",
  "core.v1.WorkloadReference#podGroup":
    "PodGroup is the name of the PodGroup within the Workload that this Pod belongs to. If it doesn't match any existing PodGroup within the Workload, the Pod will remain unschedulable until the Workload object is recreated and observed by the kube-scheduler. It must be a DNS label.",
  "core.v1.WorkloadReference#podGroupReplicaKey":
    "PodGroupReplicaKey specifies the replica key of the PodGroup to which this Pod belongs. It is used to distinguish pods belonging to different replicas of the same pod group. The pod group policy is applied separately to each replica. When set, it must be a DNS label.",
};

const meta = "io.k8s.apimachinery.pkg.apis.meta.v1";

const apiextensions = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1";

/** Types that are plain values in the field tables, but have a name and a text in the description. */
const named = [
  `${meta}.Time`,
  `${meta}.MicroTime`,
  `${meta}.FieldsV1`,
  `${apiextensions}.JSON`,
  `${apiextensions}.JSONSchemaPropsOrArray`,
  `${apiextensions}.JSONSchemaPropsOrBool`,
  `${apiextensions}.JSONSchemaPropsOrStringArray`,
  "io.k8s.apimachinery.pkg.api.resource.Quantity",
  "io.k8s.apimachinery.pkg.runtime.RawExtension",
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
];

const goTypes = readGoTypes(readFileSync(join(here, "schema/go-types.txt"), "utf8"));
const rules = readApplyRules(readFileSync(join(here, "schema/apply-rules.txt"), "utf8"));
const temporary = mkdtempSync(join(tmpdir(), "schema-"));
try {
  generate();
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

function generate(): void {
  checkRules();
  const folders = fetchPackages(temporary);
  const client = readClientNode(folders.clientNode, [...goTypes.keys()]);
  const names = wanted(client);
  const prefixes = [...new Set([...names, ...named].map(packageOf))].sort();
  const models = readKubernetesModels(folders.kubernetesModels, [...names, ...named]);
  const sources = {
    client,
    cdk8s: readCdk8s(folders.cdk8s),
    types: readKubernetesTypes(folders.kubernetesTypes, prefixes),
    models: models.texts,
    lost: new Set([...client.values()].map((t) => t.text.replace(/\s+/g, " ").trim())),
  };
  // client-node gives fields of this type the text of the type.
  const port = client.get("io.k8s.api.core.v1.TCPSocketAction")?.fields.get("port")?.text;
  if (port) sources.types.set("io.k8s.apimachinery.pkg.util.intstr.IntOrString", port);
  const served = new Map(servedGroupVersions(folders.clientNode).map((gv) => [packageKey(gv), gv]));
  const packages: PackageData[] = prefixes.map((prefix) => {
    const key = shortName(prefix).split(".").slice(-2).join(".");
    const types = names.filter((n) => packageOf(n) === prefix);
    const gv = served.get(key) ?? { group: prefix === meta ? "meta.k8s.io" : "", version: key.split(".")[1] ?? "" };
    if (!served.has(key) && prefix !== meta && types.length > 0) throw new Error(`${prefix} is not served`);
    return {
      key,
      prefix,
      ...gv,
      types: types.flatMap((t) => typeLines(t, prefix, client.get(t), models.enums, models.texts)),
      texts: textLines(
        [...types, ...named.filter((n) => packageOf(n) === prefix)],
        (name) => textsHere[shortText(name)] ?? chooseText(name, sources),
      ),
    };
  });
  writeData(join(here, "../src/schema/data"), packages, kubernetes);
  report(names, client);
}

/** io.k8s.api.core.v1.PodSpec#nodeName → core.v1.PodSpec#nodeName */
function shortText(name: string): string {
  const [type = "", field] = name.split("#");
  return field === undefined ? shortName(type) : `${shortName(type)}#${field}`;
}

/** A rule that names nothing is a mistake. */
function checkRules(): void {
  const places = new Set<string>();
  for (const [name, fields] of goTypes) {
    places.add(shortName(name));
    for (const field of fields) places.add(`${shortName(name)}.${field.name}`);
  }
  for (const table of Object.values(rules)) {
    for (const where of table.keys()) if (!places.has(where)) throw new Error(`apply-rules.txt: there is no ${where}`);
  }
}

/** core.v1 of the group-version "" v1. */
function packageKey(gv: GroupVersion): string {
  const group = gv.group === "" ? "core" : (gv.group.split(".")[0] ?? "");
  return `${group}.${gv.version}`;
}

/** What client-node has a class for, and everything reachable from there. */
function wanted(client: Map<string, ClientType>): string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    for (const field of goTypes.get(name) ?? []) {
      const target = field.type.replace(/^(\[\]|\{\})+/, "");
      if (goTypes.has(target)) visit(target);
    }
  };
  for (const name of client.keys()) visit(name);
  return [...found].sort();
}

function typeLines(
  name: string,
  prefix: string,
  client: ClientType | undefined,
  enums: Map<string, readonly string[]>,
  texts: Map<string, string>,
): string[] {
  const short = shortName(name);
  const fields = goTypes.get(name) ?? [];
  const marks = [
    isKind(fields) ? "kind" : "",
    mark("map", rules.maps.get(short)),
    mark("union", rules.unions.get(short)),
  ];
  const lines = [[name.slice(prefix.length + 1), ...marks].filter((m) => m !== "").join(" ")];
  for (const field of fields) {
    const values = texts.get(`${name}#${field.name}`)?.includes("Possible enum values:")
      ? enums.get(`${name}#${field.name}`)
      : [];
    const words = [
      field.name,
      field.type.replace(/io\.k8s\S+/, (t) => (packageOf(t) === prefix ? t.slice(prefix.length + 1) : shortName(t))),
      (requiredHere[`${short}#${field.name}`] ?? client?.fields.get(field.name)?.required) ? "r" : "",
      ...field.marks,
      ...applyMarks(`${short}.${field.name}`, rules),
      mark("enum", values?.join(",")),
    ];
    lines.push(` ${words.filter((w) => w !== "").join(" ")}`);
  }
  return lines;
}

function applyMarks(where: string, from: ApplyRules): string[] {
  const list = from.lists.get(where);
  return [
    mark("list", list?.replace(" ", ":")),
    mark("map", from.maps.get(where)),
    mark("default", from.defaults.get(where)),
  ];
}

function mark(word: string, value: string | undefined): string {
  return value === undefined || value === "" ? "" : `${word}=${value.replaceAll(" ", ":")}`;
}

function isKind(fields: readonly GoField[]): boolean {
  return fields.some((f) => f.name === "apiVersion" && f.marks.length === 0) && fields.some((f) => f.name === "kind");
}

/** One line a text; a text that stood before in the package is named instead of repeated. */
function textLines(types: readonly string[], textOf: (name: string) => string): string[] {
  const seen = new Map<string, string>();
  const lines: string[] = [];
  const add = (start: string, where: string, text: string): void => {
    const before = seen.get(text);
    if (before === undefined && text.length > 40) seen.set(text, where);
    if (text === "") return;
    lines.push(
      `${start}\t${before === undefined ? text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n") : `=${before}`}`,
    );
  };
  for (const type of types) {
    const short = type.slice(type.lastIndexOf(".") + 1);
    add(short, short, textOf(type));
    for (const field of jsonFields(type)) add(` ${field}`, `${short}#${field}`, textOf(`${type}#${field}`));
  }
  return lines;
}

/** The names in JSON, those of inlined structs too. */
function jsonFields(type: string): string[] {
  return (goTypes.get(type) ?? []).flatMap((f) => (f.name === "~" ? jsonFields(f.type) : [f.name]));
}

/** Says where client-node and the field tables differ, and what has no text. */
function report(names: readonly string[], client: Map<string, ClientType>): void {
  for (const name of names) {
    const type = client.get(name);
    const fields = new Set(jsonFields(name));
    if (!type) console.log(`no class: ${name}`);
    for (const field of type?.fields.keys() ?? [])
      if (!fields.has(field)) console.log(`later than this release: ${name}#${field}`);
    for (const field of fields)
      if (type && !type.fields.has(field)) console.log(`not in client-node: ${name}#${field}`);
  }
}
