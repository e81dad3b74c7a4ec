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
  // What stands before the first case is run before every case.
  for (let i = 1; i < parts.length; i += 2)
    out.push({ name: parts[i] as string, script: `${parts[0]}${parts[i + 1]}` });
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

function says(command: string, ...args: string[]): string {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch {
    return "";
  }
}
const hasBash = says("bash", "--version").includes("version 5.2");
/** The one-liners go through other tools too, and these were recorded in Debian 12's versions. */
const hasTools =
  says("cat", "--version").includes("(GNU coreutils) 9.1") &&
  says("awk", "-W", "version").includes("mawk 1.3.4 20200120") &&
  says("grep", "--version").includes("(GNU grep) 3.8") &&
  says("sed", "--version").includes("(GNU sed) 4.9") &&
  says("column", "--version").includes("util-linux 2.38.1") &&
  says("envsubst", "--version").includes("0.21");

for (const file of readdirSync(cases).sort()) {
  const record = join(recorded, file.replace(".sh", ".json"));
  const list = readCases(file);
  const checked = hasBash && (file !== "one-liners.sh" || hasTools);
  if (process.env.RECORD && checked) {
    mkdirSync(recorded, { recursive: true });
    const outcomes = Object.fromEntries(list.map(({ name, script }) => [name, real(script)]));
    writeFileSync(record, `${JSON.stringify(outcomes, null, 1)}\n`);
  }
  const known = JSON.parse(readFileSync(record, "utf8")) as Record<string, Outcome>;
  describe(`bash 5.2: ${file}`, () => {
    for (const { name, script } of list) it(name, () => expect(ours(script)).toEqual(known[name]));
    it.skipIf(!checked)(checked ? "the record is what bash says" : "skipped: not the recorded tools here", () => {
      // A few, in turn: all of them sleep for real.
      const some = list.filter((_, i) => i % 8 === 0);
      for (const { name, script } of some) expect({ name, ...real(script) }).toEqual({ name, ...known[name] });
    });
  });
}
