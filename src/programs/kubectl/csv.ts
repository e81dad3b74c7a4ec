import { FormatError } from "../../base/format-error.ts";

/** One line of values with commas between them, as Go's encoding/csv reads it: quotes hold commas, "" is a quote. */
export function readCsv(line: string): readonly string[] {
  if (line === "") return [];
  const values: string[] = [];
  let at = 0;
  for (;;) {
    const quoted = line[at] === '"';
    const [value, end] = quoted ? quotedValue(line, at) : plainValue(line, at);
    values.push(value);
    if (end >= line.length) return values;
    at = end + 1;
  }
}

function plainValue(line: string, from: number): [string, number] {
  const comma = line.indexOf(",", from);
  const end = comma < 0 ? line.length : comma;
  const value = line.slice(from, end);
  const quote = value.indexOf('"');
  if (quote >= 0) throw fault(from + quote, 'bare " in non-quoted-field');
  return [value, end];
}

function quotedValue(line: string, from: number): [string, number] {
  let value = "";
  let at = from + 1;
  for (;;) {
    const quote = line.indexOf('"', at);
    if (quote < 0) throw fault(line.length, 'extraneous or missing " in quoted-field');
    value += line.slice(at, quote);
    const next = line[quote + 1];
    if (next === undefined || next === ",") return [value, quote + 1];
    if (next !== '"') throw fault(quote, 'extraneous or missing " in quoted-field');
    value += '"';
    at = quote + 2;
  }
}

function fault(at: number, why: string): FormatError {
  return new FormatError(`parse error on line 1, column ${at + 1}: ${why}`);
}
