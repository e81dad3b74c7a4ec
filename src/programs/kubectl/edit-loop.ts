import { FormatError } from "../../base/format-error.ts";
import { type Json, type JsonObject, toJson } from "../../base/json.ts";
import { isObject, sameJson } from "../../base/json-object.ts";
import { parseYaml } from "../../base/yaml-in/parse-yaml.ts";
import { itemsOf } from "../../base/yaml-in/read-manifests.ts";
import { toYaml } from "../../base/yaml-out.ts";
import type { Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import { runEditor, temporaryPath } from "./editor.ts";
import { CommandFault, PlainFault } from "./faults.ts";
import { qualifiedName } from "./resource.ts";
import type { Found } from "./selection.ts";

/** Why the file is opened again: stands in its head. */
export interface EditReason {
  readonly head: string;
  readonly other: readonly string[];
}

/** What became of the edited objects: those refused as invalid come back into the editor. */
export interface EditResults {
  readonly invalid: readonly EditReason[];
  readonly notFound: number;
  readonly retryable: number;
}

export type EditFormat = "yaml" | "json";

const editNotice = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

/**
 * Opens objects in the editor until what was saved could be used, or nothing was changed (cmd/util/editor, 1.33).
 * `save` does what the edit is for.
 */
export function* editLoop(
  context: Context,
  originals: readonly Found[],
  save: (edited: readonly Found[]) => Task<EditResults>,
  format: EditFormat = "yaml",
  notice = editNotice,
): Task {
  const shown = shownObject(originals);
  const original = printed(shown, format);
  let reasons: readonly EditReason[] = [];
  let edited: string | undefined;
  let path: string | undefined;
  for (;;) {
    const body = edited === undefined ? original : withoutComments(edited);
    const before = edited;
    const previous = path;
    path = temporaryPath(context, format);
    edited = yield* editFile(context, path, headOf(reasons, format, notice) + body, previous);
    if (before !== undefined && sameContent(before, edited)) {
      preserve(context, path);
      throw new CommandFault("Edit cancelled, no valid changes were saved.");
    }
    if (previous !== undefined) removeFile(context, previous);
    const problem = problemOf(edited);
    if (problem !== undefined) {
      reasons = [reasonOf(originals[0], problem)];
      context.err.line(`error: ${nameOf(originals[0])} is invalid`);
      continue;
    }
    if (sameContent(original, edited)) {
      removeFile(context, path);
      context.err.line("Edit cancelled, no changes made.");
      return;
    }
    const results = yield* savedOrPreserved(context, path, () => save(takenApart(context, originals, edited ?? "")));
    reasons = results.invalid;
    if (results.retryable > 0) {
      context.err.line(`You can run \`kubectl replace -f ${path}\` to try this update again.`);
      throw new PlainFault();
    }
    if (results.notFound > 0) {
      context.err.line(`The edits you made on deleted resources have been saved to ${JSON.stringify(path)}`);
      throw new PlainFault();
    }
    if (reasons.length === 0) {
      removeFile(context, path);
      return;
    }
  }
}

function* editFile(context: Context, path: string, text: string, previous: string | undefined): Task<string> {
  const { proc } = context;
  proc.machine.files.write(path, text, proc.credentials, { mode: 0o600 });
  try {
    yield* runEditor(context, path);
  } catch (fault) {
    if (previous !== undefined) preserve(context, previous);
    throw fault;
  }
  return proc.machine.files.read(path, proc.credentials);
}

function* savedOrPreserved(context: Context, path: string, save: () => Task<EditResults>): Task<EditResults> {
  try {
    return yield* save();
  } catch (fault) {
    preserve(context, path);
    throw fault;
  }
}

function preserve(context: Context, path: string): void {
  context.err.line(`A copy of your changes has been stored to ${JSON.stringify(path)}`);
}

function removeFile({ proc }: Context, path: string): void {
  if (proc.machine.files.find(path, proc.credentials)) proc.machine.files.unlink(path, proc.credentials);
}

/** Several objects are edited as one list. */
function shownObject(originals: readonly Found[]): JsonObject {
  const objects = originals.map(({ object }) => withoutManagers(object));
  const [first] = objects;
  if (first && objects.length === 1) return first;
  return { apiVersion: "v1", items: objects, kind: "List", metadata: {} };
}

function withoutManagers(object: JsonObject): JsonObject {
  const { metadata } = object;
  return isObject(metadata) ? { ...object, metadata: { ...metadata, managedFields: undefined } } : object;
}

function printed(object: JsonObject, format: EditFormat): string {
  return format === "yaml" ? toYaml(object) : `${toJson(object, { indent: 4, sortKeys: true })}\n`;
}

function headOf(reasons: readonly EditReason[], format: EditFormat, notice: string): string {
  if (format === "json") return "";
  const lines = reasons.flatMap(({ head, other }) => [
    `# ${head}${other.length > 0 ? ":" : ""}`,
    ...other.map((one) => `# * ${one}`),
    "#",
  ]);
  return notice + lines.map((line) => `${line}\n`).join("");
}

function withoutComments(text: string): string {
  const lines = text.split("\n").filter((line) => !/^\s*#(?!!)/.test(line));
  return lines.join("\n");
}

function contentOf(text: string): Json | FormatError {
  try {
    return parseYaml(text);
  } catch (problem) {
    if (problem instanceof FormatError) return problem;
    throw problem;
  }
}

function sameContent(a: string, b: string): boolean {
  const [one, other] = [contentOf(a), contentOf(b)];
  if (one instanceof FormatError || other instanceof FormatError) return withoutComments(a) === withoutComments(b);
  return sameJson(one, other);
}

/** What kubectl's validation says of an edited file before anything is sent. */
function problemOf(text: string): string | undefined {
  const value = contentOf(withoutComments(text));
  if (value instanceof FormatError) return value.message;
  if (value === null) return "invalid object to validate";
  if (!isObject(value)) return "invalid object to validate";
  if (typeof value.kind !== "string" || value.kind === "") return "kind not set";
  return typeof value.apiVersion === "string" && value.apiVersion !== "" ? undefined : "apiVersion not set";
}

function nameOf(found: Found | undefined): string {
  return found ? `${qualifiedName(found.resource)} ${JSON.stringify(found.name)}` : "";
}

function reasonOf(found: Found | undefined, problem: string): EditReason {
  return {
    head: `${nameOf(found)} was not valid`,
    other: [`<nil>: Invalid value: "The edited file failed validation": ${problem}`],
  };
}

/** The edited objects, each with its resource; nobody may move an object to another namespace by editing. */
function takenApart(context: Context, originals: readonly Found[], text: string): readonly Found[] {
  const value = contentOf(text) as JsonObject;
  return (itemsOf(value) ?? [value]).map((object, i) => {
    const metadata = isObject(object.metadata) ? object.metadata : {};
    const original = originals.find((one) => one.object.kind === object.kind) ?? originals[i] ?? originals[0];
    if (!original) throw new CommandFault("edit cancelled, no objects found");
    const { resource, namespace } = original;
    const own = metadata.namespace;
    if (resource.namespaced && typeof own === "string" && own !== "" && own !== (namespace ?? context.namespace))
      throw new CommandFault(
        `the namespace from the provided object "${own}" does not match the namespace "${namespace}". You must pass '--namespace=${own}' to perform this operation.`,
      );
    return { resource, namespace, name: String(metadata.name ?? ""), object, source: original.source };
  });
}
