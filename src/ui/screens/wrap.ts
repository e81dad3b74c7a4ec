import { textWidth } from "../line/width.ts";

/** A line of at least this many characters was broken by its author's editor, not on purpose. */
const FULL = 100;
const ITEM = /^\s*(?:[-*] |\d+\. )/;

/** Breaks a text into lines of at most `columns`; what is broken off a line is indented like its text. */
export function wrap(text: string, columns: number): string[] {
  return joined(text.split("\n")).flatMap((line) => wrapLine(line, Math.max(columns, 10)));
}

/** Paragraphs of hard-wrapped lines as one line each, so that a narrower screen can break them anew. */
function joined(lines: readonly string[]): string[] {
  const whole: string[] = [];
  let previous = "";
  let code = false;
  for (const line of lines) {
    if (line.trim().startsWith("```")) code = !code;
    const last = whole.at(-1);
    if (last !== undefined && !code && continues(previous, line)) whole[whole.length - 1] = `${last} ${line.trim()}`;
    else whole.push(line);
    previous = line;
  }
  return whole;
}

function continues(previous: string, line: string): boolean {
  const [word = ""] = line.trim().split(/\s/);
  if (word === "" || previous.trim() === "" || ITEM.test(line) || /^(https?:|```|\|)/.test(word)) return false;
  return previous.length + 1 + word.length >= FULL && leadOf(line) === leadOf(previous);
}

/** How far a line's text is indented; a list's mark belongs to its indentation. */
function leadOf(line: string): number {
  return (ITEM.exec(line) ?? /^\s*/.exec(line))?.[0].length ?? 0;
}

function wrapLine(line: string, columns: number): string[] {
  if (textWidth(line) <= columns) return [line];
  const lead = " ".repeat(Math.min(leadOf(line), Math.floor(columns / 2)));
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(/(?<=\s)/)) {
    if (textWidth((current + word).trimEnd()) > columns && current.trim() !== "") {
      lines.push(current.trimEnd());
      current = lead;
    }
    current += word;
    while (textWidth(current.trimEnd()) > columns) {
      lines.push(current.slice(0, columns));
      current = lead + current.slice(columns);
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
