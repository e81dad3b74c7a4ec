import type { JsonObject } from "./json.ts";
import type { Stream } from "./stream.ts";

/** A request as any program of the world sends it, and as the HTTPS server of `cka-lab serve` hands it on. */
export interface HttpRequest {
  readonly method: string;
  /** With the query: /api/v1/pods?limit=500 */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** In-process callers hand over objects as they are (the server owns them from then on); the wire hands over text or bytes. */
  readonly body?: JsonObject | readonly JsonObject[] | string | Uint8Array | undefined;
  /**
   * The client certificate shown on a TLS connection, PEM; or, inside the world, what would make the file that holds it,
   * where nobody has looked into that yet: whoever made it knows what it certifies.
   */
  readonly clientCertificate?: string | (() => string) | undefined;
  /** The address the request comes from. */
  readonly from?: string | undefined;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** An object (frozen, shared with the store) or text. */
  readonly body?: JsonObject | string | undefined;
  /** How long the server takes until it answers, in seconds of the world: a proxy whose upstream is silent. Nothing where left out. */
  readonly after?: number | undefined;
  /** A body that goes on: watch events as objects, logs as text. Closing it tells the server that the client left. */
  readonly stream?: Stream<JsonObject> | Stream<string> | undefined;
  /** The connection itself, after an upgrade: exec, attach. */
  readonly session?: RemoteSession | undefined;
  /** The connection itself, after an upgrade to port-forward. */
  readonly tunnel?: PortTunnel | undefined;
  /** The same, where the server is outside the simulation. */
  readonly outsideTunnel?: OutsideTunnel | undefined;
}

/** A way to the ports of a pod: what port-forward opens, and what each local connection asks. */
export interface PortTunnel {
  /** Who listens on a port of the pod; where nobody does, the container runtime's words. */
  connect(port: number): TunnelEnd | { readonly failed: string };
  close(): void;
}

/** A way to the ports of a pod of a real cluster: the local ports are the real machine's, and bytes go through unseen. */
export interface OutsideTunnel {
  /** Listens on an address of the real machine; port 0 takes a free one. An event tells what came of it. */
  listen(address: string, port: number, remote: number): void;
  readonly events: Stream<OutsidePortEvent>;
  close(): void;
}

export type OutsidePortEvent =
  | { readonly type: "listening"; readonly port: number }
  /** The error's name: EADDRINUSE. */
  | { readonly type: "failed"; readonly code: string }
  | { readonly type: "handling"; readonly port: number }
  | { readonly type: "error"; readonly port: number; readonly remote: number; readonly message: string }
  | { readonly type: "lost" };

/** Where the bytes of a connection go. */
export interface ByteSink {
  write(bytes: Uint8Array): void;
  end(): void;
}

/** A connection as its client holds it. */
export interface ByteConnection {
  receive(bytes: Uint8Array): void;
  /** The client sends no more. */
  end(): void;
}

/** What listens at the far end of a connection. A machine's Listener is one. */
export interface TunnelEnd {
  readonly http?: ((request: HttpRequest) => HttpResponse) | undefined;
  readonly tls?:
    | { readonly certificate: (serverName?: string) => string; readonly unmade?: () => (() => string) | undefined }
    | undefined;
  readonly banner?: string | undefined;
  /** Takes the connection as bytes by itself. */
  readonly bytes?: ((from: string, out: ByteSink) => ByteConnection) | undefined;
  /** The thing itself, for clients in the same world. */
  readonly direct?: object | undefined;
}

/** An exec or attach session: input to a process in a container, its output, and how it ended. */
export interface RemoteSession {
  /** Text for the process' stdin; undefined closes it. */
  input(text: string | undefined): void;
  resize(columns: number, rows: number): void;
  readonly output: Stream<{ readonly channel: "stdout" | "stderr"; readonly text: string }>;
  /** The Status object that ends the session; one item. */
  readonly ended: Stream<JsonObject>;
  close(): void;
}
