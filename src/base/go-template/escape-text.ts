import { bytesOf } from "../text-bytes.ts";

const html: Readonly<Record<string, string>> = {
  "\0": "\ufffd",
  '"': "&#34;",
  "'": "&#39;",
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
};

/** Text made safe for HTML, as Go's template function `html` does it. */
export function htmlText(text: string): string {
  return text.replace(/[\0"'&<>]/g, (character) => html[character] ?? "");
}

/** Text made safe inside a string of JavaScript, as Go's template function `js` does it. */
export function jsText(text: string): string {
  return text.replace(/[\\'"<>&=\x00-\x1f]|[^\p{L}\p{M}\p{N}\p{P}\p{S} -~]/gu, (character) => {
    if (character === "\\" || character === "'" || character === '"') return `\\${character}`;
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
  });
}

/** Text as part of a URL's query, as Go's url.QueryEscape writes it. */
export function queryText(text: string): string {
  let out = "";
  for (const byte of bytesOf(text)) {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9\-_.~]/.test(character)) out += character;
    else out += byte === 32 ? "+" : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}
