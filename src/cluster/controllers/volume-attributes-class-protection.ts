import type { PersistentVolume, PersistentVolumeClaim } from "../../kinds/types/core.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import type { VolumeAttributesClass } from "../../kinds/types/storage.ts";
import type { Api } from "../apiserver/define.ts";
import type { Controller, Key } from "./define.ts";

const FINALIZER = "kubernetes.io/vac-protection";

/** Keeps classes of attributes while a claim or a volume names them (pkg/controller/volume/vacprotection, 1.35). */
export const volumeAttributesClassProtection: Controller<VolumeAttributesClass> = {
  name: "volumeattributesclass-protection-controller",
  for: "volumeattributesclasses.storage.k8s.io",
  concerns: (_class, _old, type) => type !== "DELETED",
  watches: [
    { resource: "persistentvolumeclaims", keys: left },
    { resource: "persistentvolumes", keys: left },
  ],
  reconcile(api, object) {
    if (!object) return undefined;
    const { deletionTimestamp, finalizers = [] } = object.metadata;
    const held = finalizers.includes(FINALIZER);
    const next = deletionTimestamp ? finalizers.filter((name) => name !== FINALIZER) : [...finalizers, FINALIZER];
    if (deletionTimestamp ? held && !isNamed(api, object.metadata.name) : !held)
      api.modify<VolumeAttributesClass>(object, (now) => ({
        ...now,
        metadata: { ...now.metadata, finalizers: next },
      }));
    return undefined;
  },
};

/** The classes that an object named before, and does not any more. */
function left(object: KubeObject, _api: Api, old: KubeObject | undefined, type: string): readonly Key[] {
  const before = namesIn(type === "DELETED" ? object : old);
  const now = type === "DELETED" ? new Set<string>() : namesIn(object);
  return [...before].filter((name) => !now.has(name)).map((name) => ({ namespace: "", name }));
}

function namesIn(object: KubeObject | undefined): ReadonlySet<string> {
  const { spec, status } = (object ?? {}) as Partial<PersistentVolumeClaim>;
  const current = (status as { currentVolumeAttributesClassName?: string } | undefined)
    ?.currentVolumeAttributesClassName;
  return new Set([spec?.volumeAttributesClassName, current].filter((name) => name !== undefined));
}

function isNamed(api: Api, name: string): boolean {
  return (
    api.list<PersistentVolumeClaim>("persistentvolumeclaims").some((claim) => namesIn(claim).has(name)) ||
    api.list<PersistentVolume>("persistentvolumes").some((volume) => namesIn(volume).has(name))
  );
}
