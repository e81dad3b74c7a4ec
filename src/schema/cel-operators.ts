import { type CelType, celTypeName } from "./cel-types.ts";

const numbers = new Set(["int", "uint", "double"]);
const ordered = new Set(["int", "uint", "double", "string", "bytes", "bool", "timestamp", "duration"]);
const added = new Set(["int", "uint", "double", "string", "bytes", "duration"]);
/** What may be compared with null. */
const nullable = new Set(["timestamp", "duration", "optional", "quantity"]);

/** The type of an operation; undefined where there is none for these types (cel-go common/stdlib, 0.26). */
export function binaryType(operator: string, a: CelType, b: CelType): CelType | undefined {
  if (operator === "&&" || operator === "||") return isOr(a, "bool") && isOr(b, "bool") ? "bool" : undefined;
  if (operator === "==" || operator === "!=") return canBeEqual(a, b) ? "bool" : undefined;
  if (operator === "in") return canContain(b, a) ? "bool" : undefined;
  if (/^[<>]=?$/.test(operator)) return canBeOrdered(a, b) ? "bool" : undefined;
  return operator === "+" ? sumType(a, b) : arithmeticType(operator, a, b);
}

/** The type of `test ? yes : no`. */
export function conditionalType(test: CelType, yes: CelType, no: CelType): CelType | undefined {
  if (!isOr(test, "bool") || !canBeEqual(yes, no)) return undefined;
  return yes === "dyn" || yes === "null" ? no : yes;
}

function isOr(type: CelType, wanted: string): boolean {
  return type === wanted || type === "dyn";
}

function canBeEqual(a: CelType, b: CelType): boolean {
  if (a === "dyn" || b === "dyn") return true;
  if (a === "null" || b === "null") return a === b || isNullable(a === "null" ? b : a);
  if (typeof a !== "string" && typeof b !== "string") {
    if ("list" in a && "list" in b) return canBeEqual(a.list, b.list);
    if ("map" in a && "map" in b) return canBeEqual(a.map, b.map);
  }
  return celTypeName(a) === celTypeName(b);
}

function isNullable(type: CelType): boolean {
  return typeof type === "string" ? nullable.has(type) : "field" in type;
}

function canContain(holder: CelType, item: CelType): boolean {
  if (holder === "dyn") return true;
  if (typeof holder === "string") return false;
  if ("list" in holder) return canBeEqual(holder.list, item);
  return "map" in holder && isOr(item, "string");
}

function canBeOrdered(a: CelType, b: CelType): boolean {
  const known = [a, b].filter((type) => type !== "dyn");
  if (!known.every((type) => typeof type === "string" && ordered.has(type))) return false;
  return known.length < 2 || a === b || known.every((type) => numbers.has(type as string));
}

function sumType(a: CelType, b: CelType): CelType | undefined {
  if (a === "dyn" && b === "dyn") return "dyn";
  const one = a === "dyn" ? b : a;
  if (typeof one !== "string") return "list" in one && (b === "dyn" || canBeEqual(a, b)) ? one : undefined;
  if (a === "timestamp" || b === "timestamp") return a === b ? undefined : "timestamp";
  return added.has(one) && (a === b || a === "dyn" || b === "dyn") ? one : undefined;
}

function arithmeticType(operator: string, a: CelType, b: CelType): CelType | undefined {
  if (a === "dyn" && b === "dyn") return "dyn";
  if (operator === "-" && a === "timestamp") return b === "duration" ? "timestamp" : "duration";
  const one = a === "dyn" ? b : a;
  const fits = typeof one === "string" && (numbers.has(one) || (operator === "-" && one === "duration"));
  if (!fits || (operator === "%" && one === "double")) return undefined;
  return a === b || a === "dyn" || b === "dyn" ? one : undefined;
}
