import type { Micros } from "../../base/clock.ts";
import type { WaitQueue } from "../../base/wait-queue.ts";
import { Errno } from "../define.ts";
import type { Files } from "../define-files.ts";
import type { Kernel } from "../kernel.ts";
import { FileTree } from "./file-tree.ts";
import { type Device, type Inode, Volume } from "./inode.ts";

/**
 * A tree that begins as a copy of `pattern` (an image's files, a fresh host's), as if all had been written now; what lies over
 * an image ("overlay") shows the image's own times. A directory is copied when somebody first looks into it, so a tree costs
 * what is looked at. The pattern must not change any more.
 */
export function copyOfTree(
  kernel: Kernel,
  pattern: Files,
  options: { capacityBytes?: number; on?: Files; type?: "overlay" } = {},
): Files {
  if (!(pattern instanceof FileTree)) throw new Errno("EINVAL");
  const { capacityBytes, on } = options;
  const disk = on instanceof FileTree ? on.volume : undefined;
  const volume = new Volume(kernel, capacityBytes ?? disk?.capacity ?? pattern.volume.capacity, pattern.volume);
  volume.disk = disk;
  const written = options.type === "overlay" ? undefined : kernel.clock.now;
  const tree = new FileTree(volume, new CopiedDirectory(pattern.rootMount.root, undefined, volume, written));
  if (options.type) Object.assign(tree.rootMount, { source: options.type, type: options.type });
  return tree;
}

/** A directory of a copy; its entries are those of the pattern until somebody looks. */
class CopiedDirectory implements Inode {
  readonly number: number;
  readonly kind = "directory";
  readonly volume: Volume;
  mode: number;
  uid: number;
  gid: number;
  modified: Micros;
  links: number;
  opens = 0;
  parent: Inode | undefined;
  text = "";
  bytes = 0;
  zeros = 0;
  make: undefined;
  readonly live = undefined;
  readonly onWrite = undefined;
  readonly target = undefined;
  readonly device: Device | undefined;
  readonly fifo = undefined;
  queue: WaitQueue | undefined;
  private pattern: Inode | undefined;
  private readonly own = new Map<string, Inode>();
  /** When all was written; the pattern's own times where nothing is said. */
  readonly copied: Micros | undefined;

  constructor(pattern: Inode, parent: Inode | undefined, volume: Volume, written: Micros | undefined) {
    this.number = pattern.number;
    this.volume = volume;
    this.mode = pattern.mode;
    this.uid = pattern.uid;
    this.gid = pattern.gid;
    this.modified = written ?? pattern.modified;
    this.copied = written;
    this.links = pattern.links;
    this.parent = parent;
    this.device = pattern.device;
    this.pattern = pattern;
  }

  get entries(): Map<string, Inode> {
    const { pattern, own, volume } = this;
    if (!pattern) return own;
    this.pattern = undefined;
    for (const [name, node] of pattern.entries ?? [])
      own.set(name, node.entries ? new CopiedDirectory(node, this, volume, this.copied) : copyOf(node, this));
    return own;
  }
}

function copyOf(node: Inode, parent: CopiedDirectory): Inode {
  const modified = parent.copied ?? node.modified;
  return { ...node, volume: parent.volume, modified, opens: 0, parent, queue: undefined };
}
