import { describe, expect, it } from "vitest";
import { root } from "../../../src/machine/define-files.ts";
import { createFiles } from "../../../src/machine/files/create-files.ts";
import { makeProc } from "../../../src/machine/proc-files.ts";
import { Terminal } from "../../../src/machine/terminal.ts";
import { textPrograms } from "../../../src/programs/text/index.ts";
import { makeHost, START } from "../../machine/harness.ts";

/** A host that has been up for 3 days, 2 hours and 4 minutes, with 4 cores, 8 GB and a volume. */
function upHost() {
  const host = makeHost({ programs: textPrograms });
  const { machine, files, kernel } = host;
  const booted = START - (3 * 1440 + 124) * 60_000_000;
  machine.parts.set("hardware", { cpus: 4, memoryKib: 8_000_000, booted });
  files.mkdir("/etc", root);
  files.write("/etc/hosts", "127.0.0.1\tlocalhost\n10.0.0.5\tnode01 worker # a node\n", root);
  makeProc(machine);
  files.mkdir("/mnt/data", root, { parents: true });
  const volume = createFiles(kernel, { capacityBytes: 100 * 1024 * 1024 });
  files.mount("/mnt/data", volume, { source: "/dev/vdb", type: "ext4" });
  return host;
}

describe("df", () => {
  it.each([
    ["-h", "Filesystem      Size  Used Avail Use% Mounted on", "/dev/vdb        100M", " /mnt/data"],
    ["-T", "Filesystem     Type 1K-blocks  Used Available Use% Mounted on", "/dev/vdb       ext4", " /mnt/data"],
    [
      "-P",
      "Filesystem     1024-blocks  Used Available Capacity Mounted on",
      "/dev/vdb            102400",
      " /mnt/data",
    ],
    ["-m", "Filesystem     1M-blocks  Used Available Use% Mounted on", "/dev/vdb             100", " /mnt/data"],
  ])("%s", (option, title, begins, ends) => {
    const { stdout, status } = upHost().run(["df", option, "/mnt/data/"]);
    const [head, line = "", rest] = stdout.split("\n");
    expect([head, rest, status]).toEqual([title, "", 0]);
    expect(line.startsWith(begins)).toBe(true);
    expect(line.endsWith(ends)).toBe(true);
  });

  it("shows every file system once, and what a file takes", () => {
    const host = upHost();
    const used = () => Number(host.run(["df", "/mnt/data"]).stdout.split("\n")[1]?.split(/ +/)[2]);
    const before = used();
    host.files.write("/mnt/data/f", "x".repeat(40_960), root);
    expect(used() - before).toBeGreaterThanOrEqual(40);
    const sources = host.run(["df"]).stdout.trim().split("\n").slice(1);
    expect(sources.map((line) => line.split(/ +/).at(-1))).toEqual(["/", "/mnt/data"]);
    expect(host.run(["df", "-x", "ext4"]).stderr).toBe("df: no file systems processed\n");
    expect(host.run(["df", "--total"]).stdout.split("\n").at(-2)).toMatch(/^total +\d+ +\d+ +\d+ +\d+% -$/);
  });

  it("says that inodes are not counted", () => {
    expect(upHost().run(["df", "-i"])).toMatchObject({
      status: 1,
      stderr: "df: -i is not simulated: file systems count bytes here, not inodes\n",
    });
  });
});

// The forms of procps 4.0.2, held beside the real programs by hand.
describe("free", () => {
  it.each([
    [
      [],
      "               total        used        free      shared  buff/cache   available\n" +
        "Mem:         8000000     2080000     3360000           0     2640000     5920000\n" +
        "Swap:              0           0           0\n",
    ],
    [
      ["-h"],
      "               total        used        free      shared  buff/cache   available\n" +
        "Mem:           7.6Gi       2.0Gi       3.2Gi          0B       2.5Gi       5.6Gi\n" +
        "Swap:             0B          0B          0B\n",
    ],
    [
      ["-mwt"],
      "               total        used        free      shared     buffers       cache   available\n" +
        "Mem:            7812        2031        3281           0         156        2421        5781\n" +
        "Swap:              0           0           0\n" +
        "Total:          7812        2031        3281\n",
    ],
  ])("%j", (options, stdout) => {
    expect(upHost().run(["free", ...options])).toEqual({ status: 0, stderr: "", stdout });
  });

  it("shows the same again and again", () => {
    const host = upHost();
    const before = host.kernel.clock.now;
    const { stdout } = host.run(["free", "-s", "2", "-c", "3"]);
    expect(stdout.match(/Mem:/g)).toHaveLength(3);
    expect(host.kernel.clock.now - before).toBeGreaterThanOrEqual(4_000_000);
  });
});

describe("uptime", () => {
  it.each([
    [[], / 10:00:00 up 3 days, {2}2:04, {2}0 user, {2}load average: \d\.\d\d, \d\.\d\d, \d\.\d\d\n/],
    [["-p"], /^up 3 days, 2 hours, 4 minutes\n$/],
    [["-s"], /^2026-02-26 07:56:00\n$/],
  ])("%j", (options, form) => {
    expect(upHost().run(["uptime", ...options]).stdout).toMatch(form);
  });
});

it.each([
  [["nproc"], "4\n", 0],
  [["nproc", "--ignore=3"], "1\n", 0],
  [["nproc", "--ignore=9"], "1\n", 0],
  [["getent", "hosts", "worker"], "10.0.0.5        node01 worker\n", 0],
  [["getent", "hosts", "10.0.0.5"], "10.0.0.5        node01 worker\n", 0],
  [["getent", "hosts", "10.9.9.9"], "", 2],
  [["getent", "hosts"], "127.0.0.1       localhost\n10.0.0.5        node01 worker\n", 0],
])("%j", (argv, stdout, status) => {
  expect(upHost().run(argv)).toEqual({ stdout, status, stderr: "" });
});

describe("stty", () => {
  function run(...argv: string[]) {
    const host = makeHost({ programs: textPrograms });
    const terminal = new Terminal();
    terminal.columns = 120;
    terminal.rows = 40;
    let shown = "";
    terminal.onOutput = (text) => {
      shown += text;
    };
    const { status } = host.run(["stty", ...argv], { terminal });
    return { status, shown: shown.replaceAll("\r\n", "\n"), terminal };
  }

  it("shows and sets the size", () => {
    expect(run("size").shown).toBe("40 120\n");
    expect(run("rows", "30", "cols", "90", "size").shown).toBe("30 90\n");
    expect(run("-a").shown).toContain("speed 38400 baud; rows 40; columns 120; line = 0;\n");
  });

  it("sets echo and mode, and sane undoes both", () => {
    expect(run("-echo").terminal.echo).toBe(false);
    expect(run("-echo", "-a").shown).toContain("isig icanon iexten -echo echoe");
    expect(run("raw").terminal.mode).toBe("raw");
    const { echo, mode } = run("raw", "-echo", "sane").terminal;
    expect([echo, mode]).toEqual([true, "cooked"]);
  });

  it.each([
    ["foo", "stty: invalid argument ‘foo’\nTry 'stty --help' for more information.\n"],
    ["-ixon", "stty: -ixon is not simulated\n"],
    ["rows", "stty: missing argument to ‘rows’\nTry 'stty --help' for more information.\n"],
  ])("refuses %s", (word, shown) => {
    expect(run(word)).toMatchObject({ status: 1, shown });
  });
});
