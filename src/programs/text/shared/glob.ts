/** Whether a name matches a shell pattern (fnmatch(3)): * ? [set] and backslash; * and ? take slashes too unless `path`. */
export function globMatches(
  pattern: string,
  name: string,
  options: { ignoreCase?: boolean; path?: boolean } = {},
): boolean {
  const fold = (text: string) => (options.ignoreCase ? text.toLowerCase() : text);
  return match([...fold(pattern)], 0, [...fold(name)], 0, options.path ?? false);
}

/** The usual way with one point to return to, so that no pattern takes more than quadratic time. */
function match(pattern: readonly string[], p0: number, name: readonly string[], n0: number, path: boolean): boolean {
  let p = p0;
  let n = n0;
  let starAt = -1;
  let resume = 0;
  for (;;) {
    if (n === name.length) {
      while (pattern[p] === "*") p++;
      return p === pattern.length;
    }
    const step = pattern[p] === "*" ? undefined : one(pattern, p, name[n] ?? "", path);
    if (pattern[p] === "*") {
      starAt = p++;
      resume = n;
    } else if (step !== undefined) {
      p = step;
      n++;
    } else if (starAt >= 0 && !(path && name[resume] === "/")) {
      p = starAt + 1;
      n = ++resume;
    } else return false;
  }
}

/** The place after the element at `p` if it matches the character. */
function one(pattern: readonly string[], p: number, character: string, path: boolean): number | undefined {
  const sign = pattern[p];
  if (sign === undefined) return undefined;
  if (sign === "?") return path && character === "/" ? undefined : p + 1;
  if (sign === "[") return bracket(pattern, p, character);
  if (sign === "\\" && p + 1 < pattern.length) return pattern[p + 1] === character ? p + 2 : undefined;
  return sign === character ? p + 1 : undefined;
}

const classes: Readonly<Record<string, RegExp>> = {
  alpha: /\p{L}/u,
  digit: /[0-9]/,
  alnum: /[\p{L}\p{Nd}]/u,
  upper: /\p{Lu}/u,
  lower: /\p{Ll}/u,
  space: /\s/,
  blank: /[ \t]/,
  punct: /[\p{P}\p{S}]/u,
  xdigit: /[0-9a-fA-F]/,
};

function bracket(pattern: readonly string[], open: number, character: string): number | undefined {
  let p = open + 1;
  const negated = pattern[p] === "!" || pattern[p] === "^";
  if (negated) p++;
  let found = false;
  for (let first = true; first || pattern[p] !== "]"; first = false) {
    if (pattern[p] === undefined) return character === "[" ? open + 1 : undefined;
    if (pattern[p] === "[" && pattern[p + 1] === ":") {
      const end = pattern.indexOf(":", p + 2);
      if (end > 0 && pattern[end + 1] === "]") {
        if (classes[pattern.slice(p + 2, end).join("")]?.test(character)) found = true;
        p = end + 2;
        continue;
      }
    }
    if (pattern[p] === "\\") p++;
    const low = pattern[p] ?? "";
    p++;
    if (pattern[p] === "-" && pattern[p + 1] !== undefined && pattern[p + 1] !== "]") {
      const high = pattern[p + 1] ?? "";
      if (low <= character && character <= high) found = true;
      p += 2;
    } else if (low === character) found = true;
  }
  return found !== negated ? p + 1 : undefined;
}
