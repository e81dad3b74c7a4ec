import { sameJson } from "../../base/json-object.ts";
import type { Problem } from "../define.ts";
import { type InternalType, internal } from "../internal-json.ts";
import { duplicate, forbidden, immutable, required, unsupported, wrong } from "../problem.ts";
import type {
  CustomResourceDefinition,
  CustomResourceNames,
  CustomResourceSubresources,
  CustomResourceVersion,
  PrinterColumn,
} from "../types/api-extensions.ts";
import { dnsLabel1035, dnsSubdomain } from "../validation/words.ts";
import { schemaProblems } from "./schema-problems.ts";

// apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go, 1.35. It looks at the internal type: what is
// the same in all versions stands at the top there, and is named so.

type Spec = CustomResourceDefinition["spec"];

const versionType: InternalType = [
  ["Name", { zero: "" }],
  ["Served", { zero: false }],
  ["Storage", { zero: false }],
  ["Deprecated", { zero: false }],
  ["DeprecationWarning"],
  ["Schema"],
  ["Subresources"],
  ["AdditionalPrinterColumns"],
  ["SelectableFields"],
];

/** What is wrong with a CustomResourceDefinition. */
export function definitionProblems(object: CustomResourceDefinition): Problem[] {
  const { metadata, spec } = object;
  if (!spec) return [required("spec")];
  const { names, group } = spec;
  const found: Problem[] = [];
  if (metadata?.name && metadata.name !== `${names?.plural ?? ""}.${group ?? ""}`)
    found.push(wrong("metadata.name", metadata.name, 'must be spec.names.plural+"."+spec.group'));
  found.push(...specProblems(spec), ...storedVersionProblems(object), ...approvalProblems(object));
  if (spec.preserveUnknownFields)
    found.push(
      wrong(
        "spec.preserveUnknownFields",
        true,
        "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead",
      ),
    );
  return found;
}

/** What may not change: names that are a part of where the objects are stored. */
export function definitionProblemsOfUpdate(next: CustomResourceDefinition, old: CustomResourceDefinition): Problem[] {
  const [now, before] = [next.spec, old.spec];
  if (!now || !before) return [];
  const found: Problem[] = [];
  const established = old.status?.conditions?.some(({ type, status }) => type === "Established" && status === "True");
  if (established && now.scope !== before.scope) found.push(immutable("spec.scope", now.scope));
  if (established && now.names.kind !== before.names.kind) found.push(immutable("spec.names.kind", now.names.kind));
  if (now.group !== before.group) found.push(immutable("spec.group", now.group));
  if (now.names.plural !== before.names.plural) found.push(immutable("spec.names.plural", now.names.plural));
  return found;
}

function specProblems(spec: Spec): Problem[] {
  const { group, scope, names } = spec;
  const versions = spec.versions ?? [];
  const found: Problem[] = [];
  if (!group) found.push(required("spec.group"));
  else if (dnsSubdomain(group).length > 0) found.push(wrong("spec.group", group, dnsSubdomain(group).join(",")));
  else if (!group.includes(".")) found.push(wrong("spec.group", group, "should be a domain with at least one dot"));
  if (!scope) found.push(required("spec.scope"));
  else if (scope !== "Cluster" && scope !== "Namespaced")
    found.push(unsupported("spec.scope", scope, ["Cluster", "Namespaced"]));
  if (
    !versions.some(({ schema }) => schema?.openAPIV3Schema) ||
    versions.some(({ schema }) => !schema?.openAPIV3Schema)
  )
    versions.forEach(({ schema }, i) => {
      if (!schema?.openAPIV3Schema) found.push(required(`spec.versions[${i}].schema.openAPIV3Schema`));
    });
  found.push(...versionsProblems(versions));
  for (const field of ["plural", "singular", "kind", "listKind"] as const)
    if (!names?.[field]) found.push(required(`spec.names.${field}`));
  if (names) found.push(...nameProblems(names, "spec.names"));
  found.push(...sharedProblems(versions), ...conversionProblems(spec));
  return found;
}

/** What all versions have alike. */
interface Shared {
  readonly schema: boolean;
  readonly subresources: boolean;
  readonly columns: boolean;
  readonly fields: boolean;
}

function sharedBy(versions: readonly CustomResourceVersion[]): Shared {
  const [first] = versions;
  const same = (part: (version: CustomResourceVersion) => unknown) =>
    versions.every((version) => sameJson(part(version) as never, first && (part(first) as never)));
  return {
    schema: same(({ schema }) => schema),
    subresources: same(({ subresources }) => subresources),
    columns: same(({ additionalPrinterColumns }) => additionalPrinterColumns ?? []),
    fields: same(({ selectableFields }) => selectableFields ?? []),
  };
}

function versionsProblems(versions: readonly CustomResourceVersion[]): Problem[] {
  const found: Problem[] = [];
  const shared = sharedBy(versions);
  versions.forEach((version, i) => {
    const path = `spec.versions[${i}]`;
    const errors = dnsLabel1035(version.name ?? "");
    if (errors.length > 0) found.push(wrong(`${path}.name`, version.name ?? "", errors.join(",")));
    if (version.deprecationWarning !== undefined && !version.deprecated)
      found.push(
        wrong(`${path}.deprecationWarning`, version.deprecationWarning, "can only be set for deprecated versions"),
      );
    const schema = version.schema?.openAPIV3Schema;
    if (schema && !shared.schema) found.push(...schemaProblems(schema, `${path}.schema.openAPIV3Schema`));
    if (!shared.subresources) found.push(...subresourceProblems(version.subresources, `${path}.subresources`));
    if (!shared.columns)
      found.push(...columnProblems(version.additionalPrinterColumns, `${path}.additionalPrinterColumns`));
  });
  const shown = () =>
    internal(
      versions.map(({ schema, subresources, additionalPrinterColumns, selectableFields, ...rest }) => ({
        ...rest,
        ...(shared.schema ? {} : { schema }),
        ...(shared.subresources ? {} : { subresources }),
        ...(shared.columns ? {} : { additionalPrinterColumns }),
        ...(shared.fields ? {} : { selectableFields }),
      })),
      versionType,
    );
  if (new Set(versions.map(({ name }) => name)).size < versions.length)
    found.push(wrong("spec.versions", shown(), "must contain unique version names"));
  if (versions.filter(({ storage }) => storage).length !== 1)
    found.push(wrong("spec.versions", shown(), "must have exactly one version marked as storage version"));
  return found;
}

function sharedProblems(versions: readonly CustomResourceVersion[]): Problem[] {
  const [first] = versions;
  if (!first) return [];
  const shared = sharedBy(versions);
  const schema = first.schema?.openAPIV3Schema;
  return [
    ...(shared.schema && schema ? schemaProblems(schema, "spec.validation.openAPIV3Schema") : []),
    ...(shared.subresources ? subresourceProblems(first.subresources, "spec.subresources") : []),
    ...(shared.columns ? columnProblems(first.additionalPrinterColumns, "spec.additionalPrinterColumns") : []),
    ...versions.flatMap((version, i) =>
      shared.fields && i > 0
        ? []
        : selectableProblems(version, shared.fields ? "spec.selectableFields" : `spec.versions[${i}].selectableFields`),
    ),
  ];
}

function nameProblems(names: CustomResourceNames, path: string): Problem[] {
  const found: Problem[] = [];
  const check = (where: string, text: string | undefined, prefix = "") => {
    const errors = text ? dnsLabel1035(prefix ? text.toLowerCase() : text) : [];
    if (errors.length > 0) found.push(wrong(`${path}.${where}`, text, prefix + errors.join(",")));
  };
  const mixed = "may have mixed case, but should otherwise match: ";
  check("plural", names.plural);
  check("singular", names.singular);
  check("kind", names.kind, mixed);
  check("listKind", names.listKind, mixed);
  names.shortNames?.forEach((name, i) => {
    check(`shortNames[${i}]`, name);
  });
  if (names.kind && names.kind === names.listKind)
    found.push(wrong(`${path}.listKind`, names.listKind, "kind and listKind may not be the same"));
  names.categories?.forEach((name, i) => {
    check(`categories[${i}]`, name);
  });
  return found;
}

function subresourceProblems(subresources: CustomResourceSubresources | undefined, path: string): Problem[] {
  const scale = subresources?.scale;
  if (!scale) return [];
  const found: Problem[] = [];
  const check = (name: "specReplicasPath" | "statusReplicasPath" | "labelSelectorPath", below: string) => {
    const text = scale[name];
    const where = `${path}.scale.${name}`;
    if (!text) {
      if (name !== "labelSelectorPath") found.push(required(where));
    } else if (!text.startsWith(".")) found.push(wrong(where, text, "must be a simple json path starting with ."));
    else if (!text.startsWith(`${below}.`)) found.push(wrong(where, text, `should be a json path under ${below}`));
  };
  check("specReplicasPath", ".spec");
  check("statusReplicasPath", ".status");
  if (scale.labelSelectorPath && !scale.labelSelectorPath.startsWith(".spec.")) check("labelSelectorPath", ".status");
  return found;
}

const columnTypes = ["boolean", "date", "integer", "number", "string"];
const columnFormats = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];

function columnProblems(columns: readonly PrinterColumn[] = [], path: string): Problem[] {
  return columns.flatMap(({ name, type, format, jsonPath }, i) => {
    const found: Problem[] = [];
    const where = `${path}[${i}]`;
    const oneOf = `must be one of ${columnTypes.join(",")}`;
    if (!name) found.push(required(`${where}.name`));
    if (!type) found.push(required(`${where}.type`, oneOf));
    else if (!columnTypes.includes(type)) found.push(wrong(`${where}.type`, type, oneOf));
    if (format && !columnFormats.includes(format))
      found.push(wrong(`${where}.format`, format, `must be one of ${columnFormats.join(",")}`));
    if (!jsonPath) found.push(required(`${where}.JSONPath`));
    else if (!jsonPath.startsWith("."))
      found.push(wrong(`${where}.JSONPath`, jsonPath, "must be a simple json path starting with ."));
    return found;
  });
}

function selectableProblems({ selectableFields = [], schema }: CustomResourceVersion, path: string): Problem[] {
  const seen = new Set<string>();
  return selectableFields.flatMap(({ jsonPath }, i) => {
    const where = `${path}[${i}].jsonPath`;
    if (!jsonPath) return [required(where)];
    if (seen.has(jsonPath)) return [duplicate(where, jsonPath)];
    seen.add(jsonPath);
    let at = schema?.openAPIV3Schema as Record<string, never> | undefined;
    for (const name of jsonPath.split(".").slice(1)) at = at?.properties?.[name];
    if (!jsonPath.startsWith(".") || !at)
      return [wrong(where, jsonPath, "is an invalid path: does not refer to a valid field")];
    if (jsonPath.startsWith(".metadata.")) return [wrong(where, jsonPath, "must not point to fields in metadata")];
    const scalar =
      "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.";
    return ["string", "boolean", "integer"].includes(String(at.type)) ? [] : [wrong(where, jsonPath, scalar)];
  });
}

function conversionProblems({ conversion }: Spec): Problem[] {
  const path = "spec.conversion";
  if (!conversion) return [];
  const { strategy, webhook } = conversion;
  if (!strategy) return [required(`${path}.strategy`)];
  if (strategy === "Webhook") return [forbidden(`${path}.strategy`, "conversion by a webhook is not simulated")];
  if (strategy !== "None") return [unsupported(`${path}.strategy`, strategy, ["None", "Webhook"])];
  return webhook
    ? [forbidden(`${path}.webhookClientConfig`, "should not be set when strategy is not set to Webhook")]
    : [];
}

function storedVersionProblems({ spec, status }: CustomResourceDefinition): Problem[] {
  const path = "status.storedVersions";
  const stored = status?.storedVersions ?? [];
  if (stored.length === 0) return [wrong(path, null, "must have at least one stored version")];
  return stored.flatMap((name, i) => {
    if (spec.versions?.some((version) => version.name === name)) return [];
    const detail = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    return [wrong(`${path}[${i}]`, name, detail)];
  });
}

/** Groups of the Kubernetes community are taken with their approval only. */
function approvalProblems({ metadata, spec }: CustomResourceDefinition): Problem[] {
  const key = "api-approved.kubernetes.io";
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(spec.group ?? "")) return [];
  const value = metadata?.annotations?.[key];
  const path = `metadata.annotations[${key}]`;
  const see = "see https://github.com/kubernetes/enhancements/pull/1111";
  if (!value) return [required(path, `protected groups must have approval annotation "${key}", ${see}`)];
  return /^https?:\/\/[^/]+/.test(value) || value.startsWith("unapproved")
    ? []
    : [
        wrong(
          path,
          value,
          `protected groups must have approval annotation "${key}" with either a URL or a reason starting with "unapproved", ${see}`,
        ),
      ];
}
