import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { HttpRequest, HttpResponse } from "../base/http.ts";
import { pemOf } from "../base/x509/pem.ts";
import { respond } from "./respond.ts";
import { acceptUpgrade } from "./upgrade.ts";

/** What answers, and with what certificates. PEM texts. */
export interface ApiEndpoint {
  readonly certificate: string;
  readonly key: string;
  readonly clientAuthority: string;
  /** Brings the world up to now; called before every request. */
  catchUp(): void;
  handle(request: HttpRequest): HttpResponse;
}

/** The largest body an API server takes (3 MiB, apiserver MaxRequestBodyBytes). */
const LARGEST_BODY = 3 * 1024 * 1024;

/** The API of a world over HTTPS on 127.0.0.1. Rejects with a system error (EADDRINUSE) where the port is taken. */
export async function startApiServer(
  endpoint: ApiEndpoint,
  port: number,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer({
    cert: endpoint.certificate,
    key: endpoint.key,
    ca: endpoint.clientAuthority,
    requestCert: true,
    rejectUnauthorized: false,
    // Upgrades need HTTP/1.1; kubectl is content with it.
    ALPNProtocols: ["http/1.1"],
  });
  server.keepAliveTimeout = 60_000;
  server.requestTimeout = 0;
  server.on("request", (message, response) => void serve(endpoint, message, response));
  const sessions = new Set<Duplex>();
  server.on("upgrade", (message, socket, head) => {
    sessions.add(socket);
    socket.on("close", () => sessions.delete(socket));
    upgrade(endpoint, message, socket, head);
  });
  server.listen(port, "127.0.0.1");
  await Promise.race([once(server, "listening"), once(server, "error").then(([error]) => Promise.reject(error))]);
  return { port: (server.address() as AddressInfo).port, close: () => close(server, sessions) };
}

function close(server: Server, sessions: ReadonlySet<Duplex>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
    // Upgraded connections are no longer the server's own.
    for (const socket of sessions) socket.destroy();
  });
}

async function serve(endpoint: ApiEndpoint, message: IncomingMessage, response: ServerResponse): Promise<void> {
  let body: Buffer | undefined;
  try {
    body = await bodyOf(message);
  } catch {
    // The client has left before it had sent everything.
    response.destroy();
    return;
  }
  if (body === undefined) {
    response.writeHead(413, { "content-type": "text/plain" }).end("Request entity too large: limit is 3145728\n");
    return;
  }
  try {
    endpoint.catchUp();
    respond(endpoint.handle(requestOf(message, body)), response);
  } catch (error) {
    // A fault of the simulator: told to the client in the API's words, and to whoever runs the server in full.
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    const status = {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      reason: "InternalError",
      code: 500,
      message: `Internal error occurred: ${error instanceof Error ? error.message : error}`,
    };
    if (!response.headersSent) response.writeHead(500, { "content-type": "application/json" });
    response.end(JSON.stringify(status));
  }
}

function upgrade(endpoint: ApiEndpoint, message: IncomingMessage, socket: Duplex, head: Buffer): void {
  endpoint.catchUp();
  const answer = endpoint.handle(requestOf(message, Buffer.alloc(0)));
  if (answer.session || answer.tunnel) acceptUpgrade(message, socket, head, answer, () => endpoint.catchUp());
  else {
    const text = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body ?? {});
    const type = answer.headers["content-type"] ?? "application/json";
    socket.end(
      `HTTP/1.1 ${answer.status} \r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
    );
  }
}

async function bodyOf(message: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of message) {
    size += (part as Buffer).length;
    if (size > LARGEST_BODY) return undefined;
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}

function requestOf(message: IncomingMessage, body: Buffer): HttpRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  const isProtobuf = headers["content-type"]?.startsWith("application/vnd.kubernetes.protobuf");
  const raw = (message.socket as TLSSocket).getPeerCertificate?.()?.raw;
  return {
    method: message.method ?? "GET",
    path: message.url ?? "/",
    headers,
    from: message.socket.remoteAddress,
    ...(body.length === 0 ? {} : { body: isProtobuf ? new Uint8Array(body) : body.toString("utf8") }),
    ...(raw ? { clientCertificate: pemOf("CERTIFICATE", raw) } : {}),
  };
}
