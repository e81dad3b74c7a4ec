import { formatSelector } from "../../base/selector.ts";
import { parseRfc3339, rfc3339 } from "../../base/time.ts";
import type { Describing } from "../define.ts";
import { writeLabelsAndAnnotations, writeName } from "../describe/labels.ts";
import { Writer } from "../describe/writer.ts";
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from "../types/network.ts";

const indent = "    ";

/** The text of `kubectl describe networkpolicy`. It has no events. */
export function* describeNetworkPolicy({ metadata, spec }: NetworkPolicy): Describing {
  const w = new Writer();
  writeName(w, metadata);
  w.field(0, "Created on", goTime(metadata.creationTimestamp));
  writeLabelsAndAnnotations(w, metadata);
  w.line(0, "Spec:");
  const { podSelector } = spec;
  const all = !podSelector.matchExpressions?.length && Object.keys(podSelector.matchLabels ?? {}).length === 0;
  const none = "<none> (Allowing the specific traffic to all pods in this namespace)";
  w.line(1, `PodSelector:     ${all ? none : formatSelector(podSelector)}`);
  const types = spec.policyTypes ?? [];
  const ingress = (spec.ingress ?? []).map(({ ports, from }) => ({ ports, peers: from }));
  writeDirection(w, types.includes("Ingress"), ["ingress", "From", "source"], ingress);
  const egress = (spec.egress ?? []).map(({ ports, to }) => ({ ports, peers: to }));
  writeDirection(w, types.includes("Egress"), ["egress", "To", "destination"], egress);
  w.line(1, `Policy Types: ${types.join(", ")}`);
  return w.text();
}

/** A time as Go's String writes it. Hosts of the lab keep UTC. */
function goTime(time: string | null | undefined): string {
  const at = time ? parseRfc3339(time) : undefined;
  if (at === undefined) return "0001-01-01 00:00:00 +0000 UTC";
  const text = rfc3339(at);
  return `${text.slice(0, 10)} ${text.slice(11, 19)} +0000 UTC`;
}

interface Rule {
  readonly ports: readonly NetworkPolicyPort[] | undefined;
  readonly peers: readonly NetworkPolicyPeer[] | undefined;
}

function writeDirection(
  w: Writer,
  meant: boolean,
  [direction, side, end]: readonly [string, string, string],
  rules: readonly Rule[],
): void {
  if (!meant) {
    w.line(1, `Not affecting ${direction} traffic`);
    return;
  }
  w.line(1, `Allowing ${direction} traffic:`);
  if (rules.length === 0) w.line(0, `${indent}<none> (Selected pods are isolated for ${direction} connectivity)`);
  rules.forEach(({ ports = [], peers = [] }, i) => {
    if (ports.length === 0) w.line(0, `${indent}To Port: <any> (traffic allowed to all ports)`);
    for (const port of ports) writePort(w, port);
    if (peers.length === 0) w.line(0, `${indent}${side}: <any> (traffic not restricted by ${end})`);
    for (const peer of peers) {
      w.line(0, `${indent}${side}:`);
      writePeer(w, peer);
    }
    if (i < rules.length - 1) w.line(0, `${indent}----------`);
  });
}

function writePort(w: Writer, { port, endPort, protocol = "TCP" }: NetworkPolicyPort): void {
  const shown = port ?? "<nil>";
  if (endPort === undefined) w.line(0, `${indent}To Port: ${shown}/${protocol}`);
  else w.line(0, `${indent}To Port Range: ${shown}-${endPort}/${protocol}`);
}

function writePeer(w: Writer, { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer): void {
  if (namespaceSelector) w.line(1, `${indent}NamespaceSelector: ${formatSelector(namespaceSelector)}`);
  if (podSelector) w.line(1, `${indent}PodSelector: ${formatSelector(podSelector)}`);
  if (namespaceSelector || podSelector || !ipBlock) return;
  w.line(1, `${indent}IPBlock:`);
  w.line(2, `${indent}CIDR: ${ipBlock.cidr}`);
  w.line(2, `${indent}Except: ${(ipBlock.except ?? []).join(", ")}`);
}
