import { ansiC } from "../syntax/ansi-c.ts";

/** The command that the cursor stands in, taken apart for completion. */
export interface CommandLine {
  /** The words without their quotes, the last one up to the cursor. */
  readonly words: readonly string[];
  /** Where the last word begins. */
  readonly from: number;
  /** The last word as typed. */
  readonly typed: string;
  /** The quote that is still open in the last word. */
  readonly quote: "" | "'" | '"';
  /** Whether the last word is the target of a redirection. */
  readonly redirected: boolean;
}

const opening = new Set(["if", "then", "else", "elif", "while", "until", "do", "{", "!", "time"]);

/** Reads the text before the cursor: what stands behind the last `;`, `|`, `&`, `(` or keyword is the command. */
export function commandLine(text: string): CommandLine {
  let words: string[] = [];
  let word: string | undefined;
  let from = text.length;
  let quote: CommandLine["quote"] = "";
  let redirected = false;
  const finish = () => {
    if (word === undefined) return;
    if (redirected) redirected = false;
    else if (!(words.length === 0 && (opening.has(word) || /^[A-Za-z_]\w*=/.test(word)))) words.push(word);
    word = undefined;
  };
  const begin = (at: number) => {
    if (word !== undefined) return;
    word = "";
    from = at;
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (quote !== "") {
      if (c === quote) quote = "";
      else if (quote === '"' && c === "\\" && /["\\$`]/.test(text[i + 1] ?? "")) word += text[++i] as string;
      else word += c;
    } else if (c === "\\") {
      begin(i);
      word += text[++i] ?? "";
    } else if (c === "'" || c === '"') {
      begin(i);
      if (c === "'" && word?.endsWith("$")) {
        const end = text.indexOf("'", i + 1);
        word = word.slice(0, -1) + ansiC(text.slice(i + 1, end < 0 ? undefined : end));
        i = end < 0 ? text.length : end;
      } else quote = c;
    } else if (/\s/.test(c)) {
      finish();
      if (c === "\n") words = [];
    } else if (";|&(`".includes(c)) {
      if (c === "&" && text[i - 1] === ">") continue;
      finish();
      words = [];
      redirected = false;
    } else if (c === "<" || c === ">") {
      if (/^\d+$/.test(word ?? "")) word = undefined;
      finish();
      redirected = true;
    } else if (c === ")") finish();
    else {
      begin(i);
      word += c;
    }
  }
  const at = word === undefined ? text.length : from;
  return { words: [...words, word ?? ""], from: at, typed: text.slice(at), quote, redirected };
}
