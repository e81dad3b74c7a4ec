import type { PortTunnel } from "../base/http.ts";
import { openBytes } from "../base/http-bytes.ts";
import { bytesOf } from "../base/text-bytes.ts";
import type { SpdyConnection, SpdyStream } from "./spdy/connection.ts";

/**
 * Carries the connections of a port-forward: for each a pair of streams of one request id, `error` for why it failed and
 * `data` for its bytes (kubelet pkg/cri/streaming/portforward/httpstream.go, 1.35). `catchUp` brings the world up to now.
 */
export function carryPorts(connection: SpdyConnection, tunnel: PortTunnel, catchUp: () => void): void {
  const waiting = new Map<string, SpdyStream>();
  connection.onStream = (stream) => {
    const id = stream.headers.get("requestid") ?? "";
    const other = waiting.get(id);
    if (!other) {
      waiting.set(id, stream);
      return;
    }
    waiting.delete(id);
    const isData = stream.headers.get("streamtype") === "data";
    catchUp();
    carryOne(tunnel, isData ? stream : other, isData ? other : stream, catchUp);
  };
}

function carryOne(tunnel: PortTunnel, data: SpdyStream, errors: SpdyStream, catchUp: () => void): void {
  const end = () => {
    data.end();
    errors.end();
  };
  const found = tunnel.connect(Number(data.headers.get("port")));
  if ("failed" in found) {
    errors.write(bytesOf(found.failed));
    end();
    return;
  }
  if (found.tls) {
    errors.write(bytesOf("TLS through a port-forward to a client outside the simulated world is not simulated"));
    end();
    return;
  }
  const bytes = openBytes(found, { write: (part) => data.write(part), end });
  data.listen((part) => {
    catchUp();
    if (part) bytes.receive(part);
    else bytes.end();
  });
}
