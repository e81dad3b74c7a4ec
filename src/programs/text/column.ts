import { type Call, tool } from "./define.ts";
import { textWidth } from "./shared/text-width.ts";

/** column: lines in columns, or with -t their words as a table. */
export const column = tool({
  name: "column",
  from: "from util-linux 2.38.1",
  usage: "[options] [<file>...]",
  options:
    "t,table s,separator= o,output-separator= N,table-columns= R,table-right= c,output-width= x,fillrows e,table-header-repeat L,keep-empty-lines n,table-name=",
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
    if (call.has("t")) table(call, lines);
    else fill(call, lines);
    return undefined;
  },
});

function table(call: Call, lines: readonly string[]): void {
  const separators = call.value("s");
  const split = (line: string) => (separators === undefined ? line.trim().split(/[ \t]+/) : splitAt(line, separators));
  const rows = lines.map((line) => (line === "" ? [] : split(line)));
  const names = call.value("N");
  if (names !== undefined) rows.unshift(names.split(","));
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(0, ...rows.map((row) => textWidth(row[at] ?? ""))),
  );
  const right = new Set(
    (call.value("R") ?? "").split(",").map((name) => (names?.split(",").indexOf(name) ?? -1) + 1 || Number(name)),
  );
  const between = call.value("o") ?? "  ";
  for (const row of rows) {
    const last = row.length - 1;
    const cells = row.map((cell, at) => {
      const missing = " ".repeat(Math.max(0, (widths[at] ?? 0) - textWidth(cell)));
      if (right.has(at + 1)) return missing + cell;
      return at === columns - 1 || (at === last && last === columns - 1) ? cell : cell + missing;
    });
    // Cells that a short row lacks are empty ones.
    for (let at = row.length; at < columns; at++) cells.push(at === columns - 1 ? "" : " ".repeat(widths[at] ?? 0));
    call.out.put(`${cells.join(between)}\n`);
  }
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
