import type { IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import type { HttpResponse, RemoteSession } from "../../base/http.ts";
import type { JsonObject } from "../../base/json.ts";
import { Stream } from "../../base/stream.ts";
import { bytesOf, textOf } from "../../base/text-bytes.ts";
import { CharacterDecoder } from "../real/character-decoder.ts";
import type { Sending } from "./send-http.ts";
import { wireHeaders } from "./wire-headers.ts";

const PROTOCOL = "v5.channel.k8s.io";
const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;
/** How much of stdin goes into one message (kubectl copies in pieces of 32 KiB). */
const PIECE = 32 * 1024;

/** Opens exec or attach: a WebSocket whose messages begin with the number of a channel (client-go remotecommand, 1.33). */
export function openSession(
  { server, connector, request, notify, signal }: Sending,
  done: (answer: HttpResponse | Error) => void,
): void {
  const host = server.name.includes(":") ? `[${server.name}]` : server.name;
  const { accept: _unused, ...headers } = request.headers;
  const socket = new WebSocket(`${server.tls ? "wss" : "ws"}://${host}:${server.port}${request.path}`, PROTOCOL, {
    agent: connector.agent,
    headers: wireHeaders(headers),
    perMessageDeflate: false,
  });
  signal.addEventListener("abort", () => socket.terminate());
  socket.on("error", done);
  socket.on("unexpected-response", (_request, message: IncomingMessage) => refuse(message, done));
  let upgraded: Readonly<Record<string, string>> = {};
  socket.on("upgrade", ({ headers: own }: IncomingMessage) => {
    upgraded = Object.fromEntries(Object.entries(own).map(([name, value]) => [name, String(value ?? "")]));
  });
  const session = sessionOver(socket, notify);
  socket.on("open", () => done({ status: 101, headers: upgraded, session }));
}

/** An HTTP answer instead of an upgrade: it says why not. */
function refuse(message: IncomingMessage, done: (answer: HttpResponse) => void): void {
  const parts: Buffer[] = [];
  const type = message.headers["content-type"];
  message.on("data", (part: Buffer) => parts.push(part));
  message.on("end", () =>
    done({
      status: message.statusCode ?? 0,
      headers: type === undefined ? {} : { "content-type": type },
      body: textOf(Buffer.concat(parts)),
    }),
  );
}

function sessionOver(socket: WebSocket, notify: () => void): RemoteSession {
  const output: RemoteSession["output"] = new Stream();
  const ended = new Stream<JsonObject>();
  const decoders = { stdout: new CharacterDecoder(), stderr: new CharacterDecoder() };
  const send = (channel: number, bytes: Uint8Array) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(Buffer.concat([Buffer.of(channel), bytes]));
  };
  const print = (channel: "stdout" | "stderr", text: string) => {
    if (text !== "") output.push({ channel, text });
  };
  socket.on("message", (data: Buffer) => {
    const rest = data.subarray(1);
    if (data[0] === CHANNEL.stdout) print("stdout", decoders.stdout.push(rest));
    else if (data[0] === CHANNEL.stderr) print("stderr", decoders.stderr.push(rest));
    else if (data[0] === CHANNEL.error && rest.length > 0) ended.push(statusIn(rest.toString("utf8")));
    notify();
  });
  socket.on("close", () => {
    for (const channel of ["stdout", "stderr"] as const) print(channel, decoders[channel].end());
    output.close();
    ended.close();
    notify();
  });
  return {
    input(text) {
      if (text === undefined) send(CHANNEL.close, Uint8Array.of(CHANNEL.stdin));
      else {
        const bytes = bytesOf(text);
        for (let from = 0; from < bytes.length; from += PIECE) send(CHANNEL.stdin, bytes.subarray(from, from + PIECE));
      }
    },
    resize(columns, rows) {
      send(CHANNEL.resize, Buffer.from(`${JSON.stringify({ Width: columns, Height: rows })}\n`));
    },
    output,
    ended,
    close() {
      if (socket.readyState === WebSocket.OPEN) socket.close(1000);
      else socket.terminate();
    },
  };
}

/** The Status that ends a session; a server may also say why in plain words. */
function statusIn(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return { status: "Failure", message: text };
  }
}
