import { FormatError } from "../../base/format-error.ts";
import { guestRegex } from "../../base/regex.ts";
import type { Program, Task } from "../../machine/define.ts";
import { type JournalEntry, journalOf } from "../../machine/journal.ts";
import type { Process } from "../../machine/process.ts";
import { unitName } from "../../machine/units/load-unit.ts";
import { type ParsedArguments, parseArguments } from "./define.ts";
import { journalForms, mayReadJournal } from "./journal-lines.ts";
import { parseMoment } from "./systemd-time.ts";

const KNOWN =
  "u,unit= user-unit= f,follow n,lines? e,pager-end x,catalog since,S= until,U= o,output= b,boot? no-pager p,priority= r,reverse q,quiet t,identifier= k,dmesg a,all no-hostname utc g,grep= case-sensitive? system user l,full no-full m,merge no-tail disk-usage list-boots";

const priorities = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

const hint = `Hint: You are currently not seeing messages from other users and the system.
      Users in groups 'adm', 'systemd-journal' can see all messages.
      Pass -q to turn off this notice.
`;

/** Shows the journal of the host. What -x would explain is not in it. */
export const journalctl: Program = {
  name: "journalctl",
  *run(proc, argv) {
    const given = parseArguments(joinLineCount(argv), KNOWN);
    const { options } = given;
    const fail = function* (message: string): Task<number> {
      yield* proc.write(2, `${message}\n`);
      return 1;
    };
    if (given.problem !== undefined) return yield* fail(`journalctl: ${given.problem}`);
    if (!mayReadJournal(proc)) {
      if (!options.has("q")) yield* proc.write(2, hint);
      return yield* fail("No journal files were opened due to insufficient permissions.");
    }
    const selected = selection(proc, given);
    if (typeof selected === "string") return yield* fail(selected);
    const form = journalForms[options.get("o") ?? "short"];
    if (!form) return yield* fail(`Unknown output format '${options.get("o")}'.`);
    const count = lineCount(options);
    if (count === undefined) return yield* fail(`Failed to parse lines '${options.get("n")}'`);
    if (options.has("list-boots") || options.has("disk-usage"))
      return yield* fail("journalctl: only the entries of this boot are simulated by cka-lab");
    const host = options.has("no-hostname") ? "" : proc.machine.name;
    const journal = journalOf(proc.machine);
    const entries = journal.entries.filter(selected);
    const from = Math.max(0, entries.length - count);
    const shown = options.has("r") ? entries.slice(from).reverse() : entries.slice(from);
    let next = journal.dropped + journal.entries.length;
    if (shown.length === 0 && !options.has("f") && !options.has("q")) yield* proc.write(1, "-- No entries --\n");
    for (const entry of shown) yield* proc.write(1, form(entry, host));
    while (options.has("f")) {
      for (; next < journal.dropped + journal.entries.length; next++) {
        const entry = journal.entries[next - journal.dropped];
        if (entry && selected(entry)) yield* proc.write(1, form(entry, host));
      }
      yield* proc.wait({ on: [journal.changed] });
    }
    return 0;
  },
};

/** -n takes its value from the next word, too, when that is a number. */
function joinLineCount(argv: readonly string[]): readonly string[] {
  const words: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? "";
    const next = argv[i + 1];
    const takesNext = word === "--lines" || /^-[a-zA-Z]*n$/.test(word);
    if (takesNext && next !== undefined && /^(\+?\d+|all)$/.test(next)) {
      words.push(word === "--lines" ? `--lines=${next}` : word + next);
      i++;
    } else words.push(word);
  }
  return words;
}

function lineCount(options: ParsedArguments["options"]): number | undefined {
  const text = options.get("n");
  if (text !== undefined && text !== "" && text !== "all") return /^\+?\d+$/.test(text) ? Number(text) : undefined;
  if (text === "all" || options.has("no-tail")) return Number.POSITIVE_INFINITY;
  if (text === "" || options.has("f")) return 10;
  return options.has("e") ? 1000 : Number.POSITIVE_INFINITY;
}

/** Which entries are wanted, or what is wrong with the wish. */
function selection(proc: Process, given: ParsedArguments): ((entry: JournalEntry) => boolean) | string {
  const { options, all, operands } = given;
  const { now } = proc.machine.kernel.clock;
  const tests: ((entry: JournalEntry) => boolean)[] = [];
  const units = all.filter(([name]) => name === "u").map(([, value]) => unitName(value));
  if (units.length > 0) tests.push((entry) => units.some((unit) => fitsUnit(unit, entry.unit)));
  const identifiers = all.filter(([name]) => name === "t").map(([, value]) => value);
  if (identifiers.length > 0) tests.push((entry) => identifiers.includes(entry.identifier));
  if (options.has("k")) tests.push((entry) => entry.identifier === "kernel");
  for (const key of ["since", "until"] as const) {
    const text = options.get(key);
    if (text === undefined) continue;
    const at = parseMoment(text, now);
    if (at === undefined) return `Failed to parse timestamp: ${text}`;
    tests.push(key === "since" ? (entry) => entry.at >= at : (entry) => entry.at <= at);
  }
  const level = options.get("p");
  if (level !== undefined) {
    const [first = "", last] = level.split("..");
    const numbers = [first, last ?? first].map(priorityOf);
    const [a = -1, b = -1] = numbers;
    if (a < 0 || b < 0) return `Unknown log level ${level}`;
    const [low, high] = last === undefined ? [0, a] : [Math.min(a, b), Math.max(a, b)];
    tests.push((entry) => entry.priority >= low && entry.priority <= high);
  }
  const pattern = options.get("g");
  if (pattern !== undefined) {
    const matches = grepOf(pattern);
    if (typeof matches === "string") return matches;
    tests.push((entry) => matches(entry.message));
  }
  for (const match of operands) {
    const test = fieldTest(match);
    if (!test) return `Failed to add match '${match}': Invalid argument`;
    tests.push(test);
  }
  return (entry) => tests.every((test) => test(entry));
}

function fitsUnit(wanted: string, unit: string | undefined): boolean {
  if (!wanted.includes("*")) return wanted === unit;
  const [head = "", ...rest] = wanted.split("*");
  return unit?.startsWith(head) === true && unit.endsWith(rest.at(-1) ?? "");
}

function priorityOf(text: string): number {
  const aliases: Readonly<Record<string, number>> = { error: 3, warn: 4, panic: 0 };
  return /^[0-7]$/.test(text) ? Number(text) : (aliases[text] ?? priorities.indexOf(text));
}

function grepOf(pattern: string): ((text: string) => boolean) | string {
  try {
    const regex = guestRegex(pattern, /[A-Z]/.test(pattern) ? "" : "i");
    return (text) => regex.test(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return `Bad pattern "${pattern}"`;
  }
}

function fieldTest(match: string): ((entry: JournalEntry) => boolean) | undefined {
  const [, field = "", value = ""] = /^([A-Z_]+)=(.*)$/.exec(match) ?? [];
  switch (field) {
    case "_SYSTEMD_UNIT":
    case "UNIT":
      return (entry) => entry.unit === value;
    case "_PID":
      return (entry) => String(entry.pid) === value;
    case "SYSLOG_IDENTIFIER":
    case "_COMM":
      return (entry) => entry.identifier === value;
    case "PRIORITY":
      return (entry) => String(entry.priority) === value;
    default:
      return undefined;
  }
}
