/** ‘text’, as GNU's quote() does in a UTF-8 locale. */
export function quote(text: string): string {
  return `‘${text.replace(/[\n\t\r]/g, (c) => (c === "\n" ? "\\n" : c === "\t" ? "\\t" : "\\r"))}’`;
}

const plain = /^[\p{L}\p{N}%+,\-./:\]_@^]+$/u;

/** A file name in a message: quoted for the shell only where it must be (quotef). */
export function quoteName(name: string): string {
  const unquoted =
    plain.test(name) ||
    (name !== "{" && name !== "}" && /^[\p{L}\p{N}%+,\-./:\]_@{}][\p{L}\p{N}%+,\-./:\]_@{}~#]*$/u.test(name));
  return unquoted && !name.includes("^") ? name : quoteAlways(name);
}

/** A file name in a message, always quoted (quoteaf). */
export function quoteAlways(name: string): string {
  if (/[\x00-\x1f\x7f\udc80-\udcff]/.test(name)) return quoteControls(name);
  if (!name.includes("'")) return `'${name}'`;
  if (!/["$`\\!]/.test(name)) return `"${name}"`;
  return `'${name.replaceAll("'", "'\\''")}'`;
}

const escapes: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\t": "\\t",
  "\r": "\\r",
  "\x07": "\\a",
  "\b": "\\b",
  "\v": "\\v",
  "\f": "\\f",
};

function quoteControls(name: string): string {
  let text = "'";
  let inEscapes = false;
  for (const character of name) {
    const special = /[\x00-\x1f\x7f\udc80-\udcff]/.test(character);
    if (special && !inEscapes) text += "'$'";
    if (!special && inEscapes) text += "''";
    inEscapes = special;
    if (special) {
      const code = (character.codePointAt(0) ?? 0) & 0xff;
      text += escapes[character] ?? `\\${code.toString(8).padStart(3, "0")}`;
    } else text += character === "'" ? "'\\''" : character;
  }
  return `${text}'`;
}
