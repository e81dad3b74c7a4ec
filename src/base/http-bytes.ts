import { concatBytes } from "@noble/hashes/utils.js";
import type { ByteConnection, ByteSink, HttpRequest, HttpResponse, TunnelEnd } from "./http.ts";
import { type Json, toJson } from "./json.ts";
import type { Stream } from "./stream.ts";
import { bytesOf, textOf } from "./text-bytes.ts";

/** Speaks with a listener in bytes: HTTP/1.1 where it answers HTTP; else it says its banner and hears what comes. */
export function openBytes(listener: TunnelEnd, out: ByteSink, from = "127.0.0.1"): ByteConnection {
  const { http, banner, bytes } = listener;
  if (bytes) return bytes(from, out);
  if (http) return new HttpConversation(http, out);
  if (banner) out.write(bytesOf(banner));
  return { receive() {}, end: () => out.end() };
}

interface Head {
  readonly method: string;
  readonly path: string;
  readonly version: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Where its body begins. */
  readonly length: number;
}

/** An HTTP/1.1 connection at its server: requests out of bytes, one after the other, and answers into bytes (RFC 9112). */
class HttpConversation implements ByteConnection {
  private readonly answer: (request: HttpRequest) => HttpResponse;
  private readonly out: ByteSink;
  private kept: Uint8Array = new Uint8Array();
  private busy = false;
  private clientDone = false;
  private over = false;

  constructor(answer: (request: HttpRequest) => HttpResponse, out: ByteSink) {
    this.answer = answer;
    this.out = out;
  }

  receive(bytes: Uint8Array): void {
    this.kept = concatBytes(this.kept, bytes);
    this.advance();
  }

  end(): void {
    this.clientDone = true;
    if (!this.busy) this.finish();
  }

  private finish(): void {
    if (this.over) return;
    this.over = true;
    this.out.end();
  }

  private advance(): void {
    while (!this.busy && !this.over) {
      const end = endOfHead(this.kept);
      if (end < 0) return;
      const head = readHead(textOf(this.kept.subarray(0, end)), end);
      if (!head) {
        this.refuse();
        return;
      }
      const body = readBody(this.kept, head);
      if (!body) return;
      this.kept = this.kept.slice(body.end);
      this.respond(head, body.bytes);
    }
  }

  private refuse(): void {
    const text = "400 Bad Request";
    this.out.write(
      bytesOf(`HTTP/1.1 ${text}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${text}`),
    );
    this.finish();
  }

  private respond({ method, path, version, headers }: Head, body: Uint8Array): void {
    const wish = (headers.connection ?? "").toLowerCase();
    const closes = wish.includes("close") || (version === "1.0" && !wish.includes("keep-alive"));
    const answer = this.answer({ method, path, headers, ...(body.length > 0 ? { body: textOf(body) } : {}) });
    const { stream } = answer;
    if (!stream) {
      const bytes = bodyOf(answer);
      // An answer to HEAD tells the length that GET would give.
      const length = answer.headers["content-length"] ?? String(bytes.length);
      this.head(answer, { "content-length": length, ...(closes ? { connection: "close" } : {}) });
      if (method !== "HEAD") this.out.write(bytes);
      if (closes) this.finish();
      return;
    }
    this.head(answer, { "transfer-encoding": "chunked", ...(closes ? { connection: "close" } : {}) });
    this.busy = true;
    (stream as Stream<unknown>).each((item) => {
      const text = typeof item === "string" ? item : `${toJson(item as Json)}\n`;
      const bytes = bytesOf(text);
      if (bytes.length > 0)
        this.out.write(concatBytes(bytesOf(`${bytes.length.toString(16)}\r\n`), bytes, bytesOf("\r\n")));
    });
    const ended = () => {
      if (!stream.closed) {
        stream.changed.add(ended);
        return;
      }
      this.out.write(bytesOf("0\r\n\r\n"));
      this.busy = false;
      if (closes || this.clientDone) this.finish();
      else this.advance();
    };
    ended();
  }

  private head(answer: HttpResponse, more: Readonly<Record<string, string>>): void {
    const { "content-length": _, ...own } = answer.headers;
    const lines = Object.entries({ ...own, ...more }).map(([name, value]) => `${titled(name)}: ${value}\r\n`);
    this.out.write(bytesOf(`HTTP/1.1 ${answer.status} ${reasons[answer.status] ?? ""}\r\n${lines.join("")}\r\n`));
  }
}

function bodyOf({ body }: HttpResponse): Uint8Array {
  if (body === undefined) return new Uint8Array();
  return bytesOf(typeof body === "string" ? body : `${toJson(body as Json)}\n`);
}

/** Where the blank line after the headers ends; -1 while it has not come. */
function endOfHead(bytes: Uint8Array): number {
  for (let i = 0; i + 1 < bytes.length; i++) {
    if (bytes[i] !== 10) continue;
    if (bytes[i + 1] === 10) return i + 2;
    if (bytes[i + 1] === 13 && bytes[i + 2] === 10) return i + 3;
  }
  return -1;
}

function readHead(text: string, length: number): Head | undefined {
  const [first = "", ...lines] = text.trimEnd().split(/\r?\n/);
  const found = /^([A-Z]+) (\S+) HTTP\/(1\.[01])$/.exec(first);
  if (!found?.[1] || !found[2] || !found[3]) return undefined;
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon <= 0) return undefined;
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { method: found[1], path: found[2], version: found[3], headers, length };
}

/** The body that follows a head; undefined while it is not whole. */
function readBody(bytes: Uint8Array, head: Head): { readonly bytes: Uint8Array; readonly end: number } | undefined {
  if ((head.headers["transfer-encoding"] ?? "").toLowerCase().includes("chunked"))
    return readChunks(bytes, head.length);
  const end = head.length + (Number(head.headers["content-length"]) || 0);
  return bytes.length < end ? undefined : { bytes: bytes.subarray(head.length, end), end };
}

function readChunks(bytes: Uint8Array, from: number) {
  const parts: Uint8Array[] = [];
  for (let at = from; ; ) {
    const line = bytes.indexOf(10, at);
    if (line < 0) return undefined;
    const size = Number.parseInt(textOf(bytes.subarray(at, line)), 16) || 0;
    const end = line + 1 + size + 2;
    if (bytes.length < end) return undefined;
    if (size === 0) return { bytes: concatBytes(...parts), end };
    parts.push(bytes.subarray(line + 1, line + 1 + size));
    at = end;
  }
}

const spelled: Readonly<Record<string, string>> = { etag: "ETag", "www-authenticate": "WWW-Authenticate" };

/** A header's name as HTTP/1.1 servers write it: content-type → Content-Type. */
export function titled(name: string): string {
  return spelled[name] ?? canonical(name);
}

/** A header's name as Go's net/http writes every one: etag → Etag. */
export function canonical(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

/** The words that go with a status. */
export const reasons: Readonly<Record<number, string>> = {
  101: "Switching Protocols",
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No Content",
  301: "Moved Permanently",
  302: "Found",
  303: "See Other",
  304: "Not Modified",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  410: "Gone",
  413: "Request Entity Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Entity",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};
