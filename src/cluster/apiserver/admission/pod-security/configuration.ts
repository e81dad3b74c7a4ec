import type { JsonObject } from "../../../../base/json.ts";
import { isList, isObject } from "../../../../base/json-object.ts";
import type { Problem } from "../../../../kinds/define.ts";
import { duplicate, wrong } from "../../../../kinds/problem.ts";
import { check } from "../../../../kinds/validation/labels.ts";
import { dnsLabel, dnsSubdomain } from "../../../../kinds/validation/words.ts";
import { readLevel, readVersion, type SecurityPolicy } from "./policy.ts";

/** A PodSecurityConfiguration: what holds where labels say nothing, and who is left alone. */
export interface SecurityConfiguration {
  readonly defaults: SecurityPolicy;
  readonly exemptions: {
    readonly usernames: readonly string[];
    readonly runtimeClasses: readonly string[];
    readonly namespaces: readonly string[];
  };
}

const modes = ["enforce", "warn", "audit"] as const;
const groupVersions = ["v1", "v1beta1", "v1alpha1"].map((version) => `pod-security.admission.config.k8s.io/${version}`);

/** Reads the plugin's configuration (pod-security-admission/admission/api, 0.35); nothing where there is none. */
export function readSecurityConfiguration(source: JsonObject | undefined): SecurityConfiguration {
  const defaults = isObject(source?.defaults) ? source.defaults : {};
  const exemptions = isObject(source?.exemptions) ? source.exemptions : {};
  const of = (mode: (typeof modes)[number]) => ({
    level: readLevel(String(defaults[mode] || "privileged")).level,
    version: readVersion(String(defaults[`${mode}-version`] || "latest")).version,
  });
  const texts = (field: string) => (isList(exemptions[field]) ? exemptions[field].map(String) : []);
  return {
    defaults: { enforce: of("enforce"), audit: of("audit"), warn: of("warn") },
    exemptions: {
      usernames: texts("usernames"),
      runtimeClasses: texts("runtimeClasses"),
      namespaces: texts("namespaces"),
    },
  };
}

/** Why the configuration is not taken: its kind, or what is wrong with its fields. */
export function securityConfigurationFault(source: JsonObject): string | readonly Problem[] {
  const { apiVersion, kind, defaults, exemptions } = source;
  if (kind !== "PodSecurityConfiguration" || !groupVersions.includes(String(apiVersion)))
    return `no kind "${kind ?? ""}" is registered for version "${apiVersion ?? ""}" in scheme "pkg/runtime/scheme.go:100"`;
  const problems: Problem[] = [];
  const said = isObject(defaults) ? defaults : {};
  for (const mode of modes) {
    const [level, version] = [said[mode], said[`${mode}-version`]];
    const faults = [level ? readLevel(String(level)).fault : "", version ? readVersion(String(version)).fault : ""];
    if (faults[0]) problems.push(wrong(`defaults.${mode}`, level, faults[0]));
    if (faults[1]) problems.push(wrong(`defaults.${mode}-version`, version, faults[1]));
  }
  const rules = { namespaces: dnsLabel, runtimeClasses: dnsSubdomain, usernames: named } as const;
  for (const [field, rule] of Object.entries(rules)) {
    const list = isObject(exemptions) ? exemptions[field] : undefined;
    const seen = new Set<string>();
    for (const [i, value] of (isList(list) ? list.map(String) : []).entries()) {
      const path = `exemptions.${field}[${i}]`;
      check(rule, value, path, problems);
      if (seen.has(value)) problems.push(duplicate(path, value));
      seen.add(value);
    }
  }
  return problems;
}

function named(text: string): readonly string[] {
  return text === "" ? ["username must not be empty"] : [];
}
