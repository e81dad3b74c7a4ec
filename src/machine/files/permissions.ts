import { capable } from "../capabilities.ts";
import type { Credentials } from "../define.ts";
import type { Inode } from "./inode.ts";

export const READ = 4;
export const WRITE = 2;
export const EXECUTE = 1;
export const STICKY = 0o1000;
export const SETGID = 0o2000;

/** Whether `who` has all the `bits` (READ, WRITE, EXECUTE) on a file: the mode's one class that fits; root nearly always. */
export function allowed(node: Inode, bits: number, who: Credentials): boolean {
  if (who.uid === 0 && (!who.capabilities || capable(who, "DAC_OVERRIDE")))
    return (bits & EXECUTE) === 0 || node.kind === "directory" || (node.mode & 0o111) !== 0;
  const shift = node.uid === who.uid ? 6 : inGroup(node.gid, who) ? 3 : 0;
  return ((node.mode >> shift) & bits) === bits;
}

export function inGroup(gid: number, who: Credentials): boolean {
  return who.gid === gid || who.groups.includes(gid);
}

/** Whether `who` may take `node` out of a directory, as far as the sticky bit is concerned. */
export function stickyAllows(directory: Inode, node: Inode, who: Credentials): boolean {
  return (directory.mode & STICKY) === 0 || who.uid === 0 || who.uid === node.uid || who.uid === directory.uid;
}

/** fs.protected_regular=2 of Debian and Ubuntu: in a sticky directory others' files are not opened with O_CREAT, not even by root. */
export function protectedRegular(directory: Inode, node: Inode, who: Credentials): boolean {
  const shared = (directory.mode & STICKY) !== 0 && (directory.mode & 0o022) !== 0;
  return shared && node.kind === "file" && node.uid !== directory.uid && node.uid !== who.uid;
}
