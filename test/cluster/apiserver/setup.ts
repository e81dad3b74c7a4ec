import { Clock, SECOND } from "../../../src/base/clock.ts";
import { Random } from "../../../src/base/random.ts";
import type { Api, UserInfo } from "../../../src/cluster/apiserver/define.ts";
import { createKindTable } from "../../../src/cluster/apiserver/kind-table.ts";
import { ApiServer, type ServerParts } from "../../../src/cluster/apiserver/server.ts";
import type { Store } from "../../../src/cluster/store/define.ts";
import { createStore } from "../../../src/cluster/store/store.ts";
import { kinds } from "../../../src/kinds/index.ts";
import { Status } from "../../../src/kinds/status.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";

/** 2026-01-02T03:04:05Z */
export const start = 1_767_323_045 * SECOND;
export const admin: UserInfo = { name: "kubernetes-admin", groups: ["system:masters", "system:authenticated"] };

export interface World {
  readonly clock: Clock;
  readonly store: Store;
  readonly server: ApiServer;
  readonly api: Api;
}

/** A server on an empty etcd, with the namespace default and its service account. */
export function world(parts: Partial<ServerParts> = {}): World {
  const clock = new Clock(start);
  const store = createStore(clock);
  const random = new Random("test");
  const server = new ApiServer({
    store,
    clock,
    random,
    kinds: createKindTable(kinds),
    flags: { "authorization-mode": "Node,RBAC" },
    ...parts,
  });
  const api = server.client(admin, "test");
  api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } });
  api.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: "default" } });
  return { clock, store, server, api };
}

/** The Status that something throws. */
export function refusal(run: () => unknown): Status {
  try {
    run();
  } catch (error) {
    if (error instanceof Status) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

export function podNamed(name: string, more: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: { containers: [{ name: "web", image: "nginx" }] },
    ...more,
  };
}

export function configMapNamed(name: string, data: Record<string, string> = { a: "1" }): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" }, data };
}
