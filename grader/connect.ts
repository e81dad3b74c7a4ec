import type { HttpResponse } from "../src/base/http.ts";
import { toJson } from "../src/base/json.ts";
import type { Machine } from "../src/machine/machine.ts";

/** How an attempt to connect went: an HTTP answer, a mere open port, or why not. */
export type Reached =
  | { readonly status: number; readonly body: string }
  | { readonly open: true }
  | { readonly failed: string };

/** http://host:port/path or host:port taken apart. */
export function parseTarget(
  word: string,
): { http: boolean; tls: boolean; host: string; port: number; path: string } | undefined {
  const url = /^(?:(https?):\/\/)?([^/:\s]+)(?::(\d+))?(\/\S*)?$/.exec(word);
  if (!url?.[2]) return undefined;
  const [, scheme, host, port, path = "/"] = url;
  if (scheme === undefined && (port === undefined || url[4] !== undefined)) return undefined;
  return {
    http: scheme !== undefined,
    tls: scheme === "https",
    host,
    port: Number(port ?? (scheme === "https" ? 443 : 80)),
    path,
  };
}

/** Connects from a host or container as a program there would: by its resolver, its routes, its policies. */
export function connectFrom(from: Machine, word: string): Reached {
  const target = parseTarget(word);
  if (!target) return { failed: `${word} is no address` };
  const { host, port, path } = target;
  const resolved = from.network.resolve(from, host);
  if ("failed" in resolved) return { failed: `${host} does not resolve: ${resolved.because}` };
  const dialled = from.network.dial(from, resolved.addresses[0] ?? "", port);
  if ("failed" in dialled) {
    const words = { refused: "connection refused", timeout: "connection timed out", unreachable: "no route" };
    return { failed: `${words[dialled.failed]}: ${dialled.because}` };
  }
  if (!target.http) return { open: true };
  const { listener } = dialled;
  if (!listener.http) return { failed: `${host}:${port} does not speak HTTP` };
  if (target.tls !== (listener.tls !== undefined))
    return { failed: `${host}:${port} ${target.tls ? "does not speak TLS" : "speaks TLS, not plain HTTP"}` };
  const headers = {
    host: port === 80 || port === 443 ? host : `${host}:${port}`,
    "user-agent": "cka-lab",
    accept: "*/*",
  };
  const response = listener.http({ method: "GET", path, headers, from: from.net.addresses[0] ?? "127.0.0.1" });
  return { status: response.status, body: bodyOf(response) };
}

function bodyOf({ body, stream }: HttpResponse): string {
  if (stream) {
    let text = "";
    for (let item = stream.take(); item !== undefined; item = stream.take())
      text += typeof item === "string" ? item : toJson(item);
    stream.close();
    return text;
  }
  return body === undefined || typeof body === "string" ? (body ?? "") : toJson(body);
}
