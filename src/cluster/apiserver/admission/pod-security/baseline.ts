import type { Handler, Probe } from "../../../../kinds/types/pod.ts";
import {
  type Checked,
  containersOf,
  contextOf,
  quoted,
  type SecurityCheck,
  type SecurityContext,
  setters,
  several,
  sortedSet,
  type Violation,
} from "./define.ts";

// k8s.io/pod-security-admission/policy, 0.35.

const appArmorPrefix = "container.apparmor.security.beta.kubernetes.io/";
const podSeccomp = "seccomp.security.alpha.kubernetes.io/pod";
const containerSeccomp = "container.seccomp.security.alpha.kubernetes.io/";
const capabilities = new Set(
  "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT".split(
    " ",
  ),
);
const sysctls = "kernel.shm_rmid_forced ip_local_port_range tcp_syncookies ping_group_range ip_unprivileged_port_start";
const selinuxTypes = ["", "container_t", "container_init_t", "container_kvm_t"];

function appArmor(pod: Checked): Violation | undefined {
  const fine = (context: SecurityContext) =>
    !context.appArmorProfile || ["RuntimeDefault", "Localhost"].includes(context.appArmorProfile.type);
  const { isPod, bad, values } = wrongProfiles(pod, fine, ({ appArmorProfile }) => appArmorProfile?.type ?? "");
  const annotations = Object.entries(pod.metadata.annotations ?? {})
    .filter(([key, value]) => key.startsWith(appArmorPrefix) && !/^(|runtime\/default|localhost\/.*)$/.test(value))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort();
  const who = setters(isPod, bad);
  const note = annotations.length === 0 ? undefined : annotations.length === 1 ? "annotation" : "annotations";
  const list = [who, note].filter((one) => one !== undefined);
  if (list.length === 0) return undefined;
  const all = [...values, ...annotations];
  return {
    reason: `forbidden AppArmor profile${all.length === 1 ? "" : "s"}`,
    detail: `${list.join(" and ")} must not set AppArmor profile type to ${quoted(all)}`,
  };
}

/** Who sets a profile that is not fine, and which these are. */
function wrongProfiles(
  pod: Checked,
  fine: (context: SecurityContext) => boolean,
  typeOf: (context: SecurityContext) => string,
): { readonly isPod: boolean; readonly bad: readonly string[]; readonly values: readonly string[] } {
  const own = contextOf(pod.spec);
  const isPod = !fine(own);
  const wrong = containersOf(pod).filter((container) => !fine(contextOf(container)));
  const values = wrong.map((container) => typeOf(contextOf(container)));
  return {
    isPod,
    bad: wrong.map(({ name }) => name),
    values: sortedSet(isPod ? [typeOf(own), ...values] : values),
  };
}

function baselineCapabilities(pod: Checked): Violation | undefined {
  const added = (context: SecurityContext) => (context.capabilities?.add ?? []).filter((one) => !capabilities.has(one));
  const bad = containersOf(pod).filter((container) => added(contextOf(container)).length > 0);
  if (bad.length === 0) return undefined;
  const names = bad.map(({ name }) => name);
  const list = quoted(sortedSet(bad.flatMap((container) => added(contextOf(container)))));
  const detail = `${several("container", names)} must not include ${list} in securityContext.capabilities.add`;
  return { reason: "non-default capabilities", detail };
}

function hostNamespaces({ spec }: Checked): Violation | undefined {
  const used = (["hostNetwork", "hostPID", "hostIPC"] as const).filter((field) => spec[field]);
  if (used.length === 0) return undefined;
  return { reason: "host namespaces", detail: used.map((field) => `${field}=true`).join(", ") };
}

function hostPathVolumes({ spec }: Checked): Violation | undefined {
  const names = (spec.volumes ?? []).filter(({ hostPath }) => hostPath).map(({ name }) => name);
  return names.length === 0 ? undefined : { reason: "hostPath volumes", detail: several("volume", names) };
}

function hostPorts(pod: Checked): Violation | undefined {
  const bad = containersOf(pod).filter(({ ports = [] }) => ports.some(({ hostPort }) => hostPort));
  if (bad.length === 0) return undefined;
  const ports = sortedSet(
    bad.flatMap(({ ports = [] }) => ports.flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []))),
  );
  const names = bad.map(({ name }) => name);
  const what = `${names.length === 1 ? "uses" : "use"} hostPort${ports.length === 1 ? "" : "s"} ${ports.join(", ")}`;
  return { reason: "hostPort", detail: `${several("container", names)} ${what}` };
}

function probeHosts(pod: Checked): Violation | undefined {
  const hostsOf = (handler: Handler | Probe | undefined) =>
    [handler?.httpGet?.host, handler?.tcpSocket?.host].filter((host): host is string => Boolean(host));
  const found = containersOf(pod).map(({ name, livenessProbe, readinessProbe, startupProbe, lifecycle }) => ({
    name,
    hosts: [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop].flatMap(hostsOf),
  }));
  const bad = found.filter(({ hosts }) => hosts.length > 0);
  if (bad.length === 0) return undefined;
  const names = sortedSet(bad.map(({ name }) => name));
  const hosts = sortedSet(bad.flatMap((one) => one.hosts));
  const what = `${names.length === 1 ? "uses" : "use"} probe or lifecycle host${hosts.length === 1 ? "" : "s"}`;
  return { reason: "probe or lifecycle host", detail: `${several("container", names)} ${what} ${quoted(hosts)}` };
}

function privileged(pod: Checked): Violation | undefined {
  const names = containersOf(pod)
    .filter((container) => contextOf(container).privileged)
    .map(({ name }) => name);
  if (names.length === 0) return undefined;
  return {
    reason: "privileged",
    detail: `${several("container", names)} must not set securityContext.privileged=true`,
  };
}

/** Whether a pod's users are others than the host's: then root in it is nobody outside. */
export function hasOwnUsers({ spec }: Checked): boolean {
  return spec.hostUsers === false;
}

/** Containers that see the whole of /proc. */
export function procMount(pod: Checked): Violation | undefined {
  const mountOf = (container: { securityContext?: object }) => contextOf(container).procMount ?? "Default";
  const bad = containersOf(pod).filter((container) => mountOf(container) !== "Default");
  if (bad.length === 0) return undefined;
  const names = bad.map(({ name }) => name);
  const list = quoted(sortedSet(bad.map(mountOf)));
  return {
    reason: "procMount",
    detail: `${several("container", names)} must not set securityContext.procMount to ${list}`,
  };
}

function selinux(types: readonly string[]) {
  return (pod: Checked): Violation | undefined => {
    const contexts = [contextOf(pod.spec), ...containersOf(pod).map(contextOf)];
    const bad = ({ seLinuxOptions: options }: SecurityContext) =>
      options !== undefined && (!types.includes(options.type ?? "") || Boolean(options.user) || Boolean(options.role));
    const who = setters(
      bad(contextOf(pod.spec)),
      containersOf(pod)
        .filter((container) => bad(contextOf(container)))
        .map(({ name }) => name),
    );
    if (!who) return undefined;
    const wrong = sortedSet(
      contexts.flatMap(({ seLinuxOptions: { type = "" } = {} }) => (types.includes(type) ? [] : [type])),
    );
    const data: string[] = [];
    if (wrong.length > 0) data.push(several("type", wrong));
    if (contexts.some(({ seLinuxOptions }) => seLinuxOptions?.user)) data.push("user may not be set");
    if (contexts.some(({ seLinuxOptions }) => seLinuxOptions?.role)) data.push("role may not be set");
    return {
      reason: "seLinuxOptions",
      detail: `${who} set forbidden securityContext.seLinuxOptions: ${data.join("; ")}`,
    };
  };
}

function oldSeccomp(pod: Checked): Violation | undefined {
  const keys = [podSeccomp, ...containersOf(pod).map(({ name }) => containerSeccomp + name)];
  const wrong = sortedSet(
    keys.flatMap((key) => {
      const value = pod.metadata.annotations?.[key];
      if (value === undefined || /^(runtime\/default$|docker\/default$|localhost\/)/.test(value)) return [];
      return [`${key}=${JSON.stringify(value)}`];
    }),
  );
  if (wrong.length === 0) return undefined;
  const noun = wrong.length === 1 ? "annotation" : "annotations";
  return { reason: "seccompProfile", detail: `forbidden ${noun} ${wrong.join(", ")}` };
}

/** Whether a seccomp profile may be set. */
export function isSeccompFine({ seccompProfile }: SecurityContext): boolean {
  return !seccompProfile || ["RuntimeDefault", "Localhost"].includes(seccompProfile.type);
}

/** Seccomp profiles that may not be set. */
export function wrongSeccomp(pod: Checked): Violation | undefined {
  const { isPod, bad, values } = wrongProfiles(pod, isSeccompFine, ({ seccompProfile }) => seccompProfile?.type ?? "");
  const who = setters(isPod, bad);
  if (!who) return undefined;
  const detail = `${who} must not set securityContext.seccompProfile.type to ${quoted(values)}`;
  return { reason: "seccompProfile", detail };
}

function sysctl(more: string) {
  const full = (name: string) => (name.includes(".") ? name : `net.ipv4.${name}`);
  const allowed = new Set(`${sysctls} ${more}`.trim().split(/\s+/).map(full));
  return ({ spec }: Checked): Violation | undefined => {
    const wrong = (contextOf(spec).sysctls ?? []).map(({ name }) => name).filter((name) => !allowed.has(name));
    return wrong.length === 0 ? undefined : { reason: "forbidden sysctls", detail: wrong.join(", ") };
  };
}

function hostProcess(pod: Checked): Violation | undefined {
  const bad = (context: SecurityContext) => context.windowsOptions?.hostProcess === true;
  const names = containersOf(pod)
    .filter((container) => bad(contextOf(container)))
    .map(({ name }) => name);
  const who = setters(bad(contextOf(pod.spec)), names);
  if (!who) return undefined;
  return { reason: "hostProcess", detail: `${who} must not set securityContext.windowsOptions.hostProcess=true` };
}

const keepalive = "tcp_keepalive_time tcp_fin_timeout tcp_keepalive_intvl tcp_keepalive_probes";
const reserved = "ip_local_reserved_ports";

/** What the levels baseline and restricted forbid, in the order of their ids. */
export const baselineChecks: readonly SecurityCheck[] = [
  { id: "appArmorProfile", versions: [{ since: 0, check: appArmor }] },
  { id: "capabilities_baseline", versions: [{ since: 0, check: baselineCapabilities }] },
  { id: "hostNamespaces", versions: [{ since: 0, check: hostNamespaces }] },
  { id: "hostPathVolumes", versions: [{ since: 0, check: hostPathVolumes }] },
  { id: "hostPorts", versions: [{ since: 0, check: hostPorts }] },
  { id: "hostProbesAndHostLifecycle", versions: [{ since: 34, check: probeHosts }] },
  { id: "privileged", versions: [{ since: 0, check: privileged }] },
  {
    id: "procMount",
    versions: [
      { since: 0, check: procMount },
      { since: 35, check: (pod) => (hasOwnUsers(pod) ? undefined : procMount(pod)) },
    ],
  },
  {
    id: "seLinuxOptions",
    versions: [
      { since: 0, check: selinux(selinuxTypes) },
      { since: 31, check: selinux([...selinuxTypes, "container_engine_t"]) },
    ],
  },
  {
    id: "seccompProfile_baseline",
    versions: [
      { since: 0, check: oldSeccomp },
      { since: 19, check: wrongSeccomp },
    ],
  },
  {
    id: "sysctls",
    versions: [
      { since: 0, check: sysctl("") },
      { since: 27, check: sysctl(reserved) },
      { since: 29, check: sysctl(`${reserved} ${keepalive}`) },
      { since: 32, check: sysctl(`${reserved} ${keepalive} tcp_rmem tcp_wmem`) },
    ],
  },
  { id: "windowsHostProcess", versions: [{ since: 0, check: hostProcess }] },
];
