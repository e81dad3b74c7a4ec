import { goQuote } from "../../base/go-text.ts";
import { parseQuantity } from "../../base/quantity.ts";
import type { JobSpec } from "../types/batch.ts";
import type { KubeObject } from "../types/meta.ts";
import type { Affinity, Container, ContainerPort, NodeSelectorTerm, PodSpec, PodTemplateSpec } from "../types/pod.ts";
import { overlapWarnings } from "./volume-warnings.ts";
import { dnsLabel, labelValue } from "./words.ts";

// kubernetes pkg/api/pod/warnings.go and pkg/api/node/util.go, 1.35.

const oldNodeLabels: Readonly<Record<string, string>> = {
  "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
  "failure-domain.beta.kubernetes.io/region": 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  "failure-domain.beta.kubernetes.io/zone": 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  "beta.kubernetes.io/instance-type": 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  "app.kubernetes.io/created-by": "deprecated since v1.9",
  "scheduler.alpha.kubernetes.io/preferAvoidPods": "deprecated since v1.22; use Taints and Tolerations instead",
  "node-role.kubernetes.io/master": 'use "node-role.kubernetes.io/control-plane" instead',
};

const oldAnnotations: readonly (readonly [string, string])[] = [
  ["scheduler.alpha.kubernetes.io/critical-pod", 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ["security.alpha.kubernetes.io/sysctls", 'non-functional in v1.11+; use the "sysctls" field instead'],
  ["security.alpha.kubernetes.io/unsafe-sysctls", 'non-functional in v1.11+; use the "sysctls" field instead'],
];

const oldVolumes: Readonly<Record<string, string>> = {
  photonPersistentDisk: "deprecated in v1.11, non-functional in v1.16+",
  gitRepo: "deprecated in v1.11, and disabled by default in v1.33+",
  scaleIO: "deprecated in v1.16, non-functional in v1.22+",
  flocker: "deprecated in v1.22, non-functional in v1.25+",
  storageos: "deprecated in v1.22, non-functional in v1.25+",
  quobyte: "deprecated in v1.22, non-functional in v1.25+",
  glusterfs: "deprecated in v1.25, non-functional in v1.26+",
  cephfs: "deprecated in v1.28, non-functional in v1.31+",
  rbd: "deprecated in v1.28, non-functional in v1.31+",
};

const nullSelector = "a null labelSelector results in matching no pod";
const must = "requiredDuringSchedulingIgnoredDuringExecution";
const prefers = "preferredDuringSchedulingIgnoredDuringExecution";

/** What is said of a name that becomes part of host names. `what`: "the Pod's hostname". */
export function nameWarnings(name: string, what: string): readonly string[] {
  const details = dnsLabel(name);
  if (details.length === 0) return [];
  const surprise = "which can result in surprising behavior; a DNS label is recommended";
  return [`metadata.name: this is used in ${what}, ${surprise}: [${details.join(" ")}]`];
}

/** The same for whatever makes pods. */
export const podNames = "Pod names and hostnames";

/** What is said of a pod (`path` is "") or of the template of pods at a path. */
export function podWarnings({ metadata, spec }: PodTemplateSpec, path: string): readonly string[] {
  const found: string[] = [];
  const root = path === "" ? "" : `${path}.`;
  const at = `${root}spec`;
  const annotations = metadata?.annotations ?? {};
  for (const key in spec.nodeSelector)
    if (oldNodeLabels[key]) found.push(`${at}.nodeSelector[${key}]: ${oldNodeLabels[key]}`);
  nodeAffinityWarnings(spec.affinity, `${at}.affinity.nodeAffinity`, found);
  spreadWarnings(spec, at, found);
  for (const [key, detail] of oldAnnotations)
    if (key in annotations) found.push(`${root}metadata.annotations[${key}]: ${detail}`);
  for (const [index, volume] of (spec.volumes ?? []).entries())
    for (const type in oldVolumes)
      if (volume[type])
        found.push(`${at}.volumes[${index}].${type === "storageos" ? "storageOS" : type}: ${oldVolumes[type]}`);
  found.push(...overlapWarnings(spec.volumes ?? []));
  repeatedWarnings(spec, at, found);
  fractionWarnings(spec.overhead, `${at}.overhead`, found);
  const seccomp = 'non-functional in v1.27+; use the "seccompProfile" field instead';
  const podKey = "seccomp.security.alpha.kubernetes.io/pod";
  if (!spec.securityContext?.seccompProfile && podKey in annotations)
    found.push(`${root}metadata.annotations[${podKey}]: ${seccomp}`);
  for (const [container, place] of containersOf(spec)) {
    const { securityContext: context } = container as { securityContext?: Record<string, unknown> };
    const key = `container.seccomp.security.alpha.kubernetes.io/${container.name}`;
    if (!context?.seccompProfile && key in annotations) found.push(`${root}metadata.annotations[${key}]: ${seccomp}`);
    const armour = `container.apparmor.security.beta.kubernetes.io/${container.name}`;
    const hasProfile = spec.securityContext?.appArmorProfile ?? context?.appArmorProfile;
    if (path !== "" && !hasProfile && armour in annotations) {
      const detail = 'deprecated since v1.30; use the "appArmorProfile" field instead';
      found.push(`${root}metadata.annotations[${armour}]: ${detail}`);
    }
    containerWarnings(container, `${at}.${place}`, found);
  }
  portWarnings(spec, at, found);
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0)
    found.push(
      `${at}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`,
    );
  podAffinityWarnings(spec.affinity, `${at}.affinity`, found);
  return found;
}

/** All containers with their places, in the order in which Kubernetes visits them. */
function containersOf(spec: PodSpec): readonly (readonly [Container, string])[] {
  const lists = ["initContainers", "containers", "ephemeralContainers"] as const;
  return lists.flatMap((list) => (spec[list] ?? []).map((one, index) => [one, `${list}[${index}]`] as const));
}

/** Labels of nodes that are named otherwise today, in a term. */
export function termWarnings(term: NodeSelectorTerm | undefined, path: string, values: boolean): readonly string[] {
  const found: string[] = [];
  for (const [index, { key, values: wanted = [] }] of (term?.matchExpressions ?? []).entries()) {
    const at = `${path}.matchExpressions[${index}]`;
    if (oldNodeLabels[key]) found.push(`${at}.key: ${key} is ${oldNodeLabels[key]}`);
    if (!values) continue;
    for (const [place, value] of wanted.entries())
      for (const detail of labelValue(value)) found.push(`${at}.values[${place}]: ${value} is invalid, ${detail}`);
  }
  return found;
}

/** The same for a map of labels. */
export function selectorWarnings(
  labels: Readonly<Record<string, string>> | undefined,
  path: string,
): readonly string[] {
  return Object.keys(labels ?? {}).flatMap((key) => (oldNodeLabels[key] ? [`${path}: ${oldNodeLabels[key]}`] : []));
}

function nodeAffinityWarnings(affinity: Affinity | undefined, path: string, found: string[]): void {
  const wanted = affinity?.nodeAffinity;
  for (const [index, term] of (wanted?.[must]?.nodeSelectorTerms ?? []).entries())
    found.push(...termWarnings(term, `${path}.${must}.nodeSelectorTerms[${index}]`, false));
  for (const [index, { preference }] of (wanted?.[prefers] ?? []).entries())
    found.push(...termWarnings(preference, `${path}.${prefers}[${index}].preference`, true));
}

function spreadWarnings(spec: PodSpec, at: string, found: string[]): void {
  for (const [index, constraint] of (spec.topologySpreadConstraints ?? []).entries()) {
    const place = `${at}.topologySpreadConstraints[${index}]`;
    const key = String(constraint.topologyKey ?? "");
    if (oldNodeLabels[key]) found.push(`${place}.topologyKey: ${key} is ${oldNodeLabels[key]}`);
    if (!constraint.labelSelector) found.push(`${place}.labelSelector: ${nullSelector}`);
  }
}

function repeatedWarnings(spec: PodSpec, at: string, found: string[]): void {
  const repeated = (values: readonly string[], list: string, field: string): void => {
    for (const [index, value] of values.entries())
      if (values.indexOf(value) < index)
        found.push(`${at}.${list}[${index}].${field}: duplicate ${field} ${goQuote(value)}`);
  };
  const secrets = (spec.imagePullSecrets ?? []).map(({ name = "" }) => name);
  repeated(
    (spec.hostAliases ?? []).map(({ ip }) => ip ?? ""),
    "hostAliases",
    "ip",
  );
  repeated(secrets, "imagePullSecrets", "name");
  for (const [index, name] of secrets.entries())
    if (name === "") found.push(`${at}.imagePullSecrets[${index}].name: invalid empty name ""`);
}

/** Parts of a byte. */
export function fractionWarnings(
  map: Readonly<Record<string, string>> | undefined,
  path: string,
  found: string[],
): void {
  for (const name of ["memory", "ephemeral-storage", "storage"]) {
    const text = map?.[name];
    if (text !== undefined && parseQuantity(text).milli % 1000 !== 0)
      found.push(`${path}[${name}]: fractional byte value ${goQuote(text)} is invalid, must be an integer`);
  }
}

function containerWarnings({ resources, env = [] }: Container, at: string, found: string[]): void {
  for (const name of ["memory", "ephemeral-storage"])
    for (const list of ["limits", "requests"] as const) {
      const text = resources?.[list]?.[name];
      if (text !== undefined) fractionWarnings({ [name]: text }, `${at}.resources.${list}`, found);
    }
  const seen = new Set<string>();
  for (const [index, { name, value = "", valueFrom }] of env.entries()) {
    const reference = `$(${name})`;
    // A value made of the one before it is no mistake: PATH=$(PATH):/opt.
    if (seen.has(name) && (valueFrom || value === reference || !value.includes(reference))) {
      const hides = `hides previous definition of ${goQuote(name)}, which may be dropped when using apply`;
      found.push(`${at}.env[${index}]: ${hides}`);
    }
    seen.add(name);
  }
}

function portWarnings(spec: PodSpec, at: string, found: string[]): void {
  const all = new Map<string, { port: ContainerPort; place: string }[]>();
  const names = new Map<string, string>();
  const late: string[] = [];
  for (const [container, where] of containersOf(spec)) {
    // Those that begin the pod are over when the others listen.
    if (where.startsWith("init") && container.restartPolicy !== "Always") continue;
    for (const [index, port] of (container.ports ?? []).entries()) {
      const place = `${at}.${where}.ports[${index}]`;
      const socket = `${port.containerPort}/${port.protocol}`;
      const others = all.get(socket) ?? [];
      for (const other of others) {
        const how = collision(port, other.port);
        if (how) found.push(`${place}: ${how} port definition with ${other.place}`);
      }
      all.set(socket, [...others, { port, place }]);
      const other = port.name ? names.get(port.name) : undefined;
      if (other) {
        const use = `services and probes that select ports by name will use ${other}`;
        late.push(`${place}: duplicate port name ${goQuote(port.name ?? "")} with ${other}, ${use}`);
      } else if (port.name) names.set(port.name, place);
    }
  }
  found.push(...late);
}

function collision(a: ContainerPort, b: ContainerPort): string | undefined {
  const [hostA, hostB] = [a.hostPort ?? 0, b.hostPort ?? 0];
  const [ipA, ipB] = [a.hostIP ?? "", b.hostIP ?? ""];
  if (hostA === hostB && ipA === ipB) return "duplicate";
  if (hostA === 0 || hostB === 0) return "overlapping";
  return hostA === hostB && (ipA === "") !== (ipB === "") ? "dangerously ambiguous" : undefined;
}

function podAffinityWarnings(affinity: Affinity | undefined, path: string, found: string[]): void {
  for (const kind of ["podAffinity", "podAntiAffinity"] as const) {
    for (const [index, { labelSelector }] of (affinity?.[kind]?.[must] ?? []).entries())
      if (!labelSelector) found.push(`${path}.${kind}.${must}[${index}].labelSelector: ${nullSelector}`);
    for (const [index, { podAffinityTerm }] of (affinity?.[kind]?.[prefers] ?? []).entries())
      if (!podAffinityTerm?.labelSelector)
        found.push(`${path}.${kind}.${prefers}[${index}].podAffinityTerm.labelSelector: ${nullSelector}`);
  }
}

/** What is said of whatever makes pods; of a change only where it changes what the object wants. */
export function templateWarnings(
  { metadata }: KubeObject,
  old: KubeObject | undefined,
  template: PodTemplateSpec | undefined,
  path: string,
): readonly string[] {
  if (old && old.metadata.generation === metadata.generation) return [];
  return [...(old ? [] : nameWarnings(metadata.name, podNames)), ...(template ? podWarnings(template, path) : [])];
}

/** What is said of a job with very many indexes. */
export function indexedWarnings(spec: JobSpec, path: string): readonly string[] {
  const { completionMode, completions = 0, parallelism = 0 } = spec;
  if (completionMode !== "Indexed" || completions <= 100_000 || parallelism <= 10_000) return [];
  const when = "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4";
  return [`${path}: ${when}, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`];
}
