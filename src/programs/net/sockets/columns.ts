/** A column of ss: its header, how it is aligned, and what parts it from the one before. */
interface SocketColumn {
  readonly header: string;
  readonly right?: boolean;
  readonly parted: boolean;
}

export const socketColumns: readonly SocketColumn[] = [
  { header: "Netid", parted: false },
  { header: "State", parted: true },
  { header: "Recv-Q", parted: true },
  { header: "Send-Q", parted: true },
  { header: "Local Address:", right: true, parted: true },
  { header: "Port", parted: false },
  { header: "Peer Address:", right: true, parted: true },
  { header: "Port", parted: false },
  { header: "Process", parted: false },
];

/**
 * The table as ss lays it out (misc/ss.c render, 6.1): each column as wide as its longest field; on a terminal, what is left
 * of the screen is dealt out, and columns that do not fit begin a line of their own.
 */
export function layOut(
  rows: readonly (readonly string[])[],
  columns: readonly SocketColumn[],
  screen: number | undefined,
): string {
  const widths = columns.map((column, i) => {
    const longest = Math.max(0, ...rows.map((row) => (row[i] ?? "").length));
    const width = longest + (i > 0 && longest > 0 && column.parted ? 1 : 0);
    return screen === undefined ? width : Math.min(width, screen);
  });
  if (screen !== undefined) spread(widths, screen);
  return rows
    .map((row) => {
      const fields = columns.map(({ right, parted }, i) => {
        const start = i > 0 && parted ? " " : "";
        const width = widths[i] ?? 0;
        const text = row[i] ?? "";
        return right ? start + text.padStart(Math.max(0, width - start.length)) : (start + text).padEnd(width);
      });
      return `${fields.join("")}\n`;
    })
    .join("");
}

function spread(widths: number[], screen: number): void {
  let begun = 0;
  let length = 0;
  for (let i = 0; i < widths.length; i++) {
    if (widths[i] === 0) continue;
    length += widths[i] ?? 0;
    const isLast = widths.slice(i + 1).every((width) => width === 0);
    if (!isLast && length < screen) continue;
    if (length !== screen) {
      if (length > screen) {
        length -= widths[i] ?? 0;
        i--;
      }
      deal(widths, begun, i, screen - length);
    }
    begun = i + 1;
    length = 0;
  }
}

/** Deals the rest of a line out to its columns, from the right. */
function deal(widths: number[], first: number, last: number, rest: number): void {
  const count = widths.slice(first, last + 1).filter((width) => width > 0).length;
  if (count === 0) return;
  const each = Math.floor(rest / count);
  let more = rest % count;
  for (let i = last; i >= first; i--) {
    if (widths[i] === 0) continue;
    widths[i] = (widths[i] ?? 0) + each + (more > 0 ? 1 : 0);
    if (more > 0) more--;
  }
}
