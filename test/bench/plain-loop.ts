/**
 * The least that "Deployments of 100 pods on 5,000 nodes" can cost in this language: a store with conflicts and frozen
 * copy-on-write objects, a ReplicaSet loop, a sampling scheduler, kubelets. No validation, no admission, no events.
 */
interface Plain {
  readonly metadata: {
    readonly name: string;
    readonly resourceVersion: number;
    readonly labels: object;
    readonly owner: string;
  };
  readonly spec: { readonly nodeName: string; readonly containers: readonly object[] };
  readonly status: { readonly phase: string; readonly podIP?: string; readonly conditions?: readonly object[] };
}

interface PlainNode {
  readonly name: string;
  cpu: number;
  pods: number;
}

class PlainStore {
  readonly objects = new Map<string, Plain>();
  readonly watchers: ((object: Plain, old: Plain | undefined) => void)[] = [];
  readonly ring: Plain[] = [];
  private revision = 0;

  put(object: Plain, expect: number | undefined): Plain {
    const { name } = object.metadata;
    const old = this.objects.get(name);
    if (expect !== old?.metadata.resourceVersion) throw new Error("conflict");
    const metadata = Object.freeze({ ...object.metadata, resourceVersion: ++this.revision });
    const stored = Object.freeze({ ...object, metadata });
    this.objects.set(name, stored);
    this.ring[this.revision % 4096] = stored;
    for (const watcher of this.watchers) watcher(stored, old);
    return stored;
  }
}

function choose(nodes: readonly PlainNode[], start: number): number {
  let best = -1;
  let most = -1;
  for (let looked = 0, fitting = 0; looked < nodes.length && fitting < 500; looked++) {
    const at = (start + looked) % nodes.length;
    const node = nodes[at] as PlainNode;
    if (node.pods >= 110 || node.cpu + 100 > 16_000) continue;
    fitting++;
    const score = (16_000 - node.cpu) / 160 + (110 - node.pods);
    if (score > most) {
      most = score;
      best = at;
    }
  }
  return best;
}

/** Runs `deployments` × 100 pods on `count` nodes. Gives how many are Running and known to be so. */
export function plainLoop(deployments: number, count: number): number {
  const store = new PlainStore();
  const nodes = Array.from({ length: count }, (_, i): PlainNode => ({ name: `node-${i}`, cpu: 0, pods: 0 }));
  const ready = new Map<string, number>();
  const toSchedule: Plain[] = [];
  const toRun: Plain[] = [];
  store.watchers.push(
    (pod) => {
      if (pod.spec.nodeName === "") toSchedule.push(pod);
    },
    (pod, old) => {
      if (pod.spec.nodeName !== "" && old?.spec.nodeName === "") toRun.push(pod);
    },
    (pod, old) => {
      if (pod.status.phase === "Running" && old?.status.phase !== "Running")
        ready.set(pod.metadata.owner, (ready.get(pod.metadata.owner) ?? 0) + 1);
    },
  );
  const status = Object.freeze({ phase: "Pending" });
  for (let d = 0; d < deployments; d++) {
    const spec = Object.freeze({
      nodeName: "",
      containers: Object.freeze([Object.freeze({ name: "main", image: "pause" })]),
    });
    const labels = Object.freeze({ app: `app-${d}` });
    for (let i = 0; i < 100; i++)
      store.put(
        { metadata: { name: `app-${d}-${i}`, resourceVersion: 0, labels, owner: `app-${d}` }, spec, status },
        undefined,
      );
  }
  for (let next = 0, start = 0; next < toSchedule.length; next++) {
    const pod = toSchedule[next] as Plain;
    const node = nodes[choose(nodes, start)] as PlainNode;
    start = (start + 500) % nodes.length;
    node.cpu += 100;
    node.pods++;
    store.put({ ...pod, spec: Object.freeze({ ...pod.spec, nodeName: node.name }) }, pod.metadata.resourceVersion);
  }
  for (let next = 0; next < toRun.length; next++) {
    const pod = toRun[next] as Plain;
    const conditions = Object.freeze([
      Object.freeze({ type: "Ready", status: "True", lastTransitionTime: String(next) }),
    ]);
    const running = Object.freeze({ phase: "Running", podIP: `10.0.${next >> 8}.${next & 255}`, conditions });
    store.put({ ...pod, status: running }, pod.metadata.resourceVersion);
  }
  return [...ready.values()].reduce((sum, one) => sum + one, 0);
}
