/** Where resources lie that have another place than their name says (kubernetes pkg/registry and storage factory, 1.35). */
const places: Readonly<Record<string, string>> = {
  "apiservices.apiregistration.k8s.io": "apiregistration.k8s.io/apiservices",
  "customresourcedefinitions.apiextensions.k8s.io": "apiextensions.k8s.io/customresourcedefinitions",
  endpoints: "services/endpoints",
  "ingresses.networking.k8s.io": "ingress",
  nodes: "minions",
  replicationcontrollers: "controllers",
  services: "services/specs",
};

/** Groups whose resources lie under their own name alone. */
const ownGroups = new Set(
  `admissionregistration.k8s.io apps autoscaling batch certificates.k8s.io coordination.k8s.io discovery.k8s.io
  flowcontrol.apiserver.k8s.io networking.k8s.io node.k8s.io policy rbac.authorization.k8s.io resource.k8s.io
  scheduling.k8s.io storage.k8s.io`.split(/\s+/),
);

/** The key of an object in etcd: /registry/secrets/default/db. */
export function etcdKey(resource: string, namespace: string | undefined, name: string): string {
  const dot = resource.indexOf(".");
  const [plural, group] = dot < 0 ? [resource, ""] : [resource.slice(0, dot), resource.slice(dot + 1)];
  const place = places[resource] ?? (group === "" || ownGroups.has(group) ? plural : `${group}/${plural}`);
  return ["/registry", place, ...(namespace ? [namespace] : []), name].join("/");
}
