import { FormatError } from "../base/format-error.ts";

/** Reads indexes in short, `0,2-4`; throws a FormatError with the server's words (batch validation validateIndexesFormat, 1.35). */
export function parseIndexes(text: string, completions: number): readonly number[] {
  if (text === "") return [];
  const found: number[] = [];
  let last: number | undefined;
  for (const interval of text.split(",")) {
    const [from, to] = readInterval(interval, completions);
    if (last !== undefined && from <= last)
      throw new FormatError(`non-increasing order, previous: ${last}, current: ${from}`);
    for (let index = from; index <= to; index++) found.push(index);
    last = to;
  }
  return found;
}

function readInterval(text: string, completions: number): readonly [number, number] {
  const limits = text.split("-");
  if (limits.length > 2)
    throw new FormatError(
      `the fragment "${text}" violates the requirement that an index interval can have at most two parts separated by '-'`,
    );
  const numbers = limits.map((limit) => {
    if (!/^[+-]?\d+$/.test(limit)) throw new FormatError(`cannot convert string to integer for index: "${limit}"`);
    return Number(limit);
  });
  const [from = 0, to = from] = numbers;
  for (const index of numbers) if (index >= completions) throw new FormatError(`too large index: "${index}"`);
  if (numbers.length > 1 && from >= to)
    throw new FormatError(`non-increasing order, previous: ${from}, current: ${to}`);
  return [from, to];
}

/** Indexes in short: two in a row are written `2,3`, more `2-4` (pkg/controller/job indexed_job_utils.go, 1.35). */
export function indexesText(indexes: Iterable<number>): string {
  const sorted = [...new Set(indexes)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let i = 0; i < sorted.length; ) {
    let end = i;
    while (end + 1 < sorted.length && sorted[end + 1] === (sorted[end] ?? 0) + 1) end++;
    if (end - i >= 2) parts.push(`${sorted[i]}-${sorted[end]}`);
    else for (let at = i; at <= end; at++) parts.push(`${sorted[at]}`);
    i = end + 1;
  }
  return parts.join(",");
}
