import { describe, expect, it } from "vitest";
import { type Credentials, Errno, type OpenFile } from "../../../src/machine/define.ts";
import { type Files, root } from "../../../src/machine/define-files.ts";
import { createFiles } from "../../../src/machine/files/create-files.ts";
import { makeDevices } from "../../../src/machine/files/make-devices.ts";
import { candidate, makeKernel, START } from "../harness.ts";

const other: Credentials = { uid: 1001, gid: 1001, groups: [1001] };

function make(capacityBytes?: number): Files {
  const files = createFiles(makeKernel(), capacityBytes === undefined ? {} : { capacityBytes });
  files.mkdir("/tmp", root);
  files.chmod("/tmp", 0o1777, root);
  files.mkdir("/home/candidate", root, { parents: true });
  files.chown("/home/candidate", 1000, 1000, root);
  return files;
}

function failure(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Errno) return `${error.code} ${error.path}`;
    throw error;
  }
  return "none";
}

function readAll(file: OpenFile, max = 100): string {
  let text = "";
  for (;;) {
    const part = file.read?.(max);
    if (typeof part !== "string") return text;
    text += part;
  }
}

describe("paths", () => {
  const files = make();
  files.write("/home/candidate/f", "text", candidate);
  files.symlink("/home/candidate", "/home/link", root);
  files.symlink("loop", "/tmp/loop", root);
  files.symlink("new", "/tmp/dangling", candidate);
  const cases: [what: string, act: () => unknown, failure: string][] = [
    ["empty", () => files.stat("", root), "ENOENT "],
    ["missing", () => files.read("/none", root), "ENOENT /none"],
    ["missing above", () => files.write("/none/x", "", root), "ENOENT /none/x"],
    ["file as directory", () => files.stat("/home/candidate/f/x", root), "ENOTDIR /home/candidate/f/x"],
    ["slash after a file", () => files.stat("/home/candidate/f/", root), "ENOTDIR /home/candidate/f/"],
    ["create with a slash", () => files.write("/tmp/x/", "", root), "EISDIR /tmp/x/"],
    ["loop", () => files.stat("/tmp/loop", root), "ELOOP /tmp/loop"],
    ["long name", () => files.stat(`/${"x".repeat(256)}`, root), `ENAMETOOLONG /${"x".repeat(256)}`],
    ["read a directory", () => files.read("/tmp", root), "EISDIR /tmp"],
    ["write a directory", () => files.write("/tmp", "", root), "EISDIR /tmp"],
    ["list a file", () => files.list("/home/candidate/f", root), "ENOTDIR /home/candidate/f"],
    ["mkdir over", () => files.mkdir("/tmp", root), "EEXIST /tmp"],
    ["unlink a directory", () => files.unlink("/tmp", root), "EISDIR /tmp"],
    ["rmdir a file", () => files.rmdir("/home/candidate/f", root), "ENOTDIR /home/candidate/f"],
    ["rmdir full", () => files.rmdir("/home", root), "ENOTEMPTY /home"],
    ["rmdir .", () => files.rmdir("/home/.", root), "EINVAL /home/."],
    ["readlink of a file", () => files.readlink("/home/candidate/f", root), "EINVAL /home/candidate/f"],
    ["link a directory", () => files.link("/home", "/tmp/h", root), "EPERM /tmp/h"],
    ["symlink over", () => files.symlink("x", "/tmp/loop", root), "EEXIST /tmp/loop"],
  ];
  it.each(cases)("%s", (_what, act, wanted) => {
    expect(failure(act)).toBe(wanted);
  });

  it("go through links and dots", () => {
    expect(files.read("/home/link/../candidate/./f", root)).toBe("text");
    expect(files.realpath("/home/link/none", root)).toBe("/home/candidate/none");
    expect(files.stat("/home/link", root, { follow: false }).kind).toBe("link");
    expect(files.stat("/home/link", root).kind).toBe("directory");
    expect(files.stat("/home/link", root, { follow: false }).size).toBe("/home/candidate".length);
    expect(files.find("/none", root)).toBeUndefined();
  });

  it("create the target of a dangling link", () => {
    files.write("/tmp/dangling", "made", candidate);
    expect(files.read("/tmp/new", root)).toBe("made");
    expect(failure(() => files.open("/tmp/dangling", root, { write: true, create: true, exclusive: true }))).toBe(
      "EEXIST /tmp/dangling",
    );
  });

  it("lists sorted by code point", () => {
    for (const name of ["b", "B", "a", "_", "10", "9"]) files.write(`/home/candidate/s${name}`, "", candidate);
    expect(files.list("/home/candidate", root)).toEqual(["f", "s10", "s9", "sB", "s_", "sa", "sb"]);
  });
});

describe("permissions", () => {
  const files = make();
  files.mkdir("/srv", root);
  files.write("/srv/secret", "s", root, { mode: 0o640 });
  files.write("/srv/program", "p", root, { mode: 0o644 });
  files.write("/tmp/mine", "m", candidate);
  files.mkdir("/srv/closed", root, { mode: 0o700 });
  files.write("/srv/closed/f", "", root);
  const cases: [what: string, act: () => unknown, failure: string][] = [
    ["read others' 640", () => files.read("/srv/secret", candidate), "EACCES /srv/secret"],
    ["write root's file", () => files.write("/srv/program", "", candidate), "EACCES /srv/program"],
    ["create in root's directory", () => files.write("/srv/new", "", candidate), "EACCES /srv/new"],
    ["through a closed directory", () => files.stat("/srv/closed/f", candidate), "EACCES /srv/closed/f"],
    ["list a closed directory", () => files.list("/srv/closed", candidate), "EACCES /srv/closed"],
    ["chmod others' file", () => files.chmod("/srv/program", 0o777, candidate), "EPERM /srv/program"],
    ["give a file away", () => files.chown("/tmp/mine", 0, undefined, candidate), "EPERM /tmp/mine"],
    ["to a group one is not in", () => files.chown("/tmp/mine", undefined, 0, candidate), "EPERM /tmp/mine"],
    ["sticky unlink", () => files.unlink("/tmp/mine", other), "EPERM /tmp/mine"],
    ["sticky rename", () => files.rename("/tmp/mine", "/tmp/x", other), "EPERM /tmp/mine"],
    ["set others' time", () => files.setModified("/srv/program", START - 5, candidate), "EPERM /srv/program"],
    // fs.protected_regular=2: sysctl(5) of procps on Debian and Ubuntu.
    ["O_CREAT in a sticky directory, even root", () => files.write("/tmp/mine", "", root), "EACCES /tmp/mine"],
  ];
  it.each(cases)("%s", (_what, act, wanted) => {
    expect(failure(act)).toBe(wanted);
  });

  it("root passes, but does not execute what nobody may", () => {
    expect(files.read("/srv/secret", root)).toBe("s");
    expect(files.may("/srv/secret", "rw", root)).toBe(true);
    expect(files.may("/srv/program", "x", root)).toBe(false);
    files.chmod("/srv/program", 0o100, root);
    expect(files.may("/srv/program", "x", root)).toBe(true);
    expect(files.may("/srv/program", "x", candidate)).toBe(false);
  });

  it("the owner's bits count for the owner alone", () => {
    files.write("/tmp/odd", "x", candidate);
    files.chmod("/tmp/odd", 0o077, candidate);
    expect(files.may("/tmp/odd", "r", candidate)).toBe(false);
    expect(files.may("/tmp/odd", "r", other)).toBe(true);
  });

  it("setgid directories pass their group on", () => {
    files.mkdir("/srv/shared", root);
    files.chown("/srv/shared", 0, 27, root);
    files.chmod("/srv/shared", 0o2775, root);
    files.write("/srv/shared/f", "", candidate);
    files.mkdir("/srv/shared/d", candidate);
    expect(files.stat("/srv/shared/f", root)).toMatchObject({ uid: 1000, gid: 27, mode: 0o644 });
    expect(files.stat("/srv/shared/d", root)).toMatchObject({ uid: 1000, gid: 27, mode: 0o2755 });
  });

  it("chown takes set-id bits of programs away", () => {
    files.write("/srv/suid", "", root, { mode: 0o755 });
    files.chmod("/srv/suid", 0o6755, root);
    files.chown("/srv/suid", 1000, 1000, root);
    expect(files.stat("/srv/suid", root).mode).toBe(0o755);
  });
});

describe("names and inodes", () => {
  it("hard links share text, size and count", () => {
    const files = make();
    files.write("/tmp/a", "one", candidate);
    files.link("/tmp/a", "/tmp/b", candidate);
    files.write("/tmp/b", " two", candidate, { append: true });
    expect(files.read("/tmp/a", root)).toBe("one two");
    expect(files.stat("/tmp/a", root)).toMatchObject({ links: 2, size: 7 });
    files.unlink("/tmp/a", candidate);
    expect(files.stat("/tmp/b", root).links).toBe(1);
  });

  it("an unlinked open file lives on, its bytes too", () => {
    const files = make();
    const before = files.space("/").used;
    files.write("/tmp/a", "old", candidate);
    const reader = files.open("/tmp/a", candidate, { read: true });
    files.unlink("/tmp/a", candidate);
    files.write("/tmp/a", "new", candidate);
    expect(readAll(reader)).toBe("old");
    files.unlink("/tmp/a", candidate);
    expect(files.space("/").used).toBeGreaterThan(before);
    reader.close?.();
    expect(files.space("/").used).toBe(before);
  });

  it("rename replaces, moves directories, refuses nonsense", () => {
    const files = make();
    files.write("/tmp/a", "a", root);
    files.write("/tmp/b", "b", root);
    files.rename("/tmp/a", "/tmp/b", root);
    expect(files.list("/tmp", root)).toEqual(["b"]);
    expect(files.read("/tmp/b", root)).toBe("a");
    files.mkdir("/tmp/d/e", root, { parents: true });
    expect(failure(() => files.rename("/tmp/d", "/tmp/d/e/f", root))).toBe("EINVAL /tmp/d");
    expect(failure(() => files.rename("/tmp/b", "/tmp/d", root))).toBe("EISDIR /tmp/d");
    expect(failure(() => files.rename("/tmp/d", "/tmp/b", root))).toBe("ENOTDIR /tmp/b");
    files.mkdir("/tmp/g", root);
    expect(failure(() => files.rename("/tmp/g", "/tmp/d", root))).toBe("ENOTEMPTY /tmp/d");
    files.rename("/tmp/d", "/tmp/g", root);
    expect(files.list("/tmp/g", root)).toEqual(["e"]);
    expect(files.stat("/tmp", root).links).toBe(3);
  });

  it("directories know their time and links", () => {
    const kernel = makeKernel();
    const files = createFiles(kernel);
    files.mkdir("/d", root);
    kernel.clock.run(START + 5_000_000);
    files.mkdir("/d/e", root);
    expect(files.stat("/d", root)).toMatchObject({ modified: START + 5_000_000, links: 3, size: 4096 });
    kernel.clock.run(START + 9_000_000);
    files.write("/d/e/f", "x", root);
    expect(files.stat("/d", root).modified).toBe(START + 5_000_000);
  });
});

describe("open files", () => {
  it("append goes to the end whoever wrote before", () => {
    const files = make();
    const one = files.open("/tmp/log", candidate, { write: true, create: true, append: true, mode: 0o600 });
    const two = files.open("/tmp/log", candidate, { write: true, append: true });
    one.write?.("a");
    two.write?.("b");
    one.write?.("c");
    expect(files.read("/tmp/log", root)).toBe("abc");
    expect(files.stat("/tmp/log", root)).toMatchObject({ mode: 0o600, size: 3 });
  });

  it("writes over from the start, leaves holes after truncation", () => {
    const files = make();
    files.write("/tmp/f", "abcdef", root);
    const file = files.open("/tmp/f", root, { write: true });
    file.write?.("XY");
    expect(files.read("/tmp/f", root)).toBe("XYcdef");
    files.write("/tmp/f", "", root);
    file.write?.("Z");
    expect(files.read("/tmp/f", root)).toBe("\0\0Z");
  });

  it("counts bytes, not characters, and never parts a pair", () => {
    const files = make();
    files.write("/tmp/f", "aé😀\udcff", root);
    expect(files.stat("/tmp/f", root).size).toBe(1 + 2 + 4 + 1);
    const file = files.open("/tmp/f", root, { read: true });
    expect([file.read?.(3), file.read?.(1), file.read?.(1)]).toEqual(["aé😀", "\udcff", undefined]);
  });

  it("a reader sees what is appended later", () => {
    const files = make();
    files.write("/tmp/f", "1", root);
    const file = files.open("/tmp/f", root, { read: true });
    expect([file.read?.(9), file.read?.(9)]).toEqual(["1", undefined]);
    files.write("/tmp/f", "2", root, { append: true });
    expect(file.read?.(9)).toBe("2");
  });

  it("a full disk and a file too long are refused, and room comes back", () => {
    const files = make(1024 * 1024);
    expect(failure(() => files.write("/tmp/big", "x".repeat(1024 * 1024), root))).toBe("ENOSPC /tmp/big");
    files.write("/tmp/half", "x".repeat(900 * 1024), root);
    const file = files.open("/tmp/more", root, { write: true, create: true });
    expect(() => file.write?.("x".repeat(200 * 1024))).toThrow("No space left on device");
    files.unlink("/tmp/half", root);
    expect(file.write?.("x".repeat(200 * 1024))).toBe(200 * 1024);
    const roomy = make();
    let text = "x".repeat(1024 * 1024);
    const doubling = () => {
      for (;;) {
        roomy.write("/tmp/double", text, root);
        text += text;
      }
    };
    expect(failure(doubling)).toBe("EFBIG /tmp/double");
  });
});

describe("special files", () => {
  it("devices", () => {
    const files = make();
    makeDevices(files);
    expect(files.open("/dev/null", candidate, { read: true }).read?.(5)).toBeUndefined();
    expect(files.open("/dev/zero", candidate, { read: true }).read?.(3)).toBe("\0\0\0");
    expect(files.open("/dev/urandom", candidate, { read: true }).read?.(8)).toHaveLength(8);
    expect(() => files.open("/dev/full", candidate, { write: true }).write?.("x")).toThrow("No space left on device");
    expect(failure(() => files.open("/dev/tty", candidate, { read: true }))).toBe("ENXIO /dev/tty");
    files.write("/dev/null", "gone", candidate);
    expect(files.read("/dev/null", candidate)).toBe("");
    expect(files.stat("/dev/null", candidate)).toMatchObject({ kind: "device", mode: 0o666 });
    expect(files.readlink("/dev/stdin", candidate)).toBe("/proc/self/fd/0");
  });

  it("lazy files are made once, live ones at every opening", () => {
    const files = make();
    let made = 0;
    files.lazy("/tmp/lazy", () => `made ${++made}`);
    files.live("/tmp/live", () => `live ${++made}`);
    expect(made).toBe(0);
    expect(files.stat("/tmp/lazy", root).size).toBe(6);
    expect(files.read("/tmp/lazy", root)).toBe("made 1");
    expect(files.read("/tmp/live", root)).toBe("live 2");
    expect(readAll(files.open("/tmp/live", root, { read: true }), 3)).toBe("live 3");
    expect(files.stat("/tmp/live", root)).toMatchObject({ size: 0, mode: 0o444 });
  });

  it("what is written to a live file reaches its owner", () => {
    const files = make();
    let forward = "0\n";
    files.live("/tmp/ip_forward", () => forward, { write: (text) => (forward = text) });
    files.write("/tmp/ip_forward", "1\n", root);
    expect(files.read("/tmp/ip_forward", root)).toBe("1\n");
  });

  it("watches wake for the file, for its directory, and across replacing", () => {
    const files = make();
    files.mkdir("/etc/manifests", root, { parents: true });
    const woken: string[] = [];
    const watch = (path: string) => files.watch(path).add(() => woken.push(path));
    watch("/etc/manifests");
    files.write("/etc/manifests/a", "1", root);
    expect(woken).toEqual(["/etc/manifests"]);
    watch("/etc/manifests");
    watch("/etc/manifests/a");
    files.write("/etc/manifests/a", "2", root);
    expect(woken.splice(0)).toEqual(["/etc/manifests", "/etc/manifests/a", "/etc/manifests"]);
    watch("/etc/manifests/a");
    files.write("/etc/manifests/b", "3", root);
    files.rename("/etc/manifests/b", "/etc/manifests/a", root);
    expect(woken).toEqual(["/etc/manifests/a"]);
    files.unlink("/etc/manifests/a", root);
    watch("/etc/manifests/a");
    files.write("/etc/manifests/a", "4", root);
    expect(woken).toEqual(["/etc/manifests/a", "/etc/manifests/a"]);
  });
});

describe("mounts", () => {
  it("show another tree, with .. leading out of it", () => {
    const kernel = makeKernel();
    const host = createFiles(kernel);
    const volume = createFiles(kernel);
    volume.mkdir("/sub", root);
    volume.write("/sub/f", "inside", root);
    host.mkdir("/mnt/v", root, { parents: true });
    host.write("/mnt/v/covered", "", root);
    host.mount("/mnt/v", volume, { from: "/sub", source: "tmpfs", type: "tmpfs" });
    expect(host.list("/mnt/v", root)).toEqual(["f"]);
    expect(host.read("/mnt/v/../v/f", root)).toBe("inside");
    host.write("/mnt/v/g", "g", root);
    expect(volume.read("/sub/g", root)).toBe("g");
    host.write("/mnt/h", "", root);
    expect(failure(() => host.rename("/mnt/h", "/mnt/v/h", root))).toBe("EXDEV /mnt/h");
    expect(failure(() => host.rmdir("/mnt/v", root))).toBe("EBUSY /mnt/v");
    expect(host.mounts()).toMatchObject([{ path: "/" }, { path: "/mnt/v", source: "tmpfs", type: "tmpfs" }]);
    host.unmount("/mnt/v");
    expect(host.list("/mnt/v", root)).toEqual(["covered"]);
  });

  it("may be read-only, and of single files", () => {
    const kernel = makeKernel();
    const host = createFiles(kernel);
    const volume = createFiles(kernel);
    volume.write("/key", "value", root);
    host.write("/etc", "", root);
    host.mount("/etc", volume, { from: "/key", readOnly: true });
    expect(host.read("/etc", root)).toBe("value");
    expect(failure(() => host.write("/etc", "", root))).toBe("EROFS /etc");
    expect(failure(() => host.chmod("/etc", 0o777, root))).toBe("EROFS /etc");
    expect(host.may("/etc", "w", root)).toBe(false);
    expect(failure(() => host.unlink("/etc", root))).toBe("EBUSY /etc");
  });

  it("a tree mounted from the same host shares its inodes", () => {
    const kernel = makeKernel();
    const host = createFiles(kernel);
    const container = createFiles(kernel);
    host.mkdir("/var/log", root, { parents: true });
    const volume = createFiles(kernel);
    volume.write("/deep", "deep", root);
    host.mkdir("/var/vol", root);
    host.mount("/var/vol", volume);
    container.mkdir("/host", root);
    container.mount("/host", host, { from: "/var" });
    container.write("/host/log/x", "from the container", root);
    expect(host.read("/var/log/x", root)).toBe("from the container");
    expect(container.read("/host/vol/deep", root)).toBe("deep");
  });
});

describe("fifo", () => {
  it("passes text on and ends when the writer is gone", () => {
    const files = make();
    files.mkfifo("/tmp/p", candidate);
    const reader = files.open("/tmp/p", candidate, { read: true });
    expect(typeof reader.read?.(9)).toBe("object");
    const writer = files.open("/tmp/p", candidate, { write: true });
    writer.write?.("hello");
    expect(reader.read?.(9)).toBe("hello");
    writer.close?.();
    expect(reader.read?.(9)).toBeUndefined();
    reader.close?.();
    expect(files.stat("/tmp/p", root).kind).toBe("fifo");
  });
});
