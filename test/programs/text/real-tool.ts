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

/** Runs a case with the machine's own tool in a fresh folder. */
export function runReal(given: TextCase): Outcome {
  const folder = mkdtempSync(join(tmpdir(), "cka-text-"));
  try {
    let at = FILE_TIME;
    for (const [name, text] of Object.entries({ ...usualFiles, ...given.files })) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytesOf(text), { mode: 0o644 });
      utimesSync(path, at, at);
      at += 3600;
    }
    for (const name of ["dir/sub", "dir"]) utimesSync(join(folder, name), FILE_TIME, FILE_TIME);
    const [command = "", ...args] = wordsOf(given.run);
    const done = spawnSync(command, args, {
      cwd: folder,
      input: bytesOf(given.stdin ?? ""),
      env: { LC_ALL: "C.UTF-8", TZ: "UTC", TERM: "xterm-256color", PATH: process.env.PATH, HOME: "/root" },
      timeout: 10_000,
      maxBuffer: 1 << 26,
    });
    const outcome = {
      status: done.status ?? -1,
      stdout: sortedIf(given, textOf(done.stdout)),
      stderr: textOf(done.stderr),
    };
    if (!given.after) return outcome;
    const read = (name: string) => {
      const path = join(folder, name);
      const stat = lstatSync(path, { throwIfNoEntry: false });
      if (!stat) return null;
      return stat.isFile() ? textOf(readFileSync(path)) : stat.isDirectory() ? "directory" : "link";
    };
    return { ...outcome, after: Object.fromEntries(given.after.map((name) => [name, read(name)])) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
