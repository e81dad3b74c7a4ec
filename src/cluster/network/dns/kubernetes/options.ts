import type { Selector } from "../../../../base/selector.ts";

/** What the block of the kubernetes plugin says. */
export interface KubernetesOptions {
  readonly zones: readonly string[];
  /** The first zone that is no reverse one: names of addresses are in it. */
  readonly primary: string;
  readonly pods: "disabled" | "insecure" | "verified";
  readonly endpointPodNames: boolean;
  readonly namespaces: readonly string[];
  readonly labels: Selector | undefined;
  readonly namespaceLabels: Selector | undefined;
  /** The zones for which plugins behind it are asked where it knows no name; undefined for none. */
  readonly fallThrough: readonly string[] | undefined;
  readonly ttl: number;
  readonly endpoints: boolean;
  readonly ignoreEmpty: boolean;
}
