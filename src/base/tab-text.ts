/** How cells become columns. kubectl's tables: `{ minWidth: 6, padding: 3, rememberWidths: true }`. */
export interface TabStyle {
  /** The least width of a column, with its padding. */
  readonly minWidth: number;
  /** Blanks after the widest cell. */
  readonly padding: number;
  /** A column never becomes narrower further down. */
  readonly rememberWidths?: boolean;
}

/** kubectl's tables (cli-runtime printers.GetNewTabWriter, 1.33). */
export const tableStyle: TabStyle = { minWidth: 6, padding: 3, rememberWidths: true };

/**
 * Lays out text as Go's text/tabwriter does: a cell ends at a tab, and cells above each other without a gap are a
 * column. The last cell of a line, which no tab ends, belongs to no column. `seen` are the widths that are remembered
 * from one text to the next.
 */
export function tabText(text: string, style: TabStyle, seen: number[] = []): string {
  const lines = text.split("\n").map((line) => line.split("\t"));
  const out: string[] = [];
  layOut(lines, 0, lines.length, [], seen, style, out);
  return out.join("\n");
}

function layOut(
  lines: readonly (readonly string[])[],
  from: number,
  to: number,
  widths: readonly number[],
  seen: number[],
  style: TabStyle,
  out: string[],
): void {
  const column = widths.length;
  const inColumn = (at: number) => column < (lines[at]?.length ?? 0) - 1;
  let at = from;
  while (at < to) {
    if (!inColumn(at)) {
      out.push(lineText(lines[at] ?? [], widths));
      at++;
      continue;
    }
    const first = at;
    let width = style.minWidth;
    for (; at < to && inColumn(at); at++) width = Math.max(width, cellWidth(lines[at]?.[column] ?? "") + style.padding);
    if (style.rememberWidths) {
      width = Math.max(width, seen[column] ?? 0);
      seen[column] = width;
    }
    layOut(lines, first, at, [...widths, width], seen, style, out);
  }
}

function lineText(cells: readonly string[], widths: readonly number[]): string {
  let text = "";
  cells.forEach((cell, i) => {
    const width = widths[i];
    text += width === undefined ? cell : cell + " ".repeat(Math.max(0, width - cellWidth(cell)));
  });
  return text;
}

/** Go counts code points, not columns of the terminal. */
function cellWidth(cell: string): number {
  let width = cell.length;
  for (let i = 0; i < cell.length; i++) {
    const unit = cell.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00) width--;
  }
  return width;
}
