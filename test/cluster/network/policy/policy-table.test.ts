import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PolicyPacket } from "../../../../src/cluster/network/define.ts";
import { PolicyTable } from "../../../../src/cluster/network/policy/policy-table.ts";
import type { Namespace } from "../../../../src/kinds/types/core.ts";
import type { NetworkPolicy, NetworkPolicyPeer } from "../../../../src/kinds/types/network.ts";
import type { Pod } from "../../../../src/kinds/types/pod.ts";
import { type Holds, passes } from "./naive.ts";

const spaces = ["a", "b", "c"];
const keys = ["app", "tier"];
const values = ["x", "y"];
const addresses = ["10.1.0.1", "10.1.0.2", "10.1.1.3", "10.2.0.4", "10.2.9.5", "192.0.2.6"];
const cidrs = ["0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.0.0/24", "10.2.0.4/32", "192.0.2.0/29"];
const protocols = ["TCP", "UDP", "SCTP"];

const labels = fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(...values), { maxKeys: 2 });
const expression = fc.oneof(
  fc.record({
    key: fc.constantFrom(...keys),
    operator: fc.constantFrom("In", "NotIn"),
    values: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 }),
  }),
  fc.record({ key: fc.constantFrom(...keys), operator: fc.constantFrom("Exists", "DoesNotExist") }),
);
const selector = fc.record(
  { matchLabels: labels, matchExpressions: fc.array(expression, { maxLength: 2 }) },
  { requiredKeys: [] },
);
const peer: fc.Arbitrary<NetworkPolicyPeer> = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: selector }),
  fc.record({ podSelector: selector, namespaceSelector: selector }),
  fc.record({
    ipBlock: fc.record(
      { cidr: fc.constantFrom(...cidrs), except: fc.array(fc.constantFrom(...cidrs), { maxLength: 2 }) },
      { requiredKeys: ["cidr"] },
    ),
  }),
);
const port = fc.oneof(
  fc.record(
    {
      protocol: fc.constantFrom(...protocols),
      port: fc.oneof(fc.constantFrom(80, 81, 8080), fc.constantFrom("web", "dns")),
    },
    { requiredKeys: [] },
  ),
  fc.record({ port: fc.constantFrom(1, 80, 81), endPort: fc.constantFrom(81, 8080) }),
);
const rule = (side: "from" | "to") =>
  fc.record(
    { [side]: fc.array(peer, { maxLength: 2 }), ports: fc.array(port, { maxLength: 2 }) },
    { requiredKeys: [] },
  );
const spec = fc.record(
  {
    podSelector: selector,
    ingress: fc.array(rule("from"), { maxLength: 2 }),
    egress: fc.array(rule("to"), { maxLength: 2 }),
    policyTypes: fc.constantFrom(["Ingress"], ["Egress"], ["Ingress", "Egress"]),
  },
  { requiredKeys: ["podSelector"] },
);

const containerPort = fc.record(
  {
    name: fc.constantFrom("web", "dns"),
    containerPort: fc.constantFrom(80, 81, 8080),
    protocol: fc.constantFrom(...protocols),
  },
  { requiredKeys: ["containerPort"] },
);
const container = fc.record({ ports: fc.array(containerPort, { maxLength: 2 }) });
/** The pod that has an address: names go with addresses, so that no two pods have one. */
const podAt = (index: number): fc.Arbitrary<Pod> =>
  fc
    .record({
      namespace: fc.constantFrom(...spaces),
      labels,
      phase: fc.constantFrom("Running", "Running", "Running", "Pending", "Succeeded", "Failed"),
      hostNetwork: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      containers: fc.array(container, { minLength: 1, maxLength: 2 }),
      initContainers: fc.array(
        fc.record({
          ports: fc.array(containerPort, { maxLength: 1 }),
          restartPolicy: fc.constantFrom("Always", undefined),
        }),
        { maxLength: 1 },
      ),
    })
    .map(
      ({ namespace, labels: own, phase, ...podSpec }) =>
        ({
          apiVersion: "v1",
          kind: "Pod",
          metadata: { namespace, name: `p${index}`, labels: own },
          spec: podSpec,
          status: { phase, podIP: addresses[index] },
        }) as unknown as Pod,
    );

const namespaceNamed = (name: string): fc.Arbitrary<Namespace> =>
  labels.map((own) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels: own } }) as Namespace);
const policyNamed = (name: string): fc.Arbitrary<NetworkPolicy> =>
  fc.record({ namespace: fc.constantFrom(...spaces), spec }).map(
    ({ namespace, spec: made }) =>
      ({
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { namespace, name },
        spec: made,
      }) as unknown as NetworkPolicy,
  );

const world: fc.Arbitrary<Holds> = fc.record({
  pods: fc.tuple(...addresses.map((_, index) => podAt(index))),
  namespaces: fc.tuple(...spaces.map(namespaceNamed)),
  policies: fc
    .tuple(...Array.from({ length: 6 }, (_, n) => fc.option(policyNamed(`np${n}`), { nil: undefined })))
    .map((some) => some.filter((one) => one !== undefined)),
});

function* packets(): Generator<PolicyPacket> {
  for (const direction of ["ingress", "egress"] as const)
    for (const pod of addresses)
      for (const end of [...addresses, "203.0.113.9"])
        for (const number of [80, 81, 443])
          for (const protocol of ["TCP", "UDP"] as const)
            yield {
              direction,
              pod,
              peer: end,
              port: number,
              protocol,
              ownHost: end === "203.0.113.9" && number === 443,
            };
}

function fill(table: PolicyTable, { pods, namespaces, policies }: Holds): void {
  for (const one of namespaces) table.setNamespace(one);
  for (const one of policies) table.setPolicy(one);
  for (const one of pods) table.setPod(one);
}

function expectSame(table: PolicyTable, holds: Holds): void {
  for (const packet of packets())
    if ((table.refuses(packet) === undefined) !== passes(holds, packet))
      expect({ packet, passes: !passes(holds, packet) }).toEqual({ packet, passes: passes(holds, packet) });
}

describe("the compiled table is what the API's words say", () => {
  test("of a world as it is", () => {
    fc.assert(
      fc.property(world, (holds) => {
        const table = new PolicyTable({ blocksMeanMembers: true });
        fill(table, holds);
        expectSame(table, holds);
      }),
      { numRuns: 150 },
    );
  });

  test("of a world that became another one, object by object", () => {
    fc.assert(
      fc.property(world, world, (before, after) => {
        const table = new PolicyTable({ blocksMeanMembers: true });
        fill(table, before);
        expectSame(table, before);
        const key = (one: { metadata: { namespace?: string; name: string } }) =>
          `${one.metadata.namespace}/${one.metadata.name}`;
        const kept = new Set([...after.pods, ...after.policies].map(key));
        // As a watch tells it: what is gone, then what is there.
        for (const one of before.pods) if (!kept.has(key(one))) table.deletePod(one);
        for (const one of before.policies) if (!kept.has(key(one))) table.deletePolicy(one);
        fill(table, after);
        expectSame(table, after);
      }),
      { numRuns: 100 },
    );
  });
});

const pod = (name: string, podIP: string, more: object = {}, status: object = {}) =>
  ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "shop", labels: { app: name } },
    spec: { containers: [{ name: "c" }], ...more },
    status: { phase: "Running", podIP, ...status },
  }) as unknown as Pod;
const policy = (name: string, made: object) =>
  ({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace: "shop" },
    spec: { podSelector: { matchLabels: { app: "web" } }, ...made },
  }) as unknown as NetworkPolicy;
const to = (peer: string, more: Partial<PolicyPacket> = {}): PolicyPacket => ({
  direction: "ingress",
  pod: "10.0.0.1",
  peer,
  port: 80,
  protocol: "TCP",
  ownHost: false,
  ...more,
});

function shop(dialect: { blocksMeanMembers: boolean }, ...policies: NetworkPolicy[]): PolicyTable {
  const table = new PolicyTable(dialect);
  table.setNamespace({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } } as Namespace);
  table.setNode("w1", ["192.168.56.11"]);
  table.setPod(pod("web", "10.0.0.1"));
  table.setPod(pod("client", "10.0.0.2"));
  for (const one of policies) table.setPolicy(one);
  return table;
}

describe("rules of their own", () => {
  const calico = { blocksMeanMembers: true };
  const denied = policy("deny", { ingress: [] });

  test("the pod's own node comes in, other nodes do not", () => {
    const table = shop(calico, denied);
    expect(table.refuses(to("192.168.56.11", { ownHost: true }))).toBeUndefined();
    expect(table.refuses(to("192.168.56.12"))).toBeDefined();
  });
  test("a pod reaches itself", () => expect(shop(calico, denied).refuses(to("10.0.0.1"))).toBeUndefined());
  test("ports alone let no ICMP pass; a rule without ports does", () => {
    const echo = to("10.0.0.2", { protocol: "ICMP", port: 0 });
    expect(shop(calico, policy("p", { ingress: [{ ports: [{}] }] })).refuses(echo)).toBeDefined();
    expect(shop(calico, policy("p", { ingress: [{ from: [{ podSelector: {} }] }] })).refuses(echo)).toBeUndefined();
  });
  test("a pod that has ended has no address any more; who has it now is somebody else", () => {
    const table = shop(calico, denied);
    table.setPod(pod("web", "10.0.0.1", {}, { phase: "Succeeded" }));
    expect(table.refuses(to("10.0.0.2"))).toBeUndefined();
    table.setPod(pod("other", "10.0.0.1"));
    expect(table.refuses(to("10.0.0.2"))).toBeUndefined();
  });
  test("an address that another pod took over stays with it when the first is deleted", () => {
    const table = shop(calico, denied);
    const first = pod("batch", "10.0.0.9");
    table.setPod(first);
    table.setPod({ ...pod("web", "10.0.0.9"), metadata: { ...first.metadata, name: "web2", labels: { app: "web" } } });
    table.deletePod(first);
    expect(table.refuses(to("10.0.0.2", { pod: "10.0.0.9" }))).toContain("shop/web2");
  });
  test("pods of the node's own network are not selected, and are no pods to selectors", () => {
    const table = shop(calico, policy("p", { ingress: [{ from: [{ podSelector: {} }] }] }));
    table.setPod(pod("agent", "192.168.56.11", { hostNetwork: true }));
    expect(table.refuses(to("192.168.56.11"))).toBeDefined();
    expect(table.refuses(to("10.0.0.2", { pod: "192.168.56.11" }))).toBeUndefined();
  });
  test("Calico tells a pod's address before the kubelet does", () => {
    const table = shop(calico, denied);
    const young = pod("web", "", {}, { phase: "Pending", podIP: undefined });
    table.setPod({
      ...young,
      metadata: { ...young.metadata, annotations: { "cni.projectcalico.org/podIPs": "10.0.0.7/32" } },
    });
    expect(table.refuses(to("10.0.0.2", { pod: "10.0.0.7" }))).toBeDefined();
  });
  test("a pod that the CNI has not joined is not policed, and yet is a pod to selectors", () => {
    const table = new PolicyTable({ blocksMeanMembers: true, joined: ({ metadata }) => metadata.name !== "old" });
    table.setPod(pod("old", "10.0.0.8", {}, {}));
    table.setPod(pod("web", "10.0.0.1"));
    table.setPolicy(
      policy("p", { podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app: "old" } } }] }] }),
    );
    expect(table.refuses(to("10.0.0.3", { pod: "10.0.0.8" }))).toBeUndefined();
    expect(table.refuses(to("10.0.0.3"))).toBeDefined();
    expect(table.refuses(to("10.0.0.8"))).toBeUndefined();
  });
  test("blocks mean pods and nodes with Calico, outsiders only with Cilium", () => {
    const everywhere = policy("p", { ingress: [{ from: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }] });
    const cilium = { blocksMeanMembers: false };
    for (const peer of ["10.0.0.2", "192.168.56.11"]) {
      expect(shop(calico, everywhere).refuses(to(peer))).toBeUndefined();
      expect(shop(cilium, everywhere).refuses(to(peer))).toBeDefined();
    }
    expect(shop(cilium, everywhere).refuses(to("198.51.100.7"))).toBeUndefined();
  });
  test("both addresses of a pod are its own, and blocks are of one family", () => {
    const six = policy("p", { ingress: [{ from: [{ ipBlock: { cidr: "fd00:9::/32", except: ["fd00:9:1::/48"] } }] }] });
    const table = shop(calico, six);
    table.setPod(pod("web", "10.0.0.1", {}, { podIPs: [{ ip: "10.0.0.1" }, { ip: "fd00:10:244::1" }] }));
    const from = (peer: string) => table.refuses(to(peer, { pod: "fd00:10:244::1" }));
    expect(from("fd00:9::7")).toBeUndefined();
    expect(from("fd00:9:1::7")).toBeDefined();
    expect(from("fd00:10:244::2")).toBeDefined();
    expect(table.refuses(to("10.0.0.2"))).toBeDefined();
  });
  test("a block that the API would not take today means nobody", () => {
    const old = policy("p", { ingress: [{ from: [{ ipBlock: { cidr: "010.0.0.0/8" } }] }] });
    expect(shop(calico, old).refuses(to("10.0.0.2"))).toBeDefined();
  });
  test("the named port of a sidecar", () => {
    const table = shop(calico, policy("p", { ingress: [{ ports: [{ port: "metrics" }] }] }));
    const initContainers = [{ name: "s", restartPolicy: "Always", ports: [{ name: "metrics", containerPort: 9100 }] }];
    table.setPod(pod("web", "10.0.0.1", { initContainers }));
    expect(table.refuses(to("10.0.0.2", { port: 9100 }))).toBeUndefined();
    expect(table.refuses(to("10.0.0.2", { port: 9101 }))).toBeDefined();
  });
});

describe("what is said", () => {
  const table = shop({ blocksMeanMembers: true }, policy("deny", { ingress: [] }));
  test("of one policy that allows nothing", () =>
    expect(table.refuses(to("10.0.0.2"))).toBe("NetworkPolicy shop/deny selects pod shop/web and allows no ingress"));
  test("of several that do not allow this", () => {
    table.setPolicy(policy("api", { ingress: [{ from: [{ podSelector: { matchLabels: { app: "api" } } }] }] }));
    expect(table.refuses(to("10.0.0.2"))).toBe(
      "NetworkPolicies shop/api, shop/deny select pod shop/web, and none of their ingress rules allows 10.0.0.2 (pod shop/client) to TCP port 80",
    );
  });
  test("of egress", () => {
    table.setPolicy(policy("dns", { policyTypes: ["Egress"], egress: [{ ports: [{ port: 53, protocol: "UDP" }] }] }));
    expect(table.refuses(to("10.0.0.2", { direction: "egress", port: 8080 }))).toBe(
      "NetworkPolicy shop/dns selects pod shop/web, and none of its egress rules allows TCP port 8080 of 10.0.0.2 (pod shop/client)",
    );
  });
});
