import type { OpenFile } from "./define.ts";

/** A descriptor from which a process reads a text, which may be fetched when it first does. */
export function textReader(text: string | (() => string)): OpenFile {
  let rest = typeof text === "string" ? text : undefined;
  return {
    kind: "pipe",
    refs: 0,
    read(max) {
      rest ??= typeof text === "string" ? text : text();
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
