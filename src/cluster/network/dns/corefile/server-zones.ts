import { absolute, isName, zonesOf } from "../names.ts";
import { CorefileFault } from "./dispenser.ts";
import type { ServerBlock } from "./parse-corefile.ts";

/** What a key of a server block says: for which zone, by which way, on which port. */
export interface ServerZone {
  readonly transport: string;
  readonly zone: string;
  readonly port: number;
}

const ports: Readonly<Record<string, number>> = { dns: 53, tls: 853, quic: 853, grpc: 443, https: 443 };

/** The zones of the server blocks, one list a block. Throws CorefileFault (core/dnsserver register.go, CoreDNS 1.13). */
export function serverZones(blocks: readonly ServerBlock[]): ServerZone[][] {
  return blocks.map(({ keys }) => keys.flatMap(zonesOfKey));
}

function zonesOfKey(key: string): ServerZone[] {
  const scheme = /^([a-z0-9]+):\/\//.exec(key)?.[1];
  const transport = scheme !== undefined && ports[scheme] !== undefined ? scheme : "dns";
  const rest = scheme === transport ? key.slice(scheme.length + 3) : key;
  const found = /^(.*):(\d+)$/.exec(rest);
  const host = found ? (found[1] ?? "") : rest;
  if (rest.endsWith(":"))
    throw new CorefileFault(`error inspecting server blocks: expecting data after last colon: "${rest}"`);
  if (host !== "" && !isName(host))
    throw new CorefileFault(`error inspecting server blocks: zone is not a valid domain name: ${host}`);
  const port = found ? Number(found[2]) : (ports[transport] ?? 53);
  return (host === "" ? ["."] : zonesOf(host)).map((zone) => ({ transport, zone: absolute(zone), port }));
}

/** What is wrong with the zones and ports taken together. */
export function checkServers(all: readonly ServerZone[]): void {
  const seen = new Set<string>();
  for (const { transport, zone, port } of all) {
    if (port > 65535) throw new CorefileFault(`address ${port}: invalid port`);
    const name = `${transport}://${zone}:${port}`;
    if (seen.has(name)) throw new CorefileFault(`cannot serve ${name} - it is already defined`);
    seen.add(name);
  }
}
