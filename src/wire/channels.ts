import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { RemoteSession } from "../base/http.ts";
import { bytesOf, textOf } from "../base/text-bytes.ts";

/** The protocols of exec and attach that are spoken here, newest first (k8s.io/apimachinery remotecommand, 1.35). */
const protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];
const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

const server = new WebSocketServer({
  noServer: true,
  handleProtocols: (offered) => protocols.find((name) => offered.has(name)) ?? false,
});

/** Whether the client offers a protocol that is spoken here, or leaves the choice to the server. */
export function speaksChannels({ headers }: IncomingMessage): boolean {
  const offered = headers["sec-websocket-protocol"];
  return offered === undefined || offered.split(",").some((name) => protocols.includes(name.trim()));
}

/** Carries an exec or attach session over a WebSocket: the first byte of a message is its channel. */
export function acceptChannels(message: IncomingMessage, socket: Duplex, head: Buffer, session: RemoteSession): void {
  server.handleUpgrade(message, socket, head, (ws) => connect(ws, session));
}

function connect(ws: WebSocket, session: RemoteSession): void {
  const send = (channel: number, bytes: Uint8Array) => ws.send(Buffer.concat([Buffer.of(channel), bytes]));
  session.output.each(({ channel, text }) => send(CHANNEL[channel], bytesOf(text)));
  session.ended.each((status) => {
    send(CHANNEL.error, Buffer.from(JSON.stringify(status)));
    ws.close(1000);
  });
  ws.on("message", (data: Buffer) => {
    const bytes = Buffer.isBuffer(data) ? data : Buffer.from(data as ArrayBuffer);
    const channel = bytes[0];
    const rest = bytes.subarray(1);
    if (channel === CHANNEL.stdin) session.input(textOf(rest));
    else if (channel === CHANNEL.close && rest[0] === CHANNEL.stdin) session.input(undefined);
    else if (channel === CHANNEL.resize) resize(session, rest.toString("utf8"));
  });
  ws.on("close", () => session.close());
  ws.on("error", () => session.close());
}

function resize(session: RemoteSession, text: string): void {
  const size = /"Width":(\d+),"Height":(\d+)/.exec(text);
  if (size) session.resize(Number(size[1]), Number(size[2]));
}
