const sizes: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };
const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, y: 31_536_000 };

/** A size with one of the letters of stress: 250M; undefined where it is none. */
export function bytesOf(text: string): number | undefined {
  return amount(text, sizes);
}

/** A time as stress takes it: 90, 10s, 2m. */
export function readSeconds(text: string): number | undefined {
  return amount(text, seconds);
}

function amount(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, digits, letter = ""] = /^(\d+(?:\.\d+)?)([a-zA-Z]?)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const unit = letter === "" ? 1 : units[letter.toLowerCase()];
  return unit === undefined ? undefined : Math.floor(Number(digits) * unit);
}
