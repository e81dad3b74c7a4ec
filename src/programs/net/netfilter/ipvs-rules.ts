import { ipVersion } from "../../../base/cidr.ts";
import type { NodeServices } from "../../../cluster/network/services/node-services.ts";
import { addressType, append, comment, inSet, type Rule, state, type Table } from "./rules.ts";

const SERVICES = "KUBE-SERVICES";
const MARK = "KUBE-MARK-MASQ";

/** The few rules of mode ipvs: the addresses stand in ipsets, and the kernel's virtual servers do the rest (pkg/proxy/ipvs/proxier.go, 1.35). */
export function ipvsRules(nat: Table, filter: Table, { settings, table }: NodeServices, version: 4 | 6): void {
  const ports = table.ports.filter((port) => port.version === version);
  const name = (set: string): string => (version === 6 ? `KUBE-6-${set}` : `KUBE-${set}`);
  const range = settings.clusterCIDRs.find((one) => ipVersion(one) === version);
  const has = {
    cluster: ports.length > 0,
    balancer: ports.some(({ balancerIPs }) => balancerIPs.length > 0),
    nodePorts: ports.some(({ nodePort }) => nodePort !== 0),
    endpoints: ports.some((port) => table.choice(port).local.length + table.choice(port).cluster.length > 0),
  };
  append(nat, SERVICES, { source: version === 6 ? "::1/128" : "127.0.0.0/8", target: "RETURN" });
  const portRules: Rule[] = has.nodePorts
    ? [
        {
          protocol: "tcp",
          matches: [
            comment("Kubernetes nodeport TCP port for masquerade purpose"),
            inSet(name("NODE-PORT-TCP"), "dst"),
          ],
          target: MARK,
        },
      ]
    : [];
  if (has.endpoints)
    append(nat, "KUBE-POSTROUTING", {
      matches: [
        comment("Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose"),
        inSet(name("LOOP-BACK"), "dst,dst,src"),
      ],
      target: "MASQUERADE",
    });
  if (has.balancer)
    append(nat, SERVICES, {
      matches: [comment("Kubernetes service lb portal"), inSet(name("LOAD-BALANCER"), "dst,dst")],
      target: "KUBE-LOAD-BALANCER",
    });
  append(nat, "KUBE-NODE-PORT", ...portRules);
  if (has.cluster) {
    const matches = [
      comment("Kubernetes service cluster ip + port for masquerade purpose"),
      inSet(name("CLUSTER-IP"), "dst,dst"),
    ];
    if (settings.masqueradeAll) append(nat, SERVICES, { matches, target: MARK });
    else if (range !== undefined) append(nat, SERVICES, { source: range, notSource: true, matches, target: MARK });
  }
  append(nat, SERVICES, { matches: [addressType("dst")], target: "KUBE-NODE-PORT" });
  append(nat, "KUBE-LOAD-BALANCER", { target: MARK });
  if (has.cluster) append(nat, SERVICES, { matches: [inSet(name("CLUSTER-IP"), "dst,dst")], target: "ACCEPT" });
  if (has.balancer) append(nat, SERVICES, { matches: [inSet(name("LOAD-BALANCER"), "dst,dst")], target: "ACCEPT" });
  filterChains(filter, name);
}

/** Ports of the host are not to be reached by addresses of Services. */
function filterChains(filter: Table, name: (set: string) => string): void {
  const chain = "KUBE-IPVS-FILTER";
  for (const set of ["LOAD-BALANCER", "CLUSTER-IP", "EXTERNAL-IP", "EXTERNAL-IP-LOCAL"])
    append(filter, chain, { matches: [inSet(name(set), "dst,dst")], target: "RETURN" });
  append(filter, chain, { matches: [inSet(name("HEALTH-CHECK-NODE-PORT"), "dst")], target: "RETURN" });
  append(filter, chain, {
    matches: [state("NEW"), inSet(name("IPVS-IPS"), "dst")],
    target: "REJECT",
    options: { save: "--reject-with icmp-port-unreachable", list: "reject-with icmp-port-unreachable" },
  });
  append(filter, "KUBE-NODE-PORT", {
    matches: [comment("Kubernetes health check node port"), inSet(name("HEALTH-CHECK-NODE-PORT"), "dst")],
    target: "ACCEPT",
  });
}
