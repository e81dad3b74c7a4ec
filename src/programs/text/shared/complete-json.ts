/** How much of a text is whole JSON documents: the place after the last one that has ended; 0 for none. */
export function completeJson(text: string): number {
  let depth = 0;
  let inString = false;
  let end = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === "\\") at++;
      else if (character === '"') inString = false;
      continue;
    }
    if (character === '"') inString = true;
    else if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
    // A number or a word has ended only where a blank follows; brackets end by themselves.
    if (depth === 0 && (character === "}" || character === "]" || character === "\n" || character === " "))
      end = at + 1;
  }
  return text.slice(0, end).trim() === "" ? 0 : end;
}
