import { sameJson } from "../../../base/json-object.ts";
import type { CustomResourceDefinition, CustomResourceNames } from "../../../kinds/types/api-extensions.ts";
import type { Condition } from "../../../kinds/types/meta.ts";

// apiextensions-apiserver pkg/controller/status/naming_controller.go and pkg/controller/establish, 1.35.

type Status = NonNullable<CustomResourceDefinition["status"]>;

/** A definition's status with the names it may have among those of its group; undefined where it has them already. */
export function withAcceptedNames(
  definition: CustomResourceDefinition,
  others: readonly CustomResourceDefinition[],
  now: string,
): Status | undefined {
  const { spec } = definition;
  const status: Status = definition.status ?? { acceptedNames: { plural: "", kind: "" } };
  const approval = approvalCondition(definition);
  const named = sameJson(spec.names as never, status.acceptedNames as never);
  const established = status.conditions?.find(({ type }) => type === "Established");
  if (named && established?.status === "True" && (!approval || hasCondition(status, approval))) return undefined;
  const { names, conflict } = acceptedNames(spec.names, status.acceptedNames, others);
  let next: Status = { ...status, acceptedNames: names };
  next = withCondition(
    next,
    conflict ?? { type: "NamesAccepted", status: "True", reason: "NoConflicts", message: "no conflicts found" },
    now,
  );
  if (established?.status !== "True") {
    next = withCondition(next, conflict ? notAccepted : accepted, now);
  }
  if (approval) next = withCondition(next, approval, now);
  return sameJson(next as never, status as never) ? undefined : next;
}

const notAccepted: Condition = {
  type: "Established",
  status: "False",
  reason: "NotAccepted",
  message: "not all names are accepted",
};
const accepted: Condition = {
  type: "Established",
  status: "True",
  reason: "InitialNamesAccepted",
  message: "the initial names have been accepted",
};

/** A status with a condition set; its time changes only with its status. */
export function withCondition(status: Status, condition: Condition, now: string): Status {
  const conditions = status.conditions ?? [];
  const old = conditions.find(({ type }) => type === condition.type);
  const { type, status: value, reason, message } = condition;
  const time = old?.status === value ? (old.lastTransitionTime ?? now) : now;
  const next: Condition = {
    lastTransitionTime: time,
    ...(message === undefined ? {} : { message }),
    ...(reason === undefined ? {} : { reason }),
    status: value,
    type,
  };
  const list = old ? conditions.map((one) => (one === old ? next : one)) : [...conditions, next];
  return { ...status, conditions: list };
}

function hasCondition({ conditions }: Status, { type, status, reason }: Condition): boolean {
  return conditions?.some((one) => one.type === type && one.status === status && one.reason === reason) ?? false;
}

function acceptedNames(
  wanted: CustomResourceNames,
  old: CustomResourceNames,
  others: readonly CustomResourceDefinition[],
): { names: CustomResourceNames; conflict: Condition | undefined } {
  const taken = others.flatMap(({ status }) => (status ? [status.acceptedNames] : []));
  const resources = new Set(
    taken.flatMap(({ plural, singular = "", shortNames = [] }) => [plural, singular, ...shortNames]),
  );
  const kinds = new Set(taken.flatMap(({ kind, listKind = "" }) => [kind, listKind]));
  const names: CustomResourceNames = { ...old };
  let conflict: Condition | undefined;
  const refuse = (reason: string, message: string) => {
    conflict = { type: "NamesAccepted", status: "False", reason, message };
  };
  const claim = (field: "plural" | "singular" | "kind" | "listKind", used: ReadonlySet<string>, reason: string) => {
    const name = wanted[field] ?? "";
    if (name !== old[field] && used.has(name)) refuse(reason, inUse(name));
    else names[field] = name;
  };
  claim("plural", resources, "PluralConflict");
  claim("singular", resources, "SingularConflict");
  const clashes = (wanted.shortNames ?? []).filter((name) => !old.shortNames?.includes(name) && resources.has(name));
  if (clashes.length > 0) {
    const texts = clashes.map(inUse);
    refuse("ShortNamesConflict", texts.length === 1 ? (texts[0] ?? "") : `[${texts.join(", ")}]`);
  } else if (wanted.shortNames) names.shortNames = wanted.shortNames;
  else delete names.shortNames;
  claim("kind", kinds, "KindConflict");
  claim("listKind", kinds, "ListKindConflict");
  if (wanted.categories) names.categories = wanted.categories;
  else delete names.categories;
  return { names, conflict };
}

function inUse(name: string): string {
  return `${JSON.stringify(name)} is already in use`;
}

/** Of groups of the Kubernetes community (pkg/controller/apiapproval, 1.35). */
function approvalCondition({ metadata, spec }: CustomResourceDefinition): Condition | undefined {
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(spec.group)) return undefined;
  const value = metadata.annotations?.["api-approved.kubernetes.io"] ?? "";
  const type = "KubernetesAPIApprovalPolicyConformant";
  if (value.startsWith("unapproved"))
    return { type, status: "False", reason: "UnapprovedAnnotation", message: `not approved: ${JSON.stringify(value)}` };
  return { type, status: "True", reason: "ApprovedAnnotation", message: `approved in ${value}` };
}
