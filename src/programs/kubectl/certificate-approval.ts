import type { JsonObject } from "../../base/json.ts";
import { isList, isObject } from "../../base/json-object.ts";
import { rfc3339 } from "../../base/time.ts";
import { Status } from "../../kinds/status.ts";
import type { Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import type { FlagValues, Verb } from "./define.ts";
import { CommandFault, Failures } from "./faults.ts";
import { eachFound, findObjects } from "./find-objects.ts";
import { fileFlags, printFlags, printOptions } from "./flag-groups.ts";
import { boolFlag } from "./flag-types.ts";
import { resultPrinter } from "./printers/result-printer.ts";
import type { Finding, Found } from "./selection.ts";

const flags = {
  ...fileFlags("that name the requests"),
  ...printFlags(),
  force: boolFlag("Update the request even if it is already decided."),
};
type Values = FlagValues<typeof flags>;

/** A decision on certificate signing requests. */
interface Decision {
  readonly word: "approve" | "deny";
  readonly operation: string;
  readonly condition: string;
  readonly contrary: string;
  readonly reason: string;
}

/** How often a decision is tried again when another writer was quicker (certificates.go, 1.33). */
const RETRIES = 10;

/** kubectl certificate approve, kubectl certificate deny */
export function decisionVerb(decision: Decision, short: string): Verb<typeof flags> {
  return {
    path: ["certificate", decision.word],
    usage: `certificate ${decision.word} (-f FILENAME | NAME)`,
    short,
    examples: [`kubectl certificate ${decision.word} csr-sqgzp`],
    flags,
    config: "whole",
    check: ({ args, flags: { filename, kustomize } }) =>
      args.length === 0 && filename.length === 0 && kustomize === ""
        ? "one or more CSRs must be specified as <name> or -f <filename>"
        : undefined,
    *run(context, { args, flags: values }) {
      const printer = resultPrinter(context, { ...printOptions(values), operation: decision.operation });
      let count = 0;
      for (const finding of yield* requestsMeant(context, args, values))
        yield* eachFound(finding, function* (found) {
          printer.print(yield* decided(context, found, decision, values.force));
          count++;
        });
      if (count === 0) context.out.line("No resources found");
    },
  };
}

function* requestsMeant(context: Context, args: readonly string[], values: Values): Task<readonly Finding[]> {
  const { filename: filenames, kustomize, recursive } = values;
  const findings: Finding[] = [];
  if (filenames.length > 0 || kustomize !== "")
    findings.push(yield* findObjects(context, { filenames, kustomize, recursive, latest: true }));
  // A type before a name is taken, too: csr/jane.
  const requests = args.map((arg) => (arg.includes("/") ? arg : `certificatesigningrequests/${arg}`));
  if (args.length > 0) findings.push(yield* findObjects(context, { args: requests }));
  return findings;
}

function* decided(context: Context, found: Found, decision: Decision, force: boolean): Task<JsonObject> {
  if (found.resource.plural !== "certificatesigningrequests")
    throw new Failures([new CommandFault("can only handle certificates.k8s.io CertificateSigningRequest objects")]);
  let request = found.object;
  for (let left = RETRIES; ; left--) {
    const had = conditionsOf(request);
    if (had.some(({ type }) => type === decision.contrary))
      throw new CommandFault(`certificate signing request "${found.name}" is already ${decision.contrary}`);
    const known = had.some(({ type }) => type === decision.condition);
    if (known && !force) return request;
    const status = isObject(request.status) ? request.status : {};
    const conditions = known ? had : [...had, conditionOf(context, decision)];
    try {
      const body = { ...request, status: { ...status, conditions } };
      yield* context.client.update({ ...found, subresource: "approval" }, body);
      return request;
    } catch (fault) {
      if (!(fault instanceof Status && fault.reason === "Conflict" && left > 0)) throw fault;
      request = yield* context.client.get(found);
    }
  }
}

function conditionsOf({ status }: JsonObject): readonly JsonObject[] {
  const conditions = isObject(status) ? status.conditions : undefined;
  return isList(conditions) ? conditions.filter(isObject) : [];
}

function conditionOf(context: Context, { word, condition, operation, reason }: Decision): JsonObject {
  return {
    type: condition,
    status: "True",
    reason,
    message: `This CSR was ${operation} by kubectl certificate ${word}.`,
    lastUpdateTime: rfc3339(context.now),
  };
}
