import type { JsonObject } from "../../../base/json.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Machine } from "../../../machine/machine.ts";
import type { AddressLeases } from "./address-leases.ts";

/** Where the container runtime looks for the configuration of the pod network, and for its plugins. */
export const CNI_CONFIG_FOLDER = "/etc/cni/net.d";
export const CNI_PLUGIN_FOLDER = "/opt/cni/bin";

/** The runtime adds a pod's sandbox to the network, or takes it out. */
export interface CniCall {
  readonly host: Machine;
  readonly pod: Pod;
  /** The sandbox's id. */
  readonly sandbox: string;
  /** The addresses that host-local has given out on this host. */
  readonly leases: AddressLeases;
}

/** The pod's addresses, one of each family, with whether ports of the node may lead to it, and what gives it back; or why there is none. */
export type Joined =
  | { readonly addresses: readonly string[]; readonly mapsPorts: boolean; readonly leave: () => void }
  | NotJoined;

/** `isKept`: the sandbox could not be taken out of the network again either, and so stays until the next attempt. */
export interface NotJoined {
  readonly error: string;
  readonly isKept: boolean;
}

/** What one plugin says: addresses, or that it only adds something to what plugins before it did. */
export type PluginAnswer =
  | { readonly addresses: readonly string[]; readonly leave: () => void }
  | { readonly error: string }
  | undefined;

/** A CNI plugin: what its binary does with its part of the configuration. */
export interface CniPlugin {
  readonly type: string;
  /** What keeps it from adding a pod keeps it from taking one out, too. */
  readonly needsItsServer?: boolean;
  add(call: CniCall, config: JsonObject): PluginAnswer;
}
