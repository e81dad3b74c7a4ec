import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import type { HttpResponse } from "../base/http.ts";
import { type Json, type JsonObject, toJson } from "../base/json.ts";
import type { Stream } from "../base/stream.ts";
import { bytesOf } from "../base/text-bytes.ts";

/** Answers larger than this are compressed for clients that take it (apiserver APIResponseCompression: 128 KiB). */
const COMPRESS_FROM = 128 * 1024;

/** Writes an answer of the simulated server to a real connection. */
export function respond(answer: HttpResponse, response: ServerResponse): void {
  const headers: Record<string, string | string[]> = { ...answer.headers };
  // Several warnings travel as several header lines.
  if (typeof headers.warning === "string") headers.warning = headers.warning.split(/, (?=299 )/);
  if (answer.stream) {
    response.writeHead(answer.status, headers);
    response.flushHeaders();
    pump(answer.stream, response);
    return;
  }
  const { body } = answer;
  const text = body === undefined ? "" : typeof body === "string" ? body : `${toJson(body as Json)}\n`;
  const bytes = Buffer.from(bytesOf(text));
  const compress =
    bytes.length > COMPRESS_FROM && /\bgzip\b/.test(String(response.req.headers["accept-encoding"] ?? ""));
  const sent = compress ? gzipSync(bytes, { level: 1 }) : bytes;
  if (compress) headers["content-encoding"] = "gzip";
  if (headers["content-length"] !== undefined || !compress) headers["content-length"] = String(sent.length);
  response.writeHead(answer.status, headers);
  response.end(sent);
}

function pump(stream: Stream<JsonObject> | Stream<string>, response: ServerResponse): void {
  const write = (item: JsonObject | string) =>
    response.write(typeof item === "string" ? Buffer.from(bytesOf(item)) : `${toJson(item as Json)}\n`);
  const finish = () => {
    if (stream.closed) response.end();
    else stream.changed.add(finish);
  };
  (stream as Stream<JsonObject | string>).each(write);
  finish();
  response.on("close", () => stream.close());
}
