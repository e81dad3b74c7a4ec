import type { JsonObject } from "../../base/json.ts";

/** kubectl's warning where client and server are more than one minor version apart; undefined where they are not. */
export function versionSkew(client: JsonObject, server: JsonObject): string | undefined {
  const minor = (info: JsonObject) => Number(/^\d+/.exec(String(info.minor ?? ""))?.[0] ?? 0);
  const major = (info: JsonObject) => Number(/^\d+/.exec(String(info.major ?? ""))?.[0] ?? 0);
  if (major(client) === major(server) && Math.abs(minor(client) - minor(server)) <= 1) return undefined;
  const shown = (info: JsonObject) => `${major(info)}.${minor(info)}`;
  return `WARNING: version difference between client (${shown(client)}) and server (${shown(server)}) exceeds the supported minor version skew of +/-1`;
}
