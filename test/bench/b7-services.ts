import type { Service } from "../../src/kinds/types/core.ts";
import { slice, smallWorld } from "../cluster/network/small-world.ts";
import type { Benchmark } from "./define.ts";
import { residentMiB } from "./measure.ts";

const SERVICES = 5000;
const ENDPOINTS = 50;
/** Questions in one sample: so its milliseconds are microseconds each. */
const QUESTIONS = 1000;
const ROUNDS = 30;

const addressOf = (n: number): string => `10.${96 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;

const serviceOf = (n: number): Service =>
  ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: `s${n}`, namespace: "shop" },
    spec: {
      clusterIP: addressOf(n + 1),
      clusterIPs: [addressOf(n + 1)],
      ports: [{ port: 80, targetPort: 8080, protocol: "TCP" }],
    },
  }) as Service;

/** All endpoints of a Service but one are elsewhere: that one is the pod that answers. */
const sliceOf = (n: number, round = 0) =>
  slice(
    `s${n}`,
    Array.from({ length: ENDPOINTS }, (_, i) => `10.244.1.${i === round % ENDPOINTS ? 2 : 3 + i}@w1`),
  );

function sample(work: (n: number) => void): number {
  const start = performance.now();
  for (let n = 0; n < QUESTIONS; n++) work(n);
  return performance.now() - start;
}

/** How long kube-proxy's table takes to answer, and to follow a change, beside a look-up in a plain Map. */
export const b7: Benchmark = {
  name: "B7",
  title: `who is reached: ${SERVICES} Services, ${(SERVICES * ENDPOINTS).toLocaleString("en")} endpoints; a thousand times, so milliseconds are microseconds each`,
  async run(tell) {
    const pods = Object.fromEntries(Array.from({ length: ENDPOINTS + 1 }, (_, i) => [`p${i}`, `w1/${i + 2} 8080`]));
    const world = smallWorld({ nodes: ["cp", "w1"], pods });
    const table = world.table("cp");
    const began = performance.now();
    for (let n = 0; n < SERVICES; n++) {
      table.setService(serviceOf(n));
      table.setSlice(sliceOf(n));
    }
    const from = world.machine("cp");
    const ask = (n: number): void => {
      const address = addressOf(((n * 7919) % SERVICES) + 1);
      const end = world.network.dial(from, address, 80);
      if (!("listener" in end)) throw new Error(`${address}: ${end.because}`);
    };
    ask(0);
    const first = performance.now() - began;
    for (let n = 0; n < SERVICES; n++) ask(n);
    const plain = new Map(Array.from({ length: SERVICES }, (_, n) => [`${addressOf(n + 1)}:80/TCP`, n]));
    let sum = 0;
    const look = (n: number): void => {
      sum += plain.get(`${addressOf(((n * 7919) % SERVICES) + 1)}:80/TCP`) ?? 0;
    };
    const asked: number[] = [];
    const looked: number[] = [];
    const changed: number[] = [];
    const renamed: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      looked.push(sample(look));
      asked.push(sample(ask));
      changed.push(
        sample((n) => {
          table.setSlice(sliceOf(n, round));
          ask(n);
        }),
      );
      renamed.push(
        sample((n) => {
          table.setService(serviceOf(n));
          ask(n);
        }),
      );
    }
    const reference = { name: "Map.get", samples: looked };
    tell({
      name: "a connection",
      samples: asked,
      reference,
      target: "50",
      rss: residentMiB(),
      note: sum > 0 ? "" : "?",
    });
    tell({ name: "an endpoint changes, then a connection", samples: changed, reference });
    tell({ name: "a Service changes, then a connection", samples: renamed, reference });
    tell({ name: "the whole table, and the first connection", samples: [first] });
  },
};
