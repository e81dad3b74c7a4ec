import { directives } from "./directives.ts";
import { Dispenser } from "./dispenser.ts";
import { type Token, tokensOf } from "./lexer.ts";

/** A server block: the zones it is for, and the words of its directives by the directive's name. */
export interface ServerBlock {
  readonly keys: readonly string[];
  readonly tokens: ReadonlyMap<string, readonly Token[]>;
}

/** What the parser needs of the process: other files, and its environment. */
export interface CorefileSource {
  /** The text of a file; undefined where there is none. */
  read(path: string): string | undefined;
  /** The paths that a pattern with one * matches. */
  glob(pattern: string): readonly string[];
  readonly env: ReadonlyMap<string, string>;
  warn(line: string): void;
}

/** caddy's limit of imports in imports. */
const MOST_IMPORTS = 1000;

/**
 * Parses a Corefile. Throws CorefileFault with the text that CoreDNS exits with (coredns/caddy caddyfile/parse.go, 1.1).
 * Unchecked, it takes any name for a directive: so the reload plugin looks whether anything has changed.
 */
export function parseCorefile(
  filename: string,
  text: string,
  source: CorefileSource,
  how: "checked" | "unchecked" = "checked",
): ServerBlock[] {
  // What asks for nothing else is read once: every CoreDNS of every fresh cluster has the same Corefile.
  if (/\bimport\b|\{[$%]/.test(text)) return new Parser(filename, text, source, how).all();
  const key = `${how} ${filename}\n${text}`;
  const blocks = known.get(key) ?? new Parser(filename, text, source, how).all();
  if (known.size > 100) known.clear();
  known.set(key, blocks);
  return blocks;
}

const known = new Map<string, ServerBlock[]>();

class Parser extends Dispenser {
  private readonly source: CorefileSource;
  private readonly snippets = new Map<string, Token[]>();
  private imports = 0;
  private keys: string[] = [];
  private found = new Map<string, Token[]>();
  private eof = false;
  private readonly isChecked: boolean;

  constructor(filename: string, text: string, source: CorefileSource, how: "checked" | "unchecked") {
    super(filename, tokensOf(text));
    this.source = source;
    this.isChecked = how === "checked";
  }

  all(): ServerBlock[] {
    const blocks: ServerBlock[] = [];
    while (this.next()) {
      this.keys = [];
      this.found = new Map();
      this.begin();
      if (this.keys.length > 0) blocks.push({ keys: this.keys, tokens: this.found });
    }
    return blocks;
  }

  private begin(): void {
    this.addresses();
    if (this.eof) return;
    const [only = "", ...more] = this.keys;
    if (more.length === 0 && only.startsWith("(") && only.endsWith(")")) {
      const name = only.slice(1, -1);
      if (this.snippets.has(name)) throw this.fault(`redeclaration of previously declared snippet ${name}`);
      this.snippets.set(name, this.snippet(name));
      this.keys = [];
      return;
    }
    const braced = this.is("{");
    if (!braced) this.cursor--;
    this.directives();
    if (braced && !this.is("}")) throw this.syntaxFault("}");
  }

  private addresses(): void {
    let another = false;
    for (;;) {
      const word = this.expanded(this.value);
      if (word === "import" && this.isNewLine) {
        this.import();
        this.next();
        continue;
      }
      if (word === "{") {
        if (another) throw this.fault(`Expected another address but had '${word}' - check for extra comma`);
        return;
      }
      if (word !== "") {
        another = word.endsWith(",");
        this.keys.push(another ? word.slice(0, -1) : word);
      }
      const has = this.next();
      if (another && !has) throw this.fault("Unexpected EOF");
      if (!has) {
        this.eof = true;
        return;
      }
      if (!another && this.isNewLine) return;
    }
  }

  private snippet(name: string): Token[] {
    if (!this.is("{")) throw this.syntaxFault("{");
    const tokens: Token[] = [];
    let depth = 1;
    while (this.next()) {
      if (this.is("}") && --depth === 0) break;
      if (this.is("{")) depth++;
      const token = this.tokens[this.cursor];
      if (token) tokens.push(token);
    }
    if (depth !== 0) throw this.syntaxFault("}");
    const selfish = tokens.some(({ text }, at) => text === "import" && tokens[at + 1]?.text === name);
    if (selfish) throw this.fault(`maximum snippet import depth (${MOST_IMPORTS}) exceeded`);
    return tokens;
  }

  private directives(): void {
    while (this.next()) {
      if (this.is("}")) return;
      if (this.is("import")) {
        this.import();
        continue;
      }
      this.directive();
    }
  }

  private directive(): void {
    const name = this.expanded(this.value);
    if (this.isChecked && !directives.includes(name)) throw this.fault(`Unknown directive '${name}'`);
    const own = this.found.get(name) ?? [];
    this.found.set(name, own);
    const take = () => {
      const token = this.tokens[this.cursor];
      if (token) own.push({ ...token, text: this.expanded(token.text) });
    };
    take();
    let depth = 0;
    while (this.next()) {
      if (this.is("{")) depth++;
      else if (this.isNewLine && depth === 0) {
        this.cursor--;
        break;
      } else if (this.is("}") && depth > 0) depth--;
      else if (this.is("}")) throw this.fault("Unexpected '}' because no matching opening brace");
      else if (this.is("import") && this.isNewLine) {
        this.import();
        continue;
      }
      take();
    }
    if (depth > 0) throw this.fault("Unexpected EOF");
  }

  /** Puts what is imported in the place of the directive; the next word is the first of it. */
  private import(): void {
    if (!this.nextArg()) throw this.argumentFault();
    const pattern = this.expanded(this.value);
    if (pattern === "") throw this.fault("Import requires a non-empty filepath");
    if (this.nextArg()) throw this.fault("Import takes only one argument (glob pattern or file)");
    const snippet = this.snippets.get(pattern);
    if (this.imports++ >= MOST_IMPORTS)
      throw this.fault(`maximum ${snippet ? "snippet" : "file"} import depth (${MOST_IMPORTS}) exceeded`);
    const imported = snippet ?? this.filesOf(pattern);
    this.tokens = [...this.tokens.slice(0, this.cursor - 1), ...imported, ...this.tokens.slice(this.cursor + 1)];
    this.cursor -= 2;
  }

  private filesOf(pattern: string): Token[] {
    const folder = this.file.slice(0, this.file.lastIndexOf("/") + 1);
    const path = pattern.startsWith("/") ? pattern : `${folder}${pattern}`;
    const count = (ch: string) => path.split(ch).length - 1;
    if (count("*") > 1 || count("?") > 1 || (path.includes("[") && path.includes("]")))
      throw this.fault(`Glob pattern may only contain one wildcard (*), but has others: ${path}`);
    const found = path.includes("*") ? this.source.glob(path) : [path];
    if (found.length === 0) this.source.warn(`[WARNING] No files matching import glob pattern: ${pattern}`);
    return found.flatMap((file) => {
      const text = this.source.read(file);
      if (text === undefined) throw this.fault(`File to import not found: ${pattern}`);
      return tokensOf(text, file);
    });
  }

  /** {$NAME} and {%NAME%} stand for variables of the environment. */
  private expanded(word: string): string {
    const value = (_: string, name: string) => this.source.env.get(name) ?? "";
    return word.replace(/\{%([^%]+)%\}/g, value).replace(/\{\$([^}]+)\}/g, value);
  }
}
