import { parseIp } from "../../../../base/cidr.ts";
import type { DnsRecord, DnsReply, DnsType } from "../../../../machine/define-network.ts";
import type { DnsRequest } from "../define.ts";
import { absolute, addressOf, isWithin } from "../names.ts";
import { emptyReply } from "../reply.ts";
import type { ClusterSource } from "./define.ts";
import { type Found, findNames, findRecords } from "./find-records.ts";
import type { KubernetesOptions } from "./options.ts";

/** The version of the DNS specification that the records follow. */
const SPECIFICATION = "1.1.0";

/** One question to the kubernetes plugin: where it looks, and for what. */
export interface Asked {
  readonly source: ClusterSource;
  readonly options: KubernetesOptions;
  readonly zone: string;
  readonly request: DnsRequest;
  /** The addresses of the CoreDNS pod itself. */
  readonly own: readonly string[];
}

interface Sections {
  readonly answers: readonly DnsRecord[];
  readonly additional?: readonly DnsRecord[];
}

/** What the plugin answers; undefined where there is no such name (CoreDNS 1.13, plugin/backend_lookup.go). */
export function clusterAnswer(asked: Asked): Sections | undefined {
  const { request, zone } = asked;
  switch (request.question.type) {
    case "A":
    case "AAAA":
      return addresses(asked, request.name, request.question.name, request.question.type, []);
    case "SRV":
      return services(asked);
    case "PTR":
      return pointers(asked);
    case "CNAME":
      return alias(asked);
    case "TXT":
      return texts(asked);
    case "SOA":
      return { answers: [soaOf(asked)] };
    case "NS":
      if (request.name === zone) return nameServers(asked);
  }
  const found = foundFor(asked, request.name);
  return found && { answers: [] };
}

/** Name, TTL and the rest of a reply without answers: with the zone's SOA. */
export function negative(asked: Asked, rcode: DnsReply["rcode"]): DnsReply {
  return emptyReply(rcode, { authoritative: true, authority: [soaOf(asked)] });
}

function soaOf({ options, zone, source }: Asked): DnsRecord {
  const { ttl } = options;
  const data = `ns.dns.${zone} hostmaster.${zone} ${source.modified} 7200 1800 86400 ${ttl}`;
  return { name: zone, type: "SOA", ttl: Math.min(300, ttl), data };
}

/** What a name stands for; the zone's own name has nothing, the name servers have their own addresses. */
function foundFor(asked: Asked, name: string): readonly Found[] | undefined {
  const { source, options, zone } = asked;
  if (name === `ns.dns.${zone}`) return serversOf(asked).map(({ address }) => ({ key: name, host: address, port: -1 }));
  const found = findRecords(source, options, zone, name);
  return found === "no such name" ? undefined : found;
}

/** Longer chains of aliases are not followed. */
const LONGEST_CHAIN = 8;

function addresses(
  asked: Asked,
  name: string,
  shown: string,
  type: "A" | "AAAA",
  before: readonly DnsRecord[],
): Sections | undefined {
  const { options, zone, request } = asked;
  const found = foundFor(asked, name);
  if (!found) return undefined;
  const answers: DnsRecord[] = [];
  const version = type === "A" ? 4 : 6;
  const seen = new Set<string>();
  for (const { host } of found) {
    const ip = parseIp(host);
    if (ip) {
      if (ip.version !== version || seen.has(host)) continue;
      seen.add(host);
      answers.push({ name: shown, type, ttl: options.ttl, data: host });
      continue;
    }
    const target = absolute(host);
    // A name that is its own alias, or that came by already, leads nowhere.
    if (isWithin(target.toLowerCase(), name) || before.length >= LONGEST_CHAIN) continue;
    const own: DnsRecord = { name: shown, type: "CNAME", ttl: options.ttl, data: target };
    if (before.some((record) => record.name.toLowerCase() === shown.toLowerCase() && record.data === target)) continue;
    if (isWithin(target.toLowerCase(), zone)) {
      const next = addresses(asked, target.toLowerCase(), target, type, [...before, own]);
      if (next && next.answers.length > 0) answers.push(own, ...next.answers);
      continue;
    }
    const reply = request.lookUp(target, type);
    answers.push(own, ...reply.answers);
  }
  return { answers };
}

function services(asked: Asked): Sections | undefined {
  const { options, request } = asked;
  const all = foundFor(asked, request.name);
  if (!all) return undefined;
  const found = all.filter(({ host, port }) => parseIp(host) && port !== -1);
  const weight = Math.max(1, Math.floor(100 / Math.max(1, all.filter(({ host }) => parseIp(host)).length)));
  const answers = new Map<string, DnsRecord>();
  const additional = new Map<string, DnsRecord>();
  for (const { key, host, port } of found) {
    const name = request.question.name;
    const own = `${key} ${port}`;
    if (!answers.has(own))
      answers.set(own, { name, type: "SRV", ttl: options.ttl, data: `0 ${weight} ${port} ${key}` });
    const type: DnsType = parseIp(host)?.version === 6 ? "AAAA" : "A";
    additional.set(`${key} ${host}`, { name: key, type, ttl: options.ttl, data: host });
  }
  return { answers: [...answers.values()], additional: [...additional.values()] };
}

function pointers(asked: Asked): Sections | undefined {
  const { source, options, request } = asked;
  const { ttl, primary } = options;
  if (addressOf(request.name) === undefined) return foundFor(asked, request.name) && { answers: [] };
  const names = findNames(source, options, primary, request.name);
  if (names.length === 0) return undefined;
  const { name } = request.question;
  return { answers: [...new Set(names)].map((data) => ({ name, type: "PTR", ttl, data })) };
}

function alias(asked: Asked): Sections | undefined {
  const found = foundFor(asked, asked.request.name);
  const host = found?.[0]?.host;
  if (!found || host === undefined || parseIp(host)) return found && { answers: [] };
  const { name } = asked.request.question;
  return { answers: [{ name, type: "CNAME", ttl: asked.options.ttl, data: absolute(host) }] };
}

function texts({ zone, request }: Asked): Sections {
  if (request.name !== `dns-version.${zone}`) return { answers: [] };
  return { answers: [{ name: request.question.name, type: "TXT", ttl: 28800, data: `"${SPECIFICATION}"` }] };
}

interface ServerAddress {
  readonly name: string;
  readonly address: string;
}

/** The services that lead to this very CoreDNS; ns.dns where there is none (plugin/kubernetes ns.go, 1.13). */
function serversOf({ source, options, own, zone }: Asked): ServerAddress[] {
  const found = new Map<string, ServerAddress>();
  for (const address of own)
    for (const slice of source.slicesAt(address)) {
      const namespace = slice.metadata.namespace ?? "";
      const service = source.service(namespace, slice.metadata.labels?.["kubernetes.io/service-name"] ?? "");
      if (!service) continue;
      const name = `${service.metadata.name}.${namespace}.svc.${options.primary}`;
      const { clusterIP = "", clusterIPs = [clusterIP] } = service.spec;
      const isHeadless = clusterIP === "None";
      const label = address.replace(/[.:]/g, "-");
      const one = isHeadless
        ? [{ name: `${label}.${name}`, address }]
        : clusterIPs.map((ip) => ({ name, address: ip }));
      for (const each of one) found.set(`${each.name} ${each.address}`, each);
    }
  if (found.size === 0) for (const address of own) found.set(address, { name: `ns.dns.${zone}`, address });
  return [...found.values()];
}

function nameServers(asked: Asked): Sections {
  const { ttl } = asked.options;
  const servers = serversOf(asked);
  const { name } = asked.request.question;
  const names = [...new Set(servers.map((server) => server.name))];
  return {
    answers: names.map((data) => ({ name, type: "NS", ttl, data })),
    additional: servers.map((server) => {
      const type: DnsType = parseIp(server.address)?.version === 6 ? "AAAA" : "A";
      return { name: server.name, type, ttl, data: server.address };
    }),
  };
}
