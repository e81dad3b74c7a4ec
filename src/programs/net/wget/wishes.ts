import { civilTime } from "../../../base/time.ts";
import type { Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import type { Given } from "../../text/options.ts";

/** A try that failed: wget's exit status, and whether another try may help. */
export class Attempt extends Error {
  readonly status: number;
  readonly again: boolean;

  constructor(status: number, again = false) {
    super();
    this.status = status;
    this.again = again;
  }
}

/** The options of a line as the downloads ask for them. */
export class Wishes {
  readonly proc: Process;
  private readonly given: readonly Given[];

  constructor(proc: Process, given: readonly Given[]) {
    this.proc = proc;
    this.given = given;
  }

  has(key: string): boolean {
    return this.given.some((one) => one.key === key);
  }

  value(key: string): string | undefined {
    return this.given.findLast((one) => one.key === key)?.value;
  }

  all(key: string): string[] {
    return this.given.filter((one) => one.key === key).map(({ value = "" }) => value);
  }

  seconds(...keys: readonly string[]): number | undefined {
    const value = keys.map((key) => this.value(key)).find((one) => one !== undefined);
    return value === undefined || Number(value) === 0 ? undefined : Number(value);
  }

  /** Words about every step, as without -q and -nv. */
  *say(text: string): Task {
    if (!this.has("q") && !this.has("nv")) yield* this.proc.write(2, text);
  }

  /** Words that -nv shows, too. */
  *note(text: string): Task {
    if (!this.has("q")) yield* this.proc.write(2, text);
  }

  /** 2026-11-21 19:05:28 */
  get time(): string {
    const t = civilTime(this.proc.machine.kernel.clock.now);
    const two = (n: number) => String(n).padStart(2, "0");
    return `${t.year}-${two(t.month)}-${two(t.day)} ${two(t.hour)}:${two(t.minute)}:${two(t.second)}`;
  }
}
