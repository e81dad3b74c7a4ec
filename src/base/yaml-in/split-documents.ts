import { FormatError } from "../format-error.ts";

/**
 * Cuts a file at lines that start with `---`, before anything is parsed, as apimachinery's YAMLReader does. A separator
 * at the very start stays part of its document, so that lines are counted with it. Throws at a separator with text.
 */
export function* splitDocuments(text: string): Generator<string> {
  let document = "";
  let at = 0;
  while (at < text.length) {
    const end = text.indexOf("\n", at);
    const stop = end < 0 ? text.length : end;
    const line = text.slice(at, text[stop - 1] === "\r" && stop > at ? stop - 1 : stop);
    at = stop + 1;
    if (line.startsWith("---")) {
      const rest = line.slice(3).trim();
      if (rest !== "" && rest[0] !== "#") throw new FormatError(`invalid Yaml document separator: ${rest}`);
      if (document !== "") {
        yield document;
        document = "";
        continue;
      }
    }
    document += `${line}\n`;
  }
  if (document !== "") yield document;
}
