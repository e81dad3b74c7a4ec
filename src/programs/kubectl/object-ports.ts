import type { KubeObject } from "../../kinds/types/meta.ts";
import { kindOf } from "./kind-of.ts";
import type { Found } from "./selection.ts";

/** The ports an object would be exposed at. */
export function portsOf({ resource, object }: Found): readonly { name?: string; port: number; protocol: string }[] {
  return kindOf(resource)?.portsOf?.(object as unknown as KubeObject) ?? [];
}
