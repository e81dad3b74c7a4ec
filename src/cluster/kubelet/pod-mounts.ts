import type { Timer } from "../../base/clock.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Agent } from "./define.ts";
import { mayChange, VolumeError } from "./volume-payload.ts";
import { checkVolume, type PodVolumes, volumeTree } from "./volumes.ts";

/** A pod that is well is looked at again after 60 to 90 seconds (syncFrequency with jitter); here always in the middle. */
const RESYNC_SECONDS = 75;

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
        checkVolume(volume, pod, this.agent.volumes);
      } catch (error) {
        if (!(error instanceof VolumeError)) throw error;
        const message = `MountVolume.SetUp failed for volume "${volume.name}" : ${error.message}`;
        this.agent.api.event(pod, { type: "Warning", reason: "FailedMount", message });
        // nestedpendingoperations' exponential back-off: from 500 ms, doubling, up to 2m2s.
        return Math.min(0.5 * 2 ** this.failures++, 122);
      }
    }
    this.failures = 0;
    this.follow();
    return undefined;
  }

  /** Volumes whose objects may change show what these were at the mount, and from then on what they are at each look. */
  follow(): void {
    const pod = this.pod();
    const changing = (pod.spec.volumes ?? []).filter(mayChange);
    if (changing.length === 0) return;
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
    for (const { refresh } of this.volumes.values()) refresh?.(this.pod());
    this.timer = this.agent.clock.after(RESYNC_SECONDS, () => this.refresh());
  }
}
