import type { RemoteSession } from "../base/http.ts";
import { bytesOf, textOf } from "../base/text-bytes.ts";
import type { SpdyConnection, SpdyStream } from "./spdy/connection.ts";

/** The protocols of exec and attach over SPDY, newest first: kubectl before 1.30, and where a WebSocket is refused. */
const protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

export function spdySessionProtocol(offered: readonly string[]): string | undefined {
  return protocols.find((name) => offered.includes(name));
}

/** Carries an exec or attach session over SPDY: a stream for each of what the query asks for, and `error` for the end. */
export function carrySession(connection: SpdyConnection, session: RemoteSession, query: URLSearchParams): void {
  const wanted = ["error", ...["stdin", "stdout", "stderr"].filter((name) => query.get(name) === "true")];
  const streams = new Map<string, SpdyStream>();
  let begun = false;
  connection.onStream = (stream) => {
    const type = stream.headers.get("streamtype") ?? "";
    streams.set(type, stream);
    if (type === "stdin") stream.listen((bytes) => session.input(bytes && textOf(bytes)));
    else if (type === "resize") stream.listen((bytes) => bytes && resize(session, bytes.toString("utf8")));
    if (begun || !wanted.every((name) => streams.has(name))) return;
    begun = true;
    session.output.each(({ channel, text }) => streams.get(channel)?.write(bytesOf(text)));
    session.ended.each((status) => {
      streams.get("error")?.write(Buffer.from(JSON.stringify(status)));
      for (const one of streams.values()) one.end();
      // The client closes the connection when it has read everything.
    });
  };
  connection.onClose = () => session.close();
}

function resize(session: RemoteSession, text: string): void {
  const size = /"Width":(\d+),"Height":(\d+)/.exec(text);
  if (size) session.resize(Number(size[1]), Number(size[2]));
}
