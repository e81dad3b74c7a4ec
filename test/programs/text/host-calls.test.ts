import { describe, expect, it } from "vitest";
import type { EditorQuestion, HostPorts, JqQuestion } from "../../../src/base/ports.ts";
import { root } from "../../../src/machine/define-files.ts";
import { Terminal } from "../../../src/machine/terminal.ts";
import { textPrograms } from "../../../src/programs/text/index.ts";
import { makeHost, runUntilEnded } from "../../machine/harness.ts";

interface Asked {
  readonly port: string;
  readonly ask: unknown;
  readonly done: (answer: never) => void;
}

function withPorts() {
  const host = makeHost({ programs: textPrograms });
  const asked: Asked[] = [];
  const ports: HostPorts = {
    call: (port, ask, done) => void asked.push({ port, ask, done: done as (answer: never) => void }),
  };
  host.kernel.ports = ports;
  return { host, asked };
}

function runJq(argv: readonly string[], stdin: string, answers: readonly (readonly [string, string])[]) {
  const { host, asked } = withPorts();
  const running = host.start(["jq", ...argv], { stdin });
  const questions: JqQuestion[] = [];
  for (const [stdout, stderr] of answers) {
    host.settle();
    const next = asked.shift();
    if (!next) throw new Error("jq was not asked");
    questions.push(next.ask as JqQuestion);
    next.done({ stdout, stderr, status: 0 } as never);
  }
  runUntilEnded(host.kernel, running.proc);
  return { status: running.proc.status, stdout: running.stdout, stderr: running.stderr, questions };
}

describe("jq", () => {
  it("hands its flags, the filter and the input on", () => {
    const run = runJq(["-rc", "--arg", "n", "web", "--tab", ".a"], '{"a":1}\n', [["1\n", ""]]);
    expect(run.questions).toEqual([
      { flags: ["--raw-output", "--compact-output", "--arg", "n", "web", "--tab"], filter: ".a", input: '{"a":1}\n' },
    ]);
    expect(run).toMatchObject({ status: 0, stdout: "1\n" });
  });

  it.each([
    ["a wrong filter", [".["], "jq: error: syntax error\njq: 1 compile error\n", "", 3],
    ["no JSON", ["."], "jq: parse error: Unfinished JSON term at EOF at line 2, column 0\n", "", 2],
    ["an error in the run", [".a"], 'jq: error (at <stdin>:1): Cannot index number with "a"\n', "", 5],
    ["-e with null", ["-e", ".a"], "", "null\n", 1],
    ["-e with false", ["-e", ".a"], "", "true\nfalse\n", 1],
    ["-e with nothing", ["-e", "empty"], "", "", 4],
    ["-e with a value", ["-e", ".a"], "", "0\n", 0],
    ["null without -e", [".a"], "", "null\n", 0],
  ])("derives the status of %s", (_name, argv, stderr, stdout, status) => {
    expect(runJq(argv, "{}\n", [[stdout, stderr]]).status).toBe(status);
  });

  it("says which file cannot be opened", () => {
    const run = runJq([".", "/none"], "", [["", ""]]);
    expect(run).toMatchObject({ status: 2, stderr: "jq: error: Could not open /none: No such file or directory\n" });
  });

  it("refuses what is not simulated", () => {
    expect(runJq(["--slurpfile", "a", "b", "."], "", [])).toMatchObject({
      status: 2,
      stderr: "jq: --slurpfile is not simulated\n",
    });
  });
});

function edit(argv: readonly string[], answer: (question: EditorQuestion) => unknown, prepare: Record<string, string>) {
  const { host, asked } = withPorts();
  host.files.mkdir("/home", root);
  host.files.mkdir("/home/ann", root);
  host.files.chown("/home/ann", 1000, 1000, root);
  for (const [name, text] of Object.entries(prepare)) host.files.write(name, text, root);
  const terminal = new Terminal();
  let shown = "";
  terminal.onOutput = (text) => {
    shown += text;
  };
  const who = { uid: 1000, gid: 1000, groups: [1000] };
  const running = host.start(argv, { terminal, who, cwd: "/home/ann", env: { HOME: "/home/ann" } });
  host.settle();
  const question = asked[0]?.ask as EditorQuestion;
  asked[0]?.done(answer(question) as never);
  runUntilEnded(host.kernel, running.proc);
  const read = (name: string) => (host.files.find(name, root) ? host.files.read(name, root) : undefined);
  return { status: running.proc.status, question, shown, read };
}

describe("the editor", () => {
  it("gets the text and the user's vimrc, and writes back as the user", () => {
    const run = edit(["vim", "new.yaml"], () => ({ status: 0, text: "a: 1\n" }), {
      "/home/ann/.vimrc": "set et ts=2\n",
    });
    expect(run.question).toMatchObject({
      program: "vim",
      path: "/home/ann/new.yaml",
      text: "",
      readOnly: false,
      config: "set et ts=2\n",
    });
    expect(run.read("/home/ann/new.yaml")).toBe("a: 1\n");
  });

  it("leaves no file where nothing was written", () => {
    const run = edit(["vi", "new"], () => ({ status: 0, text: undefined }), {});
    expect([run.status, run.read("/home/ann/new")]).toEqual([0, undefined]);
  });

  it("writes as soon as the user does", () => {
    let seen: string | undefined;
    const run = edit(
      ["vim", "f"],
      (question) => {
        question.onWrite("first\n");
        seen = "written";
        return { status: 0, text: "second\n" };
      },
      {},
    );
    expect([seen, run.read("/home/ann/f")]).toEqual(["written", "second\n"]);
  });

  it("opens a file of root read-only and does not change it", () => {
    const run = edit(["vim", "/etc-file"], () => ({ status: 0, text: "changed" }), { "/etc-file": "kept\n" });
    expect(run.question.readOnly).toBe(true);
    expect([run.status, run.read("/etc-file")]).toEqual([1, "kept\n"]);
    expect(run.shown).toContain("Permission denied");
  });
});
