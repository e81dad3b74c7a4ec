/** Where things that nest in shell text end. Every function gets the place after the opening and returns the place of the closing, or -1. */

export function endOfSingleQuotes(s: string, i: number): number {
  return s.indexOf("'", i);
}

/** $'…', where a backslash protects the quote. */
export function endOfAnsiQuotes(s: string, i: number): number {
  for (let at = i; at < s.length; at++) {
    if (s[at] === "\\") at++;
    else if (s[at] === "'") return at;
  }
  return -1;
}

export function endOfBackquotes(s: string, i: number): number {
  for (let at = i; at < s.length; at++) {
    if (s[at] === "\\") at++;
    else if (s[at] === "`") return at;
  }
  return -1;
}

export function endOfDoubleQuotes(s: string, i: number): number {
  for (let at = i; at < s.length; ) {
    if (s[at] === '"') return at;
    const next = skipExpansion(s, at);
    if (next < 0) return -1;
    at = next;
  }
  return -1;
}

/** After one character, escape or expansion of double-quoted text. */
function skipExpansion(s: string, at: number): number {
  const c = s[at];
  if (c === "\\") return at + 2;
  if (c === "`") return after(endOfBackquotes(s, at + 1));
  if (c === "$") return skipDollar(s, at);
  return at + 1;
}

/** After `$(…)`, `$((…))`, `${…}` or `$[…]`; after the dollar where it is none of these. */
export function skipDollar(s: string, at: number): number {
  const next = s[at + 1];
  if (next === "(") {
    if (s[at + 2] === "(") {
      const end = endOfArithmetic(s, at + 3);
      if (end >= 0) return end + 2;
    }
    return after(endOfCommand(s, at + 2));
  }
  if (next === "{") return after(endOfBraces(s, at + 2));
  if (next === "[") return after(endOfBrackets(s, at + 2));
  return at + 1;
}

function after(end: number): number {
  return end < 0 ? -1 : end + 1;
}

/** The `))` of an arithmetic expansion; -1 also where a single parenthesis closes it, so that it is none. */
export function endOfArithmetic(s: string, i: number): number {
  let depth = 0;
  for (let at = i; at < s.length; ) {
    const c = s[at];
    if (c === "(") depth++;
    else if (c === ")") {
      if (depth === 0) return s[at + 1] === ")" ? at : -1;
      depth--;
    }
    at =
      c === "'"
        ? after(endOfSingleQuotes(s, at + 1))
        : c === '"'
          ? after(endOfDoubleQuotes(s, at + 1))
          : skipExpansion(s, at);
    if (at <= 0) return -1;
  }
  return -1;
}

/** The brace that closes `${`. */
export function endOfBraces(s: string, i: number): number {
  for (let at = i; at < s.length; ) {
    if (s[at] === "}") return at;
    at = skipQuoted(s, at);
    if (at <= 0) return -1;
  }
  return -1;
}

/** The bracket that closes a subscript or `$[`. */
export function endOfBrackets(s: string, i: number): number {
  let depth = 0;
  for (let at = i; at < s.length; ) {
    if (s[at] === "[") depth++;
    else if (s[at] === "]" && depth-- === 0) return at;
    at = skipQuoted(s, at);
    if (at <= 0) return -1;
  }
  return -1;
}

/** After one character, quotation or expansion of unquoted text. */
export function skipQuoted(s: string, at: number): number {
  const c = s[at];
  if (c === "'") return after(endOfSingleQuotes(s, at + 1));
  if (c === '"') return after(endOfDoubleQuotes(s, at + 1));
  if (c === "$" && s[at + 1] === "'") return after(endOfAnsiQuotes(s, at + 2));
  return skipExpansion(s, at);
}

const opening = new Set(["then", "do", "else", "elif", "if", "while", "until", "{", "!", "time"]);

interface CommandScan {
  at: number;
  /** Whether a word here would be a command's name. */
  commandPlace: boolean;
  /** For each open `case`: whether a pattern is next. */
  cases: boolean[];
  /** Whether `case WORD` was read and `in` is still to come. */
  awaitsIn: boolean;
  hereDocs: { delimiter: string; tabs: boolean }[];
}

/** The parenthesis that closes `$(`, `<(` or a subshell: commands are read only as far as that needs. */
export function endOfCommand(s: string, i: number): number {
  const scan: CommandScan = { at: i, commandPlace: true, cases: [], awaitsIn: false, hereDocs: [] };
  while (scan.at >= 0 && scan.at < s.length) {
    if (s[scan.at] === ")") {
      if (!scan.cases.at(-1)) return scan.at;
      scan.cases[scan.cases.length - 1] = false;
      scan.commandPlace = true;
      scan.at++;
    } else step(s, scan);
  }
  return -1;
}

function step(s: string, scan: CommandScan): void {
  const c = s[scan.at] as string;
  if (c === " " || c === "\t") scan.at++;
  else if (c === "\n") newline(s, scan);
  else if (c === "#") {
    const end = s.indexOf("\n", scan.at);
    scan.at = end < 0 ? s.length : end;
  } else if (c === "(") {
    const arithmetic = s[scan.at + 1] === "(" && scan.commandPlace ? endOfArithmetic(s, scan.at + 2) : -1;
    if (arithmetic >= 0) scan.at = arithmetic + 2;
    else if (scan.cases.at(-1)) scan.at++;
    else scan.at = after(endOfCommand(s, scan.at + 1));
    scan.commandPlace = true;
  } else if (c === "<" && s[scan.at + 1] === "<" && s[scan.at + 2] !== "<") hereDoc(s, scan);
  else if ("<>".includes(c))
    scan.at = s[scan.at + 1] === "(" ? after(endOfCommand(s, scan.at + 2)) : scan.at + operatorLength(s, scan.at);
  else if (";&|".includes(c)) {
    const twice = c === ";" && ";&".includes(s[scan.at + 1] ?? " ");
    if (twice && scan.cases.length > 0) scan.cases[scan.cases.length - 1] = true;
    scan.at += twice ? (s.startsWith(";;&", scan.at) ? 3 : 2) : 1;
    scan.commandPlace = true;
  } else word(s, scan);
}

function operatorLength(s: string, at: number): number {
  return s.startsWith("<<<", at) ? 3 : 1;
}

function newline(s: string, scan: CommandScan): void {
  scan.at++;
  scan.commandPlace = true;
  for (const { delimiter, tabs } of scan.hereDocs) {
    while (scan.at < s.length) {
      const end = s.indexOf("\n", scan.at) < 0 ? s.length : s.indexOf("\n", scan.at);
      const line = s.slice(scan.at, end);
      const bare = tabs ? line.replace(/^\t+/, "") : line;
      // Inside $( ) the closing parenthesis may follow the delimiter at once.
      if (bare.startsWith(`${delimiter})`)) {
        scan.at = end - bare.length + delimiter.length;
        break;
      }
      scan.at = end + 1;
      if (bare === delimiter) break;
    }
  }
  scan.hereDocs = [];
}

function hereDoc(s: string, scan: CommandScan): void {
  let at = scan.at + 2;
  const tabs = s[at] === "-";
  if (tabs) at++;
  while (s[at] === " " || s[at] === "\t") at++;
  const start = at;
  while (at > 0 && at < s.length && !" \t\n;&|<>()".includes(s[at] as string)) at = skipQuoted(s, at);
  if (at <= 0) scan.at = -1;
  else {
    scan.hereDocs.push({ delimiter: s.slice(start, at).replace(/\\(.)|['"]/g, "$1"), tabs });
    scan.at = at;
  }
}

function word(s: string, scan: CommandScan): void {
  const start = scan.at;
  let at = start;
  while (at >= 0 && at < s.length && !" \t\n;&|<>()".includes(s[at] as string)) {
    at = skipQuoted(s, at);
    if (at === 0) at = -1;
    // An extended pattern: its parentheses belong to the word.
    if (at > 0 && s[at] === "(" && "?*+@!".includes(s[at - 1] as string)) at = after(endOfCommand(s, at + 1));
  }
  scan.at = at;
  if (at < 0) return;
  const text = s.slice(start, at);
  const inPattern = scan.cases.at(-1) === true;
  if (scan.awaitsIn && text === "in") {
    scan.awaitsIn = false;
    scan.cases.push(true);
    scan.commandPlace = false;
  } else if (scan.cases.length > 0 && text === "esac" && (inPattern || scan.commandPlace)) {
    scan.cases.pop();
    scan.commandPlace = false;
  } else if (scan.commandPlace && text === "case") {
    scan.awaitsIn = true;
    scan.commandPlace = false;
  } else scan.commandPlace = scan.commandPlace && opening.has(text);
}
