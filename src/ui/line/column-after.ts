import { textWidth } from "./width.ts";

/** The column in which a program's output leaves the cursor; `columns` stands for the last one, filled. */
export function columnAfter(column: number, text: string, columns: number): number {
  const rows = text.split(/\n|\r(?!\n)|\u001b\[[0-9;?]*[ABEFGHJdf]|\u001bc/);
  const last = (rows.at(-1) ?? "").replace(/\u001b\][^\u0007\u001b]*(\u0007|\u001b\\)/g, "");
  let at = rows.length > 1 ? 0 : column;
  for (const part of last.split(/(\t|\u0008)/)) {
    if (part === "\t") at = Math.min(columns - 1, (Math.floor(at / 8) + 1) * 8);
    else if (part === "\u0008") at = Math.max(0, at - 1);
    else at += textWidth(part.replace(/\r/g, ""));
  }
  return at <= columns ? at : at % columns || columns;
}
