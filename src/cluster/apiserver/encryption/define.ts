import type { Seal } from "../../store/seal.ts";

/** A provider of an EncryptionConfiguration, with its keys; identity has none and encrypts nothing. */
export interface Provider {
  readonly name: Seal["provider"] | "identity";
  readonly keys: readonly { readonly name: string; readonly secret: string }[];
}

/** The providers for a resource, by what the configuration calls it: "secrets", "deployments.apps", "*.apps", "*.*". */
export type Encryption = ReadonlyMap<string, readonly Provider[]>;
