import type { Json, JsonObject } from "../../../../base/json.ts";
import { sameJson } from "../../../../base/json-object.ts";
import { Status } from "../../../../kinds/status.ts";
import type { PodTemplateSpec } from "../../../../kinds/types/pod.ts";
import type { Task } from "../../../../machine/define.ts";
import type { PatchType } from "../../client.ts";
import { typeAndName } from "../../completers.ts";
import type { Context } from "../../context.ts";
import type { FlagValues, Verb } from "../../define.ts";
import { dryRunOf, dryRunQuery } from "../../dry-run.ts";
import { CommandFault } from "../../faults.ts";
import { eachFound, findObjects } from "../../find-objects.ts";
import { type DryRun, dryRunFlag, printFlags, printOptions } from "../../flag-groups.ts";
import { intFlag } from "../../flag-types.ts";
import { pairsIn } from "../../metadata-pairs.ts";
import { resultPrinter } from "../../printers/result-printer.ts";
import {
  patchOf,
  type Revision,
  revisionsOf,
  rolloutFlags,
  rolloutOf,
  rolloutProblem,
  rolloutSelection,
  templateAt,
  templateText,
} from "../../rollouts.ts";
import type { Found } from "../../selection.ts";
import { typedObject } from "../../typed-object.ts";

const flags = {
  ...rolloutFlags,
  ...printFlags(),
  "dry-run": dryRunFlag,
  "to-revision": intFlag("The revision to go back to; 0 is the one before."),
};
type Values = FlagValues<typeof flags>;

/** Goes back to an earlier revision. */
export const undo: Verb<typeof flags> = {
  path: ["rollout", "undo"],
  usage: "rollout undo (TYPE NAME | TYPE/NAME) [flags] [options]",
  short: "Undo a previous rollout",
  long: "Roll back to a previous rollout.",
  examples: [
    "kubectl rollout undo deployment/abc",
    "kubectl rollout undo daemonset/abc --to-revision=3",
    "kubectl rollout undo --dry-run=server deployment/abc",
  ],
  flags,
  complete: typeAndName({ types: ["deployment", "daemonset", "statefulset"] }),
  check: ({ args, flags: values }) => rolloutProblem(args, values),
  *run(context, { args, flags: values }) {
    const dryRun = dryRunOf(context, values["dry-run"]);
    const finding = yield* findObjects(context, rolloutSelection(args, values));
    yield* eachFound(finding, (found) => undoOne(context, found, values, dryRun));
  },
};

function* undoOne(context: Context, found: Found, values: Values, dryRun: DryRun): Task {
  const rollout = rolloutOf(found, "rollbacker");
  const wanted = values["to-revision"];
  if (wanted < 0) throw notInHistory(wanted);
  const revisions = yield* revisionsOf(context, found, rollout);
  const revision =
    wanted === 0 ? before(found, revisions, rollout.pausedAt !== undefined) : numbered(revisions, wanted);
  const template = templateAt(found, rollout, revision);
  const say = (operation: string) =>
    resultPrinter(context, { ...printOptions(values), operation, dryRun }).print(typedObject(found.object), true);
  if (dryRun === "client") return say(`${patchOf(revision) ? "will roll back to " : ""}${templateText(template)}`);
  const { paused, template: current } = found.object.spec as unknown as { paused?: boolean; template: PodTemplateSpec };
  if (paused) throw new CommandFault(pausedText);
  if (sameTemplate(template, current))
    return say(`skipped rollback (current template already matches revision ${wanted})`);
  const patch = patchOf(revision);
  const [type, body]: readonly [PatchType, Json] = patch
    ? ["strategic", patch]
    : ["json", restoring(found, revision, template)];
  try {
    yield* context.client.patch(found, type, body, dryRunQuery(dryRun));
  } catch (fault) {
    if (!(fault instanceof Status)) throw fault;
    throw new CommandFault(`failed restoring revision ${wanted}: ${fault.message}`);
  }
  say("rolled back");
}

const pausedText =
  "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again";

function numbered(revisions: readonly Revision[], wanted: number): Revision {
  const revision = revisions.findLast(({ number }) => number === wanted);
  if (!revision) throw notInHistory(wanted);
  return revision;
}

function notInHistory(wanted: number): CommandFault {
  return new CommandFault(`unable to find specified revision ${wanted} in history`);
}

function before({ resource, name }: Found, revisions: readonly Revision[], named: boolean): Revision {
  const revision = revisions.at(-2);
  if (revision) return revision;
  throw new CommandFault(
    named ? `no rollout history found for ${resource.singular} "${name}"` : "no last revision to roll back to",
  );
}

const hashLabel = "pod-template-hash";

/** A template without the label that tells its revisions apart. */
function withoutHash(template: PodTemplateSpec): JsonObject {
  const { [hashLabel]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } } as unknown as JsonObject;
}

function sameTemplate(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  return sameJson(comparable(a), comparable(b));
}

function comparable(template: PodTemplateSpec): JsonObject {
  const { metadata, spec } = withoutHash(template) as { metadata: JsonObject; spec: JsonObject };
  const { labels = {}, annotations = {} } = metadata;
  return { labels, annotations, spec };
}

/** Stay as they are when the others come from the revision (polymorphichelpers annotationsToSkip, 1.33). */
const kept = [
  "kubectl.kubernetes.io/last-applied-configuration",
  "deployment.kubernetes.io/revision",
  "deployment.kubernetes.io/revision-history",
  "deployment.kubernetes.io/desired-replicas",
  "deployment.kubernetes.io/max-replicas",
  "deprecated.deployment.rollback.to",
];

function restoring({ object }: Found, revision: Revision, template: PodTemplateSpec): Json {
  const annotations: Record<string, string> = {};
  const now = pairsIn(object, "annotations");
  for (const key of kept) if (now[key] !== undefined) annotations[key] = now[key];
  for (const [key, value] of Object.entries(pairsIn(revision.object, "annotations")))
    if (!kept.includes(key)) annotations[key] = value;
  return [
    { op: "replace", path: "/spec/template", value: withoutHash(template) },
    { op: "replace", path: "/metadata/annotations", value: annotations },
  ];
}
