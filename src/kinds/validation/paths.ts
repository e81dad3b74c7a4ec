import type { Problem } from "../define.ts";
import { wrong } from "../problem.ts";

// kubernetes pkg/apis/core/validation validatePathNoBacksteps, validateLocalDescendingPath, validateLocalNonReservedPath, 1.35.

/** A path without `..` in it. */
export function checkNoBacksteps(file: string, path: string, problems: Problem[]): void {
  if (file.split("/").includes("..")) problems.push(wrong(path, file, "must not contain '..'"));
}

/** A path below some directory. */
export function checkRelative(file: string, path: string, problems: Problem[]): void {
  if (file.startsWith("/")) problems.push(wrong(path, file, "must be a relative path"));
  checkNoBacksteps(file, path, problems);
}

/** Where a file lies in a volume. */
export function checkPathInVolume(file: string, path: string, problems: Problem[]): void {
  checkRelative(file, path, problems);
  if (file.startsWith("..") && !file.startsWith("../") && file !== "..")
    problems.push(wrong(path, file, "must not start with '..'"));
}
