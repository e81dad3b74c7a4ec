import type { KubeObject } from "./meta.ts";
import type { NodeSelectorTerm } from "./pod.ts";

interface DeviceSelector {
  cel?: { expression?: string };
}

export interface DeviceConfig {
  requests?: string[];
  opaque?: { driver?: string; parameters?: unknown };
}

export interface DeviceToleration {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
}

export interface ExactRequest {
  deviceClassName?: string;
  selectors?: DeviceSelector[];
  allocationMode?: string;
  count?: number;
  tolerations?: DeviceToleration[];
}

export interface DeviceRequest {
  name?: string;
  exactly?: ExactRequest;
  firstAvailable?: (ExactRequest & { name?: string })[];
}

export interface DeviceClaim {
  requests?: DeviceRequest[];
  constraints?: { requests?: string[]; matchAttribute?: string; distinctAttribute?: string }[];
  config?: DeviceConfig[];
}

export interface DeviceClass extends KubeObject {
  spec: { selectors?: DeviceSelector[]; config?: DeviceConfig[]; extendedResourceName?: string };
}

/** Devices that a pod needs. */
export interface ResourceClaim extends KubeObject {
  spec: { devices?: DeviceClaim };
  status?: { allocation?: Allocation; reservedFor?: ClaimUser[] };
}

/** Who uses a claim: pods. */
interface ClaimUser {
  apiGroup?: string;
  resource: string;
  name: string;
  uid: string;
}

/** A device that a claim has. */
interface AllocatedDevice {
  request: string;
  driver: string;
  pool: string;
  device: string;
}

/** The devices that a claim has, and the nodes that they are of. */
export interface Allocation {
  devices?: { results?: AllocatedDevice[]; config?: (DeviceConfig & { source: string })[] };
  nodeSelector?: { nodeSelectorTerms: NodeSelectorTerm[] };
}

export interface ResourceClaimTemplate extends KubeObject {
  spec: {
    metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
    spec: ResourceClaim["spec"];
  };
}

/** One thing that a driver has to give. */
export interface Device {
  name?: string;
  attributes?: Record<string, Record<string, unknown>>;
  capacity?: Record<string, { value?: string }>;
}

/** The devices that a driver has to give. */
export interface ResourceSlice extends KubeObject {
  spec: {
    driver?: string;
    pool?: { name?: string; generation?: number; resourceSliceCount?: number };
    nodeName?: string;
    nodeSelector?: { nodeSelectorTerms?: NodeSelectorTerm[] };
    allNodes?: boolean;
    perDeviceNodeSelection?: boolean;
    devices?: Device[];
    sharedCounters?: unknown[];
  };
}
