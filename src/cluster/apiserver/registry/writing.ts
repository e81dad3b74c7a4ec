import type { Kind } from "../../../kinds/define.ts";
import type { KubeObject, ManagedFields } from "../../../kinds/types/meta.ts";
import type { AdmissionRequest, UserInfo } from "../define.ts";
import type { FieldManager } from "../managed-fields/track.ts";

/** Who writes what, and how: what all writing verbs know of their request. */
export interface Writing {
  readonly kind: Kind;
  readonly attributes: {
    readonly user: UserInfo;
    readonly namespace: string | undefined;
    readonly subresource: string | undefined;
    readonly dryRun: boolean;
  };
  readonly manager: FieldManager;
  /** What metadata.managedFields become, where the writer has worked it out (server-side apply). */
  readonly managed?: readonly ManagedFields[];
}

/**
 * What admission sees of a write. Written out: V8 is hundreds of times slower where a literal begins with a spread and
 * goes on with new fields, and this is made for every write.
 */
export function admissionOf(
  { kind, attributes }: Writing,
  operation: "CREATE" | "UPDATE",
  name: string | undefined,
  object: KubeObject,
  old: KubeObject | undefined,
): AdmissionRequest & { object: KubeObject } {
  const { user, namespace, subresource, dryRun } = attributes;
  return { operation, kind, namespace, name, subresource, user, dryRun, object, old };
}

/** A change of an object: gets the newest version, frozen, and returns the new one, or the same for no change. */
export type Change = (current: KubeObject) => KubeObject;

/** The kind whose rules hold for a write: the versions of a custom resource have rules of their own, whichever stores. */
export function rulesOf({ kind }: Writing, stored: Kind): Kind {
  return kind.readBody ? kind : stored;
}
