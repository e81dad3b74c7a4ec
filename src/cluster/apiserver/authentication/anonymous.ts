import { FormatError } from "../../../base/format-error.ts";
import { goQuote } from "../../../base/go-text.ts";
import { parseYaml } from "../../../base/yaml-in/parse-yaml.ts";
import { Errno } from "../../../machine/define.ts";
import { type Files, root } from "../../../machine/define-files.ts";
import type { Flags } from "../../daemon/flags.ts";
import type { ServerHooks } from "../context.ts";

interface Configuration {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly jwt?: readonly unknown[];
  readonly anonymous?: { readonly enabled?: boolean; readonly conditions?: readonly { readonly path?: string }[] };
}

/** Who may come without credentials by --authentication-config (apiserver.config.k8s.io, 1.35); a text says what is wrong. */
export function anonymousOf(files: Files, flags: Flags): NonNullable<ServerHooks["anonymous"]> | string | undefined {
  const path = flags["authentication-config"];
  if (path === undefined) return undefined;
  let value: Configuration;
  try {
    value = (parseYaml(files.read(path, root)) ?? {}) as Configuration;
  } catch (error) {
    if (error instanceof Errno)
      return `failed to read authentication configuration from ${path}: open ${path}: ${error.message.toLowerCase()}`;
    if (error instanceof FormatError) return error.message;
    throw error;
  }
  const { apiVersion = "", kind = "", jwt = [], anonymous } = value;
  if (!/^apiserver\.config\.k8s\.io\/v1(alpha1|beta1)?$/.test(apiVersion) || kind !== "AuthenticationConfiguration")
    return `no kind ${goQuote(kind)} is registered for version ${goQuote(apiVersion)}`;
  if (jwt.length > 0) return "issuers of JWTs in --authentication-config are not simulated";
  if (!anonymous) return undefined;
  if (flags["anonymous-auth"] !== undefined)
    return "--anonymous-auth flag cannot be set when anonymous field is configured in authentication configuration file";
  const paths = anonymous.conditions?.map((condition) => condition.path ?? "");
  return { enabled: anonymous.enabled === true, ...(paths?.length ? { paths } : {}) };
}
