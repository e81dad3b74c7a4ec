import type { JsonObject } from "../../../../base/json.ts";
import { Status } from "../../../../kinds/status.ts";
import type { Task } from "../../../../machine/define.ts";
import type { Context } from "../../context.ts";
import type { FlagValues, Verb } from "../../define.ts";
import { dryRunOf } from "../../dry-run.ts";
import { CommandFault } from "../../faults.ts";
import { eachFound, findObjects } from "../../find-objects.ts";
import { dryRunFlag, fileFlags, printFlags, printOptions } from "../../flag-groups.ts";
import { boolFlag } from "../../flag-types.ts";
import { resultPrinter } from "../../printers/result-printer.ts";
import { groupVersion } from "../../resource.ts";
import type { Found } from "../../selection.ts";
import { filesProblem } from "../../source-fault.ts";
import { rbacGroup } from "../../subjects.ts";
import { typedObject } from "../../typed-object.ts";
import { creation, isBinding, type Reconciliation, reconciliation } from "./reconciliation.ts";

const flags = {
  ...fileFlags("that hold the roles and bindings"),
  ...printFlags(),
  "dry-run": dryRunFlag,
  "remove-extra-permissions": boolFlag("Take away rules of roles that stand in no file."),
  "remove-extra-subjects": boolFlag("Take away subjects of bindings that stand in no file."),
};
type Values = FlagValues<typeof flags>;

/** Makes roles and bindings allow at least what files say; other objects of the files are passed over. */
export const reconcile: Verb<typeof flags> = {
  path: ["auth", "reconcile"],
  usage: "auth reconcile -f FILENAME",
  short: "Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects",
  examples: ["kubectl auth reconcile -f my-rbac-rules.yaml"],
  flags,
  check({ args, flags: values }) {
    const wrong = filesProblem(values) ?? (args.length > 0 ? "no arguments are allowed" : undefined);
    if (wrong === undefined && values["dry-run"] === "server")
      return new CommandFault("--dry-run=server for command reconcile is not supported yet");
    return wrong && new CommandFault(wrong);
  },
  *run(context, { flags: values }) {
    const dryRun = dryRunOf(context, values["dry-run"]);
    const { filename: filenames, recursive, kustomize } = values;
    const printer = resultPrinter(context, { ...printOptions(values), operation: "reconciled", dryRun });
    const finding = yield* findObjects(context, { filenames, recursive, kustomize, local: true });
    yield* eachFound(finding, function* (found) {
      if (found.resource.group !== rbacGroup) return;
      if (found.resource.version !== "v1")
        throw new CommandFault(`only ${rbacGroup}/v1 is supported: not ${groupVersion(found.resource)}`);
      const done = yield* reconcileOne(context, placed(found), values, dryRun === "none");
      printer.print(typedObject(done.object), true);
      report(context, done, isBinding(found.object), values);
    });
  },
};

/** A namespace counts only where the file says one: nothing is asked of the server about kinds. */
function placed(found: Found): Found {
  return { ...found, namespace: found.namespace ?? (found.resource.namespaced ? "" : undefined) };
}

function* reconcileOne(context: Context, found: Found, values: Values, confirm: boolean): Task<Reconciliation> {
  const { client } = context;
  const live = yield* client.find(found);
  if (!live) {
    const made = creation(found.object);
    return confirm ? { ...made, object: yield* create(context, found) } : made;
  }
  const needed = reconciliation(found.object, live, {
    extraPermissions: values["remove-extra-permissions"],
    extraSubjects: values["remove-extra-subjects"],
  });
  if (needed.protectedByOwner || !confirm || needed.operation === "none") return needed;
  if (needed.operation === "update") return { ...needed, object: yield* client.update(found, needed.object) };
  const { uid } = live.metadata as { readonly uid?: string };
  yield* client.remove(found, uid === undefined ? {} : { preconditions: { uid } });
  return { ...needed, object: yield* create(context, found) };
}

/** The namespace is made, too, where it is missing and may be made. */
function* create(context: Context, { resource, namespace, object }: Found): Task<JsonObject> {
  if (resource.namespaced) yield* ensureNamespace(context, namespace ?? "");
  return yield* context.client.create(resource, namespace, object);
}

function* ensureNamespace({ client }: Context, name: string): Task {
  if (name === "") throw new CommandFault("resource name may not be empty");
  const path = "/api/v1/namespaces";
  try {
    yield* client.object({ path: `${path}/${name}` });
    return;
  } catch (fault) {
    if (!(fault instanceof Status && fault.reason === "NotFound")) throw fault;
  }
  const body = { kind: "Namespace", apiVersion: "v1", metadata: { name } };
  try {
    yield* client.object({ method: "POST", path, body, contentType: "application/json" });
  } catch (fault) {
    const harmless = fault instanceof Status && ["AlreadyExists", "Forbidden"].includes(fault.reason);
    if (!harmless) throw fault;
  }
}

function report({ err }: Context, done: Reconciliation, binding: boolean, values: Values): void {
  if (done.operation === "none") return;
  const caveat = done.protectedByOwner
    ? ", but object opted out (rbac.authorization.kubernetes.io/autoupdate: false)"
    : "";
  err.line(`\treconciliation required ${done.operation}${caveat}`);
  const what = binding ? "subjects" : "rules";
  const list = (title: string, texts: readonly string[]) => {
    if (texts.length > 0) err.write(`\t${title}:\n${texts.map((text) => `\t\t${text}\n`).join("")}`);
  };
  list(`missing ${what} added`, done.missing);
  const removes = binding ? values["remove-extra-subjects"] : values["remove-extra-permissions"];
  if (removes) list(`extra ${what} removed`, done.extra);
}
