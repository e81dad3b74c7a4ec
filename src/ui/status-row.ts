import { textWidth } from "./line/width.ts";

/** Below this many rows or columns there is no room for a status row. */
const LEAST_ROWS = 10;
const LEAST_COLUMNS = 40;

/**
 * The bottom row, kept out of the scrolling by a scroll region that begins at the first row (so that what scrolls off
 * still reaches the terminal's own history). Must be taken down on every way out.
 */
export class StatusRow {
  private readonly write: (text: string) => void;
  private rows = 0;
  private columns = 0;
  private text = "";
  shown = false;

  constructor(write: (text: string) => void) {
    this.write = write;
  }

  /** Sets the region up for a terminal of this size, if it is large enough. */
  raise(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.shown = rows >= LEAST_ROWS && columns >= LEAST_COLUMNS;
    if (!this.shown) return;
    // Make room below the cursor, set the region (which sends the cursor home), and come back.
    this.write(`\u001bD\u001b[A\u001b7\u001b[1;${rows - 1}r\u001b8${this.painted()}`);
  }

  /** What changes the row's text; shown at once if the row is up. */
  set(text: string): void {
    if (text === this.text) return;
    this.text = text;
    if (this.shown) this.write(this.painted());
  }

  /** What to write so that the row shows its text, wherever the cursor is. */
  painted(): string {
    if (!this.shown) return "";
    return `\u001b7\u001b[${this.rows};1H\u001b[0;7m${fitted(this.text, this.columns)}\u001b[0m\u001b8`;
  }

  lower(): void {
    if (!this.shown) return;
    this.shown = false;
    this.write(`\u001b7\u001b[r\u001b[${this.rows};1H\u001b[2K\u001b8`);
  }

  /** The terminal has another size: the row is somewhere else by now, below the cursor. */
  lose(): void {
    if (!this.shown) return;
    this.shown = false;
    this.write("\u001b7\u001b[r\u001b8\u001b[J");
  }
}

/** Left and right part (separated by a tab) over the whole width; what does not fit is cut off the left one. */
export function fitted(text: string, columns: number): string {
  const [left = "", right = ""] = text.split("\t");
  const room = columns - textWidth(right) - (right === "" ? 0 : 1);
  const cut = [...left];
  while (cut.length > 0 && textWidth(cut.join("")) > room) cut.pop();
  const gap = columns - textWidth(cut.join("")) - textWidth(right);
  return `${cut.join("")}${" ".repeat(Math.max(gap, 0))}${right}`;
}
