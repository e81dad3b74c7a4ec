import { expect, test } from "vitest";
import { isOffline, offlineKubectl } from "../../src/lab/offline-kubectl.ts";

test.each([
  ["create deployment x --image=y --dry-run=client -o yaml", true],
  ["run x --image=y --dry-run=client", true],
  ["version --client", true],
  ["get pods --help", true],
  ["create deployment x --image=y", false],
  ["apply -f x --dry-run=client", false],
  ["get pods", false],
  ["version", false],
])("kubectl %s", (line, offline) => {
  expect(isOffline(line.split(" "))).toBe(offline);
});

test("runs without a cluster", () => {
  const out = ["", ""];
  const onOutput = (fd: 1 | 2, text: string) => {
    out[fd - 1] += text;
  };
  const run = (line: string) =>
    offlineKubectl({ argv: line.split(" "), stdin: () => "", files: new Map(), onOutput }, 0);
  expect(run("version --client")).toBe(0);
  expect(out).toEqual([expect.stringMatching(/^Client Version: v1\.35/), ""]);
  expect(run("get pods")).toBe(1);
  expect(out[1]).toContain("The connection to the server localhost:8080 was refused");
});
