import type { Service } from "../types/core.ts";
import { warningsOfAddress, warningsOfNetwork } from "../validation/addresses.ts";
import { isHeadless } from "./families.ts";

const hints = "service.kubernetes.io/topology-aware-hints";

/** What is said of a service that is right, but not as it should be (kubernetes pkg/api/service/warnings.go, 1.35). */
export function serviceWarnings({ metadata, spec }: Service): readonly string[] {
  const found: string[] = [];
  if (metadata.annotations?.[hints] !== undefined)
    found.push(`annotation ${hints} is deprecated, please use service.kubernetes.io/topology-mode instead`);
  const { clusterIPs = [], externalIPs = [], loadBalancerSourceRanges } = spec;
  const headless = isHeadless(spec);
  const balancer = spec.loadBalancerIP ? String(spec.loadBalancerIP) : undefined;
  if (!headless)
    for (const [index, ip] of clusterIPs.entries()) found.push(...warningsOfAddress(ip, `spec.clusterIPs[${index}]`));
  if (headless && spec.type === "ClusterIP") {
    if (balancer) found.push("spec.loadBalancerIP is ignored for headless services");
    if (externalIPs.length > 0) found.push("spec.externalIPs is ignored for headless services");
    if (spec.sessionAffinity !== "None") found.push("spec.SessionAffinity is ignored for headless services");
  }
  for (const [index, ip] of externalIPs.entries()) found.push(...warningsOfAddress(ip, `spec.externalIPs[${index}]`));
  if (balancer) found.push(...warningsOfAddress(balancer, "spec.loadBalancerIP"));
  for (const [index, range] of ((loadBalancerSourceRanges as string[] | undefined) ?? []).entries())
    found.push(...warningsOfNetwork(range.trim(), `spec.loadBalancerSourceRanges[${index}]`));
  if (spec.type === "ExternalName" && externalIPs.length > 0)
    found.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  if (spec.type !== "ExternalName" && spec.externalName)
    found.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  return found;
}
