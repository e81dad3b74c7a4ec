import { describe, expect, it } from "vitest";
import { SECOND } from "../../src/base/clock.ts";
import { Errno, Interrupted, type Task } from "../../src/machine/define.ts";
import { root } from "../../src/machine/define-files.ts";
import { openFd } from "../../src/machine/open-path.ts";
import { pipe } from "../../src/machine/pipe.ts";
import type { Process } from "../../src/machine/process.ts";
import { Terminal } from "../../src/machine/terminal.ts";
import { type Body, idle, makeHost, piped, START } from "./harness.ts";

function* cat(proc: Process): Task<number> {
  for (;;) {
    const text = yield* proc.read();
    if (text === undefined) return 0;
    yield* proc.write(1, text);
  }
}

function* yes(proc: Process): Task<number> {
  for (;;) yield* proc.write(1, "y\n".repeat(4096));
}

describe("pipes", () => {
  it("make a fast writer wait for a slow reader", () => {
    const host = makeHost();
    let written = 0;
    const { reader, writer } = pipe();
    const writing = host.start(function* (proc) {
      proc.attach(1, writer);
      for (let i = 0; i < 10; i++) {
        yield* proc.write(1, "x".repeat(10_000));
        written += 10_000;
      }
      return 0;
    });
    host.clock.run(START + SECOND);
    expect(written).toBe(60_000);
    const reading: Body = function* (proc) {
      proc.attach(0, reader);
      return yield* cat(proc);
    };
    expect(writing.proc.state).toBe("running");
    expect(host.run(reading).stdout).toHaveLength(100_000);
    expect(writing.proc).toMatchObject({ state: "ended", status: 0 });
  });

  it("end the writer by SIGPIPE when the reader has gone", () => {
    const host = makeHost();
    let seen = "";
    const result = host.run(function* (proc) {
      const [first, second] = yield* piped(proc, yes, function* (reader) {
        seen = (yield* reader.read(0, 4)) ?? "";
        return 0;
      });
      return first === 141 && second === 0 ? 7 : 1;
    });
    expect(result.status).toBe(7);
    expect(seen).toBe("y\ny\n");
    expect(host.clock.now - START).toBeLessThan(SECOND);
  });

  it("give EPIPE to a writer that ignores the signal", () => {
    const host = makeHost();
    const result = host.run(function* (proc) {
      const [first] = yield* piped(
        proc,
        function* (writer) {
          writer.on("PIPE", "ignore");
          try {
            yield* yes(writer);
          } catch (error) {
            return error instanceof Errno && error.code === "EPIPE" ? 5 : 6;
          }
          return 0;
        },
        () =>
          (function* () {
            return 0;
          })(),
      );
      return first;
    });
    expect(result.status).toBe(5);
  });

  it("time passes for processes that only pass text on for ever", () => {
    const host = makeHost();
    const running = host.start(function* (proc) {
      yield* piped(proc, yes, function* (reader) {
        while ((yield* reader.read()) !== undefined);
        return 0;
      });
      return 0;
    });
    expect(host.clock.run(START + 20_000, 200_000)).toBe("reached");
    expect(running.proc.state).toBe("running");
  });
});

describe("signals", () => {
  it("end a process by default, with its finally blocks run and its descriptors closed", () => {
    const host = makeHost();
    const done: string[] = [];
    const { reader, writer } = pipe();
    const running = host.start(function* (proc) {
      proc.attach(5, writer);
      try {
        yield* proc.sleep(100);
      } finally {
        done.push("finally");
        yield* proc.sleep(1);
        done.push("never");
      }
      return 0;
    });
    host.settle();
    running.proc.signal("TERM");
    expect(running.proc).toMatchObject({ state: "ended", status: 143, signalled: "TERM" });
    expect(done).toEqual(["finally"]);
    expect(reader.read?.(1)).toBeUndefined();
    expect(host.clock.next()).toBeUndefined();
    expect(host.machine.processes.size).toBe(0);
  });

  it("with a handler interrupt a wait, but not KILL", () => {
    const host = makeHost();
    const caught: string[] = [];
    const running = host.start(function* (proc) {
      proc.on("INT", (signal) => caught.push(signal));
      proc.on("KILL", "ignore");
      for (;;) {
        try {
          yield* proc.sleep(100);
        } catch (error) {
          if (!(error instanceof Interrupted)) throw error;
          caught.push("interrupted");
        }
      }
    });
    host.settle();
    running.proc.signal("INT");
    host.settle();
    expect(caught).toEqual(["INT", "interrupted"]);
    running.proc.signal("KILL");
    expect(running.proc.status).toBe(137);
  });

  it("ignored ones are ignored by children too, handled ones are not inherited", () => {
    const host = makeHost();
    const children: Process[] = [];
    host.start(function* (proc) {
      proc.on("HUP", "ignore");
      proc.on("USR1", () => {});
      children.push(proc.spawn({ argv: ["child"], body: idle }));
      return yield* idle(proc);
    });
    host.settle();
    const child = children[0] as Process;
    child.signal("HUP");
    expect(child.state).toBe("running");
    child.signal("USR1");
    expect(child.status).toBe(138);
  });

  it("stop and go on; time that ran out meanwhile counts; what comes meanwhile waits", () => {
    const host = makeHost();
    const running = host.start(function* (proc) {
      yield* proc.sleep(2);
      yield* proc.write(1, "woke");
      return 0;
    });
    host.settle();
    running.proc.signal("TSTP");
    host.clock.run(START + 10 * SECOND);
    expect(running.proc.state).toBe("stopped");
    expect(running.stdout).toBe("");
    running.proc.signal("CONT");
    host.settle();
    expect(running.stdout).toBe("woke");

    const second = host.start(idle);
    host.settle();
    second.proc.signal("STOP");
    second.proc.signal("TERM");
    expect(second.proc.state).toBe("stopped");
    second.proc.signal("CONT");
    expect(second.proc.status).toBe(143);

    const third = host.start(idle);
    third.proc.signal("STOP");
    third.proc.signal("KILL");
    expect(third.proc.status).toBe(137);
  });

  it("a process that signals itself ends at once, whatever it would return", () => {
    const host = makeHost();
    expect(
      host.run(function* (proc) {
        proc.signal("TERM");
        return 0;
      }).status,
    ).toBe(143);
  });

  it("reach a process that only computes", () => {
    const host = makeHost();
    const busy = host.start(function* (proc) {
      for (;;) yield* proc.step();
    });
    const killer = host.start(function* (proc) {
      yield* proc.sleep(1);
      busy.proc.signal("INT");
      return 0;
    });
    host.clock.run(START + SECOND);
    expect(killer.proc.state).toBe("ended");
    expect(busy.proc.status).toBe(130);
  });
});

describe("processes", () => {
  it("computing takes time, waiting for a child gives its status", () => {
    const host = makeHost();
    const result = host.run(function* (proc) {
      const child = proc.spawn({
        argv: ["child"],
        body: function* (self) {
          for (let i = 0; i < 1000; i++) yield* self.step();
          return 300;
        },
      });
      return yield* proc.waitFor(child);
    });
    expect(result.status).toBe(300 & 255);
    expect(host.clock.now - START).toBeGreaterThanOrEqual(768);
  });

  it("that start others for ever run into the limit, and time passes", () => {
    const host = makeHost();
    const bomb: Body = function* (proc) {
      for (;;) {
        try {
          proc.spawn({ argv: ["bomb"], body: bomb });
        } catch (error) {
          if (!(error instanceof Errno)) throw error;
          yield* proc.write(2, `fork: ${error.message}\n`);
          yield* proc.sleep(1);
        }
        if (proc.tick()) yield undefined;
      }
    };
    const running = host.start(bomb);
    host.clock.run(START + SECOND, 100_000);
    expect(host.machine.processes.size).toBe(1024);
    expect(running.stderr).toContain("fork: Resource temporarily unavailable\n");
  });

  it("a system error that a program lets through is said on stderr; anything else is a fault", () => {
    const host = makeHost();
    const reading: Body = function* (proc) {
      proc.machine.files.read("/none", root);
      return 0;
    };
    expect(host.run(reading)).toEqual({ status: 1, stdout: "", stderr: "test: /none: No such file or directory\n" });
    const deep: Body = function* (proc) {
      return (yield* deep(proc)) + 1;
    };
    expect(host.run(deep)).toMatchObject({ status: 1, stderr: "test: Cannot allocate memory\n" });
    const faulty: Body = function* () {
      throw new TypeError("a fault");
    };
    expect(() => host.run(faulty)).toThrow("a fault");
  });

  it("open files relative to their directory, as their user, with their umask", () => {
    const host = makeHost();
    const result = host.run(
      function* (proc) {
        proc.umask = 0o027;
        const out = openFd(proc, "made", { write: true, create: true });
        yield* proc.write(out, "text");
        proc.close(out);
        const back = openFd(proc, "/dev/fd/0", { read: true });
        return (yield* proc.readAll(back)) === "typed" && out === 3 && back === 3 ? 0 : 1;
      },
      { cwd: "/tmp", who: { uid: 1000, gid: 1000, groups: [1000] }, stdin: "typed" },
    );
    expect(result.status).toBe(0);
    expect(host.files.stat("/tmp/made", root)).toMatchObject({ uid: 1000, gid: 1000, mode: 0o640, size: 4 });
  });

  it("/dev/stdout is the same open file, closed with its last descriptor", () => {
    const host = makeHost();
    const result = host.run(function* (proc) {
      const [first] = yield* piped(
        proc,
        function* (writer) {
          const fd = openFd(writer, "/dev/stdout", { write: true });
          writer.close(1);
          yield* writer.write(fd, "through");
          return 0;
        },
        cat,
      );
      return first;
    });
    expect(result).toEqual({ status: 0, stdout: "through", stderr: "" });
  });
});

describe("calls of the host", () => {
  it("hold the clock when they are pure", () => {
    const host = makeHost();
    let answer: (() => void) | undefined;
    host.kernel.ports = {
      call: (_port, _ask, done) => {
        answer = () => (done as (answer: unknown) => void)({ stdout: "1\n", stderr: "", status: 0 });
      },
    };
    const running = host.start(function* (proc) {
      const { stdout } = yield* proc.hostCall("jq", { flags: [], filter: ".", input: "1" });
      yield* proc.write(1, stdout);
      return 0;
    });
    const sleeper = host.start(function* (proc) {
      yield* proc.sleep(1);
      return 0;
    });
    expect(host.clock.run(START + 5 * SECOND)).toBe("held");
    expect(host.clock.now).toBe(START);
    expect(sleeper.proc.state).toBe("running");
    answer?.();
    expect(host.clock.run(START + 5 * SECOND)).toBe("reached");
    expect(running.stdout).toBe("1\n");
    expect(sleeper.proc.state).toBe("ended");
  });

  it("fail where nobody answers", () => {
    const result = makeHost().run(function* (proc) {
      yield* proc.hostCall("jq", { flags: [], filter: ".", input: "1" });
      return 0;
    });
    expect(result).toMatchObject({ status: 1, stderr: "test: No such device or address\n" });
  });
});

describe("a cooked terminal", () => {
  function shown(keys: string, echo = true): { screen: string; read: string[] } {
    const host = makeHost();
    const terminal = new Terminal();
    terminal.echo = echo;
    let screen = "";
    terminal.onOutput = (text) => (screen += text);
    const read: string[] = [];
    const running = host.start(
      function* (proc) {
        for (;;) {
          const text = yield* proc.read();
          read.push(text ?? "end");
          if (text === undefined) return 0;
        }
      },
      { terminal },
    );
    terminal.foreground = running.proc.group;
    host.settle();
    terminal.input(keys);
    host.settle();
    return { screen, read };
  }

  const cases: [keys: string, screen: string, read: string[]][] = [
    ["ab\r", "ab\n", ["ab\n"]],
    ["abc\u007f\u007fx\r", "abc\b \b\b \bx\n", ["ax\n"]],
    ["one two\u0017x\r", "one two\b \b\b \b\b \bx\n", ["one x\n"]],
    ["abc\u0015x\r", "abc\b \b\b \b\b \bx\n", ["x\n"]],
    ["ab\u0004\u0004", "ab", ["ab", "end"]],
    ["\u001b[A\r", "^[[A\n", ["\u001b[A\n"]],
    ["\u001b\u007fx\r", "^[\b \b\b \bx\n", ["x\n"]],
    ["a\rb\rc", "a\nb\nc", ["a\n", "b\n"]],
  ];
  it.each(cases)("%j shows %j", (keys, screen, read) => {
    expect(shown(keys)).toEqual({ screen, read });
  });

  it("does not show what is typed without echo", () => {
    expect(shown("secret\r", false)).toEqual({ screen: "", read: ["secret\n"] });
  });

  it("signals the foreground job, and drops what was typed", () => {
    const host = makeHost();
    const terminal = new Terminal();
    let screen = "";
    terminal.onOutput = (text) => (screen += text);
    const front = host.start(idle, { terminal });
    const back = host.start(idle, { terminal });
    terminal.foreground = front.proc.group;
    host.settle();
    terminal.input("typed\u0003");
    expect(screen).toBe("typed^C");
    expect(front.proc.status).toBe(130);
    expect(back.proc.state).toBe("running");
    expect(terminal.takeTypeAhead()).toBe("");
    terminal.hangUp();
    expect(back.proc.status).toBe(129);
  });

  it("stops a background job that reads from it", () => {
    const host = makeHost();
    const terminal = new Terminal();
    const front = host.start(idle, { terminal });
    const back = host.start(cat, { terminal });
    terminal.foreground = front.proc.group;
    host.settle();
    expect(back.proc).toMatchObject({ state: "stopped", signalled: "TTIN" });
    terminal.foreground = back.proc.group;
    back.proc.signal("CONT");
    terminal.input("x\r\u0004");
    host.clock.run(START + SECOND);
    expect(back.proc).toMatchObject({ state: "ended", status: 0 });
  });

  it("gives keys as they come in raw mode, and keeps what nobody has read", () => {
    const host = makeHost();
    const terminal = new Terminal();
    terminal.mode = "raw";
    terminal.input("q\u0003");
    const running = host.start(
      function* (proc) {
        const first = yield* proc.read();
        const second = yield* proc.read();
        return first === "q" && second === "\u0003" ? 0 : 1;
      },
      { terminal },
    );
    terminal.foreground = running.proc.group;
    host.settle();
    expect(running.proc).toMatchObject({ state: "ended", status: 0 });
  });
});
