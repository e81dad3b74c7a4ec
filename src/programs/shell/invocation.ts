import { setOptions } from "./options.ts";

/** A command line of bash, taken apart. */
export interface Invocation {
  readonly command: string | undefined;
  readonly file: string | undefined;
  readonly fromStdin: boolean;
  readonly args: readonly string[];
  /** What `$0` is with -c, where it is given. */
  readonly commandName: string | undefined;
  readonly login: boolean;
  readonly forcedInteractive: boolean;
  readonly posix: boolean;
  readonly noProfile: boolean;
  readonly noRc: boolean;
  readonly rcFile: string | undefined;
  readonly show: "version" | "help" | undefined;
  readonly on: readonly string[];
  readonly off: readonly string[];
  readonly shopts: readonly (readonly [name: string, on: boolean])[];
  /** What is wrong with it. */
  readonly wrong: string | undefined;
}

type Draft = { -readonly [K in keyof Invocation]: Invocation[K] } & {
  on: string[];
  off: string[];
  shopts: (readonly [string, boolean])[];
};

/** Reads the arguments of bash: long options first, then letters, then a command, a file or nothing. */
export function invocationOf(argv: readonly string[]): Invocation {
  const draft: Draft = {
    command: undefined,
    file: undefined,
    fromStdin: false,
    args: [],
    commandName: undefined,
    login: false,
    forcedInteractive: false,
    posix: false,
    noProfile: false,
    noRc: false,
    rcFile: undefined,
    show: undefined,
    on: [],
    off: [],
    shopts: [],
    wrong: undefined,
  };
  let at = 0;
  let takesCommand = false;
  for (; at < argv.length; at++) {
    const arg = argv[at] as string;
    if (arg === "--" || arg === "-") {
      at++;
      break;
    }
    if (arg.startsWith("--")) {
      at += long(draft, arg, argv[at + 1]);
      if (draft.wrong !== undefined) return draft;
    } else if (/^[-+]./.test(arg)) {
      for (const letter of arg.slice(1)) {
        if (letter === "c") takesCommand = true;
        else if (letter === "o" || letter === "O") at += named(draft, letter, arg[0] === "-", argv[at + 1]);
        else short(draft, letter, arg[0] === "-");
        if (draft.wrong !== undefined) return draft;
      }
    } else break;
  }
  rest(draft, argv.slice(at), takesCommand);
  return draft;
}

function rest(draft: Draft, left: readonly string[], takesCommand: boolean): void {
  if (takesCommand) {
    if (left[0] === undefined) draft.wrong = "-c: option requires an argument";
    draft.command = left[0];
    draft.commandName = left[1];
    draft.args = left.slice(2);
  } else if (draft.fromStdin || left[0] === undefined) {
    draft.fromStdin = true;
    draft.args = left;
  } else {
    draft.file = left[0];
    draft.args = left.slice(1);
  }
}

/** How many further arguments the option took. */
function long(draft: Draft, arg: string, next: string | undefined): number {
  switch (arg) {
    case "--login":
      draft.login = true;
      return 0;
    case "--norc":
      draft.noRc = true;
      return 0;
    case "--noprofile":
      draft.noProfile = true;
      return 0;
    case "--posix":
      draft.posix = true;
      return 0;
    case "--rcfile":
    case "--init-file":
      draft.rcFile = next;
      if (next === undefined) draft.wrong = `${arg}: option requires an argument`;
      return 1;
    case "--version":
    case "--help":
      draft.show = arg === "--version" ? "version" : "help";
      return 0;
    case "--verbose":
      draft.on.push("verbose");
      return 0;
    case "--noediting":
    case "--restricted":
      return 0;
    default:
      draft.wrong = `${arg}: invalid option`;
      return 0;
  }
}

function named(draft: Draft, letter: "o" | "O", on: boolean, name: string | undefined): number {
  if (name === undefined) return 0;
  if (letter === "O") draft.shopts.push([name, on]);
  else if (!setOptions.some((option) => option.name === name)) draft.wrong = `${name}: invalid option name`;
  else (on ? draft.on : draft.off).push(name);
  return 1;
}

function short(draft: Draft, letter: string, on: boolean): void {
  const option = setOptions.find((known) => known.letter === letter);
  if (letter === "i") draft.forcedInteractive = on;
  else if (letter === "l") draft.login = on;
  else if (letter === "s") draft.fromStdin = on;
  else if (option) (on ? draft.on : draft.off).push(option.name);
  else if (letter !== "r" && letter !== "D") draft.wrong = `${on ? "-" : "+"}${letter}: invalid option`;
}
