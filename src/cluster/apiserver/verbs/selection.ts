import { fieldMatcher, parseFieldSelector } from "../../../base/field-selector.ts";
import { FormatError } from "../../../base/format-error.ts";
import { parseSelector } from "../../../base/parse-selector.ts";
import { selectorMatcher } from "../../../base/selector.ts";
import type { Kind } from "../../../kinds/define.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { RequestOptions } from "../define.ts";
import { badRequest } from "../errors.ts";

/** Which objects a list or watch is about. */
export interface Selection {
  /** All there are, if nothing was asked. */
  readonly all: boolean;
  matches(object: KubeObject): boolean;
  /** What the selector fixes: metadata.name, spec.nodeName. */
  readonly exact: ReadonlyMap<string, string>;
}

/** Reads the label and field selectors of a request; BadRequest where they cannot be. `kind` is the one that stores. */
export function selectionOf(kind: Kind, options: RequestOptions): Selection {
  const { labelSelector, fieldSelector } = options;
  const exact = new Map<string, string>();
  if (labelSelector === undefined && fieldSelector === undefined) return { all: true, matches: () => true, exact };
  try {
    const byLabels = labelSelector === undefined ? undefined : selectorMatcher(parseSelector(labelSelector));
    const terms = fieldSelector === undefined ? [] : parseFieldSelector(fieldSelector);
    for (const { field, operator, value } of terms) if (operator === "=") exact.set(field, value);
    checkFields(
      kind,
      terms.map(({ field }) => field),
    );
    const byFields = terms.length === 0 ? undefined : fieldMatcher(terms);
    const matches = (object: KubeObject): boolean =>
      (!byLabels || byLabels(object.metadata.labels)) && (!byFields || byFields(fieldsOf(kind, object)));
    return { all: false, matches, exact };
  } catch (error) {
    if (error instanceof FormatError) throw badRequest(error.message);
    throw error;
  }
}

/** Which fields may be named depends on the kind, not on its objects. */
function checkFields(kind: Kind, fields: readonly string[]): void {
  const unknown = fields.find(
    (field) => field !== "metadata.name" && field !== "metadata.namespace" && !knows(kind, field),
  );
  if (unknown === undefined) return;
  throw badRequest(
    kind.selectable
      ? `field label not supported: ${unknown}`
      : `"${unknown}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );
}

function knows(kind: Kind, field: string): boolean {
  const names = kind.selectable?.({
    apiVersion: "",
    kind: kind.kind,
    metadata: { name: "" },
    spec: {},
    status: {},
    involvedObject: {},
  });
  return names !== undefined && field in names;
}

function fieldsOf(kind: Kind, object: KubeObject): (field: string) => string | undefined {
  let more: Readonly<Record<string, string>> | undefined;
  return (field) => {
    if (field === "metadata.name") return object.metadata.name;
    if (field === "metadata.namespace") return object.metadata.namespace ?? "";
    more ??= kind.selectable?.(object) ?? {};
    return more[field];
  };
}
