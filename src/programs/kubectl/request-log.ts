import type { HttpRequest, HttpResponse } from "../../base/http.ts";
import { canonical, reasons } from "../../base/http-bytes.ts";
import { type JsonObject, toJson } from "../../base/json.ts";
import { byteLength } from "../../base/text-bytes.ts";
import type { Process } from "../../machine/process.ts";
import { logLine } from "./log-line.ts";

/** A request and what came of it, as the log tells them. */
export interface Exchange {
  readonly request: HttpRequest;
  readonly url: string;
  readonly response: HttpResponse;
  readonly milliseconds: number;
  /** Where a connection was made for it: the address, 10.0.0.1:6443. */
  readonly dialled: string | undefined;
}

const DIALLED = "dnsLookupMilliseconds=0 dialMilliseconds=0 tlsHandshakeMilliseconds=0";

/** What -v=6 and above say of a request that nobody answered. */
export function failedRequestLog(proc: Process, method: string, url: string): string {
  const text = `"Response" verb="${method}" url="${url}" status="" milliseconds=0`;
  return logLine(proc, "I", "round_trippers.go:632", text);
}

/** What -v=6 to -v=9 and above say of a request and its answer (client-go transport and rest/request.go, 1.33). */
export function requestLog(proc: Process, level: number, exchange: Exchange): readonly string[] {
  const { request, url, response, milliseconds, dialled } = exchange;
  const { method, headers, body } = request;
  const say = (line: number, text: string) => logLine(proc, "I", `round_trippers.go:${line}`, text);
  const status = `${response.status} ${reasons[response.status] ?? ""}`.trim();
  const verbAndUrl = `verb="${method}" url="${url}"`;
  if (level === 6) return [say(632, `"Response" ${verbAndUrl} status="${status}" milliseconds=${milliseconds}`)];
  const lines: string[] = [];
  const carries = level >= 8 && !isUpgrade(request);
  const from = bodySource(request);
  if (carries)
    lines.push(logLine(proc, "I", from, `"Request Body" ${bodyText(body as JsonObject | undefined, level)}`));
  if (level === 7 || level === 8) lines.push(say(527, `"Request" ${verbAndUrl} headers=<\n${headerLines(headers)} >`));
  else lines.push(say(527, `"Request" curlCommand=<\n\t${curlCommand(request, url)}\n >`));
  if (level >= 9 && dialled !== undefined)
    lines.push(say(562, `"HTTP Trace: Dial succeed" network="tcp" address="${dialled}"`));
  const told = level >= 8 ? ` headers=<\n${headerLines(answerHeaders(response))} >` : "";
  const again = level >= 9 ? ` ${verbAndUrl}` : "";
  const made = dialled === undefined ? "getConnectionMilliseconds=0" : DIALLED;
  const times = level >= 9 ? ` ${made} serverProcessingMilliseconds=${milliseconds}` : "";
  lines.push(say(632, `"Response"${again} status="${status}"${told} milliseconds=${milliseconds}${times}`));
  if (carries && response.body !== undefined && !response.stream && !isRaw(request))
    lines.push(logLine(proc, "I", from, `"Response Body" ${bodyText(response.body, level)}`));
  return lines;
}

/** The line of client-go that sends such a request. */
function bodySource({ method, path }: HttpRequest): string {
  const bare = path.replace(/\?.*/, "");
  if (bare === "/api") return "discovery_client.go:252";
  if (bare === "/apis") return "discovery_client.go:318";
  if (bare === "/version") return "discovery_client.go:657";
  if (bare === "/openapi/v3") return "client.go:46";
  if (bare.startsWith("/openapi/v3/")) return "groupversion.go:75";
  if (bare.endsWith("/log")) return "logs.go:469";
  if (isRaw({ method, path, headers: {} })) return "raw.go:84";
  const tail = bare.replace(/^\/(api\/v1|apis\/[^/]+\/[^/]+)\/(namespaces\/[^/]+\/)?/, "");
  switch (method) {
    case "DELETE":
      return "helper.go:202";
    case "POST":
      return "helper.go:246";
    case "PATCH":
      return "helper.go:269";
    case "PUT":
      return "helper.go:319";
    default:
      return tail.includes("/") ? "helper.go:105" : "helper.go:113";
  }
}

/** What `get --raw` and logs read is not logged: it goes to the user as it comes. */
function isRaw({ path }: HttpRequest): boolean {
  return !/^\/(apis?|version|openapi)(\/|\?|$)/.test(path) || /\/log(\?|$)/.test(path);
}

function isUpgrade({ path }: HttpRequest): boolean {
  return /\/(exec|attach|portforward)(\?|$)/.test(path);
}

/** At most so many characters of a body are shown: 1024, at -v=9 10240, from -v=10 on all (rest/request.go truncateBody). */
function bodyText(body: JsonObject | readonly JsonObject[] | string | undefined, level: number): string {
  const whole = body === undefined ? "" : typeof body === "string" ? body : `${toJson(body as JsonObject)}\n`;
  const most = level >= 10 ? Number.POSITIVE_INFINITY : level === 9 ? 10_240 : 1024;
  const shown = whole.length > most ? `${whole.slice(0, most)} [truncated ${byteLength(whole) - most} chars]` : whole;
  // klog prints what has several lines as a block, everything else quoted.
  if (!shown.includes("\n")) return `body=${JSON.stringify(shown)}`;
  const lines = shown.endsWith("\n") ? shown.slice(0, -1) : shown;
  return `body=<\n${lines.replace(/^/gm, "\t")}\n >`;
}

/** What the API server sends with an answer of the world, as it would be on a wire. */
function answerHeaders({ headers, body, stream }: HttpResponse): Readonly<Record<string, string>> {
  if (headers["content-length"] !== undefined || stream || body === undefined || typeof body === "string")
    return headers;
  return { ...headers, "content-length": String(byteLength(toJson(body)) + 1) };
}

/** Secrets are not logged. */
function headerLines(headers: Readonly<Record<string, string>>): string {
  return shownHeaders(headers)
    .map(([name, value]) => `\t${name}: ${value}\n`)
    .join("");
}

function shownHeaders(headers: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.keys(headers)
    .filter((name) => !name.startsWith("kubectl-"))
    .sort()
    .flatMap((name) => {
      const value = headers[name] ?? "";
      if (name === "authorization") return [[canonical(name), value.replace(/ .*/, " <masked>")] as const];
      const values = name === "impersonate-group" ? value.split(",") : [value];
      return values.map((one) => [canonical(name), one] as const);
    });
}

function curlCommand({ method, headers }: HttpRequest, url: string): string {
  const shown = shownHeaders(headers).map(([name, value]) => ` -H "${name}: ${value}"`);
  return `curl -v -X${method} ${shown.join("")} '${url}'`;
}
