import { type InternalType, internal } from "./internal-json.ts";
import type { ResourceClaim, ResourceClaimTemplate } from "./types/devices.ts";

const selectors: InternalType = [["CEL", { from: "cel", type: [["Expression"]] }]];
const tolerations: InternalType = [
  ["Key", { zero: "" }],
  ["Operator", { zero: "" }],
  ["Value", { zero: "" }],
  ["Effect", { zero: "" }],
  ["TolerationSeconds"],
];
const asked: InternalType = [
  ["DeviceClassName", { zero: "" }],
  ["Selectors", { type: selectors }],
  ["AllocationMode", { zero: "" }],
  ["Count", { zero: 0 }],
];
const capacity: InternalType = [["Requests"]];
const exactly: InternalType = [
  ...asked,
  ["AdminAccess"],
  ["Tolerations", { type: tolerations }],
  ["Capacity", { type: capacity }],
];
const alternative: InternalType = [
  ["Name", { zero: "" }],
  ...asked,
  ["Tolerations", { type: tolerations }],
  ["Capacity", { type: capacity }],
];
const devices: InternalType = [
  [
    "Requests",
    {
      type: [
        ["Name", { zero: "" }],
        ["Exactly", { type: exactly }],
        ["FirstAvailable", { type: alternative }],
      ],
    },
  ],
  ["Constraints", { type: [["Requests"], ["MatchAttribute"], ["DistinctAttribute"]] }],
  ["Config", { type: [["Requests"], ["Opaque", { type: [["Driver", { zero: "" }], ["Parameters"]] }]] }],
];
const claimSpec: InternalType = [
  ["Devices", { type: devices, zero: { Requests: null, Constraints: null, Config: null } }],
];

/** The spec of a claim for devices as messages show it: Kubernetes' internal type (pkg/apis/resource/types.go, 1.35). */
export const internalClaimSpec = (spec: ResourceClaim["spec"]) => internal(spec, claimSpec);

/** The same of a template; of its metadata only what a claim can take from it is set. */
export function internalTemplateSpec({ metadata, spec }: ResourceClaimTemplate["spec"]): unknown {
  const { labels, annotations } = metadata ?? {};
  const shown = { ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) };
  return { ...shown, Spec: internalClaimSpec(spec) };
}
