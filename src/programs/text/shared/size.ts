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
export function humanSize(bytes: number, base: 1000 | 1024 = 1024): string {
  if (bytes < base) return String(bytes);
  let divisor = 1;
  for (const unit of base === 1000 ? "kMGTPE" : "KMGTPE") {
    divisor *= base;
    const tenths = Math.ceil((bytes * 10) / divisor);
    const shown = tenths < 100 ? (tenths / 10).toFixed(1) : String(Math.ceil(bytes / divisor));
    if (Number(shown) < base) return shown + unit;
  }
  return String(bytes);
}

/** How sizes are counted and written: -h, -H, -k, -m, -B. */
export interface BlockSize {
  /** What a number stands for, in bytes; undefined where each size has its own unit. */
  readonly unit: number | undefined;
  /** K, 1M: how a title names the unit. */
  readonly name: string;
  /** A size in bytes, rounded up to the unit. */
  show(bytes: number): string;
}

/** The block size that the options say: `h`, `H` or `si`, `k`, `m` and `B`, the last one given; 1 KiB without any. */
export function blockSize(given: readonly { key: string; value: string | undefined }[]): BlockSize | undefined {
  const last = given.findLast(({ key }) => ["h", "H", "si", "k", "m", "b", "B"].includes(key));
  if (last?.key === "h") return { unit: undefined, name: "", show: (bytes) => humanSize(bytes) };
  if (last?.key === "H" || last?.key === "si")
    return { unit: undefined, name: "", show: (bytes) => humanSize(bytes, 1000) };
  const text = { k: "1K", m: "1M", b: "1" }[last?.key ?? "k"] ?? last?.value ?? "1K";
  const unit = parseSize(/^\d/.test(text) ? text : `1${text}`);
  if (!unit) return undefined;
  const suffix = /^\d/.test(text) ? "" : text;
  return { unit, name: unitName(unit), show: (bytes) => `${Math.ceil(bytes / unit)}${suffix}` };
}

/** 1K for 1024, 1kB for 1000, 512B for what is no power of either. */
function unitName(unit: number): string {
  for (const [base, end] of [
    [1024, ""],
    [1000, "B"],
  ] as const)
    for (const [letter, power] of Object.entries(powers).reverse())
      if (unit % base ** power === 0) {
        const shown = base === 1000 && letter === "K" ? "k" : letter;
        return `${unit / base ** power}${shown}${end}`;
      }
  return `${unit}B`;
}
