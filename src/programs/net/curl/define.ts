import type { Process } from "../../../machine/process.ts";
import { CookieJar } from "./cookies.ts";
import type { CurlLine } from "./options.ts";

/** A transfer that failed: curl's status and words. */
export class CurlFault extends Error {
  readonly status: number;

  constructor(status: number, words: string) {
    super(words);
    this.status = status;
  }
}

/** The options of a line as transfers ask for them. */
export class Settings {
  readonly given: CurlLine["given"];
  /** The cookies that its transfers know. */
  readonly jar = new CookieJar();
  /** The form that it sends, once that is made. */
  form: { readonly body: string; readonly boundary: string } | undefined;

  constructor({ given }: CurlLine) {
    this.given = given;
  }

  has(name: string): boolean {
    return this.given.findLast(([one]) => one === name || one === `no ${name}`)?.[0] === name;
  }

  /** The value given last. */
  value(name: string): string | undefined {
    return this.given.findLast(([one]) => one === name)?.[1];
  }

  all(...names: readonly string[]): (readonly [name: string, value: string])[] {
    return this.given.filter(([one]) => names.includes(one));
  }

  number(name: string): number | undefined {
    const value = this.value(name);
    return value === undefined || Number(value) === 0 ? undefined : Number(value);
  }
}

/** What a transfer knows of where its own words and the body go. */
export interface Talk {
  readonly proc: Process;
  readonly settings: Settings;
  /** Whether the body goes to a terminal: then neither the meter nor numbers of bytes are shown. */
  readonly toTerminal: boolean;
}

/** A line of -v. */
export function* remark({ proc, settings }: Talk, text: string) {
  if (settings.has("verbose")) yield* proc.write(2, `${text}\n`);
}

/** A line of -v about bytes that went by. */
export function* passed(talk: Talk, direction: "{" | "}", bytes: number) {
  if (!talk.toTerminal) yield* remark(talk, `${direction} [${bytes} bytes data]`);
}
