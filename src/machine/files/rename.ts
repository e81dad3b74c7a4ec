import { type Credentials, Errno } from "../define.ts";
import { enter, type Inode, leave, releaseIfUnused, wakeWatchers } from "./inode.ts";
import { allowed, EXECUTE, stickyAllows, WRITE } from "./permissions.ts";
import { type Place, type Walked, walk } from "./walk.ts";

/** Refuses what may not change: read-only mounts (EROFS), directories `who` cannot write to (EACCES). */
export function mustWriteDirectory(place: Place, path: string, who: Credentials): void {
  if (place.mount.readOnly) throw new Errno("EROFS", path);
  if (!allowed(place.directory, WRITE | EXECUTE, who)) throw new Errno("EACCES", path);
}

/** Refuses to take an entry out of its directory where Linux would. */
export function mustRemove(place: Place, path: string, who: Credentials): Inode {
  const node = place.node;
  if (!node) throw new Errno("ENOENT", path);
  if (place.isMount) throw new Errno("EBUSY", path);
  mustWriteDirectory(place, path, who);
  if (!stickyAllows(place.directory, node, who)) throw new Errno("EPERM", path);
  return node;
}

/** rename(2). */
export function rename(tree: Walked, from: string, to: string, who: Credentials): void {
  const source = walk(tree, from, who, false);
  const target = walk(tree, to, who, false);
  if (!source.node) throw new Errno("ENOENT", from);
  if (source.mount !== target.mount) throw new Errno("EXDEV", from);
  if ([source.name, target.name].some((name) => name === "." || name === "..")) throw new Errno("EBUSY", from);
  const node = mustRemove(source, from, who);
  mustWriteDirectory(target, to, who);
  if (target.node === node) return;
  if (`${target.path}/`.startsWith(`${source.path}/`)) throw new Errno("EINVAL", from);
  if (node.kind === "directory" && source.directory !== target.directory && !allowed(node, WRITE, who))
    throw new Errno("EACCES", from);
  if (target.node) replace(node, target.node, target, to, who);
  else if (target.slashEnd && node.kind !== "directory") throw new Errno("ENOTDIR", to);
  leave(source.directory, source.name, node);
  enter(target.directory, target.name, node);
}

function replace(node: Inode, old: Inode, target: Place, to: string, who: Credentials): void {
  if (target.isMount) throw new Errno("EBUSY", to);
  if (!stickyAllows(target.directory, old, who)) throw new Errno("EPERM", to);
  if (old.kind === "directory") {
    if (node.kind !== "directory") throw new Errno("EISDIR", to);
    if (old.entries?.size) throw new Errno("ENOTEMPTY", to);
  } else if (node.kind === "directory") throw new Errno("ENOTDIR", to);
  drop(target.directory, target.name, old);
}

/** Removes a name; the file goes with its last name and descriptor. */
export function drop(directory: Inode, name: string, node: Inode): void {
  leave(directory, name, node);
  node.links -= node.kind === "directory" ? 2 : 1;
  wakeWatchers(node);
  if (node.kind === "directory") node.volume.charge(-4096);
  else releaseIfUnused(node);
}
