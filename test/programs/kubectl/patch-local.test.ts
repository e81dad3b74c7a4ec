import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../../src/base/json.ts";
import { recorded } from "../../base/recorded.ts";
import { kubectlHost } from "./setup.ts";

interface PatchCase {
  name: string;
  input: JsonObject;
  patch: Json;
  want?: Json;
  error?: string;
}

const host = kubectlHost();

describe.each([
  ["strategic", "strategic-merge"],
  ["merge", "merge-patch"],
  ["json", "json-patch"],
])("kubectl patch --local --type=%s", (type, file) => {
  test.each(recorded<PatchCase>(file).map((one) => [one.name, one] as const))(
    "%s",
    (_, { input, patch, want, error }) => {
      const text = typeof patch === "string" ? patch : JSON.stringify(patch);
      const { stdout, stderr } = host.kubectl(
        ["patch", "--local", "-f", "-", `--type=${type}`, "-p", text, "-o", "json"],
        { stdin: JSON.stringify(input) },
      );
      if (error === undefined)
        expect({ object: JSON.parse(stdout || "{}"), stderr }).toEqual({ object: want, stderr: "" });
      else expect(stderr).toBe(error);
    },
  );
});
