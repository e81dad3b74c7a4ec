import type { Container, Pod } from "../../kinds/types/pod.ts";
import { allCapabilities } from "../../machine/capabilities.ts";
import type { Credentials } from "../../machine/define.ts";
import { ConfigError } from "./environment.ts";

/** What containerd gives to root in a container that asks for nothing else. */
const usual: ReadonlySet<string> = new Set(
  `CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL
  AUDIT_WRITE`.split(/\s+/),
);

/** What the fields of a security context are that a container's process feels. */
interface Context {
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly runAsNonRoot?: boolean;
  readonly fsGroup?: number;
  readonly supplementalGroups?: readonly number[];
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
}

/** Whom a container's process runs as, and with what rights. Throws ConfigError where it would be root and may not be. */
export function credentialsOf(pod: Pod, spec: Container, imageUser: number | undefined): Credentials {
  const [own, ofPod] = [contextOf(spec), contextOf(pod.spec)];
  const asked = own.runAsUser ?? ofPod.runAsUser;
  const uid = asked ?? imageUser ?? 0;
  if ((own.runAsNonRoot ?? ofPod.runAsNonRoot) === true && uid === 0) refuseRoot(pod, spec, asked === 0);
  const { fsGroup, supplementalGroups = [] } = ofPod;
  return {
    uid,
    gid: own.runAsGroup ?? ofPod.runAsGroup ?? 0,
    groups: fsGroup === undefined ? supplementalGroups : [fsGroup, ...supplementalGroups],
    capabilities: uid === 0 ? boundingSet(own) : new Set<string>(),
  };
}

function contextOf(of: { readonly securityContext?: Record<string, unknown> }): Context {
  return (of.securityContext ?? {}) as Context;
}

function refuseRoot(pod: Pod, spec: Container, explicit: boolean): never {
  const id = `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
  throw new ConfigError(
    explicit
      ? `container's runAsUser breaks non-root policy (pod: "${id}", container: ${spec.name})`
      : `container has runAsNonRoot and image will run as root (pod: "${id}", container: ${spec.name})`,
  );
}

/** The capabilities that a container's processes can have at most. */
function boundingSet({ privileged, capabilities = {} }: Context): ReadonlySet<string> {
  if (privileged) return allCapabilities;
  if (!capabilities.add?.length && !capabilities.drop?.length) return usual;
  const name = (text: string) => text.toUpperCase().replace(/^CAP_/, "");
  const [add, drop] = [(capabilities.add ?? []).map(name), (capabilities.drop ?? []).map(name)];
  const set = new Set(drop.includes("ALL") ? [] : usual);
  if (add.includes("ALL")) for (const each of allCapabilities) set.add(each);
  for (const each of drop) set.delete(each);
  for (const each of add) if (allCapabilities.has(each)) set.add(each);
  return set;
}

/** The capabilities a container is bounded by, whoever its process is. */
export function capabilitiesOf(spec: Container): ReadonlySet<string> {
  return boundingSet(contextOf(spec));
}

/** Whether a process of the container could get more rights than it has (no_new_privs is not set). */
export function mayGainRights(spec: Container): boolean {
  const { privileged, allowPrivilegeEscalation } = contextOf(spec);
  return privileged === true || allowPrivilegeEscalation !== false;
}

export function hasReadOnlyRoot(spec: Container): boolean {
  return contextOf(spec).readOnlyRootFilesystem === true;
}
