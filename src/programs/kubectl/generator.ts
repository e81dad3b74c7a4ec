import type { JsonObject } from "../../base/json.ts";
import { Status } from "../../kinds/status.ts";
import type { Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import { dryRunOf, dryRunQuery } from "./dry-run.ts";
import { CommandFault, NameFault, Unanswered } from "./faults.ts";
import {
  dryRunFlag,
  fieldManagerFlag,
  fieldValidationOf,
  printFlags,
  printOptions,
  validateFlag,
} from "./flag-groups.ts";
import { boolFlag } from "./flag-types.ts";
import { withLastApplied } from "./last-applied.ts";
import { resultPrinter } from "./printers/result-printer.ts";
import type { Resource } from "./resource.ts";
import { typedObject } from "./typed-object.ts";

/** Keeps what was sent in the annotation that kubectl apply goes by. */
export const saveConfigFlag = boolFlag(
  "Keep the configuration of this object in its annotation, as kubectl apply does.",
);

/** The flags of every `kubectl create KIND`. */
export const generatorFlags = {
  ...printFlags(),
  "dry-run": dryRunFlag,
  "field-manager": fieldManagerFlag("kubectl-create"),
  "save-config": saveConfigFlag,
  validate: validateFlag,
};

interface GeneratorValues {
  readonly "allow-missing-template-keys": boolean;
  readonly output: string;
  readonly "show-managed-fields": boolean;
  readonly template: string;
  readonly "dry-run": string;
  readonly "field-manager": string;
  readonly "save-config": boolean;
  readonly validate: string;
}

/** What a generator makes: the object, and how its resource is called. */
export interface Generated {
  readonly object: JsonObject;
  readonly plural: string;
  /** False for what has no namespace. */
  readonly namespaced?: boolean;
  /** What stands before the server's refusal: "failed to create configmap: ". Without it the refusal is shown whole. */
  readonly failed?: string;
}

/** The one NAME of a generator, or what is said without it; a command may follow after --. */
export function nameProblem(args: readonly string[], dash: number | undefined): NameFault | undefined {
  const count = dash ?? args.length;
  return count === 1 ? undefined : new NameFault(`exactly one NAME is required, got ${count}`);
}

/** metadata of a generated object: the namespace stands in it only where -n was given. */
export function generatedMetadata(context: Context, name: string, more: JsonObject = {}): JsonObject {
  const { namespaceGiven, namespace } = context.config;
  return { name, ...(namespaceGiven ? { namespace } : {}), ...more };
}

/** Sends a generated object and reports it, as all `kubectl create KIND` do (cmd/create, 1.33). */
export function* createGenerated(context: Context, flags: GeneratorValues, made: Generated): Task {
  const dryRun = dryRunOf(context, flags["dry-run"]);
  const fieldValidation = fieldValidationOf(flags.validate);
  const printer = resultPrinter(context, { ...printOptions(flags), operation: "created", dryRun });
  let object = typedObject(made.object);
  if (flags["save-config"]) object = typedObject(withLastApplied(object, true));
  if (dryRun !== "client") {
    const query = { fieldManager: flags["field-manager"], fieldValidation, ...dryRunQuery(dryRun) };
    const namespace = made.namespaced === false ? undefined : context.namespace;
    try {
      object = typedObject(yield* context.client.create(generatedResource(made), namespace, object, query));
    } catch (fault) {
      if (made.failed === undefined) throw fault;
      if (fault instanceof Status) throw new CommandFault(made.failed + fault.message);
      throw fault instanceof Unanswered ? new CommandFault(made.failed + fault.whole) : fault;
    }
  }
  printer.print(object, true);
}

/** The resource of a generated object: generators know it without asking the server. */
export function generatedResource({ object, plural, namespaced = true }: Generated): Resource {
  const [version = "", group = ""] = String(object.apiVersion).split("/").reverse();
  const kind = String(object.kind);
  const names = { plural, singular: kind.toLowerCase(), kind, short: [], categories: [] };
  return { group, version, namespaced, verbs: [], subresources: [], ...names };
}
