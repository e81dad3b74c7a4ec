import type { Micros } from "../../base/clock.ts";
import { WaitQueue } from "../../base/wait-queue.ts";
import { type Credentials, Errno, type OpenFile } from "../define.ts";
import { type Files, type MountPoint, type OpenFlags, root, type Space, type Stat } from "../define-files.ts";
import { aboutPath, chmod, chown, setModified } from "./attributes.ts";
import { Fifo } from "./fifo.ts";
import { enter, extend, type Inode, type InodeOptions, setText, textOf, type Volume, writeAt } from "./inode.ts";
import { type MountOptions, mount, unmount } from "./mounting.ts";
import { openInode } from "./open-file.ts";
import { allowed, EXECUTE, protectedRegular, READ, SETGID, WRITE } from "./permissions.ts";
import { drop, mustRemove, mustWriteDirectory, rename } from "./rename.ts";
import { statOf } from "./stat-of.ts";
import { type Mount, type Place, tryWalk, walk } from "./walk.ts";

/** One tree of files: a disk, and what is mounted on it. */
export class FileTree implements Files {
  readonly volume: Volume;
  readonly rootMount: { -readonly [K in keyof Mount]: Mount[K] };
  readonly mounted = new Map<Inode, Mount>();
  readonly below = new Set<FileTree>();

  constructor(volume: Volume, rootInode: Inode = volume.create("directory", { mode: 0o755, uid: 0, gid: 0 })) {
    this.volume = volume;
    this.rootMount = { root: rootInode, readOnly: false, path: "/", source: "/dev/vda1", type: "ext4" };
  }

  // ---- looking

  stat(path: string, who: Credentials, options?: { follow?: boolean }): Stat {
    return statOf(this.get(path, who, options?.follow ?? true));
  }

  find(path: string, who: Credentials, options?: { follow?: boolean }): Stat | undefined {
    const node = this.tryWalk(path, who, options?.follow ?? true)?.node;
    return node && statOf(node);
  }

  read(path: string, who: Credentials): string {
    const node = this.get(path, who);
    if (!allowed(node, READ, who)) throw new Errno("EACCES", path);
    if (node.kind === "directory") throw new Errno("EISDIR", path);
    if (node.kind === "file") return textOf(node);
    if (node.device === "null") return "";
    throw new Errno("EINVAL", path);
  }

  list(path: string, who: Credentials): readonly string[] {
    const node = this.get(path, who);
    if (!node.entries) throw new Errno("ENOTDIR", path);
    if (!allowed(node, READ, who)) throw new Errno("EACCES", path);
    return [...node.entries.keys()].sort();
  }

  readlink(path: string, who: Credentials): string {
    const target = this.get(path, who, false).target;
    if (target === undefined) throw new Errno("EINVAL", path);
    return target;
  }

  realpath(path: string, who: Credentials): string {
    return walk(this, path, who, true).path;
  }

  may(path: string, rights: string, who: Credentials): boolean {
    const place = this.tryWalk(path, who, true);
    if (!place?.node) return false;
    const write = rights.includes("w");
    const bits = (rights.includes("r") ? READ : 0) | (write ? WRITE : 0) | (rights.includes("x") ? EXECUTE : 0);
    return allowed(place.node, bits, who) && !(write && place.mount.readOnly && place.node.device === undefined);
  }

  // ---- opening and writing

  open(path: string, who: Credentials, flags: OpenFlags): OpenFile {
    const place = walk(this, path, who, !flags.exclusive);
    const node = place.node ?? this.createFor(place, path, who, flags);
    if (place.node) this.mustOpen(place, place.node, path, who, flags);
    return aboutPath(path, () => openInode(node, path, flags));
  }

  private mustOpen(place: Place, node: Inode, path: string, who: Credentials, flags: OpenFlags): void {
    if (flags.create && flags.exclusive) throw new Errno("EEXIST", path);
    if (node.kind === "link") throw new Errno("ELOOP", path);
    if (node.kind === "directory" && (flags.write || flags.create)) throw new Errno("EISDIR", path);
    if (flags.write && place.mount.readOnly && node.kind === "file") throw new Errno("EROFS", path);
    const bits = (flags.read ? READ : 0) | (flags.write || flags.truncate ? WRITE : 0);
    if (!allowed(node, bits, who)) throw new Errno("EACCES", path);
    if (flags.create && protectedRegular(place.directory, node, who)) throw new Errno("EACCES", path);
  }

  private createFor(place: Place, path: string, who: Credentials, flags: OpenFlags): Inode {
    if (!flags.create) throw new Errno("ENOENT", path);
    if (place.slashEnd) throw new Errno("EISDIR", path);
    return this.create(place, path, who, "file", { mode: flags.mode ?? 0o644 });
  }

  write(path: string, text: string, who: Credentials, options?: { append?: boolean; mode?: number }): void {
    const flags: OpenFlags = { write: true, create: true, ...(options?.mode !== undefined && { mode: options.mode }) };
    const place = walk(this, path, who, true);
    const node = place.node ?? this.createFor(place, path, who, flags);
    if (place.node) this.mustOpen(place, place.node, path, who, flags);
    aboutPath(path, () => {
      if (node.kind !== "file") openInode(node, path, flags).write?.(text);
      else if (options?.append) writeAt(node, textOf(node).length, text);
      else setText(node, text);
    });
  }

  // ---- names

  mkdir(path: string, who: Credentials, options?: { mode?: number; parents?: boolean }): void {
    if (options?.parents) this.makeParents(path, who);
    const place = walk(this, path, who, false);
    if (place.node) {
      const isDirectory = place.node.kind === "directory" || this.tryWalk(path, who, true)?.node?.kind === "directory";
      if (options?.parents && isDirectory) return;
      throw new Errno("EEXIST", path);
    }
    this.create(place, path, who, "directory", { mode: options?.mode ?? 0o755 });
  }

  private makeParents(path: string, who: Credentials): void {
    for (let at = path.indexOf("/", 1); at > 0 && at < path.length - 1; at = path.indexOf("/", at + 1)) {
      const above = path.slice(0, at);
      const place = walk(this, above, who, true);
      if (!place.node) this.create(place, above, who, "directory", { mode: 0o755 });
    }
  }

  rmdir(path: string, who: Credentials): void {
    const place = walk(this, path, who, false);
    if (place.name === ".") throw new Errno("EINVAL", path);
    if (place.name === "..") throw new Errno("ENOTEMPTY", path);
    if (place.node && place.node.kind !== "directory") throw new Errno("ENOTDIR", path);
    const node = mustRemove(place, path, who);
    if (node.entries?.size) throw new Errno("ENOTEMPTY", path);
    drop(place.directory, place.name, node);
  }

  unlink(path: string, who: Credentials): void {
    const place = walk(this, path, who, false);
    if (place.node?.kind === "directory") throw new Errno("EISDIR", path);
    drop(place.directory, place.name, mustRemove(place, path, who));
  }

  rename(from: string, to: string, who: Credentials): void {
    rename(this, from, to, who);
  }

  link(target: string, path: string, who: Credentials): void {
    const source = walk(this, target, who, false);
    if (!source.node) throw new Errno("ENOENT", target);
    const place = walk(this, path, who, false);
    if (place.node) throw new Errno("EEXIST", path);
    if (source.node.kind === "directory") throw new Errno("EPERM", path);
    if (source.mount !== place.mount) throw new Errno("EXDEV", path);
    mustWriteDirectory(place, path, who);
    source.node.links++;
    enter(place.directory, place.name, source.node);
  }

  symlink(target: string, path: string, who: Credentials): void {
    if (target === "") throw new Errno("ENOENT", path);
    const place = walk(this, path, who, false);
    if (place.node) throw new Errno("EEXIST", path);
    if (place.slashEnd) throw new Errno("ENOENT", path);
    this.create(place, path, who, "link", { mode: 0o777, target });
  }

  mkfifo(path: string, who: Credentials, mode = 0o644): void {
    const place = walk(this, path, who, false);
    if (place.node) throw new Errno("EEXIST", path);
    this.create(place, path, who, "fifo", { mode, fifo: new Fifo() });
  }

  mksocket(path: string, who: Credentials, mode = 0o755): void {
    const place = walk(this, path, who, false);
    if (place.node) throw new Errno("EADDRINUSE", path);
    this.create(place, path, who, "socket", { mode });
  }

  /** Makes a file in the directory of `place`, with the owner and group that Linux gives it. */
  create(
    place: Place,
    path: string,
    who: Credentials,
    kind: Inode["kind"],
    options: Omit<InodeOptions, "uid" | "gid">,
  ): Inode {
    const { directory, name } = place;
    mustWriteDirectory(place, path, who);
    const inherits = (directory.mode & SETGID) !== 0;
    const mode = inherits && kind === "directory" ? options.mode | SETGID : options.mode;
    const gid = inherits ? directory.gid : who.gid;
    return aboutPath(path, () => {
      const node = directory.volume.create(kind, { uid: who.uid, gid, ...options, mode });
      enter(directory, name, node);
      return node;
    });
  }

  // ---- attributes

  chmod(path: string, mode: number, who: Credentials): void {
    chmod(walk(this, path, who, true), path, mode, who);
  }

  chown(
    path: string,
    uid: number | undefined,
    gid: number | undefined,
    who: Credentials,
    options?: { follow?: boolean },
  ): void {
    chown(walk(this, path, who, options?.follow ?? true), path, uid, gid, who);
  }

  setModified(path: string, at: Micros, who: Credentials): void {
    setModified(walk(this, path, who, true), path, at, who);
  }

  // ---- what the simulation adds

  watch(path: string): WaitQueue {
    let node: Inode | undefined;
    for (let at = path; !node; at = at.slice(0, Math.max(1, at.lastIndexOf("/")))) {
      node = this.tryWalk(at, root, true)?.node ?? (at === "/" ? this.rootMount.root : undefined);
    }
    node.queue ??= new WaitQueue();
    return node.queue;
  }

  lazy(path: string, make: () => string, options?: { mode?: number; uid?: number; gid?: number }): void {
    const node = this.plant(path, { mode: options?.mode ?? 0o644, make });
    node.uid = options?.uid ?? 0;
    node.gid = options?.gid ?? 0;
  }

  unmade(path: string): (() => string) | undefined {
    return this.tryWalk(path, root, true)?.node?.make;
  }

  live(path: string, make: () => string, options?: { mode?: number; write?: (text: string) => void }): void {
    const mode = options?.mode ?? (options?.write ? 0o644 : 0o444);
    this.plant(path, { mode, live: make, onWrite: options?.write });
  }

  private plant(path: string, options: Omit<InodeOptions, "uid" | "gid">): Inode {
    const place = walk(this, path, root, true);
    if (place.node) drop(place.directory, place.name, place.node);
    return this.create(place, path, root, "file", options);
  }

  mount(path: string, tree: Files, options: MountOptions = {}): void {
    if (!(tree instanceof FileTree)) throw new Errno("EINVAL", path);
    const source = tree.get(options.from ?? "/", root);
    mount(this, path, source, options);
    if (tree !== this) this.below.add(tree);
  }

  unmount(path: string): void {
    unmount(this, path);
  }

  mounts(): readonly MountPoint[] {
    return [this.rootMount, ...this.mounted.values()];
  }

  space(path: string): Space {
    const { directory, node, mount } = walk(this, path, root, true);
    const { volume } = node ?? directory;
    const { disk } = volume;
    // A layer or a folder of a disk is as full as that disk.
    const shown = disk && volume.capacity === disk.capacity ? disk : volume;
    return { capacity: shown.capacity, used: shown.capacity - shown.free, mount };
  }

  extend(path: string, bytes: number, who: Credentials): number {
    const place = walk(this, path, who, true);
    const flags: OpenFlags = { write: true, create: true };
    const node = place.node ?? this.createFor(place, path, who, flags);
    if (place.node) this.mustOpen(place, place.node, path, who, flags);
    return node.kind === "file" ? extend(node, bytes) : bytes;
  }

  private get(path: string, who: Credentials, follow = true): Inode {
    const node = walk(this, path, who, follow).node;
    if (!node) throw new Errno("ENOENT", path);
    return node;
  }

  private tryWalk(path: string, who: Credentials, follow: boolean): Place | undefined {
    const place = tryWalk(this, path, who, follow);
    return typeof place === "string" ? undefined : place;
  }
}
