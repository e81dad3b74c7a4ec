import { expect, test } from "vitest";
import { FormatError } from "../../src/base/format-error.ts";
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
  try {
    for (const object of readManifests(input, "STDIN")) {
      for (const item of itemsOf(object) ?? [object]) {
        if (typeof item.kind !== "string" || item.kind === "") return { stdout, stderr: noKind };
        stdout += `${toJson(item, { indent: 4, sortKeys: true })}\n`;
      }
    }
  } catch (fault) {
    if (!(fault instanceof FormatError)) throw fault;
    return { stdout, stderr: `error: ${fault.message}\n` };
  }
  return { stdout, stderr: stdout === "" ? "error: no objects passed to patch\n" : "" };
}

const noKind =
  'unable to get type info from the object "*unstructured.Unstructured": ' +
  "Object 'Kind' is missing in 'object has no kind field '\n";

/** Cases that differ from the real one. A case that starts to pass must be taken off this list. */
const differing: readonly string[] = [];

test.each(recorded<Case>("yaml-in").map((c) => [c.name, c] as const))("%s", (name, { input, want, error, stdout }) => {
  const equal = expect(patched(input));
  const right = { stdout: want ?? stdout ?? "", stderr: error ?? "" };
  if (differing.includes(name)) equal.not.toEqual(right);
  else equal.toEqual(right);
});
