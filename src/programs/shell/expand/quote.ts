const controls = /[\x00-\x1f\x7f\udc80-\udcff]/;

/** As `printf %q` writes it: with backslashes, or as $'…' where there are control characters. */
export function backslashQuote(text: string): string {
  if (text === "") return "''";
  if (controls.test(text)) return ansiQuote(text);
  return text.replace(/[ '"\\|&;()<>!{}*[\]?^$`,]|^[#~]|(?<=[:=])~/g, "\\$&");
}

/** As ${x@Q} and `set` write it: in single quotes. */
export function singleQuote(text: string): string {
  if (controls.test(text)) return ansiQuote(text);
  return text === "'" ? "\\'" : `'${text.replaceAll("'", "'\\''")}'`;
}

/** As `declare -p` writes it: in double quotes. */
export function doubleQuote(text: string): string {
  if (controls.test(text)) return ansiQuote(text);
  return `"${text.replace(/[$`"\\]/g, "\\$&")}"`;
}

/** As `set -x` shows a word: quoted only where it has to be. */
export function traceQuote(text: string): string {
  if (text === "") return "''";
  if (controls.test(text)) return ansiQuote(text);
  return needsQuotes(text) ? singleQuote(text) : text;
}

/** Whether a shell would read the text as something else than one plain word. */
export function needsQuotes(text: string): boolean {
  return /[ '"\\|&;()<>!{}*[\]?^$`]|^[#~]|[:=]~/.test(text);
}

const names: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\x1b": "\\E",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "'": "\\'",
  "\\": "\\\\",
};

function ansiQuote(text: string): string {
  const inside = text.replace(/[\x00-\x1f\x7f'\\\udc80-\udcff]/g, (c) => {
    const code = c.charCodeAt(0);
    return names[c] ?? `\\${(code > 0xff ? code - 0xdc00 : code).toString(8).padStart(3, "0")}`;
  });
  return `$'${inside}'`;
}
