import { ipVersion } from "../../../base/cidr.ts";
import type { Machine } from "../../../machine/machine.ts";
import { SERVICE_RULES } from "../services/define.ts";
import type { NodeServices } from "../services/node-services.ts";
import { macOf } from "./addresses.ts";
import { BROADCAST } from "./common.ts";
import type { Link } from "./define.ts";

const NAME = "kube-ipvs0";

/** The dummy link that a kube-proxy of mode ipvs gives all addresses of Services (pkg/proxy/ipvs, 1.35). */
export function serviceLink(host: Machine, index: number): Link | undefined {
  const rules = host.parts.get(SERVICE_RULES) as Partial<NodeServices> | undefined;
  if (rules?.settings?.mode !== "ipvs" || !rules.table) return undefined;
  const all = rules.table.ports.flatMap((port) => [port.clusterIP, ...port.externalIPs, ...port.balancerIPs]);
  const addresses = [...new Set(all)].sort((a, b) => ipVersion(a) - ipVersion(b));
  return {
    index,
    name: NAME,
    type: "ether",
    kind: "dummy",
    mac: macOf(`${NAME} ${host.name}`),
    broadcast: BROADCAST,
    flags: ["BROADCAST", "NOARP"],
    mtu: 1500,
    qdisc: "noop",
    state: "DOWN",
    addresses: addresses.map((address) => ({
      address,
      prefix: ipVersion(address) === 6 ? 128 : 32,
      scope: "global",
    })),
  };
}
