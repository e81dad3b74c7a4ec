import { configurationHash } from "./corefile/configuration-hash.ts";
import type { ServerBlock } from "./corefile/parse-corefile.ts";
import type { Instance } from "./instance.ts";

/** What CoreDNS says when it listens: a line for each zone and port. */
export function zoneLines({ servers, shared }: Instance): string[] {
  const on = shared.binds.length > 0 ? shared.binds.map((address) => ` on ${address}`) : [""];
  return servers.flatMap(({ transport, port, zones }) => {
    const scheme = transport === "dns" ? "" : `${transport}://`;
    return on.flatMap((where) => zones.map((zone) => `${odd(zone)}${scheme}${zone}:${port}${where}\n`));
  });
}

function odd(zone: string): string {
  if (zone === "." || /^([a-z0-9_*-]+\.)+$/.test(zone)) return "";
  return `Warning: Domain "${zone}" does not follow RFC1035 preferred syntax\n`;
}

/** What the reload plugin says of a configuration that runs. */
export function hashLine(blocks: readonly ServerBlock[]): string {
  return `[INFO] plugin/reload: Running configuration SHA512 = ${configurationHash(blocks)}\n`;
}
