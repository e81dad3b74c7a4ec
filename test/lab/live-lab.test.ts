import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { beginAttempt, openShell, resumeAttempt } from "../../src/lab/attempts.ts";
import type { ExamAttempt } from "../../src/lab/exam-attempt.ts";
import { Library } from "../../src/lab/library.ts";
import { AttemptStore } from "../../src/lab/store.ts";
import { ManualClock, TestScreen, temporaryFolder, type, until } from "./fixture.ts";

const library = new Library();
const now = new Date(Date.UTC(2026, 9, 1, 8));

function startExam(): { attempt: ExamAttempt; clock: ManualClock; store: AttemptStore } {
  const clock = new ManualClock();
  const store = new AttemptStore(join(temporaryFolder(), "attempts"));
  const attempt = beginAttempt("exam", library.paper("first"), "3", { library, store, clock, now });
  run(attempt);
  return { attempt, clock, store };
}

function run(lab: { start(onFault: (error: unknown) => void): void; stop(): Promise<void> }): void {
  lab.start((error) => {
    throw error;
  });
  onTestFinished(() => lab.stop());
}

function screenOf(lab: ExamAttempt, id?: number): { session: ReturnType<ExamAttempt["open"]>; screen: TestScreen } {
  const session = id === undefined ? lab.open() : lab.sessions[id]!;
  const screen = new TestScreen();
  session.attach(screen);
  return { session, screen };
}

test("from base to a task's host, to its worker, and back", async () => {
  const { attempt, clock } = startExam();
  const { session, screen } = screenOf(attempt);
  await type(clock, session, screen, "hostname; type kubectl 2> no-kubectl; wc -l < no-kubectl");
  expect(screen.text).toBe("base\n1\n");
  const { host } = attempt.tasks[0]!.task;
  await type(clock, session, screen, `ssh ${host}`);
  expect(session.host).toBe(host);
  await type(clock, session, screen, "hostname; ssh worker-1 hostname");
  expect(screen.text).toBe(`base\n1\n${host}\nworker-1\n`);
  await type(clock, session, screen, "exit 3");
  expect(session.host).toBe("base");
  await type(clock, session, screen, `echo $?; ssh root@${host}; ssh nowhere`);
  expect(screen.text).toContain(`Connection to ${host} closed.\n3\nroot@${host}: Permission denied (publickey).\n`);
  expect(screen.text).toContain("Could not resolve hostname nowhere");
  await type(clock, session, screen, `ssh ${host} cat /etc/hostname | tr a-z A-Z; echo 'id -un' | ssh ${host}`);
  expect(screen.text.trimEnd().split("\n").slice(-2)).toEqual([host.toUpperCase(), "candidate"]);
  await type(clock, session, screen, "exit");
  expect([session.ended, screen.status]).toEqual([true, 0]);
});

test("Ctrl-C ends a busy loop, and what is typed meanwhile is not lost", async () => {
  const { attempt, clock } = startExam();
  const { session, screen } = screenOf(attempt);
  await until(clock, () => screen.prompt !== undefined, "a prompt");
  screen.prompt = undefined;
  session.answer({ type: "line", text: "while :; do :; done" });
  for (let i = 0; i < 20; i++) {
    clock.pass(3);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(screen.prompt).toBeUndefined();
  session.input("\u0003");
  await until(clock, () => screen.prompt !== undefined, "a prompt after Ctrl-C");
  expect(screen.text).toBe("^C\n");
  await type(clock, session, screen, "echo $?");
  expect(screen.text).toBe("^C\n130\n");
});

test("an attempt comes back byte for byte, with its clock", async () => {
  const { attempt, clock, store } = startExam();
  const { session, screen } = screenOf(attempt);
  const { host } = attempt.tasks[0]!.task;
  await type(clock, session, screen, `echo notes > notes; ssh ${host}`);
  await type(clock, session, screen, "x=kept; mktemp; echo $RANDOM; sleep 2; date +%s.%N");
  await type(clock, session, screen, "cat > half << EOF");
  await type(clock, session, screen, "first line");
  attempt.flag(2, true);
  await attempt.stop();
  const { elapsed } = attempt;

  const back = await resumeAttempt(undefined, { library, store, clock });
  expect(back.elapsed).toBe(elapsed);
  expect(back.tasks.map(({ flagged }) => flagged)).toEqual([false, true, false, false, false]);
  expect(back.sessions.map((one) => [one.host, one.recent, one.request?.prompt])).toEqual(
    attempt.sessions.map((one) => [one.host, one.recent, one.request?.prompt]),
  );
  run(back);
  run(attempt);
  const again = screenOf(back, 0);
  expect(again.screen.prompt).toBe("> ");
  expect(back.sessions[0]?.recent).toContain("$ cat > half << EOF\n> first line\n");
  for (const line of ["second", "EOF", "echo $x; cat half; mktemp; echo $RANDOM; exit", "cat notes"])
    await type(clock, again.session, again.screen, line);
  expect(again.screen.text).toContain("kept\nfirst line\nsecond\n");
  expect(again.screen.text).toContain("notes\n");
});

test("a killed attempt comes back from a cut journal", async () => {
  const { attempt, clock, store } = startExam();
  const { session, screen } = screenOf(attempt);
  await type(clock, session, screen, "echo one");
  const { journal } = store.unfinished()!;
  const before = readFileSync(journal, "utf8");
  expect(before).toContain('"echo one"');
  const back = await resumeAttempt(undefined, { library, store, clock });
  const again = screenOf(back, 0);
  run(back);
  await type(clock, again.session, again.screen, "echo two");
  expect(again.session.recent).toMatch(/echo one\none\n.*echo two\ntwo\n$/);
});

test("a reset gives a task a fresh world", async () => {
  const { attempt, clock } = startExam();
  const { session, screen } = screenOf(attempt);
  const { host } = attempt.tasks[1]!.task;
  await type(clock, session, screen, `ssh ${host}`);
  await type(clock, session, screen, "touch mine");
  let done = false;
  const reset = attempt.reset(2).then(() => {
    done = true;
  });
  await until(clock, () => done, "the reset");
  await reset;
  await until(clock, () => session.host === "base" && screen.prompt !== undefined, "base");
  expect(screen.text).toContain(`Connection to ${host} closed by remote host.\n`);
  await type(clock, session, screen, `ssh ${host} 'ls mine'`);
  expect(screen.text).toContain("No such file or directory");
});

test("a shell on a worker", async () => {
  const clock = new ManualClock();
  const lab = openShell({ library, host: "worker-2", clock, now });
  run(lab);
  const session = lab.open();
  const screen = new TestScreen();
  session.attach(screen);
  await type(clock, session, screen, "sudo -i");
  await type(clock, session, screen, "echo $(hostname) $(id -un); date +%F");
  expect(screen.text).toBe("worker-2 root\n2026-10-01\n");
  session.answer({ type: "complete", text: "systemc", cursor: 7 });
  await until(clock, () => screen.words.length > 0, "words");
  expect(screen.words).toEqual(["systemctl"]);
  expect(() => openShell({ library, host: "nowhere" })).toThrow(
    "there is no host nowhere; there are controlplane, worker-1, worker-2",
  );
});

test("an exam is finished with a report, which is kept", async () => {
  const { attempt, clock, store } = startExam();
  const { session, screen } = screenOf(attempt);
  const { task, weight } = attempt.tasks[0]!;
  await type(clock, session, screen, `ssh ${task.host}`);
  for (const line of task.solution.trimEnd().split("\n")) await type(clock, session, screen, line);
  let looked: number | undefined;
  void attempt.grade([1]).then(({ score }) => {
    looked = score;
  });
  await until(clock, () => looked !== undefined, "a look at the first task");
  const report = await attempt.finish();
  expect(report.tasks.map(({ points, of }) => points / of === 1)).toEqual([true, false, false, false, false]);
  expect(report.tasks.reduce((sum, one) => sum + one.weight, 0)).toBe(100);
  expect(report.score).toBeGreaterThanOrEqual(weight);
  expect(report.passed).toBe(false);
  expect(store.report(attempt.id)).toEqual(JSON.parse(JSON.stringify(report)));
  await expect(resumeAttempt(attempt.id, { library, store, clock })).rejects.toThrow("is finished");
});
