import { type Signal, signalNumbers } from "../../machine/define.ts";

/** Linux' names by number (kill -l). */
const names = [
  "",
  "HUP",
  "INT",
  "QUIT",
  "ILL",
  "TRAP",
  "ABRT",
  "BUS",
  "FPE",
  "KILL",
  "USR1",
  "SEGV",
  "USR2",
  "PIPE",
  "ALRM",
  "TERM",
  "STKFLT",
  "CHLD",
  "CONT",
  "STOP",
  "TSTP",
  "TTIN",
  "TTOU",
  "URG",
  "XCPU",
  "XFSZ",
  "VTALRM",
  "PROF",
  "WINCH",
  "IO",
  "PWR",
  "SYS",
];

/** The signal that a name (with or without SIG) or a number means. */
export function signalNamed(text: string): Signal | undefined {
  const name = /^\d+$/.test(text) ? (names[Number(text)] ?? "") : text.toUpperCase().replace(/^SIG/, "");
  return name in signalNumbers ? (name as Signal) : undefined;
}

/** A signal's name for its number, and the number for its name (kill -l ARG). */
export function translateSignal(text: string): string | undefined {
  if (/^\d+$/.test(text)) return names[Number(text) > 128 ? Number(text) - 128 : Number(text)] || undefined;
  const at = names.indexOf(text.toUpperCase().replace(/^SIG/, ""));
  return at > 0 ? String(at) : undefined;
}

/** The table of `kill -l`, without the real-time signals, which are not simulated. */
export function signalList(): string {
  const cells = names.slice(1).map((name, i) => `${String(i + 1).padStart(2)}) SIG${name}`);
  let text = "";
  for (let i = 0; i < cells.length; i += 5) text += `${cells.slice(i, i + 5).join("\t")}\n`;
  return text;
}
