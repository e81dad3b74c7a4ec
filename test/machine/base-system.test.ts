import { describe, expect, it } from "vitest";
import { makeBaseSystem } from "../../src/machine/base-system.ts";
import { root } from "../../src/machine/define-files.ts";
import { addUser, credentialsOf, groupById, groupsOf, userById, userNamed, usersOf } from "../../src/machine/users.ts";
import { makeHost } from "./harness.ts";

function host() {
  return makeHost({ bare: true, prepare: (machine) => makeBaseSystem(machine, { hostname: "cka1" }) });
}

describe("a fresh host", () => {
  it("has Debian's files with their modes", () => {
    const { files } = host();
    const modes = ["/tmp", "/root", "/etc/shadow", "/etc/sudoers", "/etc/sudoers.d/candidate", "/home/candidate"].map(
      (path) => {
        const { mode, uid, gid } = files.stat(path, root);
        return `${path} ${mode.toString(8)} ${uid}:${gid}`;
      },
    );
    expect(modes).toEqual([
      "/tmp 1777 0:0",
      "/root 700 0:0",
      "/etc/shadow 640 0:42",
      "/etc/sudoers 440 0:0",
      "/etc/sudoers.d/candidate 440 0:0",
      "/home/candidate 750 1000:1000",
    ]);
    expect(files.read("/etc/hostname", root)).toBe("cka1\n");
    expect(files.read("/etc/os-release", root)).toContain('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"');
    expect(files.realpath("/bin/x", root)).toBe("/usr/bin/x");
    expect(files.list("/home/candidate", root)).toEqual([".bashrc", ".profile"]);
    expect(files.stat("/home/candidate/.bashrc", root).uid).toBe(1000);
  });

  it("has a /proc that lives", () => {
    const { files, clock, machine } = host();
    expect(files.read("/proc/uptime", root)).toMatch(/^3600\.00 /);
    clock.run(clock.now + 5_000_000);
    expect(files.read("/proc/uptime", root)).toMatch(/^3605\.00 /);
    expect(files.read("/proc/meminfo", root)).toContain("MemTotal:");
    files.write("/proc/sys/kernel/hostname", "other\n", root);
    expect(machine.name).toBe("other");
    expect(files.read("/proc/mounts", root)).toContain("/dev/vda1 / ext4 rw,relatime 0 0\n");
    expect(files.read("/etc/mtab", root)).toBe(files.read("/proc/mounts", root));
  });

  it("knows its users from the files", () => {
    const { files } = host();
    const candidate = userNamed(files, "candidate");
    expect(candidate).toMatchObject({ uid: 1000, gid: 1000, home: "/home/candidate", shell: "/bin/bash" });
    expect(candidate && groupsOf(files, candidate)).toEqual([1000, 27]);
    expect(userById(files, 0)?.home).toBe("/root");
    files.write("/etc/passwd", "new:x:1500:1500::/srv:/bin/sh\nbroken line\n", root, { append: true });
    const user = userNamed(files, "new");
    expect(user && credentialsOf(files, user)).toEqual({ uid: 1500, gid: 1500, groups: [1500] });
    addUser(files, { name: "ann", uid: 1001, gid: 1001, comment: "", home: "/home/ann", shell: "/bin/bash" }, ["adm"]);
    expect(groupById(files, 4)?.members).toEqual(["ann"]);
    expect(usersOf(files).some(({ name }) => name === "broken line")).toBe(false);
    expect(() => addUser(files, { name: "ann", uid: 1, gid: 1, comment: "", home: "/", shell: "" })).toThrow(
      "File exists",
    );
  });
});
