import { goValue } from "../../base/go-text.ts";
import { bytesOf } from "../../base/text-bytes.ts";
import type { Handler, Probe } from "../types/pod.ts";

/** A probe on one line (kubectl pkg/describe DescribeProbe, 1.33). */
export function probeText(probe: Probe): string {
  const { initialDelaySeconds = 0, timeoutSeconds = 0, periodSeconds = 0 } = probe;
  const { successThreshold = 0, failureThreshold = 0 } = probe;
  const times = `delay=${initialDelaySeconds}s timeout=${timeoutSeconds}s period=${periodSeconds}s`;
  return `${handlerText(probe)} ${times} #success=${successThreshold} #failure=${failureThreshold}`;
}

function handlerText({ exec, httpGet, tcpSocket, grpc }: Handler): string {
  if (exec) return `exec ${goValue(exec.command ?? [])}`;
  if (httpGet) return `http-get ${urlText(httpGet)}`;
  if (tcpSocket) return `tcp-socket ${tcpSocket.host ?? ""}:${tcpSocket.port}`;
  return grpc ? `grpc <pod>:${grpc.port} ${grpc.service ?? ""}` : "unknown";
}

/** The URL as Go's net/url writes it. */
function urlText({ scheme = "", host = "", port, path = "" }: NonNullable<Handler["httpGet"]>): string {
  const name = host.includes(":") ? `[${host}]` : host;
  const slash = path !== "" && !path.startsWith("/") ? "/" : "";
  return `${scheme ? `${scheme.toLowerCase()}:` : ""}//${name}:${port}${slash}${escapedPath(path)}`;
}

function escapedPath(path: string): string {
  let text = "";
  for (const byte of bytesOf(path)) {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9\-_.~$&+,/:;=@!'()*[\]]/.test(character)) text += character;
    else text += `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return text;
}
