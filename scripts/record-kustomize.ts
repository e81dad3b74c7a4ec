// Records what real kubectl prints for the cases of test/corpus/kustomize.jsonl, and writes it into that file.
// Usage: KUBECTL=/path/to/kubectl npx tsx scripts/record-kustomize.ts [words of a case's id]
// A case needs an id, its words (argv) and its files; exit, stdout, stderr and filesAfter are filled in.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import type { OfflineCase } from "../test/programs/kubectl/offline.ts";

const file = new URL("../test/corpus/kustomize.jsonl", import.meta.url);
const kubectl = process.env.KUBECTL ?? "kubectl";
const wanted = process.argv.slice(2).join(" ");
const task = "/home/candidate/task";

/** How kubectl ended, in a folder of its own; its path is told as that of the candidate. */
function run({ argv, files = {} }: OfflineCase): Partial<OfflineCase> {
  const home = mkdtempSync(join(tmpdir(), "record-kustomize-"));
  const folder = join(home, "task");
  mkdirSync(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const env = { HOME: home, PATH: "/usr/bin:/bin", LANG: "C", TZ: "UTC" };
  const { status, stdout, stderr } = spawnSync(kubectl, [...argv], { cwd: folder, env, encoding: "utf8" });
  const told = (text: string) => text.replaceAll(folder, task);
  const after: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    const text = entry.isFile() ? readFileSync(path, "utf8") : undefined;
    if (text !== undefined && text !== files[name]) after[name] = text;
  }
  rmSync(home, { recursive: true });
  const changed = Object.keys(after).length > 0 ? { filesAfter: after } : {};
  return { exit: status ?? -1, stdout: told(stdout), stderr: told(stderr), ...changed };
}

const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
const done = lines.map((line) => {
  const old = JSON.parse(line) as OfflineCase;
  if (!old.id.includes(wanted)) return line;
  const first = run(old);
  for (let i = 0; i < 2; i++)
    if (JSON.stringify(run(old)) !== JSON.stringify(first)) process.stderr.write(`not the same twice: ${old.id}\n`);
  const { id, argv, files } = old;
  return JSON.stringify({ id, argv, files, ...first });
});
writeFileSync(file, `${done.join("\n")}\n`);
