// Records what real kubectl prints in twin sessions, so that they are compared without it, too: test/corpus/kubectl-sessions.jsonl
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readSession } from "../test/twin/lines.ts";
import { realKubectl, Twin } from "../test/twin/twin.ts";

const root = join(import.meta.dirname, "..");
const kubectl = realKubectl();
if (!kubectl) throw new Error("no real kubectl (1.31 or later) is on the PATH");
const lines: string[] = [];
for (const name of ["diff.txt", "apply.txt"]) {
  const session = readSession(readFileSync(join(root, "test/twin/lines", name), "utf8"));
  const twin = await Twin.start(kubectl);
  for (const [file, text] of session.files) {
    twin.file(file, text);
    lines.push(JSON.stringify({ session: name, file, text }));
  }
  for (const line of session.lines) {
    const { real, ours } = await twin.run(line);
    if (JSON.stringify(real) !== JSON.stringify(ours)) throw new Error(`not equal: ${line}`);
    lines.push(JSON.stringify({ session: name, line, ...real }));
  }
  await twin.close();
}
writeFileSync(join(root, "test/corpus/kubectl-sessions.jsonl"), `${lines.join("\n")}\n`);
