import type { Candidates, Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";

/** A flag as pflag knows it. Made by the functions of flag-types.ts. */
export interface Flag<T = unknown> {
  readonly type: string;
  readonly initial: T;
  readonly short?: string | undefined;
  readonly text: string;
  /** What the flag alone, without a value, stands for (pflag's NoOptDefVal). A flag with it takes no next word. */
  readonly bare?: string | undefined;
  /** How --help shows the default. */
  readonly shown: string;
  readonly hidden?: boolean | undefined;
  /** Still works, with this advice on stderr. */
  readonly deprecated?: string | undefined;
  /** What may stand after it; file names where nothing is said. */
  readonly complete?: Completer | undefined;
  /** The value after one more appearance. Throws FormatError with Go's words. */
  set(text: string, before: T, first: boolean): T;
}

/** A place in a command line: the words before it that are no flags, and what is typed there so far. */
export interface Asked {
  readonly context: Context;
  readonly args: readonly string[];
  readonly typed: string;
}

export type Completer = (asked: Asked) => Task<Candidates>;

// biome-ignore lint/suspicious/noExplicitAny: a table of flags holds values of any type; FlagValues knows which.
export type Flags = Readonly<Record<string, Flag<any>>>;

export type FlagValues<F extends Flags> = { readonly [N in keyof F]: F[N] extends Flag<infer T> ? T : never };

/** A command line, taken apart. */
export interface Input<F extends Flags = Flags> {
  readonly flags: FlagValues<F>;
  /** The names of the flags that were given, global ones too. */
  readonly given: ReadonlySet<string>;
  readonly args: readonly string[];
  /** How many of the arguments stood before `--`. */
  readonly dash: number | undefined;
}

/**
 * A command of kubectl: declared, checked, run. Its file is verbs/NAME.ts or, where the path has several words,
 * verbs/GROUP/NAME.ts. `export const scale: Verb<typeof flags> = { … }`, listed in verbs/index.ts.
 */
export interface Verb<F extends Flags = Flags> {
  /** ["create", "configmap"] */
  readonly path: readonly string[];
  readonly aliases?: readonly string[];
  /** What follows "kubectl" in the usage line: "scale --replicas=COUNT (-f FILENAME | TYPE NAME)". */
  readonly usage: string;
  /** One line, for lists of commands. */
  readonly short: string;
  /** What --help says above the flags; `short` with a full stop where left out. */
  readonly long?: string;
  /** Command lines, for --help. */
  readonly examples?: readonly string[];
  /** Not listed; "in help": only Tab offers it. */
  readonly hidden?: true | "in help";
  readonly flags?: F;
  /** How a flag that cannot be read is answered, where that is special (diff exits 2). */
  readonly flagFault?: (text: string) => Error;
  /**
   * What is wrong with the words alone: a text for `error: …`; or a fault (UsageFault, HelpFault, CommandFault), which is
   * told before what is wrong with the kubeconfig. Pure.
   */
  check?(input: Input<F>): string | Error | undefined;
  /** Does it. The exit status is 0 where nothing is returned; faults are thrown. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a generator that returns nothing has the type void.
  run(context: Context, input: Input<F>): Task<number | void>;
  /**
   * What of the kubeconfig is looked at before anything else: the namespace of its context, or all of the connection; of
   * none where it is not needed, or what the command is about.
   */
  readonly config?: "namespace" | "whole" | "none";
  /** Flags without which it does not run. */
  readonly required?: readonly (keyof F & string)[];
  /** What may stand at the cursor; file names where nothing is said. */
  readonly complete?: Completer;
}

/** A command that only holds others: kubectl config. One that also runs by itself (create, apply) is a Verb. */
export interface Group {
  readonly path: readonly string[];
  readonly aliases?: readonly string[];
  readonly usage: string;
  readonly short: string;
  readonly long?: string;
  /** What it does alone, where it is not to show its help on stderr and fail; with `anyWords` also before unknown words. */
  readonly alone?: { readonly on: "out" | "err"; readonly status: number; readonly anyWords?: boolean };
}
