import type { JsonObject } from "../../../base/json.ts";
import { Status } from "../../../kinds/status.ts";
import type { Task } from "../../../machine/define.ts";
import { typeAndName } from "../completers.ts";
import type { Context } from "../context.ts";
import type { FlagValues, Verb } from "../define.ts";
import {
  cascadeProblem,
  type Deleted,
  deleteOptions,
  deletionFlags,
  propagationOf,
  untilGone,
} from "../delete-objects.ts";
import { namedTargets } from "../delete-targets.ts";
import { dryRunOf } from "../dry-run.ts";
import { CommandFault } from "../faults.ts";
import { eachFound } from "../find-objects.ts";
import { allNamespacesFlag, dryRunFlag, fieldSelectorFlag, fileFlags, selectorFlag } from "../flag-groups.ts";
import { boolFlag, textFlag } from "../flag-types.ts";
import { dryRunSuffix } from "../printers/result-printer.ts";
import { rawBody, rawProblem, rawRequest } from "../raw-request.ts";
import { kindName, resourcePath } from "../resource.ts";
import type { Finding, Found } from "../selection.ts";
import { withSource } from "../source-fault.ts";

const flags = {
  ...fileFlags("that name what is to be deleted"),
  ...deletionFlags(true),
  all: boolFlag("All objects of the given types in the namespace."),
  "all-namespaces": allNamespacesFlag,
  "dry-run": dryRunFlag,
  "field-selector": fieldSelectorFlag,
  "ignore-not-found": boolFlag("Take it as a success where there is nothing to delete."),
  interactive: boolFlag("Ask before anything is deleted.", { short: "i" }),
  now: boolFlag("Give what runs one second to end (as --grace-period=1)."),
  output: textFlag("Output mode; name prints resource/name.", { short: "o" }),
  raw: textFlag("A path of the API to send DELETE to."),
  selector: selectorFlag,
};
type Values = FlagValues<typeof flags>;

const atOnce =
  "Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.";

/** Deletes objects by name, selector or file, and waits until they are gone. */
export const deleteVerb: Verb<typeof flags> = {
  path: ["delete"],
  usage: "delete ([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)]) [options]",
  short: "Delete resources by file names, stdin, resources and names, or by resources and label selector",
  examples: [
    "kubectl delete -f ./pod.json",
    "kubectl delete pod,service baz foo",
    "kubectl delete pods,services -l name=myLabel",
    "kubectl delete pod foo --now",
    "kubectl delete pod foo --force",
    "kubectl delete pods --all",
  ],
  flags,
  complete: typeAndName(),
  check({ args, flags: values }) {
    const cascade = cascadeProblem(values.cascade);
    if (cascade) return new CommandFault(cascade);
    if (values.raw !== "") return rawDeleteProblem(args, values);
    const { all, selector, "field-selector": fields, "grace-period": grace, force, now, output } = values;
    if (output !== "" && output !== "name") return `unexpected -o output mode: ${output}. We only support '-o name'`;
    if (all && selector !== "") return "setting 'all' parameter but found a non empty selector.";
    if (all && fields !== "") return "cannot set --all and --field-selector at the same time";
    if (now && grace >= 0) return "--now and --grace-period cannot be specified together";
    if (force && (grace > 0 || now)) return "--force and --grace-period greater than 0 cannot be specified together";
    return undefined;
  },
  *run(context, { args, flags: values, given }) {
    if (values.raw !== "") return yield* deleteRaw(context, values);
    const grace = gracePeriodOf(values);
    if (grace === 0) context.err.line(`Warning: ${atOnce}`);
    const bulk = values.all || values.selector !== "" || values["field-selector"] !== "";
    const ignoreMissing = given.has("ignore-not-found") ? values["ignore-not-found"] : bulk;
    const finding = yield* targets(context, args, values);
    if (values.interactive && !(yield* confirmed(context, finding.found))) return;
    yield* deleteAll(context, finding, values, { grace, ignoreMissing, warnOfScope: bulk && given.has("namespace") });
  },
};

function* deleteRaw(context: Context, { raw, filename: [file] }: Values): Task {
  const body = file === undefined ? undefined : yield* rawBody(context, file);
  yield* rawRequest(context, { method: "DELETE", path: raw, body, contentType: "application/json" });
}

/** Nobody is to lose data by --grace-period=0 alone: it means one second unless --force stands beside it. */
function gracePeriodOf({ now, force, "grace-period": asked }: Values): number {
  if (now) return 1;
  if (asked === 0 && !force) return 1;
  return force && asked < 0 ? 0 : asked;
}

function rawDeleteProblem(args: readonly string[], values: Values): string | undefined {
  if (args.length > 0) return "arguments may not be passed when --raw is specified";
  if (values.filename.length > 1) return "--raw can only use a single local file or stdin";
  if (/^https?:/.test(values.filename[0] ?? "")) return "--raw cannot read from a url";
  if (values["ignore-not-found"] || values.cascade !== "background" || values.output !== "")
    return "--raw may not be specified with other flags that filter the server request or alter the output";
  return rawProblem(values.raw);
}

function* targets(context: Context, args: readonly string[], values: Values): Task<Finding> {
  const { filename: filenames, recursive, kustomize, selector, all } = values;
  const selectors = { labelSelector: selector, fieldSelector: values["field-selector"], all, limit: 0 };
  const allNamespaces = values["all-namespaces"];
  return yield* namedTargets(context, { args, filenames, recursive, kustomize, ...selectors, allNamespaces });
}

function* deleteAll(
  context: Context,
  finding: Finding,
  values: Values,
  how: { readonly grace: number; readonly ignoreMissing: boolean; readonly warnOfScope: boolean },
): Task {
  const dryRun = dryRunOf(context, values["dry-run"]);
  const options = deleteOptions(propagationOf(context, values.cascade), how.grace);
  const body: JsonObject = dryRun === "server" ? { ...options, dryRun: ["All"] } : options;
  const deleted: Deleted[] = [];
  let warnOfScope = how.warnOfScope;
  let count = 0;
  yield* eachFound(finding, function* (found) {
    count++;
    if (warnOfScope && !found.resource.namespaced) {
      context.err.line("Warning: deleting cluster-scoped resources, not scoped to the provided namespace");
      warnOfScope = false;
    }
    if (dryRun !== "client") {
      const answer = yield* removed(context, found, body, how.ignoreMissing);
      if (!answer) return;
      deleted.push({ found, uid: uidIn(answer) });
    }
    report(context, found, values, how.grace, dryRunSuffix(dryRun));
  });
  if (count === 0) context.out.line("No resources found");
  else if (values.wait && dryRun === "none") yield* untilGone(context, deleted, values.timeout);
}

function* removed(
  context: Context,
  { resource, namespace, name, source }: Found,
  body: JsonObject,
  ignoreMissing: boolean,
): Task<JsonObject | undefined> {
  try {
    const path = resourcePath(resource, namespace, name);
    return yield* context.client.object({ method: "DELETE", path, body, contentType: "application/json" });
  } catch (fault) {
    if (ignoreMissing && fault instanceof Status && fault.reason === "NotFound") return undefined;
    throw withSource("deleting", source, fault);
  }
}

/** The server answers with the object while it goes, or with a Status that names it. */
function uidIn({ kind, metadata, details }: JsonObject): string | undefined {
  const from = (kind === "Status" ? details : metadata) as JsonObject | undefined;
  return from?.uid as string | undefined;
}

function report(context: Context, { resource, name }: Found, values: Values, grace: number, suffix: string): void {
  if (values.output === "name") context.out.line(`${kindName(resource)}/${name}`);
  else context.out.line(`${kindName(resource)} "${name}" ${grace === 0 ? "force deleted" : "deleted"}${suffix}`);
}

function* confirmed(context: Context, found: readonly Found[]): Task<boolean> {
  context.out.line(`You are about to delete the following ${found.length} resource(s):`);
  for (const { resource, name } of found) context.out.line(`${kindName(resource)}/${name}`);
  context.out.write("Do you want to continue? (y/N): ");
  yield* context.output.flush();
  const answer = (yield* context.proc.read(0)) ?? "";
  if (["y", "yes"].includes(answer.trim().toLowerCase())) return true;
  context.out.line("deletion is cancelled");
  return false;
}
