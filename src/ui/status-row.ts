import { textWidth } from "./line/width.ts";

/** Below this many rows there is no room for a status row. */
const LEAST_ROWS = 10;

/**
 * The bottom row, kept out of the scrolling by a scroll region that begins at the first row (so that what scrolls off
 * still reaches the terminal's own history). Must be taken down on every way out.
 */
export class StatusRow {
  private readonly write: (text: string) => void;
  private rows = 0;
  private columns = 0;
  private shown = false;
  private text = "";

  constructor(write: (text: string) => void) {
    this.write = write;
  }

  /** Rows that are left for everything else. */
  get height(): number {
    return this.shown ? this.rows - 1 : this.rows;
  }

  /** Sets the region up for a terminal of this size; false where it is too small. */
  raise(columns: number, rows: number): boolean {
    this.columns = columns;
    this.rows = rows;
    this.shown = rows >= LEAST_ROWS;
    if (!this.shown) return false;
    // Make room, set the region (which sends the cursor home), and come back.
    this.write(`\n\u001b[A\u001b7\u001b[1;${rows - 1}r\u001b8`);
    this.paint();
    return true;
  }

  set(text: string): void {
    if (text === this.text) return;
    this.text = text;
    this.paint();
  }

  paint(): void {
    if (!this.shown) return;
    const shown = fitted(this.text, this.columns);
    this.write(`\u001b7\u001b[${this.rows};1H\u001b[7m${shown}\u001b[0m\u001b8`);
  }

  lower(): void {
    if (!this.shown) return;
    this.shown = false;
    this.write(`\u001b7\u001b[r\u001b[${this.rows};1H\u001b[2K\u001b8`);
  }
}

/** Left and right part (separated by a tab) over the whole width; what does not fit is cut. */
function fitted(text: string, columns: number): string {
  const [left = "", right = ""] = text.split("\t");
  const room = columns - textWidth(right) - 1;
  let cut = left;
  while (textWidth(cut) > Math.max(room, 0)) cut = [...cut].slice(0, -1).join("");
  const gap = columns - textWidth(cut) - textWidth(right);
  return `${cut}${" ".repeat(Math.max(gap, 0))}${right}`.slice(0, columns * 2);
}
