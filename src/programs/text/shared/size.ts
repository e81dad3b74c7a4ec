const powers: Readonly<Record<string, number>> = { K: 1, M: 2, G: 3, T: 4, P: 5, E: 6 };

/** A size with GNU's suffixes: b is 512, K 1024, kB 1000, KiB 1024. undefined where it is none. */
export function parseSize(text: string): number | undefined {
  const found = /^(\d+)(?:([bc])|([kKMGTPE])(B|iB)?)?$/.exec(text);
  if (!found) return undefined;
  const [, digits, unit, letter, kind] = found;
  if (unit) return Number(digits) * (unit === "b" ? 512 : 1);
  if (!letter) return Number(digits);
  return Number(digits) * (kind === "B" ? 1000 : 1024) ** (powers[letter.toUpperCase()] ?? 0);
}

/** A size for people, as -h shows it: rounded up, one digit after the point below ten. */
export function humanSize(bytes: number): string {
  if (bytes < 1024) return String(bytes);
  let value = bytes;
  let unit = "";
  for (const next of "KMGTPE") {
    if (value < 1024) break;
    value /= 1024;
    unit = next;
  }
  const shown = value < 10 ? Math.ceil(value * 10) / 10 : Math.ceil(value);
  return (shown < 10 ? shown.toFixed(1) : String(shown)) + unit;
}
