import type { OpenFile } from "../machine/define.ts";

/** A descriptor from which a process reads a text. */
export function textReader(text: string): OpenFile {
  let rest = text;
  return {
    kind: "pipe",
    refs: 0,
    read(max) {
      if (rest === "") return undefined;
      const part = rest.slice(0, max);
      rest = rest.slice(max);
      return part;
    },
  };
}

/** A descriptor that hands on what a process writes. */
export function textWriter(take: (text: string) => void): OpenFile {
  return {
    kind: "pipe",
    refs: 0,
    write(text) {
      take(text);
      return text.length;
    },
  };
}
