import { Status } from "../../../kinds/status.ts";
import type { Task } from "../../../machine/define.ts";
import { typeAndName } from "../completers.ts";
import type { Context } from "../context.ts";
import type { Input, Verb } from "../define.ts";
import { isOrdinary } from "../fault-text.ts";
import { failuresOf, untitled } from "../faults.ts";
import { findObjects } from "../find-objects.ts";
import { allNamespacesFlag, fileFlags, selectorFlag } from "../flag-groups.ts";
import { boolFlag, intFlag } from "../flag-types.ts";
import { runDescribe } from "../run-describe.ts";
import type { Selection } from "../selection.ts";

const flags = {
  ...fileFlags("containing the resource to describe"),
  "all-namespaces": allNamespacesFlag,
  "chunk-size": intFlag("Get large lists in pieces of this size; 0 all at once.", { initial: 500 }),
  selector: selectorFlag,
  "show-events": boolFlag("Show the events about the object.", { initial: true }),
};

/** Shows everything about objects, with what belongs to them. */
export const describe: Verb<typeof flags> = {
  path: ["describe"],
  usage: "describe (-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME) [options]",
  short: "Show details of a specific resource or group of resources",
  long: "Show details of objects, with what belongs to them: events, owners, the pods of a controller.\n\nA name that no object has is taken as the beginning of names.",
  examples: [
    "kubectl describe nodes node-1",
    "kubectl describe pods/nginx",
    "kubectl describe -f pod.json",
    "kubectl describe pods -l name=myLabel",
    "kubectl describe pods frontend",
  ],
  flags,
  complete: typeAndName(),
  check({ flags: { filename, kustomize }, args }) {
    if (args.length > 0 || filename.length > 0 || kustomize !== "") return undefined;
    return 'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.';
  },
  *run(context, input) {
    const { found, failure } = yield* findObjects(context, selectionOf(input));
    const { args } = input;
    if (failure instanceof Status && failure.reason === "NotFound" && args.length === 2)
      return yield* describeMatching(context, input, failure);
    const faults: Error[] = failure ? [failure] : [];
    let first = true;
    for (const one of found) {
      try {
        const text = yield* runDescribe(context, one, input.flags["show-events"]);
        context.out.write(first ? text : `\n\n${text}`);
        first = false;
      } catch (fault) {
        if (!isOrdinary(fault)) throw fault;
        faults.push(fault);
      }
    }
    if (found.length === 0 && faults.length === 0) {
      const everywhere = input.flags["all-namespaces"];
      context.err.line(`No resources found${everywhere ? "" : ` in ${context.namespace} namespace.`}`);
    }
    const all = failuresOf(faults);
    if (all) throw untitled(all);
    return 0;
  },
};

function selectionOf({ flags: asked, args }: Input<typeof flags>): Selection {
  return {
    args,
    filenames: asked.filename,
    recursive: asked.recursive,
    kustomize: asked.kustomize,
    labelSelector: asked.selector,
    allNamespaces: asked["all-namespaces"],
    limit: asked["chunk-size"],
    typeMeansAll: true,
    latest: true,
  };
}

/** All objects of the type whose names begin so; the server's refusal where none does. */
function* describeMatching(context: Context, input: Input<typeof flags>, refusal: Status): Task<number> {
  const [type = "", prefix = ""] = input.args;
  const { found, failure } = yield* findObjects(context, { ...selectionOf(input), args: [type] });
  if (failure) throw failure;
  const matching = found.filter(({ name }) => name.startsWith(prefix));
  if (matching.length === 0) throw refusal;
  for (const one of matching) {
    const text = yield* runDescribe(context, one, input.flags["show-events"]);
    context.out.line(text);
  }
  return 0;
}
