import type { DnsType } from "../../../machine/define-network.ts";
import { dnsTypes, otherTypes } from "../dns.ts";

/** What dig prints of an answer. */
export interface Shown {
  cmd: boolean;
  comments: boolean;
  question: boolean;
  answer: boolean;
  authority: boolean;
  additional: boolean;
  stats: boolean;
  short: boolean;
  ttl: boolean;
  multiline: boolean;
}

/** How dig asks. */
export interface Settings extends Shown {
  search: boolean;
  tcp: boolean;
  edns: boolean;
  cookie: boolean;
  recurse: boolean;
  /** Seconds, and attempts. */
  time: number;
  tries: number;
  bufsize: number;
}

/** One look-up of a command line. */
export interface Wanted {
  name: string;
  type: DnsType;
  class: "IN" | "CH";
  isReverse: boolean;
  settings: Settings;
}

export interface DigLine {
  readonly wanted: readonly Wanted[];
  readonly server: string | undefined;
  readonly port: number;
  /** Whether the command line is printed again. */
  readonly hasHead: boolean;
  /** What it says of words that it passes over. */
  readonly warned: string;
}

/** What is wrong with a command line: what is printed, and the status. */
export class DigFault extends Error {
  readonly status: number;
  readonly printed: string;

  constructor(message: string, status: number, printed = "") {
    super(message);
    this.status = status;
    this.printed = printed;
  }
}

const usage = `Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}
            {global-d-opt} host [@local-server] {local-d-opt}
            [ host [@local-server] {local-d-opt} [...]]

Use "dig -h" (or "dig -h | more") for complete list of options
`;

const usual: Settings = {
  cmd: true,
  comments: true,
  question: true,
  answer: true,
  authority: true,
  additional: true,
  stats: true,
  short: false,
  ttl: true,
  multiline: false,
  search: false,
  tcp: false,
  edns: true,
  cookie: true,
  recurse: true,
  time: 5,
  tries: 3,
  bufsize: 1232,
};

/** Options with a + that are switches; some have several names. */
const switches: Readonly<Record<string, keyof Settings>> = {
  additional: "additional",
  answer: "answer",
  authority: "authority",
  cmd: "cmd",
  comments: "comments",
  cookie: "cookie",
  edns: "edns",
  multiline: "multiline",
  question: "question",
  recurse: "recurse",
  rdflag: "recurse",
  search: "search",
  defname: "search",
  short: "short",
  stats: "stats",
  tcp: "tcp",
  vc: "tcp",
  ttlid: "ttl",
};

/** Those that are taken and change nothing here. */
const quiet =
  /^(aaflag|aaonly|adflag|all|badcookie|besteffort|cdflag|class|crypto|dns64prefix|dnssec|do|ednsnegotiation|expire|fail|header-only|identify|idn(in|out)|ignore|keepalive|keepopen|mapped|nsid|nssearch|onesoa|opcode|qid|qr|raflag|rrcomments|showsearch|split|subnet|tcflag|unexpected|unknownformat|yaml|zflag)/;

function numberOf(text: string, what: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new DigFault(`dig: Couldn't parse ${what}\n`, 10, `invalid ${what} '${text}': not a valid number\n`);
}

function setOption(settings: Settings, word: string): void {
  const [name = "", value = ""] = word.slice(1).split("=", 2);
  const isNot = name.startsWith("no");
  const plain = isNot ? name.slice(2) : name;
  if (plain === "trace") throw new DigFault("dig: +trace is not simulated\n", 1);
  if (plain === "all") {
    for (const key of ["comments", "question", "answer", "authority", "additional", "stats"] as const)
      settings[key] = !isNot;
    settings.cmd = !isNot;
    return;
  }
  if (/^(time|timeout)$/.test(plain)) settings.time = isNot ? 5 : Math.max(1, numberOf(value, "timeout"));
  else if (plain === "tries") settings.tries = isNot ? 3 : Math.max(1, numberOf(value, "tries"));
  else if (plain === "retry") settings.tries = isNot ? 3 : numberOf(value, "retries") + 1;
  else if (plain === "bufsize") settings.bufsize = isNot ? 512 : numberOf(value, "buffer size");
  else if (plain === "ndots" || plain === "domain") return;
  else {
    // A switch may be shortened to what no other begins with.
    const key =
      switches[plain] ?? switches[Object.keys(switches).find((one) => plain.length > 2 && one.startsWith(plain)) ?? ""];
    if (key !== undefined) (settings as unknown as Record<string, boolean>)[key] = !isNot;
    else if (!quiet.test(plain)) throw new DigFault(`Invalid option: ${word}\n${usage}`, 1);
    if (plain === "short" && !isNot) settings.cmd = false;
  }
}

function typeOf(word: string): DnsType | undefined {
  const type = word.toUpperCase();
  if (otherTypes.has(type)) throw new DigFault(`dig: records of type ${type} are not simulated\n`, 1);
  return dnsTypes.has(type) ? (type as DnsType) : undefined;
}

/** Reads dig's command line. Throws DigFault. */
export function readLine(argv: readonly string[]): DigLine {
  const words = [...argv];
  const wanted: Wanted[] = [];
  const common: Settings = { ...usual };
  let server: string | undefined;
  let warned = "";
  let port = 53;
  let type: DnsType | undefined;
  let kind: "IN" | "CH" | undefined;
  const last = () => wanted.at(-1);
  const add = (name: string, isReverse = false) =>
    wanted.push({
      name,
      type: isReverse ? "PTR" : (type ?? "A"),
      class: kind ?? "IN",
      isReverse,
      settings: { ...common },
    });
  const value = (word: string) => (word.length > 2 ? word.slice(2) : (words.shift() ?? ""));
  const takeType = (found: DnsType) => {
    const one = last();
    if (one) one.type = found;
    else type = found;
  };
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word.startsWith("@")) server = word.slice(1);
    else if (word.startsWith("+")) setOption(last()?.settings ?? common, word);
    else if (word.startsWith("-") && word.length > 1) {
      const letter = word[1];
      if (letter === "x") add(value(word), true);
      else if (letter === "q") add(value(word));
      else if (letter === "p") port = numberOf(value(word), "port number");
      else if (letter === "t") {
        const text = value(word);
        const found = typeOf(text);
        if (found) takeType(found);
        else warned += `;; Warning, ignoring invalid type ${text}\n`;
      } else if (letter === "c") kind = value(word).toUpperCase() === "CH" ? "CH" : "IN";
      else if (letter === "b" || letter === "y" || letter === "k" || letter === "f") value(word);
      else if (!/^-[46imruh]$/.test(word)) throw new DigFault(`Invalid option: ${word}\n${usage}`, 1);
    } else {
      const found = typeOf(word);
      if (found) takeType(found);
      else if (/^(IN|CH)$/i.test(word)) {
        kind = word.toUpperCase() === "CH" ? "CH" : "IN";
        const one = last();
        if (one) one.class = kind;
      } else add(word);
    }
  }
  if (wanted.length === 0) {
    type ??= "NS";
    add(".");
  }
  // +short is for all look-ups, wherever it stands.
  const isShort = wanted.some(({ settings }) => settings.short);
  for (const { settings } of wanted) settings.short ||= isShort;
  return { wanted, server, port, hasHead: common.cmd, warned };
}
