import { clusterRole } from "./cluster-role.ts";
import { clusterRoleBinding } from "./cluster-role-binding.ts";
import { configMap } from "./config-map.ts";
import { controllerRevision } from "./controller-revision.ts";
import { daemonSet } from "./daemon-set.ts";
import type { Kind } from "./define.ts";
import { deployment } from "./deployment.ts";
import { endpointSlice } from "./endpoint-slice.ts";
import { endpoints } from "./endpoints.ts";
import { eventsEvent } from "./event/events-k8s-io.ts";
import { event } from "./event/index.ts";
import { lease } from "./lease.ts";
import { namespace } from "./namespace.ts";
import { node } from "./node.ts";
import { persistentVolume } from "./persistent-volume.ts";
import { persistentVolumeClaim } from "./persistent-volume-claim.ts";
import { pod } from "./pod/index.ts";
import { priorityClass } from "./priority-class.ts";
import { replicaSet } from "./replica-set.ts";
import { role } from "./role.ts";
import { roleBinding } from "./role-binding.ts";
import { secret } from "./secret.ts";
import { service } from "./service/index.ts";
import { serviceAccount } from "./service-account.ts";
import { storageClass } from "./storage-class.ts";

/** All built-in kinds, in the order in which a server lists them. */
export const kinds: readonly Kind[] = [
  configMap,
  endpoints,
  event,
  namespace,
  node,
  persistentVolumeClaim,
  persistentVolume,
  pod,
  secret,
  serviceAccount,
  service,
  controllerRevision,
  daemonSet,
  deployment,
  replicaSet,
  eventsEvent,
  clusterRoleBinding,
  clusterRole,
  roleBinding,
  role,
  storageClass,
  priorityClass,
  lease,
  endpointSlice,
];
