import type { JsonObject } from "../../../base/json.ts";
import type { RequestOptions } from "../define.ts";
import { badRequest, invalid } from "../errors.ts";

type Options = { -readonly [key in keyof RequestOptions]: RequestOptions[key] };

/** The options in a query. */
export function optionsOf(query: URLSearchParams): RequestOptions {
  const options: Options = {};
  const text = (
    name: "fieldManager" | "labelSelector" | "fieldSelector" | "continue" | "resourceVersion" | "resourceVersionMatch",
  ) => {
    const value = query.get(name);
    if (value) options[name] = value;
  };
  for (const name of [
    "fieldManager",
    "labelSelector",
    "fieldSelector",
    "continue",
    "resourceVersion",
    "resourceVersionMatch",
  ] as const) {
    text(name);
  }
  for (const name of ["limit", "timeoutSeconds", "gracePeriodSeconds"] as const) {
    const value = query.get(name);
    if (!value) continue;
    if (!/^-?\d+$/.test(value)) {
      throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
    }
    options[name] = Number(value);
  }
  for (const name of ["force", "allowWatchBookmarks", "sendInitialEvents"] as const) {
    const value = query.get(name);
    if (value !== null) options[name] = value !== "false" && value !== "0";
  }
  if (isDryRun(query.getAll("dryRun"))) options.dryRun = true;
  const validation = query.get("fieldValidation");
  if (validation) options.fieldValidation = fieldValidationOf(validation);
  const policy = query.get("propagationPolicy");
  if (policy) options.propagationPolicy = policy as "Orphan";
  return options;
}

/** The options of a delete: what its body says, else its query. */
export function deleteOptionsOf(query: RequestOptions, body: JsonObject | undefined): RequestOptions {
  if (!body) return query;
  const options: Options = { ...query };
  const { gracePeriodSeconds, propagationPolicy, preconditions, dryRun, orphanDependents } = body as {
    gracePeriodSeconds?: number | null;
    propagationPolicy?: "Orphan" | null;
    preconditions?: { uid?: string; resourceVersion?: string } | null;
    dryRun?: readonly string[] | null;
    orphanDependents?: boolean | null;
  };
  if (typeof gracePeriodSeconds === "number") options.gracePeriodSeconds = gracePeriodSeconds;
  if (propagationPolicy) options.propagationPolicy = propagationPolicy;
  if (typeof orphanDependents === "boolean") options.propagationPolicy = orphanDependents ? "Orphan" : "Background";
  if (preconditions) options.preconditions = preconditions;
  if (dryRun && isDryRun(dryRun)) options.dryRun = true;
  return options;
}

function isDryRun(values: readonly string[]): boolean {
  const given = values.filter((value) => value !== "");
  for (const value of given) {
    if (value === "All") continue;
    throw invalid({ kind: "CreateOptions", group: "meta.k8s.io" }, "", [
      { type: "NotSupported", path: "dryRun", value: given, supported: ["All"] },
    ]);
  }
  return given.length > 0;
}

function fieldValidationOf(value: string): "Strict" | "Warn" | "Ignore" {
  if (value === "Strict" || value === "Warn" || value === "Ignore") return value;
  throw invalid({ kind: "CreateOptions", group: "meta.k8s.io" }, "", [
    { type: "NotSupported", path: "fieldValidation", value, supported: ["Ignore", "Strict", "Warn"] },
  ]);
}
