import type { Micros } from "../../base/clock.ts";
import { byteLength } from "../../base/text-bytes.ts";
import type { WaitQueue } from "../../base/wait-queue.ts";
import { Errno } from "../define.ts";
import type { Kernel } from "../kernel.ts";
import type { Fifo } from "./fifo.ts";

/** What a character device of /dev does; a number is the descriptor that /dev/fd/N stands for, "fds" their directory. */
export type Device = "null" | "zero" | "full" | "random" | "tty" | "fds" | number;

/** A file as such, whatever its names are. */
export interface Inode {
  readonly number: number;
  readonly kind: "file" | "directory" | "link" | "device" | "fifo" | "socket";
  readonly volume: Volume;
  mode: number;
  uid: number;
  gid: number;
  modified: Micros;
  links: number;
  /** Descriptors that point to it: an unlinked file lives until the last one is closed. */
  opens: number;
  /** The directory it was last entered into. */
  parent: Inode | undefined;
  text: string;
  bytes: number;
  /** How many of its bytes are zeros after the text, which nobody has to keep (fallocate, dd from /dev/zero). */
  zeros: number;
  /** Makes the text of a lazy file, once. */
  make: (() => string) | undefined;
  /** Makes the text of a live file, at every opening. */
  readonly live: (() => string) | undefined;
  readonly onWrite: ((text: string) => void) | undefined;
  readonly entries: Map<string, Inode> | undefined;
  readonly target: string | undefined;
  readonly device: Device | undefined;
  readonly fifo: Fifo | undefined;
  queue: WaitQueue | undefined;
}

/** A file longer than this is refused (EFBIG), so that a loop that doubles a file ends. */
const LONGEST = 64 * 1024 * 1024;
/** What is written without a look at what else lies on the disk. */
const SMALL = 64 * 1024;
/** What an inode takes on disk besides its text: a block. */
const BLOCK = 4096;

export interface InodeOptions {
  mode: number;
  uid: number;
  gid: number;
  text?: string;
  make?: () => string;
  live?: () => string;
  onWrite?: ((text: string) => void) | undefined;
  target?: string;
  device?: Device;
  fifo?: Fifo;
}

/** A disk: it counts inodes and bytes. */
export class Volume {
  readonly kernel: Kernel;
  readonly capacity: number;
  used = 0;
  /** What else lies on this disk: images, the writable layers of containers, their volumes. */
  elsewhere: (() => number) | undefined;
  /** Called when more lies on it than before: a tmpfs, whose files are memory. */
  onGrowth: (() => void) | undefined;
  /** The disk that this one lies on, where it is a layer or a folder of another. */
  disk: Volume | undefined;
  private inodes = 1;

  /** `like`: a disk of which this is a copy, with as much on it. */
  constructor(kernel: Kernel, capacity: number, like?: Volume) {
    this.kernel = kernel;
    this.capacity = capacity;
    if (!like) return;
    this.used = like.used;
    this.inodes = like.inodes;
  }

  /** Takes `bytes` of the disk, or gives them back. Errno ENOSPC when it is full. */
  charge(bytes: number): void {
    if (bytes > 0 && this.used + bytes > this.capacity) throw new Errno("ENOSPC");
    if (bytes > SMALL && bytes > this.free) throw new Errno("ENOSPC");
    this.used += bytes;
    if (bytes > 0) this.onGrowth?.();
  }

  /** How much can still be written. */
  get free(): number {
    const own = this.capacity - this.used - (this.elsewhere?.() ?? 0);
    return Math.max(0, Math.min(own, this.disk?.free ?? own));
  }

  create(kind: Inode["kind"], options: InodeOptions): Inode {
    const text = options.text ?? "";
    const bytes = text === "" ? 0 : byteLength(text);
    this.charge(BLOCK + bytes);
    return {
      number: ++this.inodes,
      kind,
      volume: this,
      mode: options.mode,
      uid: options.uid,
      gid: options.gid,
      modified: this.kernel.clock.now,
      links: kind === "directory" ? 2 : 1,
      opens: 0,
      parent: undefined,
      text,
      bytes,
      zeros: 0,
      make: options.make,
      live: options.live,
      onWrite: options.onWrite,
      entries: kind === "directory" ? new Map() : undefined,
      target: options.target,
      device: options.device,
      fifo: options.fifo,
      queue: undefined,
    };
  }
}

/** The whole text of a file, made now if it is lazy or live. */
export function textOf(node: Inode): string {
  if (node.live) return node.live();
  if (node.make) {
    node.text = node.make();
    node.make = undefined;
    node.bytes = byteLength(node.text);
    node.volume.used += node.bytes;
  }
  if (node.zeros > 0) {
    if (node.bytes > LONGEST) throw new Errno("EFBIG");
    node.text += "\0".repeat(node.zeros);
    node.zeros = 0;
  }
  return node.text;
}

/** Makes a file longer by zeros, as far as the disk has room: gives how many there were. */
export function extend(node: Inode, bytes: number): number {
  if (node.make) textOf(node);
  const room = Math.min(bytes, node.volume.free);
  node.volume.charge(room);
  node.bytes += room;
  node.zeros += room;
  touch(node);
  return room;
}

/** Replaces the text of a file. */
export function setText(node: Inode, text: string): void {
  node.make = undefined;
  if (node.live) {
    node.onWrite?.(text);
    return;
  }
  const bytes = byteLength(text);
  grow(node, bytes - node.bytes);
  node.text = text;
  node.zeros = 0;
  touch(node);
}

/** Writes `text` over what stands from character `at` on (zeros up to there), as write(2) does. */
export function writeAt(node: Inode, at: number, text: string): void {
  const old = node.live ? "" : textOf(node);
  if (node.live || at < old.length) {
    setText(node, node.live ? text : old.slice(0, at) + text + old.slice(at + text.length));
    return;
  }
  const hole = at - old.length;
  grow(node, hole + byteLength(text));
  node.text = hole > 0 ? old + "\0".repeat(hole) + text : old + text;
  touch(node);
}

function grow(node: Inode, bytes: number): void {
  if (bytes > 0 && node.bytes + bytes > LONGEST) throw new Errno("EFBIG");
  node.volume.charge(bytes);
  node.bytes += bytes;
}

/** Notes that a file or a directory's entries changed now, and wakes who watches it or its directory. */
export function touch(node: Inode, at = node.volume.kernel.clock.now): void {
  node.modified = at;
  wakeWatchers(node);
}

export function wakeWatchers(node: Inode): void {
  node.queue?.wake();
  node.parent?.queue?.wake();
}

/** Gives a file's place on the disk back when neither a name nor a descriptor is left. */
export function releaseIfUnused(node: Inode): void {
  const left = node.kind === "directory" ? node.links - 2 : node.links;
  if (left > 0 || node.opens > 0) return;
  node.volume.used -= BLOCK + node.bytes;
  node.bytes = 0;
  node.zeros = 0;
  node.text = "";
}

/** Enters a file into a directory. */
export function enter(directory: Inode, name: string, node: Inode): void {
  directory.entries?.set(name, node);
  node.parent = directory;
  if (node.kind === "directory") directory.links++;
  touch(directory);
}

/** Takes a name out of a directory; the file stays while other names or descriptors are left. */
export function leave(directory: Inode, name: string, node: Inode): void {
  directory.entries?.delete(name);
  if (node.kind === "directory") directory.links--;
  touch(directory);
}
