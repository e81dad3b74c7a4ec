import type { JsonObject } from "../../../../base/json.ts";
import type { DebugValues } from "./flags.ts";

/** What a profile is laid over: the whole pod of an ephemeral container, its copy, or the pod made for a node. */
export type DebugStyle = "ephemeral" | "copy" | "node";

type Spec = Record<string, unknown>;
type Containers = readonly JsonObject[];

const names = ["legacy", "general", "baseline", "restricted", "netadmin", "sysadmin"];

export function isProfile(name: string): boolean {
  return names.includes(name);
}

/** The security context that a profile gives to the debug container; undefined takes away what it has. */
function securityOf(profile: string, style: DebugStyle, old: JsonObject | undefined): JsonObject | undefined {
  switch (profile) {
    case "general":
      return style === "node" ? undefined : withCapabilities(old, "SYS_PTRACE");
    case "baseline":
      return undefined;
    case "restricted":
      return {
        runAsNonRoot: true,
        capabilities: { drop: ["ALL"] },
        allowPrivilegeEscalation: false,
        seccompProfile: { type: "RuntimeDefault" },
      };
    case "netadmin":
      return withCapabilities(old, "NET_ADMIN", "NET_RAW");
    case "sysadmin":
      return { ...old, privileged: true };
    default:
      return old;
  }
}

function withCapabilities(old: JsonObject | undefined, ...more: readonly string[]): JsonObject {
  const capabilities = (old?.capabilities ?? {}) as { readonly add?: readonly string[] };
  return { ...old, capabilities: { ...capabilities, add: [...(capabilities.add ?? []), ...more] } };
}

/** A pod with what its profile asks for (cmd/debug/profiles.go, 1.33). `name` is the debug container. */
export function withProfile(pod: JsonObject, name: string, style: DebugStyle, values: DebugValues): JsonObject {
  const { profile } = values;
  const secured = (list: unknown) =>
    ((list ?? []) as Containers).map((container) => {
      if (container.name !== name) return container;
      const { securityContext, ...rest } = container;
      const security = securityOf(profile, style, securityContext as JsonObject | undefined);
      return security ? { ...rest, securityContext: security } : rest;
    });
  const spec: Spec = { ...(pod.spec as JsonObject) };
  for (const list of ["containers", "initContainers", "ephemeralContainers"])
    if (spec[list] !== undefined) spec[list] = secured(spec[list]);
  if (style === "node") return { ...pod, spec: nodeSpec(spec, name, profile) as JsonObject };
  return style === "copy"
    ? copyKeeping({ ...pod, spec: spec as JsonObject }, values)
    : { ...pod, spec: spec as JsonObject };
}

const ofHost = ["legacy", "general", "netadmin", "sysadmin"];
const withDisk = ["legacy", "general", "sysadmin"];

function nodeSpec(spec: Spec, name: string, profile: string): Spec {
  if (!ofHost.includes(profile)) return spec;
  const next: Spec = { ...spec, hostNetwork: true, hostPID: true, hostIPC: true };
  if (!withDisk.includes(profile)) return next;
  next.volumes = [{ name: "host-root", hostPath: { path: "/" } }];
  next.containers = (spec.containers as Containers).map((container) =>
    container.name === name ? { ...container, volumeMounts: [{ mountPath: "/host", name: "host-root" }] } : container,
  );
  return next;
}

const probes = { "keep-liveness": "livenessProbe", "keep-readiness": "readinessProbe", "keep-startup": "startupProbe" };

/** What a copy keeps of its original. The legacy profile takes the labels away and leaves everything else. */
function copyKeeping(pod: JsonObject, values: DebugValues): JsonObject {
  const legacy = values.profile === "legacy";
  const metadata: Record<string, unknown> = { ...(pod.metadata as JsonObject) };
  const spec: Spec = { ...(pod.spec as JsonObject) };
  if (legacy || !values["keep-labels"]) delete metadata.labels;
  if (legacy) return { ...pod, metadata: metadata as JsonObject };
  if (!values["keep-annotations"]) delete metadata.annotations;
  if (!values["keep-init-containers"]) delete spec.initContainers;
  spec.containers = (spec.containers as Containers).map((container) => {
    const dropped = Object.entries(probes).flatMap(([flag, field]) =>
      values[flag as keyof typeof probes] ? [] : [field],
    );
    return Object.fromEntries(Object.entries(container).filter(([field]) => !dropped.includes(field))) as JsonObject;
  });
  spec.shareProcessNamespace ??= true;
  return { ...pod, metadata: metadata as JsonObject, spec: spec as JsonObject };
}
