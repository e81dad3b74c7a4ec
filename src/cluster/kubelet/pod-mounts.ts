import { SECOND, type Timer } from "../../base/clock.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Agent } from "./define.ts";
import { ClaimFailure, MountFailure, MountPending } from "./mount-failure.ts";
import { growMounted, isPersistent, shownName } from "./persistent-mount.ts";
import { mayChange, VolumeError } from "./volume-payload.ts";
import { checkVolume, type PodVolumes, volumeTree, WrittenVolume } from "./volumes.ts";

/** A pod that is well is looked at again after 60 to 90 seconds (syncFrequency with jitter); here always in the middle. */
const RESYNC_SECONDS = 75;
const ATTACH_TIMEOUT = 123 * SECOND;

/** The volumes of one pod: mounted before its sandbox is made, kept up to date while it runs. */
export class PodMounts {
  readonly volumes: PodVolumes;
  private readonly agent: Agent;
  private readonly pod: () => Pod;
  private failures = 0;
  private timer: Timer | undefined;

  constructor(agent: Agent, pod: () => Pod) {
    this.agent = agent;
    this.pod = pod;
    this.volumes = agent.runtime.volumesOf(pod().metadata.uid ?? "");
  }

  /** Checks that all volumes can be mounted. Gives the seconds until it should be tried again where one cannot. */
  setUp(): number | undefined {
    const pod = this.pod();
    for (const volume of pod.spec.volumes ?? []) {
      try {
        const payload = checkVolume(volume, pod, this.agent.volumes);
        if (payload && !mayChange(volume) && !this.volumes.has(volume.name))
          this.volumes.set(volume.name, new WrittenVolume(payload, pod, this.agent.host));
        if (isPersistent(volume)) this.volumes.set(volume.name, volumeTree(volume, pod, this.agent.volumes));
      } catch (error) {
        if (!(error instanceof VolumeError)) throw error;
        if (error instanceof MountPending) return this.waitFor(volume.name);
        const whole = error instanceof ClaimFailure || error instanceof MountFailure;
        const shown = shownName(volume, pod, this.agent.volumes);
        const message = whole ? error.message : `MountVolume.SetUp failed for volume "${shown}" : ${error.message}`;
        this.agent.api.event(pod, { type: "Warning", reason: "FailedMount", message });
        // nestedpendingoperations' exponential back-off: from 500 ms, doubling, up to 2m2s.
        return Math.min(0.5 * 2 ** this.failures++, 122);
      }
    }
    this.failures = 0;
    this.pendingSince = undefined;
    this.follow();
    return undefined;
  }

  private pendingSince: number | undefined;

  /** A volume is being attached: nothing is said of it until the pod has waited for 2m3s (podAttachAndMountTimeout). */
  private waitFor(name: string): number {
    const { api, clock } = this.agent;
    this.pendingSince ??= clock.now;
    if (clock.now - this.pendingSince < ATTACH_TIMEOUT) return 1;
    this.pendingSince = clock.now;
    const lists = `unmounted volumes=[${name}], unattached volumes=[${name}], failed to process volumes=[]`;
    const message = `Unable to attach or mount volumes: ${lists}: context deadline exceeded`;
    api.event(this.pod(), { type: "Warning", reason: "FailedMount", message });
    return 1;
  }

  /** Volumes whose objects may change show what these were at the mount, and from then on what they are at each look. */
  follow(): void {
    const pod = this.pod();
    const volumes = pod.spec.volumes ?? [];
    const changing = volumes.filter(mayChange);
    if (changing.length === 0 && !volumes.some(isPersistent)) return;
    for (const volume of changing)
      if (!this.volumes.has(volume.name)) this.volumes.set(volume.name, volumeTree(volume, pod, this.agent.volumes));
    this.timer?.cancel();
    this.timer = this.agent.clock.after(RESYNC_SECONDS, () => this.refresh());
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private refresh(): void {
    const pod = this.pod();
    for (const { refresh } of this.volumes.values()) refresh?.(pod);
    for (const volume of pod.spec.volumes ?? []) growMounted(volume, pod, this.agent.volumes);
    this.timer = this.agent.clock.after(RESYNC_SECONDS, () => this.refresh());
  }
}
