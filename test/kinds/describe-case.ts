import { fieldMatcher, fieldSelectorText, parseFieldSelector } from "../../src/base/field-selector.ts";
import { parseSelector } from "../../src/base/parse-selector.ts";
import { selectorMatcher } from "../../src/base/selector.ts";
import { type Answer, type Ask, apiVersionOf, type Kind } from "../../src/kinds/define.ts";
import { kinds } from "../../src/kinds/index.ts";
import { Status, type StatusReason } from "../../src/kinds/status.ts";
import type { KubeObject } from "../../src/kinds/types/meta.ts";

/** What `kubectl describe` printed for an object in a cluster that held the related ones. */
export interface DescribeCase {
  readonly name: string;
  /** The resource of a kind that is not built in: widgets. */
  readonly resource?: string;
  readonly object: KubeObject;
  readonly related: readonly KubeObject[];
  /** Resources that the user may not read, with the server's words. */
  readonly refused?: Readonly<Record<string, { readonly reason: StatusReason; readonly message: string }>>;
  readonly hideEvents?: boolean;
  /** Microseconds since 1970 at which it was printed. */
  readonly now: number;
  readonly want: string;
  /** What kubectl asked for beside the object, in order of text. */
  readonly asked: readonly string[];
}

/** The server's side of a case: what is asked for, out of the related objects. */
export function answerTo(ask: Ask, { related, refused, object }: DescribeCase): Answer {
  const refusal = refused?.[ask.resource];
  if (refusal) return new Status(refusal.reason, refusal.message);
  const kind = kinds.find((one) => one.plural === ask.resource && apiVersionOf(one) === ask.apiVersion);
  const kindName = kind?.kind;
  const found = [object, ...related].filter((one) => one.apiVersion === ask.apiVersion && one.kind === kindName);
  if (ask.name !== undefined) {
    const one = found.find(({ metadata }) => metadata.name === ask.name && metadata.namespace === ask.namespace);
    const group = ask.apiVersion.includes("/") ? `.${ask.apiVersion.split("/")[0]}` : "";
    return one ?? new Status("NotFound", `${ask.resource}${group} "${ask.name}" not found`);
  }
  const items = found.filter((one) => fits(one, ask, kind));
  return { apiVersion: ask.apiVersion, kind: `${kindName}List`, metadata: { name: "" }, items };
}

function fits(object: KubeObject, ask: Ask, kind: Kind | undefined): boolean {
  const { name, namespace = "", labels } = object.metadata;
  if (ask.namespace !== undefined && ask.namespace !== namespace) return false;
  if (ask.labelSelector && !selectorMatcher(parseSelector(ask.labelSelector))(labels)) return false;
  if (!ask.fieldSelector) return true;
  const fields = { ...kind?.selectable?.(object), "metadata.name": name, "metadata.namespace": namespace };
  return fieldMatcher(parseFieldSelector(ask.fieldSelector))((field) => fields[field as keyof typeof fields]);
}

/** An ask on one line, with the terms of its field selector in order. */
export function askText({ apiVersion, resource, namespace, name, labelSelector, fieldSelector }: Ask): string {
  const fields = fieldSelector && fieldSelectorText(parseFieldSelector(fieldSelector));
  const words = [apiVersion, resource, namespace && `-n ${namespace}`, name, labelSelector && `-l ${labelSelector}`];
  return [...words, fields && `--field-selector ${fields}`].filter(Boolean).join(" ");
}
