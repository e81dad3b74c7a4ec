import type { JsonObject } from "../../../../base/json.ts";
import { tabText } from "../../../../base/tab-text.ts";
import type { Task } from "../../../../machine/define.ts";
import { typeAndName } from "../../completers.ts";
import type { Context } from "../../context.ts";
import type { FlagValues, Verb } from "../../define.ts";
import { CommandFault } from "../../faults.ts";
import { eachFound, findObjects } from "../../find-objects.ts";
import { printFlags, printOptions } from "../../flag-groups.ts";
import { intFlag } from "../../flag-types.ts";
import { pairsIn } from "../../metadata-pairs.ts";
import { resultPrinter } from "../../printers/result-printer.ts";
import { changeCauseAnnotation } from "../../record.ts";
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
  revision: intFlag("Show this revision with its pod template."),
};

type Values = FlagValues<typeof flags>;

/** Lists the revisions of a workload, or shows one. */
export const history: Verb<typeof flags> = {
  path: ["rollout", "history"],
  usage: "rollout history (TYPE NAME | TYPE/NAME) [flags] [options]",
  short: "View rollout history",
  long: "View previous rollout revisions and configurations.",
  examples: ["kubectl rollout history deployment/abc", "kubectl rollout history daemonset/abc --revision=3"],
  flags,
  complete: typeAndName({ types: ["deployment", "daemonset", "statefulset"] }),
  check({ args, flags: values }) {
    const { revision } = values;
    if (revision < 0) return `revision must be a positive integer: ${revision}`;
    return rolloutProblem(args, values);
  },
  *run(context, { args, flags: values }) {
    const { revision } = values;
    const finding = yield* findObjects(context, rolloutSelection(args, values));
    yield* eachFound(finding, function* (found) {
      if (values.output !== "" || values.template !== "") return yield* printRevisions(context, found, values);
      const title = revision > 0 ? `with revision #${revision}` : "";
      const operation = `${title}\n${yield* historyText(context, found, revision)}`;
      resultPrinter(context, { ...printOptions(values), operation }).print(found.object);
    });
  },
};

/** With -o the revisions themselves are printed. */
function* printRevisions(context: Context, found: Found, values: Values): Task {
  const { revision: wanted } = values;
  const revisions = lastOfEach(yield* revisionsOf(context, found, rolloutOf(found, "history viewer")));
  const shown = wanted > 0 ? revisions.filter(({ number }) => number === wanted) : revisions;
  if (wanted > 0 && shown.length === 0) throw new CommandFault("unable to find the specified revision");
  const printer = resultPrinter(context, { ...printOptions(values), operation: "" });
  for (const { object } of shown) printer.print(typedObject(object), true);
}

function* historyText(context: Context, found: Found, wanted: number): Task<string> {
  const rollout = rolloutOf(found, "history viewer");
  const revisions = yield* revisionsOf(context, found, rollout);
  if (revisions.length === 0) return "No rollout history found.";
  if (wanted > 0) {
    const revision = revisions.findLast((one) => one.number === wanted);
    if (!revision) throw new CommandFault("unable to find the specified revision");
    const template = templateAt(found, rollout, revision);
    const cause = changeCause(revision.object);
    if (patchOf(revision) || cause === "") return templateText(template);
    const annotations = { ...template.metadata?.annotations, [changeCauseAnnotation]: cause };
    return templateText({ ...template, metadata: { ...template.metadata, annotations } });
  }
  const rows = lastOfEach(revisions).map(({ number, object }) => `${number}\t${changeCause(object) || "<none>"}\n`);
  return tabText(`REVISION\tCHANGE-CAUSE\n${rows.join("")}`, { minWidth: 0, padding: 2 });
}

/** Where two carry the same number the later one counts. */
function lastOfEach(revisions: readonly Revision[]): readonly Revision[] {
  return [...new Map(revisions.map((one) => [one.number, one])).values()];
}

function changeCause(object: JsonObject): string {
  return pairsIn(object, "annotations")[changeCauseAnnotation] ?? "";
}
