import type { Task } from "../../../../machine/define.ts";
import type { Context } from "../../context.ts";
import type { FlagValues, Verb } from "../../define.ts";
import { dryRunOf, dryRunQuery } from "../../dry-run.ts";
import { editManifests } from "../../edit-manifests.ts";
import { CommandFault, NameFault } from "../../faults.ts";
import { eachFound, findObjects } from "../../find-objects.ts";
import {
  dryRunFlag,
  fieldManagerFlag,
  fieldValidationOf,
  fileFlags,
  printFlags,
  printOptions,
  selectorFlag,
  validateFlag,
} from "../../flag-groups.ts";
import { boolFlag, textFlag } from "../../flag-types.ts";
import { saveConfigFlag } from "../../generator.ts";
import { chosenBy } from "../../label-choice.ts";
import { withLastApplied } from "../../last-applied.ts";
import { resultPrinter } from "../../printers/result-printer.ts";
import { rawBody, rawProblem, rawRequest } from "../../raw-request.ts";
import { recorded, recordFlag } from "../../record.ts";
import type { Finding, Found } from "../../selection.ts";
import { filesProblem, withSource } from "../../source-fault.ts";

const flags = {
  ...fileFlags("to make the objects from"),
  ...printFlags(),
  "dry-run": dryRunFlag,
  edit: boolFlag("Edit the objects before they are made."),
  "field-manager": fieldManagerFlag("kubectl-create"),
  raw: textFlag("The path of the API to send the file to as it is."),
  record: recordFlag,
  "save-config": saveConfigFlag,
  selector: selectorFlag,
  validate: validateFlag,
  "windows-line-endings": boolFlag("With --edit: line ends as on Windows."),
};

/** Makes the objects of files. */
export const create: Verb<typeof flags> = {
  path: ["create"],
  usage: "create -f FILENAME [options]",
  short: "Create a resource from a file or from stdin",
  long: "Create a resource from a file or from stdin. JSON and YAML formats are accepted.",
  examples: ["kubectl create -f ./pod.json", "cat pod.json | kubectl create -f -"],
  flags,
  config: "whole",
  check({ args, flags: values }) {
    if (args.length > 0) return new NameFault(`Unexpected args: [${args.join(" ")}]`);
    const wrong = filesProblem(values) ?? (values.raw === "" ? undefined : rawCreateProblem(values));
    return wrong && new CommandFault(wrong);
  },
  *run(context, { flags: values }) {
    if (values.raw !== "") {
      const body = yield* rawBody(context, values.filename[0] ?? "");
      return yield* rawRequest(context, { method: "POST", path: values.raw, body, contentType: "application/json" });
    }
    const dryRun = dryRunOf(context, values["dry-run"]);
    const fieldValidation = fieldValidationOf(values.validate);
    const printer = resultPrinter(context, { ...printOptions(values), operation: "created", dryRun });
    const query = { fieldManager: values["field-manager"], fieldValidation, ...dryRunQuery(dryRun) };
    const finding = yield* findChosen(context, values);
    const make = function* (found: Found): Task {
      let object = values["save-config"] ? withLastApplied(found.object) : found.object;
      object = recorded(context, values.record, object);
      try {
        if (dryRun !== "client") object = yield* context.client.create(found.resource, found.namespace, object, query);
      } catch (fault) {
        throw withSource("creating", found.source, fault);
      }
      printer.print(object);
    };
    if (values.edit) yield* editManifests(context, finding, make);
    else {
      yield* eachFound(finding, make);
      if (finding.found.length === 0) throw new CommandFault("no objects passed to create");
    }
  },
};

function rawCreateProblem({ edit, filename, output, raw }: FlagValues<typeof flags>): string | undefined {
  if (edit) return "--raw and --edit are mutually exclusive";
  if (filename.length !== 1) return "--raw can only use a single local file or stdin";
  if (/^https?:/.test(filename[0] ?? "")) return "--raw cannot read from a url";
  if (output !== "") return "--raw and --output are mutually exclusive";
  return rawProblem(raw);
}

/** The objects of the files that the selector chooses. */
function* findChosen(context: Context, values: FlagValues<typeof flags>): Task<Finding> {
  const { filename: filenames, recursive, kustomize, selector } = values;
  const finding = yield* findObjects(context, {
    filenames,
    recursive,
    kustomize,
    validates: fieldValidationOf(values.validate),
  });
  if (selector === "") return finding;
  return { ...finding, missed: undefined, found: finding.found.filter(chosenBy(selector)) };
}
