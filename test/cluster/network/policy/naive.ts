import type { PolicyPacket } from "../../../../src/cluster/network/define.ts";
import type { Namespace } from "../../../../src/kinds/types/core.ts";
import type { LabelSelector } from "../../../../src/kinds/types/meta.ts";
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from "../../../../src/kinds/types/network.ts";
import type { Pod } from "../../../../src/kinds/types/pod.ts";

/** What a cluster holds, as plain lists. */
export interface Holds {
  readonly pods: readonly Pod[];
  readonly namespaces: readonly Namespace[];
  readonly policies: readonly NetworkPolicy[];
}

/** Whether a packet passes, by the words of the API (networking.k8s.io/v1) and nothing precomputed. */
export function passes({ pods, namespaces, policies }: Holds, packet: PolicyPacket): boolean {
  if (packet.pod === packet.peer || (packet.direction === "ingress" && packet.ownHost)) return true;
  const at = (address: string) =>
    pods.find(
      ({ spec, status }) =>
        !spec.hostNetwork && status?.podIP === address && !/Succeeded|Failed/.test(status?.phase ?? ""),
    );
  const own = at(packet.pod);
  if (!own) return true;
  const other = at(packet.peer);
  const home = own.metadata.namespace;
  const isIngress = packet.direction === "ingress";
  const mine = policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === home &&
      typesOf(spec).includes(isIngress ? "Ingress" : "Egress") &&
      fits(spec.podSelector, own.metadata.labels),
  );
  if (mine.length === 0) return true;
  const labelsOf = (name: string | undefined) =>
    namespaces.find(({ metadata }) => metadata.name === name)?.metadata.labels;
  const isPeer = ({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer): boolean => {
    if (ipBlock) return within(ipBlock.cidr, packet.peer) && !ipBlock.except?.some((hole) => within(hole, packet.peer));
    if (!other) return false;
    const space = labelsOf(other.metadata.namespace);
    if (namespaceSelector ? !(space && fits(namespaceSelector, space)) : other.metadata.namespace !== home)
      return false;
    return podSelector === undefined || fits(podSelector, other.metadata.labels);
  };
  const isPort = ({ protocol = "TCP", port, endPort }: NetworkPolicyPort): boolean => {
    if (protocol !== packet.protocol) return false;
    if (port === undefined) return true;
    if (typeof port === "number") return packet.port >= port && packet.port <= (endPort ?? port);
    const receiver = isIngress ? own : other;
    const containers = [
      ...(receiver?.spec.containers ?? []),
      ...(receiver?.spec.initContainers ?? []).filter((one) => one.restartPolicy === "Always"),
    ];
    return containers.some((container) =>
      container.ports?.some(
        (one) => one.name === port && (one.protocol ?? "TCP") === protocol && one.containerPort === packet.port,
      ),
    );
  };
  return mine.some(({ spec }) =>
    (isIngress ? (spec.ingress ?? []) : (spec.egress ?? [])).some((rule) => {
      const peers = ("from" in rule ? rule.from : "to" in rule ? rule.to : undefined) ?? [];
      const ports = rule.ports ?? [];
      return (peers.length === 0 || peers.some(isPeer)) && (ports.length === 0 || ports.some(isPort));
    }),
  );
}

function typesOf({ policyTypes, egress }: NetworkPolicy["spec"]): readonly string[] {
  return policyTypes ?? (egress?.length ? ["Ingress", "Egress"] : ["Ingress"]);
}

function fits(selector: LabelSelector, labels: Readonly<Record<string, string>> = {}): boolean {
  return (
    Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
    (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
      const had = labels[key];
      if (operator === "Exists") return had !== undefined;
      if (operator === "DoesNotExist") return had === undefined;
      return operator === "In" ? had !== undefined && values.includes(had) : had === undefined || !values.includes(had);
    })
  );
}

/** By the bits as text. */
function within(cidr: string, address: string): boolean {
  const bits = (text: string) =>
    text
      .split(".")
      .map((part) => Number(part).toString(2).padStart(8, "0"))
      .join("");
  const [network = "", length = "0"] = cidr.split("/");
  return bits(network).slice(0, Number(length)) === bits(address).slice(0, Number(length));
}
