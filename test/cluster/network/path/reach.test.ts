import { describe, expect, test } from "vitest";
import { type SmallPlan, service, slice, smallWorld } from "../small-world.ts";

/** Who asks, what address and port, and what comes of it: the reason is in the answer. */
type Question = readonly [
  from: string,
  address: string,
  port: number | "ping" | `${number}/${"UDP" | "SCTP"}`,
  answer: string,
];

const pods = {
  client: "w1/2 9090",
  web: "w1/3 8080 127.0.0.1:9000",
  far: "w2/2 8080 53/UDP 5060/SCTP",
  agent: "w1/host",
};
const web = (more: object = {}) =>
  service("web", { clusterIP: "10.96.0.5", ports: [{ name: "http", port: 80, targetPort: 8080 }], ...more });
const both = slice("web", ["10.244.1.3@w1", "10.244.2.2@w2"], ["http:8080"]);
const here = slice("web", ["10.244.1.3@w1"], ["http:8080"]);
const there = slice("web", ["10.244.2.2@w2"], ["http:8080"]);

function ask(plan: SmallPlan, [from, address, port, answer]: Question): void {
  const world = smallWorld(plan);
  const [number, protocol] = String(port).split("/");
  const said =
    port === "ping"
      ? world.ping(from, address)
      : world.ask(from, address, Number(number), protocol as "UDP" | undefined);
  expect(said).toBe(answer);
}

describe("without Services", () => {
  const plan: SmallPlan = {
    pods,
    bare: ["base"],
    listens: { cp: "6443 127.0.0.1:10249", w1: "10250", base: "22" },
    hostPorts: ["w1 8081 web 8080", "w2 8082 far 8080"],
  };
  test.each<Question>([
    // Loopback: of the host, and of the pod's own network.
    ["cp", "127.0.0.1", 6443, "cp 127.0.0.1 sees 127.0.0.1"],
    ["cp", "127.0.0.1", 10249, "cp 127.0.0.1 sees 127.0.0.1"],
    ["cp", "127.0.0.2", 10249, "refused: nothing listens on 127.0.0.2:10249"],
    ["cp", "0.0.0.0", 6443, "cp 127.0.0.1 sees 127.0.0.1"],
    ["web", "127.0.0.1", 8080, "web 127.0.0.1 sees 127.0.0.1"],
    ["web", "127.0.0.1", 9000, "web 127.0.0.1 sees 127.0.0.1"],
    ["web", "127.0.0.1", 10250, "refused: nothing listens on 127.0.0.1:10250"],
    ["agent", "127.0.0.1", 10250, "w1 127.0.0.1 sees 127.0.0.1"],
    ["cp", "192.168.56.10", 10249, "refused: nothing listens on 192.168.56.10:10249"],
    // Hosts among each other, and to themselves.
    ["cp", "192.168.56.10", 6443, "cp 192.168.56.10 sees 192.168.56.10"],
    ["w1", "192.168.56.10", 6443, "cp 192.168.56.10 sees 192.168.56.11"],
    ["base", "192.168.56.10", 6443, "cp 192.168.56.10 sees 192.168.56.13"],
    ["cp", "192.168.56.13", 22, "base 192.168.56.13 sees 192.168.56.10"],
    ["w1", "192.168.56.10", 6444, "refused: nothing listens on 192.168.56.10:6444"],
    ["agent", "192.168.56.10", 6443, "cp 192.168.56.10 sees 192.168.56.11"],
    // Pods: to themselves, to a neighbour, over the overlay.
    ["web", "10.244.1.3", 8080, "web 10.244.1.3 sees 10.244.1.3"],
    ["client", "10.244.1.3", 8080, "web 10.244.1.3 sees 10.244.1.2"],
    ["client", "10.244.1.3", 9000, "refused: nothing listens on 10.244.1.3:9000"],
    ["client", "10.244.1.3", 81, "refused: nothing listens on 10.244.1.3:81"],
    ["client", "10.244.2.2", 8080, "far 10.244.2.2 sees 10.244.1.2"],
    ["client", "10.244.2.2", "53/UDP", "far 10.244.2.2 sees 10.244.1.2"],
    ["client", "10.244.2.2", "5060/SCTP", "far 10.244.2.2 sees 10.244.1.2"],
    ["client", "10.244.2.2", 53, "refused: nothing listens on 10.244.2.2:53"],
    ["client", "10.244.2.2", "5060/UDP", "refused: nothing listens on 10.244.2.2:5060"],
    // Hosts speak to pods from the interface on the way: cni0 for their own, flannel.1 for others'.
    ["w1", "10.244.1.3", 8080, "web 10.244.1.3 sees 10.244.1.1"],
    ["w2", "10.244.1.3", 8080, "web 10.244.1.3 sees 10.244.2.0"],
    ["agent", "10.244.1.3", 8080, "web 10.244.1.3 sees 10.244.1.1"],
    // flannel hides pods from hosts behind their node's address; their own node sees them.
    ["client", "192.168.56.11", 10250, "w1 192.168.56.11 sees 10.244.1.2"],
    ["client", "10.244.1.1", 10250, "w1 10.244.1.1 sees 10.244.1.2"],
    ["client", "192.168.56.10", 6443, "cp 192.168.56.10 sees 192.168.56.11"],
    ["client", "192.168.56.13", 22, "base 192.168.56.13 sees 192.168.56.11"],
    // A host that is no node has no way to pods.
    ["base", "10.244.1.3", 8080, "timeout: the pod network of base is not set up"],
    // hostPort: at the node's address and its loopback; the pod sees who asks.
    ["cp", "192.168.56.11", 8081, "web 10.244.1.3 sees 192.168.56.10"],
    ["w1", "127.0.0.1", 8081, "web 10.244.1.3 sees 10.244.1.1"],
    ["w1", "192.168.56.11", 8081, "web 10.244.1.3 sees 192.168.56.11"],
    ["client", "192.168.56.11", 8081, "web 10.244.1.3 sees 10.244.1.1"],
    ["client", "192.168.56.12", 8082, "far 10.244.2.2 sees 192.168.56.11"],
    ["cp", "192.168.56.12", 8081, "refused: nothing listens on 192.168.56.12:8081"],
    ["web", "127.0.0.1", 8081, "refused: nothing listens on 127.0.0.1:8081"],
    // Addresses that nobody has.
    ["cp", "192.168.56.99", 80, "unreachable: no host has the address 192.168.56.99"],
    ["client", "192.168.56.99", 80, "unreachable: no host has the address 192.168.56.99"],
    ["client", "10.244.1.77", 80, "unreachable: no pod has the address 10.244.1.77 (it would be on w1)"],
    ["client", "10.244.2.77", 80, "unreachable: no pod has the address 10.244.2.77 (it would be on w2)"],
    ["base", "10.244.2.77", 80, "timeout: nothing answers at 10.244.2.77"],
    ["cp", "10.244.77.1", 80, "timeout: nothing answers at 10.244.77.1"],
    ["cp", "10.96.0.5", 80, "timeout: nothing answers at 10.96.0.5"],
    ["client", "8.8.8.8", 53, "timeout: nothing answers at 8.8.8.8"],
    ["cp", "::1", 6443, "cp ::1 sees ::1"],
    ["cp", "fd00::1", 80, "unreachable: cp has no IPv6 address, and so no route to fd00::1"],
    // Echo requests, and the routers on their way.
    ["cp", "127.0.0.1", "ping", "127.0.0.1"],
    ["cp", "192.168.56.11", "ping", "192.168.56.11"],
    ["client", "10.244.1.2", "ping", "10.244.1.2"],
    ["client", "10.244.1.3", "ping", "10.244.1.3"],
    ["client", "10.244.2.2", "ping", "10.244.1.1 10.244.2.0 10.244.2.2"],
    ["w1", "10.244.2.2", "ping", "10.244.2.0 10.244.2.2"],
    ["client", "192.168.56.11", "ping", "192.168.56.11"],
    ["client", "192.168.56.12", "ping", "10.244.1.1 192.168.56.12"],
    ["client", "10.244.1.77", "ping", "unreachable: no pod has the address 10.244.1.77 (it would be on w1)"],
  ])("%s → %s %s: %s", (...question) => ask(plan, question));
});

describe("a pod network that is not whole", () => {
  const plan: SmallPlan = { pods, cut: ["w2"], listens: { w2: "10250" }, services: [web()], slices: [there] };
  test.each<Question>([
    ["client", "10.244.2.2", 8080, "timeout: the pod network of w2 is not set up"],
    ["w1", "10.244.2.2", 8080, "timeout: the pod network of w2 is not set up"],
    ["far", "10.244.1.3", 8080, "timeout: the pod network of w2 is not set up"],
    ["w2", "10.244.2.2", 8080, "far 10.244.2.2 sees 192.168.56.12"],
    ["client", "10.96.0.5", 80, "timeout: the pod network of w2 is not set up"],
    ["w1", "192.168.56.12", 10250, "w2 192.168.56.12 sees 192.168.56.11"],
    ["client", "10.244.1.3", 8080, "web 10.244.1.3 sees 10.244.1.2"],
  ])("%s → %s %s: %s", (...question) => ask(plan, question));
});

test("a node that is off", () => {
  const world = smallWorld({ pods, listens: { w2: "10250" }, services: [web()], slices: [there] });
  world.off("w2");
  expect(world.ask("client", "10.244.2.2", 8080)).toBe("timeout: node w2, where 10.244.2.2 is, is off");
  expect(world.ask("client", "10.96.0.5", 80)).toBe("timeout: node w2, where 10.244.2.2 is, is off");
  expect(world.ask("cp", "192.168.56.12", 10250)).toBe("unreachable: no host has the address 192.168.56.12");
});

describe("other plugins", () => {
  const calico: SmallPlan = { pods, plugin: "calico", listens: { cp: "6443" } };
  const cilium: SmallPlan = { ...calico, plugin: "cilium" };
  test.each<readonly [SmallPlan, ...Question]>([
    [calico, "w1", "10.244.1.3", 8080, "web 10.244.1.3 sees 192.168.56.11"],
    [calico, "w2", "10.244.1.3", 8080, "web 10.244.1.3 sees 10.244.2.0"],
    [calico, "client", "192.168.56.10", 6443, "cp 192.168.56.10 sees 192.168.56.11"],
    [calico, "client", "10.244.1.77", 80, "timeout: no pod has the address 10.244.1.77 (it would be on w1)"],
    [calico, "client", "10.244.1.3", "ping", "192.168.56.11 10.244.1.3"],
    [calico, "client", "10.244.2.2", "ping", "192.168.56.11 10.244.2.0 10.244.2.2"],
    [cilium, "w1", "10.244.1.3", 8080, "web 10.244.1.3 sees 10.244.1.1"],
    [cilium, "w2", "10.244.1.3", 8080, "web 10.244.1.3 sees 10.244.2.1"],
    [cilium, "client", "192.168.56.10", 6443, "cp 192.168.56.10 sees 10.244.1.2"],
    [cilium, "client", "10.244.2.77", 80, "timeout: no pod has the address 10.244.2.77 (it would be on w2)"],
  ])("%o", (plan, ...question) => ask(plan, question));
});

describe("cluster IPs", () => {
  const db = service("db", { clusterIP: "10.96.0.6", ports: [{ port: 5432 }] });
  const gone = service("gone", {
    clusterIP: "10.96.0.7",
    ports: [
      { name: "a", port: 80 },
      { name: "b", port: 81 },
    ],
  });
  const dns = service("dns", {
    clusterIP: "10.96.0.10",
    ports: [
      { port: 53, protocol: "UDP" },
      { name: "sip", port: 5060, protocol: "SCTP" },
    ],
  });
  const plan: SmallPlan = {
    pods,
    listens: { cp: "6443" },
    services: [web(), db, gone, dns, service("api", { clusterIP: "10.96.0.1", ports: [{ port: 443 }] })],
    slices: [
      there,
      slice("dns", ["10.244.2.2@w2"], ["53/UDP", "sip:5060/SCTP"]),
      slice("api", ["192.168.56.10"], [6443]),
      slice("gone", ["10.244.2.9@w2"], ["b:80"]),
    ],
  };
  test.each<Question>([
    // A pod's own address goes with it; whoever is no pod is hidden behind the interface on the way.
    ["client", "10.96.0.5", 80, "far 10.244.2.2 sees 10.244.1.2"],
    ["w1", "10.96.0.5", 80, "far 10.244.2.2 sees 10.244.1.0"],
    ["w2", "10.96.0.5", 80, "far 10.244.2.2 sees 10.244.2.1"],
    ["agent", "10.96.0.5", 80, "far 10.244.2.2 sees 10.244.1.0"],
    // Hairpin: a pod that reaches itself sees its router.
    ["far", "10.96.0.5", 80, "far 10.244.2.2 sees 10.244.2.1"],
    ["client", "10.96.0.10", "53/UDP", "far 10.244.2.2 sees 10.244.1.2"],
    ["client", "10.96.0.10", "5060/SCTP", "far 10.244.2.2 sees 10.244.1.2"],
    ["client", "10.96.0.10", 53, "timeout: 10.96.0.10 is the cluster IP of service shop/dns, which has no port 53/TCP"],
    ["client", "10.96.0.1", 443, "cp 192.168.56.10 sees 192.168.56.11"],
    ["cp", "10.96.0.1", 443, "cp 192.168.56.10 sees 192.168.56.10"],
    ["w1", "10.96.0.1", 443, "cp 192.168.56.10 sees 192.168.56.11"],
    // No endpoints: rejected at once. An endpoint that nobody is: as nobody's address.
    ["client", "10.96.0.6", 5432, "refused: service shop/db has no endpoints"],
    ["w1", "10.96.0.6", 5432, "refused: service shop/db has no endpoints"],
    ["client", "10.96.0.7", 80, "refused: port shop/gone:a of service shop/gone has no endpoints"],
    ["client", "10.96.0.7", 81, "unreachable: no pod has the address 10.244.2.9 (it would be on w2)"],
    [
      "client",
      "10.96.0.5",
      8080,
      "timeout: 10.96.0.5 is the cluster IP of service shop/web, which has no port 8080/TCP",
    ],
    ["client", "10.96.0.200", 80, "timeout: nothing answers at 10.96.0.200"],
    [
      "client",
      "10.96.0.5",
      "ping",
      "timeout: 10.96.0.5 is the cluster IP of service shop/web: it answers at its ports alone",
    ],
  ])("%s → %s %s: %s", (...question) => ask(plan, question));

  test.each<readonly [string, SmallPlan, ...Question]>([
    [
      "masqueradeAll",
      { settings: { masqueradeAll: true } },
      "client",
      "10.96.0.5",
      80,
      "far 10.244.2.2 sees 10.244.1.0",
    ],
    [
      "no cluster CIDR: a node is not told apart, but flannel hides it",
      { settings: { clusterCIDRs: [] } },
      "w1",
      "10.96.0.5",
      80,
      "far 10.244.2.2 sees 10.244.1.0",
    ],
    [
      "ipvs: other ports",
      { settings: { mode: "ipvs" } },
      "client",
      "10.96.0.5",
      81,
      "refused: service shop/web has no port 81",
    ],
    [
      "nftables: other ports",
      { settings: { mode: "nftables" } },
      "client",
      "10.96.0.5",
      81,
      "refused: service shop/web has no port 81",
    ],
    [
      "ipvs: echo requests are rejected since 1.27",
      { settings: { mode: "ipvs" } },
      "client",
      "10.96.0.5",
      "ping",
      "refused: the node's kube-proxy (ipvs) rejects what is not for a port of service shop/web",
    ],
    [
      "nftables: echo requests",
      { settings: { mode: "nftables" } },
      "w1",
      "10.96.0.5",
      "ping",
      "refused: the node's kube-proxy (nftables) rejects what is not for a port of service shop/web",
    ],
    [
      "unready endpoints",
      { slices: [slice("web", ["10.244.1.3@w1!unready"], ["http:8080"])] },
      "client",
      "10.96.0.5",
      80,
      "refused: port shop/web:http of service shop/web has no endpoints",
    ],
    [
      "unready beside ready ones",
      { slices: [slice("web", ["10.244.1.3@w1!unready", "10.244.2.2@w2"], ["http:8080"])] },
      "client",
      "10.96.0.5",
      80,
      "far 10.244.2.2 sees 10.244.1.2",
    ],
    [
      "ending ones that still serve, where nothing is ready (KEP-1669)",
      { slices: [slice("web", ["10.244.1.3@w1!gone", "10.244.2.2@w2!ending"], ["http:8080"])] },
      "client",
      "10.96.0.5",
      80,
      "far 10.244.2.2 sees 10.244.1.2",
    ],
    [
      "several slices, a port each",
      { slices: [slice("web", ["10.244.1.9@w1!unready"], ["http:9999"]), there] },
      "client",
      "10.96.0.5",
      80,
      "far 10.244.2.2 sees 10.244.1.2",
    ],
    [
      "a slice of another port name",
      { slices: [slice("web", ["10.244.2.2@w2"], ["https:8080"])] },
      "client",
      "10.96.0.5",
      80,
      "refused: port shop/web:http of service shop/web has no endpoints",
    ],
    [
      "another proxy's Service",
      {
        services: [
          {
            ...web(),
            metadata: {
              name: "web",
              namespace: "shop",
              labels: { "service.kubernetes.io/service-proxy-name": "mine" },
            },
          },
        ],
      },
      "client",
      "10.96.0.5",
      80,
      "timeout: nothing answers at 10.96.0.5",
    ],
  ])("%s", (_, more, ...question) => ask({ ...plan, ...more }, question));
});

describe("traffic policies", () => {
  const plan: SmallPlan = { pods, bare: ["base"] };
  const nodePort = web({ type: "NodePort", ports: [{ name: "http", port: 80, nodePort: 30080 }] });
  const local = web({
    type: "NodePort",
    externalTrafficPolicy: "Local",
    ports: [{ name: "http", port: 80, nodePort: 30080 }],
  });
  const inside = web({ internalTrafficPolicy: "Local" });
  const none = "timeout: service shop/web has no endpoint on";
  test.each<readonly [string, SmallPlan, ...Question]>([
    [
      "internal Local: on the node",
      { services: [inside], slices: [both] },
      "client",
      "10.96.0.5",
      80,
      "web 10.244.1.3 sees 10.244.1.2",
    ],
    [
      "internal Local: none on the node",
      { services: [inside], slices: [there] },
      "client",
      "10.96.0.5",
      80,
      `${none} w1 (internalTrafficPolicy: Local)`,
    ],
    [
      "internal Local: none at all",
      { services: [inside], slices: [] },
      "client",
      "10.96.0.5",
      80,
      "refused: port shop/web:http of service shop/web has no endpoints",
    ],
    [
      "internal Local: an ending one on the node",
      { services: [inside], slices: [slice("web", ["10.244.1.3@w1!ending", "10.244.2.2@w2"], ["http:8080"])] },
      "client",
      "10.96.0.5",
      80,
      "web 10.244.1.3 sees 10.244.1.2",
    ],
    [
      "internal Local in mode ipvs: none on the node is rejected",
      { services: [inside], slices: [there], settings: { mode: "ipvs" } },
      "client",
      "10.96.0.5",
      80,
      "refused: service shop/web has no endpoint on w1 (internalTrafficPolicy: Local)",
    ],
    [
      "internal Local in mode ipvs: all endpoints where the Service is open to the outside",
      {
        services: [
          web({
            type: "NodePort",
            internalTrafficPolicy: "Local",
            ports: [{ name: "http", port: 80, nodePort: 30080 }],
          }),
        ],
        slices: [there],
        settings: { mode: "ipvs" },
      },
      "client",
      "10.96.0.5",
      80,
      "far 10.244.2.2 sees 10.244.1.2",
    ],
    [
      "node port, Cluster: from outside, to the node's own pod",
      { services: [nodePort], slices: [here] },
      "base",
      "192.168.56.11",
      30080,
      "web 10.244.1.3 sees 10.244.1.1",
    ],
    [
      "node port, Cluster: from outside, to another node's",
      { services: [nodePort], slices: [there] },
      "base",
      "192.168.56.11",
      30080,
      "far 10.244.2.2 sees 10.244.1.0",
    ],
    [
      "node port at any node",
      { services: [nodePort], slices: [there] },
      "w2",
      "192.168.56.10",
      30080,
      "far 10.244.2.2 sees 10.244.0.0",
    ],
    [
      "node port at one's own node",
      { services: [nodePort], slices: [there] },
      "w1",
      "192.168.56.11",
      30080,
      "far 10.244.2.2 sees 10.244.1.0",
    ],
    [
      "node port on loopback",
      { services: [nodePort], slices: [there] },
      "w1",
      "127.0.0.1",
      30080,
      "far 10.244.2.2 sees 10.244.1.0",
    ],
    [
      "node port on loopback, not so wished",
      { services: [nodePort], slices: [there], settings: { localhostNodePorts: false } },
      "w1",
      "127.0.0.1",
      30080,
      "refused: nothing listens on 127.0.0.1:30080",
    ],
    [
      "node port on loopback in mode ipvs",
      { services: [nodePort], slices: [there], settings: { mode: "ipvs" } },
      "w1",
      "127.0.0.1",
      30080,
      "refused: nothing listens on 127.0.0.1:30080",
    ],
    [
      "node port on loopback in mode nftables",
      { services: [nodePort], slices: [there], settings: { mode: "nftables" } },
      "w1",
      "127.0.0.1",
      30080,
      "refused: nothing listens on 127.0.0.1:30080",
    ],
    [
      "node port on a pod's loopback",
      { services: [nodePort], slices: [there] },
      "client",
      "127.0.0.1",
      30080,
      "refused: nothing listens on 127.0.0.1:30080",
    ],
    [
      "node port from a pod, at its own node",
      { services: [nodePort], slices: [there] },
      "client",
      "192.168.56.11",
      30080,
      "far 10.244.2.2 sees 10.244.1.0",
    ],
    [
      "node port from a pod, at another node",
      { services: [nodePort], slices: [here] },
      "client",
      "192.168.56.12",
      30080,
      "web 10.244.1.3 sees 10.244.2.0",
    ],
    [
      "node port without endpoints",
      { services: [nodePort], slices: [] },
      "base",
      "192.168.56.11",
      30080,
      "refused: port shop/web:http of service shop/web has no endpoints",
    ],
    [
      "node port of a cni0 address",
      { services: [nodePort], slices: [there] },
      "client",
      "10.244.1.1",
      30080,
      "far 10.244.2.2 sees 10.244.1.0",
    ],
    [
      "no such node port",
      { services: [nodePort], slices: [there] },
      "base",
      "192.168.56.11",
      30081,
      "refused: nothing listens on 192.168.56.11:30081",
    ],
    [
      "nodePortAddresses: primary",
      { services: [nodePort], slices: [there], settings: { nodePortAddresses: "primary" } },
      "base",
      "192.168.56.11",
      30080,
      "far 10.244.2.2 sees 10.244.1.0",
    ],
    [
      "nodePortAddresses: primary is not cni0",
      { services: [nodePort], slices: [there], settings: { nodePortAddresses: "primary" } },
      "client",
      "10.244.1.1",
      30080,
      "refused: nothing listens on 10.244.1.1:30080",
    ],
    [
      "nodePortAddresses: ranges",
      { services: [nodePort], slices: [there], settings: { nodePortAddresses: ["10.0.0.0/8"] } },
      "base",
      "192.168.56.11",
      30080,
      "refused: nothing listens on 192.168.56.11:30080",
    ],
    [
      "external Local: the client is seen",
      { services: [local], slices: [both] },
      "base",
      "192.168.56.11",
      30080,
      "web 10.244.1.3 sees 192.168.56.13",
    ],
    [
      "external Local: none on the node",
      { services: [local], slices: [there] },
      "base",
      "192.168.56.11",
      30080,
      `${none} w1 (externalTrafficPolicy: Local)`,
    ],
    [
      "external Local: none at all",
      { services: [local], slices: [] },
      "base",
      "192.168.56.11",
      30080,
      "refused: port shop/web:http of service shop/web has no endpoints",
    ],
    [
      "external Local: the node itself is not outside",
      { services: [local], slices: [there] },
      "w1",
      "192.168.56.11",
      30080,
      "far 10.244.2.2 sees 10.244.1.0",
    ],
    [
      "external Local: nor are pods, at their own node",
      { services: [local], slices: [there] },
      "client",
      "192.168.56.11",
      30080,
      "far 10.244.2.2 sees 10.244.1.2",
    ],
    [
      "external Local: at another node they are, hidden behind theirs",
      { services: [local], slices: [both] },
      "client",
      "192.168.56.12",
      30080,
      "far 10.244.2.2 sees 192.168.56.11",
    ],
    [
      "external Local: at another node without one",
      { services: [local], slices: [here] },
      "client",
      "192.168.56.12",
      30080,
      `${none} w2 (externalTrafficPolicy: Local)`,
    ],
    [
      "external Local: the cluster IP is Cluster",
      { services: [local], slices: [there] },
      "client",
      "10.96.0.5",
      80,
      "far 10.244.2.2 sees 10.244.1.2",
    ],
  ])("%s", (_, more, ...question) => ask({ ...plan, ...more }, question));
});

describe("addresses from outside", () => {
  const balanced = (more: object = {}, ingress: readonly object[] = [{ ip: "192.168.56.240", ipMode: "VIP" }]) =>
    service(
      "web",
      { clusterIP: "10.96.0.5", type: "LoadBalancer", ports: [{ name: "http", port: 80, nodePort: 30080 }], ...more },
      ingress,
    );
  const plan: SmallPlan = { pods, bare: ["base"], slices: [there], announced: { "192.168.56.240": "w1" } };
  const none = "refused: port shop/web:http of service shop/web has no endpoints";
  test.each<readonly [string, SmallPlan, ...Question]>([
    [
      "a balancer's address, from outside",
      { services: [balanced()] },
      "base",
      "192.168.56.240",
      80,
      "far 10.244.2.2 sees 10.244.1.0",
    ],
    [
      "from a pod: its own node's rules take it",
      { services: [balanced()] },
      "client",
      "192.168.56.240",
      80,
      "far 10.244.2.2 sees 10.244.1.0",
    ],
    ["from a node", { services: [balanced()] }, "cp", "192.168.56.240", 80, "far 10.244.2.2 sees 10.244.0.0"],
    [
      "policy Local, at the announcing node",
      { services: [balanced({ externalTrafficPolicy: "Local" })], slices: [here] },
      "base",
      "192.168.56.240",
      80,
      "web 10.244.1.3 sees 192.168.56.13",
    ],
    [
      "policy Local: no endpoint at the announcing node",
      { services: [balanced({ externalTrafficPolicy: "Local" })] },
      "base",
      "192.168.56.240",
      80,
      "timeout: service shop/web has no endpoint on w1 (externalTrafficPolicy: Local)",
    ],
    [
      "another port: nobody has the address",
      { services: [balanced()] },
      "base",
      "192.168.56.240",
      81,
      "unreachable: no host has the address 192.168.56.240 (an external address of service shop/web)",
    ],
    [
      "nobody announces it",
      { services: [balanced()], announced: {} },
      "base",
      "192.168.56.240",
      80,
      "unreachable: no host has the address 192.168.56.240",
    ],
    ["no endpoints, from outside", { services: [balanced()], slices: [] }, "base", "192.168.56.240", 80, none],
    ["no endpoints, from a pod", { services: [balanced()], slices: [] }, "client", "192.168.56.240", 80, none],
    [
      "no endpoints, from a node in mode iptables: on to who announces it",
      { services: [balanced()], slices: [] },
      "cp",
      "192.168.56.240",
      80,
      none,
    ],
    [
      "ipMode Proxy: the nodes know nothing of the address",
      { services: [balanced({}, [{ ip: "192.168.56.240", ipMode: "Proxy" }])] },
      "client",
      "192.168.56.240",
      80,
      "unreachable: no host has the address 192.168.56.240",
    ],
    [
      "no mode is VIP",
      { services: [balanced({}, [{ ip: "192.168.56.240" }])] },
      "client",
      "192.168.56.240",
      80,
      "far 10.244.2.2 sees 10.244.1.0",
    ],
    [
      "source ranges: within",
      { services: [balanced({ loadBalancerSourceRanges: ["192.168.56.0/24"] })] },
      "base",
      "192.168.56.240",
      80,
      "far 10.244.2.2 sees 10.244.1.0",
    ],
    [
      "source ranges: without",
      { services: [balanced({ loadBalancerSourceRanges: ["203.0.113.0/24"] })] },
      "base",
      "192.168.56.240",
      80,
      "timeout: service shop/web takes connections from 203.0.113.0/24 alone (loadBalancerSourceRanges)",
    ],
    [
      "source ranges do not bind node ports",
      { services: [balanced({ loadBalancerSourceRanges: ["203.0.113.0/24"] })] },
      "base",
      "192.168.56.11",
      30080,
      "far 10.244.2.2 sees 10.244.1.0",
    ],
    [
      "source ranges do not bind the cluster IP",
      { services: [balanced({ loadBalancerSourceRanges: ["203.0.113.0/24"] })] },
      "client",
      "10.96.0.5",
      80,
      "far 10.244.2.2 sees 10.244.1.2",
    ],
    [
      "an external IP, from a pod",
      { services: [web({ externalIPs: ["203.0.113.7"] })] },
      "client",
      "203.0.113.7",
      80,
      "far 10.244.2.2 sees 10.244.1.0",
    ],
    [
      "an external IP, from outside, which knows no way",
      { services: [web({ externalIPs: ["203.0.113.7"] })] },
      "base",
      "203.0.113.7",
      80,
      "timeout: nothing answers at 203.0.113.7",
    ],
    [
      "an external IP that is a node's address",
      { services: [web({ externalIPs: ["192.168.56.12"] })] },
      "base",
      "192.168.56.12",
      80,
      "far 10.244.2.2 sees 10.244.2.1",
    ],
    [
      "a balancer's address, pinged",
      { services: [balanced()] },
      "base",
      "192.168.56.240",
      "ping",
      "unreachable: no host has the address 192.168.56.240 (an external address of service shop/web)",
    ],
  ])("%s", (_, more, ...question) => ask({ ...plan, ...more }, question));
});

describe("policies", () => {
  const asked: string[] = [];
  const only =
    (direction: string, why: string): SmallPlan["policies"] =>
    (packet, node) => {
      if (packet.direction !== direction) return undefined;
      asked.push(
        `${node} ${packet.pod} ${packet.peer} ${packet.port}/${packet.protocol}${packet.ownHost ? " own" : ""}`,
      );
      return why === "" ? undefined : why;
    };
  const calico: SmallPlan = {
    pods,
    bare: ["base"],
    plugin: "calico",
    services: [web({ type: "NodePort", ports: [{ name: "http", port: 80, nodePort: 30080 }] })],
    slices: [there],
  };
  test.each<readonly [string, SmallPlan["policies"], Question, readonly string[]]>([
    [
      "egress is asked behind the translation",
      only("egress", "no"),
      ["client", "10.96.0.5", 80, "timeout: no"],
      ["w1 10.244.1.2 10.244.2.2 8080/TCP"],
    ],
    [
      "egress from hosts is not asked",
      only("egress", "no"),
      ["w1", "10.244.2.2", 8080, "far 10.244.2.2 sees 10.244.1.0"],
      [],
    ],
    [
      "egress of echo requests",
      only("egress", "no"),
      ["client", "10.244.2.2", "ping", "timeout: no"],
      ["w1 10.244.1.2 10.244.2.2 0/ICMP"],
    ],
    [
      "egress to the own node",
      only("egress", ""),
      ["client", "192.168.56.11", 1, "refused: nothing listens on 192.168.56.11:1"],
      ["w1 10.244.1.2 192.168.56.11 1/TCP own"],
    ],
    [
      "ingress at the other node, as the pod's",
      only("ingress", "no"),
      ["client", "10.96.0.5", 80, "timeout: no"],
      ["w2 10.244.2.2 10.244.1.2 8080/TCP"],
    ],
    [
      "ingress of a neighbour",
      only("ingress", ""),
      ["client", "10.244.1.3", 8080, "web 10.244.1.3 sees 10.244.1.2"],
      ["w1 10.244.1.3 10.244.1.2 8080/TCP"],
    ],
    [
      "ingress from the own node",
      only("ingress", ""),
      ["w2", "10.244.2.2", 8080, "far 10.244.2.2 sees 192.168.56.12"],
      ["w2 10.244.2.2 192.168.56.12 8080/TCP own"],
    ],
    [
      "ingress of another node: its tunnel",
      only("ingress", ""),
      ["w1", "10.244.2.2", 8080, "far 10.244.2.2 sees 10.244.1.0"],
      ["w2 10.244.2.2 10.244.1.0 8080/TCP"],
    ],
    [
      "ingress through a node port of the same node: the client, though the pod sees the node",
      only("ingress", ""),
      ["base", "192.168.56.12", 30080, "far 10.244.2.2 sees 192.168.56.12"],
      ["w2 10.244.2.2 192.168.56.13 8080/TCP"],
    ],
    [
      "ingress through a node port of another node: that node",
      only("ingress", ""),
      ["base", "192.168.56.11", 30080, "far 10.244.2.2 sees 10.244.1.0"],
      ["w2 10.244.2.2 10.244.1.0 8080/TCP"],
    ],
    [
      "a pod to itself is never asked",
      only("ingress", "no"),
      ["far", "10.244.2.2", 8080, "far 10.244.2.2 sees 10.244.2.2"],
      [],
    ],
    ["nor by its Service", only("ingress", "no"), ["far", "10.96.0.5", 80, "far 10.244.2.2 sees 192.168.56.12"], []],
  ])("%s", (_, policies, question, packets) => {
    asked.length = 0;
    ask({ ...calico, policies }, question);
    expect(asked).toEqual(packets);
  });

  test("a policy stands before kube-proxy's rejection", () => {
    const policies = only("egress", "no");
    ask({ ...calico, slices: [], policies }, ["client", "10.96.0.5", 80, "timeout: no"]);
  });

  test("Cilium looks behind the translation of the source: a node port of the same node is the node", () => {
    asked.length = 0;
    const policies = only("ingress", "");
    ask({ ...calico, plugin: "cilium", policies }, ["base", "192.168.56.12", 30080, "far 10.244.2.2 sees 10.244.2.1"]);
    expect(asked).toEqual(["w2 10.244.2.2 10.244.2.1 8080/TCP own"]);
  });
});

describe("two families", () => {
  const dual = service("web", {
    clusterIP: "10.96.0.5",
    clusterIPs: ["10.96.0.5", "fd00:96::5"],
    type: "NodePort",
    ports: [{ port: 80, nodePort: 30080 }],
  });
  const plan: SmallPlan = {
    pods,
    dual: true,
    bare: ["base"],
    listens: { cp: "6443" },
    services: [dual],
    slices: [slice("web", ["10.244.2.2@w2"]), slice("web", ["fd00:10:244:2::2@w2"])],
  };
  test.each<Question>([
    ["client", "fd00:10:244:2::2", 8080, "far fd00:10:244:2::2 sees fd00:10:244:1::2"],
    ["client", "fd00:10:244:2:0:0:0:2", 8080, "far fd00:10:244:2::2 sees fd00:10:244:1::2"],
    ["w1", "fd00:10:244:2::2", 8080, "far fd00:10:244:2::2 sees fd00:10:244:1::"],
    ["client", "fd56::10", 6443, "cp fd56::10 sees fd56::11"],
    ["client", "fd00:96::5", 80, "far fd00:10:244:2::2 sees fd00:10:244:1::2"],
    ["client", "10.96.0.5", 80, "far 10.244.2.2 sees 10.244.1.2"],
    ["base", "fd56::11", 30080, "far fd00:10:244:2::2 sees fd00:10:244:1::"],
    ["base", "192.168.56.11", 30080, "far 10.244.2.2 sees 10.244.1.0"],
    ["w1", "::1", 30080, "refused: nothing listens on ::1:30080"],
    ["cp", "::1", 6443, "cp ::1 sees ::1"],
    ["cp", "::", 6443, "cp ::1 sees ::1"],
    ["client", "fd56::99", 80, "unreachable: no host has the address fd56::99"],
    ["client", "fd00:96::5", 81, "timeout: fd00:96::5 is the cluster IP of service shop/web, which has no port 81/TCP"],
    ["client", "2001:db8::1", 80, "timeout: nothing answers at 2001:db8::1"],
  ])("%s → %s %s: %s", (...question) => ask(plan, question));
});
