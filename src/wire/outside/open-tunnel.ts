import { type IncomingMessage, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { createServer, type Server, type Socket } from "node:net";
import type { HttpResponse, OutsidePortEvent, OutsideTunnel } from "../../base/http.ts";
import { Stream } from "../../base/stream.ts";
import { textOf } from "../../base/text-bytes.ts";
import type { Sending } from "./send-http.ts";
import { SpdyClient } from "./spdy-client.ts";
import { wireHeaders } from "./wire-headers.ts";

/** Opens a port-forward: SPDY/3.1 over an upgraded connection, a pair of streams for each local one (client-go, 1.33). */
export function openTunnel(sending: Sending, done: (answer: HttpResponse | Error) => void): void {
  const { server, connector, request, notify, signal } = sending;
  const send = server.tls ? tlsRequest : plainRequest;
  const outgoing = send({
    host: server.name,
    port: server.port,
    method: "POST",
    path: request.path,
    agent: connector.agent,
    signal,
    headers: {
      ...wireHeaders(request.headers),
      connection: "Upgrade",
      upgrade: "SPDY/3.1",
      "x-stream-protocol-version": "portforward.k8s.io",
      "content-length": "0",
    },
  });
  outgoing.on("error", done);
  outgoing.on("response", (message) => refuse(message, done));
  outgoing.on("upgrade", (message, socket: Socket, head) => {
    const outsideTunnel = new Tunnel(socket, head, notify);
    done({ status: message.statusCode ?? 101, headers: {}, outsideTunnel });
  });
  outgoing.end();
}

function refuse(message: IncomingMessage, done: (answer: HttpResponse) => void): void {
  const parts: Buffer[] = [];
  message.on("data", (part: Buffer) => parts.push(part));
  message.on("end", () => done({ status: message.statusCode ?? 0, headers: {}, body: textOf(Buffer.concat(parts)) }));
}

class Tunnel implements OutsideTunnel {
  readonly events = new Stream<OutsidePortEvent>();
  private readonly client: SpdyClient;
  private readonly servers: Server[] = [];
  private readonly notify: () => void;
  private count = 0;

  constructor(socket: Socket, head: Buffer, notify: () => void) {
    this.notify = notify;
    this.client = new SpdyClient({ write: (bytes) => void socket.write(bytes), close: () => socket.destroy() });
    this.client.onClose = () => this.tell({ type: "lost" });
    socket.on("data", (bytes) => this.client.receive(bytes));
    socket.on("error", () => this.client.close());
    socket.on("close", () => this.client.close());
    if (head.length > 0) this.client.receive(head);
  }

  listen(address: string, port: number, remote: number): void {
    const server = createServer({ allowHalfOpen: true }, (local) => this.carry(local, remote));
    this.servers.push(server);
    server.once("error", ({ code = "" }: NodeJS.ErrnoException) => this.tell({ type: "failed", code }));
    server.listen({ host: address, port, ipv6Only: true }, () =>
      this.tell({ type: "listening", port: (server.address() as { port: number }).port }),
    );
  }

  close(): void {
    for (const server of this.servers) server.close();
    this.client.close();
  }

  private tell(event: OutsidePortEvent): void {
    this.events.push(event);
    this.notify();
  }

  /** One local connection: a stream that tells what went wrong, and one for the bytes. */
  private carry(local: Socket, remote: number): void {
    const port = local.localPort ?? 0;
    this.tell({ type: "handling", port });
    const headers = (streamtype: string) =>
      new Map([
        ["streamtype", streamtype],
        ["port", String(remote)],
        ["requestid", String(this.count)],
      ]);
    let message = "";
    this.client
      .open(headers("error"), (bytes) => {
        if (bytes) message += bytes.toString("utf8");
        else if (message !== "") {
          this.tell({ type: "error", port, remote, message });
          local.destroy();
        }
      })
      .end();
    const data = this.client.open(headers("data"), (bytes) => {
      if (bytes) local.write(bytes);
      else local.end();
    });
    this.count++;
    local.on("data", (bytes) => data.write(bytes));
    local.on("end", () => data.end());
    local.on("error", () => data.end());
  }
}
