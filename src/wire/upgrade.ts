import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { HttpResponse, PortTunnel } from "../base/http.ts";
import { acceptChannels, speaksChannels } from "./channels.ts";
import { carryPorts } from "./port-forward.ts";
import { carrySession, spdySessionProtocol } from "./session-streams.ts";
import { SpdyConnection } from "./spdy/connection.ts";

/** SPDY frames inside the messages of a WebSocket (KEP 4006, client-go tools/portforward/tunneling_dialer.go, 1.31). */
const TUNNEL = "SPDY/3.1+portforward.k8s.io";
const FORWARD = "portforward.k8s.io";

const tunnels = new WebSocketServer({ noServer: true, handleProtocols: () => TUNNEL });

function offered({ headers }: IncomingMessage, name: string): readonly string[] {
  const value = headers[name];
  const text = Array.isArray(value) ? value.join(",") : (value ?? "");
  return text.split(",").map((word) => word.trim());
}

/** Gives the connection to a session that was answered, in the protocol that the client asks for. */
export function acceptUpgrade(
  message: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  { session, tunnel }: HttpResponse,
  catchUp: () => void,
): void {
  const isSpdy = (message.headers.upgrade ?? "").toLowerCase() === "spdy/3.1";
  if (session && isSpdy) {
    const protocol = spdySessionProtocol(offered(message, "x-stream-protocol-version"));
    if (protocol) {
      carrySession(
        overSocket(socket, head, protocol),
        session,
        new URL(message.url ?? "/", "http://server").searchParams,
      );
      return;
    }
  } else if (session && speaksChannels(message)) {
    acceptChannels(message, socket, head, session);
    return;
  } else if (tunnel && isSpdy && offered(message, "x-stream-protocol-version").includes(FORWARD)) {
    carryPorts(overSocket(socket, head, FORWARD), tunnel, catchUp);
    return;
  } else if (tunnel && offered(message, "sec-websocket-protocol").includes(TUNNEL)) {
    overMessages(message, socket, head, tunnel, catchUp);
    return;
  }
  session?.close();
  tunnel?.close();
  socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n");
}

function overSocket(socket: Duplex, head: Buffer, protocol: string): SpdyConnection {
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${protocol}\r\n\r\n`,
  );
  const connection = new SpdyConnection({ write: (bytes) => void socket.write(bytes), close: () => socket.end() });
  // Streams must find their taker before they come.
  queueMicrotask(() => {
    if (head.length > 0) connection.receive(head);
    socket.on("data", (bytes: Buffer) => connection.receive(bytes));
  });
  socket.on("close", () => connection.close());
  socket.on("error", () => connection.close());
  return connection;
}

function overMessages(
  message: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  tunnel: PortTunnel,
  catchUp: () => void,
): void {
  tunnels.handleUpgrade(message, socket, head, (ws) => {
    const connection = new SpdyConnection({ write: (bytes) => ws.send(bytes), close: () => ws.close(1000) });
    carryPorts(connection, tunnel, catchUp);
    ws.on("message", (data: Buffer) => connection.receive(data));
    const gone = () => {
      connection.close();
      tunnel.close();
    };
    ws.on("close", gone);
    ws.on("error", gone);
  });
}
