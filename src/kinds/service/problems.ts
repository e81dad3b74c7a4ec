import type { Problem } from "../define.ts";
import { duplicate, forbidden, required, unsupported, wrong } from "../problem.ts";
import type { Service, ServicePort } from "../types/core.ts";
import { checkAddress, checkNetwork, checkOrdinaryAddress } from "../validation/addresses.ts";
import { check, checkLabels } from "../validation/labels.ts";
import { checkPort } from "../validation/probes.ts";
import { dnsLabel, dnsSubdomain, isPortNumber, labelKey, portRange } from "../validation/words.ts";
import { isExternal } from "./defaults.ts";
import { checkClusterIps, isHeadless } from "./families.ts";

// kubernetes pkg/apis/core/validation ValidateService, 1.35.

const affinities = ["ClientIP", "None"];
const types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const policies = ["Cluster", "Local"];
const protocols = ["SCTP", "TCP", "UDP"];
const distributions = ["PreferClose", "PreferSameZone", "PreferSameNode"];

/** What is wrong with a service, new or changed. */
export function serviceProblems(object: Service): readonly Problem[] {
  const problems: Problem[] = [];
  const { spec } = object;
  if (!spec.ports?.length && !isHeadless(spec) && spec.type !== "ExternalName") problems.push(required("spec.ports"));
  checkType(object, problems);
  const names = new Set<string>();
  for (const [index, port] of (spec.ports ?? []).entries())
    checkServicePort(port, (spec.ports?.length ?? 0) > 1, names, `spec.ports[${index}]`, problems);
  checkLabels(spec.selector, "spec.selector", problems);
  checkAffinity(object, problems);
  if (spec.type !== "ExternalName") checkClusterIps(spec, problems);
  for (const [index, ip] of (spec.externalIPs ?? []).entries())
    if (checkAddress(ip, `spec.externalIPs[${index}]`, problems))
      checkOrdinaryAddress(ip, `spec.externalIPs[${index}]`, problems);
  if (!spec.type) problems.push(required("spec.type"));
  else if (!types.includes(spec.type)) problems.push(unsupported("spec.type", spec.type, types));
  checkPortsTogether(object, problems);
  checkLoadBalancer(object, problems);
  checkTraffic(object, problems);
  return problems;
}

function checkType({ spec }: Service, problems: Problem[]): void {
  if ((spec.type === "LoadBalancer" || spec.type === "NodePort") && isHeadless(spec))
    problems.push(wrong("spec.clusterIPs[0]", "None", `may not be set to 'None' for ${spec.type} services`));
  if (spec.type !== "ExternalName") return;
  for (const field of ["clusterIPs", "ipFamilies"] as const)
    if (spec[field]?.length) problems.push(forbidden(`spec.${field}`, "may not be set for ExternalName services"));
  if (spec.ipFamilyPolicy !== undefined)
    problems.push(forbidden("spec.ipFamilyPolicy", "may not be set for ExternalName services"));
  const name = (spec.externalName ?? "").replace(/\.$/, "");
  if (name === "") problems.push(required("spec.externalName"));
  else check(dnsSubdomain, name, "spec.externalName", problems);
}

function checkServicePort(
  port: ServicePort,
  needsName: boolean,
  names: Set<string>,
  path: string,
  problems: Problem[],
): void {
  const { name = "", protocol = "" } = port;
  if (name !== "") {
    check(dnsLabel, name, `${path}.name`, problems);
    if (names.has(name)) problems.push(duplicate(`${path}.name`, name));
    names.add(name);
  } else if (needsName) problems.push(required(`${path}.name`));
  if (!isPortNumber(port.port)) problems.push(wrong(`${path}.port`, port.port ?? 0, portRange));
  if (protocol === "") problems.push(required(`${path}.protocol`));
  else if (!protocols.includes(protocol)) problems.push(unsupported(`${path}.protocol`, protocol, protocols));
  checkPort(port.targetPort, `${path}.targetPort`, problems);
  if (port.appProtocol !== undefined) check(labelKey, port.appProtocol, `${path}.appProtocol`, problems);
}

function checkAffinity({ spec }: Service, problems: Problem[]): void {
  const affinity = spec.sessionAffinity ?? "";
  if (affinity === "") problems.push(required("spec.sessionAffinity"));
  else if (!affinities.includes(affinity)) problems.push(unsupported("spec.sessionAffinity", affinity, affinities));
  if (affinity !== "ClientIP") return;
  const config = spec.sessionAffinityConfig as { clientIP?: { timeoutSeconds?: number } } | undefined;
  const seconds = config?.clientIP?.timeoutSeconds ?? 0;
  if (seconds <= 0 || seconds > 86400) {
    const path = "spec.sessionAffinityConfig.clientIP.timeoutSeconds";
    problems.push(wrong(path, seconds, "must be greater than 0 and less than 86400"));
  }
}

function checkPortsTogether({ spec }: Service, problems: Problem[]): void {
  const ports = spec.ports ?? [];
  if (spec.type === "ClusterIP")
    for (const [index, { nodePort }] of ports.entries())
      if (nodePort)
        problems.push(forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
  const onNodes = new Set<string>();
  for (const [index, { nodePort, protocol }] of ports.entries()) {
    if (!nodePort) continue;
    const key = `${protocol} ${nodePort}`;
    if (onNodes.has(key)) problems.push(duplicate(`spec.ports[${index}].nodePort`, nodePort));
    onNodes.add(key);
  }
  const inside = new Set<string>();
  for (const [index, { port, protocol }] of ports.entries()) {
    const key = `${protocol} ${port}`;
    // Kubernetes prints its internal type here: fields as Go names them.
    const value = { Name: "", Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
    if (inside.has(key)) problems.push(duplicate(`spec.ports[${index}]`, value));
    inside.add(key);
  }
}

const onlyLoadBalancer = "may only be used when `type` is 'LoadBalancer'";

function checkLoadBalancer({ spec }: Service, problems: Problem[]): void {
  const isBalanced = spec.type === "LoadBalancer";
  const ranges = (spec.loadBalancerSourceRanges as string[] | undefined) ?? [];
  if (ranges.length > 0 && !isBalanced) problems.push(forbidden("spec.LoadBalancerSourceRanges", onlyLoadBalancer));
  for (const [index, range] of ranges.entries())
    checkNetwork(range.trim(), `spec.LoadBalancerSourceRanges[${index}]`, problems);
  if (spec.allocateLoadBalancerNodePorts !== undefined && !isBalanced)
    problems.push(forbidden("spec.allocateLoadBalancerNodePorts", onlyLoadBalancer));
  const balancer = spec.loadBalancerClass;
  if (balancer === undefined) return;
  if (isBalanced) check(labelKey, String(balancer), "spec.loadBalancerClass", problems);
  else problems.push(forbidden("spec.loadBalancerClass", onlyLoadBalancer));
}

function checkTraffic(object: Service, problems: Problem[]): void {
  const { externalTrafficPolicy: outer = "", internalTrafficPolicy: inner, type } = object.spec;
  if (!isExternal(object)) {
    if (outer !== "")
      problems.push(wrong("spec.externalTrafficPolicy", outer, "may only be set for externally-accessible services"));
  } else if (outer === "") problems.push(required("spec.externalTrafficPolicy"));
  else if (!policies.includes(outer)) problems.push(unsupported("spec.externalTrafficPolicy", outer, policies));
  const check = object.spec.healthCheckNodePort as number | undefined;
  if (check && !(type === "LoadBalancer" && outer === "Local")) {
    const detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    problems.push(wrong("spec.healthCheckNodePort", check, detail));
  }
  if (inner !== undefined && !policies.includes(inner))
    problems.push(unsupported("spec.internalTrafficPolicy", inner, policies));
  const distribution = object.spec.trafficDistribution;
  if (distribution !== undefined && !distributions.includes(String(distribution)))
    problems.push(unsupported("spec.trafficDistribution", distribution, distributions));
}

/** What a service keeps once it has it (ValidateServiceUpdate). */
export function serviceProblemsOfUpdate({ spec }: Service, { spec: old }: Service): readonly Problem[] {
  const problems: Problem[] = [];
  if (spec.type === "ExternalName" || old.type === "ExternalName") return problems;
  if (!(isHeadless(spec) && isHeadless(old))) keepFirst("clusterIPs", spec.clusterIPs, old.clusterIPs, problems);
  if (!isHeadless(spec) && !isHeadless(old)) keepFirst("ipFamilies", spec.ipFamilies, old.ipFamilies, problems);
  const isBalanced = spec.type === "LoadBalancer" && old.type === "LoadBalancer";
  if (isBalanced && spec.loadBalancerClass !== old.loadBalancerClass)
    problems.push(wrong("spec.loadBalancerClass", spec.loadBalancerClass ?? null, "may not change once set"));
  return problems;
}

function keepFirst(
  field: "clusterIPs" | "ipFamilies",
  values: readonly string[] = [],
  old: readonly string[] = [],
  problems: Problem[],
): void {
  if (old.length > 0 && values.length === 0) {
    const word = field === "clusterIPs" ? "clusterIP" : "ipFamily";
    problems.push(wrong(`spec.${field}[0]`, [], `primary ${word} can not be unset`));
    return;
  }
  const compared = values.length === old.length ? old.length : Math.min(1, old.length);
  for (let index = 0; index < compared; index++)
    if (values[index] !== old[index])
      problems.push(wrong(`spec.${field}[${field === "clusterIPs" ? index : 0}]`, values, "may not change once set"));
}
