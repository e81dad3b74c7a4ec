import { spawnSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { bytesOf, textOf } from "../../../src/base/text-bytes.ts";
import { FILE_TIME, type Outcome, sortedIf, type TextCase, usualFiles, wordsOf } from "./text-case.ts";

/** Whether a tool is on the PATH. */
export function hasTool(name: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, name)));
}

/** Runs cases with the machine's own tools, each in a fresh folder, all from one shell: to start it is what takes time. */
export function runReal(cases: readonly TextCase[]): Outcome[] {
  const folder = mkdtempSync(join(tmpdir(), "cka-text-"));
  try {
    const script = cases.map((given, index) => commandOf(given, prepare(given, join(folder, String(index)))));
    writeFileSync(join(folder, "run.sh"), bytesOf(script.join("\n")));
    const env = { PATH: process.env.PATH ?? "" };
    const done = spawnSync("/bin/sh", [join(folder, "run.sh")], { env, timeout: 120_000 });
    if (done.status !== 0) throw new Error(`the cases could not be run: ${done.stderr}`);
    return cases.map((given, index) => outcomeOf(given, join(folder, String(index))));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function prepare(given: TextCase, folder: string): string {
  mkdirSync(join(folder, "work"), { recursive: true });
  writeFileSync(join(folder, "in"), bytesOf(given.stdin ?? ""));
  let at = FILE_TIME;
  for (const [name, text] of Object.entries({ ...usualFiles, ...given.files })) {
    const path = join(folder, "work", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytesOf(text), { mode: 0o644 });
    utimesSync(path, at, at);
    at += 3600;
  }
  for (const name of ["dir/sub", "dir"]) utimesSync(join(folder, "work", name), FILE_TIME, FILE_TIME);
  return folder;
}

/** Through env, so that the shell's builtins do not take the place of the tools; stdin is a pipe, as it is in our run. */
function commandOf(given: TextCase, folder: string): string {
  const words = wordsOf(given.run).map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const variables = 'LC_ALL=C.UTF-8 TZ=UTC TERM=xterm-256color HOME=/root PATH="$PATH"';
  return `cd ${folder}/work; cat ../in | { env -i ${variables} ${words.join(" ")} >../out 2>../err; echo $? >../status; }`;
}

function outcomeOf(given: TextCase, folder: string): Outcome {
  const read = (name: string) => textOf(readFileSync(join(folder, name)));
  const outcome = { status: Number(read("status")), stdout: sortedIf(given, read("out")), stderr: read("err") };
  if (!given.after) return outcome;
  const look = (name: string) => {
    const path = join(folder, "work", name);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (!stat) return null;
    return stat.isFile() ? textOf(readFileSync(path)) : stat.isDirectory() ? "directory" : "link";
  };
  return { ...outcome, after: Object.fromEntries(given.after.map((name) => [name, look(name)])) };
}
