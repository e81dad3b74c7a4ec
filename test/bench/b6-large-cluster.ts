import type { World } from "../../src/cluster/world.ts";
import { isPodReady } from "../../src/kinds/labels.ts";
import type { Node } from "../../src/kinds/types/core.ts";
import type { KubeObject } from "../../src/kinds/types/meta.ts";
import type { Pod } from "../../src/kinds/types/pod.ts";
import type { Deployment } from "../../src/kinds/types/workload.ts";
import { makeWorld } from "../../src/lab/make-world.ts";
import type { Benchmark } from "./define.ts";
import { addLightNode } from "./light-node.ts";
import { residentMiB, timed } from "./measure.ts";
import { plainLoop } from "./plain-loop.ts";

const NODES = 5_000;
/** The scheduler's own speed is told at each of these sizes. */
const nodeCounts = [100, 1_000, NODES];
/** Deployments of 100 pods each with which it is told. */
const DEPLOYMENTS = 10;
const SECOND = 1_000_000;
/** Deployments of 100 pods each; more are asked for with BENCH_DEPLOYMENTS=1500. */
const sizes = (process.env.BENCH_DEPLOYMENTS ?? "10,100").split(",").map(Number);

/** A control plane without a data plane of its own on the light nodes: kube-proxy and flannel stay where it runs. */
function controlPlane(seed: string): World {
  const hosts = [{ name: "controlplane", role: "control-plane", cpu: "8", memory: "32Gi" }] as const;
  const { world } = makeWorld({ name: "large", hosts, podCIDR: "100.64.0.0/10" }, seed);
  const api = world.admin();
  const nodeSelector = { "node-role.kubernetes.io/control-plane": "" };
  for (const object of api.list<KubeObject & { spec: { template: { spec: object } } }>("daemonsets.apps"))
    api.modify(object, (current) => {
      const { template } = current.spec;
      return {
        ...current,
        spec: { ...current.spec, template: { ...template, spec: { ...template.spec, nodeSelector } } },
      };
    });
  world.advance(60);
  return world;
}

function addNodes(world: World, count = NODES): void {
  for (let i = 0; i < count; i++) addLightNode(world, `node-${i}`, `172.16.${i >> 8}.${i & 255}`);
  let ready = 0;
  const stop = world.admin().watch<Node>("nodes", ({ type, object, old }) => {
    const schedulable = (node: Node | undefined) =>
      node !== undefined && !node.spec.taints?.length && node.spec.podCIDR !== undefined;
    if (type !== "DELETED" && schedulable(object) && !schedulable(old)) ready++;
  });
  world.until(() => ready >= count, "all nodes are ready");
  stop();
}

function deployment(i: number): Deployment {
  const labels = { app: `app-${i}` };
  const resources = { requests: { cpu: "100m", memory: "64Mi" } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: `app-${i}`, namespace: "default" },
    spec: {
      replicas: 100,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "main", image: "registry.k8s.io/pause:3.10", resources }] },
      },
    },
  } as unknown as Deployment;
}

/** Creates the Deployments and lets time go on until every pod is Ready and every Deployment says so. World seconds. */
function rollOut(world: World, count: number): number {
  const api = world.admin();
  const start = world.clock.now;
  let pods = 0;
  let complete = 0;
  const isComplete = (one: Deployment | undefined) =>
    one?.status?.availableReplicas === 100 && one.status.updatedReplicas === 100;
  const stops = [
    api.watch<Pod>("pods", ({ object, old }) => {
      if (object.metadata.namespace === "default" && isPodReady(object) && !(old && isPodReady(old))) pods++;
    }),
    api.watch<Deployment>("deployments.apps", ({ object, old }) => {
      if (object.metadata.namespace === "default" && isComplete(object) && !isComplete(old)) complete++;
    }),
  ];
  for (let i = 0; i < count; i++) api.create(deployment(i));
  world.until(() => complete >= count && pods >= count * 100, "every pod is Running and every status says so", 3600);
  for (const stop of stops) stop();
  const running = api.list<Pod>("pods", "default").filter(({ status }) => status?.phase === "Running").length;
  if (running !== count * 100) throw new Error(`${running} pods are Running, not ${count * 100}`);
  return (world.clock.now - start) / SECOND;
}

/** How fast pods become Running, at several sizes of the cluster. */
async function tellBySize(tell: Parameters<Benchmark["run"]>[0]): Promise<void> {
  for (const count of nodeCounts) {
    const world = controlPlane(`nodes ${count}`);
    addNodes(world, count);
    const spent = await timed(() => rollOut(world, DEPLOYMENTS));
    const pods = DEPLOYMENTS * 100;
    tell({
      name: `${pods} pods on ${count} nodes`,
      samples: [spent.wall],
      cpu: spent.cpu,
      note: `${(pods / (spent.wall / 1000)).toFixed(0)} pods/s`,
    });
  }
}

export const b6: Benchmark = {
  name: "B6",
  title: `${NODES} nodes with kubelets, Deployments of 100 pods: until every pod is Running and every status says so`,
  async run(tell) {
    await tellBySize(tell);
    for (const count of sizes) {
      const world = controlPlane(`large ${count}`);
      const nodes = await timed(() => addNodes(world));
      if (count === sizes[0])
        tell({
          name: `${NODES} nodes registered and Ready`,
          samples: [nodes.wall],
          cpu: nodes.cpu,
          rss: residentMiB(),
        });
      let seconds = 0;
      const spent = await timed(() => {
        seconds = rollOut(world, count);
      });
      globalThis.gc?.();
      const heap = (process.memoryUsage().heapUsed / 1024 / 1024).toFixed(0);
      const plain: number[] = [];
      for (let i = 0; i < 3; i++) plain.push((await timed(() => plainLoop(count, NODES))).wall);
      tell({
        name: `${count * 100} pods`,
        samples: [spent.wall],
        cpu: spent.cpu,
        rss: residentMiB(),
        reference: { name: "plain loop", samples: plain },
        target: "150 000 in 20 s",
        note: `${seconds.toFixed(1)} s of world time, ${heap} MiB heap, ${((count * 100) / (spent.wall / 1000)).toFixed(0)} pods/s`,
      });
    }
  },
};
