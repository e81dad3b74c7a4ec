import type { Program } from "../../../src/machine/define.ts";
import { root } from "../../../src/machine/define-files.ts";
import type { Process } from "../../../src/machine/process.ts";
import { type Completion, Terminal } from "../../../src/machine/terminal.ts";
import type { Host } from "../../machine/harness.ts";
import { shellHost } from "./shell-host.ts";

/** Somebody at a terminal with a shell: lines go in through the line editor's door, output comes out. */
export interface Typist {
  readonly host: Host;
  readonly terminal: Terminal;
  readonly proc: Process;
  /** Everything shown since the last call, prompts included. */
  take(): string;
  /** Types a line at the prompt and runs what is due; gives what was shown. */
  type(text: string): string;
  /** Ctrl-C, Ctrl-Z and the like, or input for a program. */
  keys(text: string): string;
  /** Lets so many seconds pass. */
  pass(seconds: number): string;
  complete(text: string): Completion | undefined;
}

export interface TypistOptions {
  readonly argv?: readonly string[];
  readonly env?: Record<string, string>;
  readonly files?: Record<string, string>;
  readonly programs?: readonly Program[];
  readonly user?: "root" | "candidate";
}

export function typist(options: TypistOptions = {}): Typist {
  const host = shellHost(options.programs);
  const who = options.user === "candidate" ? { uid: 1000, gid: 1000, groups: [1000] } : root;
  host.files.mkdir("/home/candidate", root);
  host.files.chown("/home/candidate", 1000, 1000, root);
  for (const [path, text] of Object.entries(options.files ?? {})) {
    host.files.mkdir(path.slice(0, path.lastIndexOf("/")), root, { parents: true });
    host.files.write(path, text, root);
    if (options.user === "candidate") host.files.chown(path, 1000, 1000, root);
  }
  const terminal = new Terminal();
  let shown = "";
  let completion: Completion | undefined;
  terminal.onOutput = (text) => {
    shown += text;
  };
  terminal.onLineRequest = (request) => {
    if (request) shown += request.prompt;
  };
  terminal.onCompletion = (made) => {
    completion = made;
  };
  const home = options.user === "candidate" ? "/home/candidate" : "/root";
  const env = { PATH: "/usr/bin:/bin", HOME: home, TERM: "xterm", PS1: "$ ", ...options.env };
  const [name = "bash"] = options.argv ?? [];
  const program = host.machine.programs.get("bash");
  const { proc } = host.start(
    function* body(self) {
      self.argv = [name];
      return (yield* program?.run(self, (options.argv ?? []).slice(1)) ?? []) as number;
    },
    { env, cwd: home, who, terminal, group: "new" },
  );
  terminal.foreground = proc.group;
  const take = () => {
    const text = shown;
    shown = "";
    return text;
  };
  host.settle();
  run(host, 0.05);
  return {
    host,
    terminal,
    proc,
    take,
    type(text) {
      terminal.answer({ type: "line", text });
      run(host, 0.05);
      return take();
    },
    keys(text) {
      terminal.input(text);
      run(host, 0.05);
      return take();
    },
    pass(seconds) {
      run(host, seconds);
      return take();
    },
    complete(text) {
      completion = undefined;
      terminal.answer({ type: "complete", text, cursor: text.length });
      run(host, 0.05);
      return completion;
    },
  };
}

function run(host: Host, seconds: number): void {
  host.clock.run(host.clock.now + seconds * 1_000_000);
}
