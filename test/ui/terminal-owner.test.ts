import { describe, expect, test } from "vitest";
import type { Screen, Session } from "../../src/lab/define.ts";
import type { LineEvent, LineRequest } from "../../src/machine/terminal.ts";
import { TerminalOwner } from "../../src/ui/terminal-owner.ts";
import { Seat } from "./emulator.ts";

/** A session whose other side is the test. */
class ScriptedSession implements Session {
  readonly id = 0;
  readonly host = "base";
  readonly mode = "cooked";
  readonly atLineStart = true;
  readonly ended = false;
  readonly recent = "";
  request: LineRequest | undefined;
  screen: Screen | undefined;
  readonly events: LineEvent[] = [];
  readonly sizes: string[] = [];
  typed = "";

  attach(screen: Screen): void {
    this.screen = screen;
  }
  input(keys: string): void {
    this.typed += keys;
  }
  answer(event: LineEvent): void {
    this.events.push(event);
  }
  resize(columns: number, rows: number): void {
    this.sizes.push(`${columns}x${rows}`);
  }
  hangUp(): void {}

  say(text: string): void {
    this.screen?.output(text);
  }
  ask(prompt = "$ ", typedAhead = ""): void {
    const request = { prompt, history: ["kubectl get pods"], continued: false };
    this.request = request;
    this.screen?.lineRequest(request, typedAhead);
  }
  get lines(): string[] {
    return this.events.flatMap((event) => (event.type === "line" ? [event.text] : []));
  }
}

function setUp(options: { status?: boolean; columns?: number; rows?: number } = {}) {
  const seat = new Seat(options.columns ?? 40, options.rows ?? 12);
  const owner = new TerminalOwner(seat.stdin, seat.stdout, { status: options.status ?? true, title: true });
  const session = new ScriptedSession();
  owner.take();
  owner.show(session);
  const screen = async () => {
    await seat.emulator.write("");
    return seat.emulator.text;
  };
  return { seat, owner, session, screen };
}

describe("a line", () => {
  test("prompt, keys and Enter", async () => {
    const { seat, session, screen } = setUp({ status: false });
    session.ask();
    seat.type("ls\u001b[D\u001b[Dx");
    expect(await screen()).toBe("$ xls");
    seat.type("\r");
    expect(session.lines).toEqual(["xls"]);
    session.say("a\nb\n");
    session.ask();
    expect(await screen()).toBe("$ xls\na\nb\n$");
    expect(seat.emulator.cursor).toEqual([3, 2]);
  });

  test("a prompt behind output without a newline leaves it there", async () => {
    const { seat, session, screen } = setUp({ status: false });
    session.say("no newline");
    session.ask();
    seat.type("ls");
    expect(await screen()).toBe("no newline$ ls");
    seat.type("\u0015pwd");
    expect(await screen()).toBe("no newline$ pwd");
  });

  test("what is typed at a prompt whose session is yet to come is the session's", async () => {
    const seat = new Seat(40, 12);
    const owner = new TerminalOwner(seat.stdin, seat.stdout, { status: false, title: true });
    owner.take();
    owner.expect({ prompt: "host$ ", history: [], continued: false });
    seat.type("ls\rpw");
    await seat.emulator.write("");
    expect(seat.emulator.text).toBe("host$");
    const session = new ScriptedSession();
    owner.show(session);
    session.ask("host$ ");
    expect(session.lines).toEqual(["ls"]);
    expect(session.typed).toBe("pw");
    session.say("file\n");
    session.ask("host$ ", "pw");
    seat.type("d");
    await seat.emulator.write("");
    expect(seat.emulator.text).toBe("host$ ls\nfile\nhost$ pwd");
  });

  test("completion: one word, a common beginning, a list", async () => {
    const { seat, session, screen } = setUp({ status: false });
    session.ask();
    seat.type("k g\t");
    expect(session.events).toEqual([{ type: "complete", text: "k g", cursor: 3 }]);
    session.screen?.completion({ from: 2, words: ["get"] });
    expect(await screen()).toBe("$ k get");
    seat.type("po\t");
    session.screen?.completion({ from: 6, words: ["podmonitors", "pods", "podtemplates"] });
    expect(await screen()).toBe("$ k get pod");
    for (let i = 0; i < 2; i++) {
      seat.type("\t");
      session.screen?.completion({ from: 6, words: ["podmonitors", "pods", "podtemplates"] });
    }
    expect(await screen()).toBe("$ k get pod\npodmonitors   podtemplates\npods\n$ k get pod");
  });

  test("a paste of several lines is inserted, and run by Enter as one", async () => {
    const { seat, session, screen } = setUp({ status: false });
    session.ask();
    seat.type("\u001b[200~echo a\r\necho b\u001b[201~");
    expect(session.lines).toEqual([]);
    expect(await screen()).toBe("$ echo a\necho b");
    seat.type("\r");
    expect(session.lines).toEqual(["echo a\necho b"]);
  });

  test("ESC and then a key is Alt and that key, however slowly", async () => {
    const { seat, session, screen } = setUp({ status: false });
    session.ask();
    seat.type("one two");
    seat.type("\u001b");
    await new Promise((resolve) => setTimeout(resolve, 60));
    seat.type("b");
    seat.type("X");
    expect(await screen()).toBe("$ one Xtwo");
  });

  test("a long line wraps, and shrinks again", async () => {
    const { seat, session, screen } = setUp({ status: false, columns: 20 });
    session.ask();
    seat.type("a".repeat(38));
    expect(await screen()).toBe(`$ ${"a".repeat(18)}\n${"a".repeat(20)}`);
    expect(seat.emulator.cursor).toEqual([2, 0]);
    seat.type("\u007f".repeat(30));
    expect(await screen()).toBe(`$ ${"a".repeat(8)}`);
  });
});

describe("what is typed while nobody reads", () => {
  test("goes to the running job, keys and paste alike", () => {
    const { seat, session } = setUp();
    seat.type("one\r\u001b[200~two\nthree\u001b[201~\u001b[A\u0003");
    expect(session.typed).toBe("one\rtwo\rthree\u001b[A\u0003");
  });

  test("stands in the next line; whole lines run one after the other", () => {
    const { session } = setUp();
    session.ask("$ ", "echo a\necho b\necho");
    expect(session.lines).toEqual(["echo a"]);
    // The rest goes on to whoever reads next.
    expect(session.typed).toBe("echo b\necho");
  });

  test("and came too late for the program before: it is put into the open line", async () => {
    const { session, screen } = setUp({ status: false });
    session.ask();
    if (session.request) session.screen?.lineRequest(session.request, "seq 3\r");
    expect(session.lines).toEqual(["seq 3"]);
    expect(await screen()).toBe("$ seq 3");
  });
});

describe("output from the background", () => {
  test("comes above the line that is being typed", async () => {
    const { seat, session, screen } = setUp({ status: false });
    session.ask();
    seat.type("kubectl get");
    session.say("[1]+  Done   sleep 1\n");
    expect(await screen()).toBe("[1]+  Done   sleep 1\n$ kubectl get");
    seat.type(" po");
    expect(await screen()).toBe("[1]+  Done   sleep 1\n$ kubectl get po");
  });

  test("in pieces without a newline", async () => {
    const { session, screen } = setUp({ status: false });
    session.ask();
    session.say("50 %");
    session.say(", 100 %\n");
    expect(await screen()).toBe("50 %, 100 %\n$");
  });
});

describe("the status row", () => {
  const bottom = (text: string) => text.split("\n").at(-1);

  test("stays at the bottom while output scrolls, and what scrolls off is kept", async () => {
    const { seat, owner, session, screen } = setUp();
    owner.setStatus(" Task 1/5\t1:00:00 ");
    session.say(Array.from({ length: 30 }, (_none, i) => `line ${i + 1}\n`).join(""));
    session.ask();
    expect(bottom(await screen())).toBe(" Task 1/5                       1:00:00");
    expect(seat.emulator.history.filter((line) => line.startsWith("line "))).toHaveLength(30);
    expect(seat.emulator.cursor).toEqual([10, 2]);
  });

  test("survives clear, Ctrl-L and every key", async () => {
    const { seat, owner, session, screen } = setUp();
    owner.setStatus(" Task 1/5\t1:00:00 ");
    session.say("\u001b[H\u001b[2J\u001b[3J");
    session.ask();
    expect(await screen()).toMatch(/^\$\n+ Task 1\/5 +1:00:00$/);
    seat.type("abc\u000c");
    expect(await screen()).toMatch(/^\$ abc\n+ Task 1\/5 +1:00:00$/);
  });

  test("is cut on the left, never on the right", async () => {
    const { owner, screen } = setUp();
    owner.setStatus(`${"x".repeat(60)}\t0:59 `);
    expect(bottom(await screen())).toBe(`${"x".repeat(34)} 0:59`);
  });

  test("follows a resize, and leaves no copy of itself", async () => {
    const { seat, owner, session, screen } = setUp();
    owner.setStatus(" Task 1/5\t1:00:00 ");
    session.say("one\ntwo\n");
    session.ask();
    seat.type("typed");
    for (const [columns, rows] of [
      [60, 20],
      [40, 12],
      [70, 11],
      [44, 30],
    ] as const) {
      seat.resize(columns, rows);
      const text = await screen();
      expect(seat.emulator.rows[rows - 1]).toBe(` Task 1/5${" ".repeat(columns - 17)}1:00:00`.trimEnd());
      expect(text.match(/Task 1/g)).toHaveLength(1);
      expect(text).toMatch(/^one\ntwo\n\$ typed\n/);
      expect(session.sizes.at(-1)).toBe(`${columns}x${rows - 1}`);
    }
  });

  test("is not there in a terminal that is too low", async () => {
    const { owner, session, screen } = setUp({ rows: 8 });
    owner.setStatus(" Task 1/5\t1:00:00 ");
    session.ask();
    expect(await screen()).toBe("$");
    expect(owner.hasStatusRow).toBe(false);
    expect(owner.rows).toBe(8);
  });
});

test("under an overlay the screen stays as it is, and shows afterwards what came meanwhile", async () => {
  const { seat, owner, session, screen } = setUp();
  owner.setStatus(" Task 1/5\t1:00:00 ");
  session.ask();
  seat.type("kubectl");
  let close = (): void => {};
  const keys: string[] = [];
  const shown = owner.withOverlay(
    (feed) =>
      new Promise<void>((resolve) => {
        close = resolve;
        feed({ key: (key) => keys.push(key.raw), close: resolve });
      }),
  );
  await seat.emulator.until((emulator) => emulator.onAlternateScreen);
  session.say("from the background\n");
  seat.type("jk\u001b[A");
  owner.setStatus(" Task 1/5\t0:59:59 ");
  expect(await screen()).toBe("");
  close();
  await shown;
  expect(keys).toEqual(["jk", "\u001b[A"]);
  expect(await screen()).toMatch(/^from the background\n\$ kubectl\n+ Task 1\/5 +0:59:59$/);
  seat.type(" get");
  expect(await screen()).toMatch(/\n\$ kubectl get\n/);
});

test("an editor gets the terminal alone, and it comes back whatever happens", async () => {
  const { seat, owner, session, screen } = setUp();
  session.ask();
  const lent = owner.lend(async () => {
    expect(seat.stdin.raw).toBe(false);
    expect(seat.stdin.listenerCount("data")).toBe(0);
    session.say("while it was lent\n");
    expect(await screen()).not.toContain("lent");
    throw new Error("the editor died");
  });
  await expect(lent).rejects.toThrow("the editor died");
  expect(seat.stdin.raw).toBe(true);
  seat.type("ls");
  expect(await screen()).toMatch(/while it was lent\n\$ ls$/);
});

test("time is over: an editor is asked to end, and those who wait for the screen as well", async () => {
  const { owner } = setUp();
  const stopped = (stop: AbortSignal) =>
    new Promise<string>((resolve) => {
      if (stop.aborted) resolve("never begun");
      stop.addEventListener("abort", () => resolve("ended"));
    });
  const first = owner.lend(stopped);
  const second = owner.lend(stopped);
  await new Promise((resolve) => setImmediate(resolve));
  owner.turns.interrupt();
  expect(await Promise.all([first, second])).toEqual(["ended", "never begun"]);
});

test("the terminal is given back as it was", async () => {
  const { seat, owner, session } = setUp();
  owner.setStatus(" Task 1/5\t1:00:00 ");
  owner.setTitle("1:00:00");
  session.ask();
  seat.type("half");
  owner.giveBack();
  owner.giveBack();
  seat.stdout.write("back");
  await seat.emulator.write("");
  expect(seat.emulator.text).toBe("$ half\nback");
  expect(seat.stdin.raw).toBe(false);
  expect(seat.written).toContain("\u001b[?2004l");
  expect(seat.written).toContain("\u001b[r");
  expect(seat.written.endsWith("\u001b[23;0tback")).toBe(true);
});
