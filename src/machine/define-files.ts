import type { Micros } from "../base/clock.ts";
import type { WaitQueue } from "../base/wait-queue.ts";
import type { Credentials, OpenFile } from "./define.ts";
import type { Terminal } from "./terminal.ts";

/** The process that opens a file, as /dev/stdin, /dev/fd/N and /dev/tty need to know it. A Process is one. */
export interface Opener {
  fd(fd: number): OpenFile;
  readonly terminal: Terminal | undefined;
}

/** What is mounted: a line of /proc/mounts. */
export interface MountPoint {
  readonly path: string;
  readonly source: string;
  readonly type: string;
  readonly readOnly: boolean;
}

/** How full a file system is, as df shows it. */
export interface Space {
  readonly capacity: number;
  readonly used: number;
  readonly mount: MountPoint;
}

export interface Stat {
  readonly inode: number;
  readonly kind: "file" | "directory" | "link" | "device" | "fifo" | "socket";
  /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** In bytes. */
  readonly size: number;
  readonly modified: Micros;
  readonly links: number;
}

export interface OpenFlags {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly append?: boolean;
  readonly create?: boolean;
  readonly truncate?: boolean;
  readonly exclusive?: boolean;
  /** For a file that is created, umask already taken off. */
  readonly mode?: number;
  /** Who opens; without it /dev/stdin, /dev/fd/N and /dev/tty fail with ENXIO. */
  readonly by?: Opener;
}

/**
 * The files of one host (or one container), as its kernel shows them. Paths are absolute; `who` is checked for every
 * step as Linux does. Everything throws Errno with the path. Texts may hold bytes as base/text-bytes.ts says.
 */
export interface Files {
  stat(path: string, who: Credentials, options?: { follow?: boolean }): Stat;
  /** undefined where stat would throw. */
  find(path: string, who: Credentials, options?: { follow?: boolean }): Stat | undefined;
  read(path: string, who: Credentials): string;
  /** Creates or replaces (or appends); keeps mode and owner of what exists. `mode` is for a new file, default 0o644. */
  write(path: string, text: string, who: Credentials, options?: { append?: boolean; mode?: number }): void;
  open(path: string, who: Credentials, flags: OpenFlags): OpenFile;
  /** The names in a directory, sorted by code point, without . and .. */
  list(path: string, who: Credentials): readonly string[];
  mkdir(path: string, who: Credentials, options?: { mode?: number; parents?: boolean }): void;
  rmdir(path: string, who: Credentials): void;
  unlink(path: string, who: Credentials): void;
  rename(from: string, to: string, who: Credentials): void;
  link(target: string, path: string, who: Credentials): void;
  symlink(target: string, path: string, who: Credentials): void;
  readlink(path: string, who: Credentials): string;
  /** The path without symbolic links; the last part may be missing. */
  realpath(path: string, who: Credentials): string;
  chmod(path: string, mode: number, who: Credentials): void;
  /** Of the link itself with `follow: false`. undefined leaves as it is. */
  chown(
    path: string,
    uid: number | undefined,
    gid: number | undefined,
    who: Credentials,
    options?: { follow?: boolean },
  ): void;
  setModified(path: string, at: Micros, who: Credentials): void;
  /** Whether `who` may; rights is made of r, w and x. */
  may(path: string, rights: string, who: Credentials): boolean;
  mkfifo(path: string, who: Credentials, mode?: number): void;
  /** What bind(2) leaves of a socket: nobody can open it (ENXIO). */
  mksocket(path: string, who: Credentials, mode?: number): void;
  /** Wakes at the next change of the file, or of the directory's entries or of a file in it (inotify). */
  watch(path: string): WaitQueue;
  /** A file whose text is made when it is first read (root's; not for /proc). */
  lazy(path: string, make: () => string, options?: { mode?: number; uid?: number; gid?: number }): void;
  /** What will make the text of a lazy file that nobody has read or changed yet: its maker knows what it says. */
  unmade(path: string): (() => string) | undefined;
  /** A file whose text is made anew at every opening (/proc, /sys); `write` takes what is written (a sysctl). */
  live(path: string, make: () => string, options?: { mode?: number; write?: (text: string) => void }): void;
  /** What is mounted where, as an own tree (a volume of a container, /proc). */
  mount(
    path: string,
    tree: Files,
    options?: { from?: string; readOnly?: boolean; source?: string; type?: string },
  ): void;
  unmount(path: string): void;
  /** What is mounted, the root first. */
  mounts(): readonly MountPoint[];
  /** Makes a file (a new one, too) longer by zeros that take no memory here; gives how many there was room for. */
  extend(path: string, bytes: number, who: Credentials): number;
  /** The file system that `path` lies on. */
  space(path: string): Space;
}

/** The superuser, for what the simulation itself does. */
export const root: Credentials = { uid: 0, gid: 0, groups: [0] };
