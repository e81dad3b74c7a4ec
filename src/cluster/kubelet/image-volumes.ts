import type { Volume } from "../../kinds/types/pod.ts";
import type { ImagePuller } from "./image-puller.ts";
import type { PodWorker } from "./pod-worker.ts";
import { newSlot, type Slot } from "./slot.ts";
import { volumeTree } from "./volumes.ts";

/** Gets the images that are volumes of one pod (kuberuntime_manager getImageVolumes and toKubeContainerImageVolumes, 1.35). */
export class ImageVolumes {
  private readonly worker: PodWorker;
  private readonly puller: ImagePuller;
  /** How each volume's image is pulled. */
  private readonly pulls = new Map<string, Slot>();
  private readonly there = new Set<string>();

  constructor(worker: PodWorker, puller: ImagePuller) {
    this.worker = worker;
    this.puller = puller;
  }

  /** Whether a container's image volumes can be mounted; begins to pull what is missing, and says what the container waits for. */
  ready(slot: Slot): boolean {
    let isReady = true;
    for (const volume of this.worker.pod.spec.volumes ?? []) {
      const source = volume.image;
      if (!source || this.there.has(volume.name)) continue;
      const pull = this.pullOf(volume.name, source);
      if (this.puller.hasImage(pull)) {
        this.there.add(volume.name);
        const { agent, pod, mounts } = this.worker;
        mounts.volumes.set(volume.name, volumeTree(volume, pod, agent.volumes));
      } else if (slot.spec.volumeMounts?.some(({ name }) => name === volume.name)) {
        isReady = false;
        slot.waiting = pull.waiting;
      }
    }
    return isReady;
  }

  private pullOf(name: string, { reference = "", pullPolicy = "IfNotPresent" }: NonNullable<Volume["image"]>): Slot {
    let pull = this.pulls.get(name);
    if (!pull) {
      pull = newSlot({ name, image: reference, imagePullPolicy: pullPolicy }, "volume");
      this.pulls.set(name, pull);
    }
    return pull;
  }
}
