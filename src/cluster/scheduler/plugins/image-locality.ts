import type { NodeInfo, SchedulerPlugin, ScheduleState } from "../define.ts";

const MEGABYTE = 1024 * 1024;
/** Images below and above these sizes count as nothing and as all (imagelocality, 1.35). */
const LOW = 23 * MEGABYTE;
const HIGH = 1000 * MEGABYTE;

/** An image of the pod, under the names a node may know it by, and on which share of the nodes it is. */
interface Wanted {
  readonly names: readonly string[];
  readonly spread: number;
}

function namesOf(image: string): string[] {
  const tagged = /[:@]/.test(image.split("/").at(-1) ?? "") ? image : `${image}:latest`;
  const [first = "", ...rest] = tagged.split("/");
  if (rest.length === 0) return [tagged, `docker.io/library/${tagged}`];
  return /[.:]/.test(first) || first === "localhost" ? [tagged] : [tagged, `docker.io/${tagged}`];
}

function sizeOn({ images }: NodeInfo, names: readonly string[]): number {
  for (const name of names) {
    const size = images.get(name);
    if (size !== undefined) return size;
  }
  return 0;
}

/** Prefers nodes that have the pod's large images already; images that are everywhere count for more. */
export const imageLocality: SchedulerPlugin = {
  name: "ImageLocality",
  weight: 1,
  preScore(pod, _nodes, state) {
    const wanted = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map(({ image = "" }): Wanted => {
      const names = namesOf(image);
      const there = Math.max(...names.map((name) => state.nodesWith(name)));
      return { names, spread: there / state.nodes.length };
    });
    if (wanted.every(({ spread }) => spread === 0 || spread === 1)) return "skip";
    state.kept.set("ImageLocality", wanted);
    return undefined;
  },
  score(_pod, node, state: ScheduleState) {
    const wanted = state.kept.get("ImageLocality") as readonly Wanted[];
    let sum = 0;
    for (const { names, spread } of wanted) sum += Math.floor(sizeOn(node, names) * spread);
    const high = HIGH * wanted.length;
    return Math.floor((100 * (Math.min(Math.max(sum, LOW), high) - LOW)) / (high - LOW));
  },
};
