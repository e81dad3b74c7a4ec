import type { ObjectMeta } from "../../../../kinds/types/meta.ts";
import type { Container, Pod } from "../../../../kinds/types/pod.ts";

/** A pod, or the template of one. */
export interface Checked {
  readonly metadata: Partial<ObjectMeta>;
  readonly spec: Pod["spec"] & { readonly hostUsers?: boolean; readonly os?: { readonly name?: string } };
}

/** What a check has against a pod: in a word, and in detail. */
export interface Violation {
  readonly reason: string;
  readonly detail?: string;
}

/** A check of the Pod Security Standards, and from which minor version of them each form of it holds. */
export interface SecurityCheck {
  readonly id: string;
  readonly versions: readonly {
    readonly since: number;
    /** The baseline check that it stands in for. */
    readonly overrides?: string;
    check(pod: Checked): Violation | undefined;
  }[];
}

/** What the checks read of a security context, the pod's or a container's. */
export interface SecurityContext {
  readonly allowPrivilegeEscalation?: boolean;
  readonly appArmorProfile?: { readonly type: string };
  readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
  readonly privileged?: boolean;
  readonly procMount?: string;
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly seLinuxOptions?: { readonly type?: string; readonly user?: string; readonly role?: string };
  readonly seccompProfile?: { readonly type: string };
  readonly sysctls?: readonly { readonly name: string }[];
  readonly windowsOptions?: { readonly hostProcess?: boolean };
}

/** All containers of a pod: those that come first, first. */
export function containersOf({ spec }: Checked): readonly Container[] {
  const { initContainers, containers, ephemeralContainers } = spec;
  if (!initContainers && !ephemeralContainers) return containers ?? [];
  return [...(initContainers ?? []), ...(containers ?? []), ...(ephemeralContainers ?? [])];
}

export function contextOf({ securityContext }: { readonly securityContext?: object | undefined }): SecurityContext {
  return (securityContext ?? {}) as SecurityContext;
}

/** "a", "b" */
export function quoted(names: Iterable<string>): string {
  const list = [...names];
  return list.length === 0 ? "" : `"${list.join('", "')}"`;
}

/** container "a", containers "a", "b" */
export function several(noun: string, names: readonly string[]): string {
  return `${noun}${names.length === 1 ? "" : "s"} ${quoted(names)}`;
}

/** Who sets something: the pod itself, and these containers. */
export function setters(isPod: boolean, names: readonly string[]): string | undefined {
  const list = [...(isPod ? ["pod"] : []), ...(names.length > 0 ? [several("container", names)] : [])];
  return list.length === 0 ? undefined : list.join(" and ");
}

/** Texts once each, in order. */
export function sortedSet(values: Iterable<string>): readonly string[] {
  return [...new Set(values)].sort();
}
