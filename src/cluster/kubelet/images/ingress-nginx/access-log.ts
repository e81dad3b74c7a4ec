import { byteLength } from "../../../../base/text-bytes.ts";
import { civilTime } from "../../../../base/time.ts";
import type { Process } from "../../../../machine/process.ts";
import type { Attempt } from "../../../network/http/reverse-proxy.ts";
import type { Visit } from "./visit.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (n: number) => String(n).padStart(2, "0");

/** The line of the access log (log_format upstreaminfo). */
export function accessLine(visit: Visit, status: number, body: string): string {
  const { proc, request, attempts, seconds } = visit;
  const t = civilTime(proc.machine.kernel.clock.now);
  const time = `${two(t.day)}/${months[t.month - 1]}/${t.year}:${two(t.hour)}:${two(t.minute)}:${two(t.second)} +0000`;
  const list = (texts: readonly string[]) => (texts.length > 0 ? texts.join(", ") : "-");
  const { headers } = request;
  const upstream = [
    list(attempts.map(({ endpoint }) => `${endpoint.address}:${endpoint.port}`)),
    list(attempts.map(lengthOf)),
    list(attempts.map((one) => one.seconds.toFixed(3))),
    list(attempts.map((one) => String(statusOf(one)))),
  ].join(" ");
  return (
    `${visit.client} - ${visit.user || "-"} [${time}] "${request.method} ${request.path} HTTP/${visit.scheme === "https" ? "2.0" : "1.1"}" ` +
    `${status} ${byteLength(body)} "${headers.referer || "-"}" "${headers["user-agent"] || "-"}" ${lengthOfRequest(visit)} ` +
    `${seconds.toFixed(3)} [${visit.upstream}] [${visit.alternative}] ${upstream} ${visit.id}\n`
  );
}

function lengthOf({ result }: Attempt): string {
  if (typeof result === "string") return "0";
  return String(typeof result.body === "string" ? byteLength(result.body) : 0);
}

/** The status that nginx notes for an attempt. */
export function statusOf({ result }: Attempt): number {
  if (typeof result !== "string") return result.status;
  return result === "timeout" || result === "silent" ? 504 : 502;
}

function lengthOfRequest({ request }: Visit): number {
  const lines = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
  const body = typeof request.body === "string" ? byteLength(request.body) : 0;
  return byteLength([`${request.method} ${request.path} HTTP/1.1`, ...lines, "", ""].join("\r\n")) + body;
}

const faults = {
  refused: "connect() failed (111: Connection refused) while connecting to upstream",
  timeout: "upstream timed out (110: Operation timed out) while connecting to upstream",
  unreachable: "connect() failed (113: Host is unreachable) while connecting to upstream",
  silent: "upstream timed out (110: Operation timed out) while reading response header from upstream",
  nonsense: "upstream prematurely closed connection while reading response header from upstream",
} as const;

/** Tells nginx' error log about the attempts that failed, each when it has. */
export function logFailures(proc: Process, visit: Visit, tls: boolean, path: string): void {
  const { clock } = proc.machine.kernel;
  let seconds = 0;
  for (const attempt of visit.attempts) {
    seconds += attempt.seconds;
    if (typeof attempt.result !== "string") continue;
    const write = () => proc.fds.get(2)?.write?.(errorLine(proc, visit, attempt, tls, path));
    if (seconds > 0) clock.after(seconds, write);
    else write();
  }
}

function errorLine(proc: Process, visit: Visit, { result, endpoint }: Attempt, tls: boolean, path: string): string {
  const t = civilTime(proc.machine.kernel.clock.now);
  const time = `${t.year}/${two(t.month)}/${two(t.day)} ${two(t.hour)}:${two(t.minute)}:${two(t.second)}`;
  const words =
    tls && result === "nonsense"
      ? "SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking to upstream"
      : typeof result === "string"
        ? faults[result]
        : "";
  const url = `${tls ? "https" : "http"}://${endpoint.address}:${endpoint.port}${path}`;
  const asked = `client: ${visit.client}, server: ${visit.server}, request: "${visit.request.method} ${visit.request.path} HTTP/1.1"`;
  const { host } = visit.request.headers;
  return `${time} [error] ${proc.pid}#${proc.pid}: *${visit.number} ${words}, ${asked}, upstream: "${url}", host: "${host ?? ""}"\n`;
}
