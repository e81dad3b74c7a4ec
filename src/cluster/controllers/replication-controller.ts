import type { Controller, Sentence } from "./define.ts";
import { keepReplicas } from "./replica-keeper.ts";

const kind = { group: "", version: "v1", kind: "ReplicationController" };

/** Keeps as many pods of a ReplicationController alive as it asks for. */
export const replicationController: Controller = {
  name: "replicationcontroller-controller",
  account: "replication-controller",
  source: "replication-controller",
  begin: () => [keepReplicas({ resource: "replicationcontrollers", kind, countsTerminating: false }) as Sentence],
};
