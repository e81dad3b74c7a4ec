import { SECOND } from "../../base/clock.ts";
import { goDuration } from "../../base/go-duration.ts";
import type { Image } from "./images/define.ts";
import type { PodWorker } from "./pod-worker.ts";
import { canUse, credentialsFor } from "./pull-credentials.ts";
import { findImage, pullSeconds, refusal } from "./runtime/image-store.ts";
import type { Slot } from "./slot.ts";

/** Back-off of pulls: from 10 s, doubling, up to 5 minutes (1.35). */
const FIRST_BACKOFF = 10 * SECOND;
const LAST_BACKOFF = 300 * SECOND;

/** Gets the images of one pod's containers, and says how that goes (pkg/kubelet/images/image_manager.go, 1.35). */
export class ImagePuller {
  private readonly worker: PodWorker;

  constructor(worker: PodWorker) {
    this.worker = worker;
  }

  /** Whether the image of a slot is on the node and may be used; begins to pull it where not. */
  hasImage(slot: Slot): boolean {
    const { runtime } = this.worker.agent;
    const reference = slot.spec.image ?? "";
    const policy = slot.spec.imagePullPolicy ?? "IfNotPresent";
    const stored = runtime.stored(reference);
    if (slot.pull?.timer) return false;
    if (slot.pull && slot.pull.until === -1) return true;
    // KubeletEnsureSecretPulledImages (1.35): who has not the right login may not use what another has pulled.
    const allowed = stored !== undefined && this.mayUse(stored.image);
    if (stored && allowed && policy !== "Always") {
      const message = `Container image "${reference}" already present on machine and can be accessed by the pod`;
      this.worker.event(slot, "Normal", "Pulled", message);
      return true;
    }
    if (policy === "Never") return this.neverPulled(slot, reference, stored !== undefined);
    return this.pull(slot, reference, stored !== undefined);
  }

  private mayUse(image: Image): boolean {
    const { agent, pod } = this.worker;
    return !image.login || canUse(image, credentialsFor(agent, pod, image.repository).logins);
  }

  private neverPulled(slot: Slot, reference: string, present: boolean): false {
    const message = present
      ? `Container image "${reference}" is present with pull policy of Never but does not have the proper credentials to access the image`
      : `Container image "${reference}" is not present with pull policy of Never`;
    slot.waiting = { reason: "ErrImageNeverPull", message };
    this.worker.event(slot, "Warning", "ErrImageNeverPull", message);
    this.worker.event(slot, "Warning", "Failed", "Error: ErrImageNeverPull");
    this.worker.again();
    return false;
  }

  private pull(slot: Slot, reference: string, present: boolean): false {
    const { clock, random } = this.worker.agent;
    // As with a crash, the status shows the back-off from the second look on.
    if (slot.pull?.met) {
      const why = slot.waiting?.message?.replace(/^Back-off pulling image "[^"]*": ErrImagePull: /, "") ?? "";
      const message = `Back-off pulling image "${reference}": ErrImagePull: ${why}`;
      slot.waiting = { reason: "ImagePullBackOff", message };
    }
    if (slot.pull && clock.now < slot.pull.until) {
      slot.pull.met = true;
      this.worker.event(slot, "Normal", "BackOff", `Back-off pulling image "${reference}"`);
      this.worker.event(slot, "Warning", "Failed", "Error: ImagePullBackOff");
      this.worker.again();
      return false;
    }
    const found = findImage(reference);
    if ("error" in found && found.error === "couldn't parse image name") return this.invalidName(slot, reference);
    this.tellMissingSecrets();
    this.worker.event(slot, "Normal", "Pulling", `Pulling image "${reference}"`);
    const seconds =
      "error" in found
        ? 1 + random.fraction()
        : present
          ? 0.5 + 0.5 * random.fraction()
          : pullSeconds(found.image, random);
    const timer = clock.after(seconds, () => this.pulled(slot, reference, seconds));
    slot.pull = { timer, delay: slot.pull?.delay ?? 0, until: 0, met: false };
    return false;
  }

  private tellMissingSecrets(): void {
    const { agent, pod } = this.worker;
    if (!pod.spec.imagePullSecrets?.length) return;
    const { missing } = credentialsFor(agent, pod, "");
    if (missing.length === 0) return;
    const message = `Unable to retrieve some image pull secrets (${missing.join(", ")}); attempting to pull the image may not succeed.`;
    this.worker.event(undefined, "Warning", "FailedToRetrieveImagePullSecret", message);
  }

  private invalidName(slot: Slot, reference: string): false {
    const message = `Failed to apply default image tag "${reference}": couldn't parse image name "${reference}": invalid reference format`;
    slot.waiting = { reason: "InvalidImageName", message };
    this.worker.event(slot, "Warning", "InspectFailed", message);
    this.worker.event(slot, "Warning", "Failed", "Error: InvalidImageName");
    this.worker.again();
    return false;
  }

  private pulled(slot: Slot, reference: string, seconds: number): void {
    const { worker } = this;
    const { clock, runtime } = worker.agent;
    if (worker.agent.runtimeProblem()) {
      slot.pull = undefined;
      return;
    }
    const found = this.answerOf(reference);
    const delay = slot.pull?.delay ?? 0;
    if ("error" in found) {
      const code = /pull access denied|401 Unauthorized/.test(found.error) ? "Unknown" : "NotFound";
      const why = `rpc error: code = ${code} desc = ${found.error}`;
      const next = Math.min(delay === 0 ? FIRST_BACKOFF : delay * 2, LAST_BACKOFF);
      slot.pull = { timer: undefined, delay: next, until: clock.now + next, met: false };
      slot.waiting = { reason: "ErrImagePull", message: why };
      worker.event(slot, "Warning", "Failed", `Failed to pull image "${reference}": ${why}`);
      worker.event(slot, "Warning", "Failed", "Error: ErrImagePull");
      // The sandbox' start makes the kubelet look again soon after the first failure.
      if (delay === 0) worker.again(1 + worker.agent.random.fraction());
      else worker.again();
      worker.agent.report(worker.pod);
      return;
    }
    runtime.store(found.image, found.name);
    const took = goDuration(Math.round(seconds * 1000) * 1000);
    const message = `Successfully pulled image "${reference}" in ${took} (${took} including waiting). Image size: ${found.image.size} bytes.`;
    worker.event(slot, "Normal", "Pulled", message);
    slot.pull = { timer: undefined, delay: 0, until: -1, met: false };
    worker.soon();
  }
  /** What the registry says to this pod. */
  private answerOf(reference: string): ReturnType<typeof findImage> {
    const { agent, pod } = this.worker;
    const found = findImage(reference);
    if ("error" in found || !found.image.login) return found;
    const { logins } = credentialsFor(agent, pod, found.image.repository);
    return canUse(found.image, logins) ? found : { error: refusal(found.name, logins.length > 0) };
  }
}
