import type { PolicyPacket } from "../../src/cluster/network/define.ts";
import { PolicyTable } from "../../src/cluster/network/policy/policy-table.ts";
import type { Namespace } from "../../src/kinds/types/core.ts";
import type { NetworkPolicy } from "../../src/kinds/types/network.ts";
import type { Pod } from "../../src/kinds/types/pod.ts";
import { type Holds, passes } from "../cluster/network/policy/naive.ts";
import type { Benchmark } from "./define.ts";
import { timed } from "./measure.ts";

const PODS = 5_000;
const POLICIES = 200;
const NAMESPACES = 20;
const QUESTIONS = 20_000;
const NAIVE_QUESTIONS = 200;
const ROUNDS = 7;

const addressOf = (i: number) => `10.244.${i >> 8}.${i & 255}`;

function podNumber(i: number): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `pod-${i}`,
      namespace: `team-${i % NAMESPACES}`,
      labels: { app: `app-${i % 10}`, tier: i % 2 ? "front" : "back" },
    },
    spec: { containers: [{ name: "main", image: "nginx", ports: [{ name: "http", containerPort: 8080 }] }] },
    status: { phase: "Running", podIP: addressOf(i) },
  } as Pod;
}

function policyNumber(i: number): NetworkPolicy {
  const other = { matchLabels: { team: `team-${(i * 7) % NAMESPACES}` } };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: `policy-${i}`, namespace: `team-${i % NAMESPACES}` },
    spec: {
      podSelector: i % 3 === 0 ? {} : { matchLabels: { app: `app-${i % 10}` } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        { from: [{ podSelector: { matchLabels: { tier: "front" } } }], ports: [{ protocol: "TCP", port: "http" }] },
        { from: [{ namespaceSelector: other }, { ipBlock: { cidr: "192.0.2.0/24", except: ["192.0.2.128/25"] } }] },
      ],
      egress: [{ ports: [{ protocol: "UDP", port: 53 }] }, { to: [{ namespaceSelector: other }] }],
    },
  } as unknown as NetworkPolicy;
}

const holds: Holds = {
  namespaces: Array.from(
    { length: NAMESPACES },
    (_, i) =>
      ({
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: `team-${i}`, labels: { team: `team-${i}` } },
      }) as Namespace,
  ),
  pods: Array.from({ length: PODS }, (_, i) => podNumber(i)),
  policies: Array.from({ length: POLICIES }, (_, i) => policyNumber(i)),
};

function packetNumber(i: number): PolicyPacket {
  return {
    direction: i % 2 ? "ingress" : "egress",
    pod: addressOf((i * 31) % PODS),
    peer: addressOf((i * 17 + 5) % PODS),
    port: i % 3 ? 8080 : 9090,
    protocol: "TCP",
    ownHost: false,
  };
}

/** Everything told, and every pod asked about once, so that nothing is left to be worked out. */
function compiled(): PolicyTable {
  const table = new PolicyTable({ blocksMeanMembers: true });
  for (const one of holds.namespaces) table.setNamespace(one);
  for (const one of holds.policies) table.setPolicy(one);
  for (const one of holds.pods) table.setPod(one);
  for (let i = 0; i < PODS; i++) table.refuses({ ...packetNumber(i), pod: addressOf(i) });
  return table;
}

async function samples(work: () => unknown, scale = 1): Promise<number[]> {
  const found: number[] = [];
  for (let round = 0; round < ROUNDS; round++) found.push((await timed(work)).wall / scale);
  return found;
}

export const b8: Benchmark = {
  name: "B8",
  title: "NetworkPolicies of a large cluster",
  async run(tell) {
    const text = JSON.stringify(holds);
    tell({
      name: `${PODS} pods, ${POLICIES} policies: the table`,
      samples: await samples(compiled),
      reference: { name: "the same objects read from JSON", samples: await samples(() => JSON.parse(text)) },
      target: "< 200 ms",
    });
    const table = compiled();
    const ask = () => {
      for (let i = 0; i < QUESTIONS; i++) table.refuses(packetNumber(i));
    };
    const askNaively = () => {
      for (let i = 0; i < NAIVE_QUESTIONS; i++) passes(holds, packetNumber(i));
    };
    tell({
      name: "1,000 packets asked about",
      samples: await samples(ask, QUESTIONS / 1000),
      reference: {
        name: "by the API's words, nothing prepared",
        samples: await samples(askNaively, NAIVE_QUESTIONS / 1000),
      },
      target: "< 10 ms",
    });
    const changed = { ...podNumber(7), metadata: { ...podNumber(7).metadata, labels: { app: "other" } } };
    tell({
      name: "1,000 pods changed, each asked about",
      samples: await samples(() => {
        for (let i = 0; i < 1000; i++) {
          table.setPod(i % 2 ? changed : podNumber(7));
          table.refuses({ ...packetNumber(i), pod: addressOf(7) });
        }
      }),
      target: "< 20 ms",
    });
  },
};
