import { Errno } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";

/** What ssh_config files say of a host: the first value of a keyword counts. Keys are in lower case. */
export type SshConfig = ReadonlyMap<string, readonly string[]>;

/** Reads ~/.ssh/config, then /etc/ssh/ssh_config, for `host`. */
export function sshConfigFor(proc: Process, host: string, home: string, file?: string): SshConfig {
  const config = new Map<string, string[]>();
  for (const path of file === undefined ? [`${home}/.ssh/config`, "/etc/ssh/ssh_config"] : [file]) {
    try {
      readInto(config, proc.machine.files.read(path, proc.credentials), host);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
    }
  }
  return config;
}

function readInto(config: Map<string, string[]>, text: string, host: string): void {
  let applies = true;
  for (const raw of text.split("\n")) {
    const [, keyword = "", rest = ""] = /^\s*([A-Za-z]\w*)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(raw) ?? [];
    const key = keyword.toLowerCase();
    if (key === "") continue;
    const value = rest.replace(/^"(.*)"$/, "$1");
    if (key === "host") applies = matchesAny(host, value.split(/\s+/));
    else if (key === "match") applies = value === "all";
    else if (applies && (key === "identityfile" || !config.has(key)))
      config.set(key, [...(config.get(key) ?? []), value]);
  }
}

function matchesAny(host: string, patterns: readonly string[]): boolean {
  const fits = (pattern: string) => glob(pattern, host);
  if (patterns.some((pattern) => pattern.startsWith("!") && fits(pattern.slice(1)))) return false;
  return patterns.some((pattern) => !pattern.startsWith("!") && fits(pattern));
}

/** Whether `text` fits a pattern of * and ?. Looks back at the last star only, so it ends in good time. */
function glob(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    if (pattern[p] === "?" || pattern[p] === text[t]) {
      p++;
      t++;
    } else if (pattern[p] === "*") {
      star = p++;
      mark = t;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
