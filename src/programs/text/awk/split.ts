import type { Pattern } from "../regex/define.ts";

/** Compiles (and keeps) a dynamic regular expression. */
export type Patterns = (source: string) => Pattern;

/** Splits a text into fields as FS says; `lines` adds the newline as a separator (RS is empty). */
export function splitFields(text: string, separator: string, patterns: Patterns, lines = false): string[] {
  if (text === "") return [];
  if (separator === " ") {
    const trimmed = text.replace(/^[ \t\n\r\v\f]+/, "");
    const fields = trimmed.split(/[ \t\n\r\v\f]+/);
    if (fields.at(-1) === "") fields.pop();
    return fields;
  }
  if (lines) return text.split("\n").flatMap((line) => (line === "" ? [""] : splitFields(line, separator, patterns)));
  if (separator === "") return [...text];
  if (separator.length === 1 && separator !== "\\") return text.split(separator);
  return splitByPattern(text, patterns(separator));
}

export function splitByPattern(text: string, pattern: Pattern): string[] {
  const fields: string[] = [];
  let start = 0;
  for (let from = 0; ; ) {
    const found = pattern.exec(text, from);
    if (!found) break;
    const [begin = 0, end = 0] = found;
    if (end === begin) {
      if (++from > text.length) break;
      continue;
    }
    fields.push(text.slice(start, begin));
    start = end;
    from = end;
  }
  fields.push(text.slice(start));
  return fields;
}
