import { canonicalQuantity } from "../../../base/quantity.ts";
import { rfc3339 } from "../../../base/time.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "../../../kinds/types/core.ts";
import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import type { Api } from "../../apiserver/define.ts";
import { Connection } from "../../connection.ts";
import { endsOnTerm } from "../../daemon/ends-on-term.ts";
import { followResources } from "../../daemon/follow-resources.ts";
import { klog } from "../../daemon/klog.ts";
import { type CsiSource, csiSourceOf } from "../../storage/csi-source.ts";
import {
  BEING_DELETED,
  CONTENT_BOUND,
  DEFAULT_SNAPSHOT_CLASS,
  SNAPSHOT_BOUND,
  SNAPSHOT_CLASSES,
  SNAPSHOT_CONTENTS,
  SNAPSHOTS,
  type VolumeSnapshot,
  type VolumeSnapshotClass,
  type VolumeSnapshotContent,
} from "../../storage/snapshots.ts";
import type { Image } from "./define.ts";

const AS_SOURCE = "snapshot.storage.kubernetes.io/volumesnapshot-as-source-protection";
/** Seconds until a snapshot that cannot be begun is looked at again. */
const RETRY = 15;

/** A reason for which no snapshot is taken: what its event says. */
class Problem extends Error {
  readonly reason: string;
  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

function* run(proc: Process): Task<number> {
  yield* klog(proc, "I", "main.go:162", '"Version" version="v8.3.0"');
  const api = new Connection({ machine: proc.machine, agent: "snapshot-controller", source: "snapshot-controller" });
  const resources = [SNAPSHOTS, SNAPSHOT_CONTENTS, SNAPSHOT_CLASSES];
  try {
    yield* followResources(proc, api, resources, () => {
      let failed = false;
      for (const snapshot of api.list<VolumeSnapshot>(SNAPSHOTS)) if (!look(proc, api, snapshot)) failed = true;
      return failed ? RETRY : undefined;
    });
    return 0;
  } finally {
    api.close();
  }
}

/** One look at a snapshot; false where it has to be tried again. */
function look(proc: Process, api: Api, snapshot: VolumeSnapshot): boolean {
  try {
    if (snapshot.metadata.deletionTimestamp) remove(api, snapshot);
    else sync(api, snapshot);
    return true;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (snapshot.status?.error?.message === error.message) return false;
    const time = rfc3339(proc.machine.kernel.clock.now);
    const { message } = error;
    api.modify<VolumeSnapshot>(
      snapshot,
      (now) => ({ ...now, status: { ...now.status, error: { message, time }, readyToUse: false } }),
      "status",
    );
    api.event(snapshot, { type: "Warning", reason: error.reason, message });
    return false;
  }
}

function contentNameOf({ metadata, spec, status }: VolumeSnapshot): string {
  return (
    status?.boundVolumeSnapshotContentName ?? spec.source.volumeSnapshotContentName ?? `snapcontent-${metadata.uid}`
  );
}

function sync(api: Api, seen: VolumeSnapshot): void {
  const snapshot = hold(api, seen);
  const name = contentNameOf(snapshot);
  const content = api.get<VolumeSnapshotContent>(SNAPSHOT_CONTENTS, undefined, name);
  if (content) {
    follow(api, snapshot, content);
    return;
  }
  const { persistentVolumeClaimName: claimName, volumeSnapshotContentName: given } = snapshot.spec.source;
  if (given !== undefined) throw new Problem("SnapshotContentMissing", `VolumeSnapshotContent is missing`);
  const { csi, volume } = sourceOf(api, snapshot, claimName ?? "");
  make(api, snapshot, name, classFor(api, snapshot, csi.driver), csi, volume);
}

/** The finalizers that keep a snapshot while it is used. */
function hold(api: Api, snapshot: VolumeSnapshot): VolumeSnapshot {
  const wanted = [AS_SOURCE, SNAPSHOT_BOUND];
  const held = api.modify<VolumeSnapshot>(snapshot, (now) => {
    const finalizers = now.metadata.finalizers ?? [];
    const missing = wanted.filter((one) => !finalizers.includes(one));
    if (missing.length === 0) return now;
    return { ...now, metadata: { ...now.metadata, finalizers: [...finalizers, ...missing] } };
  });
  return held ?? snapshot;
}

/** The CSI volume that a snapshot is to be taken of. */
function sourceOf(
  api: Api,
  { metadata }: VolumeSnapshot,
  claimName: string,
): { readonly csi: CsiSource; readonly volume: PersistentVolume } {
  const { namespace, name } = metadata;
  const failed = (why: string) =>
    new Problem(
      "SnapshotContentCreationFailed",
      `Failed to create snapshot content with error failed to get input parameters to create snapshot ${name}: ${JSON.stringify(why)}`,
    );
  const claim = api.get<PersistentVolumeClaim>("persistentvolumeclaims", namespace, claimName);
  if (!claim)
    throw failed(
      `failed to retrieve PVC ${claimName} from the lister: "persistentvolumeclaim \\"${claimName}\\" not found"`,
    );
  if (claim.status?.phase !== "Bound")
    throw failed(`the PVC ${claimName} is not yet bound to a PV, will not attempt to take a snapshot`);
  const volume = api.get<PersistentVolume>("persistentvolumes", undefined, claim.spec.volumeName ?? "");
  const csi = volume && csiSourceOf(volume);
  if (!volume || !csi) throw failed(`find CSI PersistentVolumeSource in PV ${claim.spec.volumeName}: not a CSI volume`);
  return { csi, volume };
}

/** The class a snapshot names, or the default one of its driver, which it then names. */
function classFor(api: Api, snapshot: VolumeSnapshot, driver: string): VolumeSnapshotClass {
  const { volumeSnapshotClassName: named } = snapshot.spec;
  if (named !== undefined) {
    const found = api.get<VolumeSnapshotClass>(SNAPSHOT_CLASSES, undefined, named);
    if (found) return found;
    const why = `volumesnapshotclass.snapshot.storage.k8s.io "${named}" not found`;
    throw new Problem(
      "GetSnapshotClassFailed",
      `Failed to get snapshot class with error failed to retrieve snapshot class ${named} from the informer: ${JSON.stringify(why)}`,
    );
  }
  const defaults = api
    .list<VolumeSnapshotClass>(SNAPSHOT_CLASSES)
    .filter((one) => one.driver === driver && one.metadata.annotations?.[DEFAULT_SNAPSHOT_CLASS] === "true");
  const [first] = defaults;
  if (!first || defaults.length > 1) {
    const why = first ? `${defaults.length} default snapshot classes were found` : "cannot find default snapshot class";
    throw new Problem("SetDefaultSnapshotClassFailed", `Failed to set default snapshot class with error ${why}`);
  }
  const volumeSnapshotClassName = first.metadata.name;
  api.modify<VolumeSnapshot>(snapshot, (now) => ({ ...now, spec: { ...now.spec, volumeSnapshotClassName } }));
  return first;
}

function make(
  api: Api,
  snapshot: VolumeSnapshot,
  name: string,
  snapshotClass: VolumeSnapshotClass,
  { driver, volumeHandle }: CsiSource,
  { spec }: PersistentVolume,
): void {
  const { namespace = "", name: ownName, uid = "", resourceVersion = "" } = snapshot.metadata;
  api.create<VolumeSnapshotContent>({
    apiVersion: "snapshot.storage.k8s.io/v1",
    kind: "VolumeSnapshotContent",
    metadata: { name, finalizers: [CONTENT_BOUND] },
    spec: {
      deletionPolicy: snapshotClass.deletionPolicy,
      driver,
      source: { volumeHandle },
      sourceVolumeMode: spec.volumeMode ?? "Filesystem",
      volumeSnapshotClassName: snapshotClass.metadata.name,
      volumeSnapshotRef: {
        apiVersion: "snapshot.storage.k8s.io/v1",
        kind: "VolumeSnapshot",
        name: ownName,
        namespace,
        uid,
        resourceVersion,
      },
    },
  });
  bind(api, snapshot, name);
  const message = `Waiting for a snapshot ${namespace}/${ownName} to be created by the CSI driver.`;
  api.event(snapshot, { type: "Normal", reason: "CreatingSnapshot", message });
}

function bind(api: Api, snapshot: VolumeSnapshot, name: string): void {
  api.modify<VolumeSnapshot>(
    snapshot,
    (now) => ({
      ...now,
      status: { readyToUse: false, ...now.status, boundVolumeSnapshotContentName: name },
    }),
    "status",
  );
}

/** Shows in a snapshot what its content says. */
function follow(api: Api, snapshot: VolumeSnapshot, content: VolumeSnapshotContent): void {
  const { namespace, name, uid } = snapshot.metadata;
  const { volumeSnapshotRef: ref } = content.spec;
  if (ref.name !== name || ref.namespace !== namespace || (ref.uid !== undefined && ref.uid !== uid))
    throw new Problem(
      "SnapshotContentMisbound",
      `VolumeSnapshotContent [${content.metadata.name}] is bound to a different snapshot`,
    );
  if (ref.uid === undefined && uid !== undefined)
    api.modify<VolumeSnapshotContent>(content, (now) => ({
      ...now,
      spec: { ...now.spec, volumeSnapshotRef: { ...now.spec.volumeSnapshotRef, uid } },
    }));
  const { readyToUse = false, restoreSize, creationTime, error } = content.status ?? {};
  const before = snapshot.status;
  if (
    before?.readyToUse === readyToUse &&
    before.error?.message === error?.message &&
    before.boundVolumeSnapshotContentName
  )
    return;
  api.modify<VolumeSnapshot>(
    snapshot,
    (now) => ({
      ...now,
      status: {
        boundVolumeSnapshotContentName: content.metadata.name,
        ...(creationTime === undefined ? {} : { creationTime: rfc3339(Number(BigInt(creationTime) / 1000n)) }),
        readyToUse,
        ...(restoreSize === undefined ? {} : { restoreSize: canonicalQuantity(bytesText(restoreSize)) }),
        ...(error ? { error } : {}),
      },
    }),
    "status",
  );
  if (!readyToUse || before?.readyToUse) return;
  const whole = `${namespace}/${name}`;
  const created = `Snapshot ${whole} was successfully created by the CSI driver.`;
  api.event(snapshot, { type: "Normal", reason: "SnapshotCreated", message: created });
  api.event(snapshot, { type: "Normal", reason: "SnapshotReady", message: `Snapshot ${whole} is ready to use.` });
}

/** Bytes as a quantity in the largest binary unit that holds them (resource.NewQuantity with BinarySI). */
function bytesText(bytes: number): string {
  const units = ["", "Ki", "Mi", "Gi", "Ti"];
  let [value, unit] = [bytes, 0];
  while (value !== 0 && value % 1024 === 0 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${value}${units[unit]}`;
}

/** A snapshot that goes takes its content with it where that says so; it stays until the content is gone. */
function remove(api: Api, snapshot: VolumeSnapshot): void {
  const content = api.get<VolumeSnapshotContent>(SNAPSHOT_CONTENTS, undefined, contentNameOf(snapshot));
  const own = content?.spec.volumeSnapshotRef.uid === snapshot.metadata.uid ? content : undefined;
  if (own && own.metadata.annotations?.[BEING_DELETED] !== "yes")
    api.modify<VolumeSnapshotContent>(own, (now) => ({
      ...now,
      metadata: { ...now.metadata, annotations: { ...now.metadata.annotations, [BEING_DELETED]: "yes" } },
    }));
  if (own?.spec.deletionPolicy === "Delete") {
    if (!own.metadata.deletionTimestamp) api.delete(own);
    if (api.get(SNAPSHOT_CONTENTS, undefined, own.metadata.name)) return;
  }
  api.modify<VolumeSnapshot>(snapshot, (now) => {
    const left = (now.metadata.finalizers ?? []).filter((one) => one !== AS_SOURCE && one !== SNAPSHOT_BOUND);
    return { ...now, metadata: { ...now.metadata, finalizers: left } };
  });
}

const program: Program = { name: "snapshot-controller", folder: "/", run: endsOnTerm(run) };

/** Brings VolumeSnapshots and their contents together; the drivers' sidecars take the snapshots. */
export const snapshotController: Image = {
  repository: "registry.k8s.io/sig-storage/snapshot-controller",
  tags: ["v8.3.0", "v8.2.1", "v8.2.0", "v8.1.0", "v7.0.2", "v6.3.3"],
  size: 30_000_000,
  usage: { cpu: 1, memory: 14 },
  entrypoint: ["/snapshot-controller"],
  programs: [program],
  userland: "none",
};
