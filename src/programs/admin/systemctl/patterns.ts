import { unitName } from "../../../machine/units/load-unit.ts";

/** Whether a unit fits one of the patterns (names, or globs with stars); no pattern fits all. */
export function fitsAny(name: string, patterns: readonly string[]): boolean {
  return (
    patterns.length === 0 || patterns.some((pattern) => fits(name, pattern.includes("*") ? pattern : unitName(pattern)))
  );
}

function fits(name: string, pattern: string): boolean {
  const parts = pattern.split("*");
  if (parts.length === 1) return name === pattern;
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found < 0 || found + part.length > name.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}
