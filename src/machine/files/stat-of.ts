import { byteLength } from "../../base/text-bytes.ts";
import type { Stat } from "../define-files.ts";
import { type Inode, textOf } from "./inode.ts";

/** What stat(2) says of a file; the text of a lazy file is made only when its size is asked for. */
export function statOf(node: Inode): Stat {
  return new NodeStat(node);
}

/** A class, because a literal with a getter is slow to make. */
class NodeStat implements Stat {
  readonly inode: number;
  readonly kind: Stat["kind"];
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly modified: number;
  readonly links: number;
  readonly #node: Inode;

  constructor(node: Inode) {
    this.inode = node.number;
    this.kind = node.kind;
    this.mode = node.mode;
    this.uid = node.uid;
    this.gid = node.gid;
    this.modified = node.modified;
    this.links = node.links;
    this.#node = node;
  }

  get size(): number {
    return sizeOf(this.#node);
  }
}

function sizeOf(node: Inode): number {
  if (node.kind === "directory") return 4096;
  if (node.target !== undefined) return byteLength(node.target);
  if (node.live) return 0;
  if (node.make) textOf(node);
  return node.bytes;
}
