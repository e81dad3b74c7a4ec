import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { allCases } from "./all-cases.ts";
import { hasTool, runReal } from "./real-tool.ts";
import { runOurs, type TextCase, wordsOf } from "./text-case.ts";

/** The tools were recorded in these versions; others differ in wording and are not compared. */
const versions: readonly (readonly [tools: string, asked: readonly string[], says: string])[] = [
  ["awk", ["awk", "-W", "version"], "mawk 1.3.4 20200120"],
  ["grep egrep fgrep", ["grep", "--version"], "(GNU grep) 3.8"],
  ["sed", ["sed", "--version"], "(GNU sed) 4.9"],
  ["diff cmp", ["diff", "--version"], "(GNU diffutils) 3.8"],
  ["find xargs", ["find", "--version"], "(GNU findutils) 4.9.0"],
  ["column rev hexdump more", ["column", "--version"], "util-linux 2.38.1"],
  ["tar", ["tar", "--version"], "(GNU tar) 1.34"],
  ["xxd tput clear file less jq", ["cat", "--version"], "(GNU coreutils) 9.1"],
];

function comparable(tool: string): boolean {
  const [, asked, says] = versions.find(([tools]) => tools.split(" ").includes(tool)) ?? [
    "",
    ["cat", "--version"],
    "coreutils) 9.1",
  ];
  const [program = "", ...args] = asked;
  if (!hasTool(tool) || !hasTool(program)) return false;
  return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).includes(says);
}

const byTool = new Map<string, TextCase[]>();
for (const given of allCases) {
  if (given.recordedOnly || (given.root && process.getuid?.() !== 0)) continue;
  const tool = wordsOf(given.run)[0] ?? "";
  byTool.set(tool, [...(byTool.get(tool) ?? []), given]);
}

const skipped = [...byTool.keys()].filter((tool) => !comparable(tool));
if (skipped.length > 0)
  console.log(`not compared with the real ones, for they are missing or of another version: ${skipped.join(" ")}`);

describe.each([...byTool])("%s", (tool, cases) => {
  it.skipIf(skipped.includes(tool))("does what the real one does", { timeout: 60_000 }, () => {
    const wrong = cases.flatMap((given) => {
      const ours = runOurs(given);
      const real = runReal(given);
      return JSON.stringify(ours) === JSON.stringify(real) ? [] : [{ run: given.run, ours, real }];
    });
    expect(wrong).toEqual([]);
  });
});
