import { Errno } from "../../machine/define.ts";
import { pathOf } from "../../machine/open-path.ts";
import type { Shell } from "./shell.ts";

/** HISTFILE; undefined where history is not kept in a file. */
export function historyPath(shell: Shell): string | undefined {
  const path = shell.vars.get("HISTFILE");
  return path === undefined || path === "" ? undefined : path;
}

/** How many lines HISTSIZE or HISTFILESIZE allows; a negative number or nothing sets no limit. */
export function historyLimit(shell: Shell, name: "HISTSIZE" | "HISTFILESIZE"): number {
  const size = shell.vars.get(name);
  return size === undefined || !/^\d+$/.test(size) ? Number.POSITIVE_INFINITY : Number(size);
}

/** Adds the lines of a file to the history. Throws Errno. */
export function readHistory(shell: Shell, path: string): void {
  const kept = shell.history;
  const { proc } = shell;
  if (!kept) return;
  let time: number | undefined;
  for (const line of proc.machine.files.read(pathOf(proc, path), proc.credentials).split("\n")) {
    const stamp = /^#(\d+)$/.exec(line);
    if (stamp) time = Number(stamp[1]);
    else if (line !== "") {
      kept.add(line, time, historyLimit(shell, "HISTSIZE"));
      time = undefined;
    }
  }
  kept.saved = kept.lines.length;
}

/** Writes the history, or appends what is new since it was last written. Throws Errno. */
export function writeHistory(shell: Shell, path: string, append: boolean): void {
  const kept = shell.history;
  const { proc } = shell;
  if (!kept) return;
  const stamped = shell.vars.get("HISTTIMEFORMAT") !== undefined;
  const from = append ? kept.saved : Math.max(0, kept.lines.length - historyLimit(shell, "HISTFILESIZE"));
  const lines = kept.lines.slice(from).map((line, i) => {
    const time = kept.times[from + i];
    return stamped && time !== undefined ? `#${time}\n${line}\n` : `${line}\n`;
  });
  proc.machine.files.write(pathOf(proc, path), lines.join(""), proc.credentials, { append, mode: 0o600 });
  kept.saved = kept.lines.length;
}

/** At the end of an interactive shell; a file that cannot be written is passed over, as bash does. */
export function saveHistory(shell: Shell): void {
  const path = historyPath(shell);
  if (path === undefined) return;
  try {
    writeHistory(shell, path, true);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
  }
}
