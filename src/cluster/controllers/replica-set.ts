import type { Controller, Sentence } from "./define.ts";
import { keepReplicas } from "./replica-keeper.ts";

const kind = { group: "apps", version: "v1", kind: "ReplicaSet" };

/** Keeps as many pods of a ReplicaSet alive as it asks for. */
export const replicaSet: Controller = {
  name: "replicaset-controller",
  begin: () => [keepReplicas({ resource: "replicasets.apps", kind, countsTerminating: true }) as Sentence],
};
