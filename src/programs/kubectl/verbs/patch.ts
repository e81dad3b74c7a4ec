import { FormatError } from "../../../base/format-error.ts";
import { type Json, type JsonObject, parseJson, toJson } from "../../../base/json.ts";
import { isObject, sameJson } from "../../../base/json-object.ts";
import { applyJsonPatch } from "../../../base/patch/json-patch.ts";
import { applyMergePatch } from "../../../base/patch/merge-patch.ts";
import { applyStrategicMerge } from "../../../base/patch/strategic-merge.ts";
import { parseYaml } from "../../../base/yaml-in/parse-yaml.ts";
import { Status } from "../../../kinds/status.ts";
import type { Task } from "../../../machine/define.ts";
import { mergeSchemaOf } from "../../../schema/merge-schema.ts";
import type { Query } from "../client.ts";
import { typeAndName } from "../completers.ts";
import type { Context } from "../context.ts";
import type { FlagValues, Verb } from "../define.ts";
import { dryRunOf, dryRunQuery } from "../dry-run.ts";
import { CommandFault } from "../faults.ts";
import { eachFound, findObjects } from "../find-objects.ts";
import { dryRunFlag, fieldManagerFlag, fileFlags, printFlags, printOptions, subresourceFlag } from "../flag-groups.ts";
import { boolFlag, textFlag } from "../flag-types.ts";
import { type PatchType, patchContentTypes } from "../patch-types.ts";
import { resultPrinter } from "../printers/result-printer.ts";
import { recordAfter, recordFlag } from "../record.ts";
import type { Found } from "../selection.ts";
import { goTypeOf } from "../typed-object.ts";

const flags = {
  ...fileFlags("that name what is to be patched"),
  ...printFlags(),
  "dry-run": dryRunFlag,
  "field-manager": fieldManagerFlag("kubectl-patch"),
  local: boolFlag("Work on files alone, without a server."),
  patch: textFlag("The patch, as JSON or YAML.", { short: "p" }),
  "patch-file": textFlag("A file with the patch."),
  record: recordFlag,
  subresource: subresourceFlag("The part of the object to patch: status, scale, resize."),
  type: textFlag("How the patch is meant: json, merge or strategic.", {
    initial: "strategic",
  }),
};
type Values = FlagValues<typeof flags>;

const types: Readonly<Record<string, PatchType>> = { json: "json", merge: "merge", strategic: "strategic" };

/** Changes fields of objects by a patch. */
export const patch: Verb<typeof flags> = {
  path: ["patch"],
  usage: "patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE] [options]",
  short: "Update fields of a resource",
  examples: [
    `kubectl patch node k8s-node-1 -p '{"spec":{"unschedulable":true}}'`,
    `kubectl patch pod valid-pod -p '{"spec":{"containers":[{"name":"kubernetes-serve-hostname","image":"new image"}]}}'`,
    `kubectl patch pod valid-pod --type='json' -p='[{"op": "replace", "path": "/spec/containers/0/image", "value":"new image"}]'`,
    `kubectl patch deployment nginx-deployment --subresource='scale' --type='merge' -p '{"spec":{"replicas":2}}'`,
  ],
  flags,
  complete: typeAndName(),
  check({ args, flags: values }) {
    const { patch: text, "patch-file": file, local, type } = values;
    if (text !== "" && file !== "") return "cannot specify --patch and --patch-file together";
    if (text === "" && file === "") return "must specify --patch or --patch-file containing the contents of the patch";
    if (local && args.length !== 0) return "cannot specify --local and server resources";
    if (type !== "" && !Object.hasOwn(types, type))
      return `--type must be one of [json merge strategic], not ${JSON.stringify(type)}`;
    return undefined;
  },
  *run(context, { args, flags: values }) {
    const { filename: filenames, kustomize, recursive, subresource, local } = values;
    const dryRun = dryRunOf(context, values["dry-run"]);
    const type = types[values.type] ?? "strategic";
    const text = patchText(context, values);
    const here = local || dryRun === "client";
    const body = sentPatch(text, type);
    const finding = yield* findObjects(context, {
      args,
      filenames,
      kustomize,
      recursive,
      subresource,
      local,
      latest: !local,
    });
    let count = 0;
    yield* eachFound(finding, function* (found) {
      count++;
      const query = { fieldManager: values["field-manager"], ...dryRunQuery(dryRun) };
      const patched = here
        ? withKind(patchedHere(found.object, type, readPatch(text, type)))
        : yield* patchThere(context, { ...found, subresource }, type, body, query);
      if (!local && dryRun === "none") yield* recordAfter(context, values.record, found, query);
      const operation = sameJson(found.object, patched) ? "patched (no change)" : "patched";
      resultPrinter(context, { ...printOptions(values as Values), operation }).print(patched);
    });
    if (count === 0) throw new CommandFault("no objects passed to patch");
  },
};

/** The server's patch. Not every resource takes every kind of it: custom ones have no strategic merge. */
function* patchThere(
  context: Context,
  found: Found & { subresource: string },
  type: PatchType,
  body: Json,
  query: Query,
): Task<JsonObject> {
  try {
    return yield* context.client.patch(found, type, body, query);
  } catch (refusal) {
    if (!(refusal instanceof Status && refusal.reason === "UnsupportedMediaType")) throw refusal;
    const { group, version, kind } = found.resource;
    const of = `${group === "" ? version : `${group}/${version}`}, Kind=${kind}`;
    throw new CommandFault(`${patchContentTypes[type]} is not supported by ${of}: ${refusal.message}`);
  }
}

function patchText(context: Context, { patch: text, "patch-file": file }: Values): string {
  if (file === "") return text;
  try {
    return context.readFile(file);
  } catch (fault) {
    throw fault instanceof CommandFault ? new CommandFault(`unable to read patch file: ${fault.message}`) : fault;
  }
}

/** The body of the request. What begins with a brace is sent as it is: the server answers for its form. */
function sentPatch(text: string, type: PatchType): Json {
  try {
    const value = /^\s*\{/.test(text) ? parseJson(text) : readPatch(text, type);
    return typeof value === "string" ? toJson(value) : value;
  } catch (problem) {
    if (problem instanceof FormatError) return text;
    throw problem;
  }
}

/** The patch's text: JSON where it begins with a brace, else YAML (yaml.ToJSON). */
function readPatch(text: string, type: PatchType): Json {
  try {
    return /^\s*\{/.test(text) ? parseJson(text) : parseYaml(text);
  } catch (problem) {
    if (!(problem instanceof FormatError)) throw problem;
    if (/^\s*\{/.test(text)) throw new CommandFault(type === "merge" ? "Invalid JSON Patch" : "invalid JSON document");
    throw new CommandFault(`unable to parse ${JSON.stringify(text)}: ${problem.message}`);
  }
}

function patchedHere(object: JsonObject, type: PatchType, body: Json): JsonObject {
  if (type === "json") {
    const patched = applyJsonPatch(object, body);
    return isObject(patched) ? patched : object;
  }
  if (type === "merge") {
    // A list takes the place of the whole object, which then cannot be read.
    if (Array.isArray(body))
      throw new CommandFault("json: cannot unmarshal array into Go value of type unstructured.detector");
    return applyMergePatch(object, body);
  }
  const known = goTypeOf(object);
  if (!known) {
    const { apiVersion = "/", kind } = object;
    throw new CommandFault(
      `strategic merge patch is not supported for ${apiVersion}, Kind=${kind} locally, try --type merge`,
    );
  }
  return applyStrategicMerge(object, body, mergeSchemaOf(known));
}

/** What has lost its kind cannot be read any more. */
function withKind(object: JsonObject): JsonObject {
  if (typeof object.kind === "string") return object;
  throw new CommandFault(`Object 'Kind' is missing in '${toJson(object, { sortKeys: true })}'`);
}
