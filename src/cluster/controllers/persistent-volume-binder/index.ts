import { SECOND } from "../../../base/clock.ts";
import type { Event, PersistentVolume, PersistentVolumeClaim } from "../../../kinds/types/core.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Api } from "../../apiserver/define.ts";
import { BIND_COMPLETED } from "../../storage/define.ts";
import type { Controller, Key, Sentence } from "../define.ts";
import { syncClaim, type Tell } from "./claims.ts";
import { PodEvents, recycledBy } from "./recycle.ts";
import { syncVolume } from "./volumes.ts";

const claims = "persistentvolumeclaims";
/** The same is not said of a claim again before this has passed (--pvclaimbinder-sync-period, 1.35). */
const QUIET = 15 * SECOND;

/** Brings claims and volumes together (kubernetes pkg/controller/volume/persistentvolume, 1.35). */
export const persistentVolumeBinder: Controller = {
  name: "persistentvolume-binder-controller",
  account: "persistent-volume-binder",
  source: "persistentvolume-controller",
  begin(api, { clock }) {
    const unbound = new Map<string, Key>();
    const said = new Map<string, { message: string; at: number }>();
    const tell: Tell = (claim, event) => {
      const uid = claim.metadata.uid ?? "";
      const last = said.get(uid);
      if (last?.message === event.message && clock.now - last.at < QUIET) return;
      said.set(uid, { message: event.message, at: clock.now });
      api.event(claim, event);
    };
    const ofClaims: Sentence<PersistentVolumeClaim> = {
      for: claims,
      concerns(claim, _old, type) {
        const id = `${claim.metadata.namespace}/${claim.metadata.name}`;
        if (type !== "DELETED" && !claim.metadata.annotations?.[BIND_COMPLETED]) unbound.set(id, keyOf(claim));
        else unbound.delete(id);
        if (type === "DELETED") said.delete(claim.metadata.uid ?? "");
        return type !== "DELETED";
      },
      watches: [
        {
          resource: "persistentvolumes",
          // A volume that is free, or gone, matters to its claim and to all that wait for one.
          keys: (volume) => [...claimOf(volume), ...unbound.values()],
        },
        {
          resource: "storageclasses.storage.k8s.io",
          keys: () => [...unbound.values()],
        },
      ],
      reconcile(_api, claim, _key, tools) {
        if (claim) syncClaim(api, claim, tell, tools);
        return undefined;
      },
    };
    const saidOfPods = new PodEvents();
    const ofVolumes: Sentence<PersistentVolume> = {
      for: "persistentvolumes",
      watches: [
        { resource: claims, keys: (claim, _api, old, type) => volumesOf(api, claim, old, type === "DELETED") },
        { resource: "pods", keys: (pod) => recycledBy(pod as Pod) },
        { resource: "events", keys: (event, _api, _old, type) => saidOfPods.keep(event as Event, type === "ADDED") },
      ],
      reconcile(_api, volume, _key, tools) {
        const claim = volume && syncVolume(api, volume, tools, saidOfPods);
        if (claim) syncClaim(api, claim, tell, tools);
        return undefined;
      },
    };
    return [ofClaims, ofVolumes];
  },
};

function keyOf({ metadata }: KubeObject): Key {
  return { namespace: metadata.namespace ?? "", name: metadata.name };
}

function claimOf(object: KubeObject): readonly Key[] {
  const { claimRef } = (object as PersistentVolume).spec;
  return claimRef?.name ? [{ namespace: claimRef.namespace ?? "", name: claimRef.name }] : [];
}

/** The volumes a claim names or is bound to. */
function volumesOf(api: Api, object: KubeObject, old: KubeObject | undefined, gone: boolean): readonly Key[] {
  const claim = object as PersistentVolumeClaim;
  const name = claim.spec.volumeName ?? (old as PersistentVolumeClaim | undefined)?.spec.volumeName;
  if (name) return [{ namespace: "", name }];
  if (!gone) return [];
  return api
    .list<PersistentVolume>("persistentvolumes")
    .filter(({ spec }) => spec.claimRef?.uid === claim.metadata.uid)
    .map(keyOf);
}
