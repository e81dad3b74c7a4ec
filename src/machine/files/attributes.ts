import type { Micros } from "../../base/clock.ts";
import { capable } from "../capabilities.ts";
import { type Credentials, Errno } from "../define.ts";
import { type Inode, touch } from "./inode.ts";
import { allowed, inGroup, WRITE } from "./permissions.ts";
import type { Place } from "./walk.ts";

export function chmod(place: Place, path: string, mode: number, who: Credentials): void {
  const node = mustOwn(place, path, who);
  const keepsGroupBit = who.uid === 0 || inGroup(node.gid, who);
  node.mode = mode & (keepsGroupBit ? 0o7777 : 0o5777);
  node.queue?.wake();
}

/** chown(2): only root gives files away; an owner may choose among the own groups; set-id bits of programs are lost. */
export function chown(
  place: Place,
  path: string,
  uid: number | undefined,
  gid: number | undefined,
  who: Credentials,
): void {
  const node = mustOwn(place, path, who);
  const changesOwner = uid !== undefined && uid !== node.uid;
  const changesGroup = gid !== undefined && gid !== node.gid && !inGroup(gid, who);
  if ((changesOwner || changesGroup) && !capable(who, "CHOWN")) throw new Errno("EPERM", path);
  node.uid = uid ?? node.uid;
  node.gid = gid ?? node.gid;
  if (node.kind === "file" && (node.mode & 0o111) !== 0) node.mode &= 0o1777;
  node.queue?.wake();
}

/** utimensat(2): the owner sets any time, who may write only the present. */
export function setModified(place: Place, path: string, at: Micros, who: Credentials): void {
  const { node, mount } = place;
  if (!node) throw new Errno("ENOENT", path);
  if (mount.readOnly) throw new Errno("EROFS", path);
  const isNow = at === node.volume.kernel.clock.now;
  if (who.uid !== 0 && who.uid !== node.uid) {
    if (!isNow) throw new Errno("EPERM", path);
    if (!allowed(node, WRITE, who)) throw new Errno("EACCES", path);
  }
  touch(node, at);
}

function mustOwn({ node, mount }: Place, path: string, who: Credentials): Inode {
  if (!node) throw new Errno("ENOENT", path);
  if (mount.readOnly) throw new Errno("EROFS", path);
  if (who.uid !== node.uid && !capable(who, "FOWNER")) throw new Errno("EPERM", path);
  return node;
}

/** System errors without a path are about this one. */
export function aboutPath<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof Errno && error.path === undefined) throw new Errno(error.code, path);
    throw error;
  }
}
