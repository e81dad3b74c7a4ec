import type { KubeObject } from "../../kinds/types/meta.ts";
import { type Seal, sealOf } from "./seal.ts";

interface Saved {
  readonly revision: number;
  readonly resources: readonly {
    readonly name: string;
    readonly objects: readonly KubeObject[];
    readonly seals?: readonly (Seal | null)[];
  }[];
}

/** Whole numbers beyond a double are written as text in a wrapper that no API object can have. */
const bigMark = "\u0000int64";

/** All of etcd as text. `whole` completes objects that are kept in parts. */
export function writeSnapshot(
  revision: number,
  resources: Saved["resources"],
  whole: ((object: KubeObject) => KubeObject) | undefined,
): string {
  const complete = whole
    ? (objects: readonly KubeObject[]) => objects.map(whole)
    : (objects: readonly KubeObject[]) => objects;
  const saved: Saved = {
    revision,
    resources: resources.map(({ name, objects }) => ({ name, objects: complete(objects), ...sealsOf(objects) })),
  };
  return JSON.stringify(saved, (_, value: unknown) =>
    typeof value === "bigint" ? { [bigMark]: String(value) } : value,
  );
}

function sealsOf(objects: readonly KubeObject[]): { readonly seals?: readonly (Seal | null)[] } {
  return objects.some(sealOf) ? { seals: objects.map((object) => sealOf(object) ?? null) } : {};
}

/** The inverse of writeSnapshot. */
export function readSnapshot(text: string): Saved {
  if (!text.includes("\\u0000int64")) return JSON.parse(text) as Saved;
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== "object" || value === null || !(bigMark in value)) return value;
    return BigInt(value[bigMark] as string);
  }) as Saved;
}
