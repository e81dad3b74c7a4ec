import { VolumeError } from "./volume-payload.ts";

/** A volume that cannot be mounted, with the whole text of the event. */
export class MountFailure extends VolumeError {
  /** `step`: MountVolume.MountDevice failed. */
  constructor(step: string, volume: string, why: string) {
    super(`${step} for volume "${volume}" : ${why}`);
  }
}

/** A claim of a pod that is of no use yet: what the kubelet says at once of all its volumes. */
export class ClaimFailure extends VolumeError {}

/** A volume that is not there yet and of which nothing is said: it is being attached. */
export class MountPending extends VolumeError {}
