import type { Problem } from "../define.ts";
import { equal } from "../equal.ts";
import { forbidden } from "../problem.ts";
import { check } from "./labels.ts";
import { configKey } from "./words.ts";

/** All values of a ConfigMap or Secret together: 1 MiB. */
export const dataLimit = 1024 * 1024;

/** The keys of a ConfigMap or Secret. */
export function checkKeys(map: Readonly<Record<string, string>> | undefined, path: string, problems: Problem[]): void {
  for (const key in map) check(configKey, key, `${path}[${key}]`, problems);
}

/** What changed of an object that was declared immutable. */
export function changesOfImmutable<T extends { immutable?: boolean }>(
  object: T,
  old: T,
  fields: readonly (keyof T & string)[],
): Problem[] {
  const detail = "field is immutable when `immutable` is set";
  const problems: Problem[] = [];
  if (!object.immutable) problems.push(forbidden("immutable", detail));
  for (const field of fields)
    if (!equal(object[field] ?? {}, old[field] ?? {})) problems.push(forbidden(field, detail));
  return problems;
}

/** How many bytes stand in base64. */
export function base64Length(text: string): number {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return Math.floor((text.length * 3) / 4) - padding;
}
