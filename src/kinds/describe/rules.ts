import { compareText } from "../../base/go-text.ts";
import type { Describing } from "../define.ts";
import type { PolicyRule, Role } from "../types/core.ts";
import { writeLabelsAndAnnotations } from "./labels.ts";
import { Writer } from "./writer.ts";

/** One line of a role's table: verbs on one resource, one name of it, or one URL. */
interface Line {
  readonly verbs: string[];
  readonly group?: string;
  readonly resource?: string;
  readonly name?: string;
  readonly url?: string;
}

/** A role, of a namespace or of the cluster. It has no events. */
export function* describeRole(object: Role): Describing {
  const w = new Writer();
  w.field(0, "Name", object.metadata.name);
  writeLabelsAndAnnotations(w, object.metadata);
  w.line(0, "PolicyRule:");
  w.line(1, "Resources\tNon-Resource URLs\tResource Names\tVerbs");
  w.line(1, "---------\t-----------------\t--------------\t-----");
  for (const line of linesOf(object.rules ?? [])) {
    const { url, name, verbs } = line;
    w.line(1, `${resourceText(line)}\t[${url ?? ""}]\t[${name ?? ""}]\t[${verbs.join(" ")}]`);
  }
  return w.text();
}

/** The rules taken apart, and what is about the same resource put together again (kubectl pkg/util/rbac, 1.33). */
function linesOf(rules: readonly PolicyRule[]): Line[] {
  const lines: Line[] = [];
  const known = new Map<string, Line>();
  for (const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } of rules) {
    const names: readonly (string | undefined)[] = resourceNames.length > 0 ? resourceNames : [undefined];
    for (const group of apiGroups)
      for (const resource of resources)
        for (const verb of verbs)
          for (const name of names) {
            const key = JSON.stringify([group, resource, name]);
            const line = known.get(key);
            if (!line) known.set(key, { group, resource, ...(name === undefined ? {} : { name }), verbs: [verb] });
            else if (!line.verbs.includes(verb)) line.verbs.push(verb);
          }
    for (const url of nonResourceURLs) for (const verb of verbs) lines.push({ url, verbs: [verb] });
  }
  return [...lines, ...known.values()].sort((a, b) => compareText(orderOf(a), orderOf(b)));
}

/** Lines are ordered by what Go prints for the rule. */
function orderOf({ verbs, group = "", resource = "", name = "", url = "" }: Line): string {
  const where = `APIGroups:[${group}],Resources:[${resource}],ResourceNames:[${name}],NonResourceURLs:[${url}]`;
  return `Verbs:[${verbs.join(" ")}],${where},`;
}

/** deployments.apps/scale */
function resourceText({ resource = "", group }: Line): string {
  const at = resource.indexOf("/");
  const [name, sub] = at < 0 ? [resource, ""] : [resource.slice(0, at), resource.slice(at)];
  return `${name}${group ? `.${group}` : ""}${sub}`;
}
