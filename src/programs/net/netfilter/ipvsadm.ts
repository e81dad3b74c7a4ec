import { sameFamily } from "../../../base/cidr.ts";
import { addressTowardsNodes, addressTowardsPods } from "../../../cluster/network/path/places.ts";
import type { NodeServices } from "../../../cluster/network/services/node-services.ts";
import type { Endpoint, ServedPort } from "../../../cluster/network/services/served-port.ts";
import { socket } from "../../../cluster/network/services/served-port.ts";
import type { Program, Task } from "../../../machine/define.ts";
import type { Machine } from "../../../machine/machine.ts";
import type { Process } from "../../../machine/process.ts";
import { isRoot, rulesHost } from "./host-of.ts";
import { proxyOf } from "./tables.ts";

const head = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
`;

/** The addresses of a node at which its node ports answer: all but loopback. */
function nodeAddresses(host: Machine, like: string): readonly string[] {
  const own = host.net.addresses.filter(sameFamily(like));
  const more = [addressTowardsPods(host, like), addressTowardsNodes(host, like)];
  return [...new Set([...own, ...more.filter((address) => address !== undefined)])];
}

function entry(served: ServedPort, address: string, port: number, to: readonly Endpoint[], scheduler: string): string {
  const flags = served.affinity === undefined ? "" : ` persistent ${served.affinity}`;
  const rows = to.map(
    (one) => `  -> ${socket(one.address, one.port).padEnd(28)} Masq    1      0          0         \n`,
  );
  return `${served.protocol.padEnd(4)} ${socket(address, port)} ${scheduler}${flags}\n${rows.join("")}`;
}

/** The virtual servers of mode ipvs (pkg/proxy/ipvs/proxier.go, 1.35). */
function virtualServers(host: Machine, { settings, table }: NodeServices): string {
  const { scheduler } = settings;
  const entries = table.ports.flatMap((served) => {
    const { cluster, local } = table.choice(served);
    const inner = served.internalLocal && local.length > 0 ? local : cluster;
    const outer = served.externalLocal && local.length > 0 ? local : cluster;
    const { nodePort, clusterIP, port, externalIPs, balancerIPs } = served;
    return [
      entry(served, clusterIP, port, inner, scheduler),
      ...[...externalIPs, ...balancerIPs].map((address) => entry(served, address, port, outer, scheduler)),
      ...(nodePort === 0 ? [] : nodeAddresses(host, clusterIP)).map((address) =>
        entry(served, address, nodePort, outer, scheduler),
      ),
    ];
  });
  return entries.sort().join("");
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const letters = argv.filter((word) => /^-[a-zA-Z]/.test(word)).join("");
  const lists = argv.length === 0 || /[Ll]/.test(letters) || argv.includes("--list");
  if (!lists) {
    yield* proc.write(2, "cka-lab: ipvsadm: changing virtual servers is not simulated\n");
    return 1;
  }
  if (!isRoot(proc)) {
    yield* proc.write(
      2,
      "Can't initialize ipvs: Permission denied (you must be root)\nAre you sure that IP Virtual Server is built in the kernel or as module?\n",
    );
    return 255;
  }
  const host = rulesHost(proc);
  const proxy = host && proxyOf(host);
  yield* proc.write(1, head + (host && proxy?.settings.mode === "ipvs" ? virtualServers(host, proxy) : ""));
  return 0;
}

/** ipvsadm: shows the virtual servers of a node whose kube-proxy is in mode ipvs. */
export const ipvsadm: Program = { name: "ipvsadm", folder: "/usr/sbin", run };
