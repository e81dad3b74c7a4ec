import type { Resolved } from "./define-network.ts";

/** A name whose addresses are known without asking anybody. */
export function resolvedTo(name: string, ...addresses: readonly string[]): Resolved {
  return { addresses, canonical: name, aliases: [], after: 0 };
}

/** A name that nobody knows. */
export function unresolved(because: string): Resolved {
  return { failed: "not found", because, words: "Name or service not known", after: 0 };
}
