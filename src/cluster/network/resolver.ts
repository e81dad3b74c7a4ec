import { type Files, root } from "../../machine/define-files.ts";

/** What /etc/resolv.conf says (resolv.conf(5)). */
export interface ResolvConf {
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  readonly ndots: number;
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

function readLines(text: string): ResolvConf {
  const nameservers: string[] = [];
  let search: string[] = [];
  let ndots = 1;
  for (const line of text.split("\n")) {
    const [word, ...rest] = line.trim().split(/\s+/);
    if (word === "nameserver" && rest[0]) nameservers.push(rest[0]);
    if (word === "search" || word === "domain") search = rest;
    if (word === "options")
      for (const option of rest) {
        const value = /^ndots:(\d+)$/.exec(option)?.[1];
        if (value) ndots = Number(value);
      }
  }
  return { nameservers, search, ndots };
}

/** The full names to ask for, in order: a name with fewer dots than ndots tries the search domains first. */
export function namesToTry(name: string, conf: ResolvConf): string[] {
  if (name.endsWith(".")) return [name.slice(0, -1)];
  const searched = conf.search.map((domain) => `${name}.${domain}`);
  return name.split(".").length - 1 >= conf.ndots ? [name, ...searched] : [...searched, name];
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
