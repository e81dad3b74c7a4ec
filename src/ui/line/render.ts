import { characterWidth } from "./width.ts";

/** Where a text leaves the cursor on a screen of a given width. */
export interface Layout {
  readonly rows: number;
  /** Of the cursor, counted from the first row of the text. */
  readonly row: number;
  readonly column: number;
}

/** Lays out prompt and text as a terminal wraps them; `cursor` is an index into `text`. */
export function layout(prompt: string, text: string, cursor: number, columns: number): Layout {
  const plain = prompt.replace(/\u0001[^\u0002]*\u0002|\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007]*\u0007/g, "");
  let row = 0;
  let column = 0;
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

/** What to write so that the rows of the last drawing show prompt and text anew, with the cursor in its place. */
export function redraw(
  prompt: string,
  text: string,
  cursor: number,
  columns: number,
  last: Layout | undefined,
): { output: string; layout: Layout } {
  const next = layout(prompt, text, cursor, columns);
  const up = last && last.row > 0 ? `\u001b[${last.row}A` : "";
  const shown = text.replace(/\n/g, "\r\n");
  const visible = prompt.replace(/[\u0001\u0002]/g, "").replace(/\r?\n/g, "\r\n");
  const end = layout(prompt, text, text.length, columns);
  // A line that ends exactly at the edge leaves the cursor there until something is written.
  const push = end.column === 0 && text !== "" && !text.endsWith("\n") ? " \r\u001b[K" : "";
  const back = end.row - next.row;
  const place = `${back > 0 ? `\u001b[${back}A` : ""}\r${next.column > 0 ? `\u001b[${next.column}C` : ""}`;
  return { output: `${up}\r\u001b[J${visible}${shown}${push}${place}`, layout: next };
}
