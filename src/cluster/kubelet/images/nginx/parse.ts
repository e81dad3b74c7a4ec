import { guestRegex } from "../../../../base/regex.ts";
import { Errno } from "../../../../machine/define.ts";

/** A directive of a configuration: its words, where it stands, and what is in its braces. */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  readonly file: string;
  readonly line: number;
  readonly block?: readonly Directive[] | undefined;
}

/** The files of a configuration. */
export interface ConfigurationFiles {
  /** Throws Errno. */
  text(path: string): string;
  /** "yes" or nothing. */
  has(path: string): string;
  /** What is in a folder, with a slash between. Throws Errno. */
  names(folder: string): string;
}

/** What is wrong with a configuration, in nginx' words: `unknown directive "x" in /etc/nginx/nginx.conf:3`. */
export class ConfigFault extends Error {
  constructor(words: string, at?: { readonly file: string; readonly line: number }) {
    super(at ? `${words} in ${at.file}:${at.line}` : words);
  }
}

interface Token {
  readonly text: string;
  readonly kind: "word" | ";" | "{" | "}" | "end";
  readonly line: number;
}

const FOLDER = "/etc/nginx";

/** Reads a configuration file with all that it includes (src/core/ngx_conf_file.c, 1.29). Throws ConfigFault. */
export function readConfiguration(files: ConfigurationFiles, path: string): readonly Directive[] {
  return readFile(files, path);
}

function readFile(files: ConfigurationFiles, path: string): readonly Directive[] {
  const tokens = tokensOf(textOf(files, path), path);
  const { value } = tokens.next();
  return readBlock(files, path, tokens, value as Token, true).directives;
}

function textOf(files: ConfigurationFiles, path: string): string {
  try {
    return files.text(path);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const number = error.code === "ENOENT" ? 2 : error.code === "EISDIR" ? 21 : 13;
    throw new ConfigFault(`open() "${path}" failed (${number}: ${error.message})`);
  }
}

function readBlock(
  files: ConfigurationFiles,
  file: string,
  tokens: Iterator<Token>,
  first: Token,
  outermost: boolean,
): { directives: readonly Directive[] } {
  const directives: Directive[] = [];
  let token = first;
  const next = () => {
    token = tokens.next().value as Token;
  };
  for (; ; next()) {
    const at = { file, line: token.line };
    if (token.kind === "end") {
      if (!outermost) throw new ConfigFault('unexpected end of file, expecting "}"', at);
      return { directives };
    }
    if (token.kind === "}") {
      if (outermost) throw new ConfigFault('unexpected "}"', at);
      return { directives };
    }
    if (token.kind !== "word") throw new ConfigFault(`unexpected "${token.kind}"`, at);
    const words: string[] = [];
    const { line } = token;
    while (token.kind === "word") {
      words.push(token.text);
      next();
    }
    const [name = "", ...args] = words;
    if (token.kind === "end")
      throw new ConfigFault('unexpected end of file, expecting ";" or "}"', { file, line: token.line });
    if (token.kind === "}") throw new ConfigFault('unexpected "}"', { file, line: token.line });
    if (token.kind === "{") {
      next();
      const { directives: block } = readBlock(files, file, tokens, token, false);
      directives.push({ name, args, file, line, block });
    } else if (name === "include" && args.length === 1)
      for (const path of includedBy(files, args[0] ?? "", { file, line })) directives.push(...readFile(files, path));
    else directives.push({ name, args, file, line: token.line });
  }
}

function includedBy(
  files: ConfigurationFiles,
  pattern: string,
  at: { readonly file: string; readonly line: number },
): readonly string[] {
  const path = pattern.startsWith("/") ? pattern : `${FOLDER}/${pattern}`;
  if (!/[*?[]/.test(path)) {
    if (files.has(path)) return [path];
    throw new ConfigFault(`open() "${path}" failed (2: No such file or directory)`, at);
  }
  const slash = path.lastIndexOf("/");
  const folder = path.slice(0, slash);
  const name = path.slice(slash + 1).replace(/[.+^$(){}|\\]/g, "\\$&");
  const matches = guestRegex(`^${name.replaceAll("*", ".*").replaceAll("?", ".")}$`);
  if (!files.has(folder)) return [];
  return files
    .names(folder)
    .split("/")
    .filter((entry) => entry !== "" && !entry.startsWith(".") && matches.test(entry))
    .map((entry) => `${folder}/${entry}`);
}

/** The words of a configuration file: quotes hold blanks, # begins a comment, a backslash takes the next one as it is. */
function* tokensOf(text: string, file: string): Generator<Token, Token> {
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? "";
    if (character === "\n") line++;
    if (/\s/.test(character)) at++;
    else if (character === "#") while (at < text.length && text[at] !== "\n") at++;
    else if (character === ";" || character === "{" || character === "}") {
      yield { text: character, kind: character, line };
      at++;
    } else {
      const word = character === '"' || character === "'" ? quoted(text, at, file, line) : plain(text, at);
      yield { text: word.text, kind: "word", line };
      line += text.slice(at, word.end).split("\n").length - 1;
      at = word.end;
    }
  }
  const end: Token = { text: "", kind: "end", line };
  yield end;
  return end;
}

const escapes: Readonly<Record<string, string>> = { t: "\t", r: "\r", n: "\n" };

function quoted(text: string, from: number, file: string, line: number): { text: string; end: number } {
  const quote = text[from];
  let word = "";
  for (let at = from + 1; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === quote) {
      const after = text[at + 1] ?? ";";
      if (!/[\s;{)]/.test(after)) throw new ConfigFault(`unexpected "${after}"`, { file, line });
      return { text: word, end: at + 1 };
    }
    if (character === "\\" && at + 1 < text.length) {
      const next = text[++at] ?? "";
      word += next === quote || next === "\\" ? next : (escapes[next] ?? `\\${next}`);
    } else word += character;
  }
  throw new ConfigFault('unexpected end of file, expecting ";" or "}"', { file, line: text.split("\n").length });
}

function plain(text: string, from: number): { text: string; end: number } {
  let at = from;
  let word = "";
  while (at < text.length) {
    const character = text[at] ?? "";
    // ${name} is a variable, not a block.
    if (character === "$" && text[at + 1] === "{") {
      const close = text.indexOf("}", at);
      if (close > 0) {
        word += text.slice(at, close + 1);
        at = close + 1;
        continue;
      }
    }
    if (/[\s;{]/.test(character)) break;
    if (character === "\\" && at + 1 < text.length) {
      const next = text[at + 1] ?? "";
      word += /["'\\]/.test(next) ? next : (escapes[next] ?? `\\${next}`);
      at += 2;
      continue;
    }
    word += character;
    at++;
  }
  return { text: word, end: at };
}
