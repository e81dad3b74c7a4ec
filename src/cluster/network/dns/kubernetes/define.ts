import type { EndpointSlice, Namespace, Service } from "../../../../kinds/types/core.ts";
import type { Pod } from "../../../../kinds/types/pod.ts";

/** What the kubernetes plugin reads of the cluster. */
export interface ClusterSource {
  /** Everything was listed at least once. */
  readonly synced: boolean;
  /** When a service or endpoint changed last, in seconds since the epoch: the serial number of its zones. */
  readonly modified: number;
  namespace(name: string): Namespace | undefined;
  service(namespace: string, name: string): Service | undefined;
  slices(namespace: string, service: string): readonly EndpointSlice[];
  /** The service that has a cluster address. */
  serviceAt(address: string): Service | undefined;
  /** The slices that have an endpoint with an address. */
  slicesAt(address: string): readonly EndpointSlice[];
  /** Starts to follow pods, where their addresses are to be verified. */
  followPods(): void;
  podsAt(address: string): readonly Pod[];
}
