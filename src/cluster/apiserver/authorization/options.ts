import { FormatError } from "../../../base/format-error.ts";
import { goQuote } from "../../../base/go-text.ts";
import { parseYaml } from "../../../base/yaml-in/parse-yaml.ts";
import { Errno } from "../../../machine/define.ts";
import { type Files, root } from "../../../machine/define-files.ts";
import type { Flags } from "../../daemon/flags.ts";
import type { ServerHooks } from "../context.ts";
import { readPolicies } from "./attribute-policies.ts";
import { modesOf } from "./mode-names.ts";

const known = ["AlwaysAllow", "AlwaysDeny", "ABAC", "Webhook", "RBAC", "Node"];
const legacy = [
  "authorization-mode",
  "authorization-webhook-config-file",
  "authorization-webhook-version",
  "authorization-webhook-cache-authorized-ttl",
  "authorization-webhook-cache-unauthorized-ttl",
];
const notSimulated = "the authorization mode Webhook is not simulated";

/** The modes and policies that the flags and files say; a text says what is wrong (kubernetes pkg/kubeapiserver/options/authorization.go, 1.35). */
export function authorizationOf(files: Files, flags: Flags): Pick<ServerHooks, "modes" | "policies"> | string {
  const config = flags["authorization-config"];
  if (config !== undefined) {
    if (legacy.some((flag) => flags[flag] !== undefined))
      return "--authorization-config can not be specified when --authorization-mode or --authorization-webhook-* flags are defined";
    const modes = configuredModes(files, config);
    return typeof modes === "string" ? modes : { modes };
  }
  const problems = flagProblems(flags);
  if (problems.length > 0) return problems.length === 1 ? (problems[0] ?? "") : `[${problems.join(", ")}]`;
  if (modesOf(flags).includes("Webhook")) return notSimulated;
  const path = flags["authorization-policy-file"];
  if (!path) return {};
  const policies = readPolicies(files.read(path, root), path);
  return typeof policies === "string" ? policies : { policies };
}

function flagProblems(flags: Flags): string[] {
  const modes = modesOf(flags);
  const { "authorization-policy-file": policy, "authorization-webhook-config-file": webhook } = flags;
  if (modes.length === 0) return ["at least one authorization-mode must be passed"];
  const problems: string[] = [];
  for (const mode of modes) {
    if (!known.includes(mode)) problems.push(`authorization-mode ${goQuote(mode)} is not a valid mode`);
    if (mode === "ABAC" && !policy) problems.push("authorization-mode ABAC's authorization policy file not passed");
    if (mode === "Webhook" && !webhook)
      problems.push("authorization-mode Webhook's authorization config file not passed");
  }
  if (policy && !modes.includes("ABAC")) problems.push("cannot specify --authorization-policy-file without mode ABAC");
  if (webhook && !modes.includes("Webhook"))
    problems.push("cannot specify --authorization-webhook-config-file without mode Webhook");
  if (new Set(modes).size !== modes.length)
    problems.push(`authorization-mode [${modes.map(goQuote).join(" ")}] has mode specified more than once`);
  return problems;
}

interface Configuration {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly authorizers?: readonly { readonly type?: string; readonly name?: string }[];
}

/** The types of the authorizers in --authorization-config (apiserver.config.k8s.io, 1.35). */
function configuredModes(files: Files, path: string): readonly string[] | string {
  const failed = (why: string) => `failed to load AuthorizationConfiguration from file: ${why}`;
  let value: Configuration;
  try {
    value = (parseYaml(files.read(path, root)) ?? {}) as Configuration;
  } catch (error) {
    if (error instanceof Errno) return failed(`open ${path}: ${error.message.toLowerCase()}`);
    if (error instanceof FormatError) return failed(error.message);
    throw error;
  }
  const { apiVersion = "", kind = "", authorizers = [] } = value;
  if (!/^apiserver\.config\.k8s\.io\/v1(alpha1|beta1)?$/.test(apiVersion) || kind !== "AuthorizationConfiguration")
    return failed(`no kind ${goQuote(kind)} is registered for version ${goQuote(apiVersion)}`);
  if (authorizers.length === 0) return "authorizers: Required value: at least one authorization mode must be defined";
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const [index, { type = "", name = "" }] of authorizers.entries()) {
    const at = `authorizers[${index}]`;
    const types = [...known].sort().map(goQuote).join(", ");
    if (type === "") problems.push(`${at}.type: Required value`);
    else if (!known.includes(type))
      problems.push(`${at}.type: Unsupported value: ${goQuote(type)}: supported values: ${types}`);
    else if (type !== "Webhook" && seen.has(type)) problems.push(`${at}.type: Duplicate value: ${goQuote(type)}`);
    if (name === "") problems.push(`${at}.name: Required value`);
    seen.add(type);
  }
  if (problems.length > 0) return problems.length === 1 ? (problems[0] ?? "") : `[${problems.join(", ")}]`;
  return seen.has("Webhook") ? notSimulated : authorizers.map(({ type = "" }) => type);
}
