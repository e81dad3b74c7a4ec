import type { Json, JsonObject } from "../../../base/json.ts";
import { isObject } from "../../../base/json-object.ts";
import { twoWayStrategicPatch } from "../../../base/patch/strategic-diff.ts";
import type { Task } from "../../../machine/define.ts";
import { mergeSchemaOf } from "../../../schema/merge-schema.ts";
import { typeAndName } from "../completers.ts";
import type { Context } from "../context.ts";
import type { FlagValues, Verb } from "../define.ts";
import { dryRunOf, dryRunQuery } from "../dry-run.ts";
import { CommandFault, PlainFault, UsageFault } from "../faults.ts";
import { eachFound, findObjects } from "../find-objects.ts";
import {
  dryRunFlag,
  fieldManagerFlag,
  fieldValidationOf,
  printFlags,
  printOptions,
  selectorFlag,
  validateFlag,
} from "../flag-groups.ts";
import { boolFlag } from "../flag-types.ts";
import { labelKeyProblems, labelValueProblems } from "../label-problems.ts";
import { resultPrinter } from "../printers/result-printer.ts";
import type { Found } from "../selection.ts";
import { goTypeOf } from "../typed-object.ts";

const flags = {
  ...printFlags(),
  all: boolFlag("All nodes of the cluster."),
  "dry-run": dryRunFlag,
  "field-manager": fieldManagerFlag("kubectl-taint"),
  overwrite: boolFlag("Taints that are there may be changed."),
  selector: selectorFlag,
  validate: validateFlag,
};
type Values = FlagValues<typeof flags>;

interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

interface Wanted {
  readonly add: readonly Taint[];
  readonly remove: readonly Taint[];
}

const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** Adds, changes and removes the taints of nodes. */
export const taint: Verb<typeof flags> = {
  path: ["taint"],
  usage: "taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N",
  short: "Update the taints on one or more nodes",
  examples: [
    "kubectl taint nodes foo dedicated=special-user:NoSchedule",
    "kubectl taint nodes foo dedicated:NoSchedule-",
    "kubectl taint nodes foo dedicated-",
    "kubectl taint node -l myLabel=X  dedicated=foo:PreferNoSchedule",
  ],
  flags,
  complete: typeAndName({ types: ["node"] }),
  *run(context, { args, flags: values }) {
    const { resources, taints } = apart(args);
    if (resources.length < 1) throw new CommandFault("one or more resources must be specified as <resource> <name>");
    if (taints.length < 1) throw new CommandFault("at least one taint update is required");
    const wanted = wantedTaints(taints);
    const dryRun = dryRunOf(context, values["dry-run"]);
    const fieldValidation = fieldValidationOf(values.validate);
    yield* checkTargets(context, resources, values);
    const { all, selector } = values;
    const [type = "", ...names] = resources;
    const everything = all || selector !== "";
    const selection = { args: everything ? [type] : [type, ...names], all, labelSelector: selector, limit: 0 };
    yield* eachFound(yield* findObjects(context, selection), function* (found) {
      const { after, operation } = changed(found, wanted, values.overwrite);
      let object = after;
      if (dryRun !== "client") {
        const schema = goTypeOf(found.object);
        const patch = schema ? twoWayStrategicPatch(found.object, after, mergeSchemaOf(schema)) : {};
        const query = { fieldManager: values["field-manager"], fieldValidation, ...dryRunQuery(dryRun) };
        object = yield* context.client.patch(found, "strategic", patch, query);
      }
      resultPrinter(context, { ...printOptions(values), operation }).print(object);
    });
  },
};

/** The words up to the first that is a taint, and the taints. */
function apart(args: readonly string[]): { resources: readonly string[]; taints: readonly string[] } {
  const isTaint = (arg: string) => arg.includes("=") || arg.endsWith("-") || arg.includes(":");
  const first = args.findIndex(isTaint);
  if (first < 0) return { resources: args, taints: [] };
  const stray = args.slice(first).find((arg) => !isTaint(arg));
  if (stray !== undefined) throw new CommandFault(`all resources must be specified before taint changes: ${stray}`);
  return { resources: args.slice(0, first), taints: args.slice(first) };
}

function* checkTargets(context: Context, resources: readonly string[], { all, selector }: Values): Task {
  const [type = ""] = resources;
  const mapper = yield* context.mapper();
  const resource = mapper.find(type);
  if (!resource) throw new PlainFault(`the server doesn't have a resource type ${JSON.stringify(type)}`);
  // Taints stand in the spec of nodes alone; nothing else has that field.
  if (!isNodeType(resource.plural, resource.group))
    throw new CommandFault(`invalid resource type ${type}, only node types are supported`);
  if (all && selector !== "") throw new CommandFault("setting 'all' parameter with a non empty selector is prohibited");
  if (!all && selector === "" && resources.length < 2)
    throw new CommandFault("at least one resource name must be specified since 'all' parameter is not set");
}

function isNodeType(plural: string, group: string): boolean {
  return `${plural}.${group}` === "nodes.";
}

function wantedTaints(specs: readonly string[]): Wanted {
  const add: Taint[] = [];
  const remove: Taint[] = [];
  const seen = new Set<string>();
  for (const spec of specs) {
    if (spec.endsWith("-")) {
      remove.push(readTaint(spec.slice(0, -1), spec, true));
      continue;
    }
    const one = readTaint(spec, spec, false);
    const id = `${one.key} ${one.effect}`;
    if (seen.has(id))
      throw new UsageFault(
        `duplicated taints with the same key and effect: {${one.key} ${one.value} ${one.effect} <nil>}`,
      );
    seen.add(id);
    add.push(one);
  }
  const both = add.filter((one) => remove.some((other) => matches(one, other)));
  if (both.length > 0) {
    const words = remove
      .filter((other) => add.some((one) => matches(one, other)))
      .map(({ key, effect }) => `${key}=${effect}`);
    throw new CommandFault(
      `can not both modify and remove the following taint(s) in the same command: ${words.join(", ")}`,
    );
  }
  return { add, remove };
}

function matches(one: Taint, removal: Taint): boolean {
  return one.key === removal.key && (removal.effect === "" || removal.effect === one.effect);
}

/** key=value:Effect, key:Effect; without an effect only where a taint is removed (taint/utils.go parseTaint, 1.33). */
function readTaint(text: string, spec: string, removing: boolean): Taint {
  const parts = text.split(":");
  const [first = "", effect = ""] = parts;
  const pair = first.split("=");
  const [key = "", value = ""] = pair;
  if (parts.length > 2 || pair.length > 2) throw new UsageFault(`invalid taint spec: ${spec}`);
  if (parts.length === 2 && !effects.includes(effect))
    throw new UsageFault(`invalid taint effect: ${effect}, unsupported taint effect`);
  const problems = parts.length === 1 && pair.length === 2 ? labelKeyProblems(first) : labelKeyProblems(key);
  if (problems.length > 0) throw new UsageFault(`invalid taint spec: ${spec}, ${problems.join("; ")}`);
  const wrong = labelValueProblems(value);
  if (wrong.length > 0) throw new UsageFault(`invalid taint spec: ${spec}, ${wrong.join("; ")}`);
  if (parts.length === 1 && !removing) throw new UsageFault(`invalid taint spec: ${spec}`);
  return { key, value, effect };
}

function changed(found: Found, { add, remove }: Wanted, overwrite: boolean): { after: JsonObject; operation: string } {
  const spec = isObject(found.object.spec) ? found.object.spec : {};
  const had = (spec.taints ?? []) as unknown as readonly Taint[];
  const same = (a: Taint, b: Taint) => a.key === b.key && a.effect === b.effect;
  const clashes = add.filter((one) => had.some((other) => same(one, other)));
  if (clashes.length > 0 && !overwrite) {
    const keys = clashes.map(({ key }) => key).join(",");
    throw new CommandFault(
      `node ${found.name} already has ${keys} taint(s) with same effect(s) and --overwrite is false`,
    );
  }
  const missing = remove.filter((one) => !had.some((other) => matches(other, one)));
  const [first] = missing;
  if (first) throw new CommandFault(`taint "${first.key}${first.effect === "" ? "" : `:${first.effect}`}" not found`);
  const kept = had.filter(
    (other) => !add.some((one) => same(one, other)) && !remove.some((one) => matches(other, one)),
  );
  const taints = [...add.map(written), ...kept] as unknown as Json;
  const operation =
    remove.length > 0 && add.length > 0
      ? "modified"
      : remove.length > 0
        ? "untainted"
        : clashes.length > 0
          ? "modified"
          : "tainted";
  const { taints: _, ...others } = spec;
  const next = add.length + kept.length === 0 ? others : { ...others, taints };
  return { after: { ...found.object, spec: next }, operation };
}

function written({ key, value, effect }: Taint): Record<string, string> {
  return { effect, key, ...(value === "" ? {} : { value }) };
}
