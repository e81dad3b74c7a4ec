import { Errno } from "../define.ts";
import { type Files, root } from "../define-files.ts";
import { FileTree } from "./file-tree.ts";
import type { Device } from "./inode.ts";
import { walk } from "./walk.ts";

const devices: readonly (readonly [string, Device])[] = [
  ["null", "null"],
  ["zero", "zero"],
  ["full", "full"],
  ["random", "random"],
  ["urandom", "random"],
  ["tty", "tty"],
];

const links: readonly (readonly [string, string])[] = [
  ["stdin", "/proc/self/fd/0"],
  ["stdout", "/proc/self/fd/1"],
  ["stderr", "/proc/self/fd/2"],
  ["fd", "/proc/self/fd"],
];

/** Fills /dev and /proc/self/fd of a host or container; /dev/stdin and the like are links into the latter, as in life. */
export function makeDevices(files: Files): void {
  if (!(files instanceof FileTree)) throw new Errno("EINVAL");
  for (const directory of ["/dev", "/dev/shm", "/dev/pts", "/proc", "/proc/self"])
    files.mkdir(directory, root, { parents: true });
  files.chmod("/dev/shm", 0o1777, root);
  for (const [name, device] of devices) {
    const path = `/dev/${name}`;
    files.create(walk(files, path, root, false), path, root, "device", { mode: 0o666, device });
  }
  const fds = "/proc/self/fd";
  files.create(walk(files, fds, root, false), fds, root, "directory", { mode: 0o555, device: "fds" });
  for (const [name, target] of links) files.symlink(target, `/dev/${name}`, root);
}
