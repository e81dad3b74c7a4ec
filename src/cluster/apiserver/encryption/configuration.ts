import { FormatError } from "../../../base/format-error.ts";
import { goQuote } from "../../../base/go-text.ts";
import type { Json } from "../../../base/json.ts";
import { isObject } from "../../../base/json-object.ts";
import { parseYaml } from "../../../base/yaml-in/parse-yaml.ts";
import { problemText } from "../../../kinds/problem.ts";
import { faultsIn } from "../../../schema/faults.ts";
import {
  configurationProblems,
  type EncryptionConfiguration,
  type ProviderConfiguration,
} from "./configuration-problems.ts";
import { encryptionConfiguration } from "./configuration-types.ts";
import type { Encryption, Provider } from "./define.ts";

const VERSION = "apiserver.config.k8s.io/v1";
const SCHEME = `in scheme "k8s.io/apiserver/pkg/server/options/encryptionconfig/config.go:127"`;

/**
 * Reads a file for --encryption-provider-config (apiserver pkg/server/options/encryptionconfig/config.go, 1.35). A text
 * says why the server does not start with it.
 */
export function readEncryption(text: string | undefined, path: string): Encryption | string {
  const failed = (why: string) => `error while parsing file: ${why}`;
  if (text === undefined)
    return failed(
      `error while loading file: error reading encryption provider configuration file ${goQuote(path)}: open ${path}: no such file or directory`,
    );
  if (text === "")
    return failed(`error while loading file: encryption provider configuration file ${goQuote(path)} is empty`);
  const config = decoded(text);
  if (typeof config === "string")
    return failed(`error decoding encryption provider configuration file ${goQuote(path)}: ${config}`);
  const problems = configurationProblems(config).map(problemText);
  if (problems.length > 0) return failed(problems.length === 1 ? (problems[0] ?? "") : `[${problems.join(", ")}]`);
  return built(config);
}

function decoded(text: string): EncryptionConfiguration | string {
  let value: Json | undefined;
  try {
    value = parseYaml(text) as Json | undefined;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return `couldn't get version/kind; json parse error: error converting YAML to JSON: ${error.message}`;
  }
  if (!isObject(value)) return `Object 'Kind' is missing in '${JSON.stringify(value ?? null)}'`;
  const { kind, apiVersion } = value;
  if (!kind) return `Object 'Kind' is missing in '${JSON.stringify(value)}'`;
  if (!apiVersion) return `Object 'apiVersion' is missing in '${JSON.stringify(value)}'`;
  if (apiVersion !== VERSION || kind !== "EncryptionConfiguration")
    return `no kind ${goQuote(String(kind))} is registered for version ${goQuote(String(apiVersion))} ${SCHEME}`;
  const { error, strict } = faultsIn(value, encryptionConfiguration);
  if (error !== undefined) return error;
  if (strict.length > 0) return `strict decoding error: ${strict.join(", ")}`;
  return value as unknown as EncryptionConfiguration;
}

/** The providers by resource; several entries for one add up. */
function built({ resources = [] }: EncryptionConfiguration): Encryption | string {
  const found = new Map<string, readonly Provider[]>();
  for (const { resources: names = [], providers = [] } of resources) {
    if (providers.some(({ kms }) => kms))
      return "encryption by a KMS plugin is not simulated: use aescbc, aesgcm, secretbox or identity";
    for (const name of names) {
      const dot = name.indexOf(".");
      const group = dot < 0 ? "" : name.slice(dot + 1);
      for (const wider of [`*.${group}`, "*.*"])
        if (found.has(wider))
          return `error while building transformers: resource ${goQuote(name)} is masked by earlier rule ${goQuote(wider)}`;
      found.set(name, [...(found.get(name) ?? []), ...providers.map(providerOf)]);
    }
  }
  return found;
}

function providerOf({ aesgcm, aescbc, secretbox }: ProviderConfiguration): Provider {
  const [name, keys] = aesgcm
    ? (["aesgcm", aesgcm.keys] as const)
    : aescbc
      ? (["aescbc", aescbc.keys] as const)
      : (["secretbox", secretbox?.keys] as const);
  if (!aesgcm && !aescbc && !secretbox) return { name: "identity", keys: [] };
  return { name, keys: (keys ?? []).map(({ name: key = "", secret = "" }) => ({ name: key, secret })) };
}
