import { execFileSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { allCases } from "./all-cases.ts";
import { hasTool, runReal } from "./real-tool.ts";
import { type Outcome, runOurs, type TextCase, wordsOf } from "./text-case.ts";

/** The tools were recorded in these versions; others differ in wording and are not compared. */
const versions: readonly (readonly [tools: string, asked: readonly string[], says: string])[] = [
  ["awk", ["awk", "-W", "version"], "mawk 1.3.4 20200120"],
  ["grep egrep fgrep", ["grep", "--version"], "(GNU grep) 3.8"],
  ["sed", ["sed", "--version"], "(GNU sed) 4.9"],
  ["diff cmp", ["diff", "--version"], "(GNU diffutils) 3.8"],
  ["find xargs", ["find", "--version"], "(GNU findutils) 4.9.0"],
  ["column rev hexdump more", ["column", "--version"], "util-linux 2.38.1"],
  ["tar", ["tar", "--version"], "(GNU tar) 1.34"],
  ["tree", ["tree", "--version"], "tree v2.1.0"],
  ["envsubst", ["envsubst", "--version"], "(GNU gettext-runtime) 0.21"],
  ["getent", ["getent", "--version"], "2.36"],
];
const coreutils = ["", ["cat", "--version"], "(GNU coreutils) 9.1"] as const;

const known = new Map<string, string>();
function says(command: readonly string[]): string {
  const [program = "", ...args] = command;
  const text =
    known.get(program) ?? execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  known.set(program, text);
  return text;
}

function comparable(tool: string): boolean {
  const [, asked, version] = versions.find(([tools]) => tools.split(" ").includes(tool)) ?? coreutils;
  return hasTool(tool) && hasTool(asked[0] ?? "") && says(asked).includes(version);
}

const byTool = new Map<string, TextCase[]>();
for (const given of allCases) {
  if (given.recordedOnly || (given.root && process.getuid?.() !== 0)) continue;
  const tool = wordsOf(given.run)[0] ?? "";
  byTool.set(tool, [...(byTool.get(tool) ?? []), given]);
}

const skipped = [...byTool.keys()].filter((tool) => !comparable(tool));
if (skipped.length > 0)
  console.log(`not compared with the real ones, missing here or of another version: ${skipped.join(" ")}`);

const compared = [...byTool].flatMap(([tool, cases]) => (skipped.includes(tool) ? [] : cases));
const real = new Map<TextCase, Outcome>();

beforeAll(() => {
  runReal(compared).forEach((outcome, index) => {
    real.set(compared[index] as TextCase, outcome);
  });
}, 180_000);

describe.each([...byTool])("%s", (tool, cases) => {
  it.skipIf(skipped.includes(tool))("does what the real one does", () => {
    const wrong = cases.flatMap((given) => {
      const ours = runOurs(given);
      const theirs = real.get(given);
      return JSON.stringify(ours) === JSON.stringify(theirs) ? [] : [{ run: given.run, ours, theirs }];
    });
    expect(wrong).toEqual([]);
  });
});
