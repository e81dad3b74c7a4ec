import type { JsonObject } from "../../../../base/json.ts";
import { sameJson } from "../../../../base/json-object.ts";
import type { Task } from "../../../../machine/define.ts";
import { typeAndName } from "../../completers.ts";
import type { Context } from "../../context.ts";
import type { FlagValues, Verb } from "../../define.ts";
import { type EditResults, editLoop } from "../../edit-loop.ts";
import { CommandFault } from "../../faults.ts";
import { findAll } from "../../find-objects.ts";
import {
  fieldManagerFlag,
  fieldValidationOf,
  fileFlags,
  printFlags,
  printOptions,
  validateFlag,
} from "../../flag-groups.ts";
import { boolFlag } from "../../flag-types.ts";
import { appliedText, lastApplied, lastAppliedAnnotation } from "../../last-applied.ts";
import { resultPrinter } from "../../printers/result-printer.ts";
import { recordFlag } from "../../record.ts";
import { type Found, missingResource } from "../../selection.ts";

const flags = {
  ...fileFlags("that name what is to be edited"),
  ...printFlags(),
  "field-manager": fieldManagerFlag("kubectl-client-side-apply"),
  record: recordFlag,
  validate: validateFlag,
  "windows-line-endings": boolFlag("Line ends as on Windows."),
};
type Values = FlagValues<typeof flags>;

const notice = `# Please edit the 'last-applied-configuration' annotations below.
# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.
#
`;

/** Opens what was last applied in the editor, and writes it back into the annotation alone. */
export const editLastApplied: Verb<typeof flags> = {
  path: ["apply", "edit-last-applied"],
  usage: "apply edit-last-applied (RESOURCE/NAME | -f FILENAME)",
  short: "Edit latest last-applied-configuration annotations of a resource/object",
  examples: [
    "kubectl apply edit-last-applied deployment/nginx",
    "kubectl apply edit-last-applied -f deploy.yaml -o json",
  ],
  flags,
  complete: typeAndName(),
  check: ({ args, flags: { filename, kustomize } }) =>
    args.length === 0 && filename.length === 0 && kustomize === "" ? missingResource : undefined,
  *run(context, { args, flags: values }) {
    const { filename: filenames, kustomize, recursive, output } = values;
    if (!["", "yaml", "json"].includes(output))
      throw new CommandFault(
        `unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: json,yaml`,
      );
    const selection = { args, filenames, kustomize, recursive, latest: true, typeMeansAll: true, limit: 0 };
    const found = yield* findAll(context, selection);
    if (found.length === 0) throw new CommandFault("edit cancelled, no objects found");
    const applied = found.flatMap((one) => {
      const object = lastApplied(one.object);
      return object ? [{ ...one, object }] : [];
    });
    if (applied.length === 0)
      throw new CommandFault(
        "no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`",
      );
    const save = (edited: readonly Found[]) => annotateAll(context, applied, edited, values);
    yield* editLoop(context, applied, save, output === "json" ? "json" : "yaml", notice);
  },
};

function* annotateAll(
  context: Context,
  originals: readonly Found[],
  edited: readonly Found[],
  values: Values,
): Task<EditResults> {
  const say = (operation: string, object: JsonObject) =>
    resultPrinter(context, { ...printOptions(values), operation }).print(object);
  const query = { fieldManager: values["field-manager"], fieldValidation: fieldValidationOf(values.validate) };
  for (const one of edited) {
    const original = originals.find(({ object, name }) => name === one.name && object.kind === one.object.kind);
    if (original && sameJson(original.object, one.object)) {
      say("skipped", one.object);
      continue;
    }
    const patch = { metadata: { annotations: { [lastAppliedAnnotation]: appliedText(one.object) } } };
    yield* context.client.patch(one, "merge", patch, query);
    say("edited", one.object);
  }
  return { invalid: [], notFound: 0, retryable: 0 };
}
