import type { Deployment } from "../../src/kinds/types/workload.ts";
import { batch, runUntil } from "../../src/lab/batch.ts";
import { makeWorld, usualStart } from "../../src/lab/make-world.ts";
import type { Benchmark } from "./define.ts";
import { residentMiB, timed } from "./measure.ts";
import { threeNodes, type } from "./worlds.ts";

const WARM_ROUNDS = 7;
const SECOND = 1_000_000;

/** What exercises type before their candidate arrives, one each for the seventeen tasks of a paper. */
const setups: readonly string[] = [
  "kubectl create namespace team-a",
  "kubectl create deployment web --image=nginx:1.29 --replicas=3",
  "kubectl create deployment api --image=nginx:1.29 && kubectl expose deployment api --port=80",
  "ssh worker-1 sudo systemctl stop kubelet",
  "kubectl create deployment probe --image=busybox:1.36 -- sleep 3600",
  "kubectl create configmap settings --from-literal=mode=dark",
  "kubectl create secret generic login --from-literal=password=secret",
  "kubectl taint node worker-1 tier=gold:NoSchedule",
  "kubectl label node worker-2 disk=ssd",
  "kubectl create serviceaccount robot",
  "kubectl create role reader --verb=get,list --resource=pods",
  "kubectl create deployment broken --image=nginx:no-such-tag",
  "kubectl cordon worker-2",
  "kubectl create clusterrole watcher --verb=list,watch --resource=nodes",
  "mkdir -p /opt/course && echo hello > /opt/course/note",
  "kubectl create rolebinding reads --clusterrole=view --user=jane",
  "sed -i 's/cpu: 250m/cpu: 200m/' /etc/kubernetes/manifests/kube-apiserver.yaml",
];

async function makeOne(seed: string, setup: string): Promise<void> {
  const { world, ports } = makeWorld(threeNodes, seed, usualStart - 180 * SECOND);
  const argv = ["-l", "-e", "-O", "expand_aliases", "-c", setup];
  const { status, stderr, problem } = await batch(world, ports, world.controlPlane, { user: "root", argv });
  if (status !== 0) throw new Error(`${setup}: ${problem ?? ""}${stderr}`);
  await runUntil(world, ports, usualStart);
}

/** A Deployment of 100 replicas, typed, until it says that all are available. */
async function rollout(seed: string): Promise<{ wall: number; cpu: number }> {
  const made = makeWorld(threeNodes, seed);
  return timed(async () => {
    await type(made, "kubectl create deployment web --image=nginx:1.29 --replicas=100 >/dev/null");
    const api = made.world.admin();
    const ready = () => api.get<Deployment>("deployments.apps", "default", "web")?.status?.availableReplicas === 100;
    made.world.until(ready, "100 replicas are available");
  });
}

export const b3: Benchmark = {
  name: "B3",
  title: "17 worlds of three nodes, set up by typing and settled",
  async run(tell) {
    const paper = async (seed: string) => {
      for (const [i, setup] of setups.entries()) await makeOne(`${seed}/${i}`, setup);
    };
    const cold = await timed(() => paper("cold"));
    const note = "published, until a command returns: kind 14 200, k3d 12 600";
    tell({
      name: "17 worlds, cold",
      samples: [cold.wall],
      cpu: cold.cpu,
      rss: residentMiB(),
      target: "500 (300)",
      note,
    });
    const warm: { wall: number; cpu: number }[] = [];
    for (let round = 0; round < WARM_ROUNDS; round++) warm.push(await timed(() => paper(`warm ${round}`)));
    const cpu = warm.reduce((sum, one) => sum + one.cpu, 0) / warm.length;
    tell({ name: "17 worlds, warm", samples: warm.map(({ wall }) => wall), cpu, rss: residentMiB() });
    const rollouts: { wall: number; cpu: number }[] = [];
    for (let i = 0; i < 12; i++) rollouts.push(await rollout(`rollout ${i}`));
    const rolled = rollouts.slice(2);
    const perRollout = rolled.reduce((sum, one) => sum + one.cpu, 0) / rolled.length;
    tell({
      name: "100 replicas until all are Ready, warm",
      samples: rolled.map(({ wall }) => wall),
      cpu: perRollout,
      target: "60 cpu",
    });
    const single: { wall: number; cpu: number }[] = [];
    for (let i = 0; i < 40; i++) single.push(await timed(() => makeWorld(threeNodes, `single ${i}`)));
    const each = single.reduce((sum, one) => sum + one.cpu, 0) / single.length;
    tell({ name: "one fresh cluster, warm", samples: single.map(({ wall }) => wall), cpu: each, target: "25" });
  },
};
