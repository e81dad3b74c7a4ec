import type { HttpsAnswer, LoginAnswer } from "../base/ports.ts";
import type { LineEvent } from "../machine/terminal.ts";

/**
 * What comes into the worlds from outside: applied when all worlds have reached the same time, and written to the journal
 * with it. The same inputs at the same times give the same worlds.
 */
export type Input =
  | {
      readonly do: "open";
      readonly session: number;
      readonly host: string;
      readonly user: string;
      readonly columns: number;
      readonly rows: number;
    }
  | { readonly do: "keys"; readonly session: number; readonly text: string }
  | { readonly do: "line"; readonly session: number; readonly event: LineEvent }
  | { readonly do: "resize"; readonly session: number; readonly columns: number; readonly rows: number }
  | { readonly do: "hang-up"; readonly session: number }
  /** A host call's answer; an editor's is without its functions. */
  | {
      readonly do: "answer";
      readonly world: string;
      readonly call: number;
      readonly answer: EditorEnd | HttpsAnswer | LoginAnswer;
    }
  | { readonly do: "save"; readonly world: string; readonly call: number; readonly text: string }
  /** A login that was asked for by a host call begins. */
  | { readonly do: "enter"; readonly world: string; readonly call: number }
  | { readonly do: "flag"; readonly task: number; readonly on: boolean }
  | { readonly do: "hint"; readonly task: number }
  | { readonly do: "reset"; readonly task: number }
  | { readonly do: "grade"; readonly tasks: readonly number[] }
  /** Nothing: says how far time went. */
  | { readonly do: "wait" };

export interface EditorEnd {
  readonly status: number;
  readonly text?: string;
  readonly error?: string;
}
