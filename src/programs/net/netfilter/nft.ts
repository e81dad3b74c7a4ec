import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { isRoot, rulesHost } from "./host-of.ts";
import { type Block, proxyTable } from "./nft-table.ts";
import { proxyOf } from "./tables.ts";

const families = [
  ["ip", 4],
  ["ip6", 6],
] as const;

const TABLE = "kube-proxy";

function blockText({ kind, name, lines }: Block): string {
  return `\t${kind} ${name} {\n${lines.map((line) => `\t\t${line}\n`).join("")}\t}\n`;
}

function tableText(family: string, blocks: readonly Block[], about = true): string {
  const comment = about ? '\tcomment "rules for kube-proxy"\n\n' : "";
  return `table ${family} ${TABLE} {\n${comment}${blocks.map(blockText).join("\n")}}\n`;
}

/** What `nft list WORDS` prints; undefined where it is none of what is known. */
function listed(words: readonly string[], tables: ReadonlyMap<string, readonly Block[]>): string | undefined {
  const [what, ...rest] = words;
  const [family, name, inner] = rest[0] === "ip" || rest[0] === "ip6" ? rest : ["ip", ...rest];
  if (what === "ruleset") return [...tables].map(([one, blocks]) => tableText(one, blocks)).join("");
  if (what === "tables") return [...tables.keys()].map((one) => `table ${one} ${TABLE}\n`).join("");
  const blocks = name === TABLE ? tables.get(family ?? "") : undefined;
  if (!blocks) return undefined;
  if (what === "table") return tableText(family ?? "", blocks);
  const block = blocks.find((one) => one.kind === what && one.name === inner);
  return block && tableText(family ?? "", [block], false);
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const [command, ...words] = argv.filter((word) => !/^-[an]+$/.test(word));
  if (command === "-v" || command === "--version") {
    yield* proc.write(1, "nftables v1.0.6 (Lester Gooch #5)\n");
    return 0;
  }
  if (command !== "list") {
    yield* proc.write(
      2,
      "cka-lab: nft: changing rules is not simulated; list ruleset, tables, table, chain, set and map are\n",
    );
    return 1;
  }
  if (!isRoot(proc)) {
    yield* proc.write(
      2,
      "Operation not permitted (you must be root)\nnetlink: Error: cache initialization failed: Operation not permitted\n",
    );
    return 1;
  }
  const host = rulesHost(proc);
  const proxy = host && proxyOf(host);
  const tables = new Map(
    proxy?.settings.mode === "nftables"
      ? families.map(([family, version]) => [family, proxyTable(proxy, version)])
      : [],
  );
  if (proxy && tables.size === 0)
    yield* proc.write(2, "cka-lab: nft: the tables that iptables writes are shown by iptables-save alone\n");
  const text = listed(words, tables);
  if (text === undefined) {
    const line = `list ${words.join(" ")}`;
    const last = words.at(-1) ?? "";
    yield* proc.write(
      2,
      `Error: No such file or directory\n${line}\n${" ".repeat(line.length - last.length)}${"^".repeat(Math.max(1, last.length))}\n`,
    );
    return 1;
  }
  yield* proc.write(1, text);
  return 0;
}

/** nft: shows the table that kube-proxy writes in mode nftables. */
export const nft: Program = { name: "nft", folder: "/usr/sbin", run };
