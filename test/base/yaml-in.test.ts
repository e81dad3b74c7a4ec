import { expect, test } from "vitest";
import { toJson } from "../../src/base/json.ts";
import { itemsOf, readManifests } from "../../src/base/yaml-in/read-manifests.ts";
import { recorded } from "./recorded.ts";

interface Case {
  readonly name: string;
  readonly input: string;
  readonly want?: string;
  readonly error?: string;
  readonly stdout?: string;
}

/** What `kubectl patch --local -f - --type=merge -p '{}' -o json` prints. */
function patched(input: string): { stdout: string; stderr: string } {
  let stdout = "";
  const faults: string[] = [];
  for (const { object, fault } of readManifests(input, "STDIN")) {
    if (fault !== undefined) faults.push(fault);
    for (const item of object ? (itemsOf(object) ?? [object]) : []) {
      if (typeof item.kind !== "string" || item.kind === "") return { stdout, stderr: noKind };
      stdout += `${toJson(item, { indent: 4, sortKeys: true })}\n`;
    }
  }
  if (stdout === "" && faults.length === 0) faults.push("no objects passed to patch");
  const prefix = faults.length === 1 ? "error: " : "";
  return { stdout, stderr: faults.map((fault) => `${prefix}${fault}\n`).join("") };
}

const noKind =
  'unable to get type info from the object "*unstructured.Unstructured": ' +
  "Object 'Kind' is missing in 'object has no kind field '\n";

// yaml-broken: manifests with one or two slips of the hand, recorded with kubectl 1.33.
const cases = [...recorded<Case>("yaml-in"), ...recorded<Case>("yaml-broken")];

test.each(cases.map((c) => [c.name, c] as const))("%s", (_, { input, want, error, stdout }) => {
  expect(patched(input)).toEqual({ stdout: want ?? stdout ?? "", stderr: error ?? "" });
});
