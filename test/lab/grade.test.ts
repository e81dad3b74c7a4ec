import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { grade, submissionsAt } from "../../src/lab/grade.ts";
import { Library } from "../../src/lab/library.ts";
import { temporaryFolder } from "./fixture.ts";

const library = new Library();

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

test("a folder's scripts and manifests, by exercise", () => {
  const folder = folderWith({
    "rolling-update.sh": "a",
    "claim-and-mount.yaml": "b",
    "claim-and-mount.sh": "c",
    "README.md": "",
  });
  expect(submissionsAt(library, [folder])).toEqual([
    { exercise: "claim-and-mount", manifest: "b", script: "c" },
    { exercise: "rolling-update", script: "a" },
  ]);
  expect(submissionsAt(library, [join(folder, "rolling-update.sh")])).toHaveLength(1);
});

test.each([
  [
    "an unknown exercise",
    { "no-such.sh": "" },
    /no-such\.sh: there is no exercise no-such; cka-lab list --ids names them$/,
  ],
  ["an empty folder", {}, /^no submission in .*: they are called <exercise>\.sh or <exercise>\.yaml$/],
])("%s", (_what, files, said) => {
  expect(() => submissionsAt(library, [folderWith(files as Record<string, string>)])).toThrow(said);
});

test("what is no submission, or not there", () => {
  const folder = folderWith({ "README.md": "" });
  mkdirSync(join(folder, "rolling-update"));
  expect(() => submissionsAt(library, [join(folder, "README.md")])).toThrow(/is no submission/);
  expect(() => submissionsAt(library, [join(folder, "gone")])).toThrow(/^there is no /);
});

test("graded in a fresh world, the same every time, with what went wrong", async () => {
  const task = library.exercise("node-not-ready").draw("5");
  const handedIn = [{ exercise: "node-not-ready", script: task.wrong[0]!.run }];
  const report = await grade(library, handedIn, "5");
  expect(report).toMatchObject({ score: (100 * 4) / 6, passed: true, seed: "5" });
  expect(report.tasks[0]?.checks.find(({ met }) => !met)).toEqual({
    says: task.wrong[0]!.fails[0],
    points: 2,
    met: false,
    why: `kubelet on ${task.parameters.node} is disabled, expected enabled`,
  });
  expect(await grade(library, handedIn, "5")).toEqual(report);
});

test("a script that never ends is broken off, and what it did counts", async () => {
  const { solution } = library.exercise("node-not-ready").draw("1");
  const script = `${solution}\nwhile :; do sleep 1000; done`;
  const report = await grade(library, [{ exercise: "node-not-ready", script }], "1");
  expect(report.score).toBe(100);
  expect(report.tasks[0]?.note).toMatch(/^the submission was broken off: it did not end within \d+ seconds/);
}, 60_000);
