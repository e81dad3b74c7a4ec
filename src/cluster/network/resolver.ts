import { type Files, root } from "../../machine/define-files.ts";

/** What /etc/resolv.conf says (resolv.conf(5)). */
export interface ResolvConf {
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  readonly ndots: number;
  /** Seconds that a server is waited for at first, and how often all are asked. */
  readonly timeout: number;
  readonly attempts: number;
  readonly rotate: boolean;
}

const known = new Map<string, ResolvConf>();

/** Reads /etc/resolv.conf. Few different ones are read again and again: by every look-up, and for every pod. */
export function readResolvConf(text: string): ResolvConf {
  let read = known.get(text);
  if (read === undefined) {
    if (known.size > 200) known.clear();
    read = readLines(text);
    known.set(text, read);
  }
  return read;
}

/** The C library looks at no more servers than these (glibc 2.36, MAXNS). */
const MOST_SERVERS = 3;
/** What the options may be at most. */
const limits = { ndots: 15, timeout: 30, attempts: 5 } as const;

function readLines(text: string): ResolvConf {
  const nameservers: string[] = [];
  let search: string[] = [];
  const numbers = { ndots: 1, timeout: 5, attempts: 2 };
  let rotate = false;
  for (const line of text.split("\n")) {
    const [word, ...rest] = line.trim().split(/\s+/);
    if (word === "nameserver" && rest[0] && nameservers.length < MOST_SERVERS) nameservers.push(rest[0]);
    if (word === "search") search = rest;
    if (word === "domain") search = rest.slice(0, 1);
    if (word !== "options") continue;
    for (const option of rest) {
      const [, name, value] = /^(ndots|timeout|attempts):(\d+)/.exec(option) ?? [];
      if (option === "rotate") rotate = true;
      if (name === "ndots" || name === "timeout" || name === "attempts")
        numbers[name] = Math.min(limits[name], Number(value));
    }
  }
  return { nameservers, search, ...numbers, rotate };
}

/** Names and addresses of /etc/hosts; the first line that names one wins. */
export function readHosts(files: Files): Map<string, string> {
  const hosts = new Map<string, string>();
  if (!files.find("/etc/hosts", root)) return hosts;
  for (const line of files.read("/etc/hosts", root).split("\n")) {
    const [address, ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    for (const name of names) if (address && !hosts.has(name.toLowerCase())) hosts.set(name.toLowerCase(), address);
  }
  return hosts;
}
