import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Library } from "../../src/lab/library.ts";
import { AttemptStore } from "../../src/lab/store.ts";
import { exam } from "../../src/ui/exam.ts";
import { home } from "../../src/ui/home.ts";
import { practice } from "../../src/ui/practice.ts";
import { resume } from "../../src/ui/resume.ts";
import { shell } from "../../src/ui/shell.ts";
import type { Surroundings } from "../../src/ui/surroundings.ts";
import { ManualClock, temporaryFolder } from "../lab/fixture.ts";
import { Seat } from "./emulator.ts";

const library = new Library(join(import.meta.dirname, "library"));
const F = {
  1: "\u001bOP",
  2: "\u001bOQ",
  3: "\u001bOR",
  4: "\u001bOS",
  5: "\u001b[15~",
  6: "\u001b[17~",
  7: "\u001b[18~",
} as const;
const F8 = "\u001b[19~";
const F9 = "\u001b[20~";
const F10 = "\u001b[21~";
const ESC = "\u001b";

/** Somebody at a terminal, with a wall clock of their own. */
function setUp(options: { columns?: number; rows?: number; status?: boolean } = {}) {
  const seat = new Seat(options.columns ?? 80, options.rows ?? 24);
  const clock = new ManualClock();
  const store = new AttemptStore(join(temporaryFolder(), "attempts"));
  const surroundings: Surroundings = {
    streams: seat,
    library,
    store,
    clock,
    ...(options.status !== undefined && { status: options.status }),
  };
  const { emulator } = seat;
  /** Waits for something on the screen; the clock goes on a little. */
  const until = (what: RegExp) =>
    emulator.until(({ text }) => {
      clock.pass(5);
      return what.test(text);
    });
  const act = async (keys: string, what: RegExp) => {
    seat.type(keys);
    await until(what);
  };
  /** The screen, without what differs from run to run. */
  const frame = () => `${emulator.text.replace(/\b(?:\d:)?\d\d:\d\d\b/g, (time) => time.replace(/\d/g, "0"))}\n`;
  return { seat, clock, store, surroundings, emulator, until, act, frame };
}

const prompt = (host: string) => new RegExp(`candidate@${host}:~\\$\\n*( Task.*|$)$`);

describe("an exam", () => {
  test("from the first screen to the score", async () => {
    const { seat, surroundings, emulator, until, act, frame, store } = setUp();
    const status = exam({ ...surroundings, paper: "two-tasks", seed: "1" });
    await until(/not now/);
    await expect(frame()).toMatchFileSnapshot("frames/exam-intro.txt");
    await act("\r", /F4 F5/);
    await expect(frame()).toMatchFileSnapshot("frames/exam-question.txt");
    await act(F[3], /ssh cka1001 · flag/);
    await act(F[3], /ssh cka1001 {2}/);
    await act(ESC, /candidate@base.*[\s\S]*F10 end +\d/);
    await expect(frame()).toMatchFileSnapshot("frames/exam-prompt.txt");
    await act(F[3], /cka1001 · flag/);
    await act(F[2], /f flag/);
    await expect(frame()).toMatchFileSnapshot("frames/exam-list.txt");
    await act("\u001b[Bf", /60 % {2}flag/);
    await act("\r", /Task 2.2 · 60 % · ssh cka2002 · flag/);
    await act(F[4], /Task 1.2/);
    await act("\u001bn", /Task 2.2/);
    await act(ESC, prompt("base"));
    await act("ssh cka1001\r", /candidate@cka1001/);
    await act("echo done >note; exit\r", /Connection to cka1001 closed/);
    await act(F10, /Submit the exam/);
    await expect(frame()).toMatchFileSnapshot("frames/exam-submit.txt");
    await act("2\r", /Result/);
    await until(/seed 1/);
    await expect(frame()).toMatchFileSnapshot("frames/exam-result.txt");
    expect(emulator.onAlternateScreen).toBe(true);
    seat.type("q");
    expect(await status).toBe(0);
    await seat.emulator.write("");
    expect(emulator.onAlternateScreen).toBe(false);
    expect(emulator.history.join("\n")).toMatch(/Two tasks: 40 % — not passed/);
    expect(emulator.text).toMatch(/✗ the ConfigMap is as described/);
    expect(emulator.text).not.toMatch(/F10 end +\d/);
    expect(seat.stdin.raw).toBe(false);
    expect(store.list()).toHaveLength(1);
    expect(store.list()[0]?.finished).toBe(true);
  });

  test("the time is told, and when it is over the exam submits itself, whatever is on the screen", async () => {
    const { seat, clock, surroundings, emulator, until, act } = setUp();
    const status = exam({ ...surroundings, paper: "two-tasks", seed: "1" });
    await until(/not now/);
    await act("\r", /F4 F5/);
    await act(ESC, prompt("base"));
    clock.pass(5 * 60_000);
    await until(/15 minutes left/);
    clock.pass(10 * 60_000);
    await until(/5 minutes left/);
    await act(F[2], /f flag/);
    clock.pass(6 * 60_000);
    await until(/Result/);
    seat.type("q");
    expect(await status).toBe(0);
    await emulator.write("");
    expect(emulator.history.join("\n")).toMatch(/Time is over/);
  });

  test("it can be left, and resumed where it was", async () => {
    const { seat, clock, surroundings, emulator, until, act, store } = setUp();
    const status = exam({ ...surroundings, paper: "two-tasks", seed: "1" });
    await until(/not now/);
    await act("\r", /F4 F5/);
    await act(ESC, prompt("base"));
    await act(F[3], /flag {2}/);
    await act("mark=kept; echo on $HOSTNAME\r", /\non base\n/);
    clock.pass(60_000);
    await act(F10, /Submit the exam/);
    seat.type("3\r");
    expect(await status).toBe(0);
    await emulator.write("");
    expect(emulator.text).toMatch(/cka-lab resume \d/);
    const again = setUp();
    const resumed = resume({ ...again.surroundings, store });
    await again.until(/on base\n.*\$\n+ Task 1.2 .* flag .*1[89]:/);
    await again.act("echo was $mark\r", /\nwas kept\n/);
    await again.act("\u001bs", /Submit the exam/);
    await again.act("2\r", /Result/);
    again.seat.type("\r");
    expect(await resumed).toBe(0);
    expect(store.unfinished()).toBeUndefined();
  });

  test("leaving the shell on base opens another", async () => {
    const { seat, surroundings, until, act } = setUp();
    const status = exam({ ...surroundings, paper: "two-tasks", seed: "1" });
    await until(/not now/);
    await act("\r", /F4 F5/);
    await act(ESC, prompt("base"));
    await act("exit\r", /here is a new one[\s\S]*candidate@base/);
    await act("\u001bs", /Submit the exam/);
    await act("2\r", /Result/);
    seat.type("q");
    expect(await status).toBe(0);
  });

  test("without a status row the window's title has the time", async () => {
    const { seat, surroundings, emulator, until, act } = setUp({ status: false });
    const status = exam({ ...surroundings, paper: "two-tasks", seed: "1" });
    await until(/not now/);
    await act("\r", /F4 F5/);
    await act(ESC, /candidate@base:~\$$/);
    expect(emulator.title).toMatch(/^(20:00|19:5\d) {2}Task 1.2 · 40 % · ssh cka1001$/);
    await act(F10, /Submit the exam/);
    await act("2\r", /Result/);
    seat.type("q");
    expect(await status).toBe(0);
    expect(seat.written).not.toContain("\u001b[1;23r");
  });
});

describe("practice", () => {
  test("question, hints, check, solution, reset, result", async () => {
    const { seat, surroundings, emulator, until, act, frame } = setUp();
    const status = practice({ ...surroundings, id: "note", seed: "1" });
    await until(/F6 hint/);
    await expect(frame()).toMatchFileSnapshot("frames/practice-question.txt");
    await act(F[6], /Hints: 1 of 2/);
    await act(F[6], /Hints: 2 of 2/);
    await expect(frame()).toMatchFileSnapshot("frames/practice-hints.txt");
    await act(ESC, /candidate@base[\s\S]*F10 end +\d/);
    await act("ssh cka1001\r", /candidate@cka1001/);
    await act("echo done >note\r", /note\n.*\$\n/);
    await act(F[7], /2 of 2 points/);
    await act(F9, /Begin anew/);
    await act("2\r", /closed by remote host[\s\S]*candidate@base/);
    await act(F[7], /1 of 2 points/);
    await expect(frame()).toMatchFileSnapshot("frames/practice-check.txt");
    await act(F8, /Show the solution/);
    await act("2\r", /echo done >note/);
    await expect(frame()).toMatchFileSnapshot("frames/practice-solution.txt");
    await act(`${ESC}`, /candidate@base/);
    await act(F10, /End the exercise/);
    await act("2\r", /Result/);
    seat.type("\r");
    expect(await status).toBe(0);
    await emulator.write("");
    expect(emulator.text).toMatch(/A note in a file: 50 % — not passed/);
  });

  test("an exercise can be chosen by its domain", async () => {
    const { seat, surroundings, until, act } = setUp();
    const status = practice({ ...surroundings, seed: "1" });
    await until(/which domain/);
    await act("j\r", /Settings for an application/);
    await act(ESC, /which domain/);
    await act("\r", /Settings for an application/);
    await act("\r", /F6 hint/);
    await act("\u001bs", /End the exercise/);
    seat.type("3\r");
    expect(await status).toBe(0);
  });
});

describe("the first screen", () => {
  test("what there is to do, with an attempt that is open", async () => {
    const { seat, surroundings, until, act, frame } = setUp();
    const left = exam({ ...surroundings, paper: "two-tasks", seed: "1" });
    await until(/not now/);
    await act("\r", /F4 F5/);
    await act("\u001bs", /Submit the exam/);
    seat.type("3\r");
    await left;
    const status = home(surroundings);
    await until(/Quit/);
    await expect(frame()).toMatchFileSnapshot("frames/home.txt");
    seat.type("q");
    expect(await status).toBe(0);
  });

  test("leads to what was chosen", async () => {
    const { seat, surroundings, until, act } = setUp();
    const status = home(surroundings);
    await until(/Quit/);
    await act("2\r", /not now/);
    seat.type("q");
    expect(await status).toBe(0);
  });
});

test("a shell without a task ends with its status", async () => {
  const { seat, surroundings, until, act } = setUp();
  const status = shell({ ...surroundings, world: "single" });
  await until(/candidate@controlplane:~\$$/);
  await act("echo $((6*7))\r", /\n42\n/);
  seat.type("exit 3\r");
  const end = await Promise.race([status, until(/never/).catch(() => -1)]);
  expect(end).toBe(3);
});

describe("where nobody can work", () => {
  test("no terminal", async () => {
    const { seat, surroundings } = setUp();
    const streams = { ...seat, stdin: Object.assign(Object.create(seat.stdin), { isTTY: false }) };
    await expect(exam({ ...surroundings, streams })).rejects.toThrow(
      "an exam needs a terminal: neither its input nor its output can be redirected",
    );
  });
  test("too small a terminal", async () => {
    const { surroundings } = setUp({ columns: 30, rows: 8 });
    await expect(practice(surroundings)).rejects.toThrow(
      "this terminal has 30 columns and 8 rows: practice needs 40 and 10",
    );
  });
  test("in 40 columns and 10 rows one can", async () => {
    const { seat, surroundings, until, act, frame } = setUp({ columns: 40, rows: 10 });
    const status = exam({ ...surroundings, paper: "two-tasks", seed: "1" });
    await until(/Enter begin/);
    await expect(frame()).toMatchFileSnapshot("frames/exam-intro-small.txt");
    await act("\r", /Esc back/);
    await expect(frame()).toMatchFileSnapshot("frames/exam-question-small.txt");
    await act(ESC, /candidate@base/);
    await act(F10, /Submit and see/);
    await act("2\r", /Result/);
    seat.type("q");
    expect(await status).toBe(0);
  });
});
