import { chainNames, type Rule, type Table } from "./rules.ts";

/** How `iptables -L` is to print. */
interface ListWishes {
  readonly numeric: boolean;
  readonly verbose: boolean;
  readonly numbers: boolean;
  /** What any address is shown as: 0.0.0.0/0. */
  readonly any: string;
  /** The name of an address, where it has one. */
  readonly nameOf: (address: string) => string | undefined;
}

/** Names of ports, as /etc/services has them. */
const services: Readonly<Record<string, string>> = {
  22: "ssh",
  25: "smtp",
  53: "domain",
  80: "http",
  123: "ntp",
  389: "ldap",
  443: "https",
  3306: "mysql",
  5432: "postgresql",
  5672: "amqp",
  6379: "redis",
  8080: "http-alt",
  11211: "memcached",
};

/** With -n, iptables 1.8.9 of Debian 12 shows protocols as numbers, too. */
const protocols: Readonly<Record<string, string>> = { all: "0", tcp: "6", udp: "17", sctp: "132" };

/** What `iptables -L` prints: of one chain, or of all. */
export function listedTable(table: Table, chain: string | undefined, wishes: ListWishes): string {
  const names = chain === undefined ? chainNames(table) : [chain];
  return names.map((name) => listedChain(table, name, wishes)).join("\n");
}

function references({ chains }: Table, name: string): number {
  let count = 0;
  for (const rules of chains.values()) for (const { target } of rules) if (target === name) count++;
  return count;
}

function listedChain(table: Table, name: string, wishes: ListWishes): string {
  const counts = wishes.verbose ? " 0 packets, 0 bytes" : "";
  const about = table.builtIn.includes(name) ? `policy ACCEPT${counts}` : `${references(table, name)} references`;
  const rows = (table.chains.get(name) ?? []).map((rule, at) => row(rule, at + 1, wishes));
  return [`Chain ${name} (${about})`, header(wishes), ...rows].map((line) => `${line}\n`).join("");
}

function header({ verbose, numbers }: ListWishes): string {
  const before = `${numbers ? "num  " : ""}${verbose ? " pkts bytes " : ""}`;
  return `${before}target     prot opt ${verbose ? "in     out     " : ""}source               destination         `;
}

function row(rule: Rule, number: number, wishes: ListWishes): string {
  const { source, notSource, destination, notDestination, protocol = "all", matches = [], target = "", options } = rule;
  const before = `${wishes.numbers ? String(number).padEnd(5) : ""}${wishes.verbose ? "    0     0 " : ""}`;
  const links = wishes.verbose ? "  *      *      " : " ";
  const from = `${notSource ? "!" : " "}${place(source, wishes).padEnd(19)} `;
  const to = `${notDestination ? "!" : " "}${place(destination, wishes).padEnd(19)} `;
  const clauses = [...matches, ...(options ? [options] : [])].map(({ list }) => ` ${ported(list, wishes)}`);
  const shown = (wishes.numeric ? protocols[protocol] : undefined) ?? protocol;
  return `${before}${target.padEnd(9)}  ${shown.padEnd(4)} --${links}${from}${to}${clauses.join("")}`;
}

function place(range: string | undefined, { numeric, any, nameOf }: ListWishes): string {
  if (range === undefined) return numeric ? any : "anywhere";
  const single = range.replace(/\/(32|128)$/, "");
  return (!numeric && single !== range ? nameOf(single) : undefined) ?? single;
}

function ported(text: string, { numeric }: ListWishes): string {
  return numeric
    ? text
    : text.replace(/ dpt:(\d+)$/, (whole, port: string) => (services[port] ? ` dpt:${services[port]}` : whole));
}
