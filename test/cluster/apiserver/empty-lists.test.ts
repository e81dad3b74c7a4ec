import { expect, test } from "vitest";
import type { HttpRequest } from "../../../src/base/http.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import { admin, world } from "./setup.ts";

const objects: readonly [says: string, path: string, object: object, shown: object][] = [
  [
    "rules of a Role",
    "/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles",
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", rules: [] },
    { rules: null },
  ],
  [
    "endpoints and ports of an EndpointSlice",
    "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
    { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", addressType: "IPv4", endpoints: [] },
    { endpoints: null, ports: null },
  ],
  [
    "drivers of a CSINode",
    "/apis/storage.k8s.io/v1/csinodes",
    { apiVersion: "storage.k8s.io/v1", kind: "CSINode", spec: { drivers: [] } },
    { spec: { drivers: null } },
  ],
];

// An empty list is nothing in protobuf, and etcd has protobuf; real servers answer so ("endpoints": null), 1.35.
test.each(objects)("empty lists that are always written are null: %s", (_, path, object, shown) => {
  const { server } = world({
    verifyCertificate: () => ({ commonName: admin.name, organizations: ["system:masters"] }),
  });
  const body = { ...object, metadata: { name: "x" } };
  const ask = (method: "GET" | "POST" | "PUT", path: string, body?: object) =>
    server.handle({ method, path, headers: {}, clientCertificate: "admin", ...(body ? { body } : {}) } as HttpRequest);
  const made = ask("POST", path, body);
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject(shown);
  const { resourceVersion } = (made.body as unknown as KubeObject).metadata;
  // The same again is no change.
  const again = ask("PUT", `${path}/x`, body);
  expect(again.body).toMatchObject({ ...shown, metadata: { resourceVersion } });
  expect(ask("GET", `${path}/x`).body).toMatchObject(shown);
});
