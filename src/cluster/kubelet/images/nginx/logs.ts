import type { HttpResponse } from "../../../../base/http.ts";
import { byteLength } from "../../../../base/text-bytes.ts";
import { civilTime } from "../../../../base/time.ts";
import { Errno } from "../../../../machine/define.ts";
import type { Process } from "../../../../machine/process.ts";
import { nearest, type Scope } from "./servers.ts";
import { filledIn, type Visit } from "./visit.ts";

/** Tells the error log about a request. */
export type ErrorLog = (visit: Visit, words: string) => void;

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (n: number) => String(n).padStart(2, "0");

function accessTime(proc: Process): string {
  const t = civilTime(proc.machine.kernel.clock.now);
  return `${two(t.day)}/${months[t.month - 1]}/${t.year}:${two(t.hour)}:${two(t.minute)}:${two(t.second)} +0000`;
}

/** The time as the error log has it: 2026/01/02 03:04:05 */
export function errorTime(proc: Process): string {
  const t = civilTime(proc.machine.kernel.clock.now);
  return `${t.year}/${two(t.month)}/${two(t.day)} ${two(t.hour)}:${two(t.minute)}:${two(t.second)}`;
}

const MAIN =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_x_forwarded_for"';
const COMBINED =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';

/** Writes an answered request into the access log that the configuration names. */
export function logAccess(visit: Visit, { status, body }: HttpResponse): void {
  const scope: Scope = visit.location ?? visit.server;
  const asked = nearest(scope, "access_log");
  const [path = "logs/access.log", format] = asked?.args ?? [];
  if (path === "off") return;
  const bytes = typeof body === "string" ? byteLength(body) : 0;
  const own = new Map([
    ["status", String(status)],
    ["body_bytes_sent", String(bytes)],
    ["bytes_sent", String(bytes)],
    ["remote_user", ""],
    ["time_local", accessTime(visit.proc)],
    ["request_time", "0.000"],
  ]);
  const text = formatOf(scope, format).replace(/\$(?:\{(\w+)\}|(\w+))/g, (_whole, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? "";
    return (own.get(name) ?? filledIn(visit, `\${${name}}`)) || "-";
  });
  writeLog(visit.proc, path, text, 1);
}

function formatOf(scope: Scope, name: string | undefined): string {
  if (name === undefined || name === "combined") return COMBINED;
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const found = at.directives.find((directive) => directive.name === "log_format" && directive.args[0] === name);
    if (found)
      return found.args
        .slice(1)
        .filter((word) => !word.startsWith("escape="))
        .join("");
  }
  return MAIN;
}

/** Appends a line to a log file; the image's own ones lead to the container's output. */
export function writeLog(proc: Process, path: string, line: string, usual: 1 | 2): void {
  const name = path.startsWith("/") ? path : `/etc/nginx/${path}`;
  const direct = /^\/(var\/log\/nginx\/(access|error)\.log|dev\/std(out|err))$/.exec(name);
  if (direct) {
    const fd = direct[2] === "error" || direct[3] === "err" ? 2 : direct[2] || direct[3] ? 1 : usual;
    proc.fds.get(fd)?.write?.(`${line}\n`);
    return;
  }
  try {
    proc.machine.files.write(name, `${line}\n`, proc.credentials, { append: true });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
  }
}

/** The error log of a running server. */
export function errorLogOf(proc: Process, pathOf: () => string): ErrorLog {
  return (visit, words) => {
    const { request, server } = visit;
    const name = server.names[0] ?? "";
    const line = `${errorTime(proc)} [error] ${proc.pid}#${proc.pid}: *1 ${words}, client: ${request.from ?? ""}, server: ${name}, request: "${request.method} ${visit.requestUri} HTTP/1.1", host: "${request.headers.host ?? ""}"`;
    writeLog(proc, pathOf(), line, 2);
  };
}
