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
  /** A body that goes on: watch events as objects, logs as text. Closing it tells the server that the client left. */
  readonly stream?: Stream<JsonObject> | Stream<string> | undefined;
  /** The connection itself, after an upgrade: exec, attach, port-forward. */
  readonly session?: RemoteSession | undefined;
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
