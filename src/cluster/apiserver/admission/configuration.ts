import { FormatError } from "../../../base/format-error.ts";
import { goQuote } from "../../../base/go-text.ts";
import type { Json, JsonObject } from "../../../base/json.ts";
import { isList, isObject } from "../../../base/json-object.ts";
import { parseYaml } from "../../../base/yaml-in/parse-yaml.ts";
import { problemText } from "../../../kinds/problem.ts";
import { securityConfigurationFault } from "./pod-security/configuration.ts";

type Flags = Readonly<Record<string, string | undefined>>;

/** The text of a file of the server's host, if it is there. */
export type ReadFile = (path: string) => string | undefined;

/** All plugins that a server of 1.35 knows (pkg/kubeapiserver/options/plugins.go). */
export const pluginNames: ReadonlySet<string> = new Set(
  `AlwaysAdmit NamespaceAutoProvision NamespaceLifecycle NamespaceExists LimitPodHardAntiAffinityTopology LimitRanger
  ServiceAccount NodeRestriction TaintNodesByCondition AlwaysPullImages ImagePolicyWebhook PodSecurity PodNodeSelector
  Priority DefaultTolerationSeconds PodTolerationRestriction EventRateLimit ExtendedResourceToleration
  DefaultStorageClass StorageObjectInUseProtection OwnerReferencesPermissionEnforcement PersistentVolumeClaimResize
  RuntimeClass CertificateApproval CertificateSigning ClusterTrustBundleAttest CertificateSubjectRestriction
  DefaultIngressClass DenyServiceExternalIPs PodTopologyLabels NodeDeclaredFeatureValidator MutatingAdmissionPolicy
  MutatingAdmissionWebhook ValidatingAdmissionPolicy ValidatingAdmissionWebhook ResourceQuota AlwaysDeny`.split(/\s+/),
);

const admissionVersions = ["apiserver.config.k8s.io/v1", "apiserver.k8s.io/v1alpha1"];

/** Why a server does not start with the plugins that its flags name (apiserver pkg/server/options/admission.go Validate, 1.35). */
export function admissionFlagFault(flags: Flags): string | undefined {
  const faults: string[] = [];
  const [on, off] = (["enable", "disable"] as const).map((word) => {
    const flag = `${word}-admission-plugins`;
    const list = (flags[flag] ?? "").split(",").filter((name) => name !== "");
    for (const name of list) if (!pluginNames.has(name)) faults.push(`${flag} plugin ${goQuote(name)} is unknown`);
    return list;
  }) as [string[], string[]];
  const both = [...new Set(on.filter((name) => off.includes(name)))].sort();
  if (both.length > 0)
    faults.push(`[${both.join(" ")}] in enable-admission-plugins and disable-admission-plugins overlapped`);
  return faults.length <= 1 ? faults[0] : `[${faults.join(", ")}]`;
}

/** Why a server does not start with its --admission-control-config-file. */
export function admissionFileFault(flags: Flags, readFile: ReadFile): string | undefined {
  const path = flags["admission-control-config-file"];
  if (!path) return undefined;
  const text = readFile(path);
  if (text === undefined)
    return `failed to apply admission: failed to read plugin config: unable to read admission control configuration from ${goQuote(path)} [open ${path}: no such file or directory]`;
  const found = readDocument(text);
  if (typeof found === "string") return `failed to apply admission: failed to read plugin config: ${found}`;
  const { apiVersion = "", kind = "" } = found;
  if (kind !== "AdmissionConfiguration" || !admissionVersions.includes(String(apiVersion)))
    return `failed to apply admission: failed to read plugin config: no kind ${goQuote(String(kind))} is registered for version ${goQuote(String(apiVersion))} in scheme "pkg/api/legacyscheme/scheme.go:30"`;
  const security = configurationsIn(found, path, readFile).get("PodSecurity");
  if (!security) return undefined;
  const fault = securityConfigurationFault(security);
  if (typeof fault === "string")
    return `failed to apply admission: couldn't init admission plugin "PodSecurity": ${fault}`;
  if (fault.length === 0) return undefined;
  const texts = fault.map(problemText);
  const list = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  return `failed to apply admission: failed to initialize admission plugin "PodSecurity": PodSecurity invalid: ${list}`;
}

function readDocument(text: string): JsonObject | string {
  try {
    const value: Json = parseYaml(text);
    return isObject(value) ? value : "couldn't get version/kind; json parse error";
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
}

/** What the file of --admission-control-config-file says to each plugin. */
export function readAdmissionConfiguration(
  flags: Flags,
  readFile: ReadFile | undefined,
): ReadonlyMap<string, JsonObject> {
  const path = flags["admission-control-config-file"];
  const text = path && readFile?.(path);
  const found = text ? readDocument(text) : undefined;
  return path && readFile && isObject(found) ? configurationsIn(found, path, readFile) : new Map();
}

function configurationsIn({ plugins }: JsonObject, path: string, readFile: ReadFile): Map<string, JsonObject> {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const all = new Map<string, JsonObject>();
  for (const plugin of isList(plugins) ? plugins : []) {
    if (!isObject(plugin)) continue;
    const { name, configuration, path: file } = plugin;
    const text = typeof file === "string" ? readFile(file.startsWith("/") ? file : folder + file) : undefined;
    const said = isObject(configuration) ? configuration : text === undefined ? undefined : readDocument(text);
    if (isObject(said)) all.set(String(name), said);
  }
  return all;
}
