import { describe, expect, test } from "vitest";
import type { HttpRequest } from "../../../src/base/http.ts";
import { createStore } from "../../../src/cluster/store/store.ts";
import type { KubeObject, ManagedFields } from "../../../src/kinds/types/meta.ts";
import { configMapNamed, podNamed, world } from "./setup.ts";

type Body = KubeObject & { message: string; code: number; details: { causes: unknown[] } };

function open() {
  const w = world({ flags: {} });
  const send = (line: string, body?: unknown, headers: Record<string, string> = {}) => {
    const [method = "", path = ""] = line.split(" ");
    const all = { "user-agent": "kubectl/v1.35.0 (linux/amd64)", ...headers };
    const response = w.server.handle({ method, path, headers: all, body } as HttpRequest);
    return { status: response.status, body: response.body as unknown as Body };
  };
  const apply = (path: string, body: unknown, query = "fieldManager=kubectl") =>
    send(`PATCH ${path}?${query}`, body, { "content-type": "application/apply-patch+yaml" });
  const managers = (path: string) => send(`GET ${path}`).body.metadata.managedFields ?? [];
  return { ...w, send, apply, managers };
}

const path = "/api/v1/namespaces/default/configmaps/a";
const short = (entries: readonly ManagedFields[]) =>
  entries.map(({ manager, operation, subresource, fieldsV1 }) => [
    manager,
    operation,
    ...(subresource ? [subresource] : []),
    fieldsV1,
  ]);

function deployment(spec: Record<string, unknown> = {}, container: Record<string, unknown> = {}): KubeObject {
  const containers = [{ name: "web", image: "nginx:1", ...container }];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" } as KubeObject["metadata"],
    spec: {
      selector: { matchLabels: { app: "web" } },
      template: { metadata: { labels: { app: "web" } }, spec: { containers } },
      ...spec,
    },
  };
}
const web = "/apis/apps/v1/namespaces/default/deployments/web";

describe("managedFields of updates", () => {
  test("who creates owns what is there", () => {
    const { api, managers } = open();
    const labels = { app: "x" };
    api.create({ ...podNamed("p"), metadata: { name: "p", namespace: "default", labels } });
    const [entry, ...more] = managers("/api/v1/namespaces/default/pods/p");
    expect(more).toEqual([]);
    expect(entry).toMatchObject({
      manager: "test",
      operation: "Update",
      apiVersion: "v1",
      time: "2026-01-02T03:04:05Z",
      fieldsType: "FieldsV1",
    });
    expect(entry?.fieldsV1).toMatchObject({
      "f:metadata": { "f:labels": { ".": {}, "f:app": {} } },
      "f:spec": {
        "f:containers": {
          'k:{"name":"web"}': { ".": {}, "f:image": {}, "f:imagePullPolicy": {}, "f:name": {}, "f:resources": {} },
        },
        "f:dnsPolicy": {},
        "f:restartPolicy": {},
        "f:securityContext": {},
      },
    });
    expect(entry?.fieldsV1).not.toHaveProperty("f:status");
    expect(entry?.fieldsV1?.["f:spec"]).not.toHaveProperty(["."]);
    expect(entry?.fieldsV1?.["f:metadata"]).toEqual({ "f:labels": { ".": {}, "f:app": {} } });
  });

  test("a binding has no owner; a status is its writer's", () => {
    const { api, server, managers } = open();
    const pod = api.create(podNamed("p"));
    api.createAt("pods", "default", "p", "binding", { target: { name: "w1" } });
    const kubelet = server.client({ name: "k", groups: [] }, "kubelet");
    kubelet.modify(
      pod,
      (current) => ({ ...current, status: { ...(current.status as object), phase: "Running" } }),
      "status",
    );
    const entries = managers("/api/v1/namespaces/default/pods/p");
    expect(entries.map(({ manager, subresource }) => [manager, subresource])).toEqual([
      ["kubelet", "status"],
      ["test", undefined],
    ]);
    expect(entries[0]?.fieldsV1).toEqual({ "f:status": { "f:phase": {} } });
    expect(JSON.stringify(entries)).not.toContain("nodeName");
  });

  test("what one changes another loses", () => {
    const { api, server, managers } = open();
    const object = api.create(configMapNamed("a", { x: "1", y: "1" }));
    const other = server.client({ name: "o", groups: [] }, "other");
    other.update({ ...object, data: { x: "2", y: "1", z: "1" } });
    expect(short(managers(path))).toEqual([
      ["other", "Update", { "f:data": { "f:x": {}, "f:z": {} } }],
      ["test", "Update", { "f:data": { ".": {}, "f:y": {} } }],
    ]);
    api.modify(object, (current) => ({ ...current, data: { y: "1" } }));
    expect(short(managers(path))).toEqual([["test", "Update", { "f:data": { ".": {}, "f:y": {} } }]]);
  });

  test("many writers in turn end as if each was worked out at once", () => {
    const { api, server, managers, clock } = open();
    const object = api.create(configMapNamed("a", { start: "0" }));
    for (let i = 0; i < 40; i++) {
      clock.run(clock.now + 1_000_000);
      const writer = server.client({ name: "w", groups: [] }, `writer-${i % 3}`);
      writer.modify(object, (current) => ({
        ...current,
        data: { ...(current.data as object), [`k${i % 5}`]: String(i) },
      }));
      if (i % 7 === 0) managers(path);
    }
    const owners = Object.fromEntries(
      managers(path).flatMap(({ manager, fieldsV1 }) =>
        Object.keys(fieldsV1?.["f:data"] as object).map((key) => [key, manager]),
      ),
    );
    expect(owners).toEqual({
      ".": "test",
      "f:start": "test",
      "f:k0": "writer-2",
      "f:k1": "writer-0",
      "f:k2": "writer-1",
      "f:k3": "writer-2",
      "f:k4": "writer-0",
    });
  });

  test("are in a snapshot of etcd", () => {
    const { api, store } = open();
    api.create(configMapNamed("a"));
    const again = createStore();
    again.restore(store.snapshot());
    expect(again.get("configmaps", "default", "a")?.metadata.managedFields).toMatchObject([
      { manager: "test", operation: "Update" },
    ]);
  });

  test("can be reset, and moved by a client that sends them", () => {
    const { api, send, managers } = open();
    api.create(configMapNamed("a"));
    const merge = { "content-type": "application/merge-patch+json" };
    send(`PATCH ${path}?fieldManager=x`, { metadata: { managedFields: [{}] }, data: { b: "2" } }, merge);
    expect(short(managers(path))).toEqual([["x", "Update", { "f:data": { "f:b": {} } }]]);
    const entries = managers(path).map((entry) => ({ ...entry, manager: "moved", operation: "Apply" }));
    const patch = [{ op: "replace", path: "/metadata/managedFields", value: entries }];
    send(`PATCH ${path}`, patch, { "content-type": "application/json-patch+json" });
    expect(short(managers(path))).toEqual([["moved", "Apply", { "f:data": { "f:b": {} } }]]);
  });
});

describe("server-side apply", () => {
  test("creates, and owns what it names alone", () => {
    const { apply, managers } = open();
    expect(apply(web, deployment({ replicas: 2 }))).toMatchObject({
      status: 201,
      body: { spec: { replicas: 2, revisionHistoryLimit: 10 } },
    });
    expect(short(managers(web))).toEqual([
      [
        "kubectl",
        "Apply",
        {
          "f:spec": {
            "f:replicas": {},
            "f:selector": {},
            "f:template": {
              "f:metadata": { "f:labels": { "f:app": {} } },
              "f:spec": { "f:containers": { 'k:{"name":"web"}': { ".": {}, "f:image": {}, "f:name": {} } } },
            },
          },
        },
      ],
    ]);
  });

  test("the same again changes nothing; YAML text is read", () => {
    const { apply, store } = open();
    apply(web, deployment({ replicas: 2 }));
    const { revision } = store;
    expect(apply(web, deployment({ replicas: 2 })).status).toBe(200);
    expect(store.revision).toBe(revision);
    const yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata: {x: '1'}\n";
    expect(apply(path, yaml)).toMatchObject({ status: 201, body: { data: { x: "1" } } });
  });

  test("takes out what it no longer names, unless another owns it", () => {
    const { apply, send } = open();
    apply(path, configMapNamed("a", { x: "1", y: "1", z: "1" }));
    apply(path, configMapNamed("a", { y: "1" }), "fieldManager=other");
    expect(apply(path, configMapNamed("a", { x: "1" })).body.data).toEqual({ x: "1", y: "1" });
    const env = [
      { name: "A", value: "1" },
      { name: "B", value: "2" },
    ];
    apply(web, deployment({}, { env, ports: [{ containerPort: 80 }] }));
    const next = apply(web, deployment({}, { env: env.slice(1) })).body as never as {
      spec: { template: { spec: { containers: Record<string, unknown>[] } } };
    };
    expect(next.spec.template.spec.containers[0]?.env).toEqual([{ name: "B", value: "2" }]);
    expect(next.spec.template.spec.containers[0]).not.toHaveProperty("ports");
    expect(send(`GET ${web}`).body.spec).toMatchObject({ template: { spec: { dnsPolicy: "ClusterFirst" } } });
  });

  test("merges lists by their keys: containers of two managers", () => {
    const { apply } = open();
    apply(web, deployment());
    const sidecar = deployment({
      template: { spec: { containers: [{ name: "side", image: "busybox" }] } },
      selector: undefined,
    });
    const both = apply(web, sidecar, "fieldManager=mesh").body as never as {
      spec: { template: { spec: { containers: { name: string }[] } } };
    };
    expect(both.spec.template.spec.containers.map(({ name }) => name).sort()).toEqual(["side", "web"]);
  });

  test("conflicts name the manager and the field; force takes it", () => {
    const { apply, api, send, managers } = open();
    apply(web, deployment({ replicas: 2 }));
    const one = apply(web, deployment({ replicas: 3 }), "fieldManager=other");
    expect(one.body).toMatchObject({
      code: 409,
      reason: "Conflict",
      message: 'Apply failed with 1 conflict: conflict with "kubectl": .spec.replicas',
      details: {
        causes: [{ reason: "FieldManagerConflict", message: 'conflict with "kubectl"', field: ".spec.replicas" }],
      },
    });
    const merge = { "content-type": "application/merge-patch+json" };
    send(`PATCH ${web}/scale`, { spec: { replicas: 5 } }, merge);
    const many = apply(web, deployment({ replicas: 3 }, { image: "nginx:2" }), "fieldManager=other");
    expect(many.body.message).toBe(
      [
        'Apply failed with 2 conflicts: conflicts with "kubectl":',
        '- .spec.template.spec.containers[name="web"].image',
        'conflicts with "kubectl" with subresource "scale" using apps/v1:',
        "- .spec.replicas",
      ].join("\n"),
    );
    expect(api.get("deployments.apps", "default", "web")?.spec).toMatchObject({ replicas: 5 });
    const forced = apply(web, deployment({ replicas: 3 }), "fieldManager=other&force=true");
    expect(forced.body.spec).toMatchObject({ replicas: 3 });
    expect(managers(web).map(({ manager }) => manager)).toEqual(["kubectl", "other"]);
    expect(apply(web, deployment({ replicas: 3 })).status).toBe(200);
  });

  test("what is asked of the request", () => {
    const { apply } = open();
    expect(apply(path, configMapNamed("a"), "").body.message).toBe(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
    const managed = { ...configMapNamed("a"), metadata: { name: "a", managedFields: [] } };
    expect(apply(path, managed).body.message).toBe("metadata.managedFields must be nil");
    expect(apply(web, deployment({ foo: 1 })).body).toMatchObject({
      code: 500,
      message:
        "failed to create typed patch object (default/web; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema",
    });
    expect(apply(path, { ...configMapNamed("a"), apiVersion: "v2" }).body.code).toBe(400);
  });
});
