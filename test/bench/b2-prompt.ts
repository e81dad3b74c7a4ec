import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type IPty, spawn } from "@lydell/node-pty";
import { builtProgram } from "./b1-process-start.ts";
import type { Benchmark } from "./define.ts";
import { plainEnvironment } from "./measure.ts";

const ROUNDS = 9;
const ENTERS = 20;
/** No prompt takes so long. */
const LIMIT = 20_000;

const readlinePrompt = `import { createInterface } from "node:readline";
const line = createInterface({ input: process.stdin, output: process.stdout, prompt: "prompt$ " });
line.on("line", () => line.prompt());
line.prompt();
`;

/** A prompt, after which only the cursor is moved. */
const atPrompt = /[$#] (\r|\u001b\[[0-9;?]*[A-Za-z])*$/;

/** Waits until what came since the last call ends in a prompt. */
function nextPrompt(pty: IPty): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = "";
    const timer = setTimeout(
      () => reject(new Error(`no prompt came, only ${JSON.stringify(seen.slice(-400))}`)),
      LIMIT,
    );
    const listening = pty.onData((text) => {
      seen += text;
      if (!atPrompt.test(seen)) return;
      clearTimeout(timer);
      listening.dispose();
      resolve();
    });
  });
}

/** Waits until a line begins with a text. */
function answer(pty: IPty, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = "";
    const timer = setTimeout(
      () => reject(new Error(`no answer came, only ${JSON.stringify(seen.slice(-400))}`)),
      LIMIT,
    );
    const listening = pty.onData((data) => {
      seen += data;
      if (!seen.includes(`\n${text}`)) return;
      clearTimeout(timer);
      listening.dispose();
      resolve();
    });
  });
}

interface Times {
  /** Milliseconds to the first prompt. */
  readonly first: number;
  /** To the answer of a line that is typed as soon as the prompt is there. */
  readonly answered: number | undefined;
  /** From Enter to each further prompt. */
  readonly enters: readonly number[];
}

async function session(args: readonly string[], home: string, isShell: boolean): Promise<Times> {
  const start = performance.now();
  const env = plainEnvironment({
    HOME: home,
    TERM: "xterm-256color",
    XDG_STATE_HOME: home,
    XDG_DATA_HOME: home,
    CKA_LAB_HOME: home,
  });
  const pty = spawn(process.execPath, [...args], { cols: 100, rows: 30, env });
  await nextPrompt(pty);
  const first = performance.now() - start;
  let answered: number | undefined;
  if (isShell) {
    pty.write("echo o''k\r");
    await answer(pty, "ok");
    answered = performance.now() - start;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  const enters: number[] = [];
  for (let i = 0; i < ENTERS; i++) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    const at = performance.now();
    const came = nextPrompt(pty);
    pty.write("\r");
    await came;
    enters.push(performance.now() - at);
  }
  pty.kill("SIGKILL");
  return { first, answered, enters };
}

export const b2: Benchmark = {
  name: "B2",
  title: "prompt",
  async run(tell) {
    const program = await builtProgram();
    const home = mkdtempSync(join(tmpdir(), "cka-lab-bench-"));
    try {
      const bare = join(home, "prompt.mjs");
      writeFileSync(bare, readlinePrompt);
      const ours = { first: [] as number[], enters: [] as number[] };
      const answers: number[] = [];
      const theirs = { first: [] as number[], enters: [] as number[] };
      for (let round = 0; round < ROUNDS; round++) {
        for (const [kept, args] of [
          [theirs, [bare]],
          [ours, [program, "shell"]],
        ] as const) {
          const { first, answered, enters } = await session(args, home, kept === ours);
          if (answered !== undefined) answers.push(answered);
          kept.first.push(first);
          kept.enters.push(...enters);
        }
      }
      const reference = "bare readline prompt";
      tell({
        name: "spawn to first prompt",
        samples: ours.first,
        reference: { name: reference, samples: theirs.first },
        target: "2.5",
      });
      tell({
        name: "spawn to the first line's answer",
        samples: answers,
        reference: { name: reference, samples: theirs.first },
        target: "",
      });
      tell({
        name: "Enter to next prompt",
        samples: ours.enters,
        reference: { name: reference, samples: theirs.enters },
        target: "5 ms p95",
      });
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
};
