import { type Micros, SECOND } from "../../base/clock.ts";
import { civilTime, rfc3339 } from "../../base/time.ts";
import type { JournalEntry } from "../../machine/journal.ts";
import type { Process } from "../../machine/process.ts";
import { groupsIn } from "../../machine/users.ts";
import { syslogTime } from "./systemd-time.ts";

/** Whether a user may read the system's journal: root, and the groups adm and systemd-journal. */
export function mayReadJournal(proc: Process): boolean {
  const { uid, gid, groups } = proc.credentials;
  if (uid === 0) return true;
  const readers = groupsIn(proc.machine.files).filter(({ name }) => name === "adm" || name === "systemd-journal");
  return readers.some((group) => group.gid === gid || groups.includes(group.gid));
}

/** A line of the journal in the default form. */
export function shortLine(entry: JournalEntry, host: string, time = syslogTime(entry.at)): string {
  const who = entry.pid === undefined ? entry.identifier : `${entry.identifier}[${entry.pid}]`;
  const head = `${time} ${host === "" ? "" : `${host} `}${who}: `;
  return `${head}${entry.message.replaceAll("\n", `\n${" ".repeat(head.length)}`)}\n`;
}

const micros = (at: Micros) => String(civilTime(at).micros).padStart(6, "0");

/** The forms of -o. */
export const journalForms: Readonly<Record<string, (entry: JournalEntry, host: string) => string>> = {
  short: (entry, host) => shortLine(entry, host),
  "short-iso": (entry, host) => shortLine(entry, host, rfc3339(entry.at).replace("Z", "+0000")),
  "short-precise": (entry, host) => shortLine(entry, host, `${syslogTime(entry.at)}.${micros(entry.at)}`),
  "short-unix": (entry, host) => shortLine(entry, host, `${Math.floor(entry.at / SECOND)}.${micros(entry.at)}`),
  "with-unit": (entry, host) => shortLine({ ...entry, identifier: entry.unit ?? entry.identifier }, host),
  cat: (entry) => `${entry.message}\n`,
  json: (entry, host) => `${JSON.stringify(fields(entry, host))}\n`,
  "json-pretty": (entry, host) => `${JSON.stringify(fields(entry, host), undefined, "\t")}\n`,
};

function fields(entry: JournalEntry, host: string): Record<string, string> {
  const fromSystemd = entry.identifier === "systemd" && entry.pid === 1;
  return {
    __REALTIME_TIMESTAMP: String(entry.at),
    _HOSTNAME: host,
    PRIORITY: String(entry.priority),
    SYSLOG_IDENTIFIER: entry.identifier,
    ...(entry.pid !== undefined && { _PID: String(entry.pid) }),
    ...(entry.unit !== undefined && { [fromSystemd ? "UNIT" : "_SYSTEMD_UNIT"]: entry.unit }),
    MESSAGE: entry.message,
  };
}
