import type { KubeObject } from "../../../../kinds/types/meta.ts";

export const CALICO_VERSION = "crd.projectcalico.org/v1";

/** A range that Calico gives pods addresses of. */
export interface IpPool extends KubeObject {
  spec: {
    cidr: string;
    blockSize?: number;
    disabled?: boolean;
    nodeSelector?: string;
    ipipMode?: string;
    vxlanMode?: string;
    natOutgoing?: boolean;
    allowedUses?: string[];
  };
}

/** A piece of a pool that belongs to a node, and who has which of its addresses. */
export interface IpamBlock extends KubeObject {
  spec: {
    cidr: string;
    /** host:NODE */
    affinity?: string;
    strictAffinity: boolean;
    /** The attributes of each address, by number; null where it is free. */
    allocations: (number | null)[];
    /** Free addresses, the one that is given next first. */
    unallocated: number[];
    attributes: IpamAttributes[];
    deleted: boolean;
    sequenceNumber: number;
  };
}

/** Whom an address is given to. */
export interface IpamAttributes {
  handle_id: string;
  secondary: Record<string, string>;
}

/** Where Calico's agent says that it is there, and what its node is called. */
export const NODENAME_FILE = "/var/lib/calico/nodename";
/** The credentials of Calico's CNI plugin. */
export const CALICO_KUBECONFIG = "/etc/cni/net.d/calico-kubeconfig";
/** The CNI configuration that Calico installs. */
export const CALICO_CONFLIST = "10-calico.conflist";
