import type { HttpRequest, HttpResponse } from "../../base/http.ts";
import { type JsonObject, toJson } from "../../base/json.ts";
import type { Process } from "../../machine/process.ts";
import { logLine } from "./log-line.ts";

/** What -v=6 to -v=9 say of a request and its answer (client-go round_trippers.go, 1.33). */
export function requestLog(
  proc: Process,
  level: number,
  url: string,
  { method, headers, body }: HttpRequest,
  response: HttpResponse,
): readonly string[] {
  const say = (line: number, text: string) => logLine(proc, "I", `round_trippers.go:${line}`, text);
  const status = `${response.status} ${statusWords[response.status] ?? ""}`.trim();
  if (level === 6) return [say(632, `"Response" verb="${method}" url="${url}" status="${status}" milliseconds=0`)];
  const lines: string[] = [];
  if (level >= 8 && body !== undefined)
    lines.push(logLine(proc, "I", "request.go:1351", `"Request Body" body=${bodyText(body as JsonObject)}`));
  lines.push(say(527, `"Request" verb="${method}" url="${url}" headers=<\n${headerLines(headers)} >`));
  const told = level >= 8 ? ` headers=<\n${headerLines(response.headers)} >` : "";
  lines.push(say(632, `"Response" status="${status}"${told} milliseconds=0`));
  if (level >= 8 && response.body !== undefined)
    lines.push(logLine(proc, "I", "request.go:1351", `"Response Body" body=${bodyText(response.body)}`));
  return lines;
}

function bodyText(body: JsonObject | string): string {
  return JSON.stringify(typeof body === "string" ? body : toJson(body));
}

/** Secrets are not logged. */
function headerLines(headers: Readonly<Record<string, string>>): string {
  return Object.keys(headers)
    .sort()
    .map((name) => `\t${titled(name)}: ${name === "authorization" ? "Bearer <masked>" : headers[name]}\n`)
    .join("");
}

function titled(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

const statusWords: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  415: "Unsupported Media Type",
  422: "Unprocessable Entity",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};
