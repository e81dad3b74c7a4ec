import { describe, expect, test } from "vitest";
import { SECOND } from "../../../src/base/clock.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import { byVersionPriority } from "../../../src/cluster/apiserver/custom-resources/version-priority.ts";
import { createKindTable } from "../../../src/cluster/apiserver/kind-table.ts";
import { ApiServer } from "../../../src/cluster/apiserver/server.ts";
import { kinds } from "../../../src/kinds/index.ts";
import type { CustomResourceDefinition } from "../../../src/kinds/types/api-extensions.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import { admin, refusal, type World, world } from "./setup.ts";

const CRDS = "customresourcedefinitions.apiextensions.k8s.io";
const GEARS = "gears.shop.example.com";

function definition(plural: string, kind: string, version: JsonObject = {}, names: JsonObject = {}): KubeObject {
  const schema = {
    openAPIV3Schema: {
      type: "object",
      properties: {
        spec: { type: "object", properties: { teeth: { type: "integer", default: 12, minimum: 3 } } },
        status: { type: "object", properties: { turns: { type: "integer" } } },
      },
    },
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.shop.example.com` },
    spec: {
      group: "shop.example.com",
      scope: "Namespaced",
      names: { plural, kind, ...names },
      versions: [{ name: "v1", served: true, storage: true, schema, ...version }],
    },
  };
}

const gear = (name: string, more: Record<string, unknown> = {}): KubeObject => ({
  apiVersion: "shop.example.com/v1",
  kind: "Gear",
  metadata: { name, namespace: "default" },
  spec: {},
  ...more,
});

/** A world with gears. */
function withGears(version: JsonObject = {}): World {
  const made = world();
  made.api.create(definition("gears", "Gear", version));
  settle(made);
  return made;
}

function settle({ clock }: World, seconds = 1): void {
  clock.run(clock.now + seconds * SECOND);
}

function conditionsOf({ api }: World, name: string): string[] {
  const found = api.get<CustomResourceDefinition>(CRDS, undefined, name);
  return (found?.status?.conditions ?? []).map(({ type, status, reason }) => `${type}=${status} ${reason}`);
}

test("a resource is served when its names are accepted", () => {
  const made = world();
  made.api.create(definition("gears", "Gear"));
  expect(made.api.kinds().some(({ kind }) => kind === "Gear")).toBe(false);
  settle(made);
  expect(conditionsOf(made, GEARS)).toEqual([
    "NamesAccepted=True NoConflicts",
    "Established=True InitialNamesAccepted",
  ]);
  expect(made.api.create(gear("a"))).toMatchObject({ metadata: { generation: 1 }, spec: { teeth: 12 } });
  expect(made.api.list(GEARS, "default")).toHaveLength(1);
});

describe("names that are taken", () => {
  test.each<[JsonObject, string, string]>([
    [{ shortNames: ["gear"] }, "ShortNamesConflict", '"gear" is already in use'],
    [{ singular: "gear" }, "SingularConflict", '"gear" is already in use'],
    [{ listKind: "GearList" }, "ListKindConflict", '"GearList" is already in use'],
  ])("%j", (names, reason, message) => {
    const made = withGears();
    made.api.create(definition("cogs", "Cog", {}, names));
    settle(made);
    expect(conditionsOf(made, "cogs.shop.example.com")).toEqual([
      `NamesAccepted=False ${reason}`,
      "Established=False NotAccepted",
    ]);
    const found = made.api.get<CustomResourceDefinition>(CRDS, undefined, "cogs.shop.example.com");
    expect(found?.status?.conditions?.[0]?.message).toBe(message);
    expect(made.api.kinds().some(({ kind }) => kind === "Cog")).toBe(false);
    made.api.delete({ ...definition("gears", "Gear") });
    settle(made);
    expect(conditionsOf(made, "cogs.shop.example.com")[1]).toBe("Established=True InitialNamesAccepted");
  });
});

describe("generation", () => {
  test("counts everything without the status subresource", () => {
    const { api } = withGears();
    const made = api.create(gear("a", { status: { turns: 1 } }));
    expect(made.status).toEqual({ turns: 1 });
    const next = api.modify(made, (old) => ({ ...old, status: { turns: 2 } }));
    expect(next?.metadata.generation).toBe(2);
  });

  test("does not count the status with it", () => {
    const { api } = withGears({ subresources: { status: {} } });
    const made = api.create(gear("a", { status: { turns: 1 } }));
    expect(made.status).toBeUndefined();
    expect(api.modify(made, (old) => ({ ...old, status: { turns: 2 } }))?.status).toBeUndefined();
    const next = api.modify(made, (old) => ({ ...old, status: { turns: 2 } }), "status");
    expect(next).toMatchObject({ metadata: { generation: 1 }, status: { turns: 2 } });
    expect(refusal(() => api.modify(made, (old) => ({ ...old, status: { turns: "x" } }), "status")).message).toBe(
      'Gear.shop.example.com "a" is invalid: status.turns: Invalid value: "string": status.turns in body must be of type integer: "string"',
    );
  });
});

test("an update needs the version it changes", () => {
  const { api } = withGears();
  api.create(gear("a"));
  expect(refusal(() => api.update(gear("a", { spec: { teeth: 5 } }))).message).toBe(
    'Gear.shop.example.com "a" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
  );
});

test("a schema that changes holds for what is stored", () => {
  const made = withGears();
  made.api.create(gear("a", { spec: { teeth: 3 } }));
  const old = made.api.get<CustomResourceDefinition>(CRDS, undefined, GEARS) as CustomResourceDefinition;
  const changed = structuredClone(old);
  const [version] = changed.spec.versions;
  Object.assign(version ?? {}, {
    schema: {
      openAPIV3Schema: {
        type: "object",
        properties: {
          spec: {
            type: "object",
            properties: { teeth: { type: "integer", minimum: 5 }, color: { type: "string", default: "red" } },
          },
        },
      },
    },
  });
  made.api.update(changed);
  settle(made);
  const [shown] = made.api.list(GEARS);
  expect(shown?.spec).toEqual({ teeth: 3, color: "red" });
  // What was accepted may stay as it is while something else changes.
  const next = made.api.modify(shown as KubeObject, (now) => ({
    ...now,
    spec: { ...(now.spec as object), color: "blue" },
  }));
  expect(next?.spec).toEqual({ teeth: 3, color: "blue" });
});

test("versions show the same objects", () => {
  const made = world();
  const object = definition("gears", "Gear");
  const { spec } = object as CustomResourceDefinition;
  const [v1] = spec.versions;
  spec.versions = [
    { ...(v1 as (typeof spec.versions)[0]), name: "v1beta1", storage: false, deprecated: true },
    v1 as (typeof spec.versions)[0],
    { ...(v1 as (typeof spec.versions)[0]), name: "v2alpha1", storage: false, served: false },
  ];
  made.api.create(object);
  settle(made);
  expect(
    made.api
      .kinds()
      .filter(({ kind }) => kind === "Gear")
      .map(({ version }) => version),
  ).toEqual(["v1", "v1beta1"]);
  const created = made.api.create({ ...gear("a"), apiVersion: "shop.example.com/v1beta1" });
  expect(created).toMatchObject({ spec: { teeth: 12 } });
  expect(made.api.list(GEARS)[0]?.apiVersion).toBe("shop.example.com/v1");
  const path = "/apis/shop.example.com/v1beta1/namespaces/default/gears/a";
  const server = new ApiServer({
    store: made.store,
    clock: made.clock,
    random: made.server.context.random,
    kinds: createKindTable(kinds),
    verifyCertificate: () => ({ commonName: admin.name, organizations: ["system:masters"] }),
  });
  const response = server.handle({ method: "GET", path, headers: {}, clientCertificate: "x" });
  expect(response.body).toMatchObject({ apiVersion: "shop.example.com/v1beta1", spec: { teeth: 12 } });
  expect(response.headers.warning).toBe('299 - "shop.example.com/v1beta1 Gear is deprecated"');
});

describe("a definition that goes", () => {
  test("takes its objects along", () => {
    const made = withGears();
    made.api.create(gear("a"));
    made.api.delete(definition("gears", "Gear"));
    expect(conditionsOf(made, GEARS)[2]).toBe("Terminating=True InstanceDeletionPending");
    settle(made);
    expect(made.api.get(CRDS, undefined, GEARS)).toBeUndefined();
    expect(made.store.count(GEARS)).toBe(0);
    expect(made.api.kinds().some(({ kind }) => kind === "Gear")).toBe(false);
    made.api.create(definition("gears", "Gear"));
    settle(made);
    expect(made.api.list(GEARS)).toEqual([]);
  });

  test("waits for the finalizers of its objects", () => {
    const made = withGears();
    const held = made.api.create(
      gear("a", { metadata: { name: "a", namespace: "default", finalizers: ["shop.example.com/keep"] } }),
    );
    made.api.delete(definition("gears", "Gear"));
    settle(made, 20);
    expect(conditionsOf(made, GEARS)[2]).toBe("Terminating=True InstanceDeletionInProgress");
    made.api.modify(held, (now) => {
      const { finalizers: _, ...metadata } = now.metadata;
      return { ...now, metadata };
    });
    settle(made, 10);
    expect(made.api.get(CRDS, undefined, GEARS)).toBeUndefined();
  });
});

test("a server that starts anew serves what etcd knows", () => {
  const { store, clock, server } = withGears();
  server.stop();
  const again = new ApiServer({
    store,
    clock,
    random: server.context.random,
    kinds: createKindTable(kinds),
    flags: {},
  });
  expect(again.client(admin, "test").create(gear("b")).spec).toEqual({ teeth: 12 });
});

test("versions in the order of discovery", () => {
  const versions = ["v1alpha1", "foo", "v2", "v1beta2", "v10", "v1beta1", "bar", "v1"];
  expect(versions.toSorted(byVersionPriority)).toEqual([
    "v10",
    "v2",
    "v1",
    "v1beta2",
    "v1beta1",
    "v1alpha1",
    "bar",
    "foo",
  ]);
});
