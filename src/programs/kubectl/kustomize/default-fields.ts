import { type FieldSpec, fieldSpec, mergeSpecs, sortedSpecs } from "./field-spec.ts";
import { sameGvk } from "./ids.ts";
import { defaultNameReferences, type NameReference } from "./name-references.ts";

/** On which fields the transformers of a kustomization work: the `configurations` and what is built in. */
export interface FieldConfig {
  readonly namePrefix: readonly FieldSpec[];
  readonly nameSuffix: readonly FieldSpec[];
  readonly namespace: readonly FieldSpec[];
  readonly commonLabels: readonly FieldSpec[];
  readonly labels: readonly FieldSpec[];
  readonly templateLabels: readonly FieldSpec[];
  readonly commonAnnotations: readonly FieldSpec[];
  readonly nameReference: readonly NameReference[];
  readonly varReference: readonly FieldSpec[];
  readonly images: readonly FieldSpec[];
  readonly replicas: readonly FieldSpec[];
}

const made = (path: string, spec: Partial<FieldSpec> = {}) => fieldSpec(path, { ...spec, create: true });

const name = [fieldSpec("metadata/name")];

const metadataLabels = [
  made("metadata/labels"),
  made("spec/template/metadata/labels", { version: "v1", kind: "ReplicationController" }),
  ...["Deployment", "ReplicaSet", "DaemonSet"].map((kind) => made("spec/template/metadata/labels", { kind })),
  made("spec/template/metadata/labels", { group: "apps", kind: "StatefulSet" }),
  made("spec/volumeClaimTemplates[]/metadata/labels", { group: "apps", kind: "StatefulSet" }),
  made("spec/template/metadata/labels", { group: "batch", kind: "Job" }),
  made("spec/jobTemplate/metadata/labels", { group: "batch", kind: "CronJob" }),
  made("spec/jobTemplate/spec/template/metadata/labels", { group: "batch", kind: "CronJob" }),
];

const rules = [
  "preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm",
  "requiredDuringSchedulingIgnoredDuringExecution",
];
const insidePods = [
  ...["podAffinity", "podAntiAffinity"].flatMap((affinity) => rules.map((rule) => `affinity/${affinity}/${rule}`)),
  "topologySpreadConstraints",
].map((path) => `spec/template/spec/${path}/labelSelector/matchLabels`);

const commonLabels = [
  made("spec/selector", { version: "v1", kind: "Service" }),
  made("spec/selector", { version: "v1", kind: "ReplicationController" }),
  ...["Deployment", "ReplicaSet", "DaemonSet"].map((kind) => made("spec/selector/matchLabels", { kind })),
  made("spec/selector/matchLabels", { group: "apps", kind: "StatefulSet" }),
  ...["Deployment", "StatefulSet"].flatMap((kind) =>
    insidePods.map((path) => fieldSpec(path, { group: "apps", kind })),
  ),
  fieldSpec("spec/selector/matchLabels", { group: "batch", kind: "Job" }),
  fieldSpec("spec/jobTemplate/spec/selector/matchLabels", { group: "batch", kind: "CronJob" }),
  fieldSpec("spec/selector/matchLabels", { group: "policy", kind: "PodDisruptionBudget" }),
  ...["", "ingress/from/", "egress/to/"].map((path) =>
    fieldSpec(`spec/${path}podSelector/matchLabels`, { group: "networking.k8s.io", kind: "NetworkPolicy" }),
  ),
  ...metadataLabels,
];

const commonAnnotations = [
  made("metadata/annotations"),
  made("spec/template/metadata/annotations", { version: "v1", kind: "ReplicationController" }),
  ...["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"].map((kind) =>
    made("spec/template/metadata/annotations", { kind }),
  ),
  made("spec/template/metadata/annotations", { group: "batch", kind: "Job" }),
  made("spec/jobTemplate/metadata/annotations", { group: "batch", kind: "CronJob" }),
  made("spec/jobTemplate/spec/template/metadata/annotations", { group: "batch", kind: "CronJob" }),
];

const namespace = [
  made("metadata/name", { kind: "Namespace" }),
  made("spec/service/namespace", { group: "apiregistration.k8s.io", kind: "APIService" }),
  fieldSpec("spec/conversion/webhook/clientConfig/service/namespace", {
    group: "apiextensions.k8s.io",
    kind: "CustomResourceDefinition",
  }),
];

const containerFields = ["args", "command", "env/value", "volumeMounts/mountPath"];
const variablesOf = (kind: string, pods: string, volumes = pods) => [
  ...["containers", "initContainers"].flatMap((list) =>
    containerFields.map((field) => fieldSpec(`${pods}/${list}/${field}`, { kind })),
  ),
  fieldSpec(`${volumes}/volumes/nfs/server`, { kind }),
];

const varReference = [
  ...variablesOf("CronJob", "spec/jobTemplate/spec/template/spec", "spec/jobTemplate/spec/template"),
  ...["DaemonSet", "Deployment", "Job", "ReplicaSet"].flatMap((kind) => variablesOf(kind, "spec/template/spec")),
  ...variablesOf("StatefulSet", "spec/template/spec").slice(0, -1),
  ...variablesOf("Pod", "spec"),
  fieldSpec("spec/template/metadata/annotations", { kind: "Deployment" }),
  ...["spec/rules/host", "spec/tls/hosts", "spec/tls/secretName"].map((path) => fieldSpec(path, { kind: "Ingress" })),
  ...["spec/ports/port", "spec/ports/targetPort"].map((path) => fieldSpec(path, { kind: "Service" })),
  fieldSpec("spec/volumeClaimTemplates/spec/nfs/server", { kind: "StatefulSet" }),
  fieldSpec("spec/nfs/server", { kind: "PersistentVolume" }),
  fieldSpec("metadata/labels"),
  fieldSpec("metadata/annotations"),
];

const images = ["spec", "spec/template/spec"].flatMap((pods) =>
  ["containers", "initContainers"].map((list) => made(`${pods}/${list}[]/image`)),
);
const replicas = ["Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"].map((kind) =>
  made("spec/replicas", { kind }),
);

/** What kustomize 5.6 works on by itself (builtinpluginconsts). */
export const defaultFields: FieldConfig = {
  namePrefix: name,
  nameSuffix: name,
  namespace,
  commonLabels,
  labels: [],
  templateLabels: metadataLabels,
  commonAnnotations,
  nameReference: defaultNameReferences,
  varReference,
  images,
  replicas,
};

export const noFields: FieldConfig = {
  namePrefix: [],
  nameSuffix: [],
  namespace: [],
  commonLabels: [],
  labels: [],
  templateLabels: [],
  commonAnnotations: [],
  nameReference: [],
  varReference: [],
  images: [],
  replicas: [],
};

/** Two configurations as one, in order. */
export function mergeFields(a: FieldConfig, b: FieldConfig): FieldConfig {
  const both = (key: Exclude<keyof FieldConfig, "nameReference">) => sortedSpecs(mergeSpecs(a[key], b[key]));
  return {
    namePrefix: both("namePrefix"),
    nameSuffix: both("nameSuffix"),
    namespace: both("namespace"),
    commonLabels: both("commonLabels"),
    labels: both("labels"),
    templateLabels: both("templateLabels"),
    commonAnnotations: both("commonAnnotations"),
    nameReference: sortedSpecs(mergeReferences(a.nameReference, b.nameReference)),
    varReference: both("varReference"),
    images: both("images"),
    replicas: both("replicas"),
  };
}

function mergeReferences(all: readonly NameReference[], more: readonly NameReference[]): readonly NameReference[] {
  const merged = [...all];
  for (const one of more) {
    const at = merged.findIndex((other) => sameGvk(other, one));
    const had = merged[at];
    if (had) merged[at] = { ...had, referrers: mergeSpecs(had.referrers, one.referrers) };
    else merged.push(one);
  }
  return merged;
}
