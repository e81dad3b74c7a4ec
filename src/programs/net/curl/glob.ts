/** A URL whose brackets or braces are wrong. */
export class GlobFault extends Error {}

/** The addresses that a URL with {a,b} and [1-3] stands for (src/tool_urlglob.c, 7.88). Throws GlobFault. */
export function globbed(url: string): string[] {
  let all = [""];
  for (let i = 0; i < url.length; ) {
    const rest = url.slice(i);
    const set = /^\{([^{}]*)\}/.exec(rest);
    const range = /^\[(?:(\d+)-(\d+)|([a-z])-([a-z])|([A-Z])-([A-Z]))(?::(\d+))?\]/.exec(rest);
    const ipv6 = /^\[[0-9a-fA-F:.]*:[0-9a-fA-F:.]*\]/.exec(rest);
    const one = /^\\[{}[\]]/.exec(rest);
    if (set?.[1] !== undefined) all = all.flatMap((before) => (set[1] ?? "").split(",").map((part) => before + part));
    else if (range) all = all.flatMap((before) => steps(range).map((part) => before + part));
    else if (rest[0] === "[" && !ipv6) throw fault("bad range", url, i + 1);
    else if (rest[0] === "{") throw fault("unmatched brace", url, i);
    else if (rest[0] === "}" || rest[0] === "]") throw fault("unmatched close brace/bracket", url, i);
    const literal = ipv6?.[0] ?? one?.[0].slice(1) ?? (rest[0] as string);
    if (!set && !range) all = all.map((before) => before + literal);
    i += set?.[0].length ?? range?.[0].length ?? ipv6?.[0].length ?? one?.[0].length ?? 1;
    if (all.length > 10_000) throw fault("range overflow", url, i - 1);
  }
  return all;
}

function fault(words: string, url: string, at: number): GlobFault {
  return new GlobFault(`${words} in URL position ${at + 1}:\n${url}\n${" ".repeat(at)}^`);
}

function steps([, from, to, low, lowEnd, high, highEnd, step]: RegExpExecArray): string[] {
  const by = Math.max(1, Number(step ?? 1));
  const parts: string[] = [];
  if (from !== undefined && to !== undefined) {
    for (let n = Number(from); n <= Number(to) && parts.length <= 10_000; n += by)
      parts.push(from.startsWith("0") ? String(n).padStart(from.length, "0") : String(n));
    return parts;
  }
  const first = (low ?? high ?? "a").charCodeAt(0);
  const last = (lowEnd ?? highEnd ?? "a").charCodeAt(0);
  for (let n = first; n <= last; n += by) parts.push(String.fromCharCode(n));
  return parts;
}
