import { textWidth } from "../line/width.ts";

/** Breaks a text into lines of at most `columns`; a line's own indentation is kept for what is broken off it. */
export function wrap(text: string, columns: number): string[] {
  return text.split("\n").flatMap((line) => wrapLine(line, Math.max(columns, 10)));
}

function wrapLine(line: string, columns: number): string[] {
  if (textWidth(line) <= columns) return [line];
  const indent = /^\s*(?:[-*] )?/.exec(line)?.[0].length ?? 0;
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(/(?<=\s)/)) {
    if (textWidth((current + word).trimEnd()) > columns && current.trim() !== "") {
      lines.push(current.trimEnd());
      current = " ".repeat(indent);
    }
    current += word;
    while (textWidth(current.trimEnd()) > columns) {
      lines.push(current.slice(0, columns));
      current = " ".repeat(indent) + current.slice(columns);
    }
  }
  if (current.trim() !== "") lines.push(current.trimEnd());
  return lines;
}

/** 1:57:03; minutes and seconds below an hour. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
