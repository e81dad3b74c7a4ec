import { readHosts } from "../../../cluster/network/resolver.ts";
import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { isRoot, rulesHost } from "./host-of.ts";
import { listedTable } from "./list.ts";
import { emptyTable, type Table } from "./rules.ts";
import { listedRules } from "./save.ts";
import { tablesOf } from "./tables.ts";

export const IPTABLES_VERSION = "v1.8.9 (nf_tables)";

interface Wishes {
  table: string;
  /** -L or -S. */
  command: "list" | "rules" | undefined;
  chain: string | undefined;
  numeric: boolean;
  verbose: boolean;
  numbers: boolean;
}

/** Options that would change something. */
const changes = new Set(["A", "C", "D", "I", "R", "F", "Z", "N", "X", "P", "E"]);
const changesByName = new Set(
  "append check delete insert replace flush zero new new-chain delete-chain policy rename-chain".split(" "),
);
const byName: Readonly<Record<string, string>> = {
  list: "L",
  "list-rules": "S",
  table: "t",
  numeric: "n",
  verbose: "v",
  exact: "x",
  wait: "w",
  version: "V",
  "line-numbers": "#",
};

/** The letters of a word of the command line: -nvL, --list, --table=nat. */
function lettersOf(word: string): { letters: readonly string[]; value?: string } | undefined {
  if (word.startsWith("--")) {
    const [name = "", value] = word.slice(2).split("=", 2);
    if (changesByName.has(name)) return { letters: ["A"] };
    const letter = byName[name];
    return letter === undefined ? undefined : { letters: [letter], ...(value === undefined ? {} : { value }) };
  }
  return { letters: [...word.slice(1)] };
}

function parse(program: string, argv: readonly string[]): Wishes | { readonly error: string; readonly status: number } {
  const wishes: Wishes = {
    table: "filter",
    command: undefined,
    chain: undefined,
    numeric: false,
    verbose: false,
    numbers: false,
  };
  const bad = (why: string) => ({
    error: `${program} ${IPTABLES_VERSION}: ${why}\nTry \`${program} -h' or '${program} --help' for more information.\n`,
    status: 2,
  });
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (!word.startsWith("-")) return bad(`Bad argument \`${word}'`);
    const read = lettersOf(word);
    if (!read) return bad(`unknown option "${word}"`);
    for (const [n, letter] of read.letters.entries()) {
      const next = argv[at + 1];
      if (changes.has(letter)) return { error: `cka-lab: ${program}: changing rules is not simulated\n`, status: 1 };
      if (letter === "L" || letter === "S") {
        wishes.command = letter === "L" ? "list" : "rules";
        if (n === read.letters.length - 1 && next !== undefined && !next.startsWith("-")) {
          wishes.chain = next;
          at++;
        }
      } else if (letter === "t") {
        const rest = read.value ?? (n < read.letters.length - 1 ? read.letters.slice(n + 1).join("") : undefined);
        if (rest === undefined) at++;
        wishes.table = rest ?? next ?? "";
        break;
      } else if (letter === "n") wishes.numeric = true;
      else if (letter === "v") wishes.verbose = true;
      else if (letter === "#") wishes.numbers = true;
      else if (letter === "V") return { error: "", status: 0 };
      else if (letter !== "w" && letter !== "x") return bad(`unknown option "-${letter}"`);
    }
  }
  return wishes.command ? wishes : bad("no command specified");
}

/** The tables that a process sees: those of its host, or empty ones in a pod's own network. */
export function tablesFor(proc: Process, version: 4 | 6): readonly Table[] {
  const host = rulesHost(proc);
  return host ? tablesOf(host, version) : (["mangle", "filter", "nat"] as const).map(emptyTable);
}

function* run(proc: Process, argv: readonly string[], program: string, version: 4 | 6): Task<number> {
  const wishes = parse(program, argv);
  if ("error" in wishes) {
    if (wishes.status === 0) yield* proc.write(1, `${program} ${IPTABLES_VERSION}\n`);
    else yield* proc.write(2, wishes.error);
    return wishes.status;
  }
  if (!isRoot(proc)) {
    const why = "Could not fetch rule set generation id: Permission denied (you must be root)";
    yield* proc.write(2, `${program} ${IPTABLES_VERSION}: ${why}\n`);
    return 4;
  }
  const known = tablesFor(proc, version).find(({ name }) => name === wishes.table);
  const table = known ?? (wishes.table === "raw" || wishes.table === "security" ? emptyTable("mangle") : undefined);
  if (!table) {
    const why = `can't initialize ${program} table \`${wishes.table}': Table does not exist (do you need to insmod?)`;
    yield* proc.write(
      2,
      `${program} ${IPTABLES_VERSION}: ${why}\nPerhaps ${program} or your kernel needs to be upgraded.\n`,
    );
    return 3;
  }
  if (wishes.chain !== undefined && !table.chains.has(wishes.chain)) {
    yield* proc.write(2, `${program}: No chain/target/match by that name.\n`);
    return 1;
  }
  const names = new Map([...readHosts(proc.machine.files)].reverse().map(([name, address]) => [address, name]));
  const text =
    wishes.command === "rules"
      ? listedRules(table, wishes.chain)
      : listedTable(table, wishes.chain, {
          ...wishes,
          any: version === 6 ? "::/0" : "0.0.0.0/0",
          nameOf: (address) => names.get(address),
        });
  yield* proc.write(1, text);
  return 0;
}

const program = (name: string, version: 4 | 6): Program => ({
  name,
  folder: "/usr/sbin",
  also: [`${name}-nft`],
  run: (proc, argv) => run(proc, argv, name, version),
});

/** iptables and ip6tables: they show the rules of a node; changing them is not simulated. */
export const iptables: readonly Program[] = [program("iptables", 4), program("ip6tables", 6)];
