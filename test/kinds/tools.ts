import type { Kind, Problem } from "../../src/kinds/define.ts";
import { kinds } from "../../src/kinds/index.ts";
import { problemText } from "../../src/kinds/problem.ts";
import type { KubeObject } from "../../src/kinds/types/meta.ts";

/** The kind of that plural name, the first in discovery order. */
export function kindOf(plural: string, group?: string): Kind {
  const found = kinds.find((kind) => kind.plural === plural && (group === undefined || kind.group === group));
  if (!found) throw new Error(`no kind ${plural}`);
  return found;
}

/** A fresh object of a kind as a client sends it. */
export function sent(plural: string, fields: Record<string, unknown> = {}, name = "x"): KubeObject {
  const kind = kindOf(plural);
  const apiVersion = kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
  const metadata = { name, ...(kind.namespaced ? { namespace: "default" } : {}) };
  return { apiVersion, kind: kind.kind, metadata, ...structuredClone(fields) };
}

/** The same with defaults filled in. */
export function filled(plural: string, fields: Record<string, unknown> = {}, name = "x"): KubeObject {
  const object = sent(plural, fields, name);
  kindOf(plural).defaults?.(object);
  return object;
}

export function texts(problems: readonly Problem[] | undefined): string[] {
  return (problems ?? []).map(problemText);
}

/** What is wrong with a new object, as text. */
export function problemsOf(plural: string, fields: Record<string, unknown>, name = "x"): string[] {
  const kind = kindOf(plural);
  const object = filled(plural, fields, name);
  return texts([...(kind.problems?.(object) ?? []), ...(kind.problemsOfCreate?.(object) ?? [])]);
}

/** What is wrong with a change, as text. */
export function problemsOfUpdate(
  plural: string,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): string[] {
  const kind = kindOf(plural);
  return texts(kind.problemsOfUpdate?.(filled(plural, after), filled(plural, before)));
}

/** A row of the kind's table: header and cell of every column. */
export function row(plural: string, object: KubeObject, now = 0): Record<string, unknown> {
  return Object.fromEntries(kindOf(plural).columns.map((column) => [column.name, column.cell(object, now)]));
}
