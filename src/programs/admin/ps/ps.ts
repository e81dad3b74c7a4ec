import type { Program } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { processTable } from "../../../machine/signalling.ts";
import { userNamed } from "../../../machine/users.ts";
import { type Column, psColumns, psForms, type Seen } from "./columns.ts";

const usage = `
Usage:
 ps [options]

 Try 'ps --help <simple|list|output|threads|misc|all>'
  or 'ps --help <s|l|o|t|m|a>'
 for additional help text.

For more details see ps(1).
`;

/** What a command line of ps asks for. */
interface Wish {
  all: boolean;
  withTerminals: boolean;
  pids: number[];
  names: string[];
  users: string[];
  form: "plain" | "full" | "user";
  columns: Column[];
  headers: boolean;
  sort: string[];
  wide: boolean;
  forest: boolean;
  problem: string | undefined;
}

/** Lists the processes of the host, those in its containers among them. */
export const ps: Program = {
  name: "ps",
  *run(proc, argv) {
    const wish = parse(argv);
    if (wish.problem !== undefined) {
      yield* proc.write(2, `error: ${wish.problem}\n${usage}`);
      return 1;
    }
    const shown = sorted(
      everything(proc).filter((seen) => isWanted(wish, seen, proc)),
      wish,
    );
    const columns = wish.columns.length > 0 ? wish.columns : [...psForms[wish.form]];
    const width = wish.wide || !proc.isTerminal(1) ? Number.POSITIVE_INFINITY : (proc.terminal?.columns ?? 80);
    const lines = [
      ...(wish.headers && columns.some((column) => column.header !== "")
        ? [lineOf(columns, (column) => column.header)]
        : []),
      ...shown.map((seen) => lineOf(columns, (column) => column.text(seen))),
    ];
    yield* proc.write(1, lines.map((line) => `${line.slice(0, width).trimEnd()}\n`).join(""));
    return shown.length > 0 ? 0 : 1;
  },
};

function everything(proc: Process): Seen[] {
  const table = [...processTable(proc)];
  const pidOf = new Map(table.map(([pid, other]) => [other, pid]));
  const now = proc.machine.kernel.clock.now;
  return table.map(([pid, other]) => ({
    pid,
    proc: other,
    parent: (other.parent && pidOf.get(other.parent)) ?? (pid === 1 ? 0 : 1),
    now,
  }));
}

function isWanted(wish: Wish, { pid, proc: other }: Seen, proc: Process): boolean {
  const selects = wish.pids.length + wish.names.length + wish.users.length > 0;
  if (selects) {
    const name = (other.argv[0] ?? "").replace(/^.*\//, "");
    const uids = wish.users.map((user) => userNamed(proc.machine.files, user)?.uid ?? Number(user));
    return wish.pids.includes(pid) || wish.names.includes(name) || uids.includes(other.credentials.uid);
  }
  if (wish.all) return true;
  if (wish.withTerminals) return other.terminal !== undefined;
  return other.terminal === proc.terminal && other.credentials.uid === proc.credentials.uid;
}

function sorted(seen: Seen[], { sort }: Wish): Seen[] {
  const rows = seen.sort((a, b) => a.pid - b.pid);
  for (const key of sort.toReversed()) {
    const column = psColumns[key.replace(/^[-+]/, "")];
    if (!column) continue;
    const sign = key.startsWith("-") ? -1 : 1;
    const value = (row: Seen) => column.text(row);
    rows.sort((a, b) => sign * value(a).localeCompare(value(b), "en", { numeric: true }));
  }
  return rows;
}

function lineOf(columns: readonly Column[], text: (column: Column) => string): string {
  return columns
    .map((column, i) => {
      const cell = text(column);
      const width = Math.max(column.width, column.header.length);
      if (column.left) return i === columns.length - 1 ? cell : cell.slice(0, width).padEnd(width);
      return cell.padStart(width);
    })
    .join(" ");
}

function parse(argv: readonly string[]): Wish {
  const wish: Wish = {
    all: false,
    withTerminals: false,
    pids: [],
    names: [],
    users: [],
    form: "plain",
    columns: [],
    headers: true,
    sort: [],
    wide: false,
    forest: false,
    problem: undefined,
  };
  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word.startsWith("--")) takeLong(wish, word, words);
    else if (word.startsWith("-")) takeLetters(wish, word.slice(1), words, false);
    else if (/^\d+(,\d+)*$/.test(word)) wish.pids.push(...word.split(",").map(Number));
    else takeLetters(wish, word, words, true);
  }
  return wish;
}

function takeLong(wish: Wish, word: string, words: string[]): void {
  const [name = "", given] = word.slice(2).split("=", 2);
  const value = () => given ?? words.shift() ?? "";
  if (name === "no-headers" || name === "no-heading") wish.headers = false;
  else if (name === "sort") wish.sort.push(...value().split(","));
  else if (name === "pid") wish.pids.push(...value().split(",").map(Number));
  else if (name === "user") wish.users.push(...value().split(","));
  else if (name === "format") addColumns(wish, value());
  else if (name === "forest") wish.forest = true;
  else if (name !== "headers" && name !== "width" && name !== "cols") wish.problem = "unknown gnu long option";
}

function takeLetters(wish: Wish, letters: string, words: string[], bsd: boolean): void {
  for (let i = 0; i < letters.length && wish.problem === undefined; i++) {
    const letter = letters[i] ?? "";
    const value = () => {
      const rest = letters.slice(i + 1);
      i = letters.length;
      return rest === "" ? (words.shift() ?? "") : rest;
    };
    if (letter === "o" || letter === "O") addColumns(wish, value());
    else if (letter === "p") wish.pids.push(...value().split(/[ ,]+/).map(Number));
    else if (!bsd && letter === "C") wish.names.push(...value().split(","));
    else if (!bsd && "uU".includes(letter)) wish.users.push(...value().split(","));
    else if (!takeFlag(wish, letter, bsd))
      wish.problem = bsd ? "unsupported option (BSD syntax)" : "unsupported SysV option";
  }
}

function takeFlag(wish: Wish, letter: string, bsd: boolean): boolean {
  if (letter === "w") wish.wide = true;
  else if (bsd) {
    if (letter === "a") wish.withTerminals = true;
    else if (letter === "x") wish.all = true;
    else if (letter === "u") wish.form = "user";
    else if (letter === "f") wish.forest = true;
    else return letter === "e" || letter === "h";
    if (wish.withTerminals && wish.all) wish.wide ||= false;
  } else if (letter === "e" || letter === "A") wish.all = true;
  else if (letter === "f" || letter === "F") wish.form = "full";
  else if (letter === "a") wish.withTerminals = true;
  else return "HjlLMTy".includes(letter);
  return true;
}

/** pid,comm=NAME: a name of its own for the header, empty for none. */
function addColumns(wish: Wish, text: string): void {
  const items = /=[^,]*$/.test(text) && !text.slice(0, text.indexOf("=")).includes(",") ? [text] : text.split(/[ ,]+/);
  for (const item of items) {
    const [name = "", header] = item.split("=", 2);
    const column = psColumns[name.toLowerCase()];
    if (column)
      wish.columns.push(
        header === undefined ? column : { ...column, header, width: header === "" ? column.width : header.length },
      );
    else wish.problem = `unknown user-defined format specifier "${name}"`;
  }
}
