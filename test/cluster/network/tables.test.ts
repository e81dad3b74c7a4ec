import { describe, expect, test } from "vitest";
import { parseCorefile } from "../../../src/cluster/network/dns/corefile.ts";
import { clusterRecord, type DnsSource } from "../../../src/cluster/network/dns/records.ts";
import { namesToTry, readHosts, readResolvConf } from "../../../src/cluster/network/resolver.ts";
import { serviceTable } from "../../../src/cluster/network/service-table.ts";
import type { EndpointSlice, Service } from "../../../src/kinds/types/core.ts";
import { root } from "../../../src/machine/define-files.ts";
import { makeHost } from "../../machine/harness.ts";

const service = (name: string, spec: Partial<Service["spec"]>): Service =>
  ({ apiVersion: "v1", kind: "Service", metadata: { name, namespace: "shop" }, spec }) as Service;

const slice = (name: string, endpoints: EndpointSlice["endpoints"], ports: EndpointSlice["ports"]): EndpointSlice =>
  ({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    addressType: "IPv4",
    metadata: { name: `${name}-x`, namespace: "shop", labels: { "kubernetes.io/service-name": name } },
    endpoints,
    ports,
  }) as EndpointSlice;

const at = (address: string, conditions: Record<string, boolean> = { ready: true }, more = {}) => ({
  addresses: [address],
  conditions,
  ...more,
});

describe("kube-proxy's rules", () => {
  const web = service("web", {
    type: "NodePort",
    clusterIP: "10.96.0.5",
    clusterIPs: ["10.96.0.5"],
    externalIPs: ["1.2.3.4"],
    ports: [
      { name: "http", port: 80, targetPort: 8080, nodePort: 30080, protocol: "TCP" },
      { name: "dns", port: 53, nodePort: 30053, protocol: "UDP" },
    ],
  });
  const slices = [
    slice("web", [at("10.244.1.2"), at("10.244.1.3", { ready: false })], [{ name: "http", port: 8080 }]),
    slice("web", [at("10.244.2.9", {})], [{ name: "http", port: 8081 }]),
  ];
  const table = serviceTable(
    [
      web,
      service("none", { clusterIP: "None", ports: [{ port: 80 }] }),
      service("out", { type: "ExternalName", externalName: "x.org" }),
    ],
    slices,
  );

  test("addresses: cluster IP and external IPs, by port and protocol", () => {
    expect([...table.addresses.keys()]).toEqual([
      "10.96.0.5:80/TCP",
      "1.2.3.4:80/TCP",
      "10.96.0.5:53/UDP",
      "1.2.3.4:53/UDP",
    ]);
  });
  test("node ports", () => expect([...table.nodePorts.keys()]).toEqual(["30080/TCP", "30053/UDP"]));
  test("targets: what is ready, or does not say; each slice has its own port", () => {
    expect(table.addresses.get("10.96.0.5:80/TCP")?.targets).toMatchObject([
      { address: "10.244.1.2", port: 8080 },
      { address: "10.244.2.9", port: 8081 },
    ]);
    expect(table.addresses.get("10.96.0.5:53/UDP")?.targets).toEqual([]);
  });
  test("where nothing is ready, endpoints that end but still serve are used", () => {
    const ending = at("10.244.1.2", { ready: false, serving: true, terminating: true });
    const other = at("10.244.1.3", { ready: false, serving: false, terminating: true });
    const ends = serviceTable([web], [slice("web", [ending, other], [{ name: "http", port: 8080 }])]);
    expect(ends.addresses.get("10.96.0.5:80/TCP")?.targets).toMatchObject([{ address: "10.244.1.2" }]);
  });
});

describe("records of cluster DNS", () => {
  const services = [
    service("web", { clusterIP: "10.96.0.5", ports: [{ port: 80 }] }),
    service("db", { clusterIP: "None", ports: [{ port: 80 }] }),
    service("all", { clusterIP: "None", publishNotReadyAddresses: true }),
    service("out", { type: "ExternalName", externalName: "example.org" }),
    service("empty", { clusterIP: "None" }),
  ];
  const endpoints = [
    at("10.244.1.2", { ready: true }, { hostname: "db-0" }),
    at("10.244.2.3", { ready: false }, { hostname: "db-1" }),
  ];
  const source: DnsSource = {
    service: (namespace, name) => services.find((s) => s.metadata.namespace === namespace && s.metadata.name === name),
    slices: (_namespace, name) => (name === "db" || name === "all" ? [slice(name, endpoints, [])] : []),
    namespace: (name) => name === "shop",
    services: () => services,
  };
  test.each([
    ["web.shop.svc.cluster.local", "A", ["10.96.0.5"]],
    ["web.other.svc.cluster.local", "A", undefined],
    ["web.shop.cluster.local", "A", undefined],
    ["web.shop.svc.cluster.org", "A", undefined],
    ["db.shop.svc.cluster.local", "A", ["10.244.1.2"]],
    ["db-0.db.shop.svc.cluster.local", "A", ["10.244.1.2"]],
    ["db-1.db.shop.svc.cluster.local", "A", undefined],
    ["db-1.all.shop.svc.cluster.local", "A", ["10.244.2.3"]],
    ["10-244-1-2.db.shop.svc.cluster.local", "A", ["10.244.1.2"]],
    ["empty.shop.svc.cluster.local", "A", undefined],
    ["out.shop.svc.cluster.local", "CNAME", ["example.org"]],
    ["10-244-1-7.shop.pod.cluster.local", "A", ["10.244.1.7"]],
    ["10-244-1-7.nope.pod.cluster.local", "A", undefined],
    ["5.0.96.10.in-addr.arpa", "PTR", ["web.shop.svc.cluster.local"]],
  ] as const)("%s %s", (name, type, found) => {
    expect(clusterRecord(source, "cluster.local", name, type)?.map((one) => one.replace(/\.$/, ""))).toEqual(found);
  });
});

describe("Corefile", () => {
  const usual =
    ".:53 {\n    errors\n    health {\n       lameduck 5s\n    }\n    kubernetes cluster.local in-addr.arpa ip6.arpa {\n       pods insecure\n       ttl 30\n    }\n    forward . /etc/resolv.conf {\n       max_concurrent 1000\n    }\n    cache 30 # seconds\n}\n";
  test("kubeadm's", () => {
    const [block] = parseCorefile(usual);
    expect(block?.zones).toEqual([".:53"]);
    expect(block?.directives.map(({ name, words, line }) => [name, words, line])).toEqual([
      ["errors", [], 2],
      ["health", [], 3],
      ["kubernetes", ["cluster.local", "in-addr.arpa", "ip6.arpa"], 6],
      ["forward", [".", "/etc/resolv.conf"], 10],
      ["cache", ["30"], 13],
    ]);
    expect(block?.directives[2]?.block.map((d) => d.name)).toEqual(["pods", "ttl"]);
  });
  test("several blocks", () => {
    expect(parseCorefile(`${usual}example.org:53 {\n  forward . 10.0.0.1\n}\n`).map((b) => b.zones)).toEqual([
      [".:53"],
      ["example.org:53"],
    ]);
  });
  test.each([
    [usual.replace("errors", "errrors"), "Corefile:2 - Error during parsing: Unknown directive 'errrors'"],
    [usual.slice(0, -2), /Error during parsing: Unexpected EOF, expecting '}'/],
  ])("faults %#", (text, says) => {
    expect(() => parseCorefile(text)).toThrow(says);
  });
});

describe("resolv.conf and hosts", () => {
  const conf = readResolvConf(
    "# a comment\nnameserver 10.96.0.10\nsearch a.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5 timeout:2\n",
  );
  test("what is read", () => {
    expect(conf).toEqual({
      nameservers: ["10.96.0.10"],
      search: ["a.svc.cluster.local", "svc.cluster.local", "cluster.local"],
      ndots: 5,
    });
  });
  test.each([
    ["web", ["web.a.svc.cluster.local", "web.svc.cluster.local", "web.cluster.local", "web"]],
    ["web.b", ["web.b.a.svc.cluster.local", "web.b.svc.cluster.local", "web.b.cluster.local", "web.b"]],
    [
      "a.b.c.d.e.f",
      ["a.b.c.d.e.f", "a.b.c.d.e.f.a.svc.cluster.local", "a.b.c.d.e.f.svc.cluster.local", "a.b.c.d.e.f.cluster.local"],
    ],
    ["web.", ["web"]],
  ])("names to try for %s", (name, tried) => expect(namesToTry(name, conf)).toEqual(tried));
  test("hosts", () => {
    const host = makeHost();
    host.files.mkdir("/etc", root);
    host.files.write("/etc/hosts", "127.0.0.1 localhost # me\n10.0.0.1\ta A.example\n10.0.0.2 a\n", root);
    expect([...readHosts(host.files)]).toEqual([
      ["localhost", "127.0.0.1"],
      ["a", "10.0.0.1"],
      ["a.example", "10.0.0.1"],
    ]);
  });
});
