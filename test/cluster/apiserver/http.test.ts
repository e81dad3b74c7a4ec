import { describe, expect, test } from "vitest";
import type { HttpRequest } from "../../../src/base/http.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import type { ApiServer } from "../../../src/cluster/apiserver/server.ts";
import { admin, configMapNamed, podNamed, type World, world } from "./setup.ts";

type Ask = Partial<Omit<HttpRequest, "body">> & { body?: unknown };

/** A request by the administrator. */
function ask(server: ApiServer, line: string, more: Ask = {}) {
  const [method = "GET", path = ""] = line.split(" ");
  const headers = { "user-agent": "kubectl/v1.35.0", ...more.headers };
  const response = server.handle({ method, path, clientCertificate: "admin", ...more, headers } as HttpRequest);
  return { ...response, body: response.body as JsonObject & Record<string, never> };
}

/** A world that knows the administrator by certificate "admin" and anybody else by name. */
function open(): World & { ask: (line: string, more?: Ask) => ReturnType<typeof ask> } {
  const made = world({
    verifyCertificate: (pem) =>
      pem === "admin" ? { commonName: admin.name, organizations: ["system:masters"] } : { commonName: String(pem) },
  });
  return { ...made, ask: (line, more) => ask(made.server, line, more) };
}

const table = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" };

describe("paths", () => {
  test("unknown ones", () => {
    const { ask } = open();
    expect(ask("GET /foo")).toMatchObject({ status: 404, body: "404 page not found\n" });
    expect(ask("GET /api/v1/widgets")).toMatchObject({ status: 404, body: "404 page not found\n" });
    expect(ask("GET /apis/apps/v2/deployments")).toMatchObject({ status: 404 });
  });

  test("health and version", () => {
    const { ask } = open();
    for (const path of ["/healthz", "/livez", "/readyz", "/livez/ping"]) expect(ask(`GET ${path}`).body).toBe("ok");
    expect(ask("GET /livez?verbose").body).toMatch(/^\[\+\]ping ok\n[\s\S]*\nlivez check passed\n$/);
    expect(JSON.parse(String(ask("GET /version").body))).toMatchObject({
      major: "1",
      minor: "35",
      gitVersion: "v1.35.0",
      platform: "linux/amd64",
    });
  });

  test("methods that a resource does not have", () => {
    const { ask } = open();
    const refused = ask("DELETE /api/v1/namespaces").body;
    expect(refused).toMatchObject({ code: 405, reason: "MethodNotAllowed" });
    expect(refused.message).toBe('deletecollection is not supported on resources of kind "namespaces"');
  });
});

describe("reading", () => {
  test("an object as it is", () => {
    const { ask, api } = open();
    api.create(configMapNamed("a"));
    const { status, body, headers } = ask("GET /api/v1/namespaces/default/configmaps/a");
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("application/json");
    expect(body).toMatchObject({ kind: "ConfigMap", metadata: { name: "a" }, data: { a: "1" } });
    expect(ask("GET /api/v1/namespaces/default/configmaps/b")).toMatchObject({
      status: 404,
      body: {
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message: 'configmaps "b" not found',
        reason: "NotFound",
        details: { name: "b", kind: "configmaps" },
        code: 404,
      },
    });
  });

  test("lists in pages", () => {
    const { ask, api } = open();
    for (const name of ["a", "b", "c", "d", "e"]) api.create(configMapNamed(name));
    const first = ask("GET /api/v1/namespaces/default/configmaps?limit=2").body as never as {
      kind: string;
      metadata: { continue: string; remainingItemCount: number; resourceVersion: string };
      items: { metadata: { name: string } }[];
    };
    expect(first.kind).toBe("ConfigMapList");
    expect(first.items.map(({ metadata }) => metadata.name)).toEqual(["a", "b"]);
    expect(first.metadata.remainingItemCount).toBe(3);
    api.create(configMapNamed("bb"));
    const second = ask(`GET /api/v1/configmaps?limit=10&continue=${first.metadata.continue}`)
      .body as never as typeof first;
    expect(second.items.map(({ metadata }) => metadata.name)).toEqual(["bb", "c", "d", "e"]);
    expect(second.metadata.continue).toBeUndefined();
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    expect(ask("GET /api/v1/configmaps?continue=zzz").body.message).toBe("continue key is not valid: incorrect key");
  });

  test("a page that begins at a forgotten revision is Expired", () => {
    const { ask, api, store } = open();
    for (const name of ["a", "b"]) api.create(configMapNamed(name));
    const { metadata } = ask("GET /api/v1/configmaps?limit=1").body as never as { metadata: { continue: string } };
    api.create(configMapNamed("c"));
    store.compact(store.revision);
    const refused = ask(`GET /api/v1/configmaps?continue=${metadata.continue}`).body;
    expect(refused).toMatchObject({ code: 410, reason: "Expired" });
    expect(refused.message).toMatch(
      /^The provided continue parameter is too old to display a consistent list result\./,
    );
  });

  test("selectors", () => {
    const { ask, api } = open();
    const labels = { app: "web", tier: "x" };
    api.create({ ...podNamed("a"), metadata: { name: "a", namespace: "default", labels } });
    api.create(podNamed("b"));
    api.createAt("pods", "default", "b", "binding", { target: { name: "w1" } });
    const names = (query: string) =>
      (ask(`GET /api/v1/pods?${query}`).body as never as { items: { metadata: { name: string } }[] }).items.map(
        ({ metadata }) => metadata.name,
      );
    expect(names("labelSelector=app%3Dweb,tier+in+(x,y)")).toEqual(["a"]);
    expect(names("labelSelector=!app")).toEqual(["b"]);
    expect(names("fieldSelector=metadata.name%3Da")).toEqual(["a"]);
    expect(names("fieldSelector=spec.nodeName%3Dw1")).toEqual(["b"]);
    expect(names("fieldSelector=spec.nodeName%3D,status.phase!%3DRunning")).toEqual(["a"]);
    expect(ask("GET /api/v1/pods?fieldSelector=spec.foo%3Dx").body).toMatchObject({
      code: 400,
      reason: "BadRequest",
      message: "field label not supported: spec.foo",
    });
    expect(ask("GET /api/v1/configmaps?fieldSelector=data%3Dx").body.message).toBe(
      '"data" is not a known field selector: only "metadata.name", "metadata.namespace"',
    );
    expect(ask("GET /api/v1/pods?labelSelector=a%3D%3D%3Db").body).toMatchObject({ code: 400, reason: "BadRequest" });
  });

  test("tables and partial metadata by Accept", () => {
    const { ask, api } = open();
    api.create(configMapNamed("a"));
    const body = ask("GET /api/v1/namespaces/default/configmaps?limit=500", { headers: table }).body as never as {
      kind: string;
      apiVersion: string;
      columnDefinitions: { name: string; format: string; priority: number }[];
      rows: { cells: unknown[]; object: unknown }[];
      metadata: { resourceVersion: string };
    };
    expect(body).toMatchObject({ kind: "Table", apiVersion: "meta.k8s.io/v1" });
    expect(body.columnDefinitions.map(({ name }) => name)).toEqual(["Name", "Data", "Age"]);
    expect(body.columnDefinitions[0]).toMatchObject({ type: "string", format: "name", priority: 0 });
    expect(body.rows[0]?.cells).toEqual(["a", 1, "0s"]);
    expect(body.rows[0]?.object).toMatchObject({
      kind: "PartialObjectMetadata",
      apiVersion: "meta.k8s.io/v1",
      metadata: { name: "a" },
    });
    expect(Number(body.metadata.resourceVersion)).toBeGreaterThan(0);
    const partial = { accept: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json" };
    expect(ask("GET /api/v1/configmaps", { headers: partial }).body).toMatchObject({
      kind: "PartialObjectMetadataList",
      items: [{ kind: "PartialObjectMetadata", metadata: { name: "a" } }],
    });
    expect(ask("GET /api/v1/configmaps", { headers: { accept: "text/html" } })).toMatchObject({ status: 406 });
    const whole = ask("GET /api/v1/configmaps?includeObject=Object", { headers: table }).body as never as typeof body;
    expect(whole.rows[0]?.object).toMatchObject({ kind: "ConfigMap", data: { a: "1" } });
  });
});

describe("writing", () => {
  test("create answers 201 with the object; JSON text, YAML and protobuf are read", () => {
    const { ask } = open();
    const path = "POST /api/v1/namespaces/default/configmaps?fieldManager=kubectl-create";
    const json = JSON.stringify({ kind: "ConfigMap", apiVersion: "v1", metadata: { name: "a" }, data: { x: "1" } });
    expect(ask(path, { body: json, headers: { "content-type": "application/json" } })).toMatchObject({
      status: 201,
      body: { kind: "ConfigMap", metadata: { name: "a", namespace: "default" }, data: { x: "1" } },
    });
    const yaml = { body: "metadata:\n  name: b\ndata: {x: 'yes'}\n", headers: { "content-type": "application/yaml" } };
    expect(ask(path, yaml)).toMatchObject({ status: 201, body: { kind: "ConfigMap", data: { x: "yes" } } });
    const other = { body: "{}", headers: { "content-type": "text/plain" } };
    expect(ask(path, other)).toMatchObject({ status: 415, body: { reason: "UnsupportedMediaType" } });
  });

  test("unknown and doubled fields: Strict, Warn, Ignore", () => {
    const { ask } = open();
    const path = "POST /api/v1/namespaces/default/pods";
    const pod = (name: string) =>
      `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"${name}"},"spec":{"containrs":[],"containers":[{"name":"a","image":"b","image":"c"}]}}`;
    const strict = ask(`${path}?fieldValidation=Strict`, { body: pod("a") });
    expect(strict.body).toMatchObject({ code: 400, reason: "BadRequest" });
    expect(strict.body.message).toBe(
      'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.containrs", duplicate field "spec.containers[0].image"',
    );
    const warned = ask(`${path}?fieldValidation=Warn`, { body: pod("b") });
    expect(warned.status).toBe(201);
    expect(warned.headers.warning).toBe(
      '299 - "unknown field \\"spec.containrs\\"", 299 - "duplicate field \\"spec.containers[0].image\\""',
    );
    const ignored = ask(`${path}?fieldValidation=Ignore`, { body: pod("c") });
    expect(ignored.status).toBe(201);
    expect(ignored.headers.warning).toBeUndefined();
    expect(ignored.body.spec).not.toHaveProperty("containrs");
  });

  test("bodies that do not fit", () => {
    const { ask } = open();
    const message = (line: string, body: unknown) => ask(line, { body }).body.message;
    const pods = "POST /api/v1/namespaces/default/pods";
    expect(message(pods, { apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, spec: { containers: {} } })).toBe(
      'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
    );
    expect(message(pods, { apiVersion: "v2", kind: "Pod", metadata: { name: "a" } })).toBe(
      "the API version in the data (v2) does not match the expected API version (v1)",
    );
    expect(message(pods, { ...podNamed("a"), metadata: { name: "a", namespace: "other" } })).toBe(
      "the namespace of the provided object does not match the namespace sent on the request",
    );
    const put = "PUT /api/v1/namespaces/default/configmaps/a";
    expect(message(put, configMapNamed("b"))).toBe("the name of the object (b) does not match the name on the URL (a)");
    expect(message(pods, "{")).toMatch(
      /^the object provided is unrecognized \(must be of type Pod\): couldn't get version\/kind; json parse error: /,
    );
  });

  test("dryRun=All answers and leaves no trace", () => {
    const { ask, api, store } = open();
    const { revision } = store;
    const path = "POST /api/v1/namespaces/default/configmaps?dryRun=All";
    expect(ask(path, { body: configMapNamed("a") })).toMatchObject({ status: 201, body: { metadata: { name: "a" } } });
    expect(store.revision).toBe(revision);
    const b = api.create(configMapNamed("b"));
    const replaced = ask("PUT /api/v1/namespaces/default/configmaps/b?dryRun=All", {
      body: configMapNamed("b", { z: "9" }),
    });
    expect(replaced.body.data).toEqual({ z: "9" });
    expect(ask("DELETE /api/v1/namespaces/default/configmaps/b", { body: { dryRun: ["All"] } }).status).toBe(200);
    expect(api.get("configmaps", "default", "b")).toBe(b);
    expect(ask(path.replace("All", "Some"), { body: configMapNamed("a") }).body).toMatchObject({ code: 422 });
  });

  test("patches: JSON, merge, strategic", () => {
    const { ask, api } = open();
    api.create(podNamed("a"));
    const path = "PATCH /api/v1/namespaces/default/pods/a";
    const patch = (type: string, body: unknown) => ask(path, { body, headers: { "content-type": type } });
    const strategic = patch("application/strategic-merge-patch+json", {
      spec: { containers: [{ name: "web", image: "nginx:2" }] },
    });
    expect(strategic.body).toMatchObject({
      spec: { containers: [{ name: "web", image: "nginx:2", imagePullPolicy: expect.any(String) }] },
    });
    const merge = patch("application/merge-patch+json", { metadata: { labels: { a: "b" } } });
    expect(merge.body).toMatchObject({ metadata: { labels: { a: "b" } } });
    const json = patch("application/json-patch+json", [{ op: "replace", path: "/metadata/labels/a", value: "c" }]);
    expect(json.body).toMatchObject({ metadata: { labels: { a: "c" } } });
    expect(
      patch("application/json-patch+json", [{ op: "test", path: "/metadata/labels/a", value: "x" }]).body,
    ).toMatchObject({
      code: 422,
      reason: "Invalid",
      message: "the server rejected our request due to an error in our request",
      details: {
        causes: [
          { reason: "UnexpectedServerResponse", message: "testing value /metadata/labels/a failed: test failed" },
        ],
      },
    });
    expect(patch("text/plain", {}).body).toMatchObject({ code: 415 });
    const strict = ask(`${path}?fieldValidation=Strict`, {
      body: { spec: { foo: 1 } },
      headers: { "content-type": "application/strategic-merge-patch+json" },
    });
    expect(strict.body.message).toBe(
      ' "" is invalid: patch: Invalid value: "map[spec:map[foo:1]]": strict decoding error: unknown field "spec.foo"',
    );
    expect(patch("application/merge-patch+json", { metadata: { resourceVersion: "1" } }).body).toMatchObject({
      code: 409,
      reason: "Conflict",
    });
  });

  test("PUT of what is not there creates leases and roles, and nothing else", () => {
    const { ask } = open();
    const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: { name: "r" }, rules: [] };
    expect(ask("PUT /apis/rbac.authorization.k8s.io/v1/namespaces/default/roles/r", { body: role }).status).toBe(201);
    expect(ask("PUT /api/v1/namespaces/default/configmaps/a", { body: configMapNamed("a") }).body).toMatchObject({
      code: 404,
      message: 'configmaps "a" not found',
    });
  });
});

describe("deleting", () => {
  test("at once: Status Success; gracefully: the object", () => {
    const { ask, api } = open();
    const a = api.create(configMapNamed("a"));
    expect(ask("DELETE /api/v1/namespaces/default/configmaps/a").body).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Success",
      details: { name: "a", kind: "configmaps", uid: a.metadata.uid },
    });
    api.create(podNamed("p"));
    api.createAt("pods", "default", "p", "binding", { target: { name: "w1" } });
    const deleted = ask("DELETE /api/v1/namespaces/default/pods/p", { body: { gracePeriodSeconds: 20 } });
    expect(deleted.body).toMatchObject({
      kind: "Pod",
      metadata: { deletionTimestamp: "2026-01-02T03:04:25Z", deletionGracePeriodSeconds: 20, generation: 2 },
    });
  });

  test("collections by selector", () => {
    const { ask, api } = open();
    for (const name of ["a", "b", "c"]) {
      const labels = { x: name === "b" ? "2" : "1" };
      api.create({ ...configMapNamed(name), metadata: { name, namespace: "default", labels } });
    }
    const gone = ask("DELETE /api/v1/namespaces/default/configmaps?labelSelector=x%3D1").body as never as {
      items: unknown[];
    };
    expect(gone.items).toHaveLength(2);
    expect(api.list("configmaps", "default").map(({ metadata }) => metadata.name)).toEqual(["b"]);
  });
});

describe("watching", () => {
  const taken = (stream: { take(): unknown } | undefined) => {
    const events: { type: string; object: { metadata?: { name?: string } } & Record<string, unknown> }[] = [];
    for (let event = stream?.take(); event !== undefined; event = stream?.take()) events.push(event as never);
    return events;
  };
  const short = (stream: { take(): unknown } | undefined) =>
    taken(stream).map(({ type, object }) => `${type} ${object.metadata?.name}`);

  test("from the beginning, and from a revision", () => {
    const { ask, api, store } = open();
    api.create(configMapNamed("a"));
    const { stream } = ask("GET /api/v1/namespaces/default/configmaps?watch=true&resourceVersion=0");
    const { revision } = store;
    const b = api.create(configMapNamed("b"));
    api.update({ ...b, data: {} });
    api.delete(b);
    expect(short(stream)).toEqual(["ADDED a", "ADDED b", "MODIFIED b", "DELETED b"]);
    const later = ask(`GET /api/v1/configmaps?watch=true&resourceVersion=${revision}`).stream;
    expect(short(later)).toEqual(["ADDED b", "MODIFIED b", "DELETED b"]);
    stream?.close();
    api.create(configMapNamed("c"));
    expect(short(stream)).toEqual([]);
    expect(short(later)).toEqual(["ADDED c"]);
  });

  test("through a selector: what comes in is ADDED, what goes out DELETED", () => {
    const { ask, api } = open();
    const { stream } = ask("GET /api/v1/configmaps?watch=true&labelSelector=on%3Dyes");
    const a = api.create(configMapNamed("a"));
    const label = (on: string) =>
      api.modify(a, (current) => ({ ...current, metadata: { ...current.metadata, labels: { on } } }));
    label("yes");
    label("no");
    expect(short(stream)).toEqual(["ADDED a", "DELETED a"]);
    const named = ask("GET /api/v1/namespaces/default/configmaps?watch=true&fieldSelector=metadata.name%3Db").stream;
    api.create(configMapNamed("b"));
    api.create(configMapNamed("c"));
    expect(short(named)).toEqual(["ADDED b"]);
  });

  test("too old a revision is an event", () => {
    const { ask, api, store } = open();
    for (let i = 0; i < 5; i++) api.create(configMapNamed(`a${i}`));
    store.compact(store.revision - 1);
    const { status, stream } = ask("GET /api/v1/configmaps?watch=true&resourceVersion=2");
    expect(status).toBe(200);
    expect(taken(stream)).toMatchObject(
      [
        {
          type: "ERROR",
          object: { kind: "Status", code: 410, reason: "Expired", message: /^too old resource version: 2 \(\d+\)$/ },
        },
      ].map((event) => ({
        ...event,
        object: { ...event.object, message: expect.stringMatching(event.object.message) },
      })),
    );
  });

  test("tables: columns in the first event only", () => {
    const { ask, api } = open();
    api.create(configMapNamed("a"));
    api.create(configMapNamed("b"));
    const { stream } = ask("GET /api/v1/namespaces/default/configmaps?watch=true", { headers: table });
    const events = taken(stream);
    expect(events.map(({ object }) => object.columnDefinitions !== null)).toEqual([true, false]);
    expect(events[1]).toMatchObject({ object: { kind: "Table", rows: [{ cells: ["b", 1, "0s"] }] } });
  });

  test("ends with the time that was asked for, and with the server", () => {
    const { ask, clock, server } = open();
    const first = ask("GET /api/v1/configmaps?watch=true&timeoutSeconds=5").stream;
    const second = ask("GET /api/v1/configmaps?watch=true").stream;
    clock.run(clock.now + 6_000_000);
    expect(first?.closed).toBe(true);
    expect(second?.closed).toBe(false);
    server.stop();
    expect(second?.closed).toBe(true);
  });

  test("initial events end with a bookmark where asked for", () => {
    const { ask, api } = open();
    api.create(configMapNamed("a"));
    const query = "watch=true&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
    const events = taken(ask(`GET /api/v1/configmaps?${query}`).stream);
    expect(events.map(({ type }) => type)).toEqual(["ADDED", "BOOKMARK"]);
    expect(events[1]).toMatchObject({ object: { metadata: { annotations: { "k8s.io/initial-events-end": "true" } } } });
  });
});

describe("subresources", () => {
  test("scale", () => {
    const { ask, api } = open();
    const template = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "i" }] } };
    const spec = { replicas: 2, selector: { matchLabels: { a: "b" } }, template };
    api.create({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "default" }, spec });
    const path = "/apis/apps/v1/namespaces/default/deployments/web/scale";
    expect(ask(`GET ${path}`).body).toMatchObject({
      kind: "Scale",
      apiVersion: "autoscaling/v1",
      metadata: { name: "web", namespace: "default" },
      spec: { replicas: 2 },
      status: { replicas: 0, selector: "a=b" },
    });
    const patch = { body: { spec: { replicas: 5 } }, headers: { "content-type": "application/merge-patch+json" } };
    expect(ask(`PATCH ${path}`, patch).body.spec).toEqual({ replicas: 5 });
    expect(api.get("deployments.apps", "default", "web")).toMatchObject({
      spec: { replicas: 5 },
      metadata: { generation: 2 },
    });
    const scale = ask(`GET ${path}`).body;
    expect(ask(`PUT ${path}`, { body: JSON.stringify({ ...scale, spec: {} }) }).body.spec).toEqual({});
    expect(ask(`PUT ${path}`, { body: { ...scale, spec: { replicas: 1 } } }).body).toMatchObject({ code: 409 });
    expect(ask(`GET ${path}`, { headers: table }).body).toMatchObject({ rows: [{ cells: ["web", 0, 0, "0s"] }] });
  });

  test("status", () => {
    const { ask, api } = open();
    const pod = api.create(podNamed("a"));
    const body = { ...pod, spec: { containers: [] }, status: { phase: "Running" } };
    const answer = ask("PUT /api/v1/namespaces/default/pods/a/status", { body });
    expect(answer.body).toMatchObject({ spec: { containers: [{ name: "web" }] }, status: { phase: "Running" } });
  });

  test("log and exec need a container, and a node that answers", () => {
    const calls: string[] = [];
    const node = {
      logs: (pod: { metadata: { name: string } }, query: URLSearchParams) => {
        calls.push(`${pod.metadata.name} ${query}`);
        return { status: 200, headers: {}, body: "hello\n" };
      },
      exec: () => ({ status: 101, headers: {} }),
      http: () => ({ status: 200, headers: {} }),
    };
    const { server, api } = world({ nodes: (name) => (name === "w1" ? node : undefined), flags: {} });
    const get = (path: string) => server.handle({ method: "GET", path, headers: {} });
    const message = (path: string) => (get(path).body as { message?: string }).message;
    const containers = [
      { name: "a", image: "i" },
      { name: "b", image: "i" },
    ];
    api.create(podNamed("p", { spec: { containers, initContainers: [{ name: "i", image: "i" }] } }));
    api.create(podNamed("one"));
    const path = "/api/v1/namespaces/default/pods";
    expect(message(`${path}/p/log`)).toBe(
      "a container name must be specified for pod p, choose one of: [a b] or one of the init containers: [i]",
    );
    expect(message(`${path}/p/log?container=x`)).toBe("container x is not valid for pod p");
    expect(message(`${path}/one/exec?command=ls`)).toBe("pod one does not have a host assigned");
    expect(get(`${path}/one/log`).body).toBe("");
    api.createAt("pods", "default", "one", "binding", { target: { name: "w1" } });
    expect(get(`${path}/one/log?follow=true`).body).toBe("hello\n");
    expect(calls).toEqual(["one follow=true&container=web"]);
    expect(get(`${path}/one/exec?command=ls`).status).toBe(101);
    api.createAt("pods", "default", "p", "binding", { target: { name: "w2" } });
    const status = { addresses: [{ type: "InternalIP", address: "10.0.0.6" }] };
    const made = api.create({ apiVersion: "v1", kind: "Node", metadata: { name: "w2" }, spec: {} });
    api.updateStatus({ ...made, status });
    const ends: JsonObject[] = [];
    get(`${path}/p/exec?container=a&command=ls`).session?.ended.each((end) => ends.push(end));
    expect(ends.map((end) => end.message)).toEqual([
      'Internal error occurred: error sending request: Post "https://10.0.0.6:10250/exec/default/p/a?command=ls": dial tcp 10.0.0.6:10250: connect: connection refused',
    ]);
    expect(message(`${path}/p/log?container=a`)).toBe(
      'Get "https://10.0.0.6:10250/containerLogs/default/p/a": dial tcp 10.0.0.6:10250: connect: connection refused',
    );
  });

  test("eviction deletes, and says why it may not", () => {
    const { ask, api } = open();
    api.create(podNamed("a"));
    const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "a", namespace: "default" } };
    expect(ask("POST /api/v1/namespaces/default/pods/a/eviction", { body })).toMatchObject({
      status: 201,
      body: { kind: "Status", status: "Success", code: 201 },
    });
    expect(api.get("pods", "default", "a")).toBeUndefined();
    expect(ask("POST /api/v1/namespaces/default/pods/a/eviction", { body }).body).toMatchObject({ code: 404 });
  });
});

describe("discovery", () => {
  const v2 = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  const accept = `${v2},application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json`;

  test("aggregated", () => {
    const { ask } = open();
    const core = ask("GET /api", { headers: { accept } });
    expect(core.headers["content-type"]).toBe(v2);
    expect(core.body).toMatchObject({ kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2" });
    const items = (core.body as never as { items: { versions: { resources: JsonObject[] }[] }[] }).items;
    expect(items[0]?.versions[0]?.resources).toContainEqual(
      expect.objectContaining({
        resource: "configmaps",
        responseKind: { group: "", version: "v1", kind: "ConfigMap" },
        scope: "Namespaced",
        singularResource: "configmap",
        verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
        shortNames: ["cm"],
      }),
    );
    const old = ask("GET /apis", { headers: { accept: accept.slice(v2.length + 1) } });
    expect(old.body).toMatchObject({ apiVersion: "apidiscovery.k8s.io/v2beta1" });
    const groups = (old.body as never as { items: { metadata: { name: string } }[] }).items.map(
      ({ metadata }) => metadata.name,
    );
    const first = ["apiregistration.k8s.io", "apps", "events.k8s.io", "authentication.k8s.io", "authorization.k8s.io"];
    expect(groups.slice(0, 5)).toEqual(first);
  });

  test("plain", () => {
    const { ask } = open();
    expect(ask("GET /api").body).toMatchObject({ kind: "APIVersions", versions: ["v1"] });
    expect(ask("GET /apis").body).toMatchObject({ kind: "APIGroupList" });
    expect(ask("GET /apis/apps").body).toMatchObject({
      kind: "APIGroup",
      name: "apps",
      preferredVersion: { groupVersion: "apps/v1", version: "v1" },
    });
    const list = ask("GET /api/v1").body as never as { resources: { name: string }[] };
    expect(list.resources).toContainEqual({
      name: "pods/eviction",
      singularName: "",
      namespaced: true,
      group: "policy",
      version: "v1",
      kind: "Eviction",
      verbs: ["create"],
    });
  });

  test("the API's description", () => {
    const { ask } = open();
    const index = ask("GET /openapi/v3").body as never as { paths: Record<string, { serverRelativeURL: string }> };
    const url = index.paths["apis/apps/v1"]?.serverRelativeURL ?? "";
    expect(url).toMatch(/^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{128}$/);
    expect(ask(`GET ${url}`).body).toMatchObject({ openapi: "3.0.0" });
    const v2 = { accept: "application/com.github.proto-openapi.spec.v2@v1.0+protobuf" };
    expect(ask("GET /openapi/v2", { headers: v2 }).body).toBe("\n\u00032.0");
    expect(ask("GET /openapi/v3/apis/nothing/v1").status).toBe(404);
  });
});
