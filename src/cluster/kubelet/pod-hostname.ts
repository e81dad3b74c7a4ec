import type { Pod } from "../../kinds/types/pod.ts";
import type { Agent } from "./define.ts";

/** The longest name that the kernel keeps, and the longest label of one. */
const KERNEL_LIMIT = 64;
const LABEL_LIMIT = 63;

/** What a pod is called by itself. */
export interface PodHostname {
  /** As hostname(1) says it: the whole name where the pod wants that. */
  readonly kernel: string;
  readonly hostname: string;
  /** hostname.subdomain.namespace.svc.cluster.local; undefined without a subdomain. */
  readonly full: string | undefined;
  /** Why there is no sandbox for it. */
  readonly fault?: string;
}

/** A pod's hostname and domain (pkg/kubelet GeneratePodHostNameAndDomain and util.GetNodenameForKernel, 1.35). */
export function podHostname({ node, dns }: Pick<Agent, "node" | "dns">, pod: Pod): PodHostname {
  const { hostNetwork, subdomain } = pod.spec;
  if (hostNetwork) return { kernel: node, hostname: node, full: undefined };
  const own = (pod.spec.hostname || pod.metadata.name).slice(0, LABEL_LIMIT).replace(/[-.]+$/, "");
  const full = subdomain ? `${own}.${subdomain}.${pod.metadata.namespace}.svc.${dns.domain}` : undefined;
  const wantsFull = pod.spec.setHostnameAsFQDN === true && full !== undefined;
  if (wantsFull && full.length > KERNEL_LIMIT) {
    const fault = `Failed to construct FQDN from Pod hostname and cluster domain, FQDN ${full} is too long (${KERNEL_LIMIT} characters is the max, ${full.length} characters requested)`;
    return { kernel: own, hostname: own, full, fault };
  }
  return { kernel: wantsFull ? full : own, hostname: own, full };
}
