import { clusterRoleAggregation } from "./cluster-role-aggregation.ts";
import { daemonSet } from "./daemon-set/index.ts";
import type { Controller } from "./define.ts";
import { deployment } from "./deployment/index.ts";
import { endpointSlice } from "./endpoint-slice.ts";
import { endpointSliceMirroring } from "./endpoint-slice-mirroring.ts";
import { endpoints } from "./endpoints.ts";
import { garbageCollector } from "./garbage-collector.ts";
import { namespace } from "./namespace.ts";
import { nodeIpam } from "./node-ipam.ts";
import { nodeLifecycle } from "./node-lifecycle/index.ts";
import { persistentVolumeBinder } from "./persistent-volume-binder/index.ts";
import { podGarbageCollector } from "./pod-garbage-collector.ts";
import { replicaSet } from "./replica-set.ts";
import { rootCaCertPublisher } from "./root-ca-cert-publisher.ts";
import { serviceAccount } from "./service-account.ts";
import { taintEviction } from "./taint-eviction.ts";
import { volumeClaimProtection } from "./volume-claim-protection.ts";
import { volumeProtection } from "./volume-protection.ts";

/**
 * The controllers of kube-controller-manager. Those of what is owned stand before those of its owners: so within one
 * instant old pods are given up before a Deployment asks for new ones.
 */
export const controllers: readonly Controller[] = [
  replicaSet,
  deployment,
  daemonSet,
  garbageCollector,
  namespace,
  serviceAccount,
  rootCaCertPublisher,
  endpoints,
  endpointSlice,
  endpointSliceMirroring,
  nodeIpam,
  nodeLifecycle,
  taintEviction,
  podGarbageCollector,
  clusterRoleAggregation,
  persistentVolumeBinder,
  volumeClaimProtection,
  volumeProtection,
];
