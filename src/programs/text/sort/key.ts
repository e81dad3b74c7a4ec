import { type Call, Fail } from "../define.ts";
import { quote } from "../shared/quote.ts";

/** How a key orders: letters of sort's options. */
export interface Ordering {
  readonly kind: "text" | "n" | "g" | "h" | "M" | "R" | "V";
  readonly reverse: boolean;
  readonly fold: boolean;
  readonly dictionary: boolean;
  readonly printable: boolean;
  readonly skipStart: boolean;
  readonly skipEnd: boolean;
}

/** A part of the line that is compared; the whole line without `startField`. */
export interface Key extends Ordering {
  readonly startField: number;
  readonly startCharacter: number;
  /** undefined: to the end of the line. */
  readonly endField: number | undefined;
  readonly endCharacter: number;
  readonly tab: string | undefined;
}

const names: Readonly<Record<string, string>> = {
  "general-numeric": "g",
  "human-numeric": "h",
  month: "M",
  numeric: "n",
  version: "V",
};

export function parseKeys(call: Call): readonly Key[] {
  const tab = tabOf(call);
  const letters = call.given
    .map(({ key, value }) => (key === "sort" ? (names[value ?? ""] ?? "") : key))
    .filter((key) => "bdfgiMhnrV".includes(key) && key !== "")
    .join("");
  const global = ordering(letters, letters);
  const keys = call.given.filter(({ key }) => key === "k").map(({ value = "" }) => parseKey(value, global, tab));
  if (keys.length > 0) return keys;
  return [{ ...global, startField: 0, startCharacter: 0, endField: undefined, endCharacter: 0, tab }];
}

function tabOf(call: Call): string | undefined {
  const given = call.value("t");
  if (given === undefined) return undefined;
  if (given === "") throw new Fail("empty tab");
  if (given === "\\0") return "\0";
  if ([...given].length > 1) throw new Fail(`multi-character tab ${quote(given)}`);
  return given;
}

function ordering(start: string, end: string): Ordering {
  const all = start + end;
  const kinds = [..."ghMnRV"].filter((letter) => all.includes(letter));
  const [kind = "text", other] = kinds;
  if (other) throw new Fail(`options '-${kind}${other}' are incompatible`);
  return {
    kind: kind as Ordering["kind"],
    reverse: all.includes("r"),
    fold: all.includes("f"),
    dictionary: all.includes("d"),
    printable: all.includes("i"),
    skipStart: start.includes("b"),
    skipEnd: end.includes("b"),
  };
}

function parseKey(spec: string, global: Ordering, tab: string | undefined): Key {
  const found = /^(\d*)(?:\.(\d+))?([bdfgiMhnRrV]*)(?:(,)(\d*)(?:\.(\d+))?([bdfgiMhnRrV]*))?(.*)$/s.exec(spec);
  const [, field = "", character, start = "", comma, endField = "", endCharacter, end = "", rest = ""] = found ?? [];
  if (field === "") throw new Fail(`invalid number at field start: invalid count at start of ${quote(spec)}`);
  if (Number(field) === 0) throw new Fail(`field number is zero: invalid field specification ${quote(spec)}`);
  if (character !== undefined && Number(character) === 0)
    throw new Fail(`character offset is zero: invalid field specification ${quote(spec)}`);
  if (comma && endField === "")
    throw new Fail(`invalid number after ',': invalid count at start of ${quote(spec.slice(spec.indexOf(",") + 1))}`);
  if (comma && Number(endField) === 0)
    throw new Fail(`field number is zero: invalid field specification ${quote(spec)}`);
  if (rest !== "") throw new Fail(`stray character in field spec: invalid field specification ${quote(spec)}`);
  const own = start + end === "" ? global : ordering(start, end);
  return {
    ...own,
    startField: Number(field) - 1,
    startCharacter: character === undefined ? 0 : Number(character) - 1,
    endField: comma ? Number(endField) - 1 : undefined,
    endCharacter: Number(endCharacter ?? 0),
    tab,
  };
}

export function isWholeLine(key: Key): boolean {
  return key.startField === 0 && key.startCharacter === 0 && key.endField === undefined && !key.skipStart;
}

/** The text of a key in a line. */
export function keyText(line: string, key: Key): string {
  if (isWholeLine(key)) return line;
  const start = startOf(line, key);
  const end = key.endField === undefined ? line.length : endOf(line, key, key.endField);
  return end > start ? line.slice(start, end) : "";
}

function isBlank(line: string, at: number): boolean {
  const code = line.charCodeAt(at);
  return code === 32 || code === 9 || code === 10;
}

function skipBlanks(line: string, from: number): number {
  let at = from;
  while (at < line.length && isBlank(line, at)) at++;
  return at;
}

function skipField(line: string, from: number): number {
  let at = skipBlanks(line, from);
  while (at < line.length && !isBlank(line, at)) at++;
  return at;
}

function startOf(line: string, key: Key): number {
  let at = 0;
  for (let field = key.startField; field > 0 && at < line.length; field--) {
    if (key.tab === undefined) at = skipField(line, at);
    else {
      const tab = line.indexOf(key.tab, at);
      at = tab < 0 ? line.length : tab + 1;
    }
  }
  if (key.skipStart) at = skipBlanks(line, at);
  return Math.min(line.length, at + key.startCharacter);
}

function endOf(line: string, key: Key, endField: number): number {
  let at = 0;
  const whole = key.endCharacter === 0;
  for (let left = endField + (whole ? 1 : 0); left > 0 && at < line.length; left--) {
    if (key.tab === undefined) at = skipField(line, at);
    else {
      const tab = line.indexOf(key.tab, at);
      at = tab < 0 ? line.length : left > 1 || !whole ? tab + 1 : tab;
    }
  }
  if (whole) return at;
  if (key.skipEnd) at = skipBlanks(line, at);
  return Math.min(line.length, at + key.endCharacter);
}
