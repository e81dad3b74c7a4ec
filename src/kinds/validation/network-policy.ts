import { cidrContains, cidrIn } from "../../base/cidr.ts";
import type { Problem } from "../define.ts";
import { forbidden, required, unsupported, wrong } from "../problem.ts";
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from "../types/network.ts";
import { checkNetwork, warningsOfNetwork } from "./addresses.ts";
import { checkSelector } from "./labels.ts";
import { isPortNumber, portName, portRange } from "./words.ts";

// kubernetes pkg/apis/networking/validation, 1.35.

const protocols = ["TCP", "UDP", "SCTP"];
const policyTypes = ["Ingress", "Egress"];

/** What is wrong with a network policy. */
export function networkPolicyProblems({ spec }: NetworkPolicy): readonly Problem[] {
  const problems: Problem[] = [];
  checkSelector(spec.podSelector, "spec.podSelector", problems);
  for (const [index, { ports = [], from = [] }] of (spec.ingress ?? []).entries())
    checkRule(`spec.ingress[${index}]`, "from", ports, from, problems);
  for (const [index, { ports = [], to = [] }] of (spec.egress ?? []).entries())
    checkRule(`spec.egress[${index}]`, "to", ports, to, problems);
  const types = spec.policyTypes ?? [];
  if (types.length > policyTypes.length)
    problems.push(wrong("spec.policyTypes", types, "may not specify more than two policyTypes"));
  else
    for (const [index, type] of types.entries())
      if (!policyTypes.includes(type)) problems.push(unsupported(`spec.policyTypes[${index}]`, type, policyTypes));
  return problems;
}

function checkRule(
  path: string,
  side: "from" | "to",
  ports: readonly NetworkPolicyPort[],
  peers: readonly NetworkPolicyPeer[],
  problems: Problem[],
): void {
  for (const [index, port] of ports.entries()) checkPort(port, `${path}.ports[${index}]`, problems);
  for (const [index, peer] of peers.entries()) checkPeer(peer, `${path}.${side}[${index}]`, problems);
}

function checkPort({ protocol, port, endPort }: NetworkPolicyPort, path: string, problems: Problem[]): void {
  if (protocol !== undefined && !protocols.includes(protocol))
    problems.push(unsupported(`${path}.protocol`, protocol, protocols));
  if (typeof port === "number") {
    if (!isPortNumber(port)) problems.push(wrong(`${path}.port`, port, portRange));
    if (endPort !== undefined) {
      if (endPort < port) problems.push(wrong(`${path}.endPort`, endPort, "must be greater than or equal to `port`"));
      if (!isPortNumber(endPort)) problems.push(wrong(`${path}.endPort`, endPort, portRange));
    }
    return;
  }
  if (endPort !== undefined) {
    const why = port === undefined ? "`port` is not specified" : "`port` is non-numeric";
    problems.push(wrong(`${path}.endPort`, endPort, `may not be specified when ${why}`));
  }
  if (port !== undefined) for (const detail of portName(port)) problems.push(wrong(`${path}.port`, port, detail));
}

function checkPeer({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer, path: string, problems: Problem[]) {
  checkSelector(podSelector, `${path}.podSelector`, problems);
  checkSelector(namespaceSelector, `${path}.namespaceSelector`, problems);
  if (ipBlock) checkBlock(ipBlock, `${path}.ipBlock`, problems);
  if (!podSelector && !namespaceSelector && !ipBlock) problems.push(required(path, "must specify a peer"));
  else if (ipBlock && (podSelector || namespaceSelector))
    problems.push(forbidden(path, "may not specify both ipBlock and another peer"));
}

function checkBlock({ cidr, except = [] }: { cidr: string; except?: string[] }, path: string, problems: Problem[]) {
  if (!cidr) {
    problems.push(required(`${path}.cidr`));
    return;
  }
  checkNetwork(cidr, `${path}.cidr`, problems);
  const whole = cidrIn(cidr);
  if (!whole) return;
  for (const [index, text] of except.entries()) {
    const at = `${path}.except[${index}]`;
    checkNetwork(text, at, problems);
    const part = cidrIn(text);
    if (part && (!cidrContains(whole, part.first) || whole.prefix >= part.prefix))
      problems.push(wrong(at, text, "must be a strict subset of `cidr`"));
  }
}

/** What is said of the networks of a policy (pkg/registry/networking/networkpolicy networkPolicyWarnings, 1.35). */
export function policyWarnings({ spec }: NetworkPolicy): readonly string[] {
  const ofPeers = (peers: readonly NetworkPolicyPeer[] | undefined, path: string): readonly string[] =>
    (peers ?? []).flatMap(({ ipBlock }, index) => {
      if (!ipBlock) return [];
      const at = `${path}[${index}].ipBlock`;
      const except = (ipBlock.except ?? []).flatMap((text, place) => warningsOfNetwork(text, `${at}.except[${place}]`));
      return [...warningsOfNetwork(ipBlock.cidr, `${at}.cidr`), ...except];
    });
  return [
    ...(spec.ingress ?? []).flatMap(({ from }, index) => ofPeers(from, `spec.ingress[${index}].from`)),
    ...(spec.egress ?? []).flatMap(({ to }, index) => ofPeers(to, `spec.egress[${index}].to`)),
  ];
}
