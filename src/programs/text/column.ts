import { type Call, Fail, tool } from "./define.ts";
import { textWidth } from "./shared/text-width.ts";

/** column: lines in columns, or with -t their words as a table. */
export const column = tool({
  name: "column",
  from: "from util-linux 2.38.1",
  usage: "[options] [<file>...]",
  options:
    "t,table s,separator= o,output-separator= N,table-columns= R,table-right= H,table-hide= O,table-order= E,table-noextreme= T,table-truncate= W,table-wrap= l,table-columns-limit= d,table-noheadings J,json c,output-width= x,fillrows e,table-header-repeat L,keep-empty-lines n,table-name=",
  *run(call) {
    const lines: string[] = [];
    yield* call.eachFile(
      call.operands,
      function* (input) {
        for (let line = yield* input.line(); line !== undefined; line = yield* input.line())
          if (line.trim() !== "" || call.has("L")) lines.push(line);
      },
      "\n",
      (name, error) => `${name}: ${error.message}`,
    );
    if (call.has("J")) json(call, lines);
    else if (call.has("t")) table(call, lines);
    else fill(call, lines);
    return undefined;
  },
});

/** The cells of the lines, and the columns to be shown in their order, counted from 0. */
interface Table {
  readonly rows: readonly (readonly string[])[];
  readonly names: readonly string[];
  readonly shown: readonly number[];
  readonly right: ReadonlySet<number>;
}

function tableOf(call: Call, lines: readonly string[]): Table {
  const rows = lines.map((line) => (line === "" ? [] : cellsOf(call, line)));
  const names = call.value("N")?.split(",") ?? [];
  const count = Math.max(names.length, ...rows.map((row) => row.length));
  const all = Array.from({ length: count }, (_, at) => at);
  const chosen = (key: string) =>
    (call.value(key)?.split(",") ?? []).flatMap((name) => {
      if (name === "-") return all.slice(names.length);
      if (name === "0") return all;
      const at = names.includes(name) ? names.indexOf(name) : Number(name) - 1;
      if (Number.isNaN(at)) throw new Fail(`undefined column name '${name}'`);
      return [at];
    });
  const hidden = new Set(chosen("H"));
  const order = new Set([...chosen("O"), ...all]);
  for (const key of ["E", "T", "W"]) chosen(key);
  return { rows, names, shown: [...order].filter((at) => at < count && !hidden.has(at)), right: new Set(chosen("R")) };
}

/** With -l the last cell is all that is left of the line. */
function cellsOf(call: Call, line: string): string[] {
  const separators = call.value("s");
  const limit = Number(call.value("l") ?? Number.POSITIVE_INFINITY);
  const blanks = separators === undefined;
  const cells = blanks ? line.trim().split(/[ \t]+/) : splitAt(line, separators);
  if (cells.length <= limit) return cells;
  let at = blanks ? line.length - line.trimStart().length : 0;
  for (const cell of cells.slice(0, limit - 1)) {
    at += cell.length + (blanks ? 0 : 1);
    while (blanks && /[ \t]/.test(line[at] ?? "")) at++;
  }
  return [...cells.slice(0, limit - 1), line.slice(at)];
}

function table(call: Call, lines: readonly string[]): void {
  const { rows, names, shown, right } = tableOf(call, lines);
  const printed = names.length > 0 && !call.has("d") ? [names, ...rows] : rows;
  const measured = names.length > 0 ? [names, ...rows] : rows;
  const widths = shown.map((at) => Math.max(0, ...measured.map((row) => textWidth(row[at] ?? ""))));
  const between = call.value("o") ?? "  ";
  for (const row of printed) {
    const cells = shown.map((at, place) => {
      const cell = row[at] ?? "";
      const missing = " ".repeat(Math.max(0, (widths[place] ?? 0) - textWidth(cell)));
      if (right.has(at)) return missing + cell;
      return place === shown.length - 1 ? cell : cell + missing;
    });
    call.out.put(`${cells.join(between)}\n`);
  }
}

/** -J: an object for each line. */
function json(call: Call, lines: readonly string[]): void {
  if (!call.has("N")) throw new Fail("option --table-columns required for --json");
  const { rows, names, shown } = tableOf(call, lines);
  const objects = rows.map((row, number) => {
    if (row.length > names.length)
      throw new Fail(`line ${number + 2}: for JSON the name of the column ${names.length + 1} is required`);
    const fields = shown.map((at) => {
      const value = row[at] === undefined || row[at] === "" ? "null" : JSON.stringify(row[at]);
      return `         ${JSON.stringify(names[at]?.toLowerCase())}: ${value}`;
    });
    return `{\n${fields.join(",\n")}\n      }`;
  });
  const name = JSON.stringify(call.value("n") ?? "table");
  call.out.put(`{\n   ${name}: [\n      ${objects.join(",")}\n   ]\n}\n`);
}

/** Each of the characters parts cells, also where two follow each other. */
function splitAt(line: string, separators: string): string[] {
  const cells: string[] = [""];
  for (const character of line) {
    if (separators.includes(character)) cells.push("");
    else cells[cells.length - 1] += character;
  }
  return cells;
}

/** As many columns as fit, eight apart, filled from top to bottom. */
function fill(call: Call, lines: readonly string[]): void {
  if (lines.length === 0) return;
  const width = Number(call.value("c") ?? (call.proc.isTerminal(1) ? call.proc.terminal?.columns : undefined) ?? 80);
  const longest = Math.max(...lines.map(textWidth));
  const size = (longest + 8) & ~7;
  const columns = Math.max(1, Math.floor(width / size));
  if (longest >= width || columns === 1) {
    for (const line of lines) call.out.put(`${line}\n`);
    return;
  }
  const rows = Math.ceil(lines.length / columns);
  for (let row = 0; row < rows; row++) {
    let text = "";
    let at = 0;
    for (let col = 0; col < columns; col++) {
      const index = call.has("x") ? row * columns + col : col * rows + row;
      const line = lines[index];
      if (line === undefined) break;
      text += line;
      at += textWidth(line);
      const next = call.has("x") ? (col + 1 < columns ? index + 1 : lines.length) : index + rows;
      if (next >= lines.length || col + 1 >= columns) break;
      for (const end = (col + 1) * size; ((at + 8) & ~7) <= end; at = (at + 8) & ~7) text += "\t";
    }
    call.out.put(`${text}\n`);
  }
}
