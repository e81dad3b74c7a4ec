import { isObject } from "../../../../base/json-object.ts";
import { Status } from "../../../../kinds/status.ts";
import type { Task } from "../../../../machine/define.ts";
import type { Context } from "../../context.ts";
import type { FlagValues, Verb } from "../../define.ts";
import { faultText } from "../../fault-text.ts";
import { CommandFault } from "../../faults.ts";
import { findObjects } from "../../find-objects.ts";
import { fieldManagerFlag, fileFlags, selectorFlag } from "../../flag-groups.ts";
import { boolFlag, intFlag, listFlag } from "../../flag-types.ts";
import { kindOf } from "../../kind-of.ts";
import { chosenBy } from "../../label-choice.ts";
import { logLine } from "../../log-line.ts";
import { pruneCandidates, pruneResources } from "../../prune.ts";
import type { Resource } from "../../resource.ts";
import type { Found } from "../../selection.ts";
import { filesProblem } from "../../source-fault.ts";
import { liveAndMerged, shownIn } from "./live-and-merged.ts";
import { VersionFolders } from "./version-folders.ts";

const flags = {
  ...fileFlags("that hold the objects as they shall be"),
  concurrency: intFlag("How many objects to ask the server for at once.", { initial: 1 }),
  "field-manager": fieldManagerFlag("kubectl-client-side-apply"),
  "force-conflicts": boolFlag("With --server-side: take over fields that others manage."),
  prune: boolFlag("Show also what an apply with --prune would delete."),
  "prune-allowlist": listFlag("A group/version/kind that --prune may delete."),
  selector: selectorFlag,
  "server-side": boolFlag("Let the server merge."),
  "show-managed-fields": boolFlag("Keep managedFields."),
};
type Values = FlagValues<typeof flags>;

const usageHint = "See 'kubectl diff -h' for help and examples";

/** Shows what an apply would change. */
export const diff: Verb<typeof flags> = {
  path: ["diff"],
  usage: "diff -f FILENAME",
  short: "Diff the live version against a would-be applied version",
  long: "Show the difference between the objects as they are and as an apply would leave them, as YAML.\n\nThe program diff does it with -u and -N, or the one that KUBECTL_EXTERNAL_DIFF names. The exit status is 0 where nothing differs, 1 where something does, and higher after a fault.",
  examples: ["kubectl diff -f pod.json", "cat service.yaml | kubectl diff -f -"],
  flags,
  config: "none",
  flagFault: (text) => new CommandFault(`${text}\n${usageHint}`, 2),
  *run(context, { args, flags: values, given }) {
    try {
      const wrong = problemOf(args, values);
      if (wrong) throw new CommandFault(wrong);
      context.checkConfig("whole");
      return yield* compare(context, values, given.has("field-manager"));
    } catch (fault) {
      const told = faultText(fault);
      if (!told) throw fault;
      context.err.write(told.stderr);
      return told.status + 1;
    }
  },
};

function problemOf(args: readonly string[], values: Values): string | undefined {
  if (args.length > 0) return `Unexpected args: [${args.join(" ")}]\n${usageHint}`;
  const files = filesProblem(values);
  if (files) return files;
  if (values["force-conflicts"] && !values["server-side"]) return "--force-conflicts only works with --server-side";
  return undefined;
}

function* compare(context: Context, values: Values, managerGiven: boolean): Task<number> {
  const { filename: filenames, recursive, kustomize, selector } = values;
  const resources = values.prune ? pruneResources(yield* context.mapper(), values["prune-allowlist"]) : undefined;
  const trial = {
    serverSide: values["server-side"],
    forceConflicts: values["force-conflicts"],
    fieldManager: managerGiven || !values["server-side"] ? values["field-manager"] : "kubectl",
  };
  const folders = new VersionFolders(context);
  try {
    const finding = yield* findObjects(context, { filenames, recursive, kustomize });
    const found = finding.found.filter(chosenBy(selector));
    for (const one of found) {
      const both = yield* liveAndMerged(context, one, trial);
      const shown = shownIn(both, values["show-managed-fields"], kindOf(one.resource)?.confidential);
      folders.add(fileName(one), shown.live, shown.merged);
      warnIfLeaving(context, one, both.live?.metadata);
    }
    if (finding.failure) throw finding.failure;
    if (resources) yield* addPruned(context, folders, resources, found, selector);
    return yield* folders.compare();
  } finally {
    folders.remove();
  }
}

function warnIfLeaving(context: Context, { name }: Found, metadata: unknown): void {
  if (isObject(metadata as never) && (metadata as { deletionTimestamp?: string }).deletionTimestamp)
    context.err.line(`Warning: Detected changes to resource ${name} which is currently being deleted.`);
}

function* addPruned(
  context: Context,
  folders: VersionFolders,
  resources: readonly Resource[] | undefined,
  found: readonly Found[],
  selector: string,
): Task {
  try {
    for (const gone of yield* pruneCandidates(context, found, resources, selector))
      folders.addPruned(fileName(gone), gone.object);
  } catch (fault) {
    if (!(fault instanceof Status || fault instanceof CommandFault)) throw fault;
    const text = `pruning failed and could not be evaluated err: ${fault.message}`;
    context.err.line(logLine(context.proc, "W", "diff.go:758", text));
  }
}

/** apps.v1.Deployment.default.web */
function fileName({ resource, namespace = "", name }: Found): string {
  const { group, version, kind } = resource;
  return `${group === "" ? "" : `${group}.`}${version}.${kind}.${namespace}.${name}`;
}
