import type { Cursor } from "./define-token.ts";

const simpleEscapes = "0abt\tnvfre \"'\\N_LP";
const hexLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Moves over a text in quotes. */
export function scanQuoted(cursor: Cursor, quote: string): void {
  const { line } = cursor;
  cursor.skip();
  for (;;) {
    if (cursor.isMarker()) cursor.refuse("found unexpected document indicator", line);
    if (cursor.isEnd()) cursor.refuse("found unexpected end of stream", line);
    const character = cursor.here;
    if (cursor.isBreak()) cursor.skipBreak();
    else if (character === quote && quote === "'" && cursor.text[cursor.at + 1] === "'") cursor.skip(2);
    else if (character === quote) break;
    else if (character === "\\" && quote === '"') scanEscape(cursor);
    else cursor.skip();
  }
  cursor.skip();
}

function scanEscape(cursor: Cursor): void {
  if (cursor.isBreak(1)) {
    cursor.skip();
    cursor.skipBreak();
    return;
  }
  const letter = cursor.text[cursor.at + 1] ?? "";
  const length = hexLengths[letter];
  if (length === undefined) {
    if (letter === "" || !simpleEscapes.includes(letter)) cursor.refuse("found unknown escape character");
    cursor.skip(2);
    return;
  }
  const digits = cursor.text.slice(cursor.at + 2, cursor.at + 2 + length);
  if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length < length) {
    cursor.skip(2);
    cursor.refuse("did not find expected hexdecimal number");
  }
  const code = Number.parseInt(digits, 16);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
    cursor.skip(2);
    cursor.refuse("found invalid Unicode character escape code");
  }
  cursor.skip(2 + length);
}

/** Moves over a text without quotes and the blanks after it; tells whether it went on to a further line. */
export function scanPlain(cursor: Cursor, indent: number, inFlow: boolean): boolean {
  let leading = false;
  for (;;) {
    if (cursor.isMarker() || cursor.here === "#") break;
    while (!cursor.isBlankOrEnd()) {
      if (cursor.here === ":" && cursor.isBlankOrEnd(1)) break;
      if (inFlow && ",?[]{}".includes(cursor.here)) break;
      leading = false;
      cursor.skip();
    }
    if (!cursor.isBlank() && !cursor.isBreak()) break;
    while (cursor.isBlank() || cursor.isBreak()) {
      if (cursor.isBreak()) {
        cursor.skipBreak();
        leading = true;
        continue;
      }
      if (leading && cursor.column < indent && cursor.here === "\t") {
        cursor.refuse("found a tab character that violates indentation");
      }
      cursor.skip();
    }
    if (!inFlow && cursor.column < indent) break;
  }
  return leading;
}

/** Moves over a literal or folded block; `parent` is the column of what it belongs to. */
export function scanBlockScalar(cursor: Cursor, parent: number): void {
  cursor.skip();
  let given = 0;
  for (let i = 0; i < 2; i++) {
    if (cursor.here === "+" || cursor.here === "-") cursor.skip();
    else if (/^\d$/.test(cursor.here) && given === 0) {
      given = Number(cursor.here);
      if (given === 0) cursor.refuse("found an indentation indicator equal to 0");
      cursor.skip();
    }
  }
  while (cursor.isBlank()) cursor.skip();
  if (cursor.here === "#") while (!cursor.isBreakOrEnd()) cursor.skip();
  if (!cursor.isBreakOrEnd()) cursor.refuse("did not find expected comment or line break");
  if (cursor.isBreak()) cursor.skipBreak();
  const wanted = given === 0 ? 0 : Math.max(parent, 0) + given;
  const indent = scanBlankLines(cursor, wanted, parent);
  while (cursor.column === indent && !cursor.isEnd()) {
    while (!cursor.isBreakOrEnd()) cursor.skip();
    if (cursor.isBreak()) cursor.skipBreak();
    scanBlankLines(cursor, indent, parent);
  }
}

/** Moves to the next line that is not blank; finds out the indentation if it is not known yet. */
function scanBlankLines(cursor: Cursor, known: number, parent: number): number {
  let widest = 0;
  for (;;) {
    while ((known === 0 || cursor.column < known) && cursor.here === " ") cursor.skip();
    widest = Math.max(widest, cursor.column);
    if ((known === 0 || cursor.column < known) && cursor.here === "\t") {
      cursor.refuse("found a tab character where an indentation space is expected");
    }
    if (!cursor.isBreak()) break;
    cursor.skipBreak();
  }
  return known === 0 ? Math.max(widest, parent + 1, 1) : known;
}
