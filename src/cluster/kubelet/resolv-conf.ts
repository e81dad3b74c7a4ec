import type { Pod } from "../../kinds/types/pod.ts";
import { root } from "../../machine/define-files.ts";
import { readResolvConf } from "../network/resolver.ts";
import type { Agent } from "./define.ts";

/** How much a pod's resolv.conf may hold (pkg/apis/core/validation, 1.35). */
const MOST_NAMESERVERS = 3;
const MOST_SEARCHES = 32;
const LONGEST_SEARCH_LINE = 2048;

interface DnsLines {
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  readonly options: readonly string[];
}

/** What a pod's resolv.conf says, and what the kubelet has to say about it. */
export interface PodDns {
  readonly text: string;
  readonly warnings: readonly { readonly reason: string; readonly message: string }[];
}

/** Why no pod can have a resolv.conf: the node's own, which the kubelet's configuration names, is not there. */
export function resolvConfProblem({ host, dns }: Agent): string | undefined {
  const { resolvConf: path = "/etc/resolv.conf" } = dns;
  if (path === "" || host.files.find(path, root)) return undefined;
  return `open ${path}: no such file or directory`;
}

/** The node's own name service; without a file the node itself is asked (--resolv-conf=""). */
function ofHost({ host, dns }: Agent): DnsLines {
  const { resolvConf: path = "/etc/resolv.conf" } = dns;
  if (path === "") return { nameservers: ["127.0.0.1"], search: ["."], options: [] };
  const text = host.files.find(path, root) ? host.files.read(path, root) : "";
  const { nameservers, search } = readResolvConf(text);
  const options = [...text.matchAll(/^options\s+(.*)$/gm)].at(-1)?.[1]?.trim().split(/\s+/) ?? [];
  // The root domain is no search domain (dns.go parseResolvConf).
  return { nameservers, search: search.filter((name) => name !== ".").map((name) => name.replace(/\.$/, "")), options };
}

/** /etc/resolv.conf of a pod by its dnsPolicy and dnsConfig (pkg/kubelet/network/dns, 1.35). */
export function podDns(agent: Agent, pod: Pod): PodDns {
  const { dnsPolicy = "ClusterFirst", dnsConfig = {}, hostNetwork } = pod.spec;
  const { domain, servers } = agent.dns;
  const warnings: { reason: string; message: string }[] = [];
  const wantsCluster = dnsPolicy === "ClusterFirstWithHostNet" || (dnsPolicy === "ClusterFirst" && !hostNetwork);
  const own = ofHost(agent);
  if (wantsCluster && servers.length === 0) {
    const name = `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
    const message = `pod: "${name}". kubelet does not have ClusterDNS IP configured and cannot create Pod using "${dnsPolicy}" policy. Falling back to "Default" policy.`;
    warnings.push({ reason: "MissingClusterDNS", message });
  }
  const zones = domain === "" ? [] : [`${pod.metadata.namespace}.svc.${domain}`, `svc.${domain}`, domain];
  let base: DnsLines = own;
  if (dnsPolicy === "None") base = { nameservers: [], search: [], options: [] };
  else if (wantsCluster && servers.length > 0)
    base = { nameservers: servers, search: [...zones, ...own.search], options: ["ndots:5"] };
  const nameservers = [...new Set([...base.nameservers, ...(dnsConfig.nameservers ?? [])])];
  const search = [
    ...new Set([...base.search, ...(dnsConfig.searches ?? []).map((name) => name.replace(/(.)\.$/, "$1"))]),
  ];
  const options = merged(base.options, dnsConfig.options ?? []);
  return { text: textOf({ ...limited(nameservers, search, warnings), options }), warnings };
}

/** Options of the pod replace those of the same name. */
function merged(base: readonly string[], own: readonly { name?: string; value?: string }[]): string[] {
  const all = new Map(base.map((option) => [option.split(":")[0] ?? "", option]));
  for (const { name = "", value } of own) all.set(name, value === undefined ? name : `${name}:${value}`);
  return [...all.values()];
}

function limited(nameservers: string[], search: string[], warnings: { reason: string; message: string }[]) {
  const some = nameservers.slice(0, MOST_NAMESERVERS);
  const reason = "DNSConfigForming";
  if (some.length < nameservers.length)
    warnings.push({
      reason,
      message: `Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: ${some.join(" ")}`,
    });
  const kept = search.slice(0, MOST_SEARCHES);
  while (kept.join(" ").length > LONGEST_SEARCH_LINE) kept.pop();
  if (kept.length < search.length)
    warnings.push({
      reason,
      message: `Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${kept.join(" ")}`,
    });
  return { nameservers: some, search: kept };
}

/** The file as the container runtime writes it (containerd 2, parseDNSOptions). */
function textOf({ nameservers, search, options }: DnsLines): string {
  return [
    ...(search.length > 0 ? [`search ${search.join(" ")}\n`] : []),
    ...nameservers.map((server) => `nameserver ${server}\n`),
    ...(options.length > 0 ? [`options ${options.join(" ")}\n`] : []),
  ].join("");
}
