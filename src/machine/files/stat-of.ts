import { byteLength } from "../../base/text-bytes.ts";
import type { Stat } from "../define-files.ts";
import { type Inode, textOf } from "./inode.ts";

/** What stat(2) says of a file; the text of a lazy file is made only when its size is asked for. */
export function statOf(node: Inode): Stat {
  const { number, kind, mode, uid, gid, modified, links } = node;
  return {
    inode: number,
    kind,
    mode,
    uid,
    gid,
    modified,
    links,
    get size() {
      return sizeOf(node);
    },
  };
}

function sizeOf(node: Inode): number {
  if (node.kind === "directory") return 4096;
  if (node.target !== undefined) return byteLength(node.target);
  if (node.live) return 0;
  if (node.make) textOf(node);
  return node.bytes;
}
