/** A match or the options of a target, as iptables-save and as iptables -L write it. */
export interface Clause {
  readonly save: string;
  readonly list: string;
}

/** A rule of a chain. */
export interface Rule {
  readonly source?: string | undefined;
  /** The source is any other. */
  readonly notSource?: boolean | undefined;
  readonly destination?: string | undefined;
  readonly notDestination?: boolean | undefined;
  readonly protocol?: string | undefined;
  readonly matches?: readonly Clause[];
  /** Nothing where the rule only counts. */
  readonly target?: string | undefined;
  readonly options?: Clause;
}

/** A table: its chains by name, those of the kernel first. */
export interface Table {
  readonly name: "filter" | "mangle" | "nat";
  readonly builtIn: readonly string[];
  readonly chains: Map<string, Rule[]>;
}

const kernelChains = {
  mangle: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
  filter: ["INPUT", "FORWARD", "OUTPUT"],
  nat: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
} as const;

export function emptyTable(name: Table["name"]): Table {
  const builtIn = kernelChains[name];
  return { name, builtIn, chains: new Map(builtIn.map((chain) => [chain, []])) };
}

/** Appends a rule, or only makes sure that there is the chain. */
export function append(table: Table, chain: string, ...rules: readonly Rule[]): void {
  const list = table.chains.get(chain);
  if (list) list.push(...rules);
  else table.chains.set(chain, [...rules]);
}

/** The kernel's chains as they are, then the others by name, as the nf_tables variant of iptables shows them. */
export function chainNames({ builtIn, chains }: Table): readonly string[] {
  return [...builtIn, ...[...chains.keys()].filter((name) => !builtIn.includes(name)).sort()];
}

/** xtables_save_string: a word of letters, digits, - and _ is not quoted. */
const quoted = (text: string): string =>
  /^[\w-]+$/.test(text) ? text : `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

export const comment = (text: string): Clause => ({
  save: `-m comment --comment ${quoted(text)}`,
  list: `/* ${text} */`,
});

export const toPort = (protocol: string, port: number): Clause => ({
  save: `-m ${protocol} --dport ${port}`,
  list: `${protocol} dpt:${port}`,
});

/** A protocol's own match that asks for nothing. */
export const anyPort = (protocol: string): Clause => ({ save: `-m ${protocol}`, list: protocol });

export const addressType = (side: "dst" | "src"): Clause => ({
  save: `-m addrtype --${side}-type LOCAL`,
  list: `ADDRTYPE match ${side}-type LOCAL`,
});

export const state = (states: string, not = false): Clause => ({
  save: `-m conntrack ${not ? "! " : ""}--ctstate ${states}`,
  list: `${not ? "! " : ""}ctstate ${states}`,
});

export const mark = (not = false): Clause => ({
  save: `-m mark ${not ? "! " : ""}--mark 0x4000/0x4000`,
  list: `mark match ${not ? "! " : ""}0x4000/0x4000`,
});

export const inSet = (name: string, directions: string): Clause => ({
  save: `-m set --match-set ${name} ${directions}`,
  list: `match-set ${name} ${directions}`,
});

/** The kernel keeps a probability in 31 bits; kube-proxy writes it with ten digits. */
export function oneOf(count: number): Clause {
  const kept = (Math.round(Number((1 / count).toFixed(10)) * 2 ** 31) / 2 ** 31).toFixed(11);
  return {
    save: `-m statistic --mode random --probability ${kept}`,
    list: `statistic mode random probability ${kept}`,
  };
}

const MASK = "255.255.255.255";

export const seenWithin = (seconds: number, name: string): Clause => ({
  save: `-m recent --rcheck --seconds ${seconds} --reap --name ${name} --mask ${MASK} --rsource`,
  list: `recent: CHECK seconds: ${seconds} reap name: ${name} side: source mask: ${MASK}`,
});

export const seenNow = (name: string): Clause => ({
  save: `-m recent --set --name ${name} --mask ${MASK} --rsource`,
  list: `recent: SET name: ${name} side: source mask: ${MASK}`,
});

export const orMark: Clause = { save: "--set-xmark 0x4000/0x4000", list: "MARK or 0x4000" };
export const xorMark: Clause = { save: "--set-xmark 0x4000/0x0", list: "MARK xor 0x4000" };
export const randomFully: Clause = { save: "--random-fully", list: "random-fully" };

export const toDestination = (socket: string): Clause => ({ save: `--to-destination ${socket}`, list: `to:${socket}` });

export const rejectWith = (version: 4 | 6): Clause => {
  const reason = version === 6 ? "icmp6-port-unreachable" : "icmp-port-unreachable";
  return { save: `--reject-with ${reason}`, list: `reject-with ${reason}` };
};
