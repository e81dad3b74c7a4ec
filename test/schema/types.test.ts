import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/base/json.ts";
import { applyStrategicMerge } from "../../src/base/patch/strategic-merge.ts";
import { applyShapeOf } from "../../src/schema/apply-shape.ts";
import type { TypeInfo } from "../../src/schema/define.ts";
import { mergeSchemaOf } from "../../src/schema/merge-schema.ts";
import { fieldText, typeText } from "../../src/schema/texts.ts";
import {
  describedGroupVersions,
  kubernetesVersion,
  typeBehind,
  typeNamed,
  typeNamesOf,
  typeOfKind,
} from "../../src/schema/types.ts";
import { isPublishedThere, publishedDocuments } from "./published.ts";

function named(name: string): TypeInfo {
  const type = typeNamed(name);
  if (!type) throw new Error(`there is no ${name}`);
  return type;
}

const all = describedGroupVersions().flatMap(([group, version]) => typeNamesOf(group, version));

describe("types of the API", () => {
  test("what is described", () => {
    expect(kubernetesVersion.gitVersion).toBe("v1.35.0");
    expect(describedGroupVersions()).toHaveLength(22);
    expect(typeOfKind("apps", "v1", "Deployment")?.name).toBe("io.k8s.api.apps.v1.Deployment");
    expect(typeOfKind("apps", "v1", "DeploymentSpec")).toBeUndefined();
    expect(typeOfKind("apps", "v1", "DeleteOptions")?.name).toBe("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions");
    expect(typeOfKind("apps", "v1beta1", "Deployment")).toBeUndefined();
    expect([...named("io.k8s.api.core.v1.Secret").fields.keys()].slice(0, 3)).toEqual([
      "kind",
      "apiVersion",
      "metadata",
    ]);
  });

  test("every reference leads to a type", () => {
    const lost = all.flatMap((name) =>
      [...named(name).fields.values()]
        .filter((f) => (f.ref ?? f.items?.ref) !== undefined && !typeBehind(f))
        .map((f) => `${name}.${f.name}`),
    );
    expect(lost).toEqual([]);
  });

  test("fields that Go embeds stand beside the others", () => {
    const volume = named("io.k8s.api.core.v1.Volume");
    expect(volume.fields.get("emptyDir")?.embedded).toBe("VolumeSource");
    expect(volume.fields.get("name")?.required).toBe(true);
    expect(named("io.k8s.api.core.v1.EphemeralContainer").fields.get("ports")?.listMapKeys).toEqual([
      "containerPort",
      "protocol",
    ]);
  });

  test.skipIf(!isPublishedThere)("texts are those of the published description", () => {
    const seen = new Set<string>();
    const other: string[] = [];
    for (const { schemas } of publishedDocuments()) {
      for (const [name, schema] of Object.entries(schemas)) {
        const type = typeNamed(name);
        if (!type || seen.has(name)) continue;
        seen.add(name);
        if (typeText(type) !== (schema.description ?? "")) other.push(name);
        for (const field of type.fields.values()) {
          const [text = ""] = fieldText(type, field).split(/\n*Possible enum values:/);
          if (text !== (schema.properties?.[field.name]?.description ?? "")) other.push(`${name}#${field.name}`);
        }
      }
    }
    // 2,381 fields and 553 types; the number of other texts may only fall.
    expect(other.length).toBeLessThanOrEqual(49);
    expect(other.filter((name) => name.includes("core.v1")).length).toBeLessThanOrEqual(9);
  });
});

interface MergeKey {
  readonly type: string;
  readonly field: string;
  readonly strategy: string | null;
  readonly mergeKey: string | null;
  readonly listType: string | null;
  readonly listMapKeys: readonly string[] | null;
}

/** The rows of the API that is served. */
const mergeKeys = (
  JSON.parse(readFileSync(new URL("../corpus/merge-keys.json", import.meta.url), "utf8")) as MergeKey[]
).filter(({ type }) => !/alpha|beta/.test(type));

describe("how lists and maps merge", () => {
  test.each(mergeKeys.map((row) => ({ ...row, name: `${row.type}.${row.field}` })))("$name", (row) => {
    const name = all
      .concat(["ObjectMeta"].map((t) => `io.k8s.apimachinery.pkg.apis.meta.v1.${t}`))
      .find((n) => n.endsWith(`.${row.type}`));
    const type = named(name ?? row.type);
    const field = type.fields.get(row.field);
    expect(field?.patchStrategy ?? null).toBe(row.strategy);
    expect(field?.mergeKey ?? null).toBe(row.mergeKey);
    if (row.listType !== null) expect(field?.listType ?? "atomic").toBe(row.listType);
    expect([...(field?.listMapKeys ?? [])].sort()).toEqual([...(row.listMapKeys ?? [])].sort());
    expect(mergeSchemaOf(type).field(row.field)?.mergeKey).toBe(row.mergeKey ?? undefined);
  });

  test("a patch of a pod", () => {
    const pod = {
      spec: { containers: [{ name: "a", image: "x", env: [{ name: "E", value: "1" }] }, { name: "b" }] },
    } as JsonObject;
    const patch = { spec: { containers: [{ name: "a", env: [{ name: "F", value: "2" }] }] } } as JsonObject;
    const env = [
      { name: "F", value: "2" },
      { name: "E", value: "1" },
    ];
    const type = typeOfKind("", "v1", "Pod");
    const merged =
      type && (applyStrategicMerge(pod, patch, mergeSchemaOf(type)) as { spec: { containers: { env?: unknown[] }[] } });
    expect(merged?.spec.containers).toHaveLength(2);
    expect(merged?.spec.containers[0]).toEqual({ name: "a", image: "x", env: expect.arrayContaining(env) });
  });

  test("what server-side apply sees", () => {
    const pod = applyShapeOf(named("io.k8s.api.core.v1.PodSpec"));
    const containers = pod.kind === "fields" ? pod.field("containers") : undefined;
    const container = containers?.kind === "keyed" ? containers.item : undefined;
    expect(containers).toMatchObject({ kind: "keyed", keys: ["name"], defaults: {} });
    expect(container?.kind === "fields" ? container.field("ports") : undefined).toMatchObject({
      kind: "keyed",
      keys: ["containerPort", "protocol"],
      defaults: { protocol: "TCP" },
    });
    expect(container?.kind === "fields" ? container.field("command") : undefined).toEqual({ kind: "atomic" });
    expect(pod.kind === "fields" ? pod.field("nodeSelector") : undefined).toEqual({ kind: "atomic" });
    expect(pod.kind === "fields" ? pod.field("imagePullSecrets") : undefined).toMatchObject({
      kind: "keyed",
      keys: ["name"],
    });
    const meta = applyShapeOf(named("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"));
    expect(meta.kind === "fields" ? meta.field("labels") : undefined).toEqual({
      kind: "map",
      item: { kind: "atomic" },
    });
    expect(meta.kind === "fields" ? meta.field("finalizers") : undefined).toEqual({ kind: "set" });
  });
});
