import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { RunningProgram } from "./emulator.ts";

const root = join(import.meta.dirname, "../..");
const program = join(root, "bin/cka-lab.js");
const hasVim = (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, "vim")));
const ESC = "\u001b";

let running: RunningProgram | undefined;
let home = "";

/** Starts the built program in a terminal of its own. */
function start(...args: string[]): RunningProgram {
  home = mkdtempSync(join(tmpdir(), "cka-lab-"));
  const env = { HOME: home, CKA_LAB_HOME: home, PATH: process.env.PATH ?? "", TERM: "xterm-256color", LANG: "C.UTF-8" };
  running = new RunningProgram(process.execPath, [program, ...args], env);
  return running;
}

/** Starts `cka-lab shell` and waits for its first prompt. */
async function startShell(): Promise<RunningProgram> {
  const shell = start("shell");
  await shell.until(/candidate@controlplane:~\$$/);
  return shell;
}

beforeAll(() => void execFileSync(process.execPath, [join(root, "scripts/build.js")], { stdio: "inherit" }), 120_000);

afterEach(() => {
  if (running?.exitCode === undefined) running?.pty.kill();
  running = undefined;
  rmSync(home, { recursive: true, force: true });
});

describe("a shell", () => {
  test("has a prompt, completion and a cluster, and ends with its status", async () => {
    const shell = await startShell();
    shell.type("kubectl get node\ts\r");
    await shell.until(/worker-2 +Ready[\s\S]*\$$/);
    shell.type("exit 3\r");
    expect(await shell.ended()).toBe(3);
  });

  test("takes what is typed before its cluster is there", async () => {
    const shell = start("shell");
    await shell.until(/candidate@controlplane:~\$/);
    shell.type(`${ESC}[200~echo a\recho b${ESC}[201~\rkubectl get ns kube-system -o name\r`);
    await shell.until(/\na\nb\n.*\$ kubectl get ns kube-system -o name\nnamespace\/kube-system\n.*\$$/);
  });

  test("leaves what scrolls off in the terminal's history", async () => {
    const shell = await startShell();
    shell.type("seq 100\r");
    await shell.until(/\n100\n.*\$$/);
    const numbers = shell.emulator.history.filter((line) => /^\d+$/.test(line));
    expect(numbers).toEqual(Array.from({ length: 100 }, (_none, i) => String(i + 1)));
  });

  test("what is typed while a command runs is kept, and Ctrl-C ends an endless loop", async () => {
    const shell = await startShell();
    shell.type("sleep 0.3; echo slept\recho early\r");
    await shell.until(/\nslept\n.*echo early\nearly\n.*\$$/);
    shell.type("echo begun; while :; do :; done\r");
    await shell.until(/\nbegun$/);
    shell.type("\u0003");
    await shell.until(/\^C\n.*\$$/);
    shell.type("echo $?\r");
    await shell.until(/\n130\n.*\$$/);
  });

  test("inserts a paste of several lines without running it", async () => {
    const shell = await startShell();
    shell.type(`${ESC}[200~echo a\recho b${ESC}[201~`);
    await shell.until(/echo a\necho b$/);
    shell.type("\r");
    await shell.until(/echo b\na\nb\n.*\$$/);
  });

  test.skipIf(!hasVim)("has the user's own vim, on the simulated file", async () => {
    const shell = await startShell();
    shell.type("vim note.txt; cat note.txt\r");
    await shell.until(({ onAlternateScreen }) => onAlternateScreen);
    shell.type("ihello");
    await shell.until(/hello/);
    shell.type(`${ESC}:wq\r`);
    await shell.until((emulator) => !emulator.onAlternateScreen && /\nhello\n.*\$$/.test(emulator.text));
    shell.type("echo typed\r");
    await shell.until(/\ntyped\n.*\$$/);
  });

  test("gives the terminal back when it is asked to end", async () => {
    const shell = await startShell();
    process.kill(shell.pty.pid, "SIGTERM");
    expect(await shell.ended()).toBe(143);
    expect(shell.emulator.xterm.modes.bracketedPasteMode).toBe(false);
  });
});

test("an exam: question, list of tasks, a task's host, submission, score", async () => {
  const exam = start("exam", "--seed", "5");
  await exam.until(/Enter begin/);
  exam.type("\r");
  await exam.until(/Solve this task on host/);
  exam.type(ESC);
  await exam.until(/candidate@base:~\$[\s\S]* Task 1.\d+ · .* F10 end/);
  exam.type("\u001bOQ");
  await exam.until(/f flag/);
  exam.type("j\r");
  await exam.until(/Task 2.*\n[\s\S]*Solve this task/);
  const host = / ssh (\S+)/.exec(exam.emulator.text)?.[1] ?? "";
  exam.type(ESC);
  await exam.until(/candidate@base:~\$\n+ Task 2/);
  exam.type(`ssh ${host}\r`);
  await exam.until(new RegExp(`candidate@${host}:~\\$\\n`));
  exam.type("k get no\r");
  await exam.until(/control-plane[\s\S]*:~\$\n/);
  exam.type("\u001b[21~");
  await exam.until(/Submit the exam/);
  exam.type("j\r");
  await exam.until(/Result[\s\S]*pass mark 66 %/, 60);
  exam.type("q");
  expect(await exam.ended()).toBe(0);
  await exam.until(/report\.json$/);
  expect(exam.emulator.onAlternateScreen).toBe(false);
});

test("without a terminal one sentence and status 2", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, "exam"], { encoding: "utf8", input: "" });
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: "",
    stderr: "cka-lab: an exam needs a terminal: neither its input nor its output can be redirected\n",
  });
});
