import { readFileSync } from "node:fs";

/** All of stdin; nothing where that is a terminal or not open. */
export function readStdin(): string {
  if (process.stdin.isTTY) return "";
  try {
    return readFileSync(0, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Windows says EOF at the end of a pipe; a closed descriptor is no input.
    if (code === "EOF" || code === "EBADF" || code === "EAGAIN") return "";
    throw error;
  }
}
