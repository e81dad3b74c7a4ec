// Runs all of test/twin/lines and says which lines differ: the list in test/twin/known-differences.json.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type KnownDifferences, readSession } from "../test/twin/lines.ts";
import { realKubectl, Twin } from "../test/twin/twin.ts";

const folder = join(import.meta.dirname, "../test/twin/lines");
const kubectl = realKubectl();
if (!kubectl) throw new Error("no real kubectl (1.31 or later) is on the PATH");
const only = process.argv[2];
const file = join(folder, "../known-differences.json");
const before = JSON.parse(readFileSync(file, "utf8")) as KnownDifferences;
const known: Record<string, Record<string, string>> = {};
for (const name of readdirSync(folder).sort()) {
  if (only && !name.startsWith(only)) continue;
  const twin = await Twin.start(kubectl);
  const { files, lines } = readSession(readFileSync(join(folder, name), "utf8"));
  for (const [path, text] of files) twin.file(path, text);
  const differing: string[] = [];
  for (const line of lines) {
    const began = performance.now();
    const { real, ours } = await twin.run(line);
    const seconds = (performance.now() - began) / 1000;
    if (seconds > 5) process.stdout.write(`\n(${seconds.toFixed(0)} s) ${line}\n`);
    if (JSON.stringify(real) === JSON.stringify(ours)) continue;
    differing.push(line);
    process.stdout.write(
      `\n=== ${line}\n--- real (${real.status})\n${real.stdout}${real.stderr}--- ours (${ours.status})\n${ours.stdout}${ours.stderr}`,
    );
  }
  await twin.close();
  // What differs anew has no reason yet; the tests ask for one.
  if (differing.length > 0)
    known[name] = Object.fromEntries(differing.map((line) => [line, before[name]?.[line] ?? ""]));
  process.stdout.write(`\n##### ${name}: ${lines.length - differing.length} of ${lines.length} equal\n`);
}
if (!only) writeFileSync(file, `${JSON.stringify(known, null, 2)}\n`);
