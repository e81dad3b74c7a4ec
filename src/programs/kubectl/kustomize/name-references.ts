import { type FieldSpec, fieldSpec } from "./field-spec.ts";
import type { Gvk } from "./ids.ts";

/** Which fields name objects of a kind. */
export interface NameReference extends Gvk {
  readonly referrers: readonly FieldSpec[];
}

/** Where the pods of a kind are described, and by which version of the kind. */
type PodPlace = readonly [kind: string, path: string, version?: string];

const pod: PodPlace = ["Pod", "spec", "v1"];
const podTemplate: PodPlace = ["PodTemplate", "template/spec"];
const templated = (kind: string): PodPlace => [kind, "spec/template/spec"];
const cronJob: PodPlace = ["CronJob", "spec/jobTemplate/spec/template/spec"];
const allPods: readonly PodPlace[] = [
  pod,
  podTemplate,
  ...["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "Job"].map(templated),
  cronJob,
];
const anyPod: PodPlace = ["Pod", "spec"];
const workloads: readonly PodPlace[] = [
  anyPod,
  ...["StatefulSet", "Deployment", "ReplicationController", "Job", "DaemonSet"].map(templated),
  cronJob,
];

function inPods(places: readonly PodPlace[], paths: readonly string[]): FieldSpec[] {
  return places.flatMap(([kind, path, version = ""]) =>
    paths.map((inner) => fieldSpec(`${path}/${inner}`, { kind, version })),
  );
}

function inKinds(path: string, kinds: readonly string[], group = ""): FieldSpec[] {
  return kinds.map((kind) => fieldSpec(path, { kind, group }));
}

function reference(kind: string, gvk: Partial<Gvk>, referrers: readonly FieldSpec[]): NameReference {
  return { group: "", version: "", ...gvk, kind, referrers };
}

const scaled = inKinds("spec/scaleTargetRef/name", ["HorizontalPodAutoscaler"]);
const rbac = "rbac.authorization.k8s.io";
const admission = "admissionregistration.k8s.io";

const configMapPaths = [
  "volumes/configMap/name",
  "containers/env/valueFrom/configMapKeyRef/name",
  "initContainers/env/valueFrom/configMapKeyRef/name",
  "containers/envFrom/configMapRef/name",
  "initContainers/envFrom/configMapRef/name",
  "volumes/projected/sources/configMap/name",
];
const secretPaths = [
  "volumes/secret/secretName",
  "containers/env/valueFrom/secretKeyRef/name",
  "initContainers/env/valueFrom/secretKeyRef/name",
  "containers/envFrom/secretRef/name",
  "initContainers/envFrom/secretRef/name",
  "imagePullSecrets/name",
  "volumes/projected/sources/secret/name",
];

const configMaps = [
  ...inPods(allPods, configMapPaths),
  ...inKinds("spec/configSource/configMap", ["Node"]),
  ...inKinds("rules/resourceNames", ["Role", "ClusterRole"]),
  ...inKinds("metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap", ["Ingress"]),
];

const secrets = [
  ...inPods(allPods, secretPaths),
  ...inKinds("spec/tls/secretName", ["Ingress"]),
  ...["ingress.kubernetes.io\\/auth-secret", "nginx.ingress.kubernetes.io\\/auth-secret"].flatMap((key) =>
    inKinds(`metadata/annotations/${key}`, ["Ingress"]),
  ),
  ...inKinds("metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret", ["Ingress"]),
  ...inKinds("imagePullSecrets/name", ["ServiceAccount"]),
  ...["secretName", "adminSecretName", "userSecretName", "secretRef"].flatMap((key) =>
    inKinds(`parameters/${key}`, ["StorageClass"]),
  ),
  ...inKinds("rules/resourceNames", ["Role", "ClusterRole"]),
  fieldSpec("spec/template/spec/containers/env/valueFrom/secretKeyRef/name", {
    kind: "Service",
    group: "serving.knative.dev",
    version: "v1",
  }),
  ...inKinds("spec/azureFile/secretName", ["PersistentVolume"]),
];

const services = [
  ...inKinds("spec/serviceName", ["StatefulSet"], "apps"),
  ...[
    "spec/rules/http/paths/backend/serviceName",
    "spec/backend/serviceName",
    "spec/rules/http/paths/backend/service/name",
    "spec/defaultBackend/service/name",
  ].flatMap((path) => inKinds(path, ["Ingress"])),
  ...inKinds("spec/service/name", ["APIService"], "apiregistration.k8s.io"),
  ...inKinds(
    "webhooks/clientConfig/service",
    ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"],
    admission,
  ),
];

/** Whose names are followed, and where they stand (kustomize 5.6, builtinpluginconsts/namereference). */
export const defaultNameReferences: readonly NameReference[] = [
  ...["Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"].map((kind) => reference(kind, {}, scaled)),
  reference("ConfigMap", { version: "v1" }, configMaps),
  reference("Secret", { version: "v1" }, secrets),
  reference("Service", { version: "v1" }, services),
  reference("Role", { group: rbac }, inKinds("roleRef/name", ["RoleBinding"], rbac)),
  reference("ClusterRole", { group: rbac }, inKinds("roleRef/name", ["RoleBinding", "ClusterRoleBinding"], rbac)),
  reference("ServiceAccount", { version: "v1" }, [
    ...inKinds("subjects", ["RoleBinding", "ClusterRoleBinding"], rbac),
    ...inPods(workloads, ["serviceAccountName"]),
  ]),
  reference("PersistentVolumeClaim", { version: "v1" }, inPods(workloads, ["volumes/persistentVolumeClaim/claimName"])),
  reference("PersistentVolume", { version: "v1" }, [
    ...inKinds("spec/volumeName", ["PersistentVolumeClaim"]),
    ...inKinds("rules/resourceNames", ["ClusterRole"]),
  ]),
  reference("StorageClass", { version: "v1", group: "storage.k8s.io" }, [
    ...inKinds("spec/storageClassName", ["PersistentVolume", "PersistentVolumeClaim"]),
    ...inKinds("spec/volumeClaimTemplates/spec/storageClassName", ["StatefulSet"]),
  ]),
  reference("PriorityClass", { version: "v1", group: "scheduling.k8s.io" }, inPods(workloads, ["priorityClassName"])),
  reference("IngressClass", { version: "v1", group: "networking.k8s.io/v1" }, [
    ...inKinds("spec/ingressClassName", ["Ingress"]),
  ]),
  reference("ValidatingAdmissionPolicy", { group: admission }, [
    ...inKinds("spec/policyName", ["ValidatingAdmissionPolicyBinding"], admission),
  ]),
];
