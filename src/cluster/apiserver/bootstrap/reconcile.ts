import { equal } from "../../../kinds/equal.ts";
import type { PolicyRule } from "../../../kinds/types/core.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import { rulesCover } from "../authorization/rules.ts";

const AUTO = "rbac.authorization.kubernetes.io/autoupdate";

interface Access extends KubeObject {
  readonly rules?: readonly PolicyRule[];
  readonly aggregationRule?: object;
  readonly subjects?: readonly object[];
}

/** A default role or binding with what it lacks of rules, subjects, labels; undefined where nothing is to be changed. */
export function reconciled(
  known: KubeObject,
  body: object,
  labels: Readonly<Record<string, string>>,
): KubeObject | undefined {
  const { metadata, rules = [], subjects = [], aggregationRule } = known as Access;
  if (metadata.annotations?.[AUTO] === "false") return undefined;
  const wanted = body as Pick<Access, "rules" | "subjects" | "aggregationRule">;
  const missingRules = (wanted.rules ?? []).filter((rule) => !rulesCover(rules, rule));
  const missingSubjects = (wanted.subjects ?? []).filter((subject) => !subjects.some((one) => equal(one, subject)));
  const labelled = Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value);
  const annotated = metadata.annotations?.[AUTO] !== undefined;
  const aggregates = !wanted.aggregationRule || equal(wanted.aggregationRule, aggregationRule);
  if (missingRules.length + missingSubjects.length === 0 && labelled && annotated && aggregates) return undefined;
  return {
    ...known,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...labels },
      annotations: { [AUTO]: "true", ...metadata.annotations },
    },
    ...(missingRules.length > 0 ? { rules: [...rules, ...missingRules] } : {}),
    ...(missingSubjects.length > 0 ? { subjects: [...subjects, ...missingSubjects] } : {}),
    ...(aggregates ? {} : { aggregationRule: wanted.aggregationRule }),
  } as KubeObject;
}
