import { writeSync } from "node:fs";

let streamed = false;

/** Writes to stdout or stderr at once: making node's streams takes longer than most small commands need in all. */
export function writeNow(fd: 1 | 2, text: string): void {
  // A Windows console takes text by its stream only.
  const rest = streamed || process.platform === "win32" ? text : written(fd, Buffer.from(text));
  if (rest === undefined || rest.length === 0) return;
  if (!streamed) leaveWithReader();
  streamed = true;
  (fd === 1 ? process.stdout : process.stderr).write(rest);
}

/** What could not be written, because the reader is slow and the pipe does not block: node's stream waits for it. */
function written(fd: 1 | 2, bytes: Uint8Array): Uint8Array | undefined {
  let rest = bytes;
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(fd, rest));
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EPIPE") process.exit(0);
    if (code !== "EAGAIN") throw error;
    return rest;
  }
}

/** Whoever reads our output may have had enough: `cka-lab list | head -1`. */
export function leaveWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
}
