import { fromBase64 } from "../../../base/base64.ts";
import type { Problem } from "../../../kinds/define.ts";
import { required, wrong } from "../../../kinds/problem.ts";

interface Key {
  readonly name?: string;
  readonly secret?: string;
}

interface Keys {
  readonly keys?: readonly Key[];
}

/** One way to encrypt: exactly one of its fields is to be set. */
export interface ProviderConfiguration {
  readonly aesgcm?: Keys | null;
  readonly aescbc?: Keys | null;
  readonly secretbox?: Keys | null;
  readonly identity?: object | null;
  readonly kms?: { readonly name?: string } | null;
}

/** A file for --encryption-provider-config. */
export interface EncryptionConfiguration {
  readonly resources?: readonly {
    readonly resources?: readonly string[];
    readonly providers?: readonly ProviderConfiguration[];
  }[];
}

/** What is wrong with a configuration (apiserver pkg/apis/apiserver/validation/validation_encryption.go, 1.35). */
export function configurationProblems({ resources = [] }: EncryptionConfiguration): readonly Problem[] {
  if (resources.length === 0) return [required("resources", "at least one resources is required")];
  return resources.flatMap(({ resources: names = [], providers = [] }, i) => {
    const [r, p] = [`resources[${i}].resources`, `resources[${i}].providers`];
    return [
      ...(names.length === 0 ? [required(r, `at least one ${r} is required`)] : []),
      ...overlapProblems(names, r),
      ...names.flatMap((name, j) => nameProblem(name, `${r}[${j}]`) ?? []),
      ...(providers.length === 0 ? [required(p, `at least one ${p} is required`)] : []),
      ...providers.flatMap((provider, j) => providerProblems(provider ?? {}, `${p}[${j}]`)),
    ];
  });
}

function groupOf(name: string): string {
  const dot = name.indexOf(".");
  return dot < 0 ? "" : name.slice(dot + 1);
}

/** "*." is all of the core group. */
function resourceOf(name: string): string {
  return name.split(".", 1)[0] ?? "";
}

function overlapProblems(names: readonly string[], path: string): readonly Problem[] {
  const pairs = names.flatMap((one, i) => names.filter((_, j) => i !== j).map((other) => [one, other] as const));
  const same = ([one, other]: readonly [string, string]) =>
    resourceOf(one) === resourceOf(other) && groupOf(one) === groupOf(other);
  const overlaps = pairs.some((pair) => {
    const [one, other] = pair;
    if (same(pair)) return false;
    if (one === "*.*") return true;
    return groupOf(one) === groupOf(other) && (resourceOf(one) === "*" || resourceOf(other) === "*");
  });
  const problems: Problem[] = [];
  if (pairs.some(same)) problems.push(wrong(path, names, "the same resource cannot be specified multiple times"));
  if (overlaps)
    problems.push(
      wrong(
        path,
        names,
        "using overlapping resources such as 'secrets' and '*.' in the same resource list is not allowed as they will be masked",
      ),
    );
  return problems;
}

const notServed = ["apiserveripinfo", "serviceipallocations", "servicenodeportallocations"];

function nameProblem(name: string, path: string): Problem | undefined {
  const group = groupOf(name);
  if (name.toLowerCase() !== name) return wrong(path, name, "resource name should not contain capital letters");
  if (name === "*")
    return wrong(
      path,
      name,
      "use '*.' to encrypt all the resources from core API group or *.* to encrypt all resources",
    );
  if (notServed.includes(name)) return wrong(path, name, "resources which do not have REST API/s cannot be encrypted");
  if (group === "events.k8s.io")
    return wrong(
      path,
      name,
      "'*.events.k8s.io' objects are stored using the 'events' API group in etcd. Use 'events' instead in the config file",
    );
  if (group === "extensions")
    return wrong(path, name, "'extensions' group has been removed and cannot be used for encryption");
  if (group === "*" && resourceOf(name) !== "*")
    return wrong(path, name, "encrypting the same resource across groups is not supported");
  return undefined;
}

function providerProblems(provider: ProviderConfiguration, path: string): readonly Problem[] {
  const { aesgcm, aescbc, secretbox, identity, kms } = provider;
  const count = [aesgcm, aescbc, secretbox, identity, kms].filter(Boolean).length;
  const problems: Problem[] = [];
  if (count === 0)
    problems.push(
      wrong(
        path,
        asStruct(provider),
        "provider does not contain any of the expected providers: KMS, AESGCM, AESCBC, Secretbox, Identity",
      ),
    );
  if (count > 1)
    problems.push(
      wrong(
        path,
        asStruct(provider),
        "more than one provider specified in a single element, should split into different list elements",
      ),
    );
  if (kms) return problems;
  if (aesgcm) return [...problems, ...keysProblems(aesgcm, `${path}.aesgcm.keys`, [16, 24, 32])];
  if (aescbc) return [...problems, ...keysProblems(aescbc, `${path}.aescbc.keys`, [16, 24, 32])];
  return secretbox ? [...problems, ...keysProblems(secretbox, `${path}.secretbox.keys`, [32])] : problems;
}

/** A provider as the server's own struct, which has no names for JSON. */
function asStruct({ aesgcm, aescbc, secretbox, identity, kms }: ProviderConfiguration): object {
  const keysOf = (keys: Keys | null | undefined) =>
    keys ? { Keys: (keys.keys ?? []).map(({ name = "", secret = "" }) => ({ Name: name, Secret: secret })) } : null;
  return {
    AESGCM: keysOf(aesgcm),
    AESCBC: keysOf(aescbc),
    Secretbox: keysOf(secretbox),
    Identity: identity ? {} : null,
    KMS: kms ?? null,
  };
}

function keysProblems({ keys = [] }: Keys, path: string, sizes: readonly number[]): readonly Problem[] {
  if (keys.length === 0) return [required(path, "at least one keys is required")];
  return keys.flatMap(({ name = "", secret = "" }, i) => {
    const problems: Problem[] = [];
    const at = `${path}[${i}]`;
    if (name === "") problems.push(required(`${at}.name`, "name is a mandatory field for a key"));
    if (secret === "") return [...problems, required(`${at}.secret`, "secret is a mandatory field for a key")];
    const bytes = fromBase64(secret);
    if (!bytes) problems.push(wrong(`${at}.secret`, "REDACTED", "secrets must be base64 encoded"));
    else if (!sizes.includes(bytes.length))
      problems.push(
        wrong(
          `${at}.secret`,
          "REDACTED",
          `secret is not of the expected length, got ${bytes.length}, expected one of [${sizes.join(" ")}]`,
        ),
      );
    return problems;
  });
}
