/** What went wrong outside the simulated world, in one clear sentence for whoever uses the lab. */
export class LabError extends Error {
  override name = "LabError";
}

/** Node's own words for a failed file operation, shortened to their sense. */
export function fileProblem(error: unknown): string {
  const code = (error as { code?: string }).code;
  const words: Record<string, string> = {
    EACCES: "permission denied",
    EPERM: "permission denied",
    EROFS: "the file system is read-only",
    ENOSPC: "no space left",
    ENOENT: "no such file or folder",
    ENOTDIR: "a part of the path is no folder",
    EISDIR: "it is a folder",
  };
  return words[code ?? ""] ?? (error instanceof Error ? error.message : String(error));
}
