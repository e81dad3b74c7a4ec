import { type ClientRequest, type IncomingMessage, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import type { HttpRequest, HttpResponse } from "../../base/http.ts";
import { type Json, type JsonObject, parseJson, toJson } from "../../base/json.ts";
import { Stream } from "../../base/stream.ts";
import { bytesOf, textOf } from "../../base/text-bytes.ts";
import type { OutsideServer } from "../../machine/define-network.ts";
import { CharacterDecoder } from "../real/character-decoder.ts";
import type { Connector } from "./connector.ts";
import { wireHeaders } from "./wire-headers.ts";

/** A request on its way out. */
export interface Sending {
  readonly server: OutsideServer;
  readonly connector: Connector;
  readonly request: HttpRequest;
  readonly notify: () => void;
  /** Breaks it off. */
  readonly signal: AbortSignal;
}

/** Sends a request over HTTP/1.1. A watch and a log that is followed are answered at once, with a stream. */
export function sendHttp(sending: Sending, done: (answer: HttpResponse | Error) => void): void {
  const { server, connector, request, signal } = sending;
  const { path, method, body } = request;
  const bytes = body === undefined || body instanceof Uint8Array ? body : bytesOf(textIn(body));
  const headers = wireHeaders(request.headers);
  if (bytes !== undefined) headers["content-length"] = String(bytes.length);
  const { name: host, port } = server;
  const send = server.tls ? tlsRequest : plainRequest;
  const outgoing = send({ host, port, method, path, headers, agent: connector.agent, signal }, (message) =>
    receive(sending, outgoing, message, done),
  );
  outgoing.on("error", done);
  outgoing.end(bytes);
}

function textIn(body: Json | readonly JsonObject[]): string {
  return typeof body === "string" ? body : toJson(body as Json);
}

function receive(
  { request, notify }: Sending,
  outgoing: ClientRequest,
  message: IncomingMessage,
  done: (answer: HttpResponse | Error) => void,
): void {
  const status = message.statusCode ?? 0;
  const answer = { status, headers: headersOf(message) };
  if (status < 400 && /[?&](watch|follow)=true(&|$)/.test(request.path)) {
    const isWatch = /[?&]watch=true/.test(request.path);
    done({ ...answer, stream: isWatch ? eventsOf(outgoing, message, notify) : logOf(outgoing, message, notify) });
    return;
  }
  const parts: Buffer[] = [];
  message.on("data", (part: Buffer) => parts.push(part));
  message.on("error", done);
  message.on("end", () => done({ ...answer, body: textOf(Buffer.concat(parts)) }));
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const own = Object.entries(headers).map(([name, value]) => [name, String(value ?? "")] as const);
  return Object.fromEntries(own);
}

/** The chunks of a log. */
function logOf(outgoing: ClientRequest, message: IncomingMessage, notify: () => void): Stream<string> {
  const stream = new Stream<string>(() => outgoing.destroy());
  const decoder = new CharacterDecoder();
  message.on("data", (part: Buffer) => {
    stream.push(decoder.push(part));
    notify();
  });
  ending(stream, message, notify, () => {
    const rest = decoder.end();
    if (rest !== "") stream.push(rest);
  });
  return stream;
}

/** The events of a watch: an object on each line. */
function eventsOf(outgoing: ClientRequest, message: IncomingMessage, notify: () => void): Stream<JsonObject> {
  const stream = new Stream<JsonObject>(() => outgoing.destroy());
  const decoder = new CharacterDecoder();
  let rest = "";
  message.on("data", (part: Buffer) => {
    const lines = (rest + decoder.push(part)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") stream.push(parseJson(line) as JsonObject);
    notify();
  });
  ending(stream, message, notify, () => {});
  return stream;
}

function ending<T>(stream: Stream<T>, message: IncomingMessage, notify: () => void, last: () => void): void {
  const end = () => {
    if (stream.closed) return;
    last();
    stream.close();
    notify();
  };
  message.on("end", end);
  message.on("close", end);
  message.on("error", end);
}
