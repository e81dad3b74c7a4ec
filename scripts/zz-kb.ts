import { readFileSync, writeFileSync } from "node:fs";
import { readSession } from "/work/main/test/twin/lines.ts";
import { realKubectl, Twin } from "/work/main/test/twin/twin.ts";
const name = process.argv[2]!;
const twin = await Twin.start(realKubectl()!);
const { files, lines } = readSession(readFileSync(`/work/main/test/twin/lines/${name}.txt`, "utf8"));
for (const [f, t] of files) twin.file(f, t);
let out = ""; let ok = 0;
for (const line of lines) {
  process.stderr.write(line + "\n"); try {
    const { real, ours } = await twin.run(line);
    if (JSON.stringify(real) === JSON.stringify(ours)) { ok++; writeFileSync(`/tmp/kb/tw-${name}.out`, out); continue; }
    out += `=== ${line}\n--- real (${real.status})\n${real.stdout}${real.stderr}--- ours (${ours.status})\n${ours.stdout}${ours.stderr}`;
  writeFileSync(`/tmp/kb/tw-${name}.out`, out); } catch (e) { out += `=== ${line}\nCRASH ${(e as Error).stack?.split("\n").slice(0,6).join("\n")}\n`; if (String(e).includes("world")) break; }
}
await twin.close();
writeFileSync(`/tmp/kb/tw-${name}.out`, out);
console.log(name, ok, lines.length);
process.exit(0);
