import type { Candidates, Program, Task } from "../../../machine/define.ts";
import type { Completion } from "../../../machine/terminal.ts";
import { candidates, commandsFor, filesFor } from "../complete-words.ts";
import type { CompletionSpec } from "../define.ts";
import type { Shell } from "../shell.ts";
import { type CommandLine, commandLine } from "./command-line.ts";

/** What Tab offers at the cursor: commands, variables, files, or what the command's own completion says. */
export function* complete(shell: Shell, text: string, cursor: number): Task<Completion> {
  const line = commandLine(text.slice(0, cursor));
  const word = line.words.at(-1) ?? "";
  const variable = /\$(\{?)(\w*)$/.exec(line.typed);
  if (variable && line.quote !== "'") return variables(shell, line, variable);
  if (line.redirected) return files(line, yield* filesFor(shell, word, false, true));
  const words = afterPrefixes(line.words);
  if (words.length === 1) return yield* commands(shell, line, word);
  return yield* argument(shell, { ...line, words }, word);
}

/** Commands whose arguments are a command themselves. */
const prefixes = new Set([
  "sudo",
  "exec",
  "command",
  "builtin",
  "nohup",
  "watch",
  "xargs",
  "env",
  "time",
  "type",
  "which",
]);

function afterPrefixes(words: readonly string[]): readonly string[] {
  let at = 0;
  while (at < words.length - 1 && prefixes.has(words[at] as string)) {
    at++;
    while (at < words.length - 1 && /^-|^[A-Za-z_]\w*=/.test(words[at] as string)) at++;
  }
  return words.slice(at);
}

function variables(shell: Shell, line: CommandLine, [whole, brace = "", start = ""]: RegExpExecArray): Completion {
  const words = shell.vars.names(start).map((name) => `$${brace}${name}${brace === "" ? "" : "}"}`);
  return { from: line.from + line.typed.length - whole.length, words };
}

function* commands(shell: Shell, line: CommandLine, word: string): Task<Completion> {
  if (word.includes("/") || word.startsWith("~")) {
    const { machine, credentials } = shell.proc;
    const found = yield* filesFor(shell, word, false, true);
    return files(
      line,
      found.filter(
        (path) =>
          path.endsWith("/") ||
          machine.files.may(path.startsWith("/") ? path : `${shell.proc.cwd}/${path}`, "x", credentials),
      ),
    );
  }
  if (word === "" && line.words.length === 1) return { from: line.from, words: [] };
  return { from: line.from, words: yield* commandsFor(shell, word) };
}

/** File names as they must be typed; a single folder gets no blank behind it. */
function files(line: CommandLine, paths: readonly string[]): Completion {
  const words = paths.map((path) => spelled(path, line.quote));
  return { from: line.from, words, noSpace: paths.length === 1 && (paths[0] ?? "").endsWith("/") };
}

function spelled(word: string, quote: CommandLine["quote"]): string {
  if (quote === "'") return `'${word}${word.endsWith("/") ? "" : "'"}`;
  if (quote === '"') return `"${word.replace(/["\\$`]/g, "\\$&")}${word.endsWith("/") ? "" : '"'}`;
  return word.replace(/[ '"\\|&;()<>!{}*[\]?^$`]/g, "\\$&");
}

function* argument(shell: Shell, line: CommandLine, word: string): Task<Completion> {
  const words = withoutAlias(shell, line.words);
  const name = words[0] ?? "";
  const spec = shell.completions.get(line.words[0] ?? "") ?? shell.completions.get(name) ?? shell.completions.get("-D");
  const program = programFor(shell, name, spec);
  const options = new Set(spec?.options);
  if (program?.complete) {
    // The program sees what the shell exports now.
    shell.proc.env = shell.vars.environment();
    return yield* byProgram(shell, line, word, yield* program.complete(shell.proc, words));
  }
  let found: readonly string[] = [];
  if (spec) {
    shell.completing = options;
    try {
      found = yield* candidates(shell, spec, word, words);
    } finally {
      shell.completing = undefined;
    }
    if (options.has("filenames")) return files(line, found);
  } else if (name === "cd" || name === "pushd" || name === "rmdir" || name === "mkdir")
    return files(line, yield* filesFor(shell, word, true, true));
  const fallsBack = !spec || program !== undefined || options.has("default") || options.has("bashdefault");
  if (found.length === 0 && fallsBack) return files(line, yield* filesFor(shell, word, false, true));
  return offered(line, word, found, options);
}

/** What a program says of its own arguments; file names where it leaves these to the shell. */
function* byProgram(
  shell: Shell,
  line: CommandLine,
  word: string,
  { words, about, noSpace, files: alsoFiles }: Candidates,
): Task<Completion> {
  if (words.length === 0 && alsoFiles) {
    const paths = yield* filesFor(shell, word, false, true);
    if (alsoFiles === true) return files(line, paths);
    return files(
      line,
      paths.filter((path) => path.endsWith("/") || alsoFiles.some((extension) => path.endsWith(`.${extension}`))),
    );
  }
  const found = offered(line, word, words, new Set(noSpace ? ["nospace"] : []));
  return about && words.length > 1 ? { ...found, shown: described(found.words, about) } : found;
}

/** Words with what is said about them, as kubectl's script for bash lists them: create  (Create a resource …) */
function described(words: readonly string[], about: ReadonlyMap<string, string>): readonly string[] {
  const width = Math.max(...words.map(({ length }) => length));
  return words.map((word) => {
    const text = about.get(word)?.split("\n")[0];
    return text ? `${word.padEnd(width)}  (${text})` : word;
  });
}

function offered(line: CommandLine, word: string, found: readonly string[], options: ReadonlySet<string>): Completion {
  const words = [...new Set(found)];
  // What completes the value of --flag=value may be the value alone.
  const equals = word.indexOf("=") + 1;
  const valueOnly = equals > 0 && words.length > 0 && words.every((one) => !one.startsWith(word.slice(0, equals)));
  const noSpace = options.has("nospace") || (words.length === 1 && /[=/]$/.test(words[0] ?? ""));
  return { from: valueOnly ? line.from + line.typed.indexOf("=") + 1 : line.from, words, noSpace };
}

/** `k get po` is completed as `kubectl get po`. */
function withoutAlias(shell: Shell, words: readonly string[]): readonly string[] {
  const value = shell.aliases.get(words[0] ?? "");
  if (value === undefined) return words;
  const expanded = value
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/^(["'])(.*)\1$/, "$2"));
  return [...expanded, ...words.slice(1)];
}

/** The program that completes its own arguments: the command's, or the one whose generated script was loaded (`__start_kubectl`). */
function programFor(shell: Shell, name: string, spec: CompletionSpec | undefined): Program | undefined {
  const { programs } = shell.proc.machine;
  const generated = /^__start_(.+)$/.exec(spec?.functionName ?? "")?.[1];
  if (spec && generated === undefined) return undefined;
  return programs.get(generated ?? name.slice(name.lastIndexOf("/") + 1));
}
