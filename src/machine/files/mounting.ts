import { Errno } from "../define.ts";
import { root } from "../define-files.ts";
import type { Inode } from "./inode.ts";
import { type Mount, type Walked, walk } from "./walk.ts";

export interface MountOptions {
  readonly from?: string;
  readonly readOnly?: boolean;
  readonly source?: string;
  readonly type?: string;
}

interface MountTable extends Walked {
  readonly mounted: Map<Inode, Mount>;
}

/** Puts `source` (a directory on a directory, a file on a file) over what is at `path`. */
export function mount(tree: MountTable, path: string, source: Inode, options: MountOptions): void {
  const place = walk(tree, path, root, true);
  if (!place.node) throw new Errno("ENOENT", path);
  if ((place.node.kind === "directory") !== (source.kind === "directory")) throw new Errno("ENOTDIR", path);
  tree.mounted.set(coveredAt(tree, path) ?? place.node, {
    root: source,
    readOnly: options.readOnly ?? false,
    path: place.path,
    source: options.source ?? "/dev/vda1",
    type: options.type ?? "ext4",
  });
}

/** Takes what is mounted at `path` away. */
export function unmount(tree: MountTable, path: string): void {
  const covered = coveredAt(tree, path);
  if (!covered) throw new Errno("EINVAL", path);
  tree.mounted.delete(covered);
}

/** The inode that the mount at `path` covers. */
function coveredAt(tree: MountTable, path: string): Inode | undefined {
  const place = walk(tree, path, root, true);
  for (const [covered, mount] of tree.mounted) if (place.mount === mount && place.isMount) return covered;
  return undefined;
}
