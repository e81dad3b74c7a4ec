import { compareBytes } from "./byte-order.ts";

/** GNU's version order (filevercmp): numbers within names by their value; a tilde before everything. */
export function compareVersions(a: string, b: string): number {
  if (a === b) return 0;
  const special = specialOrder(a, b);
  if (special !== undefined) return special;
  const order = compareParts(withoutSuffix(a), withoutSuffix(b));
  return order !== 0 ? order : compareParts(a, b) || compareBytes(a, b);
}

/** The empty name, then . and .., then hidden names. */
function specialOrder(a: string, b: string): number | undefined {
  const rank = (name: string) =>
    name === "" ? 0 : name === "." ? 1 : name === ".." ? 2 : name.startsWith(".") ? 3 : 4;
  return rank(a) === rank(b) ? undefined : rank(a) - rank(b);
}

/** File extensions count only where the rest is equal. */
function withoutSuffix(name: string): string {
  return name.replace(/(?:\.[A-Za-z~][A-Za-z0-9~]*)*$/, "");
}

function compareParts(a: string, b: string): number {
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a[i])) || (j < b.length && !isDigit(b[j]))) {
      const order = weight(a[i]) - weight(b[j]);
      if (order !== 0) return order;
      i++;
      j++;
    }
    const x = /^\d*/.exec(a.slice(i))?.[0] ?? "";
    const y = /^\d*/.exec(b.slice(j))?.[0] ?? "";
    i += x.length;
    j += y.length;
    const [p, q] = [x.replace(/^0+/, ""), y.replace(/^0+/, "")];
    if (p.length !== q.length) return p.length - q.length;
    if (p !== q) return p < q ? -1 : 1;
  }
  return 0;
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= "0" && character <= "9";
}

function weight(character: string | undefined): number {
  if (character === undefined || isDigit(character)) return 0;
  if (character === "~") return -1;
  const code = character.charCodeAt(0);
  return /[A-Za-z]/.test(character) ? code : code + 256;
}
