import type { KubeObject } from "../../kinds/types/meta.ts";

/** What an object lies encrypted with in etcd (--encryption-provider-config). */
export interface Seal {
  readonly provider: "aescbc" | "aesgcm" | "secretbox";
  /** The name of the key. */
  readonly key: string;
  /** The key itself, base64. */
  readonly secret: string;
}

const seals = new WeakMap<KubeObject, Seal>();

/** What a stored object is encrypted with; undefined where it lies there as it is. */
export function sealOf(object: KubeObject): Seal | undefined {
  return seals.get(object);
}

/** Says what a stored object is encrypted with. */
export function seal(object: KubeObject, by: Seal): void {
  seals.set(object, by);
}
