import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from "../../../kinds/types/core.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Api, EventText } from "../../apiserver/define.ts";
import {
  BETA_PROVISIONER,
  BIND_COMPLETED,
  BOUND_BY_CONTROLLER,
  PROVISIONER,
  SELECTED_NODE,
} from "../../storage/define.ts";
import { classOf, isFor, matchVolume, mismatch } from "../../storage/match-volume.ts";
import type { ControllerTools } from "../define.ts";
import { bind, setClaimPhase } from "./bind.ts";

/** Records an event about a claim, unless the same was said a moment ago. */
export type Tell = (claim: PersistentVolumeClaim, event: EventText) => void;

const classes = "storageclasses.storage.k8s.io";
const DEFAULT = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];

/** One look at a claim (pv_controller.go syncClaim, 1.35). */
export function syncClaim(api: Api, seen: PersistentVolumeClaim, tell: Tell, tools: ControllerTools): void {
  if (seen.metadata.annotations?.[BIND_COMPLETED]) {
    syncBound(api, seen, tell, tools);
    return;
  }
  const claim = withDefaultClass(api, seen);
  if (claim.spec.volumeName) syncAsking(api, claim, claim.spec.volumeName, tell, tools);
  else syncUnbound(api, claim, tell, tools);
}

/** A claim that names no class gets the default one, also when that comes later (RetroactiveDefaultStorageClass, 1.28). */
function withDefaultClass(api: Api, claim: PersistentVolumeClaim): PersistentVolumeClaim {
  const named = claim.spec.storageClassName !== undefined || claim.spec.volumeName;
  if (named || claim.metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] !== undefined) return claim;
  const [newest] = api
    .list<StorageClass>(classes)
    .filter(({ metadata }) => DEFAULT.some((name) => metadata.annotations?.[name] === "true"))
    .sort(byAge);
  if (!newest) return claim;
  const storageClassName = newest.metadata.name;
  const changed = api.modify<PersistentVolumeClaim>(claim, (now) => ({
    ...now,
    spec: { ...now.spec, storageClassName },
  }));
  return changed ?? claim;
}

/** The newest first, of equal age by name. */
function byAge({ metadata: a }: StorageClass, { metadata: b }: StorageClass): number {
  const [one, other] = [a.creationTimestamp ?? "", b.creationTimestamp ?? ""];
  if (one !== other) return one > other ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}

function syncUnbound(api: Api, claim: PersistentVolumeClaim, tell: Tell, tools: ControllerTools): void {
  const name = classOf(claim);
  const storageClass = name ? api.get<StorageClass>(classes, undefined, name) : undefined;
  const waits =
    storageClass?.volumeBindingMode === "WaitForFirstConsumer" && !claim.metadata.annotations?.[SELECTED_NODE];
  const volume = matchVolume(api.list<PersistentVolume>("persistentvolumes"), claim, { waits });
  if (volume) {
    bind(api, volume, claim, tools.clock.now);
    return;
  }
  if (waits) tell(claim, waitingFor(api, claim));
  else if (name) provision(api, claim, name, storageClass, tell);
  else {
    const message = "no persistent volumes available for this claim and no storage class is set";
    tell(claim, { type: "Normal", reason: "FailedBinding", message });
  }
  setClaimPhase(api, claim, "Pending");
}

/** A claim waits for a pod that wants it, or for that pod to find a node. */
function waitingFor(api: Api, { metadata }: PersistentVolumeClaim): EventText {
  const pod = api
    .list<Pod>("pods", metadata.namespace)
    .find(
      ({ spec, status }) =>
        !spec.nodeName &&
        status?.phase === "Pending" &&
        spec.volumes?.some(({ persistentVolumeClaim: used }) => used?.claimName === metadata.name),
    );
  if (pod)
    return {
      type: "Normal",
      reason: "WaitForPodScheduled",
      message: `waiting for pod ${pod.metadata.name} to be scheduled`,
    };
  const message = "waiting for first consumer to be created before binding";
  return { type: "Normal", reason: "WaitForFirstConsumer", message };
}

/** Asks the class's provisioner for a volume; those within Kubernetes itself are gone (provisionClaim, 1.35). */
function provision(
  api: Api,
  claim: PersistentVolumeClaim,
  name: string,
  storageClass: StorageClass | undefined,
  tell: Tell,
): void {
  if (!storageClass) {
    const message = `storageclass.storage.k8s.io "${name}" not found`;
    tell(claim, { type: "Warning", reason: "ProvisioningFailed", message });
    return;
  }
  const { provisioner } = storageClass;
  if (provisioner.startsWith("kubernetes.io/")) {
    const message = `no volume plugin matched name: ${provisioner}`;
    tell(claim, { type: "Warning", reason: "ProvisioningFailed", message });
    return;
  }
  const wanted = { [BETA_PROVISIONER]: provisioner, [PROVISIONER]: provisioner };
  const asked = api.modify<PersistentVolumeClaim>(claim, (now) =>
    now.metadata.annotations?.[PROVISIONER] === provisioner
      ? now
      : { ...now, metadata: { ...now.metadata, annotations: { ...now.metadata.annotations, ...wanted } } },
  );
  const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
  tell(asked ?? claim, { type: "Normal", reason: "ExternalProvisioning", message });
}

/** A claim that asks for a volume by name. */
function syncAsking(api: Api, claim: PersistentVolumeClaim, name: string, tell: Tell, tools: ControllerTools): void {
  const volume = api.get<PersistentVolume>("persistentvolumes", undefined, name);
  const wrong = volume && !volume.spec.claimRef ? mismatch(volume, claim) : undefined;
  if (volume && !wrong && (!volume.spec.claimRef || isFor(volume, claim))) {
    bind(api, volume, claim, tools.clock.now);
    return;
  }
  if (wrong) {
    const message = `Cannot bind to requested volume "${name}": ${wrong}`;
    tell(claim, { type: "Warning", reason: "VolumeMismatch", message });
  } else if (volume && !claim.metadata.annotations?.[BOUND_BY_CONTROLLER]) {
    const message = `volume "${name}" already bound to a different claim.`;
    tell(claim, { type: "Warning", reason: "FailedBinding", message });
  }
  setClaimPhase(api, claim, "Pending");
}

/** A claim whose binding is done keeps its volume, or is lost for ever. */
function syncBound(api: Api, claim: PersistentVolumeClaim, tell: Tell, tools: ControllerTools): void {
  const { volumeName } = claim.spec;
  const volume = volumeName ? api.get<PersistentVolume>("persistentvolumes", undefined, volumeName) : undefined;
  if (volume && (!volume.spec.claimRef || volume.spec.claimRef.uid === claim.metadata.uid)) {
    bind(api, volume, claim, tools.clock.now);
    return;
  }
  if (volume && isFor(volume, claim)) {
    bind(api, volume, claim, tools.clock.now);
    return;
  }
  if (claim.status?.phase === "Lost") return;
  const lost = volumeName
    ? "Bound claim has lost its PersistentVolume. Data on the volume is lost!"
    : "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!";
  const [reason, message] = volume
    ? ["ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly"]
    : ["ClaimLost", lost];
  tell(claim, { type: "Warning", reason, message });
  setClaimPhase(api, claim, "Lost");
}
