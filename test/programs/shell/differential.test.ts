import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { shellHost } from "./shell-host.ts";

/**
 * Scripts that our shell and real bash 5.2 both run: stdout, stderr and status must be the same. What bash said is
 * recorded, so that the comparison runs everywhere; where bash 5.2 is installed the record itself is checked too.
 * RECORD=1 writes it anew.
 */
interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

const cases = join(import.meta.dirname, "cases");
const recorded = join(import.meta.dirname, "../../corpus/shell");
const env = { PATH: "/usr/bin:/bin", HOME: "/root", LC_ALL: "C.UTF-8", TZ: "UTC" };

function readCases(file: string): { name: string; script: string }[] {
  const parts = readFileSync(join(cases, file), "utf8").split(/^#=== (.*)\n/m);
  const out: { name: string; script: string }[] = [];
  for (let i = 1; i < parts.length; i += 2) out.push({ name: parts[i] as string, script: parts[i + 1] as string });
  return out;
}

/** Process numbers and places of files differ from run to run. */
function masked({ stdout, stderr, status }: Outcome): Outcome {
  const mask = (text: string) =>
    text
      .replace(/line (\d+): +\d+ (Killed|Terminated|Interrupt|Broken)/g, "line $1: PID $2")
      .replace(/\/usr\/bin\/bash|\/bin\/bash/g, "BASH");
  return { stdout: mask(stdout), stderr: mask(stderr), status };
}

function real(script: string): Outcome {
  const folder = mkdtempSync(join(tmpdir(), "bash-"));
  writeFileSync(join(folder, "t.sh"), script);
  const work = join(folder, "work");
  mkdirSync(work);
  const run = spawnSync("bash", ["../t.sh"], { cwd: work, env, encoding: "utf8", input: "", timeout: 20_000 });
  rmSync(folder, { recursive: true });
  return masked({ stdout: run.stdout, stderr: run.stderr, status: run.status ?? -1 });
}

function ours(script: string): Outcome {
  const host = shellHost();
  host.files.write("/home/t.sh", script, { uid: 0, gid: 0, groups: [] });
  return masked(host.run(["bash", "../t.sh"], { cwd: "/home/work", env, who: { uid: 0, gid: 0, groups: [0] } }));
}

const version = (() => {
  try {
    return execFileSync("bash", ["--version"], { encoding: "utf8" });
  } catch {
    return "";
  }
})();
const hasBash = version.includes("version 5.2");

for (const file of readdirSync(cases).sort()) {
  const record = join(recorded, file.replace(".sh", ".json"));
  const list = readCases(file);
  if (process.env.RECORD && hasBash) {
    mkdirSync(recorded, { recursive: true });
    const outcomes = Object.fromEntries(list.map(({ name, script }) => [name, real(script)]));
    writeFileSync(record, `${JSON.stringify(outcomes, null, 1)}\n`);
  }
  const known = JSON.parse(readFileSync(record, "utf8")) as Record<string, Outcome>;
  describe(`bash 5.2: ${file}`, () => {
    for (const { name, script } of list) it(name, () => expect(ours(script)).toEqual(known[name]));
    it.skipIf(!hasBash)(hasBash ? "the record is what bash says" : "skipped: no bash 5.2 here", () => {
      // A few, in turn: all of them sleep for real.
      const some = list.filter((_, i) => i % 8 === 0);
      for (const { name, script } of some) expect({ name, ...real(script) }).toEqual({ name, ...known[name] });
    });
  });
}
