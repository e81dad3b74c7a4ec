import { GROUP, type ReferenceGrant } from "./types.ts";

/** Who points, from which namespace, and at what in which other one. */
export interface Pointer {
  readonly kind: string;
  readonly namespace: string;
  readonly to: { readonly kind: "Service" | "Secret"; readonly namespace: string; readonly name: string };
}

/** Whether a ReferenceGrant of the other namespace lets an object point there; nobody asks within one namespace. */
export function mayPoint(grants: readonly ReferenceGrant[], { kind, namespace, to }: Pointer): boolean {
  if (namespace === to.namespace) return true;
  return grants.some(
    ({ metadata, spec }) =>
      metadata.namespace === to.namespace &&
      spec.from.some((from) => from.group === GROUP && from.kind === kind && from.namespace === namespace) &&
      spec.to.some(
        (target) =>
          (target.group === "" || target.group === "core") &&
          target.kind === to.kind &&
          (!target.name || target.name === to.name),
      ),
  );
}
