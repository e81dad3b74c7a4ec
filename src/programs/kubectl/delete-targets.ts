import type { Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import { CommandFault } from "./faults.ts";
import { findObjects } from "./find-objects.ts";
import { namedObjects } from "./named-objects.ts";
import type { Finding, Found, Selection } from "./selection.ts";

/**
 * What a command names without asking the server whether it is there (resource.Builder with RequireObject(false)):
 * `delete pod web` sends the deletion at once. Selectors and files are as always.
 */
export function* namedTargets(context: Context, selection: Selection): Task<Finding> {
  const { args = [], filenames = [], kustomize, labelSelector, fieldSelector, all } = selection;
  const named = namedObjects(args);
  const hasNames = named.combined || named.names.length > 0;
  if (filenames.length > 0 || kustomize || labelSelector || fieldSelector || all || !hasNames)
    return yield* findObjects(context, selection);
  const mapper = yield* context.mapper(named.combined ? 4 : 4 + named.types.length);
  const pairs = named.combined
    ? named.pairs
    : named.types.flatMap((type) => named.names.map((name) => [type, name] as const));
  const found = pairs.map(([type, name]): Found => {
    const resource = mapper.resourceFor(type);
    if (name === "") throw new CommandFault("resource name may not be empty");
    if (selection.allNamespaces && resource.namespaced)
      throw new CommandFault("a resource cannot be retrieved by name across all namespaces");
    const namespace = resource.namespaced ? context.namespace : undefined;
    return { resource, namespace, name, object: {}, source: "" };
  });
  return { found, failure: undefined, single: found.length === 1 };
}
