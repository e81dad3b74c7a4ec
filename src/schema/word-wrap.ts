/**
 * Wraps text as kubectl does (mitchellh/go-wordwrap): lines of at most `limit` letters, breaks and runs of blanks kept
 * where no line is broken, words longer than a line left whole.
 */
export function wordWrap(text: string, limit: number): string {
  return text
    .split("\n")
    .map((line) => wrapLine(line, limit))
    .join("\n");
}

function wrapLine(line: string, limit: number): string {
  let out = "";
  let column = 0;
  for (const part of line.matchAll(/([^\S\u00a0]*)([\S\u00a0]*)/g)) {
    const [, blanks = "", word = ""] = part;
    const [gap, length] = [letters(blanks), letters(word)];
    if (length === 0) {
      if (gap > 0 && column + gap <= limit) out += blanks;
      continue;
    }
    if (breaks(column + gap, length, limit)) {
      out += `\n${word}`;
      column = length;
    } else {
      out += blanks + word;
      column += gap + length;
    }
  }
  return out;
}

/** A word goes to the next line when it passes the edge, unless it had a whole line's length by then. */
function breaks(before: number, length: number, limit: number): boolean {
  if (before + length <= limit) return false;
  return Math.max(limit - before + 1, 1) < limit;
}

function letters(text: string): number {
  return [...text].length;
}
