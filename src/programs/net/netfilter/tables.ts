import { ipVersion } from "../../../base/cidr.ts";
import { POD_NETWORK, type PodNetwork } from "../../../cluster/network/define.ts";
import { SERVICE_RULES } from "../../../cluster/network/services/define.ts";
import { NodeServices } from "../../../cluster/network/services/node-services.ts";
import { root } from "../../../machine/define-files.ts";
import type { Machine } from "../../../machine/machine.ts";
import { ipvsRules } from "./ipvs-rules.ts";
import { proxyRules } from "./proxy-rules.ts";
import {
  append,
  comment,
  emptyTable,
  mark,
  orMark,
  type Rule,
  randomFully,
  state,
  type Table,
  xorMark,
} from "./rules.ts";

/** The rules that kube-proxy wrote on a host, if one ever ran there. */
export function proxyOf(host: Machine): NodeServices | undefined {
  const rules = host.parts.get(SERVICE_RULES);
  return rules instanceof NodeServices ? rules : undefined;
}

const jump = (text: string, target: string, when?: "NEW"): Rule => ({
  matches: [...(when ? [state(when)] : []), comment(text)],
  target,
});

/** The tables of iptables on a host: what its kubelet, its kube-proxy and flannel wrote. Rules of other plugins are not there. */
export function tablesOf(host: Machine, version: 4 | 6): readonly Table[] {
  const mangle = emptyTable("mangle");
  const filter = emptyTable("filter");
  const nat = emptyTable("nat");
  const isNode = host.parts.has("kubelet-version");
  const proxy = proxyOf(host);
  const mode = proxy?.settings.mode;
  if (proxy && mode === "iptables") proxyChains(filter, nat);
  if (proxy && mode === "ipvs") ipvsChains(filter, nat);
  if (isNode) kubeletChains(mangle, filter, nat, version);
  if (proxy && mode !== "nftables") {
    for (const table of [mangle, filter, nat]) append(table, "KUBE-PROXY-CANARY");
    postrouting(nat);
    if (mode === "ipvs") ipvsRules(nat, filter, proxy, version);
    else proxyRules(nat, filter, proxy, version);
  }
  flannelChains(filter, nat, host, version);
  return [mangle, filter, nat];
}

function kubeletChains(mangle: Table, filter: Table, nat: Table, version: 4 | 6): void {
  append(mangle, "KUBE-IPTABLES-HINT");
  for (const table of [mangle, filter, nat]) append(table, "KUBE-KUBELET-CANARY");
  append(filter, "INPUT", { target: "KUBE-FIREWALL" });
  append(filter, "OUTPUT", { target: "KUBE-FIREWALL" });
  append(filter, "KUBE-FIREWALL");
  if (version === 6) return;
  const loop = "127.0.0.0/8";
  append(filter, "KUBE-FIREWALL", {
    source: loop,
    notSource: true,
    destination: loop,
    matches: [comment("block incoming localnet connections"), state("RELATED,ESTABLISHED,DNAT", true)],
    target: "DROP",
  });
}

function proxyChains(filter: Table, nat: Table): void {
  const firewall = jump("kubernetes load balancer firewall", "KUBE-PROXY-FIREWALL", "NEW");
  const services = jump("kubernetes service portals", "KUBE-SERVICES", "NEW");
  const external = jump("kubernetes externally-visible service portals", "KUBE-EXTERNAL-SERVICES", "NEW");
  append(filter, "INPUT", firewall, jump("kubernetes health check service ports", "KUBE-NODEPORTS"), external);
  append(filter, "FORWARD", firewall, jump("kubernetes forwarding rules", "KUBE-FORWARD"), services, external);
  append(filter, "OUTPUT", firewall, services);
  for (const chain of ["KUBE-EXTERNAL-SERVICES", "KUBE-NODEPORTS", "KUBE-PROXY-FIREWALL", "KUBE-SERVICES"])
    append(filter, chain);
  append(filter, "KUBE-FORWARD", { matches: [state("INVALID")], target: "DROP" }, ...forwarding);
  for (const chain of ["PREROUTING", "OUTPUT"]) append(nat, chain, jump("kubernetes service portals", "KUBE-SERVICES"));
  append(nat, "POSTROUTING", jump("kubernetes postrouting rules", "KUBE-POSTROUTING"));
  for (const chain of ["KUBE-NODEPORTS", "KUBE-SERVICES"]) append(nat, chain);
}

const forwarding: readonly Rule[] = [
  { matches: [comment("kubernetes forwarding rules"), mark()], target: "ACCEPT" },
  {
    matches: [comment("kubernetes forwarding conntrack rule"), state("RELATED,ESTABLISHED")],
    target: "ACCEPT",
  },
];

function ipvsChains(filter: Table, nat: Table): void {
  append(
    filter,
    "INPUT",
    jump("kubernetes ipvs access filter", "KUBE-IPVS-FILTER"),
    jump("kube-proxy firewall rules", "KUBE-PROXY-FIREWALL"),
    jump("kubernetes health check rules", "KUBE-NODE-PORT"),
  );
  append(filter, "FORWARD", jump("kube-proxy firewall rules", "KUBE-PROXY-FIREWALL"));
  append(filter, "FORWARD", jump("kubernetes forwarding rules", "KUBE-FORWARD"));
  append(filter, "OUTPUT", jump("kubernetes ipvs access filter", "KUBE-IPVS-OUT-FILTER"));
  for (const chain of ["KUBE-PROXY-FIREWALL", "KUBE-IPVS-OUT-FILTER"]) append(filter, chain);
  append(filter, "KUBE-SOURCE-RANGES-FIREWALL", { target: "DROP" });
  append(filter, "KUBE-FORWARD", ...forwarding);
  for (const chain of ["PREROUTING", "OUTPUT"]) append(nat, chain, jump("kubernetes service portals", "KUBE-SERVICES"));
  append(nat, "POSTROUTING", jump("kubernetes postrouting rules", "KUBE-POSTROUTING"));
}

function postrouting(nat: Table): void {
  append(nat, "KUBE-MARK-MASQ", { target: "MARK", options: orMark });
  append(
    nat,
    "KUBE-POSTROUTING",
    { matches: [mark(true)], target: "RETURN" },
    { target: "MARK", options: xorMark },
    {
      matches: [comment("kubernetes service traffic requiring SNAT")],
      target: "MASQUERADE",
      options: randomFully,
    },
  );
}

/** flannel's rules: pods are hidden from what is outside of the pod network, and the outside from pods of other nodes. */
function flannelChains(filter: Table, nat: Table, host: Machine, version: 4 | 6): void {
  const network = host.parts.get(POD_NETWORK) as PodNetwork | undefined;
  const own = network?.cidrs.find((range) => ipVersion(range) === version);
  if (network?.plugin !== "flannel" || own === undefined) return;
  const all = wholeNetwork(host, version) ?? own;
  const masq = comment("flanneld masq");
  const forward = comment("flanneld forward");
  append(filter, "FORWARD", { matches: [forward], target: "FLANNEL-FWD" });
  append(filter, "FLANNEL-FWD", { source: all, matches: [forward], target: "ACCEPT" });
  append(filter, "FLANNEL-FWD", { destination: all, matches: [forward], target: "ACCEPT" });
  append(nat, "POSTROUTING", { matches: [masq], target: "FLANNEL-POSTRTG" });
  const hide = { target: "MASQUERADE", options: randomFully };
  const multicast = version === 6 ? "ff00::/8" : "224.0.0.0/4";
  append(
    nat,
    "FLANNEL-POSTRTG",
    { matches: [mark(), masq], target: "RETURN" },
    { source: own, destination: all, matches: [masq], target: "RETURN" },
    { source: all, destination: own, matches: [masq], target: "RETURN" },
    { source: all, notSource: true, destination: own, matches: [masq], target: "RETURN" },
    { source: all, destination: multicast, notDestination: true, matches: [masq], ...hide },
    { source: all, notSource: true, destination: all, matches: [masq], ...hide },
  );
}

/** The range of all pods, as flanneld wrote it down. */
function wholeNetwork({ files }: Machine, version: 4 | 6): string | undefined {
  const path = "/run/flannel/subnet.env";
  if (!files.find(path, root)) return undefined;
  const name = version === 6 ? "FLANNEL_IPV6_NETWORK" : "FLANNEL_NETWORK";
  return new RegExp(`^${name}=(.*)$`, "m").exec(files.read(path, root))?.[1];
}
