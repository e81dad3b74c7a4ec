import { Errno } from "../define.ts";
import { type Files, root } from "../define-files.ts";
import { FileTree } from "./file-tree.ts";
import { walk } from "./walk.ts";

/** Has `look` called before anybody sees what is in a directory, so that what lies there need not be written before. */
export function watchDirectory(files: Files, path: string, look: () => void): void {
  if (!(files instanceof FileTree)) throw new Errno("EINVAL", path);
  const { node } = walk(files, path, root, true);
  const entries = node?.entries;
  if (!node || !entries) throw new Errno("ENOTDIR", path);
  Object.defineProperty(node, "entries", {
    get() {
      look();
      return entries;
    },
  });
}
