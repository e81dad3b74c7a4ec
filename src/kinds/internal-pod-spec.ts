import { type InternalField, type InternalType, internal, internalDiff } from "./internal-json.ts";
import type { PodSpec, PodTemplateSpec } from "./types/pod.ts";

// The field names of kubernetes pkg/apis/core/types.go, 1.35, as far as pods in practice set them.

const text: InternalField = { zero: "" };
const number: InternalField = { zero: 0 };
const flag: InternalField = { zero: false };
const unset: InternalField = {};

function named(...names: (string | readonly [string, InternalField])[]): InternalType {
  return names.map((name) => (typeof name === "string" ? [name, unset] : name));
}

const keyToPath = named(["Key", text], ["Path", text], "Mode");
const filesOf = (name: string): InternalType =>
  named([name, text], ["Items", { type: keyToPath }], "DefaultMode", "Optional");
const fieldRef = named(["APIVersion", { from: "apiVersion", zero: "" }], ["FieldPath", text]);
const resourceRef = named(["ContainerName", text], ["Resource", text], ["Divisor", { zero: "0" }]);
const podFile = named(
  ["Path", text],
  ["FieldRef", { type: fieldRef }],
  ["ResourceFieldRef", { type: resourceRef }],
  "Mode",
);
const projection = named(
  ["Secret", { type: named(["Name", text], ["Items", { type: keyToPath }], "Optional") }],
  ["DownwardAPI", { from: "downwardAPI", type: named(["Items", { type: podFile }]) }],
  ["ConfigMap", { type: named(["Name", text], ["Items", { type: keyToPath }], "Optional") }],
  ["ServiceAccountToken", { type: named(["Audience", text], ["ExpirationSeconds", number], ["Path", text]) }],
  "ClusterTrustBundle",
  "PodCertificate",
);
const volume = named(
  ["Name", text],
  ["HostPath", { type: named(["Path", text], "Type") }],
  ["EmptyDir", { type: named(["Medium", text], "SizeLimit") }],
  ["GCEPersistentDisk", { from: "gcePersistentDisk" }],
  ["AWSElasticBlockStore", { from: "awsElasticBlockStore" }],
  "GitRepo",
  ["Secret", { type: filesOf("SecretName") }],
  ["NFS", { from: "nfs", type: named(["Server", text], ["Path", text], ["ReadOnly", flag]) }],
  ["ISCSI", { from: "iscsi" }],
  "Glusterfs",
  ["PersistentVolumeClaim", { type: named(["ClaimName", text], ["ReadOnly", flag]) }],
  ["RBD", { from: "rbd" }],
  "Quobyte",
  "FlexVolume",
  "Cinder",
  ["CephFS", { from: "cephfs" }],
  "Flocker",
  ["DownwardAPI", { from: "downwardAPI", type: named(["Items", { type: podFile }], "DefaultMode") }],
  ["FC", { from: "fc" }],
  "AzureFile",
  ["ConfigMap", { type: filesOf("Name") }],
  "VsphereVolume",
  "AzureDisk",
  "PhotonPersistentDisk",
  ["Projected", { type: named(["Sources", { type: projection }], "DefaultMode") }],
  "PortworxVolume",
  ["ScaleIO", { from: "scaleIO" }],
  ["StorageOS", { from: "storageos" }],
  ["CSI", { from: "csi" }],
  "Ephemeral",
  ["Image", { type: named(["Reference", text], ["PullPolicy", text]) }],
);

const handlerFields: InternalType = named(
  ["Exec", { type: named("Command") }],
  [
    "HTTPGet",
    {
      from: "httpGet",
      type: named(
        ["Path", text],
        ["Port", number],
        ["Host", text],
        ["Scheme", text],
        ["HTTPHeaders", { from: "httpHeaders", type: named(["Name", text], ["Value", text]) }],
      ),
    },
  ],
  ["TCPSocket", { from: "tcpSocket", type: named(["Port", number], ["Host", text]) }],
);
const probe: InternalType = [
  ...handlerFields,
  ["GRPC", { from: "grpc", type: named(["Port", number], "Service") }],
  ["InitialDelaySeconds", number],
  ["TimeoutSeconds", number],
  ["PeriodSeconds", number],
  ["SuccessThreshold", number],
  ["FailureThreshold", number],
  ["TerminationGracePeriodSeconds", unset],
];
const hook: InternalType = [...handlerFields, ["Sleep", { type: named(["Seconds", number]) }]];
const keyRef = named(["Name", text], ["Key", text], "Optional");
const envSource = named(
  ["FieldRef", { type: fieldRef }],
  ["ResourceFieldRef", { type: resourceRef }],
  ["ConfigMapKeyRef", { type: keyRef }],
  ["SecretKeyRef", { type: keyRef }],
  "FileKeyRef",
);
const resources = named("Limits", "Requests", "Claims");
const securityContext = named(
  ["Capabilities", { type: named("Add", "Drop") }],
  "Privileged",
  ["SELinuxOptions", { from: "seLinuxOptions" }],
  "WindowsOptions",
  "RunAsUser",
  "RunAsGroup",
  "RunAsNonRoot",
  "ReadOnlyRootFilesystem",
  "AllowPrivilegeEscalation",
  "ProcMount",
  ["SeccompProfile", { type: named(["Type", text], "LocalhostProfile") }],
  ["AppArmorProfile", { type: named(["Type", text], "LocalhostProfile") }],
);
const container = named(
  ["Name", text],
  ["Image", text],
  "Command",
  "Args",
  ["WorkingDir", text],
  [
    "Ports",
    {
      type: named(
        ["Name", text],
        ["HostPort", number],
        ["ContainerPort", number],
        ["Protocol", text],
        ["HostIP", { from: "hostIP", zero: "" }],
      ),
    },
  ],
  [
    "EnvFrom",
    {
      type: named(
        ["Prefix", text],
        ["ConfigMapRef", { type: named(["Name", text], "Optional") }],
        ["SecretRef", { type: named(["Name", text], "Optional") }],
      ),
    },
  ],
  ["Env", { type: named(["Name", text], ["Value", text], ["ValueFrom", { type: envSource }]) }],
  ["Resources", { type: resources }],
  ["ResizePolicy", { type: named(["ResourceName", text], ["RestartPolicy", text]) }],
  "RestartPolicy",
  "RestartPolicyRules",
  [
    "VolumeMounts",
    {
      type: named(
        ["Name", text],
        ["ReadOnly", flag],
        "RecursiveReadOnly",
        ["MountPath", text],
        ["SubPath", text],
        "MountPropagation",
        ["SubPathExpr", text],
      ),
    },
  ],
  ["VolumeDevices", { type: named(["Name", text], ["DevicePath", text]) }],
  ["LivenessProbe", { type: probe }],
  ["ReadinessProbe", { type: probe }],
  ["StartupProbe", { type: probe }],
  ["Lifecycle", { type: named(["PostStart", { type: hook }], ["PreStop", { type: hook }], "StopSignal") }],
  ["TerminationMessagePath", text],
  ["TerminationMessagePolicy", text],
  ["ImagePullPolicy", text],
  ["SecurityContext", { type: securityContext }],
  ["Stdin", flag],
  ["StdinOnce", flag],
  ["TTY", { from: "tty", zero: false }],
);
const podSecurityContext = named(
  ["HostNetwork", flag],
  ["HostPID", { from: "hostPID", zero: false }],
  ["HostIPC", { from: "hostIPC", zero: false }],
  "ShareProcessNamespace",
  "HostUsers",
  ["SELinuxOptions", { from: "seLinuxOptions" }],
  "WindowsOptions",
  "RunAsUser",
  "RunAsGroup",
  "RunAsNonRoot",
  "SupplementalGroups",
  "SupplementalGroupsPolicy",
  ["FSGroup", { from: "fsGroup" }],
  ["FSGroupChangePolicy", { from: "fsGroupChangePolicy" }],
  ["Sysctls", { type: named(["Name", text], ["Value", text]) }],
  ["SeccompProfile", { type: named(["Type", text], "LocalhostProfile") }],
  ["AppArmorProfile", { type: named(["Type", text], "LocalhostProfile") }],
  ["SELinuxChangePolicy", { from: "seLinuxChangePolicy" }],
);
const podSpec = named(
  ["Volumes", { type: volume }],
  ["InitContainers", { type: container }],
  ["Containers", { type: container }],
  ["EphemeralContainers", { type: [...container, ["TargetContainerName", text]] }],
  ["RestartPolicy", text],
  "TerminationGracePeriodSeconds",
  "ActiveDeadlineSeconds",
  ["DNSPolicy", { from: "dnsPolicy", zero: "" }],
  "NodeSelector",
  ["ServiceAccountName", text],
  "AutomountServiceAccountToken",
  ["NodeName", text],
  ["SecurityContext", { type: podSecurityContext }],
  ["ImagePullSecrets", { type: named(["Name", text]) }],
  ["Hostname", text],
  ["Subdomain", text],
  ["SetHostnameAsFQDN", { from: "setHostnameAsFQDN" }],
  "Affinity",
  ["SchedulerName", text],
  [
    "Tolerations",
    { type: named(["Key", text], ["Operator", text], ["Value", text], ["Effect", text], "TolerationSeconds") },
  ],
  ["HostAliases", { type: named(["IP", { from: "ip", zero: "" }], "Hostnames") }],
  ["PriorityClassName", text],
  "Priority",
  "PreemptionPolicy",
  [
    "DNSConfig",
    {
      from: "dnsConfig",
      type: named("Nameservers", "Searches", ["Options", { type: named(["Name", text], "Value") }]),
    },
  ],
  ["ReadinessGates", { type: named(["ConditionType", text]) }],
  "RuntimeClassName",
  "Overhead",
  "EnableServiceLinks",
  "TopologySpreadConstraints",
  ["OS", { from: "os" }],
  ["SchedulingGates", { type: named(["Name", text]) }],
  "ResourceClaims",
  ["Resources", { type: resources }],
  "HostnameOverride",
  "WorkloadRef",
);

/** How a pod's spec differs from what it was, as the API server tells who tries to change it. */
export function podSpecDiff(before: PodSpec, after: PodSpec): string {
  return internalDiff(inner(before), inner(after), podSpec);
}

/** A pod template as messages print it: its metadata by the API's names, its spec by Go's. */
export function internalTemplate({ metadata, spec }: PodTemplateSpec): unknown {
  const maps: Record<string, unknown> = {};
  for (const key of ["labels", "annotations"] as const)
    if (metadata?.[key] && Object.keys(metadata[key]).length > 0) maps[key] = internal(metadata[key], undefined);
  return { ...maps, Spec: internal(inner(spec), podSpec) };
}

/** A container's security context as messages print it. */
export function internalSecurityContext(context: Readonly<Record<string, unknown>>): unknown {
  return internal(context, securityContext);
}

/** The internal spec keeps the host namespaces in its security context. */
function inner(spec: PodSpec): Record<string, unknown> {
  const { hostNetwork, hostPID, hostIPC } = spec;
  const more = spec as { shareProcessNamespace?: boolean; hostUsers?: boolean };
  const { shareProcessNamespace, hostUsers } = more;
  const context = spec.securityContext ?? {};
  return {
    ...spec,
    securityContext: { ...context, hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers },
  };
}
