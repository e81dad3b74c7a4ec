const factors: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of 5, 0.5, 2m, 1h, infinity; undefined where it is none. */
export function parseDuration(text: string): number | undefined {
  const found = /^(\d+\.?\d*(?:e[-+]?\d+)?|\.\d+|inf(?:inity)?)([smhd]?)$/i.exec(text);
  if (!found) return undefined;
  if (/^inf/i.test(found[1] ?? "")) return Number.POSITIVE_INFINITY;
  return Number(found[1]) * (factors[found[2] ?? ""] ?? 1);
}
