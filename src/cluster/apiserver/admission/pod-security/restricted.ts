import { hasOwnUsers, isSeccompFine, procMount, wrongSeccomp } from "./baseline.ts";
import {
  type Checked,
  containersOf,
  contextOf,
  quoted,
  type SecurityCheck,
  setters,
  several,
  sortedSet,
  type Violation,
} from "./define.ts";

// k8s.io/pod-security-admission/policy, 0.35.

/** The sources of volumes that may be used. */
const allowedVolumes = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

function privilegeEscalation(pod: Checked): Violation | undefined {
  const names = containersOf(pod)
    .filter((container) => contextOf(container).allowPrivilegeEscalation !== false)
    .map(({ name }) => name);
  if (names.length === 0) return undefined;
  return {
    reason: "allowPrivilegeEscalation != false",
    detail: `${several("container", names)} must set securityContext.allowPrivilegeEscalation=false`,
  };
}

function capabilities(pod: Checked): Violation | undefined {
  const all = containersOf(pod).map((container) => ({ name: container.name, ...contextOf(container).capabilities }));
  const undropped = all.filter(({ drop = [] }) => !drop.includes("ALL")).map(({ name }) => name);
  const forbidden = ({ add = [] }: { readonly add?: readonly string[] }) =>
    add.filter((one) => one !== "NET_BIND_SERVICE");
  const adding = all.filter((one) => forbidden(one).length > 0);
  const details: string[] = [];
  if (undropped.length > 0)
    details.push(`${several("container", undropped)} must set securityContext.capabilities.drop=["ALL"]`);
  if (adding.length > 0) {
    const who = several(
      "container",
      adding.map(({ name }) => name),
    );
    const list = quoted(sortedSet(adding.flatMap(forbidden)));
    details.push(`${who} must not include ${list} in securityContext.capabilities.add`);
  }
  return details.length === 0 ? undefined : { reason: "unrestricted capabilities", detail: details.join("; ") };
}

function volumes({ spec }: Checked): Violation | undefined {
  const bad = (spec.volumes ?? []).filter((volume) => !allowedVolumes.some((source) => volume[source] !== undefined));
  if (bad.length === 0) return undefined;
  const sourceOf = (volume: object) => Object.keys(volume).find((key) => key !== "name") ?? "unknown";
  const names = bad.map(({ name }) => name);
  const sources = sortedSet(bad.map(sourceOf));
  const what = `${names.length === 1 ? "uses" : "use"} restricted volume type${sources.length === 1 ? "" : "s"}`;
  return { reason: "restricted volume types", detail: `${several("volume", names)} ${what} ${quoted(sources)}` };
}

function runAsNonRoot(pod: Checked): Violation | undefined {
  const reason = "runAsNonRoot != true";
  const own = contextOf(pod.spec).runAsNonRoot;
  const namesWhere = (value: boolean | undefined) =>
    containersOf(pod)
      .filter((container) => contextOf(container).runAsNonRoot === value)
      .map(({ name }) => name);
  const who = setters(own === false, namesWhere(false));
  if (who) return { reason, detail: `${who} must not set securityContext.runAsNonRoot=false` };
  const silent = own === true ? [] : namesWhere(undefined);
  if (silent.length === 0) return undefined;
  return { reason, detail: `pod or ${several("container", silent)} must set securityContext.runAsNonRoot=true` };
}

function runAsUser(pod: Checked): Violation | undefined {
  const names = containersOf(pod)
    .filter((container) => contextOf(container).runAsUser === 0)
    .map(({ name }) => name);
  const who = setters(contextOf(pod.spec).runAsUser === 0, names);
  return who ? { reason: "runAsUser=0", detail: `${who} must not set runAsUser=0` } : undefined;
}

function seccomp(pod: Checked): Violation | undefined {
  const wrong = wrongSeccomp(pod);
  if (wrong) return wrong;
  const own = contextOf(pod.spec);
  if (own.seccompProfile && isSeccompFine(own)) return undefined;
  const silent = containersOf(pod)
    .filter((container) => !contextOf(container).seccompProfile)
    .map(({ name }) => name);
  if (silent.length === 0) return undefined;
  const detail = `pod or ${several("container", silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`;
  return { reason: "seccompProfile", detail };
}

type CheckPod = (pod: Checked) => Violation | undefined;

function exceptOnWindows(check: CheckPod): CheckPod {
  return (pod) => (pod.spec.os?.name === "windows" ? undefined : check(pod));
}

function exceptWithOwnUsers(check: CheckPod): CheckPod {
  return (pod) => (hasOwnUsers(pod) ? undefined : check(pod));
}

/** What the level restricted forbids beside baseline, in the order of their ids. */
export const restrictedChecks: readonly SecurityCheck[] = [
  {
    id: "allowPrivilegeEscalation",
    versions: [
      { since: 8, check: privilegeEscalation },
      { since: 25, check: exceptOnWindows(privilegeEscalation) },
    ],
  },
  {
    id: "capabilities_restricted",
    versions: [
      { since: 22, overrides: "capabilities_baseline", check: capabilities },
      { since: 25, overrides: "capabilities_baseline", check: exceptOnWindows(capabilities) },
    ],
  },
  { id: "procMount_restricted", versions: [{ since: 35, overrides: "procMount", check: procMount }] },
  { id: "restrictedVolumes", versions: [{ since: 0, overrides: "hostPathVolumes", check: volumes }] },
  {
    id: "runAsNonRoot",
    versions: [
      { since: 0, check: runAsNonRoot },
      { since: 35, check: exceptWithOwnUsers(runAsNonRoot) },
    ],
  },
  {
    id: "runAsUser",
    versions: [
      { since: 23, check: runAsUser },
      { since: 35, check: exceptWithOwnUsers(runAsUser) },
    ],
  },
  {
    id: "seccompProfile_restricted",
    versions: [
      { since: 19, overrides: "seccompProfile_baseline", check: seccomp },
      { since: 25, overrides: "seccompProfile_baseline", check: exceptOnWindows(seccomp) },
    ],
  },
];
