import { goQuote } from "../base/go-text.ts";
import { type FieldInfo, shortTypeName, type TypeInfo } from "./define.ts";
import { valueTypeName } from "./named-values.ts";
import { fieldText, namedValueText, typeText } from "./texts.ts";
import { typeBehind } from "./types.ts";
import { wordWrap } from "./word-wrap.ts";

export interface Explained {
  /** For stdout; the head of it also where the field does not exist. */
  readonly text: string;
  /** For stderr: error: field "foo" does not exist */
  readonly error?: string;
}

const width = 76;

/** The text of `kubectl explain` (plaintext, kubectl 1.33): a type, or the field at the end of a path below it. */
export function explain(type: TypeInfo, path: readonly string[], recursive = false): Explained {
  const head = [
    ...(type.group === "" ? [] : [`GROUP:      ${type.group}`]),
    `KIND:       ${shortTypeName(type.name)}`,
    `VERSION:    ${type.version}`,
    "",
    "",
  ].join("\n");
  if (path.length === 0) return { text: head + body(describe([typeText(type)]), type, recursive) };
  const found = fieldAt(type, path);
  if (!found) return { text: head, error: `error: field ${goQuote(path.at(-1) ?? "")} does not exist` };
  const { owner, field } = found;
  const values = field.enum ? `ENUM:\n${field.enum.map((value) => `    ${shownValue(value)}\n`).join("")}\n` : "\n\n";
  const title = `FIELD: ${field.name} <${typeName(field)}>\n${values}`;
  return { text: head + title + body(describe(textsOf(field, fieldText(owner, field))), typeBehind(field), recursive) };
}

function fieldAt(type: TypeInfo, path: readonly string[]): { owner: TypeInfo; field: FieldInfo } | undefined {
  let owner: TypeInfo | undefined = type;
  let field: FieldInfo | undefined;
  for (const name of path) {
    owner = field ? typeBehind(field) : type;
    field = owner?.fields.get(name);
    if (!field) return undefined;
  }
  return owner && field ? { owner, field } : undefined;
}

function body(description: string, type: TypeInfo | undefined, recursive: boolean): string {
  const fields = type && type.fields.size > 0 ? `FIELDS:\n${listFields(type, recursive)}` : "";
  return `DESCRIPTION:\n${description}\n${fields}\n`;
}

/** All that is said of a field: its own text, then those of the types it is made of. */
function textsOf(field: FieldInfo, own: string): string[] {
  const { items } = field;
  if (items) return [own, ...textsOf(items, items.description ?? "")];
  if (field.inner) return [own];
  const value = valueTypeName(field);
  const type = typeBehind(field);
  return [own, value === undefined ? (type ? typeText(type) : "") : namedValueText(value)];
}

function describe(texts: readonly string[]): string {
  const found = texts.filter((text) => text !== "");
  if (found.length === 0) return "    <empty>";
  return indent(`${found.map((text) => wordWrap(text, width)).join("\n")}\n`, "    ");
}

function indent(text: string, blanks: string): string {
  return blanks + text.replaceAll("\n", `\n${blanks}`);
}

function listFields(type: TypeInfo, recursive: boolean): string {
  if (recursive) return listDeep(type, "  ", []);
  return sortedFields(type)
    .map((field) => `${fieldLine(field, "  ")}${fieldDescription(fieldText(type, field))}\n\n`)
    .join("");
}

function fieldDescription(text: string): string {
  return indent(text === "" ? "<no description>" : wordWrap(text, width), "    ");
}

/** All fields below a type, their types named once on the way down. */
function listDeep(type: TypeInfo, blanks: string, above: readonly string[]): string {
  if (above.includes(type.name)) return "";
  const here = [...above, type.name];
  return sortedFields(type)
    .map((field) => {
      const inner = typeBehind(field);
      return fieldLine(field, blanks) + (inner ? listDeep(inner, `${blanks}  `, here) : "");
    })
    .join("");
}

function sortedFields(type: TypeInfo): FieldInfo[] {
  return [...type.fields.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function fieldLine(field: FieldInfo, blanks: string): string {
  const line = `${blanks}${field.name}\t<${typeName(field)}>${field.required ? " -required-" : ""}\n`;
  if (!field.enum) return line;
  const values = field.enum.map(shownValue);
  const shown = values.length > 4 ? [...values.slice(0, 4), "...."] : values;
  return `${line}${blanks}enum: ${shown.join(", ")}\n`;
}

function shownValue(value: string): string {
  return value === "" ? '""' : value;
}

/** How kubectl names a type: plain types by their JSON type, others by the last part of their name. */
function typeName(field: FieldInfo): string {
  if (field.items) return `${field.type === "array" ? "[]" : "map[string]"}${typeName(field.items)}`;
  if (field.ref !== undefined) return shortTypeName(field.ref);
  switch (field.type) {
    case "ref":
      return "Object";
    case "any":
    case "quantity":
    case "intOrString": {
      const name = valueTypeName(field);
      return name === undefined ? "Object" : shortTypeName(name);
    }
    case "integer":
    case "number":
    case "boolean":
      return field.type;
    default:
      return "string";
  }
}
