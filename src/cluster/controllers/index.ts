import { attachDetach } from "./attach-detach/index.ts";
import { bootstrapSigner } from "./bootstrap-signer.ts";
import { certificateApproving } from "./certificates/approving.ts";
import { certificateCleaner } from "./certificates/cleaner.ts";
import { certificateSigning } from "./certificates/signing.ts";
import { clusterRoleAggregation } from "./cluster-role-aggregation.ts";
import { cronJob } from "./cron-job/index.ts";
import { daemonSet } from "./daemon-set/index.ts";
import type { Controller } from "./define.ts";
import { deployment } from "./deployment/index.ts";
import { disruption } from "./disruption.ts";
import { endpointSlice } from "./endpoint-slice.ts";
import { endpointSliceMirroring } from "./endpoint-slice-mirroring.ts";
import { endpoints } from "./endpoints.ts";
import { ephemeralVolume } from "./ephemeral-volume.ts";
import { garbageCollector } from "./garbage-collector.ts";
import { horizontalPodAutoscaler } from "./horizontal-pod-autoscaler/index.ts";
import { job } from "./job/index.ts";
import { legacyServiceAccountTokenCleaner } from "./legacy-service-account-token-cleaner.ts";
import { namespace } from "./namespace.ts";
import { nodeIpam } from "./node-ipam.ts";
import { nodeLifecycle } from "./node-lifecycle/index.ts";
import { persistentVolumeBinder } from "./persistent-volume-binder/index.ts";
import { podGarbageCollector } from "./pod-garbage-collector.ts";
import { replicaSet } from "./replica-set.ts";
import { replicationController } from "./replication-controller.ts";
import { resourceClaim } from "./resource-claim/index.ts";
import { resourceQuota } from "./resource-quota.ts";
import { rootCaCertPublisher } from "./root-ca-cert-publisher.ts";
import { serviceAccount } from "./service-account.ts";
import { serviceAccountToken } from "./service-account-token.ts";
import { serviceCidr } from "./service-cidr.ts";
import { statefulSet } from "./stateful-set/index.ts";
import { taintEviction } from "./taint-eviction.ts";
import { tokenCleaner } from "./token-cleaner.ts";
import { ttlAfterFinished } from "./ttl-after-finished.ts";
import { validatingAdmissionPolicyStatus } from "./validating-admission-policy-status.ts";
import { volumeAttributesClassProtection } from "./volume-attributes-class-protection.ts";
import { volumeClaimProtection } from "./volume-claim-protection.ts";
import { volumeExpander } from "./volume-expander.ts";
import { volumeProtection } from "./volume-protection.ts";

/**
 * The controllers of kube-controller-manager. Those of what is owned stand before those of its owners: so within one
 * instant old pods are given up before a Deployment asks for new ones.
 */
export const controllers: readonly Controller[] = [
  replicaSet,
  replicationController,
  deployment,
  daemonSet,
  statefulSet,
  job,
  cronJob,
  ttlAfterFinished,
  garbageCollector,
  namespace,
  serviceAccount,
  serviceAccountToken,
  rootCaCertPublisher,
  endpoints,
  endpointSlice,
  endpointSliceMirroring,
  nodeIpam,
  nodeLifecycle,
  taintEviction,
  podGarbageCollector,
  clusterRoleAggregation,
  ephemeralVolume,
  resourceClaim,
  persistentVolumeBinder,
  attachDetach,
  volumeExpander,
  volumeClaimProtection,
  volumeProtection,
  volumeAttributesClassProtection,
  resourceQuota,
  horizontalPodAutoscaler,
  disruption,
  certificateSigning,
  certificateApproving,
  certificateCleaner,
  validatingAdmissionPolicyStatus,
  bootstrapSigner,
  tokenCleaner,
  legacyServiceAccountTokenCleaner,
  serviceCidr,
];
