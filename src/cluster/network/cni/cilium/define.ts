/** Where Cilium's agent listens for its CNI plugin. */
export const CILIUM_SOCKET = "/var/run/cilium/cilium.sock";

/** What Cilium's agent does for its CNI plugin. */
export interface CiliumAgent {
  /** An address for a pod; or why there is none. */
  allocate(owner: string): string | { readonly error: string };
  release(address: string): void;
}
