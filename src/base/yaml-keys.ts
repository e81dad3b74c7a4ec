const digit = /^\p{Nd}$/u;
const letter = /^\p{L}$/u;
const plainStart = /^[a-zA-Z]*$/;

/**
 * The order in which go-yaml v2 prints the keys of a map: by letters, but numbers inside by their value (`a2` before
 * `a10`), and letters after everything else.
 */
export function compareYamlKeys(a: string, b: string): number {
  if (plainStart.test(a) && plainStart.test(b)) return a < b ? -1 : a > b ? 1 : 0;
  const x = [...a];
  const y = [...b];
  for (let i = 0; i < x.length && i < y.length; i++) {
    const p = x[i] as string;
    const q = y[i] as string;
    if (p !== q) return compareAt(x, y, i);
  }
  return x.length - y.length;
}

/** Decides at the first difference. */
function compareAt(x: readonly string[], y: readonly string[], at: number): number {
  const [p, q] = [x[at] as string, y[at] as string];
  const [pLetter, qLetter] = [letter.test(p), letter.test(q)];
  if (pLetter && qLetter) return codePoint(p) - codePoint(q);
  if (pLetter || qLetter) return pLetter ? 1 : -1;
  const lead = (p === "0" || q === "0") && followsNonZero(x, at) ? "1" : "";
  const [m, n] = [lead + run(x, at), lead + run(y, at)];
  if (BigInt(m || "0") !== BigInt(n || "0")) return BigInt(m || "0") < BigInt(n || "0") ? -1 : 1;
  return m.length !== n.length ? m.length - n.length : codePoint(p) - codePoint(q);
}

function followsNonZero(x: readonly string[], at: number): boolean {
  for (let i = at - 1; i >= 0 && digit.test(x[i] as string); i--) if (x[i] !== "0") return true;
  return false;
}

function run(x: readonly string[], at: number): string {
  let end = at;
  while (end < x.length && /^[0-9]$/.test(x[end] as string)) end++;
  return x.slice(at, end).join("");
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}
