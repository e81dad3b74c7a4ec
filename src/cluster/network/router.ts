import type { DnsQuestion, DnsReply, Network } from "../../machine/define-network.ts";
import { createFiles } from "../../machine/files/create-files.ts";
import type { Kernel } from "../../machine/kernel.ts";
import { Machine } from "../../machine/machine.ts";
import { emptyReply } from "./dns/reply.ts";

/** Where the hosts' network ends, and which name server their /etc/resolv.conf names. */
export const ROUTER_ADDRESS = "192.168.56.1";

/** How the root zone denies a name (its SOA record). */
const DENIED = "a.root-servers.net. nstld.verisign-grs.com. 2026010100 1800 900 604800 86400";

/** The world has no outside: to its name server no name exists. */
function answer({ class: kind }: DnsQuestion): DnsReply {
  if (kind === "CH") return emptyReply("REFUSED", { recursive: true });
  return emptyReply("NXDOMAIN", {
    recursive: true,
    authority: [{ name: ".", type: "SOA", ttl: 86400, data: DENIED }],
  });
}

/** The router of the hosts' network, which is their name server, too. */
export function makeRouter(kernel: Kernel, network: Network): Machine {
  const machine = new Machine({
    kernel,
    name: "router",
    files: () => createFiles(kernel),
    programs: new Map(),
    network,
    net: [ROUTER_ADDRESS],
  });
  const proc = machine.start({
    argv: ["dnsmasq"],
    fds: new Map(),
    *body(own) {
      for (;;) yield* own.wait({ on: [] });
    },
  });
  for (const protocol of ["UDP", "TCP"] as const)
    machine.listen({ proc, address: "0.0.0.0", port: 53, protocol, dns: answer });
  return machine;
}
