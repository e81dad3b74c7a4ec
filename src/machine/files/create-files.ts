import type { Files } from "../define-files.ts";
import type { Kernel } from "../kernel.ts";
import { FileTree } from "./file-tree.ts";
import { Volume } from "./inode.ts";

const GIBIBYTE = 1024 * 1024 * 1024;

/** An empty tree of files: a host's disk, a container's root, a volume. `on`: it takes its room from that tree's disk. */
export function createFiles(
  kernel: Kernel,
  options?: { capacityBytes?: number; on?: Files; onGrowth?: () => void },
): Files {
  const disk = options?.on instanceof FileTree ? options.on.volume : undefined;
  const volume = new Volume(kernel, options?.capacityBytes ?? disk?.capacity ?? GIBIBYTE);
  volume.disk = disk;
  volume.onGrowth = options?.onGrowth;
  return new FileTree(volume);
}

/** Nobody writes to this tree any more but into what is mounted on it. */
export function makeReadOnly(files: Files): void {
  if (files instanceof FileTree) files.rootMount.readOnly = true;
}

/** The bytes that were written to a tree itself, whatever else lies on its disk. */
export function writtenTo(files: Files): number {
  return files instanceof FileTree ? files.volume.used : 0;
}

/** Tells a tree's disk what else lies on it. */
export function shareDisk(files: Files, elsewhere: () => number): void {
  if (files instanceof FileTree) files.volume.elsewhere = elsewhere;
}
