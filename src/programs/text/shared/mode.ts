import type { Stat } from "../../../machine/define-files.ts";

const letters: Readonly<Record<Stat["kind"], string>> = {
  file: "-",
  directory: "d",
  link: "l",
  device: "c",
  fifo: "p",
  socket: "s",
};

/** -rwxr-xr-x */
export function modeText(stat: Stat): string {
  const { mode } = stat;
  const triple = (shift: number, special: boolean, sign: string) => {
    const bits = mode >> shift;
    const last = bits & 1 ? (special ? sign : "x") : special ? sign.toUpperCase() : "-";
    return (bits & 4 ? "r" : "-") + (bits & 2 ? "w" : "-") + last;
  };
  return (
    letters[stat.kind] +
    triple(6, (mode & 0o4000) !== 0, "s") +
    triple(3, (mode & 0o2000) !== 0, "s") +
    triple(0, (mode & 0o1000) !== 0, "t")
  );
}

/** Changes a mode; the current one and what kind of file it is are given. */
export type ModeChange = (mode: number, directory: boolean) => number;

const whoMask: Readonly<Record<string, number>> = { u: 0o4700, g: 0o2070, o: 0o1007, a: 0o7777 };
const places: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 };

/** Parses what chmod takes: octal, or u+x,go-w; undefined where it is neither. */
export function parseMode(text: string, umask: number): ModeChange | undefined {
  if (/^[0-7]{1,5}$/.test(text)) {
    const wanted = Number.parseInt(text, 8);
    if (wanted > 0o7777) return undefined;
    // A directory keeps its set-id bits unless they are given with five digits.
    return (mode, directory) => (directory && text.length < 5 ? wanted | (mode & 0o6000) : wanted);
  }
  const changes: ModeChange[] = [];
  for (const clause of text.split(",")) {
    const found = /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]|[0-7]+))+)$/.exec(clause);
    if (!found) return undefined;
    const who = found[1] ?? "";
    for (const [, sign = "", what = ""] of (found[2] ?? "").matchAll(/([-+=])([rwxXst]*[ugo]?|[0-7]+)/g))
      changes.push(change(who, sign, what, umask));
  }
  return (mode, directory) => changes.reduce((current, each) => each(current, directory), mode);
}

function change(who: string, sign: string, what: string, umask: number): ModeChange {
  let mask = 0;
  for (const letter of who === "" ? "a" : who) mask |= whoMask[letter] ?? 0;
  const limited = who === "" ? ~umask & 0o7777 : 0o7777;
  return (mode, directory) => {
    const bits = bitsOf(what, mode, directory) & mask & limited;
    if (sign === "+") return mode | bits;
    if (sign === "-") return mode & ~bits;
    const kept = directory ? mode & 0o6000 : 0;
    return (mode & ~(mask & (who === "" ? 0o777 | mask : mask))) | bits | (kept & mask);
  };
}

function bitsOf(what: string, mode: number, directory: boolean): number {
  if (/^[0-7]+$/.test(what)) return Number.parseInt(what, 8);
  const from = places[what];
  if (from !== undefined) return ((mode >> from) & 7) * 0o111;
  let bits = 0;
  for (const letter of what) {
    if (letter === "r") bits |= 0o444;
    else if (letter === "w") bits |= 0o222;
    else if (letter === "x" || (letter === "X" && (directory || (mode & 0o111) !== 0))) bits |= 0o111;
    else if (letter === "s") bits |= 0o6000;
    else if (letter === "t") bits |= 0o1000;
  }
  return bits;
}
