import { formatFloat, formatInteger, type GoVerb, padded } from "./go-number-format.ts";
import { goQuote } from "./go-text.ts";
import { GoFunction, type GoMap, GoStruct, type GoValue, goTypeOf, isGoList, numberOf } from "./go-value.ts";
import { compareText } from "./json.ts";
import { bytesOf } from "./text-bytes.ts";

const plainV: GoVerb = {
  verb: "v",
  minus: false,
  plus: false,
  sharp: false,
  space: false,
  zero: false,
  width: undefined,
  precision: undefined,
};

/** What Go's `%v` prints for a value of a template. */
export function goText(value: GoValue): string {
  return formatValue(value, plainV);
}

/** Go's fmt.Sprint: blanks only between operands of which neither is text. */
export function goSprint(values: readonly GoValue[]): string {
  let out = "";
  values.forEach((value, i) => {
    if (i > 0 && typeof value !== "string" && typeof values[i - 1] !== "string") out += " ";
    out += goText(value);
  });
  return out;
}

/** Go's fmt.Sprintf. */
export function goSprintf(format: string, values: readonly GoValue[]): string {
  const reader: Reader = { format, at: 0, values, next: 0, reordered: false };
  let out = "";
  while (reader.at < format.length) {
    const percent = format.indexOf("%", reader.at);
    if (percent < 0) {
      out += format.slice(reader.at);
      break;
    }
    out += format.slice(reader.at, percent);
    reader.at = percent + 1;
    out += formatNext(reader);
  }
  if (!reader.reordered && reader.next < values.length) {
    const extra = values.slice(reader.next).map((value) => withType(value, plainV));
    out += `%!(EXTRA ${extra.join(", ")})`;
  }
  return out;
}

interface Reader {
  readonly format: string;
  at: number;
  readonly values: readonly GoValue[];
  next: number;
  reordered: boolean;
}

function formatNext(reader: Reader): string {
  const flags = /^[-+# 0]*/.exec(reader.format.slice(reader.at))?.[0] ?? "";
  reader.at += flags.length;
  readIndex(reader);
  let width = readNumber(reader);
  let minus = flags.includes("-");
  if (width !== undefined && width < 0) {
    minus = true;
    width = -width;
  }
  let precision: number | undefined;
  if (reader.format[reader.at] === ".") {
    reader.at++;
    readIndex(reader);
    precision = readNumber(reader) ?? 0;
    if (precision < 0) precision = undefined;
  }
  readIndex(reader);
  const code = reader.format.codePointAt(reader.at);
  if (code === undefined) return "%!(NOVERB)";
  const verb = String.fromCodePoint(code);
  reader.at += verb.length;
  if (verb === "%") return "%";
  if (reader.next >= reader.values.length || reader.next < 0)
    return `%!${verb}(${reader.reordered ? "BADINDEX" : "MISSING"})`;
  const value = reader.values[reader.next++];
  return formatValue(value, {
    verb,
    minus,
    plus: flags.includes("+"),
    sharp: flags.includes("#"),
    space: flags.includes(" "),
    zero: flags.includes("0") && !minus,
    width,
    precision,
  });
}

/** `[2]`: the next operand is the second. */
function readIndex(reader: Reader): void {
  const index = /^\[(\d+)\]/.exec(reader.format.slice(reader.at));
  if (!index) return;
  reader.at += index[0].length;
  reader.next = Number(index[1]) - 1;
  reader.reordered = true;
}

function readNumber(reader: Reader): number | undefined {
  if (reader.format[reader.at] === "*") {
    reader.at++;
    const number = numberOf(reader.values[reader.next++]);
    return number ? Number(number.value) : undefined;
  }
  const digits = /^\d+/.exec(reader.format.slice(reader.at))?.[0];
  if (digits === undefined) return undefined;
  reader.at += digits.length;
  return Number(digits);
}

function formatValue(value: GoValue, verb: GoVerb): string {
  if (verb.verb === "T") return padded(goTypeOf(value), verb);
  if (value === null || value === undefined) return verb.verb === "v" ? padded("<nil>", verb) : `%!${verb.verb}(<nil>)`;
  if (typeof value === "string") return formatString(value, verb);
  if (typeof value === "boolean")
    return "vt".includes(verb.verb) ? padded(String(value), verb) : wrongVerb(value, verb);
  const number = numberOf(value);
  if (number) return formatNumber(value, number, verb);
  if (isGoList(value)) {
    const items = value.map((item) => formatInner(item, verb));
    return isSyntax(verb) ? `[]interface {}{${items.join(", ")}}` : `[${items.join(" ")}]`;
  }
  if (value instanceof GoFunction) return wrongVerb("", verb);
  if (value instanceof GoStruct) return formatStruct(value, verb);
  return formatMap(value as GoMap, verb);
}

function isSyntax(verb: GoVerb): boolean {
  return verb.verb === "v" && verb.sharp;
}

function formatInner(value: GoValue, verb: GoVerb): string {
  if (value !== null && value !== undefined) return formatValue(value, verb);
  return isSyntax(verb) ? "interface {}(nil)" : "<nil>";
}

function formatMap(map: GoMap, verb: GoVerb): string {
  const keys = Object.keys(map)
    .filter((key) => map[key] !== undefined)
    .sort(compareText);
  const entries = keys.map((key) => `${formatValue(key, verb)}:${formatInner(map[key], verb)}`);
  return isSyntax(verb) ? `map[string]interface {}{${entries.join(", ")}}` : `map[${entries.join(" ")}]`;
}

function formatStruct(value: GoStruct, verb: GoVerb): string {
  const names = verb.plus || verb.sharp;
  const fields = Object.entries(value.fields).map(
    ([name, field]) => (names ? `${name}:` : "") + formatInner(field, verb),
  );
  return isSyntax(verb) ? `${value.typeName}{${fields.join(", ")}}` : `{${fields.join(" ")}}`;
}

function formatString(text: string, verb: GoVerb): string {
  const short = verb.precision === undefined ? text : [...text].slice(0, verb.precision).join("");
  switch (verb.verb) {
    case "v":
      return padded(verb.sharp ? goQuote(short) : short, verb);
    case "s":
      return padded(short, verb);
    case "q":
      return padded(verb.sharp && !short.includes("`") ? `\`${short}\`` : goQuote(short), verb);
    case "x":
    case "X": {
      const hex = [...bytesOf(text)].map((byte) => byte.toString(16).padStart(2, "0"));
      const joined = hex.join(verb.space ? " " : "");
      return padded(verb.verb === "X" ? joined.toUpperCase() : joined, verb);
    }
    default:
      return wrongVerb(text, verb);
  }
}

function formatNumber(value: GoValue, number: { type: string; value: number | bigint }, verb: GoVerb): string {
  if (number.type === "float64") return formatFloat(Number(number.value), verb) ?? wrongVerb(value, verb);
  const code = Number(number.value);
  if ("cqU".includes(verb.verb)) {
    const character = code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
    if (verb.verb === "c") return padded(character, verb);
    if (verb.verb === "q") return padded(`'${goQuote(character).slice(1, -1).replace('\\"', '"')}'`, verb);
    return padded(`U+${code.toString(16).toUpperCase().padStart(4, "0")}`, verb);
  }
  return formatInteger(BigInt(number.value), verb) ?? wrongVerb(value, verb);
}

function withType(value: GoValue, verb: GoVerb): string {
  return value === null || value === undefined
    ? "<nil>"
    : `${goTypeOf(value)}=${formatValue(value, { ...verb, verb: "v" })}`;
}

function wrongVerb(value: GoValue, verb: GoVerb): string {
  return `%!${verb.verb}(${withType(value, { ...plainV, width: verb.width, precision: verb.precision, minus: verb.minus })})`;
}
