import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/base/json.ts";
import { applyMergePatch, threeWayMergePatch, twoWayMergePatch } from "../../../src/base/patch/merge-patch.ts";
import { threeWayStrategicPatch, twoWayStrategicPatch } from "../../../src/base/patch/strategic-diff.ts";
import { applyStrategicMerge } from "../../../src/base/patch/strategic-merge.ts";
import { frozen, recorded } from "../recorded.ts";
import { typeTable } from "./type-table.ts";

interface MadePatch {
  name: string;
  how: "apply" | "edit";
  type?: string;
  original: JsonObject;
  modified: JsonObject;
  current?: JsonObject;
  patch: JsonObject | null;
}

const cases = recorded<MadePatch>("patches-made");
const annotation = "kubectl.kubernetes.io/last-applied-configuration";

function withAnnotation(object: JsonObject, text: string): JsonObject {
  const metadata = object.metadata as JsonObject;
  return {
    ...object,
    metadata: { ...metadata, annotations: { ...(metadata.annotations as JsonObject), [annotation]: text } },
  };
}

/** What kubectl sends, without the annotation that `apply` writes. */
function make({ how, original, modified, current }: MadePatch): JsonObject | null {
  const isCustom = modified.kind === "Foo";
  const schema = typeTable(String(modified.kind));
  if (how === "edit") {
    const patch = isCustom ? twoWayMergePatch(original, modified) : twoWayStrategicPatch(original, modified, schema);
    return Object.keys(patch).length === 0 ? null : patch;
  }
  const after = frozen(withAnnotation(modified, "new"));
  const live = frozen(withAnnotation(current ?? {}, "old"));
  const patch = isCustom
    ? threeWayMergePatch(original, after, live)
    : threeWayStrategicPatch(original, after, live, schema);
  const { annotations, ...metadata } = patch.metadata as JsonObject;
  const { [annotation]: text, ...others } = annotations as JsonObject;
  expect(text).toBe("new");
  return { ...patch, metadata: { ...metadata, annotations: others } };
}

describe("patches that kubectl 1.33 made", () => {
  test.each(cases.map((one) => [`${one.how}: ${one.name}`, one] as const))("%s", (_, one) => {
    expect(make(frozen(one))).toStrictEqual(one.patch);
  });
});

describe("a two-way patch leads from the one to the other", () => {
  test.each(cases.filter((one) => one.how === "edit").map((one) => [one.name, one] as const))("%s", (_, one) => {
    const schema = typeTable(String(one.modified.kind));
    const patch = twoWayStrategicPatch(one.original, one.modified, schema);
    expect(applyStrategicMerge(one.original, frozen(patch), schema)).toEqual(one.modified);
    const merge = twoWayMergePatch(one.original, one.modified);
    expect(applyMergePatch(one.original, frozen(merge))).toEqual(one.modified);
  });
});

test("what a patch does not name is shared, not copied", () => {
  const original = frozen({ metadata: { name: "a" }, spec: { containers: [{ name: "x" }], paused: true } });
  const merged = applyMergePatch(original, { spec: { paused: false } });
  expect(merged.metadata).toBe(original.metadata);
  expect((merged.spec as JsonObject).containers).toBe(original.spec.containers);
  expect(applyMergePatch(original, { spec: {} })).toBe(original);
  const strategic = applyStrategicMerge(original, { spec: { paused: false } }, typeTable("Pod"));
  expect((strategic.spec as JsonObject).containers).toBe(original.spec.containers);
});

test("a key without a value counts as one that is gone", () => {
  const [original, modified] = [{ spec: { a: 1, taints: [{ key: "x" }] } }, { spec: { a: 1, taints: undefined } }];
  expect(twoWayMergePatch(original, modified as unknown as JsonObject)).toEqual({ spec: { taints: null } });
  const strategic = twoWayStrategicPatch(original, modified as unknown as JsonObject, typeTable("Pod"));
  expect(strategic).toEqual({ spec: { taints: null } });
});
