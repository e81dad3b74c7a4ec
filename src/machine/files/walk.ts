import { type Credentials, Errno, type ErrnoCode } from "../define.ts";
import type { Inode, Volume } from "./inode.ts";
import { allowed, EXECUTE } from "./permissions.ts";

/** Something mounted over an inode. */
export interface Mount {
  readonly root: Inode;
  readonly readOnly: boolean;
  readonly path: string;
  readonly source: string;
  readonly type: string;
}

/** What a walk needs to know of a tree. */
export interface Walked {
  readonly volume: Volume;
  readonly rootMount: Mount;
  readonly mounted: ReadonlyMap<Inode, Mount>;
  /** The trees mounted here, whose own mounts are seen through them. */
  readonly below: ReadonlySet<Walked>;
}

/** Where a path leads. */
export interface Place {
  /** undefined when only the last part is missing. */
  readonly node: Inode | undefined;
  readonly directory: Inode;
  /** The name in `directory`; "." or ".." or "" where the path ends so. */
  readonly name: string;
  readonly mount: Mount;
  /** Whether the last step went onto a mount point. */
  readonly isMount: boolean;
  /** The path without symbolic links. */
  readonly path: string;
  readonly slashEnd: boolean;
}

interface Step {
  readonly node: Inode;
  readonly name: string;
  readonly mount: Mount;
}

const SLASH = 47;
const MOST_LINKS = 40;
const LONGEST_NAME = 255;
const LONGEST_PATH = 4096;

/** Walks a path as Linux' name lookup does. Errno ENOENT, ENOTDIR, EACCES, ELOOP or ENAMETOOLONG, about the whole path. */
export function walk(tree: Walked, path: string, who: Credentials, follow: boolean): Place {
  const place = tryWalk(tree, path, who, follow);
  if (typeof place === "string") throw new Errno(place, path);
  return place;
}

/** The same, with the error's name instead of an error: looking for what is not there must be cheap. */
export function tryWalk(tree: Walked, path: string, who: Credentials, follow: boolean): Place | ErrnoCode {
  return straightWalk(tree, path, who, follow) ?? crookedWalk(tree, path, who, follow);
}

/** The walk of a plain absolute path over no symbolic link, which most are; undefined for others. */
function straightWalk(tree: Walked, path: string, who: Credentials, follow: boolean): Place | ErrnoCode | undefined {
  const { length } = path;
  if (length < 2 || length >= LONGEST_PATH || path.charCodeAt(0) !== SLASH) return undefined;
  let { rootMount: mount } = tree;
  let node = mount.root;
  for (let at = 1; ; ) {
    const slash = path.indexOf("/", at);
    const end = slash < 0 ? length : slash;
    const name = path.slice(at, end);
    if (name === "" || name === "." || name === ".." || name.length > LONGEST_NAME) return undefined;
    if (node.kind !== "directory") return "ENOTDIR";
    if (!allowed(node, EXECUTE, who)) return "EACCES";
    const last = slash < 0;
    const child = lookUp(node, name);
    if (!child) {
      if (!last) return path.charCodeAt(length - 1) === SLASH ? undefined : "ENOENT";
      return { node: undefined, directory: node, name, mount, isMount: false, path, slashEnd: false };
    }
    if (child.kind === "link" && (!last || follow)) return undefined;
    const mounted = mountOn(tree, child);
    mount = mounted ?? mount;
    const here = mounted?.root ?? child;
    if (last) return { node: here, directory: node, name, mount, isMount: here === mount.root, path, slashEnd: false };
    node = here;
    at = end + 1;
  }
}

function crookedWalk(tree: Walked, path: string, who: Credentials, follow: boolean): Place | ErrnoCode {
  if (path === "") return "ENOENT";
  if (path.length >= LONGEST_PATH) return "ENAMETOOLONG";
  const rest = path.split("/").reverse();
  const slashEnd = path.endsWith("/");
  const steps: Step[] = [{ node: tree.rootMount.root, name: "", mount: tree.rootMount }];
  let links = 0;
  let name = "";
  for (let part = rest.pop(); part !== undefined; part = rest.pop()) {
    if (part === "") continue;
    name = part;
    const here = steps[steps.length - 1] as Step;
    if (here.node.kind !== "directory") return "ENOTDIR";
    if (!allowed(here.node, EXECUTE, who)) return "EACCES";
    if (part === ".") continue;
    if (part === "..") {
      if (steps.length > 1) steps.pop();
      continue;
    }
    if (part.length > LONGEST_NAME) return "ENAMETOOLONG";
    const last = isLast(rest);
    const child = lookUp(here.node, part);
    if (!child) {
      if (last) return missing(steps, part, slashEnd);
      return "ENOENT";
    }
    if (child.kind === "link" && (!last || follow || slashEnd)) {
      if (++links > MOST_LINKS) return "ELOOP";
      const target = child.target ?? "";
      if (target.startsWith("/")) steps.length = 1;
      rest.push(...target.split("/").reverse());
      continue;
    }
    const mount = mountOn(tree, child);
    steps.push({ node: mount?.root ?? child, name: part, mount: mount ?? here.mount });
  }
  return found(steps, name, slashEnd);
}

function isLast(rest: readonly string[]): boolean {
  for (const part of rest) if (part !== "") return false;
  return true;
}

/** The entry of a directory; under /proc/self/fd every number is one. */
function lookUp(directory: Inode, name: string): Inode | undefined {
  const entry = directory.entries?.get(name);
  if (entry || directory.device !== "fds" || !/^\d{1,4}$/.test(name)) return entry;
  const { uid, gid, volume } = directory;
  const inode = volume.create("device", { mode: 0o666, uid, gid, device: Number(name) });
  volume.used -= 4096;
  return inode;
}

function mountOn(tree: Walked, node: Inode): Mount | undefined {
  const own = tree.mounted.get(node);
  if (own || tree.below.size === 0) return own;
  for (const other of tree.below) {
    const theirs = mountOn(other, node);
    if (theirs) return theirs;
  }
  return undefined;
}

function pathOf(steps: readonly Step[]): string {
  if (steps.length === 1) return "/";
  let path = "";
  for (let i = 1; i < steps.length; i++) path += `/${(steps[i] as Step).name}`;
  return path;
}

function missing(steps: readonly Step[], name: string, slashEnd: boolean): Place {
  const { node, mount } = steps[steps.length - 1] as Step;
  const above = pathOf(steps);
  const path = above === "/" ? `/${name}` : `${above}/${name}`;
  return { node: undefined, directory: node, name, mount, isMount: false, path, slashEnd };
}

function found(steps: readonly Step[], lastPart: string, slashEnd: boolean): Place | ErrnoCode {
  const here = steps[steps.length - 1] as Step;
  const above = steps[steps.length - 2] ?? here;
  if (slashEnd && here.node.kind !== "directory") return "ENOTDIR";
  const name = lastPart === "." || lastPart === ".." ? lastPart : here.name;
  return {
    node: here.node,
    directory: above.node,
    name,
    mount: here.mount,
    isMount: here.node === here.mount.root,
    path: pathOf(steps),
    slashEnd,
  };
}
