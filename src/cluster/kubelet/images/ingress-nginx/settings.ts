import type { Ingress } from "../../../../kinds/types/network.ts";
import { annotations, goBool, PREFIX, risky, withoutEffect } from "./annotation-values.ts";
import type { Globals } from "./globals.ts";

/** How a canary gets its share of the requests. */
export interface CanaryPolicy {
  readonly weight: number;
  readonly total: number;
  readonly header: string;
  readonly value: string;
  readonly pattern: string;
  readonly cookie: string;
}

/** What the annotations of an Ingress ask for, as texts; what was not valid is not among them. */
export interface Settings {
  text(name: string): string | undefined;
  is(name: string): boolean | undefined;
  number(name: string): number | undefined;
  readonly canary: CanaryPolicy | undefined;
  /** Why its locations answer nothing but 503. */
  readonly denied: string | undefined;
}

/** An Ingress' annotations, read; or why the Ingress is not taken. `warnings` go to the log. */
export type ReadAnnotations = { readonly warnings: readonly string[] } & (
  | { readonly settings: Settings }
  | { readonly refused: string }
);

/** Reads the annotations of an Ingress (internal/ingress/annotations, 1.13). */
export function readAnnotations({ metadata }: Ingress, globals: Globals): ReadAnnotations {
  const given = new Map<string, string>();
  const warnings: string[] = [];
  let denied: string | undefined;
  for (const [key, value] of Object.entries(metadata.annotations ?? {})) {
    if (!key.startsWith(PREFIX) || value === "") continue;
    const name = key.slice(PREFIX.length);
    const group = risky[name];
    if (group !== undefined && globals.riskLevel < 3)
      return {
        warnings,
        refused: `annotation group ${group} contains risky annotation based on ingress configuration`,
      };
    if (group !== undefined || withoutEffect.has(name))
      warnings.push(`the annotation ${key} is not simulated: it has no effect`);
    const known = Object.hasOwn(annotations, name) ? annotations[name] : undefined;
    if (!known) continue;
    if (known.valid(value)) {
      if (known.begins?.test(value) !== false) given.set(name, value);
      continue;
    }
    const where = `${metadata.namespace}/${metadata.name}`;
    warnings.push(`validation error on ingress ${where}: annotation ${name} contains invalid value ${value}`);
    if (known.invalid === "refused") return { warnings, refused: `annotation ${key} contains invalid value` };
    if (known.invalid === "denied") denied ??= `annotation ${key} contains invalid value`;
  }
  return { warnings, settings: settingsOf(given, denied) };
}

function settingsOf(given: ReadonlyMap<string, string>, denied: string | undefined): Settings {
  const text = (name: string) => given.get(name);
  const is = (name: string) => goBool(given.get(name) ?? "");
  const number = (name: string) => (given.has(name) ? Number(given.get(name)) : undefined);
  const canary = is("canary")
    ? {
        weight: number("canary-weight") ?? 0,
        total: number("canary-weight-total") ?? 100,
        header: text("canary-by-header") ?? "",
        value: text("canary-by-header-value") ?? "",
        pattern: text("canary-by-header-pattern") ?? "",
        cookie: text("canary-by-cookie") ?? "",
      }
    : undefined;
  return { text, is, number, canary, denied };
}

/** The settings of what no Ingress describes. */
export const noSettings: Settings = settingsOf(new Map(), undefined);
