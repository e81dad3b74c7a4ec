import type { Kind } from "../../../kinds/define.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { AdmissionRequest } from "../define.ts";

/** The group, version and kind of what a request carries: a subresource can have a kind of its own. */
export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** The name that a refusal gives (apiserver pkg/admission/errors.go, 1.35). */
export function nameIn({ name, object }: AdmissionRequest): string {
  return name || object?.metadata?.name || object?.metadata?.generateName || "Unknown";
}

/** The namespace of a request; that of a namespace is itself. */
export function namespaceIn(request: AdmissionRequest): string {
  if (isNamespace(request.kind)) return nameIn(request) === "Unknown" ? "" : nameIn(request);
  return request.namespace ?? "";
}

export function isNamespace({ group, plural }: Pick<Kind, "group" | "plural">): boolean {
  return group === "" && plural === "namespaces";
}

/** The pod of a request that creates or changes one, not through a subresource. */
export function podIn({ operation, kind, subresource, object }: AdmissionRequest): Pod | undefined {
  const isWrite = operation === "CREATE" || operation === "UPDATE";
  return isWrite && kind.group === "" && kind.plural === "pods" && !subresource
    ? (object as Pod | undefined)
    : undefined;
}

/** What a request carries. */
export function kindIn({ kind, subresource }: Pick<AdmissionRequest, "kind" | "subresource">): GroupVersionKind {
  const { group, version } = kind;
  const found = subresource === undefined ? undefined : kind.subresources?.find(({ name }) => name === subresource);
  return { group: found?.group ?? group, version: found?.version ?? version, kind: found?.kind ?? kind.kind };
}
