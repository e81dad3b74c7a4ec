import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readManifests } from "../../../../src/base/yaml-in/read-manifests.ts";
import type { ClusterSource } from "../../../../src/cluster/network/dns/kubernetes/define.ts";
import { replySize } from "../../../../src/cluster/network/dns/wire-size.ts";
import type { EndpointSlice, Namespace, Service } from "../../../../src/kinds/types/core.ts";
import type { KubeObject } from "../../../../src/kinds/types/meta.ts";
import type { DnsQuestion, DnsRecord, DnsType } from "../../../../src/machine/define-network.ts";
import { emptyCluster, testDns } from "./dns-host.ts";

interface Recorded {
  readonly port: number;
  readonly type: DnsType;
  readonly name: string;
  readonly rcode: string;
  readonly flags: string;
  readonly answers: readonly string[];
  readonly authority: readonly string[];
  readonly additional: readonly string[];
  readonly size: number;
}

const corpus = (name: string) => readFileSync(new URL(`../../../corpus/dns/${name}`, import.meta.url), "utf8");

/** What CoreDNS 1.13.1 answered with the cluster and the Corefile beside: the records of the DNS specification 1.1.0. */
const cases: Recorded[] = corpus("records.jsonl")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

const kubernetes = `apiVersion: v1
kind: Namespace
metadata: { name: default }
---
apiVersion: v1
kind: Service
metadata: { name: kubernetes, namespace: default }
spec: { clusterIP: 10.96.0.1, ports: [{ name: https, port: 443 }] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: kubernetes, namespace: default, labels: { kubernetes.io/service-name: kubernetes } }
addressType: IPv4
endpoints: [{ addresses: [192.168.56.10], conditions: { ready: true } }]
ports: [{ name: https, port: 6443, protocol: TCP }]
---
`;

function clusterOf(manifests: string): ClusterSource {
  const all = [...readManifests(manifests, "cluster")].map(({ object }) => object as unknown as KubeObject);
  const of = <T extends KubeObject>(kind: string) => all.filter((one) => one.kind === kind) as T[];
  const services = of<Service>("Service");
  const slices = of<EndpointSlice>("EndpointSlice");
  const label = "kubernetes.io/service-name";
  return {
    ...emptyCluster,
    modified: 1795308431,
    namespace: (name) => of<Namespace>("Namespace").find(({ metadata }) => metadata.name === name),
    service: (namespace, name) =>
      services.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name),
    slices: (namespace, name) =>
      slices.filter(({ metadata }) => metadata.namespace === namespace && metadata.labels?.[label] === name),
    serviceAt: (address) => services.find(({ spec }) => spec.clusterIP === address),
    slicesAt: (address) =>
      slices.filter(({ endpoints }) => endpoints?.some(({ addresses }) => addresses.includes(address))),
    podsAt: (address) =>
      address === "10.244.5.5"
        ? [{ apiVersion: "v1", kind: "Pod", metadata: { name: "client", namespace: "shop" }, spec: { containers: [] } }]
        : [],
  };
}

const cluster = clusterOf(kubernetes + corpus("cluster.yaml"));
const { servers } = testDns({ cluster: () => cluster }).start(corpus("Corefile.cluster"));

const line = ({ name, ttl, type, data }: DnsRecord) => `${name} ${ttl} IN ${type} ${data}`;
const masked = (text: string) => text.replace(/SRV 0 0 \d+ \./, "SRV 0 0 PORT .");

describe("records of the cluster", () => {
  for (const { port, type, name, rcode, flags, answers, authority, additional, size } of cases)
    test(`${type} ${name} at ${port}`, () => {
      const question: DnsQuestion = { name: `${name}.`, type, from: "127.0.0.1" };
      const reply = servers.find((one) => one.port === port)?.answer(question);
      if (!reply) throw new Error("no reply");
      expect({
        rcode: reply.rcode,
        flags: `qr${reply.authoritative ? " aa" : ""} rd${reply.recursive ? " ra" : ""}`,
        answers: reply.answers.map(line),
        authority: reply.authority.map(line),
        additional: reply.additional.map(line).map(masked),
        size: replySize(question, reply),
      }).toEqual({ rcode, flags, answers, authority, additional: additional.map(masked), size });
    });
});
