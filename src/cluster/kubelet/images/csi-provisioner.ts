import { parseQuantity } from "../../../base/quantity.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "../../../kinds/types/core.ts";
import type { CSINode, VolumeAttachment } from "../../../kinds/types/storage.ts";
import type { Task } from "../../../machine/define.ts";
import { klogLine } from "../../daemon/klog.ts";
import { type CsiContent, CsiError } from "../../storage/csi-driver.ts";
import { csiSidecar, type Sidecar } from "../../storage/csi-sidecar.ts";
import { csiSourceOf } from "../../storage/csi-source.ts";
import { ATTACHMENTS, CSI_NODES } from "../../storage/define.ts";
import {
  type Failed,
  type Made,
  runProvisioner,
  type VolumeMaker,
  type Wanted,
} from "../../storage/external-provisioner.ts";
import {
  SNAPSHOT_CONTENTS,
  SNAPSHOTS,
  type VolumeSnapshot,
  type VolumeSnapshotContent,
} from "../../storage/snapshots.ts";
import type { Image } from "./define.ts";

interface DataSource {
  readonly kind: string;
  readonly name: string;
  readonly apiGroup?: string;
}

/** external-provisioner 5.3: asks a CSI driver for volumes. */
class CsiMaker implements VolumeMaker {
  readonly finalizer = true;
  readonly firstRetry = 1;
  readonly lastRetry = 300;
  readonly follows = [ATTACHMENTS, CSI_NODES];
  private readonly sidecar: Sidecar;
  private readonly identity: string;

  constructor(sidecar: Sidecar) {
    this.sidecar = sidecar;
    const { clock, random } = sidecar.proc.machine.kernel;
    this.identity = `${Math.floor(clock.now / 1000)}-${random.below(9000) + 1000}-${sidecar.driverName}`;
  }

  get name(): string {
    return this.sidecar.driverName;
  }

  log(text: string): void {
    const { proc } = this.sidecar;
    proc.fds.get(2)?.write?.(klogLine(proc, "E", "controller.go:957", text));
  }

  provision({ claim, name, node }: Wanted): Made | Failed {
    if (claim.spec.selector) return { error: "claim Selector is not supported" };
    const absent = node && this.topologyProblem(node.metadata.name);
    if (absent !== undefined) return { error: absent };
    const storage = claim.spec.resources?.requests?.storage ?? "0";
    const bytes = Number(parseQuantity(storage).whole);
    const content = this.contentOf(claim, bytes);
    if (content && "error" in content) return content;
    const driver = attempt(() => this.sidecar.driver());
    if ("error" in driver) return driver;
    const id = attempt(() => ({ volume: driver.createVolume(name, bytes, content) }));
    if ("error" in id) return id;
    const terms = Object.entries(driver.topology).map(([key, value]) => ({ key, operator: "In", values: [value] }));
    const volumeAttributes = { "storage.kubernetes.io/csiProvisionerIdentity": this.identity };
    return {
      volume: {
        annotations: {
          "volume.kubernetes.io/provisioner-deletion-secret-name": "",
          "volume.kubernetes.io/provisioner-deletion-secret-namespace": "",
        },
        spec: {
          capacity: { storage },
          csi: { driver: this.name, volumeHandle: id.volume, volumeAttributes },
          ...(terms.length > 0
            ? { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: terms }] } } }
            : {}),
        },
      },
    };
  }

  private topologyProblem(node: string): string | undefined {
    const drivers = this.sidecar.api.get<CSINode>(CSI_NODES, undefined, node)?.spec.drivers ?? [];
    if (drivers.some(({ name }) => name === this.name)) return undefined;
    return `error generating accessibility requirements: no topology key found on CSINode ${node}`;
  }

  /** What a claim's volume is to be filled with. */
  private contentOf({ metadata, spec }: PersistentVolumeClaim, bytes: number): CsiContent | Failed | undefined {
    const source = (spec.dataSource ?? spec.dataSourceRef) as DataSource | undefined;
    if (!source) return undefined;
    const { kind, name, apiGroup } = source;
    const { namespace } = metadata;
    const fail = (why: string): Failed => ({
      error: `error getting handle for DataSource Type ${kind} by Name ${name}: ${why}`,
    });
    if (kind === "PersistentVolumeClaim" && !apiGroup) return this.cloneOf(namespace, name, bytes, fail);
    if (kind === "VolumeSnapshot" && apiGroup === "snapshot.storage.k8s.io")
      return this.restored(namespace, name, bytes, fail);
    return { error: `unsupported DataSource ${kind}` };
  }

  private cloneOf(
    namespace: string | undefined,
    name: string,
    bytes: number,
    fail: (why: string) => Failed,
  ): CsiContent | Failed {
    const { api } = this.sidecar;
    const claim = api.get<PersistentVolumeClaim>("persistentvolumeclaims", namespace, name);
    if (!claim)
      return fail(
        `error getting PVC ${name} (namespace "${namespace}") from api server: persistentvolumeclaim "${name}" not found`,
      );
    if (claim.status?.phase !== "Bound")
      return fail(`the PVC DataSource ${name} must have a status of Bound.  Got ${claim.status?.phase}`);
    const volume = api.get<PersistentVolume>("persistentvolumes", undefined, claim.spec.volumeName ?? "");
    const csi = volume && csiSourceOf(volume);
    if (csi?.driver !== this.name)
      return fail("error fetching required PVC data source volume: the source volume is not of this driver");
    const has = Number(parseQuantity(volume?.spec.capacity?.storage ?? "0").whole);
    if (has > bytes)
      return fail(
        `error, new PVC request must be greater than or equal in size to the specified PVC data source, requested ${bytes} but source is ${has}`,
      );
    return { volume: csi.volumeHandle };
  }

  private restored(
    namespace: string | undefined,
    name: string,
    bytes: number,
    fail: (why: string) => Failed,
  ): CsiContent | Failed {
    const { api } = this.sidecar;
    const snapshot = api.get<VolumeSnapshot>(SNAPSHOTS, namespace, name);
    if (!snapshot)
      return fail(
        `error getting snapshot ${name} from api server: volumesnapshots.snapshot.storage.k8s.io "${name}" not found`,
      );
    if (!snapshot.status?.readyToUse) return fail(`snapshot ${name} is not Ready`);
    const contentName = snapshot.status.boundVolumeSnapshotContentName ?? "";
    const content = api.get<VolumeSnapshotContent>(SNAPSHOT_CONTENTS, undefined, contentName);
    const handle = content?.status?.snapshotHandle;
    if (content?.spec.driver !== this.name || handle === undefined)
      return fail(`snapshotter ${content?.spec.driver} does not match CSI driver ${this.name}`);
    const has = Number(parseQuantity(snapshot.status.restoreSize ?? "0").whole);
    if (has > bytes)
      return fail(`requested volume size ${bytes} is less than the size ${has} for the source snapshot ${name}`);
    return { snapshot: handle };
  }

  remove(volume: PersistentVolume): "removed" | Failed {
    const { name } = volume.metadata;
    const attached = this.sidecar.api
      .list<VolumeAttachment>(ATTACHMENTS)
      .find(({ spec }) => spec.source.persistentVolumeName === name);
    if (attached) return { error: `persistentvolume ${name} is still attached to node ${attached.spec.nodeName}` };
    const handle = csiSourceOf(volume)?.volumeHandle ?? "";
    const gone = attempt(() => {
      this.sidecar.driver().deleteVolume(handle);
      return { removed: true };
    });
    return "error" in gone ? gone : "removed";
  }
}

function attempt<T extends object>(call: () => T): T | Failed {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof CsiError)) throw error;
    return { error: error.message };
  }
}

function* work(sidecar: Sidecar): Task {
  yield* runProvisioner(sidecar.proc, sidecar.api, new CsiMaker(sidecar));
}

/** Makes and deletes volumes on demand by calling a CSI driver. */
export const csiProvisioner: Image = {
  repository: "registry.k8s.io/sig-storage/csi-provisioner",
  tags: ["v5.3.0", "v5.2.0", "v5.1.0", "v5.0.1", "v4.0.1", "v3.6.3"],
  size: 31_000_000,
  usage: { cpu: 1, memory: 13 },
  entrypoint: ["/csi-provisioner"],
  programs: [
    csiSidecar(
      "csi-provisioner",
      (driver, { machine }) => `${driver}_${machine.name}_${machine.kernel.random.uuid()}`,
      work,
    ),
  ],
  userland: "none",
};
