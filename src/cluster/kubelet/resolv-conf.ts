import type { Pod } from "../../kinds/types/pod.ts";
import { root } from "../../machine/define-files.ts";
import { readResolvConf } from "../network/resolver.ts";
import type { Agent } from "./define.ts";

/** /etc/resolv.conf of a pod by its dnsPolicy and dnsConfig (pkg/kubelet/network/dns, 1.35). */
export function resolvConf(agent: Agent, pod: Pod): string {
  const { dnsPolicy = "ClusterFirst", dnsConfig = {}, hostNetwork } = pod.spec;
  const file = "/etc/resolv.conf";
  const { files } = agent.host;
  const ofHost = readResolvConf(files.find(file, root) ? files.read(file, root) : "");
  // The root domain is no search domain (dns.go parseResolvConf).
  const searchOfHost = ofHost.search.filter((name) => name !== ".").map((name) => name.replace(/\.$/, ""));
  const cluster = dnsPolicy === "ClusterFirstWithHostNet" || (dnsPolicy === "ClusterFirst" && !hostNetwork);
  const { domain, servers } = agent.dns;
  const own = [`${pod.metadata.namespace}.svc.${domain}`, `svc.${domain}`, domain];
  let nameservers: readonly string[] = [];
  let search: readonly string[] = [];
  let options: readonly string[] = [];
  if (dnsPolicy !== "None") {
    nameservers = cluster ? servers : ofHost.nameservers;
    search = cluster ? [...own, ...searchOfHost] : searchOfHost;
    options = cluster ? ["ndots:5"] : [];
  }
  const extra = (dnsConfig.options ?? []).map((o) => (o.value === undefined ? o.name : `${o.name}:${o.value}`));
  const replaced = new Set((dnsConfig.options ?? []).map((o) => o.name));
  const kept = options.filter((o) => !replaced.has(o.split(":")[0] ?? ""));
  const lines = [
    [...search, ...(dnsConfig.searches ?? [])].length > 0
      ? `search ${[...new Set([...search, ...(dnsConfig.searches ?? [])])].join(" ")}`
      : "",
    ...[...new Set([...nameservers, ...(dnsConfig.nameservers ?? [])])].slice(0, 3).map((n) => `nameserver ${n}`),
    [...kept, ...extra].length > 0 ? `options ${[...kept, ...extra].join(" ")}` : "",
  ];
  return lines
    .filter(Boolean)
    .map((line) => `${line}\n`)
    .join("");
}
