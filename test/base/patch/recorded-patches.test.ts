import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../../src/base/json.ts";
import { applyJsonPatch } from "../../../src/base/patch/json-patch.ts";
import { applyMergePatch } from "../../../src/base/patch/merge-patch.ts";
import { applyStrategicMerge } from "../../../src/base/patch/strategic-merge.ts";
import { parseYaml } from "../../../src/base/yaml-in/parse-yaml.ts";
import { frozen, recorded } from "../recorded.ts";
import { typeTable } from "./type-table.ts";

interface PatchCase {
  name: string;
  input: JsonObject;
  patch: Json;
  want?: Json;
  error?: string;
}

/** Refused by the command around the patch (the text of the patch, kind of the result), not by the patch itself. */
const outside: Record<string, readonly string[]> = {
  "json-patch": ["patch is not JSON"],
  "merge-patch": ["kind null", "patch is a list", "patch is not JSON", "patch is empty text"],
  "strategic-merge": ["$patch delete at the root", "patch is not JSON", "patch in YAML, flow", "custom resource"],
};

/** A patch may be YAML. */
function patchOf({ patch }: PatchCase): Json {
  return typeof patch === "string" ? parseYaml(patch) : patch;
}

const apply: Record<string, (one: PatchCase) => Json> = {
  "json-patch": (one) => applyJsonPatch(one.input, patchOf(one)),
  "merge-patch": (one) => applyMergePatch(one.input, patchOf(one)),
  "strategic-merge": (one) => applyStrategicMerge(one.input, patchOf(one), typeTable(String(one.input.kind))),
};

for (const [file, run] of Object.entries(apply)) {
  describe(`${file} as kubectl 1.33 does it`, () => {
    const cases = recorded<PatchCase>(file);
    const inside = cases.filter((one) => !outside[file]?.includes(one.name));

    test("the cases that lie outside are all there", () => {
      expect(cases.length - inside.length).toBe(outside[file]?.length);
    });

    test.each(inside.map((one) => [one.name, one] as const))("%s", (_, one) => {
      const result = () => run(frozen(one));
      if (one.error === undefined) expect(result()).toStrictEqual(one.want);
      else expect(messageOf(result)).toBe(one.error);
    });
  });
}

function messageOf(run: () => unknown): string {
  try {
    return `no error: ${JSON.stringify(run())}`;
  } catch (problem) {
    const { message } = problem as Error;
    return `error: ${message}${message.endsWith("\n") ? "" : "\n"}`;
  }
}
