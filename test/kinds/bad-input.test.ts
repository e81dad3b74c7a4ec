import fc from "fast-check";
import { expect, test } from "vitest";
import { kinds } from "../../src/kinds/index.ts";
import type { KubeObject } from "../../src/kinds/types/meta.ts";
import { casesOf, collectionOf, kindOfObject, type Served, served } from "./server.ts";

// Whatever is sent, the answer is an object or a Status with 2xx or 4xx, and what was refused is not there.

const sound = casesOf<{ name: string; object: KubeObject }>("sound");

test("there is a sound object of every kind that can be made", () => {
  const made = new Set(sound.map(({ object }) => `${object.apiVersion} ${object.kind}`));
  const missing = kinds.filter(({ group, version, kind, verbs }) => {
    const canBeMade = verbs?.includes("create") ?? true;
    return canBeMade && !made.has(`${group === "" ? version : `${group}/${version}`} ${kind}`);
  });
  // The newer name of events shows the same objects.
  expect(missing.map(({ group, kind }) => `${kind}.${group}`)).toEqual(["Event.events.k8s.io"]);
});

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, one]) =>
    pathsOf(one, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return path.length === 0 ? inner : [path, ...inner];
}

function changed(value: unknown, [first, ...rest]: Path, to: unknown): unknown {
  if (first === undefined) return to;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string | number, unknown>;
  const next = changed(copy[first], rest, to);
  if (next === undefined) delete copy[first];
  else copy[first] = next;
  return copy;
}

/** Values that belong nowhere, and some that belong somewhere else. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, "", " ", 0, -1, 1.5, 1e300, 2 ** 53, true, [], {}, [[]], [null], {
    a: null,
  }),
  fc.constantFrom<unknown>(
    "-",
    "..",
    "a b",
    "*",
    "%",
    "x".repeat(300),
    "\u0000",
    "ä\u{1F600}",
    "1.2.3",
    "0/0",
    "9".repeat(40),
  ),
  fc.constantFrom<unknown>(
    "-1Gi",
    "1e30",
    "100%",
    "None",
    "__proto__",
    "constructor",
    { __proto__x: 1 },
    "2026-13-01T00:00:00Z",
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

function check(cluster: Served, object: unknown, { apiVersion, kind }: KubeObject): void {
  const type = kindOfObject({ apiVersion, kind });
  const path = collectionOf(type);
  const before = cluster.store.revision;
  const { status, body } = cluster.ask("POST", path, JSON.stringify(object));
  const shown = `${status} ${String(body.message).slice(0, 300)} for ${JSON.stringify(object).slice(0, 600)}`;
  if (status === 201) {
    const { name } = (body as unknown as KubeObject).metadata;
    const gone = cluster.ask("DELETE", `${path}/${encodeURIComponent(name)}?gracePeriodSeconds=0`);
    expect(gone.status, shown).toBeLessThan(300);
    return;
  }
  expect(status >= 400 && status < 500, shown).toBe(true);
  expect(body, shown).toMatchObject({ kind: "Status", status: "Failure", code: status });
  expect(String(body.message), shown).not.toMatch(/undefined|\[object|NaN/);
  expect(cluster.store.revision, `something was stored: ${shown}`).toBe(before);
}

const changes = (object: KubeObject) =>
  fc.array(fc.tuple(fc.constantFrom(...pathsOf(object)), odd), { minLength: 1, maxLength: 3 });

/** The object with all changes made that can still be made. */
function mutant(object: KubeObject, made: readonly (readonly [Path, unknown])[]): unknown {
  return made.reduce<unknown>((now, [path, value]) => {
    try {
      return changed(now, path, value);
    } catch {
      return now;
    }
  }, object);
}

const runs = { numRuns: Number(process.env.FUZZ_RUNS ?? 60), seed: Number(process.env.FUZZ_SEED ?? 35) };
const all = sound.map(({ name, object }) => [name, object] as const);

test.each(all)("%s with something changed", (_name, object) => {
  const cluster = served();
  fc.assert(
    fc.property(changes(object), (made) => check(cluster, mutant(object, made), object)),
    runs,
  );
});

test.each(all)("%s is there and is replaced or patched by something else", (_name, object) => {
  const cluster = served();
  const collection = collectionOf(kindOfObject(object));
  expect(cluster.ask("POST", collection, JSON.stringify(object)).status).toBe(201);
  const path = `${collection}/${object.metadata.name}`;
  fc.assert(
    fc.property(changes(object), fc.boolean(), (made, patches) => {
      const before = cluster.store.revision;
      const text = JSON.stringify(mutant(object, made) ?? null);
      const { status, body } = patches
        ? cluster.ask("PATCH", path, text, "application/merge-patch+json")
        : cluster.ask("PUT", path, text);
      const shown = `${status} ${String(body.message).slice(0, 300)} for ${text.slice(0, 600)}`;
      if (status < 300) return;
      expect(status >= 400 && status < 500, shown).toBe(true);
      expect(body, shown).toMatchObject({ kind: "Status", status: "Failure", code: status });
      expect(cluster.store.revision, `something was stored: ${shown}`).toBe(before);
    }),
    runs,
  );
});

test("requests that are too large", () => {
  const { ask } = served();
  const path = collectionOf(kindOfObject({ apiVersion: "v1", kind: "Secret" }));
  const object = { apiVersion: "v1", kind: "Secret", metadata: { name: "x" } };
  const post = (more: object) => ask("POST", path, JSON.stringify({ ...object, ...more }));
  // apiserver endpoints/handlers/rest.go limitedReadBody, 1.35
  expect(post({ data: { a: "A".repeat(3 * 1024 * 1024) } })).toMatchObject({
    status: 413,
    body: { reason: "RequestEntityTooLarge", message: "Request entity too large: limit is 3145728" },
  });
  const widgets = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };
  const definition = sound.find(({ object: { kind } }) => kind === widgets.kind)?.object;
  const huge = { ...definition, metadata: { name: "huge.example.com" } } as unknown as {
    spec: { names: object; versions: { schema: { openAPIV3Schema: { description?: string } } }[] };
  };
  const grown = structuredClone(huge);
  grown.spec.names = { plural: "huge", singular: "huges", kind: "Huge" };
  for (const { schema } of grown.spec.versions) schema.openAPIV3Schema.description = "x".repeat(1_600_000);
  expect(ask("POST", collectionOf(kindOfObject(widgets)), JSON.stringify(grown))).toMatchObject({
    status: 500,
    body: { message: "etcdserver: request is too large" },
  });
});

test("owners that own each other, and a selector that fits everything, are taken", () => {
  const { ask } = served();
  const path = collectionOf(kindOfObject({ apiVersion: "v1", kind: "ConfigMap" }));
  const made = ["a", "b"].map(
    (name) => ask("POST", path, JSON.stringify({ metadata: { name } })).body as never as KubeObject,
  );
  for (const [index, { metadata }] of made.entries()) {
    const owner = made[1 - index]?.metadata;
    const ownerReferences = [{ apiVersion: "v1", kind: "ConfigMap", name: owner?.name, uid: owner?.uid }];
    const text = JSON.stringify({ metadata: { ownerReferences } });
    expect(ask("PATCH", `${path}/${metadata.name}`, text, "application/merge-patch+json").status).toBe(200);
  }
  const policies = collectionOf(kindOfObject({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" }));
  expect(ask("POST", policies, JSON.stringify({ metadata: { name: "all" }, spec: { podSelector: {} } })).status).toBe(
    201,
  );
});

test("a body of another shape", () => {
  const { ask } = served();
  const path = collectionOf(kindOfObject({ apiVersion: "v1", kind: "ConfigMap" }));
  const says = (text: string) => String(ask("POST", path, text).body.message);
  expect(says('{"kind":{}}')).toBe(
    "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: json: cannot unmarshal object into Go struct field .kind of type string (0x7b226b696e64223a7b7d7d)",
  );
  expect(says("[]")).toMatch(/json: cannot unmarshal array into Go value of type struct \{ APIVersion string/);
});
