/** The older names of controllers, which --controllers still knows (cmd/kube-controller-manager/names, 1.35). */
const aliases: Readonly<Record<string, string>> = {
  "serviceaccount-token": "serviceaccount-token-controller",
  endpoint: "endpoints-controller",
  endpointslice: "endpointslice-controller",
  endpointslicemirroring: "endpointslice-mirroring-controller",
  replicationcontroller: "replicationcontroller-controller",
  podgc: "pod-garbage-collector-controller",
  resourcequota: "resourcequota-controller",
  namespace: "namespace-controller",
  serviceaccount: "serviceaccount-controller",
  garbagecollector: "garbage-collector-controller",
  daemonset: "daemonset-controller",
  job: "job-controller",
  deployment: "deployment-controller",
  replicaset: "replicaset-controller",
  horizontalpodautoscaling: "horizontal-pod-autoscaler-controller",
  disruption: "disruption-controller",
  statefulset: "statefulset-controller",
  cronjob: "cronjob-controller",
  csrsigning: "certificatesigningrequest-signing-controller",
  csrapproving: "certificatesigningrequest-approving-controller",
  csrcleaner: "certificatesigningrequest-cleaner-controller",
  ttl: "ttl-controller",
  bootstrapsigner: "bootstrap-signer-controller",
  tokencleaner: "token-cleaner-controller",
  nodeipam: "node-ipam-controller",
  nodelifecycle: "node-lifecycle-controller",
  "persistentvolume-binder": "persistentvolume-binder-controller",
  attachdetach: "persistentvolume-attach-detach-controller",
  "persistentvolume-expander": "persistentvolume-expander-controller",
  "clusterrole-aggregation": "clusterrole-aggregation-controller",
  "pvc-protection": "persistentvolumeclaim-protection-controller",
  "pv-protection": "persistentvolume-protection-controller",
  "ttl-after-finished": "ttl-after-finished-controller",
  "root-ca-cert-publisher": "root-ca-certificate-publisher-controller",
  "ephemeral-volume": "ephemeral-volume-controller",
  "legacy-service-account-token-cleaner": "legacy-serviceaccount-token-cleaner-controller",
};

/** Those that the controller manager knows beside these, under one name only. Not all are simulated. */
const others: readonly string[] = [
  "service-lb-controller",
  "node-route-controller",
  "cloud-node-lifecycle-controller",
  "taint-eviction-controller",
  "kube-apiserver-serving-clustertrustbundle-publisher-controller",
  "storageversion-garbage-collector-controller",
  "resourceclaim-controller",
  "device-taint-eviction-controller",
  "validatingadmissionpolicy-status-controller",
  "service-cidr-controller",
  "storage-version-migrator-controller",
  "selinux-warning-controller",
  "volumeattributesclass-protection-controller",
  "podcertificaterequest-cleaner-controller",
];

/** Older names of controllers that are not simulated. */
const otherAliases: readonly string[] = [
  "service",
  "route",
  "cloud-node-lifecycle",
  "storage-version-gc",
  "resource-claim-controller",
];

/** What --controllers names and nobody knows (controller-manager options ValidateControllers, 1.35). */
export function unknownNames(list: string): string | undefined {
  const known = new Set([...Object.entries(aliases).flat(), ...others, ...otherAliases, "*"]);
  const wrong = list
    .split(",")
    .map((word) => (word.startsWith("-") ? word.slice(1) : word))
    .filter((word) => !known.has(word))
    .map((word) => `${JSON.stringify(word)} is not in the list of known controllers`);
  return wrong.length > 1 ? `[${wrong.join(", ")}]` : wrong[0];
}

/** Controllers that only run where --controllers names them. */
const offByDefault = new Set(["bootstrap-signer-controller", "token-cleaner-controller"]);

/** A list as it was last read: what it says by the controllers' own names. */
let last: { readonly list: string; readonly names: ReadonlySet<string> } | undefined;

function namesIn(list: string): ReadonlySet<string> {
  if (last?.list === list) return last.names;
  const names = new Set(
    list.split(",").map((word) => {
      const against = word.startsWith("-") ? "-" : "";
      const plain = word.slice(against.length);
      return `${against}${aliases[plain] ?? plain}`;
    }),
  );
  last = { list, names };
  return names;
}

/** Whether --controllers lets a controller run: "*" for all that are on by default, "name" for one, "-name" against one. */
export function isEnabled(name: string, list: string): boolean {
  const names = namesIn(list);
  if (names.has(`-${name}`)) return false;
  return names.has(name) || (names.has("*") && !offByDefault.has(name));
}
