import type { Word } from "./ast.ts";
import { skipQuoted } from "./scan.ts";

/** More words than this from one brace expression are refused with bash's words. */
const LIMIT = 1_000_000;

/** More than this are worked out anew each time: a script that is kept shall not keep them. */
const KEPT = 1000;

/** A brace expression whose words would not fit into memory. */
export class BraceLimit extends Error {
  constructor(elements: number) {
    super(`brace expansion: failed to allocate memory for \`${elements}' elements`);
  }
}

/** The words that brace expansion makes of `word`: itself alone where there are no braces. */
export function bracesOf(word: Word): readonly Word[] {
  if (word.braces) return word.braces;
  const texts = word.text.includes("{") ? expand(word.text) : undefined;
  const words = !texts || (texts.length === 1 && texts[0] === word.text) ? [word] : texts.map((text) => ({ text }));
  if (words.length <= KEPT) word.braces = words;
  return words;
}

function expand(text: string): string[] {
  for (let at = 0; at < text.length; ) {
    if (text[at] === "{") {
      const found = braceAt(text, at);
      if (found) return combine(text.slice(0, at), found.items, expand(text.slice(found.end)));
      at++;
    } else {
      const next = skipQuoted(text, at);
      at = next <= at ? text.length : next;
    }
  }
  return [text];
}

function combine(before: string, items: readonly string[], tails: readonly string[]): string[] {
  if (items.length * tails.length > LIMIT) throw new BraceLimit(items.length * tails.length);
  const out: string[] = [];
  for (const item of items) for (const tail of tails) out.push(before + item + tail);
  return out;
}

function braceAt(text: string, open: number): { items: string[]; end: number } | undefined {
  let depth = 0;
  const cuts: number[] = [];
  for (let at = open + 1; at < text.length; ) {
    const c = text[at];
    if (c === "{") depth++;
    else if (c === "," && depth === 0) cuts.push(at);
    else if (c === "}" && depth-- === 0) return itemsOf(text, open, at, cuts);
    const next = skipQuoted(text, at);
    if (next <= at) return undefined;
    at = next;
  }
  return undefined;
}

function itemsOf(
  text: string,
  open: number,
  close: number,
  cuts: readonly number[],
): { items: string[]; end: number } | undefined {
  const end = close + 1;
  if (cuts.length === 0) {
    const items = sequence(text.slice(open + 1, close));
    return items && { items, end };
  }
  const items: string[] = [];
  let from = open + 1;
  for (const cut of [...cuts, close]) {
    items.push(...expand(text.slice(from, cut)));
    from = cut + 1;
  }
  return { items, end };
}

/** `1..5`, `01..10..2`, `a..e`. */
function sequence(text: string): string[] | undefined {
  const numbers = /^([-+]?\d+)\.\.([-+]?\d+)(?:\.\.([-+]?\d+))?$/.exec(text);
  const letters = numbers ? null : /^([A-Za-z])\.\.([A-Za-z])(?:\.\.([-+]?\d+))?$/.exec(text);
  const [, first = "", last = "", by] = numbers ?? letters ?? [];
  if (first === "") return undefined;
  const from = numbers ? Number(first) : first.charCodeAt(0);
  const to = numbers ? Number(last) : last.charCodeAt(0);
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) return undefined;
  const step = Math.abs(Number(by ?? 1)) || 1;
  const count = Math.floor(Math.abs(to - from) / step) + 1;
  if (count > LIMIT) throw new BraceLimit(count);
  const width = numbers && (padded(first) || padded(last)) ? Math.max(first.length, last.length) : 0;
  const direction = to < from ? -step : step;
  const out: string[] = [];
  for (let i = 0, n = from; i < count; i++, n += direction) out.push(numbers ? pad(n, width) : letter(n));
  return out;
}

/** Between Z and a lie characters that are not left to mean something. */
function letter(code: number): string {
  const c = String.fromCharCode(code);
  return c === "\\" ? "''" : /[A-Za-z]/.test(c) ? c : `\\${c}`;
}

function padded(text: string): boolean {
  return /^[-+]?0\d/.test(text);
}

function pad(n: number, width: number): string {
  return n < 0 ? `-${String(-n).padStart(width - 1, "0")}` : String(n).padStart(width, "0");
}
