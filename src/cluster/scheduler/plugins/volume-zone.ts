import type { SchedulerPlugin } from "../define.ts";
import { newNode, storageChanged } from "../events.ts";
import { boundVolumesOf } from "../pod-volumes.ts";

const NAME = "VolumeZone";
const stable: Readonly<Record<string, string>> = {
  "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
};
const topologyLabels = [...Object.keys(stable), ...Object.values(stable)];

/** A label of a volume, and the zones or regions it names: one, or several joined by "__". */
type Place = readonly [label: string, values: readonly string[]];

/** A volume with zone labels is for nodes of its zones; a node without any such label is taken to be in all (1.35). */
export const volumeZone: SchedulerPlugin = {
  name: NAME,
  preFilter(pod, { api, kept }) {
    const places: Place[] = [];
    for (const { metadata } of boundVolumesOf(pod, api))
      for (const label of topologyLabels) {
        const value = metadata.labels?.[label];
        if (value !== undefined) places.push([label, value.split("__")]);
      }
    if (places.length === 0) return "skip";
    kept.set(NAME, places);
    return undefined;
  },
  filter(_pod, { node }, { kept }) {
    const labels = node.metadata.labels ?? {};
    if (!topologyLabels.some((label) => label in labels)) return undefined;
    for (const [label, values] of kept.get(NAME) as readonly Place[]) {
      const value = labels[label] ?? labels[stable[label] ?? ""];
      if (value === undefined || !values.includes(value))
        return { reasons: ["node(s) had no available volume zone"], unresolvable: true };
    }
    return undefined;
  },
  helpedBy: (event) =>
    newNode(event, ({ metadata }) => metadata.labels) !== undefined ||
    storageChanged(event, "PersistentVolume", "PersistentVolumeClaim", "StorageClass"),
};
