import { Status } from "../../../kinds/status.ts";
import type { ResourceClaim, ResourceClaimTemplate } from "../../../kinds/types/devices.ts";
import type { Pod, PodClaim } from "../../../kinds/types/pod.ts";
import type { Api } from "../../apiserver/define.ts";
import { claimOfEntry, foreignClaim, RESOURCE_CLAIMS } from "../../devices/pod-claims.ts";

const TEMPLATES = "resourceclaimtemplates.resource.k8s.io";
/** Says for which entry of the pod a claim was made. */
const ENTRY = "resource.kubernetes.io/pod-claim-name";
/** What is left of 63 characters for a hyphen and five random ones. */
const LONGEST_BASE = 57;

/**
 * The name of the claim that was made, or found, for an entry of a pod and is not in its status yet. Throws Status where
 * none can be made.
 */
export function madeClaim(api: Api, pod: Pod, entry: PodClaim): string | undefined {
  const { resourceClaimTemplateName: templateName } = entry;
  if (templateName === undefined) return undefined;
  const { namespace = "", uid = "" } = pod.metadata;
  const known = claimOfEntry(pod, entry);
  const claim = known === undefined ? undefined : api.get<ResourceClaim>(RESOURCE_CLAIMS, namespace, known);
  if (claim && foreignClaim(pod, entry, claim) === undefined) return undefined;
  const orphan = api
    .indexed<ResourceClaim>(RESOURCE_CLAIMS, "owner", uid)
    .find(({ metadata }) => metadata.annotations?.[ENTRY] === entry.name);
  if (orphan) return orphan.metadata.name;
  const template = api.get<ResourceClaimTemplate>(TEMPLATES, namespace, templateName);
  if (!template) {
    const missing = `resourceclaimtemplate.resource.k8s.io "${templateName}" not found`;
    throw new Status("NotFound", `resource claim template "${templateName}": ${missing}`);
  }
  try {
    return api.create(claimFor(pod, entry, template)).metadata.name;
  } catch (error) {
    if (error instanceof Status) throw new Status(error.reason, `create ResourceClaim : ${error.message}`);
    throw error;
  }
}

function claimFor({ metadata: owner }: Pod, { name: entry }: PodClaim, { spec }: ResourceClaimTemplate): ResourceClaim {
  const { labels, annotations } = spec.metadata ?? {};
  const { namespace = "", name, uid = "" } = owner;
  return {
    apiVersion: "resource.k8s.io/v1",
    kind: "ResourceClaim",
    metadata: {
      name: "",
      generateName: baseName(name, entry),
      namespace,
      ...(labels ? { labels: { ...labels } } : {}),
      annotations: { ...annotations, [ENTRY]: entry },
      ownerReferences: [{ apiVersion: "v1", kind: "Pod", name, uid, controller: true, blockOwnerDeletion: true }],
    },
    spec: JSON.parse(JSON.stringify(spec.spec)) as ResourceClaim["spec"],
  };
}

/** Both names are shortened where they are too long together, each by its part. */
function baseName(pod: string, entry: string): string {
  const whole = `${pod}-${entry}-`;
  if (whole.length <= LONGEST_BASE) return whole;
  const part = (text: string) => text.slice(0, Math.floor((text.length * LONGEST_BASE) / whole.length));
  return `${part(pod)}-${part(entry)}`;
}
