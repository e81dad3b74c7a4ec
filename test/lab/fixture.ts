import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Screen, Session } from "../../src/lab/define.ts";
import type { HostClock } from "../../src/lab/pace.ts";

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "cka-lab-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A wall clock that goes on only when it is told to. */
export class ManualClock implements HostClock {
  private time = 0;

  now(): number {
    return this.time;
  }

  later(run: () => void): () => void {
    const soon = setImmediate(run);
    return () => clearImmediate(soon);
  }

  pass(milliseconds: number): void {
    this.time += milliseconds;
  }
}

/** A screen that remembers what it shows. */
export class TestScreen implements Screen {
  text = "";
  prompt: string | undefined;
  status: number | undefined;
  words: readonly string[] = [];

  output(text: string): void {
    this.text += text;
  }
  lineRequest(request: { prompt: string } | undefined): void {
    this.prompt = request?.prompt;
  }
  completion(completion: { words: readonly string[] }): void {
    this.words = completion.words;
  }
  ended(status: number): void {
    this.status = status;
  }
}

/** Lets the wall clock go on in small steps until something holds. */
export async function until(clock: ManualClock, holds: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 20_000; i++) {
    if (holds()) return;
    clock.pass(3);
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`waited in vain until ${what}`);
}

/** Types a line at the prompt and waits for the next one. */
export async function type(clock: ManualClock, session: Session, screen: TestScreen, line: string): Promise<void> {
  await until(clock, () => screen.prompt !== undefined, `a prompt for: ${line}`);
  screen.prompt = undefined;
  session.answer({ type: "line", text: line });
  await until(
    clock,
    () => screen.prompt !== undefined || screen.status !== undefined,
    `the end of: ${line}\n${screen.text}`,
  );
}
