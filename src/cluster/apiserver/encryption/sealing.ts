import type { KubeObject } from "../../../kinds/types/meta.ts";
import { type Seal, sealOf } from "../../store/seal.ts";
import type { Encryption, Provider } from "./define.ts";

/** The providers for a resource ("secrets", "deployments.apps"): of its own, of its group or of all (encryptionconfig transformerFromOverrides, 1.35). */
export function providersOf(encryption: Encryption | undefined, resource: string): readonly Provider[] | undefined {
  if (!encryption) return undefined;
  const dot = resource.indexOf(".");
  const group = dot < 0 ? "" : resource.slice(dot + 1);
  return encryption.get(resource) ?? encryption.get(`*.${group}`) ?? encryption.get("*.*");
}

/** What a new version of an object is encrypted with: the first key of the first provider. */
export function sealFor(providers: readonly Provider[]): Seal | undefined {
  const [first] = providers;
  const key = first?.keys[0];
  return first && first.name !== "identity" && key
    ? { provider: first.name, key: key.name, secret: key.secret }
    : undefined;
}

/** Whether an object is encrypted with another key than a new version would be, or should not be at all. */
export function isStale(object: KubeObject, providers: readonly Provider[] | undefined): boolean {
  const [now, next] = [sealOf(object), providers && sealFor(providers)];
  return providers !== undefined && (now?.provider !== next?.provider || now?.secret !== next?.secret);
}

const noKey: Readonly<Record<Seal["provider"], string>> = {
  aescbc: "no matching key was found for the provided AES transformer",
  aesgcm: "no matching key was found for the provided AES transformer",
  secretbox: "no matching key was found for the provided Secretbox transformer",
};

/** What is said of bytes that another key of the same name has encrypted. */
const wrongKey: Readonly<Record<Seal["provider"], string>> = {
  aescbc: "invalid padding on input",
  aesgcm: "cipher: message authentication failed",
  secretbox: "output array was not large enough for encryption",
};

/** Why an object in etcd cannot be read with these providers (apiserver pkg/storage/value/transformer.go, 1.35). */
export function unreadable(object: KubeObject, providers: readonly Provider[] | undefined): string | undefined {
  const seal = sealOf(object);
  if (!providers) return seal && "identity transformer tried to read encrypted data";
  if (!seal) return providers.some(({ name }) => name === "identity") ? undefined : "no matching prefix found";
  const faults = new Set<string>();
  for (const { name, keys } of providers) {
    if (name !== seal.provider) continue;
    const named = keys.filter((key) => key.name === seal.key);
    if (named.some(({ secret }) => secret === seal.secret)) return undefined;
    faults.add(named.length > 0 ? wrongKey[name] : noKey[name]);
  }
  const all = [...faults];
  if (all.length === 0) return "no matching prefix found";
  return all.length === 1 ? all[0] : `[${all.join(", ")}]`;
}
