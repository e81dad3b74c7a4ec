import { describe, expect, it } from "vitest";
import type { OpenFile } from "../../../src/machine/define.ts";
import { root } from "../../../src/machine/define-files.ts";
import { startCommand } from "../../../src/machine/exec.ts";
import { pipe } from "../../../src/machine/pipe.ts";
import { Terminal } from "../../../src/machine/terminal.ts";
import { textWriter } from "../../../src/machine/text-files.ts";
import { textPrograms } from "../../../src/programs/text/index.ts";
import { type Host, makeHost, runUntilEnded } from "../../machine/harness.ts";

function host(): Host {
  return makeHost({ programs: textPrograms });
}

/** Runs commands as a pipeline; what is written into its first stdin is the caller's. */
function pipeline(on: Host, commands: readonly (readonly string[])[]) {
  const first = pipe();
  const outs = commands.map(() => "");
  const launcher = on.start(function* (proc) {
    for (;;) yield* proc.wait({ on: [proc.changed] });
  }).proc;
  let input: OpenFile = first.reader;
  const procs = commands.map((argv, index) => {
    const last = index === commands.length - 1;
    const { reader, writer } = pipe();
    const out = last
      ? textWriter((text) => {
          outs[index] += text;
        })
      : writer;
    const fds = new Map([
      [0, input],
      [1, out],
      [2, textWriter(() => {})],
    ]);
    input = reader;
    return startCommand(launcher, argv, { fds });
  });
  let refs = false;
  const write = (text: string) => {
    if (!refs) first.writer.refs++;
    refs = true;
    first.writer.write?.(text);
    on.settle();
  };
  return { procs, write, close: () => first.writer.close?.(), output: () => outs.at(-1) ?? "" };
}

describe("what comes is shown as it comes", () => {
  const filters: readonly (readonly [argv: readonly string[], input: string, output: string])[] = [
    [["cat"], "a\n", "a\n"],
    [["cat"], "no newline", "no newline"],
    [["cat", "-n"], "a\n", "     1\ta\n"],
    [["grep", "x"], "ax\nb\n", "ax\n"],
    [["sed", "s/a/b/"], "a\nc\n", "b\nc\n"],
    [["awk", "{print $2}"], "a b\n", "b\n"],
    [["cut", "-d:", "-f1"], "a:b\n", "a\n"],
    [["tr", "a-z", "A-Z"], "ab", "AB"],
    [["head", "-n", "5"], "a\n", "a\n"],
    [["tail", "-n", "+2"], "a\nb\n", "b\n"],
    [["uniq"], "a\na\nb\n", "a\n"],
    [["tee", "/tmp/copy"], "a\n", "a\n"],
    [["nl"], "a\n", "     1\ta\n"],
    [["xargs", "-n1"], "a b\n", "a\nb\n"],
    [["rev"], "ab\n", "ba\n"],
    [["fold", "-w1"], "ab\n", "a\nb\n"],
    [["paste", "-", "-"], "a\nb\n", "a\tb\n"],
  ];
  it.each(filters)("%j", (argv, input, output) => {
    const run = pipeline(host(), [argv]);
    run.write(input);
    expect(run.output()).toBe(output);
    expect(run.procs[0]?.state).toBe("running");
  });

  it("through several filters", () => {
    const run = pipeline(host(), [
      ["grep", "-v", "x"],
      ["sed", "s/^/> /"],
      ["awk", "{print NR, $2}"],
    ]);
    run.write("a\nx\nb\n");
    expect(run.output()).toBe("1 a\n2 b\n");
  });
});

describe("who stops reading ends who writes", () => {
  it.each([
    ["yes | head", ["yes"], ["head", "-n", "3"], "y\ny\ny\n"],
    ["seq | head", ["seq", "1000000000"], ["head", "-n", "2"], "1\n2\n"],
    ["cat /dev/zero | head -c", ["cat", "/dev/zero"], ["head", "-c", "4"], "\0\0\0\0"],
    ["yes | sed 1q", ["yes", "a"], ["sed", "1q"], "a\n"],
    ["yes | grep -m", ["yes", "a"], ["grep", "-m2", "a"], "a\na\n"],
    ["yes | awk exit", ["yes"], ["awk", "NR==2{print NR; exit}"], "2\n"],
  ])("%s", (_name, writer, reader, output) => {
    const on = host();
    const run = pipeline(on, [writer, reader]);
    for (const proc of run.procs) runUntilEnded(on.kernel, proc);
    expect(run.output()).toBe(output);
    expect(run.procs.map((proc) => proc.status)).toEqual([141, 0]);
    expect(run.procs[0]?.signalled).toBe("PIPE");
  });
});

describe("tail follows", () => {
  const follow = (...argv: string[]) => {
    const on = host();
    on.files.write("/tmp/log", "one\n", root);
    return { on, tail: on.start(["tail", ...argv], { cwd: "/tmp" }) };
  };

  it("-f what is added, and says when the file became shorter", () => {
    const { on, tail } = follow("-f", "log");
    on.settle();
    expect(tail.stdout).toBe("one\n");
    on.files.write("/tmp/log", "two\n", root, { append: true });
    on.settle();
    expect(tail.stdout).toBe("one\ntwo\n");
    on.files.write("/tmp/log", "3\n", root);
    on.settle();
    expect(tail.stdout).toBe("one\ntwo\n3\n");
    expect(tail.stderr).toBe("tail: log: file truncated\n");
    tail.proc.signal("INT");
    on.settle();
    expect(tail.proc.status).toBe(130);
  });

  it("-F a name through rotation", () => {
    const { on, tail } = follow("-F", "log");
    on.settle();
    on.files.rename("/tmp/log", "/tmp/log.1", root);
    on.settle();
    on.files.write("/tmp/log", "new\n", root);
    on.settle();
    expect(tail.stdout).toBe("one\nnew\n");
    expect(tail.stderr).toBe(
      "tail: 'log' has become inaccessible: No such file or directory\ntail: 'log' has appeared;  following new file\n",
    );
  });

  it("-f several files under their names", () => {
    const { on, tail } = follow("-f", "log", "other");
    on.files.write("/tmp/other", "x\n", root);
    on.settle();
    on.files.write("/tmp/log", "two\n", root, { append: true });
    on.settle();
    expect(tail.stdout).toBe("==> log <==\none\n\n==> other <==\nx\n\n==> log <==\ntwo\n");
  });

  it("costs nothing while nothing happens", () => {
    const { on } = follow("-f", "log");
    on.settle();
    expect(on.clock.next()).toBeUndefined();
  });
});

describe("time is virtual", () => {
  it.each([
    [["sleep", "1.5"], 1.5, 0],
    [["sleep", "1m", "2s"], 62, 0],
    [["timeout", "3", "sleep", "10"], 3, 124],
    [["timeout", "-k", "2", "3", "sleep", "1"], 1, 0],
    [["timeout", "-s", "KILL", "3", "sleep", "10"], 3, 137],
    [["timeout", "--preserve-status", "3", "sleep", "10"], 3, 143],
  ])("%j", (argv, seconds, status) => {
    const on = host();
    const before = on.clock.now;
    expect(on.run(argv).status).toBe(status);
    expect(Math.round((on.clock.now - before) / 1e5) / 10).toBe(seconds);
  });

  it("date shows the world's clock", () => {
    expect(host().run(["date", "+%F %T %Z"]).stdout).toBe("2026-03-01 10:00:00 UTC\n");
    expect(host().run(["date"]).stdout).toBe("Sun Mar  1 10:00:00 UTC 2026\n");
    expect(host().run(["date", "-d", "yesterday", "+%F"]).stdout).toBe("2026-02-28\n");
    expect(host().run(["date", "-d", "+2 hours", "+%T"]).stdout).toBe("12:00:00\n");
  });
});

/** A terminal whose screen is kept as text. */
function screen() {
  const terminal = new Terminal();
  const shown = { text: "" };
  terminal.onOutput = (text) => {
    shown.text += text;
  };
  return { terminal, shown };
}

describe("on a terminal", () => {
  it("ls shows columns, colours when asked, and quotes names", () => {
    const on = host();
    const { terminal, shown } = screen();
    for (const name of ["a b", "bb", "c"]) on.files.write(`/tmp/${name}`, "", root);
    on.run(["ls", "/tmp"], { terminal });
    expect(shown.text).toBe("'a b'   bb   c\n");
  });

  it("less pages, searches and quits, and gives the terminal back", () => {
    const on = host();
    const { terminal, shown } = screen();
    terminal.rows = 5;
    on.files.write("/tmp/text", Array.from({ length: 30 }, (_, i) => `line ${i + 1}\n`).join(""), root);
    const { proc } = on.start(["less", "/tmp/text"], { terminal });
    terminal.foreground = proc.group;
    on.settle();
    expect(shown.text).toContain("line 4\x1b[K\r\n");
    expect(shown.text).not.toContain("line 5");
    expect(terminal.mode).toBe("raw");
    shown.text = "";
    terminal.input(" ");
    on.settle();
    expect(shown.text).toContain("line 8");
    terminal.input("/line 20\r");
    on.settle();
    expect(shown.text).toContain("\x1b[7mline 20\x1b[27m\x1b[K\r\nline 21");
    terminal.input("G");
    on.settle();
    expect(shown.text).toContain("(END)");
    terminal.input("q");
    runUntilEnded(on.kernel, proc);
    expect([proc.status, terminal.mode, terminal.echo]).toEqual([0, "cooked", true]);
  });

  it("watch shows a command again and again until Ctrl-C, and restores the screen", () => {
    const on = host();
    const { terminal, shown } = screen();
    on.files.write("/tmp/n", "1\n", root);
    const { proc } = on.start(["watch", "-x", "-n", "5", "cat", "/tmp/n"], { terminal });
    terminal.foreground = proc.group;
    on.settle();
    expect(shown.text).toMatch(/Every 5\.0s: cat \/tmp\/n +host: Sun Mar {2}1 10:00:00 2026.*\r\n.*\r\n1/);
    shown.text = "";
    on.files.write("/tmp/n", "2\n", root);
    on.clock.run(on.clock.now + 5_100_000);
    expect(shown.text).toMatch(/10:00:05 2026.*\r\n.*\r\n2/);
    terminal.input("\x03");
    on.settle();
    expect(proc.status).toBe(130);
    expect(shown.text).toContain("\x1b[?1049l");
  });

  it("grep colours, rm asks before it removes what may not be written", () => {
    const on = host();
    const { terminal, shown } = screen();
    on.files.write("/tmp/f", "abc\n", root);
    on.run(["grep", "--color=auto", "b", "/tmp/f"], { terminal });
    expect(shown.text).toBe("a\x1b[01;31m\x1b[Kb\x1b[m\x1b[Kc\n");
    shown.text = "";
    on.files.mkdir("/tmp/mine", root, { mode: 0o777 });
    on.files.write("/tmp/mine/f", "x", root);
    const { proc } = on.start(["rm", "/tmp/mine/f"], { terminal, who: { uid: 1000, gid: 1000, groups: [1000] } });
    terminal.input("n\r");
    runUntilEnded(on.kernel, proc);
    expect(shown.text).toContain("rm: remove write-protected regular file '/tmp/mine/f'? ");
    expect(on.files.find("/tmp/mine/f", root)).toBeDefined();
  });
});
