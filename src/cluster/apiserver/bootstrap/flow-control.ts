import { danglingCondition, flowSchemas, priorityLevels } from "../../../kinds/flow-control.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import { freezeNew } from "../../store/freeze.ts";

const apiVersion = "flowcontrol.apiserver.k8s.io/v1";
const annotations = { "apf.kubernetes.io/autoupdate-spec": "true" };
const metadataOf = (name: string) => ({ name, annotations, generation: 1 });

/** The priority levels and flow schemas that a server makes sure of, as they are after its first look at them. */
export function flowControlObjects(time: string): readonly KubeObject[] {
  const levels = Object.entries(priorityLevels).map(([name, spec]) => {
    return {
      apiVersion,
      kind: "PriorityLevelConfiguration",
      metadata: metadataOf(name),
      spec: freezeNew(spec),
      status: {},
    };
  });
  const schemas = Object.entries(flowSchemas).map(([name, spec]) => {
    const level = spec.priorityLevelConfiguration?.name ?? "";
    const status = { conditions: [danglingCondition(level, true, time)] };
    return { apiVersion, kind: "FlowSchema", metadata: metadataOf(name), spec: freezeNew(spec), status };
  });
  return [...levels, ...schemas];
}
