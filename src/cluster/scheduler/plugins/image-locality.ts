import type { NodeInfo, SchedulerPlugin } from "../define.ts";

const MEGABYTE = 1024 * 1024;
/** Images below and above these sizes count as nothing and as all (imagelocality, 1.35). */
const LOW = 23 * MEGABYTE;
const HIGH = 1000 * MEGABYTE;

function sizeOn({ node }: NodeInfo, image: string): number {
  const name = /[:@]/.test(image.split("/").at(-1) ?? "") ? image : `${image}:latest`;
  return node.status?.images?.find((i) => i.names.some((n) => n === name || n.endsWith(`/${name}`)))?.sizeBytes ?? 0;
}

/** Prefers nodes that have the pod's large images already. */
export const imageLocality: SchedulerPlugin = {
  name: "ImageLocality",
  weight: 1,
  score(pod, node) {
    if (!node.node.status?.images?.length) return 0;
    const sum = pod.spec.containers.reduce((all, c) => all + sizeOn(node, c.image ?? ""), 0);
    const high = HIGH * pod.spec.containers.length;
    return Math.floor((100 * (Math.min(Math.max(sum, LOW), high) - LOW)) / (high - LOW));
  },
};
