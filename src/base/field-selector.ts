import { FormatError } from "./format-error.ts";
import { compareText } from "./json.ts";

/** One condition on a field: `status.phase=Running`, `metadata.name!=web`. */
export interface FieldRequirement {
  readonly field: string;
  readonly operator: "=" | "!=";
  readonly value: string;
}

/** A field selector: all requirements must be met. Ordered as the API server orders it. */
export type FieldSelector = readonly FieldRequirement[];

/** Reads a field selector (apimachinery fields.ParseSelector, 1.33). */
export function parseFieldSelector(text: string): FieldSelector {
  return terms(text)
    .sort(compareText)
    .filter((term) => term !== "")
    .map((term) => {
      const at = term.search(/[=]|!=/);
      if (at < 0) throw new FormatError(`invalid selector: '${text}'; can't understand '${term}'`);
      const sign = term.startsWith("!=", at) ? "!=" : term.startsWith("==", at) ? "==" : "=";
      return {
        field: term.slice(0, at),
        operator: sign === "!=" ? "!=" : "=",
        value: unescapeValue(term.slice(at + sign.length)),
      };
    });
}

/** The text split at commas that no backslash precedes. */
function terms(text: string): string[] {
  if (text === "") return [];
  const all: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === ",") {
      all.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...all, text.slice(start)];
}

function unescapeValue(text: string): string {
  let value = "";
  for (let i = 0; i < text.length; i++) {
    let character = text[i] ?? "";
    if (character === "," || character === "=") {
      throw new FormatError(`invalid field selector: unescaped character in value: ${character.charCodeAt(0)}`);
    }
    if (character === "\\") {
      character = text[++i] ?? "";
      if (character !== "\\" && character !== "," && character !== "=") {
        throw new FormatError(`invalid field selector: invalid escape sequence: \\${character}`);
      }
    }
    value += character;
  }
  return value;
}

/** A field selector as text. */
export function fieldSelectorText(selector: FieldSelector): string {
  return selector.map((one) => `${one.field}${one.operator}${one.value.replace(/[\\,=]/g, "\\$&")}`).join(",");
}

/** A function that tells whether the fields of an object meet a selector; a field that is not there is empty. */
export function fieldMatcher(selector: FieldSelector): (field: (name: string) => string | undefined) => boolean {
  return (fieldOf) => selector.every((one) => ((fieldOf(one.field) ?? "") === one.value) === (one.operator === "="));
}
