/** A word of a Corefile. */
export interface Token {
  readonly text: string;
  readonly line: number;
  /** The file that it was imported from; undefined for the Corefile itself. */
  readonly file?: string;
}

/** Splits a Corefile into words: quotes hold blanks and line ends, # begins a comment (caddy's caddyfile lexer, 1.1). */
export function tokensOf(text: string, file?: string): Token[] {
  const tokens: Token[] = [];
  const from = file === undefined ? {} : { file };
  let word = "";
  let start = 1;
  let line = 1;
  let quoted = false;
  let escaped = false;
  let comment = false;
  const end = () => {
    tokens.push({ text: word, line: start, ...from });
    word = "";
  };
  for (const ch of text) {
    if (quoted) {
      if (!escaped && ch === "\\") {
        escaped = true;
        continue;
      }
      if (!escaped && ch === '"') {
        quoted = false;
        end();
        continue;
      }
      if (ch === "\n") line++;
      // Nothing but quotes is escaped.
      word += escaped && ch !== '"' ? `\\${ch}` : ch;
      escaped = false;
      continue;
    }
    if (/\s/.test(ch)) {
      if (ch === "\r") continue;
      if (ch === "\n") {
        line++;
        comment = false;
      }
      if (word !== "") end();
      continue;
    }
    if (ch === "#") comment = true;
    if (comment) continue;
    if (word === "") {
      start = line;
      if (ch === '"') {
        quoted = true;
        continue;
      }
    }
    word += ch;
  }
  if (word !== "") end();
  return tokens;
}
