import type { AdmitTools, Problem } from "../define.ts";
import { duplicate, required, unsupported, wrong } from "../problem.ts";
import type { Service } from "../types/core.ts";
import { checkAddress, sloppyIp } from "../validation/addresses.ts";

type Spec = Service["spec"];

const families = ["IPv4", "IPv6"];
const familyPolicies = ["PreferDualStack", "RequireDualStack", "SingleStack"];

/** A service without an address of its own. */
export function isHeadless(spec: Spec): boolean {
  return spec.clusterIPs?.length === 1 && spec.clusterIPs[0] === "None";
}

/** The family of an address. */
export function familyOf(ip: string): string {
  return ip.includes(":") ? "IPv6" : "IPv4";
}

/** The networks of services, the cluster's first family first: --service-cluster-ip-range. */
export function serviceNetworks(flags: AdmitTools["flags"]): readonly string[] {
  return (flags["service-cluster-ip-range"] ?? "10.96.0.0/12").split(",");
}

/** Addresses and families of a service (core validation ValidateServiceClusterIPsRelatedFields, 1.35). */
export function checkClusterIps(spec: Spec, problems: Problem[]): void {
  const { clusterIP = "", clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec;
  if (clusterIP !== "") {
    if (clusterIPs.length === 0) problems.push(required("spec.clusterIPs"));
    else if (clusterIPs[0] !== clusterIP)
      problems.push(wrong("spec.clusterIPs", clusterIPs, "first value must match `clusterIP`"));
  } else if (clusterIPs.length > 0)
    problems.push(wrong("spec.clusterIPs", clusterIPs, "must be empty when `clusterIP` is not specified"));
  for (const [index, family] of ipFamilies.entries()) {
    if (!families.includes(family)) problems.push(unsupported(`spec.ipFamilies[${index}]`, family, families));
    if (ipFamilies.indexOf(family) < index) problems.push(duplicate(`spec.ipFamilies[${index}]`, family));
  }
  if (ipFamilyPolicy !== undefined && !familyPolicies.includes(ipFamilyPolicy))
    problems.push(unsupported("spec.ipFamilyPolicy", ipFamilyPolicy, familyPolicies));
  checkEachIp(clusterIPs, ipFamilies, problems);
}

function checkEachIp(clusterIPs: readonly string[], ipFamilies: readonly string[], problems: Problem[]): void {
  const path = "spec.clusterIPs";
  let broken = false;
  for (const [index, ip] of clusterIPs.entries()) {
    if (index === 0 && ip === "None") {
      if (clusterIPs.length === 1) continue;
      broken = true;
      problems.push(wrong(path, clusterIPs, "'None' must be the first and only value"));
    } else if (!checkAddress(ip, `${path}[${index}]`, problems)) broken = true;
  }
  if (clusterIPs.length > 2) problems.push(wrong(path, clusterIPs, "may only hold up to 2 values"));
  if (broken || clusterIPs[0] === "None") return;
  if (clusterIPs.length > 1 && new Set(clusterIPs.map(familyOf)).size < clusterIPs.length)
    problems.push(wrong(path, clusterIPs, "may specify no more than one IP for each IP family"));
  for (const [index, ip] of clusterIPs.entries()) {
    const family = ipFamilies[index];
    if (family !== undefined && sloppyIp(ip) && familyOf(ip) !== family) {
      const detail = `expected an ${family} value as indicated by \`ipFamilies[${index}]\``;
      problems.push(wrong(`${path}[${index}]`, ip, detail));
    }
  }
}

/**
 * Settles policy and families of a service before it gets addresses; the problems stop it there
 * (kubernetes pkg/registry/core/service/storage alloc.go initIPFamilyFields, 1.35).
 */
export function settleFamilies(spec: Spec, old: Spec | undefined, networks: readonly string[]): Problem[] {
  const problems: Problem[] = [];
  const bare = spec.clusterIP === "None" && Object.keys(spec.selector ?? {}).length === 0;
  spec.ipFamilyPolicy ??= old?.ipFamilyPolicy ?? (bare ? "RequireDualStack" : "SingleStack");
  checkClusterIps(spec, problems);
  if (problems.length > 0) return problems;
  const known = networks.map(familyOf);
  const wanted = [...(spec.ipFamilies ?? [])];
  const isSingle = spec.ipFamilyPolicy === "SingleStack";
  if (isSingle && old) {
    if (sameList(old.clusterIPs, spec.clusterIPs)) spec.clusterIPs = spec.clusterIPs?.slice(0, 1) ?? [];
    if (sameList(old.ipFamilies, spec.ipFamilies)) wanted.length = Math.min(wanted.length, 1);
  }
  checkSingle(spec, wanted, isSingle, problems);
  for (const [index, ip] of (spec.clusterIPs ?? []).entries()) {
    if (ip === "None") break;
    if (index < wanted.length) continue;
    if (known.includes(familyOf(ip))) wanted.push(familyOf(ip));
    else {
      const detail = `${familyOf(ip)} is not configured on this cluster`;
      problems.push(wrong(`spec.clusterIPs[${index}]`, spec.clusterIPs, detail));
    }
  }
  if (problems.length > 0) return problems;
  const first = known[0] ?? "IPv4";
  if (!bare) checkConfigured(spec, wanted, known, problems);
  if (wanted.length === 0) wanted.push(first);
  if (wanted.length === 1 && !isSingle && (bare || known.length === 2))
    wanted.push(wanted[0] === "IPv4" ? "IPv6" : "IPv4");
  if (problems.length === 0) spec.ipFamilies = wanted;
  return problems;
}

function sameList(a: readonly string[] = [], b: readonly string[] = []): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

function checkSingle(spec: Spec, wanted: readonly string[], isSingle: boolean, problems: Problem[]): void {
  const rule = "must be 'RequireDualStack' or 'PreferDualStack' when multiple";
  if (isSingle && spec.clusterIPs?.length === 2)
    problems.push(wrong("spec.ipFamilyPolicy", spec.ipFamilyPolicy, `${rule} cluster IPs are specified`));
  if (isSingle && wanted.length === 2)
    problems.push(wrong("spec.ipFamilyPolicy", spec.ipFamilyPolicy, `${rule} IP families are specified`));
}

function checkConfigured(spec: Spec, wanted: readonly string[], known: readonly string[], problems: Problem[]): void {
  if (spec.ipFamilyPolicy === "RequireDualStack" && known.length < 2) {
    const detail = "this cluster is not configured for dual-stack services";
    problems.push(wrong("spec.ipFamilyPolicy", spec.ipFamilyPolicy, detail));
  }
  for (const [index, family] of wanted.entries())
    if (!known.includes(family))
      problems.push(wrong(`spec.ipFamilies[${index}]`, family, "not configured on this cluster"));
}
