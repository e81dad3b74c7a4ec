import { characterWidth } from "./width.ts";

/** Where a text leaves the cursor on a screen of a given width. */
export interface Layout {
  readonly rows: number;
  /** Of the cursor, counted from the first row of the text. */
  readonly row: number;
  readonly column: number;
}

/** Lays out prompt and text as a terminal wraps them; `cursor` is an index into `text`, `start` the prompt's column. */
export function layout(prompt: string, text: string, cursor: number, columns: number, start = 0): Layout {
  const plain = prompt.replace(/\u0001[^\u0002]*\u0002|\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007]*\u0007/g, "");
  let row = 0;
  let column = start;
  let at: { row: number; column: number } | undefined;
  const put = (character: string) => {
    if (character === "\n") {
      row++;
      column = 0;
      return;
    }
    const width = characterWidth(character);
    if (column + width > columns) {
      row++;
      column = 0;
    }
    column += width;
  };
  for (const character of plain) put(character);
  let index = 0;
  for (const character of text) {
    if (index === cursor) at = wrapped(row, column, columns);
    put(character);
    index += character.length;
  }
  at ??= wrapped(row, column, columns);
  const end = wrapped(row, column, columns);
  return { rows: end.row + 1, row: at.row, column: at.column };
}

/** After the last column the cursor belongs to the next row. */
function wrapped(row: number, column: number, columns: number): { row: number; column: number } {
  return column >= columns ? { row: row + 1, column: 0 } : { row, column };
}

/**
 * What to write so that the rows of the last drawing show prompt and text anew, with the cursor in its place. What stands
 * left of the column `start` (a program's output without a newline) stays.
 */
export function redraw(
  prompt: string,
  text: string,
  cursor: number,
  columns: number,
  last: Layout | undefined,
  start = 0,
): { output: string; layout: Layout } {
  const next = layout(prompt, text, cursor, columns, start);
  const shown = text.replace(/\n/g, "\r\n");
  const visible = prompt.replace(/[\u0001\u0002]/g, "").replace(/\r?\n/g, "\r\n");
  const end = layout(prompt, text, text.length, columns, start);
  // What ends exactly at the edge leaves the cursor there until something is written.
  const push = end.column === 0 && end.row > 0 && !`${prompt}${text}`.endsWith("\n") ? " \r\u001b[K" : "";
  const place = `${vertical(next.row - end.row)}${toColumn(next.column)}`;
  return { output: `${cleared(last, start)}${visible}${shown}${push}${place}`, layout: next };
}

/** Takes the rows of the last drawing off the screen; the cursor is then where the prompt begins. */
export function cleared(last: Layout | undefined, start: number): string {
  return `${vertical(-(last?.row ?? 0))}${toColumn(start)}\u001b[J`;
}

function vertical(rows: number): string {
  return rows < 0 ? `\u001b[${-rows}A` : "";
}

function toColumn(column: number): string {
  return `\r${column > 0 ? `\u001b[${column}C` : ""}`;
}
