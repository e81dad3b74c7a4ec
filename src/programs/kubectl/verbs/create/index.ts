import type { Verb } from "../../define.ts";
import { clusterrole } from "./clusterrole.ts";
import { clusterrolebinding } from "./clusterrolebinding.ts";
import { configmap } from "./configmap.ts";
import { create } from "./create.ts";
import { cronjob } from "./cronjob.ts";
import { deployment } from "./deployment.ts";
import { ingress } from "./ingress.ts";
import { job } from "./job.ts";
import { namespace } from "./namespace.ts";
import { poddisruptionbudget } from "./poddisruptionbudget.ts";
import { priorityclass } from "./priorityclass.ts";
import { quota } from "./quota.ts";
import { role } from "./role.ts";
import { rolebinding } from "./rolebinding.ts";
import { dockerRegistry } from "./secret/docker-registry.ts";
import { generic } from "./secret/generic.ts";
import { tls } from "./secret/tls.ts";
import { clusterip } from "./service/clusterip.ts";
import { externalname } from "./service/externalname.ts";
import { loadbalancer } from "./service/loadbalancer.ts";
import { nodeport } from "./service/nodeport.ts";
import { serviceaccount } from "./serviceaccount.ts";
import { token } from "./token.ts";

/** kubectl create and what it can make without a file. */
export const createVerbs: readonly Verb[] = [
  create,
  clusterrole,
  clusterrolebinding,
  configmap,
  cronjob,
  deployment,
  ingress,
  job,
  namespace,
  poddisruptionbudget,
  priorityclass,
  quota,
  role,
  rolebinding,
  dockerRegistry,
  generic,
  tls,
  clusterip,
  externalname,
  loadbalancer,
  nodeport,
  serviceaccount,
  token,
];
