/** Writes test/corpus/text-tools.jsonl: what the real tools of this machine print for the cases of test/programs/text/cases. */
import { writeFileSync } from "node:fs";
import { allCases } from "../test/programs/text/all-cases.ts";
import { hasTool, runReal } from "../test/programs/text/real-tool.ts";
import { type Outcome, runOurs, type TextCase, wordsOf } from "../test/programs/text/text-case.ts";

/** How a case is kept: itself, and what came of it. */
interface Recording {
  readonly case: TextCase;
  /** Whose output it is: the real tool's, or ours where the real one's depends on the machine. */
  readonly from: "real" | "ours";
  readonly outcome: Outcome;
}

const lines: string[] = [];
for (const given of allCases) {
  const [tool = ""] = wordsOf(given.run);
  if (!given.recordedOnly && !hasTool(tool)) throw new Error(`${tool} is not installed: record where all tools are`);
  const recording: Recording = given.recordedOnly
    ? { case: given, from: "ours", outcome: runOurs(given) }
    : { case: given, from: "real", outcome: runReal(given) };
  lines.push(JSON.stringify(recording));
}
writeFileSync(new URL("../test/corpus/text-tools.jsonl", import.meta.url), `${lines.join("\n")}\n`);
process.stdout.write(`${lines.length} cases recorded\n`);
