import fs from "node:fs";
import type { Micros } from "../../base/clock.ts";
import { bytesOf, textOf } from "../../base/text-bytes.ts";
import { WaitQueue } from "../../base/wait-queue.ts";
import { type Credentials, Errno, type ErrnoCode, errnoWords, type OpenFile } from "../../machine/define.ts";
import type { Files, MountPoint, OpenFlags, Space, Stat } from "../../machine/define-files.ts";
import { wholeCharacters } from "../../machine/pipe.ts";

/**
 * The files of the real machine. Its own kernel checks who may do what: the credentials that are given are not looked at.
 * What only a simulated host can do (mounts, files made by a function) is refused.
 */
export class RealFiles implements Files {
  stat(path: string, _who: Credentials, options?: { follow?: boolean }): Stat {
    return asked(path, () => statOf(options?.follow === false ? fs.lstatSync(path) : fs.statSync(path)));
  }

  find(path: string, who: Credentials, options?: { follow?: boolean }): Stat | undefined {
    try {
      return this.stat(path, who, options);
    } catch (error) {
      if (error instanceof Errno) return undefined;
      throw error;
    }
  }

  read(path: string): string {
    return asked(path, () => textOf(fs.readFileSync(path)));
  }

  write(path: string, text: string, _who: Credentials, options?: { append?: boolean; mode?: number }): void {
    const flag = options?.append ? "a" : "w";
    asked(path, () => fs.writeFileSync(path, bytesOf(text), { flag, mode: options?.mode ?? 0o644 }));
  }

  open(path: string, _who: Credentials, flags: OpenFlags): OpenFile {
    const { O_RDONLY, O_WRONLY, O_RDWR, O_APPEND, O_CREAT, O_TRUNC, O_EXCL } = fs.constants;
    const bits =
      (flags.write ? (flags.read ? O_RDWR : O_WRONLY) : O_RDONLY) |
      (flags.append ? O_APPEND : 0) |
      (flags.create ? O_CREAT : 0) |
      (flags.truncate ? O_TRUNC : 0) |
      (flags.exclusive ? O_EXCL : 0);
    const fd = asked(path, () => fs.openSync(path, bits, flags.mode ?? 0o644));
    return openFile(fd, path);
  }

  list(path: string): readonly string[] {
    return asked(path, () => fs.readdirSync(path).sort());
  }

  mkdir(path: string, _who: Credentials, options?: { mode?: number; parents?: boolean }): void {
    asked(path, () => fs.mkdirSync(path, { mode: options?.mode ?? 0o755, recursive: options?.parents ?? false }));
  }

  rmdir(path: string): void {
    asked(path, () => fs.rmdirSync(path));
  }

  unlink(path: string): void {
    asked(path, () => fs.unlinkSync(path));
  }

  rename(from: string, to: string): void {
    asked(from, () => fs.renameSync(from, to));
  }

  link(target: string, path: string): void {
    asked(path, () => fs.linkSync(target, path));
  }

  symlink(target: string, path: string): void {
    asked(path, () => fs.symlinkSync(target, path));
  }

  readlink(path: string): string {
    return asked(path, () => fs.readlinkSync(path));
  }

  realpath(path: string): string {
    return asked(path, () => fs.realpathSync(path));
  }

  chmod(path: string, mode: number): void {
    asked(path, () => fs.chmodSync(path, mode));
  }

  chown(path: string, uid: number | undefined, gid: number | undefined): void {
    const now = this.stat(path, { uid: 0, gid: 0, groups: [] });
    asked(path, () => fs.chownSync(path, uid ?? now.uid, gid ?? now.gid));
  }

  setModified(path: string, at: Micros): void {
    asked(path, () => fs.utimesSync(path, at / 1_000_000, at / 1_000_000));
  }

  may(path: string, rights: string): boolean {
    const { R_OK, W_OK, X_OK } = fs.constants;
    const bits =
      (rights.includes("r") ? R_OK : 0) | (rights.includes("w") ? W_OK : 0) | (rights.includes("x") ? X_OK : 0);
    try {
      fs.accessSync(path, bits);
      return true;
    } catch {
      return false;
    }
  }

  mkfifo(path: string): void {
    throw new Errno("EPERM", path);
  }

  mksocket(path: string): void {
    throw new Errno("EPERM", path);
  }

  /** Nothing here follows real files: nobody is ever woken. */
  watch(): WaitQueue {
    return new WaitQueue();
  }

  lazy(path: string): void {
    throw new Errno("EPERM", path);
  }

  unmade(): undefined {
    return undefined;
  }

  live(path: string): void {
    throw new Errno("EPERM", path);
  }

  mount(path: string): void {
    throw new Errno("EPERM", path);
  }

  unmount(path: string): void {
    throw new Errno("EPERM", path);
  }

  mounts(): readonly MountPoint[] {
    return [];
  }

  extend(path: string): number {
    throw new Errno("EPERM", path);
  }

  space(path: string): Space {
    throw new Errno("EPERM", path);
  }
}

/** Does something with real files; its failure is an Errno. */
function asked<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || !(error instanceof Error) || code.startsWith("ERR_")) {
      // A path with a zero byte, which no system call takes.
      if (code === "ERR_INVALID_ARG_VALUE") throw new Errno("EINVAL", path);
      throw error;
    }
    throw new Errno(code in errnoWords ? (code as ErrnoCode) : "EIO", path);
  }
}

function statOf(stat: fs.Stats): Stat {
  const kind = stat.isDirectory()
    ? "directory"
    : stat.isSymbolicLink()
      ? "link"
      : stat.isFIFO()
        ? "fifo"
        : stat.isSocket()
          ? "socket"
          : stat.isFile()
            ? "file"
            : "device";
  return {
    inode: stat.ino,
    kind,
    mode: stat.mode & 0o7777,
    uid: stat.uid,
    gid: stat.gid,
    size: stat.size,
    modified: Math.round(stat.mtimeMs * 1000),
    links: stat.nlink,
  };
}

function openFile(fd: number, path: string): OpenFile {
  let rest: string | undefined;
  return {
    kind: "file",
    path,
    refs: 0,
    read(max) {
      rest ??= asked(path, () => textOf(fs.readFileSync(fd)));
      if (rest === "") return undefined;
      const part = rest.length <= max ? rest : wholeCharacters(rest, max);
      rest = rest.slice(part.length);
      return part;
    },
    write(text) {
      asked(path, () => fs.writeSync(fd, bytesOf(text)));
      return text.length;
    },
    close() {
      asked(path, () => fs.closeSync(fd));
    },
  };
}
