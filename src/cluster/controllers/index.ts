import type { Controller } from "./define.ts";
import { deployment } from "./deployment/index.ts";
import { replicaSet } from "./replica-set.ts";

/**
 * The controllers of kube-controller-manager. Those of what is owned stand before those of its owners: so within one
 * instant old pods are given up before a Deployment asks for new ones.
 */
export const controllers: readonly Controller[] = [replicaSet, deployment];
