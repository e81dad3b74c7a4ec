import { rfc3339 } from "../../../../base/time.ts";
import type { Process } from "../../../../machine/process.ts";
import type { Options } from "./options.ts";

export type Level = "DBG" | "INF" | "WRN" | "ERR";

/** Says something in the log; fields in the order of their names, the error first. */
export type Log = (level: Level, text: string, fields?: Readonly<Record<string, string>>) => void;

const ranks: Readonly<Record<Options["level"] | Level, number>> = {
  DEBUG: 0,
  DBG: 0,
  INFO: 1,
  INF: 1,
  WARN: 2,
  WRN: 2,
  ERROR: 3,
  ERR: 3,
};

/** Traefik's log on standard output (zerolog's console form). */
export function logOf(proc: Process, least: Options["level"]): Log {
  return (level, text, fields = {}) => {
    if (ranks[level] < ranks[least]) return;
    const names = Object.keys(fields).sort((a, b) => (a === "error" ? -1 : b === "error" ? 1 : a < b ? -1 : 1));
    const quoted = (value: string) =>
      value === "" || (/[\s"=\\]/.test(value) && !value.startsWith("&")) ? JSON.stringify(value) : value;
    const parts = names.map(
      (name) => `${name}=${name === "error" ? JSON.stringify(fields[name] ?? "") : quoted(fields[name] ?? "")}`,
    );
    const time = rfc3339(proc.machine.kernel.clock.now);
    proc.fds.get(1)?.write?.(`${[`${time} ${level} ${text}`, ...parts].join(" ")}\n`);
  };
}
