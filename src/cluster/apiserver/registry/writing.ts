import type { Kind } from "../../../kinds/define.ts";
import type { KubeObject, ManagedFields } from "../../../kinds/types/meta.ts";
import type { UserInfo } from "../define.ts";
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

/** A change of an object: gets the newest version, frozen, and returns the new one, or the same for no change. */
export type Change = (current: KubeObject) => KubeObject;
