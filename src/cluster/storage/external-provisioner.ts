import { SECOND } from "../../base/clock.ts";
import { goQuote } from "../../base/go-text.ts";
import { Status } from "../../kinds/status.ts";
import type { Node, PersistentVolume, PersistentVolumeClaim, StorageClass } from "../../kinds/types/core.ts";
import type { Task } from "../../machine/define.ts";
import type { Process } from "../../machine/process.ts";
import { type Api, type EventText, Unreachable } from "../apiserver/define.ts";
import { followResources } from "../daemon/follow-resources.ts";
import {
  BETA_PROVISIONER,
  CLASSES,
  PROVISIONED_BY,
  PROVISIONER,
  PROVISIONER_FINALIZER,
  SELECTED_NODE,
} from "./define.ts";
import { classOf } from "./match-volume.ts";

/** A volume that is wanted: for which claim, of which class, on which node where one was chosen. */
export interface Wanted {
  readonly claim: PersistentVolumeClaim;
  readonly storageClass: StorageClass;
  readonly name: string;
  readonly node: Node | undefined;
}

/** What a provisioner says of its work: done, failed, or (undefined) that it goes on. */
export type Made = { readonly volume: Pick<PersistentVolume, "spec"> & { annotations?: Record<string, string> } };
export type Failed = { readonly error: string };

/** Somebody who makes volumes on demand, and deletes them. Both are asked again while they say nothing. */
export interface VolumeMaker {
  /** rancher.io/local-path: what classes name. */
  readonly name: string;
  /** Whether it marks its volumes with the provisioner's finalizer. */
  readonly finalizer: boolean;
  /** Seconds until a failure is tried again; doubled with each. */
  readonly firstRetry: number;
  readonly lastRetry: number;
  /** Resources beside claims, volumes and classes that its work depends on. */
  readonly follows: readonly string[];
  provision(wanted: Wanted): Made | Failed | undefined;
  remove(volume: PersistentVolume): "removed" | Failed | undefined;
  /** Writes a line into its log. */
  log(text: string): void;
}

interface Attempt {
  failures: number;
  next: number;
  begun: boolean;
}

/** sigs.k8s.io/sig-storage-lib-external-provisioner v11: what all external provisioners do. */
export function* runProvisioner(proc: Process, api: Api, maker: VolumeMaker): Task {
  const provisioning = new Provisioning(proc, api, maker);
  const resources = ["persistentvolumeclaims", "persistentvolumes", CLASSES, ...maker.follows];
  yield* followResources(proc, api, resources, () => provisioning.look());
}

class Provisioning {
  private readonly proc: Process;
  private readonly api: Api;
  private readonly maker: VolumeMaker;
  private readonly attempts = new Map<string, Attempt>();

  constructor(proc: Process, api: Api, maker: VolumeMaker) {
    this.proc = proc;
    this.api = api;
    this.maker = maker;
  }

  private get now(): number {
    return this.proc.machine.kernel.clock.now;
  }

  /** One look at all claims and volumes. Gives the seconds until the next one is due. */
  look(): number | undefined {
    const { api } = this;
    const keys = new Set<string>();
    for (const claim of api.list<PersistentVolumeClaim>("persistentvolumeclaims"))
      if (this.isWanted(claim)) this.attempt(`claim ${claim.metadata.uid}`, keys, (one) => this.provision(claim, one));
    for (const volume of api.list<PersistentVolume>("persistentvolumes"))
      if (this.isToGo(volume)) this.attempt(`volume ${volume.metadata.uid}`, keys, () => this.remove(volume));
    let next = Number.POSITIVE_INFINITY;
    for (const [key, { next: due }] of this.attempts)
      if (keys.has(key)) next = Math.min(next, due);
      else this.attempts.delete(key);
    return Number.isFinite(next) ? Math.max((next - this.now) / SECOND, 0.01) : undefined;
  }

  /** Tries something; false: it failed, and is tried again later. */
  private attempt(key: string, keys: Set<string>, run: (attempt: Attempt) => boolean | undefined): void {
    keys.add(key);
    const attempt = this.attempts.get(key) ?? { failures: 0, next: 0, begun: false };
    this.attempts.set(key, attempt);
    if (attempt.failures > 0 && this.now < attempt.next) return;
    const went = run(attempt);
    if (went === true) {
      this.attempts.delete(key);
      return;
    }
    const { firstRetry, lastRetry } = this.maker;
    // What is under way is looked at every second, as a helper pod that has not ended.
    const pause = went === undefined ? 1 : Math.min(firstRetry * 2 ** attempt.failures++, lastRetry);
    attempt.next = this.now + Math.round(pause * SECOND);
    if (went === false) attempt.begun = false;
  }

  private isWanted(claim: PersistentVolumeClaim): boolean {
    const { annotations = {} } = claim.metadata;
    if (claim.spec.volumeName || claim.metadata.deletionTimestamp) return false;
    if ((annotations[PROVISIONER] ?? annotations[BETA_PROVISIONER]) !== this.maker.name) return false;
    const storageClass = this.api.get<StorageClass>(CLASSES, undefined, classOf(claim));
    if (storageClass?.provisioner !== this.maker.name) return false;
    return storageClass.volumeBindingMode !== "WaitForFirstConsumer" || annotations[SELECTED_NODE] !== undefined;
  }

  private provision(claim: PersistentVolumeClaim, attempt: Attempt): boolean | undefined {
    const { api, maker } = this;
    const { namespace = "", name, uid = "", annotations = {} } = claim.metadata;
    const storageClass = api.get<StorageClass>(CLASSES, undefined, classOf(claim));
    if (!storageClass) return false;
    const volumeName = `pvc-${uid}`;
    if (api.get("persistentvolumes", undefined, volumeName)) return true;
    const selected = annotations[SELECTED_NODE];
    const node = selected === undefined ? undefined : api.get<Node>("nodes", undefined, selected);
    if (!attempt.begun) {
      attempt.begun = true;
      const message = `External provisioner is provisioning volume for claim "${namespace}/${name}"`;
      this.tell(claim, { type: "Normal", reason: "Provisioning", message });
    }
    if (selected !== undefined && !node) {
      const message = `failed to get target node: node "${selected}" not found`;
      this.tell(claim, { type: "Warning", reason: "ProvisioningFailed", message });
      return false;
    }
    const made = outcome(() => maker.provision({ claim, storageClass, name: volumeName, node }));
    if (made === undefined) return undefined;
    if ("error" in made) {
      const message = `failed to provision volume with StorageClass "${storageClass.metadata.name}": ${made.error}`;
      maker.log(
        `provision ${goQuote(`${namespace}/${name}`)} class ${goQuote(storageClass.metadata.name)}: ${message}`,
      );
      this.tell(claim, { type: "Warning", reason: "ProvisioningFailed", message });
      return false;
    }
    this.save(claim, storageClass, volumeName, made);
    const message = `Successfully provisioned volume ${volumeName}`;
    this.tell(claim, { type: "Normal", reason: "ProvisioningSucceeded", message });
    return true;
  }

  private save(claim: PersistentVolumeClaim, storageClass: StorageClass, name: string, { volume }: Made): void {
    const { namespace = "", name: claimName, uid = "", resourceVersion = "" } = claim.metadata;
    const { maker } = this;
    this.api.create<PersistentVolume>({
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: {
        name,
        annotations: { ...volume.annotations, [PROVISIONED_BY]: maker.name },
        ...(maker.finalizer ? { finalizers: [PROVISIONER_FINALIZER] } : {}),
      },
      spec: {
        accessModes: [...(claim.spec.accessModes ?? [])],
        volumeMode: claim.spec.volumeMode ?? "Filesystem",
        persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? "Delete",
        storageClassName: storageClass.metadata.name,
        ...(storageClass.mountOptions ? { mountOptions: [...storageClass.mountOptions] } : {}),
        ...(claim.spec.volumeAttributesClassName
          ? { volumeAttributesClassName: claim.spec.volumeAttributesClassName }
          : {}),
        ...volume.spec,
        claimRef: {
          kind: "PersistentVolumeClaim",
          namespace,
          name: claimName,
          uid,
          apiVersion: "v1",
          resourceVersion,
        },
      },
    });
  }

  /** A released volume of its own that is to be deleted, or one that was deleted and waits for what is behind it to go. */
  private isToGo({ metadata, spec, status }: PersistentVolume): boolean {
    if (metadata.annotations?.[PROVISIONED_BY] !== this.maker.name) return false;
    if (spec.persistentVolumeReclaimPolicy !== "Delete" || status?.phase !== "Released") return false;
    return !metadata.deletionTimestamp || (metadata.finalizers ?? []).includes(PROVISIONER_FINALIZER);
  }

  private remove(volume: PersistentVolume): boolean | undefined {
    const { api, maker } = this;
    const gone = outcome(() => maker.remove(volume));
    if (gone === undefined) return undefined;
    if (gone !== "removed") {
      maker.log(`delete ${goQuote(volume.metadata.name)}: volume deletion failed: ${gone.error}`);
      this.tell(volume, { type: "Warning", reason: "VolumeFailedDelete", message: gone.error });
      return false;
    }
    api.delete(volume);
    if (volume.metadata.finalizers?.includes(PROVISIONER_FINALIZER))
      api.modify<PersistentVolume>(volume, (now) => {
        const finalizers = (now.metadata.finalizers ?? []).filter((one) => one !== PROVISIONER_FINALIZER);
        return { ...now, metadata: { ...now.metadata, finalizers } };
      });
    return true;
  }

  /** A recorder drops what it may not write. */
  private tell(about: PersistentVolumeClaim | PersistentVolume, event: EventText): void {
    try {
      this.api.event(about, event);
    } catch (error) {
      if (!(error instanceof Status || error instanceof Unreachable)) throw error;
    }
  }
}

/** What the API server refuses the provisioner is a failure like any other. */
function outcome<T>(work: () => T): T | Failed {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Status)) throw error;
    return { error: error.message };
  }
}
