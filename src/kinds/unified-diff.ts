/**
 * The difference of two texts, line by line, with three lines around each change, as Go's difflib writes it without
 * file names: messages about fields that may not change end with it.
 */
export function unifiedDiff(before: readonly string[], after: readonly string[]): string {
  const changes = changesOf(before, after);
  let text = "";
  for (let first = 0; first < changes.length; ) {
    let last = first;
    while (last + 1 < changes.length && at(changes, last + 1).from - at(changes, last).to <= 2 * around) last++;
    text += hunk(before, after, changes.slice(first, last + 1));
    first = last + 1;
  }
  return text;
}

const around = 3;

/** Lines `from` to before `to` of the old text became lines `newFrom` to before `newTo` of the new one. */
interface Change {
  readonly from: number;
  readonly to: number;
  readonly newFrom: number;
  readonly newTo: number;
}

function at(changes: readonly Change[], index: number): Change {
  return changes[index] as Change;
}

function hunk(before: readonly string[], after: readonly string[], changes: readonly Change[]): string {
  const head = at(changes, 0);
  const tail = at(changes, changes.length - 1);
  const start = Math.max(0, head.from - around);
  const end = Math.min(before.length, tail.to + around);
  const newStart = head.newFrom - (head.from - start);
  const newEnd = tail.newTo + (end - tail.to);
  let text = `@@ -${range(start, end)} +${range(newStart, newEnd)} @@\n`;
  let line = start;
  for (const change of changes) {
    for (; line < change.from; line++) text += ` ${before[line]}\n`;
    for (; line < change.to; line++) text += `-${before[line]}\n`;
    for (let i = change.newFrom; i < change.newTo; i++) text += `+${after[i]}\n`;
  }
  for (; line < end; line++) text += ` ${before[line]}\n`;
  return text;
}

function range(start: number, end: number): string {
  const length = end - start;
  if (length === 1) return String(start + 1);
  return `${length === 0 ? start : start + 1},${length}`;
}

/** What changed, by the longest common part of the middle, after equal lines at both ends are set aside. */
function changesOf(before: readonly string[], after: readonly string[]): Change[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const room = Math.min(before.length, after.length) - head;
  while (tail < room && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const rows = before.length - tail - head;
  const columns = after.length - tail - head;
  const lengths = commonLengths(before, after, head, rows, columns);
  const changes: Change[] = [];
  let [row, column] = [0, 0];
  while (row < rows || column < columns) {
    if (row < rows && column < columns && before[head + row] === after[head + column]) {
      row++;
      column++;
      continue;
    }
    const [from, newFrom] = [row, column];
    while (row < rows || column < columns) {
      if (row < rows && column < columns && before[head + row] === after[head + column]) break;
      const down = row < rows ? (lengths[row + 1]?.[column] ?? 0) : -1;
      const right = column < columns ? (lengths[row]?.[column + 1] ?? 0) : -1;
      if (down >= right) row++;
      else column++;
    }
    changes.push({ from: head + from, to: head + row, newFrom: head + newFrom, newTo: head + column });
  }
  return changes;
}

function commonLengths(
  before: readonly string[],
  after: readonly string[],
  head: number,
  rows: number,
  columns: number,
): Uint32Array[] {
  const lengths = Array.from({ length: rows + 1 }, () => new Uint32Array(columns + 1));
  for (let row = rows - 1; row >= 0; row--) {
    const [here, below] = [lengths[row] as Uint32Array, lengths[row + 1] as Uint32Array];
    for (let column = columns - 1; column >= 0; column--)
      here[column] =
        before[head + row] === after[head + column]
          ? (below[column + 1] ?? 0) + 1
          : Math.max(below[column] ?? 0, here[column + 1] ?? 0);
  }
  return lengths;
}
