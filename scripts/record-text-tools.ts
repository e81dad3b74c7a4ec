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

const compared = allCases.filter((given) => !given.recordedOnly);
for (const given of compared) {
  const [tool = ""] = wordsOf(given.run);
  if (!hasTool(tool)) throw new Error(`${tool} is not installed: record where all tools are`);
}
const real = new Map(runReal(compared).map((outcome, index) => [compared[index], outcome]));
const recordings = allCases.map((given): Recording => {
  const outcome = real.get(given);
  return outcome ? { case: given, from: "real", outcome } : { case: given, from: "ours", outcome: runOurs(given) };
});
const text = recordings.map((recording) => `${JSON.stringify(recording)}\n`).join("");
writeFileSync(new URL("../test/corpus/text-tools.jsonl", import.meta.url), text);
process.stdout.write(`${recordings.length} cases recorded\n`);
