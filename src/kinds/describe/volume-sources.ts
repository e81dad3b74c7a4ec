import { goValue } from "../../base/go-text.ts";
import { parseQuantity } from "../../base/quantity.ts";

/** A line about a volume: title, field, what is printed where the field is not set, how its value is printed. */
export type SourceRow = readonly [title: string, field: string, otherwise: string, format?: (value: unknown) => string];

export interface VolumeSource {
  readonly type: string;
  readonly rows: readonly SourceRow[];
}

const fsType: SourceRow = ["FSType:", "fsType", ""];
const readOnly: SourceRow = ["ReadOnly:", "readOnly", "false"];
const partition: SourceRow = ["Partition:", "partition", "0"];
const optional: SourceRow = ["Optional:", "optional", "false"];

/** A reference to a secret as Go prints the pointer to it. */
const localSecret: SourceRow = [
  "SecretRef:",
  "secretRef",
  "nil",
  (value) => `&LocalObjectReference{Name:${(value as { name?: string }).name ?? ""},}`,
];
const secret: SourceRow = [
  "SecretRef:",
  "secretRef",
  "nil",
  (value) => {
    const { name = "", namespace = "" } = value as { name?: string; namespace?: string };
    return `&SecretReference{Name:${name},Namespace:${namespace},}`;
  },
];

function list(title: string, field: string): SourceRow {
  return [title, field, "[]", (value) => goValue(value as string[])];
}

function iscsi(secretRow: SourceRow): VolumeSource {
  return {
    type: "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
    rows: [
      ["TargetPortal:", "targetPortal", ""],
      ["IQN:", "iqn", ""],
      ["Lun:", "lun", "0"],
      // The colon is missing in kubectl, too.
      ["ISCSIInterface", "iscsiInterface", ""],
      fsType,
      readOnly,
      list("Portals:", "portals"),
      ["DiscoveryCHAPAuth:", "chapAuthDiscovery", "false"],
      ["SessionCHAPAuth:", "chapAuthSession", "false"],
      secretRow,
      ["InitiatorName:", "initiatorName", "<none>"],
    ],
  };
}

function rbd(secretRow: SourceRow): VolumeSource {
  return {
    type: "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)",
    rows: [
      list("CephMonitors:", "monitors"),
      ["RBDImage:", "image", ""],
      fsType,
      ["RBDPool:", "pool", ""],
      ["RadosUser:", "user", ""],
      ["Keyring:", "keyring", ""],
      secretRow,
      readOnly,
    ],
  };
}

function cephfs(secretRow: SourceRow): VolumeSource {
  return {
    type: "CephFS (a CephFS mount on the host that shares a pod's lifetime)",
    rows: [
      list("Monitors:", "monitors"),
      ["Path:", "path", ""],
      ["User:", "user", ""],
      ["SecretFile:", "secretFile", ""],
      secretRow,
      readOnly,
    ],
  };
}

function cinder(secretRow: SourceRow): VolumeSource {
  return {
    type: "Cinder (a Persistent Disk resource in OpenStack)",
    rows: [["VolumeID:", "volumeID", ""], fsType, readOnly, secretRow],
  };
}

function flexVolume(secretRow: SourceRow): VolumeSource {
  return {
    type: "FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)",
    rows: [
      ["Driver:", "driver", ""],
      fsType,
      secretRow,
      readOnly,
      ["Options:", "options", "map[]", (value) => goValue(value as Record<string, string>)],
    ],
  };
}

const csiType = "CSI (a Container Storage Interface (CSI) volume source)";

/** Sources that pods and persistent volumes have alike (kubectl pkg/describe describeVolumes, 1.33). */
const common: Readonly<Record<string, VolumeSource>> = {
  hostPath: {
    type: "HostPath (bare host directory volume)",
    rows: [
      ["Path:", "path", ""],
      ["HostPathType:", "type", "<none>"],
    ],
  },
  gcePersistentDisk: {
    type: "GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)",
    rows: [["PDName:", "pdName", ""], fsType, partition, readOnly],
  },
  awsElasticBlockStore: {
    type: "AWSElasticBlockStore (a Persistent Disk resource in AWS)",
    rows: [["VolumeID:", "volumeID", ""], fsType, partition, readOnly],
  },
  nfs: {
    type: "NFS (an NFS mount that lasts the lifetime of a pod)",
    rows: [["Server:", "server", ""], ["Path:", "path", ""], readOnly],
  },
  fc: {
    type: "FC (a Fibre Channel disk)",
    rows: [
      ["TargetWWNs:", "targetWWNs", "", (value) => (value as string[]).join(", ")],
      ["LUN:", "lun", "<none>"],
      fsType,
      readOnly,
    ],
  },
  vsphereVolume: {
    type: "vSphereVolume (a Persistent Disk resource in vSphere)",
    rows: [["VolumePath:", "volumePath", ""], fsType, ["StoragePolicyName:", "storagePolicyName", ""]],
  },
};

/** The sources of a pod's volumes, by their field. */
export const podSources: Readonly<Record<string, VolumeSource>> = {
  ...common,
  emptyDir: {
    type: "EmptyDir (a temporary directory that shares a pod's lifetime)",
    rows: [
      ["Medium:", "medium", ""],
      ["SizeLimit:", "sizeLimit", "<unset>", (value) => sizeText(value as string)],
    ],
  },
  gitRepo: {
    type: "GitRepo (a volume that is pulled from git when the pod is created)",
    rows: [
      ["Repository:", "repository", ""],
      ["Revision:", "revision", ""],
    ],
  },
  secret: { type: "Secret (a volume populated by a Secret)", rows: [["SecretName:", "secretName", ""], optional] },
  configMap: { type: "ConfigMap (a volume populated by a ConfigMap)", rows: [["Name:", "name", ""], optional] },
  iscsi: iscsi(localSecret),
  glusterfs: {
    type: "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)",
    rows: [["EndpointsName:", "endpoints", ""], ["Path:", "path", ""], readOnly],
  },
  persistentVolumeClaim: {
    type: "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
    rows: [["ClaimName:", "claimName", ""], readOnly],
  },
  ephemeral: {
    type: "EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)",
    rows: [],
  },
  rbd: rbd(localSecret),
  downwardAPI: { type: "DownwardAPI (a volume populated by information about the pod)", rows: [] },
  cinder: cinder(localSecret),
  cephfs: cephfs(localSecret),
  azureFile: {
    type: "AzureFile (an Azure File Service mount on the host and bind mount to the pod)",
    rows: [["SecretName:", "secretName", ""], ["ShareName:", "shareName", ""], readOnly],
  },
  flexVolume: flexVolume(localSecret),
  projected: { type: "Projected (a volume that contains injected data from multiple sources)", rows: [] },
  csi: { type: csiType, rows: [["Driver:", "driver", ""], fsType, readOnly] },
  image: {
    type: "Image (a container image or OCI artifact)",
    rows: [
      ["Reference:", "reference", ""],
      ["PullPolicy:", "pullPolicy", ""],
    ],
  },
};

/** The sources of persistent volumes, by their field. */
export const persistentSources: Readonly<Record<string, VolumeSource>> = {
  ...common,
  iscsi: iscsi(secret),
  glusterfs: {
    type: "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)",
    rows: [
      ["EndpointsName:", "endpoints", ""],
      ["EndpointsNamespace:", "endpointsNamespace", "<unset>"],
      ["Path:", "path", ""],
      readOnly,
    ],
  },
  rbd: rbd(secret),
  cinder: cinder(secret),
  local: {
    type: "LocalVolume (a persistent volume backed by local storage on a node)",
    rows: [["Path:", "path", ""]],
  },
  cephfs: cephfs(secret),
  azureFile: {
    type: "AzureFile (an Azure File Service mount on the host and bind mount to the pod)",
    rows: [
      ["SecretName:", "secretName", ""],
      ["SecretNamespace:", "secretNamespace", ""],
      ["ShareName:", "shareName", ""],
      readOnly,
    ],
  },
  flexVolume: flexVolume(secret),
  csi: {
    type: csiType,
    rows: [["Driver:", "driver", ""], fsType, ["VolumeHandle:", "volumeHandle", ""], readOnly],
  },
};

function sizeText(size: string): string {
  const { nanos, text } = parseQuantity(size);
  return nanos > 0n ? text : "<unset>";
}
