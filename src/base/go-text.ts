import { type Json, type JsonObject, sortedKeys } from "./json.ts";

export { compareText } from "./json.ts";

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const simpleText = /^[ !#-[\]-~]*$/;
const namedEscapes: Readonly<Record<number, string>> = {
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
  34: '\\"',
  92: "\\\\",
};

/** A text in double quotes as Go's `%q` writes it. Lone surrogates U+DC80 to U+DCFF are bytes: see text-bytes. */
export function goQuote(text: string): string {
  if (simpleText.test(text)) return `"${text}"`;
  let out = '"';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    out += namedEscapes[code] ?? quotedRune(character, code);
  }
  return `${out}"`;
}

function quotedRune(character: string, code: number): string {
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  if (printable.test(character)) return character;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, "0")}`;
  return `\\U${code.toString(16).padStart(8, "0")}`;
}

/** A float as Go's `%v` writes it (strconv's 'g', shortest): an exponent of two digits below 1e-04 and from 1e+06 on. */
export function goFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa = "", power = ""] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return String(value);
  const digits = String(Math.abs(exponent)).padStart(2, "0");
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${digits}`;
}

/** A number of an unstructured object: whole numbers are Go's int64, all others float64. */
function goNumber(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : goFloat(value);
}

/** What Go's `%v` prints for unstructured data: `map[a:b c:d]`, `[x y]`, `<nil>`. */
export function goValue(value: Json | undefined): string {
  if (value === null || value === undefined) return "<nil>";
  if (typeof value === "string") return value;
  if (typeof value === "number") return goNumber(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(goValue).join(" ")}]`;
  const object = value as JsonObject;
  return `map[${sortedKeys(object)
    .map((key) => `${key}:${goValue(object[key])}`)
    .join(" ")}]`;
}

/** What Go's `%#v` prints for unstructured data. go-yaml's maps have `interface {}` as the type of their keys. */
export function goSyntax(value: Json | undefined, keyType: "string" | "interface {}" = "string"): string {
  if (value === null || value === undefined) return "<nil>";
  if (typeof value === "string") return goQuote(value);
  if (typeof value === "number") return goNumber(value);
  if (typeof value !== "object") return String(value);
  const inner = (item: Json | undefined): string =>
    item === null || item === undefined ? "interface {}(nil)" : goSyntax(item, keyType);
  if (Array.isArray(value)) return `[]interface {}{${value.map(inner).join(", ")}}`;
  const object = value as JsonObject;
  const entries = sortedKeys(object).map((key) => `${goQuote(key)}:${inner(object[key])}`);
  return `map[${keyType}]interface {}{${entries.join(", ")}}`;
}
