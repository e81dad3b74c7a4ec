import { expect, test } from "vitest";
import { recorded } from "../../base/recorded.ts";
import { servedHost } from "./setup.ts";

/** A file put into the folder, or a command line with everything real kubectl 1.33.1 said to our API server. */
interface Step {
  readonly file?: string;
  readonly text?: string;
  readonly line?: string;
  readonly argv?: readonly string[];
  readonly exit?: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

const node = {
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "node-1", labels: { "kubernetes.io/hostname": "node-1" } },
};
const host = servedHost([{ ...node, spec: {}, status: {} }]);

/** What differs between any two runs: times, uids and versions of objects, addresses given out. */
function masked(text: string): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "UID")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "TIME")
    .replace(/(resourceVersion"?: )"\d+"/g, "$1RV")
    .replace(/\b10\.\d+\.\d+\.\d+\b/g, "ADDRESS");
}

for (const [i, step] of recorded<Step>("kubectl-changes").entries()) {
  if (step.file !== undefined) {
    host.write(step.file, step.text ?? "");
    continue;
  }
  test(`${i}: ${step.line}`, () => {
    const { status, stdout, stderr } = host.kubectl(step.argv ?? []);
    expect({ exit: status, stdout: masked(stdout), stderr: masked(stderr) }).toEqual({
      exit: step.exit,
      stdout: masked(step.stdout ?? ""),
      stderr: masked(step.stderr ?? ""),
    });
  });
}
