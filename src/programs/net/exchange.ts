import type { HttpRequest, HttpResponse } from "../../base/http.ts";
import { reasons, titled } from "../../base/http-bytes.ts";
import { type Json, toJson } from "../../base/json.ts";
import type { Stream } from "../../base/stream.ts";
import { byteLength } from "../../base/text-bytes.ts";
import { httpDate } from "../../base/time.ts";
import type { Task } from "../../machine/define.ts";
import type { Listener } from "../../machine/define-network.ts";
import type { Process } from "../../machine/process.ts";

/** An answer as its client reads it off the wire. */
export interface Answer {
  readonly version: "1.1" | "2";
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Undefined where the length is not known beforehand. */
  readonly length: number | undefined;
  /** The next part of the body; undefined at its end, "late" where the time was up before. */
  read(until?: number): Task<string | undefined | "late">;
  close(): void;
}

/** What came instead of an answer: nothing, or something that is no HTTP. */
export interface NoAnswer {
  readonly said: string;
}

/** Sends a request to whoever listens, and reads the head of the answer; "late" where that takes more than `seconds`. */
export function* exchange(
  proc: Process,
  listener: Listener,
  request: HttpRequest,
  { http2 = false, seconds }: { readonly http2?: boolean; readonly seconds?: number | undefined } = {},
): Task<Answer | NoAnswer | "late"> {
  if (!listener.http) return { said: listener.banner ?? "" };
  const tlsAsked = request.headers[":scheme"] === "https";
  const { ":scheme": _, ...headers } = request.headers;
  const answer =
    listener.tls && !tlsAsked
      ? (listener.tls.plain ?? refusedByGo)({ ...request, headers })
      : listener.http({ ...request, headers });
  const { after } = answer;
  if (after !== undefined) {
    const late = seconds !== undefined && seconds < after;
    yield* proc.sleep(late ? seconds : after);
    if (late) {
      answer.stream?.close();
      return "late";
    }
  }
  return received(proc, answer, request.method, http2);
}

/** What Go's TLS servers say to a client that speaks plainly (net/http, Go 1.25). */
function refusedByGo(): HttpResponse {
  const headers = { connection: "close", server: "" };
  return { status: 400, headers, body: "Client sent an HTTP request to an HTTPS server.\n" };
}

function received(proc: Process, answer: HttpResponse, method: string, http2: boolean): Answer {
  const stream = answer.stream as Stream<unknown> | undefined;
  const text =
    answer.body === undefined || typeof answer.body === "string" ? (answer.body ?? "") : jsonLine(answer.body);
  const bare = method === "HEAD" || answer.status === 204 || answer.status === 304;
  const told = answer.headers["content-length"];
  const length = stream
    ? undefined
    : bare
      ? Number(told ?? (method === "HEAD" ? byteLength(text) : 0))
      : byteLength(text);
  let rest: string | undefined = bare || stream ? undefined : text;
  return {
    version: http2 ? "2" : "1.1",
    status: answer.status,
    reason: http2 ? "" : (reasons[answer.status] ?? ""),
    headers: headersOf(proc, answer, length, http2),
    length,
    *read(until) {
      if (stream && !bare) return yield* nextPart(proc, stream, until);
      const part = rest;
      rest = undefined;
      return part === "" ? undefined : part;
    },
    close: () => stream?.close(),
  };
}

function jsonLine(body: NonNullable<HttpResponse["body"]>): string {
  return `${toJson(body as Json)}\n`;
}

function* nextPart(
  proc: Process,
  stream: Stream<unknown>,
  until: number | undefined,
): Task<string | undefined | "late"> {
  for (;;) {
    const item = stream.take();
    if (item !== undefined) return typeof item === "string" ? item : `${toJson(item as Json)}\n`;
    if (stream.closed) return undefined;
    if ((yield* proc.wait({ on: [stream.changed], until })) === "timeout") return "late";
  }
}

/** The headers in the order they come: a server that does not name itself is Go's, which sorts its own and adds the date. */
function headersOf(
  proc: Process,
  { headers, status }: HttpResponse,
  length: number | undefined,
  http2: boolean,
): [string, string][] {
  const { "content-length": told, ...own } = headers;
  const lines = Object.entries(own).filter(([, value]) => value !== "");
  const sized: [string, string][] =
    length === undefined
      ? http2
        ? []
        : [["transfer-encoding", "chunked"]]
      : status === 204 || status === 304
        ? told === undefined
          ? []
          : [["content-length", told]]
        : [["content-length", String(length)]];
  const goes = headers.server === undefined;
  const date: [string, string] = ["date", httpDate(proc.machine.kernel.clock.now)];
  const all = !goes
    ? told === undefined
      ? [...lines, ...sized]
      : placed(headers, sized)
    : [...lines.sort(([a], [b]) => (a < b ? -1 : 1)), ...(http2 ? [...sized, date] : [date, ...sized])];
  return all.map(([name, value]) => [http2 ? name : titled(name), value]);
}

/** A server's own headers, the length where it stood. */
function placed(headers: HttpResponse["headers"], sized: readonly [string, string][]): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    if (name === "content-length") return [...sized];
    return value === "" ? [] : [[name, value]];
  });
}
