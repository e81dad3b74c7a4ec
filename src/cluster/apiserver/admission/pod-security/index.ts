import type { Namespace } from "../../../../kinds/types/core.ts";
import type { KubeObject, ObjectMeta } from "../../../../kinds/types/meta.ts";
import type { Container, Pod } from "../../../../kinds/types/pod.ts";
import type { AdmissionPlugin, AdmissionRequest, AdmissionTools } from "../../define.ts";
import { forbidden, internalError, invalid } from "../../errors.ts";
import { readSecurityConfiguration, type SecurityConfiguration } from "./configuration.ts";
import type { Checked, Violation } from "./define.ts";
import { detailsOf, reasonsOf, violationsOf } from "./evaluate.ts";
import {
  askedText,
  compareLevels,
  isPrivileged,
  type LevelVersion,
  levelText,
  policyOf,
  type SecurityPolicy,
  sameLevel,
} from "./policy.ts";

const NAME = "PodSecurity";

/** Where kinds keep what their pods will be. */
const templates: Readonly<Record<string, readonly string[]>> = {
  replicationcontrollers: ["spec", "template"],
  podtemplates: ["template"],
  "replicasets.apps": ["spec", "template"],
  "deployments.apps": ["spec", "template"],
  "statefulsets.apps": ["spec", "template"],
  "daemonsets.apps": ["spec", "template"],
  "jobs.batch": ["spec", "template"],
  "cronjobs.batch": ["spec", "jobTemplate", "spec", "template"],
};
/** Subresources of pods that say nothing new of what a pod is. */
const ignored = new Set("exec attach binding eviction log portforward proxy status".split(" "));

const configurations = new WeakMap<AdmissionTools, SecurityConfiguration>();

function configurationOf(server: AdmissionTools): SecurityConfiguration {
  let known = configurations.get(server);
  if (!known) {
    known = readSecurityConfiguration(server.configuration(NAME));
    configurations.set(server, known);
  }
  return known;
}

/** The Pod Security Standards, as a namespace's labels ask for them (k8s.io/pod-security-admission/admission, 0.35). */
export const podSecurity: AdmissionPlugin = {
  name: NAME,
  only: ["namespaces", "pods", "pods/ephemeralcontainers", "pods/resize", ...Object.keys(templates)],
  validate(request, server) {
    const { operation, kind, subresource } = request;
    if (operation !== "CREATE" && operation !== "UPDATE") return;
    if (kind.group === "" && kind.plural === "namespaces") {
      if (!subresource) checkNamespace(request, server);
      return;
    }
    if (kind.group === "" && kind.plural === "pods") {
      if (!subresource || !ignored.has(subresource)) checkPod(request, server);
      return;
    }
    const path = templates[kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`];
    if (path && !subresource) checkTemplate(request, path, server);
  },
};

/** What holds in the request's namespace; undefined where the namespace or the user is left alone. */
function policyFor(request: AdmissionRequest, server: AdmissionTools): SecurityPolicy | undefined {
  const { exemptions, defaults } = configurationOf(server);
  const { namespace = "", user } = request;
  if (exemptions.namespaces.includes(namespace)) return exempt("namespace", server);
  if (exemptions.usernames.includes(user.name)) return exempt("user", server);
  const home = server.get<Namespace>("namespaces", undefined, namespace);
  if (!home) throw internalError(`failed to lookup namespace ${JSON.stringify(namespace)}`);
  return policyOf(home.metadata.labels, defaults).policy;
}

/** What the audit log is told (pod-security-admission/api/constants.go, 0.35). */
function remark(key: "exempt" | "enforce-policy" | "audit-violations", value: string, server: AdmissionTools): void {
  server.annotate(`pod-security.kubernetes.io/${key}`, value);
}

function exempt(why: "namespace" | "user" | "runtimeClass", server: AdmissionTools): undefined {
  remark("exempt", why, server);
}

function checkPod(request: AdmissionRequest, server: AdmissionTools): void {
  const policy = policyFor(request, server);
  if (!policy) return;
  if (isPrivileged(policy)) {
    remark("enforce-policy", levelText(policy.enforce), server);
    return;
  }
  const pod = request.object as Pod;
  if (request.old && !isSignificant(pod, request.old as Pod)) return;
  if (isExempt(pod.spec.runtimeClassName, server)) {
    exempt("runtimeClass", server);
    return;
  }
  remark("enforce-policy", levelText(policy.enforce), server);
  audit(policy.audit, pod, server);
  const found = violationsOf(policy.enforce, pod);
  if (found.length > 0) {
    const name = request.name || pod.metadata.name || pod.metadata.generateName;
    throw forbidden(request.kind, name, `violates PodSecurity ${verdict(policy.enforce, found)}`);
  }
  warn(policy.warn, pod, server);
}

function checkTemplate(request: AdmissionRequest, path: readonly string[], server: AdmissionTools): void {
  const policy = policyFor(request, server);
  if (!policy || (policy.warn.level === "privileged" && policy.audit.level === "privileged")) return;
  let template: unknown = request.object;
  for (const key of path) template = (template as Record<string, unknown> | undefined)?.[key];
  const { metadata, spec } = (template ?? {}) as { metadata?: Partial<ObjectMeta>; spec?: Pod["spec"] };
  if (!spec) return;
  if (isExempt(spec.runtimeClassName, server)) {
    exempt("runtimeClass", server);
    return;
  }
  audit(policy.audit, { metadata: metadata ?? {}, spec }, server);
  warn(policy.warn, { metadata: metadata ?? {}, spec }, server);
}

function isExempt(runtimeClass: string | undefined, server: AdmissionTools): boolean {
  return Boolean(runtimeClass) && configurationOf(server).exemptions.runtimeClasses.includes(runtimeClass ?? "");
}

function verdict(level: LevelVersion, violations: readonly Violation[]): string {
  return `"${levelText(level)}": ${detailsOf(violations)}`;
}

function audit(level: LevelVersion, pod: Checked, server: AdmissionTools): void {
  const found = violationsOf(level, pod);
  if (found.length > 0) remark("audit-violations", `would violate PodSecurity ${verdict(level, found)}`, server);
}

function warn(level: LevelVersion, pod: Checked, server: AdmissionTools): void {
  const found = violationsOf(level, pod);
  if (found.length > 0) server.warn(`would violate PodSecurity ${verdict(level, found)}`);
}

/** Whether a change of a pod concerns what it is: its containers or their images. */
function isSignificant({ spec }: Pod, { spec: old }: Pod): boolean {
  if (spec.containers.length !== old.containers.length) return true;
  if (spec.initContainers?.length !== old.initContainers?.length) return true;
  const changed = (list: readonly Container[] = [], before: readonly Container[] = []) =>
    list !== before && list.some(({ image }, i) => image !== before[i]?.image);
  if (changed(spec.containers, old.containers) || changed(spec.initContainers, old.initContainers)) return true;
  return (spec.ephemeralContainers ?? []).some(
    ({ name, image }) => old.ephemeralContainers?.find((other) => other.name === name)?.image !== image,
  );
}

function checkNamespace({ kind, object, old }: AdmissionRequest, server: AdmissionTools): void {
  if (!object || object.metadata.labels === old?.metadata.labels) return;
  const { defaults, exemptions } = configurationOf(server);
  const { name, labels } = object.metadata;
  const { policy, problems } = policyOf(labels, defaults);
  const isLeftAlone = exemptions.namespaces.includes(name);
  if (!old) {
    if (problems.length > 0) throw invalid(kind, name, problems);
    if (isLeftAlone) warnOfExemption(object, policy, server);
    return;
  }
  const before = policyOf(old.metadata.labels, defaults);
  const isNew = JSON.stringify(problems) !== JSON.stringify(before.problems);
  if (problems.length > 0 && isNew) throw invalid(kind, name, problems);
  const [enforce, enforced] = [policy.enforce, before.policy.enforce];
  if (enforce.level === "privileged" || sameLevel(enforce, enforced)) return;
  if (enforce.version === enforced.version && compareLevels(enforce.level, enforced.level) <= 0) return;
  if (isLeftAlone) warnOfExemption(object, policy, server);
  else for (const text of warningsAbout(name, enforce, server)) server.warn(text);
}

function warnOfExemption({ metadata }: KubeObject, policy: SecurityPolicy, server: AdmissionTools): void {
  const { defaults } = configurationOf(server);
  const modes = ["enforce", "audit", "warn"] as const;
  const isSame = (mode: (typeof modes)[number]) =>
    sameLevel(policy[mode], defaults[mode]) ||
    (policy[mode].level === "privileged" && defaults[mode].level === "privileged");
  if (isPrivileged(policy) || modes.every(isSame)) return;
  const asked = askedText(policy, metadata.labels);
  const name = JSON.stringify(metadata.name);
  server.warn(`namespace ${name} is exempt from Pod Security, and the policy (${asked}) will be ignored`);
}

/** What a namespace's pods already do against its new level: a line for pods that do the same. */
function warningsAbout(namespace: string, level: LevelVersion, server: AdmissionTools): readonly string[] {
  const pods = new Map<string, string[]>();
  for (const pod of server.list<Pod>("pods", namespace)) {
    if (isExempt(pod.spec.runtimeClassName, server)) continue;
    const found = violationsOf(level, pod);
    if (found.length === 0) continue;
    const reasons = reasonsOf(found);
    pods.set(reasons, [...(pods.get(reasons) ?? []), pod.metadata.name]);
  }
  if (pods.size === 0) return [];
  const lines = [...pods].map(([reasons, names]) => {
    const others = names.length - 1;
    const more = others === 0 ? "" : ` (and ${others} other pod${others === 1 ? "" : "s"})`;
    return `${names.toSorted()[0]}${more}: ${reasons}`;
  });
  const first = `existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level "${levelText(level)}"`;
  return [first, ...lines.sort()];
}
