import type { Node } from "../../../kinds/types/core.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { AdmissionPlugin } from "../define.ts";
import { podIn } from "./requests.ts";

const labels = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"];

/** Pods get zone and region of their node as labels (kubernetes plugin/pkg/admission/podtopologylabels, on by default since 1.35). */
export const podTopologyLabels: AdmissionPlugin = {
  name: "PodTopologyLabels",
  only: ["pods", "pods/binding"],
  mutate(request, server) {
    const { operation, kind, subresource, object } = request;
    if (operation !== "CREATE" || kind.group !== "" || kind.plural !== "pods" || !object) return;
    const target = (object as { target?: { kind?: string; name?: string } }).target;
    const pod = podIn(request) as Pod | undefined;
    const node = subresource === "binding" && target?.kind === "Node" ? target.name : pod?.spec.nodeName;
    const found = node ? server.get<Node>("nodes", undefined, node)?.metadata.labels : undefined;
    if (!found) return;
    const copied = Object.fromEntries(labels.flatMap((key) => (found[key] === undefined ? [] : [[key, found[key]]])));
    if (Object.keys(copied).length === 0) return;
    object.metadata = { ...object.metadata, labels: { ...object.metadata?.labels, ...copied } };
  },
};
