import type { PersistentVolume } from "../../kinds/types/core.ts";

/** spec.csi of a volume. */
export interface CsiSource {
  readonly driver: string;
  readonly volumeHandle: string;
  readonly readOnly?: boolean;
  readonly fsType?: string;
  readonly volumeAttributes?: Readonly<Record<string, string>>;
}

/** Where a CSI driver finds a volume; undefined for volumes of other kinds. */
export function csiSourceOf({ spec }: PersistentVolume): CsiSource | undefined {
  return spec.csi as CsiSource | undefined;
}
