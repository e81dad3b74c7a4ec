import { Status } from "../../../../kinds/status.ts";
import type { Task } from "../../../../machine/define.ts";
import { typeAndName } from "../../completers.ts";
import type { Context } from "../../context.ts";
import type { Input, Verb } from "../../define.ts";
import { endsAtInterrupt } from "../../ends-at-interrupt.ts";
import { CommandFault, failuresOf, faultsIn, UsageFault } from "../../faults.ts";
import {
  allNamespacesFlag,
  fieldSelectorFlag,
  fileFlags,
  printFlags,
  selectorFlag,
  subresourceFlag,
} from "../../flag-groups.ts";
import { boolFlag, csvFlag, intFlag, textFlag } from "../../flag-types.ts";
import { rawProblem, rawRequest } from "../../raw-request.ts";
import { printObjects } from "./print-objects.ts";
import { printTables } from "./print-tables.ts";
import { watchResource } from "./watch-resource.ts";

export const flags = {
  ...fileFlags("naming what to get"),
  ...printFlags("get"),
  "all-namespaces": allNamespacesFlag,
  "chunk-size": intFlag("Get large lists in pieces of this size; 0 all at once.", { initial: 500 }),
  "field-selector": fieldSelectorFlag,
  "ignore-not-found": boolFlag("An object that does not exist is no fault."),
  "label-columns": csvFlag("Labels to show as columns.", { short: "L" }),
  "no-headers": boolFlag("Do not print headers."),
  "output-watch-events": boolFlag("Show the events of a watch; what is there at first comes as ADDED."),
  raw: textFlag("A path to get from the server as it is."),
  selector: selectorFlag,
  "server-print": boolFlag("Let the server make the table.", { initial: true }),
  "show-kind": boolFlag("Show the kind before the name."),
  "show-labels": boolFlag("Show all labels as the last column."),
  "sort-by": textFlag("Sort by this field, a JSONPath expression such as {.metadata.name}."),
  subresource: subresourceFlag("Get this subresource of the object."),
  watch: boolFlag("After listing, watch for changes.", { short: "w" }),
  "watch-only": boolFlag("Watch for changes without listing first."),
};

export type GetInput = Input<typeof flags>;

/** Lists and shows objects. */
export const get: Verb<typeof flags> = {
  path: ["get"],
  usage:
    "get [(-o|--output=)json|yaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file|custom-columns|custom-columns-file|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags] [options]",
  short: "Display one or many resources",
  long: 'Display one or many resources: a table of what is most important about each, or the objects themselves with -o.\n\nUse "kubectl api-resources" for a complete list of supported resources.',
  examples: [
    "kubectl get pods",
    "kubectl get pods -o wide",
    "kubectl get deployments.v1.apps -o json",
    "kubectl get -f pod.yaml -o yaml",
    "kubectl get pods -A --sort-by=.metadata.creationTimestamp",
    "kubectl get pod web -o jsonpath='{.status.podIP}'",
    "kubectl get pod web -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[0].image",
    "kubectl get deploy,svc -l app=web",
    "kubectl get pods --watch",
  ],
  flags,
  complete: typeAndName(),
  check(input) {
    const raw = input.flags.raw === "" ? undefined : rawProblemOf(input);
    return raw === undefined ? problemOf(input) : new CommandFault(raw);
  },
  *run(context, input) {
    const { flags: asked } = input;
    if (asked.raw !== "") {
      yield* rawRequest(context, { path: asked.raw });
      return 0;
    }
    if (input.args.length === 0 && asked.filename.length === 0 && asked.kustomize === "") {
      context.err.line(
        'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n',
      );
      throw new UsageFault(
        'Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).',
      );
    }
    warnOfSorting(context, input);
    if (asked.watch || asked["watch-only"]) return yield* endsAtInterrupt(context, watchResource(context, input));
    const isTable = asked.output === "" || asked.output === "wide";
    yield* ignoringNotFound(asked["ignore-not-found"], () =>
      isTable && !asked.template ? printTables(context, input) : printObjects(context, input),
    );
    return 0;
  },
};

function rawProblemOf({ flags: asked, args }: GetInput): string | undefined {
  if (args.length > 0) return "arguments may not be passed when --raw is specified";
  if (asked.watch || asked["watch-only"] || asked.selector !== "" || asked.filename.length > 0)
    return "--raw may not be specified with other flags that filter the server request or alter the output";
  if (asked.output !== "") return "--raw and --output are mutually exclusive";
  return rawProblem(asked.raw);
}

function problemOf({ flags: asked }: GetInput): string | undefined {
  const watching = asked.watch || asked["watch-only"];
  if (asked.kustomize !== "" && asked.filename.length > 0) return "only one of -f or -k can be specified";
  if (asked["show-labels"] && asked.output !== "" && asked.output !== "wide" && !watching)
    return `--show-labels option cannot be used with ${asked.output} printer`;
  if (asked["output-watch-events"] && !watching)
    return "--output-watch-events option can only be used with --watch or --watch-only";
  return undefined;
}

function warnOfSorting(context: Context, { flags: asked }: GetInput): void {
  if (asked["sort-by"] === "") return;
  if (asked.watch) context.err.line("warning: --watch requested, --sort-by will be ignored for watch events received");
  else if (asked["watch-only"]) context.err.line("warning: --watch-only requested, --sort-by will be ignored");
}

/** With --ignore-not-found what is not there is no fault. */
function* ignoringNotFound(ignore: boolean, run: () => Task): Task {
  try {
    yield* run();
  } catch (fault) {
    if (!ignore) throw fault;
    const left = faultsIn(fault).filter((one) => !(one instanceof Status && one.reason === "NotFound"));
    const failure = failuresOf(left);
    if (failure) throw failure;
  }
}
