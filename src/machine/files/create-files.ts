import type { Files } from "../define-files.ts";
import type { Kernel } from "../kernel.ts";
import { FileTree } from "./file-tree.ts";
import { Volume } from "./inode.ts";

const GIBIBYTE = 1024 * 1024 * 1024;

/** An empty tree of files: a host's disk, a container's root, a volume. */
export function createFiles(kernel: Kernel, options?: { capacityBytes?: number }): Files {
  return new FileTree(new Volume(kernel, options?.capacityBytes ?? GIBIBYTE));
}
