import { ipVersion } from "../../../base/cidr.ts";
import type { Task } from "../../../machine/define.ts";
import { CurlFault, remark, type Settings, type Talk } from "./define.ts";

/** Where a connection for a host and port goes. */
interface Destination {
  readonly host: string;
  readonly port: number;
  readonly isOther: boolean;
}

/** Where --connect-to leads for a host and port; the host and port themselves where it says nothing of them. */
export function* destination(talk: Talk, host: string, port: number): Task<Destination> {
  for (const [, entry] of talk.settings.all("connect-to")) {
    const found = /^(\[[^\]]*\]|[^:]*):(\d*):(\[[^\]]*\]|[^:]*):(\d*)$/.exec(entry);
    if (!found) continue;
    const [, from = "", fromPort = "", to = "", toPort = ""] = found;
    const bare = (name: string) => name.replace(/^\[|\]$/g, "");
    if ((from !== "" && bare(from) !== host) || (fromPort !== "" && Number(fromPort) !== port)) continue;
    if (to !== "") yield* remark(talk, `* Connecting to hostname: ${bare(to)}`);
    if (toPort !== "") yield* remark(talk, `* Connecting to port: ${toPort}`);
    return { host: to === "" ? host : bare(to), port: toPort === "" ? port : Number(toPort), isOther: true };
  }
  return { host, port, isOther: false };
}

/** The family that -4 or -6 asks for. */
export function familyOf(settings: Settings): 4 | 6 | undefined {
  if (settings.has("ipv6")) return 6;
  return settings.has("ipv4") ? 4 : undefined;
}

/** Whether -4 or -6 rules an address out. */
export function isOfOther(settings: Settings, address: string): boolean {
  const only = familyOf(settings);
  return only !== undefined && only !== ipVersion(address);
}

/** What --resolve says of a host and port; said once that it is known, at the first request. */
export function* pinned(talk: Talk, host: string, port: number, first: boolean): Task<string | undefined> {
  let address: string | undefined;
  for (const [, entry] of talk.settings.all("resolve")) {
    const found = /^\+?([^:]+):(\d+):\[?([^\],]+)/.exec(entry);
    if (!found) throw new CurlFault(49, `Couldn't parse CURLOPT_RESOLVE entry '${entry}'!`);
    if (first) yield* remark(talk, `* Added ${found[1]}:${found[2]}:${found[3]} to DNS cache`);
    if ((found[1] === host || found[1] === "*") && Number(found[2]) === port) address = found[3];
  }
  if (address !== undefined) yield* remark(talk, `* Hostname ${host} was found in DNS cache`);
  return address;
}
