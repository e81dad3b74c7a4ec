import { compareText } from "../../../base/json.ts";
import type { Task } from "../../../machine/define.ts";
import type { Context } from "../context.ts";
import type { Verb } from "../define.ts";
import { Unanswered, UsageFault } from "../faults.ts";
import { boolFlag, csvFlag, textFlag } from "../flag-types.ts";
import type { Mapper } from "../mapper.ts";
import { tableText } from "../printers/table.ts";
import { groupVersion, qualifiedName, type Resource } from "../resource.ts";

const flags = {
  "api-group": textFlag("Only resources of this API group."),
  cached: boolFlag("Use the cached list of resources if there is one."),
  categories: csvFlag("Only resources of these categories."),
  namespaced: boolFlag("Only resources that live in a namespace, or (false) only those that do not.", {
    initial: true,
  }),
  "no-headers": boolFlag("Do not print headers."),
  output: textFlag("Output format. One of: (wide, name).", { short: "o" }),
  "sort-by": textFlag("Sort by 'name' or 'kind'.", {}),
  verbs: csvFlag("Only resources that know these verbs."),
};

/** What the server has. */
export const apiResources: Verb<typeof flags> = {
  path: ["api-resources"],
  usage: "api-resources [flags] [options]",
  short: "Print the supported API resources on the server",
  examples: [
    "kubectl api-resources",
    "kubectl api-resources -o wide",
    "kubectl api-resources --namespaced=false",
    "kubectl api-resources --api-group=rbac.authorization.k8s.io",
    "kubectl api-resources --verbs=list,get --sort-by=name",
  ],
  flags,
  config: "whole",
  check({ flags: { output, "sort-by": sortBy }, args }) {
    if (args.length > 0) return new UsageFault(`unexpected arguments: [${args.join(" ")}]`);
    if (!["", "name", "kind"].includes(sortBy)) return "--sort-by accepts only name or kind";
    if (!["", "wide", "name"].includes(output)) return `--output ${output} is not available`;
    return undefined;
  },
  *run(context, { flags: asked, given }) {
    const mapper = yield* headersFirst(context, asked);
    const shown = mapper.preferred
      .filter(({ verbs }) => verbs.length > 0)
      .filter(({ group }) => !given.has("api-group") || group === asked["api-group"])
      .filter(({ namespaced }) => !given.has("namespaced") || namespaced === asked.namespaced)
      .filter(({ verbs }) => asked.verbs.every((verb) => verbs.includes(verb)))
      .filter(({ categories }) => asked.categories.every((category) => categories.includes(category)))
      .sort(orderOf(asked["sort-by"]));
    if (asked.output === "name") for (const resource of shown) context.out.line(qualifiedName(resource));
    else
      context.out.write(tableText([...headersOf(asked), ...shown.map((one) => rowOf(one, asked.output === "wide"))]));
  },
};

/** Where nobody answers the headers are printed all the same. */
function* headersFirst(
  context: Context,
  asked: { readonly output: string; readonly "no-headers": boolean },
): Task<Mapper> {
  try {
    return yield* context.mapper();
  } catch (fault) {
    if (fault instanceof Unanswered && asked.output !== "name") context.out.write(tableText(headersOf(asked)));
    throw fault;
  }
}

function orderOf(sortBy: string): (a: Resource, b: Resource) => number {
  if (sortBy === "name") return (a, b) => compareText(a.plural, b.plural);
  if (sortBy === "kind") return (a, b) => compareText(a.kind, b.kind);
  return (a, b) => compareText(a.group, b.group) || compareText(a.plural, b.plural);
}

function headersOf(asked: { readonly output: string; readonly "no-headers": boolean }): string[][] {
  if (asked["no-headers"]) return [];
  const headers = ["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"];
  return [asked.output === "wide" ? [...headers, "VERBS", "CATEGORIES"] : headers];
}

function rowOf(resource: Resource, wide: boolean): string[] {
  const { plural, short, namespaced, kind, verbs, categories } = resource;
  const row = [plural, short.join(","), groupVersion(resource), String(namespaced), kind];
  return wide ? [...row, verbs.join(","), categories.join(",")] : row;
}
