import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LabError } from "./lab-error.ts";

/** Makes this process the only one that works on an attempt, until it ends; a claim of a dead process counts nothing. */
export function claim(id: string, folder: string): void {
  const path = join(folder, "in-use");
  const holder = holderOf(path);
  if (holder === process.pid) return;
  if (holder !== undefined && isAlive(holder))
    throw new LabError(`attempt ${id} is open in another terminal (process ${holder}); if it is not, remove ${path}`);
  try {
    writeFileSync(path, `${process.pid}\n`, { mode: 0o600 });
  } catch {
    // A folder that cannot be written is told by the journal, which is opened next.
    return;
  }
  process.once("exit", () => {
    if (holderOf(path) === process.pid) rmSync(path, { force: true });
  });
}

function holderOf(path: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(path, "utf8"), 10) || undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
