import { fromBase64 } from "../../../../base/base64.ts";
import { compareText, type JsonObject } from "../../../../base/json.ts";
import { isObject } from "../../../../base/json-object.ts";
import { textOf } from "../../../../base/text-bytes.ts";
import type { Task } from "../../../../machine/define.ts";
import type { Context } from "../../context.ts";
import { envNameProblems } from "../../data-sources.ts";
import type { FlagValues, Verb } from "../../define.ts";
import { envReference } from "../../env-reference.ts";
import { CommandFault } from "../../faults.ts";
import { findAll } from "../../find-objects.ts";
import { boolFlag, csvFlag, listFlag, textFlag } from "../../flag-types.ts";
import { noResource } from "../../metadata-flags.ts";
import { containersIn, isChosen, podSpecPath, shortName, withPodSpec } from "../../pod-template.ts";
import type { Found } from "../../selection.ts";
import { setFlags, setObjects, setTargets } from "../../set-objects.ts";

const flags = {
  ...setFlags,
  containers: textFlag("The containers, * for all.", { short: "c", initial: "*" }),
  env: listFlag("A variable to set, as key=value.", { short: "e" }),
  from: textFlag("A ConfigMap or Secret whose keys become variables."),
  keys: csvFlag("Of --from only these keys."),
  list: boolFlag("Show the variables of the containers."),
  overwrite: boolFlag("Variables that are there may be changed.", { initial: true }),
  prefix: textFlag("What to put before the names of --from."),
  resolve: boolFlag("With --list: show values instead of references."),
};
type Values = FlagValues<typeof flags>;
type Variable = JsonObject;

/** Sets, lists and removes environment variables of containers. */
export const env: Verb<typeof flags> = {
  path: ["set", "env"],
  usage: "set env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N",
  short: "Update environment variables on a pod template",
  examples: [
    "kubectl set env deployment/registry STORAGE_DIR=/local",
    "kubectl set env deployment/sample-build --list",
    "kubectl set env --from=secret/mysecret deployment/myapp",
    "kubectl set env deployment/registry ENV-",
  ],
  flags,
  config: "whole",
  *run(context, { args, flags: values }) {
    const { resources, words } = apart(args);
    checkFlags(values, resources);
    const wanted = variablesOf([...values.env, ...words.filter((word) => word !== "-")]);
    const piped = words.includes("-") ? variablesIn(yield* context.readStdin()) : [];
    const from = yield* variablesFrom(context, values);
    const add = [...wanted.add, ...piped, ...from];
    const { found } = yield* setTargets(context, values.local ? [] : resources, values);
    if (values.list) {
      for (const one of found) yield* listVariables(context, one, values, { add, remove: wanted.remove });
      return;
    }
    yield* setObjects(context, found, values, {
      operation: "env updated",
      failed: "failed to patch env update to pod template: ",
      change: (one) => changed(context, one, values, add, wanted.remove),
    });
  },
};

const isVariable = (word: string) => word.includes("=") || word.endsWith("-");

function apart(args: readonly string[]): { resources: readonly string[]; words: readonly string[] } {
  const first = args.findIndex(isVariable);
  if (first < 0) return { resources: args, words: [] };
  const words = args.slice(first);
  if (!words.every(isVariable))
    throw new CommandFault(`all resources must be specified before environment changes: ${args.join(" ")}`);
  return { resources: args.slice(0, first), words };
}

function checkFlags(values: Values, resources: readonly string[]): void {
  const hasFiles = values.filename.length > 0 || values.kustomize !== "";
  if (values.local && values["dry-run"] === "server")
    throw new CommandFault("cannot specify --local and --dry-run=server - did you mean --dry-run=client?");
  if (!hasFiles && resources.length === 0) throw new CommandFault(noResource);
  if (values.list && values.output !== "") throw new CommandFault("--list and --output may not be specified together");
  if (values.keys.length > 0 && values.from === "")
    throw new CommandFault("when specifying --keys, a configmap or secret must be provided with --from");
}

function variablesOf(words: readonly string[]): { add: readonly Variable[]; remove: readonly string[] } {
  const add: Variable[] = [];
  const remove: string[] = [];
  for (const word of words) {
    const equals = word.indexOf("=");
    if (equals < 0) {
      if (!word.endsWith("-")) throw new CommandFault("environment variables must be of the form key=value");
      remove.push(word.slice(0, -1));
      continue;
    }
    const name = word.slice(0, equals);
    const problems = envNameProblems(name);
    if (problems.length > 0) throw new CommandFault(`"${name}" is not a valid key name: ${problems.join(";")}`);
    add.push({ name, value: word.slice(equals + 1) });
  }
  if (remove.some((name) => add.some((one) => one.name === name)))
    throw new CommandFault("can not both modify and remove the same environment variable in the same command");
  return { add, remove };
}

/** The variables of a text with one KEY=value a line (cmd/set/env readEnv, 1.33). */
function variablesIn(text: string): readonly Variable[] {
  return text.split("\n").flatMap((line) => {
    const plain = line.split("#")[0] ?? "";
    const equals = plain.indexOf("=");
    return equals < 0 ? [] : [{ name: plain.slice(0, equals), value: plain.slice(equals + 1) }];
  });
}

/** A variable for each key of --from, which points there. */
function* variablesFrom(context: Context, { from, keys, prefix }: Values): Task<readonly Variable[]> {
  if (from === "") return [];
  const found = yield* findAll(context, { args: [from] });
  return found.flatMap(({ object, name }) => {
    const reference = envReference(object);
    if (!reference) throw new CommandFault("unsupported resource specified in --from");
    return Object.keys(isObject(object.data) ? object.data : {})
      .toSorted(compareText)
      .filter((key) => keys.length === 0 || keys.includes(key))
      .map((key) => ({ name: prefix + variableName(context, key), valueFrom: { [reference]: { name, key } } }));
  });
}

/** A key as the name of a variable; kubectl tells when it is another. */
function variableName(context: Context, key: string): string {
  const name = key.replace(/[^a-zA-Z0-9_]/g, "_").toUpperCase();
  if (name !== key) context.err.line(`Warning: key ${key} transferred to ${name}`);
  return name;
}

function changed(
  context: Context,
  found: Found,
  values: Values,
  add: readonly Variable[],
  remove: readonly string[],
): JsonObject {
  let chosen = 0;
  const after = withPodSpec(found, values.local, (spec) => {
    const update = (container: JsonObject) => {
      if (!isChosen(container, values.containers)) return container;
      chosen++;
      const had = (container.env ?? []) as readonly Variable[];
      if (!values.overwrite) refuseOverwrites(found, values, had, add);
      const next = updated(had, add, remove);
      return next.length === 0 && container.env === undefined ? container : { ...container, env: next };
    };
    const containers = containersIn(spec, "containers").map(update);
    if (spec.initContainers === undefined) return { ...spec, containers };
    return { ...spec, containers, initContainers: containersIn(spec, "initContainers").map(update) };
  });
  if (chosen === 0)
    context.err.line(
      `Warning: ${found.resource.kind}/${found.name} does not have any containers matching ${JSON.stringify(values.containers)}`,
    );
  return after;
}

function refuseOverwrites(found: Found, values: Values, had: readonly Variable[], add: readonly Variable[]): void {
  for (const { name } of add) {
    const old = had.find((one) => one.name === name);
    if (old)
      throw new CommandFault(
        `error: ${shortName(found, values.local)} '${name}' already has a value (${old.value ?? ""}), and --overwrite is false`,
      );
  }
}

/** What is there changes in its place, the rest comes behind. */
function updated(had: readonly Variable[], add: readonly Variable[], remove: readonly string[]): readonly Variable[] {
  const wanted = new Map(add.map((one) => [String(one.name), one]));
  const kept = had
    .filter(({ name }) => !remove.includes(String(name)))
    .map((one) => {
      const next = wanted.get(String(one.name));
      wanted.delete(String(one.name));
      return next ?? one;
    });
  return [...kept, ...wanted.values()];
}

/** Shows what a change would make of the variables; what cannot be changed is passed over without a word (env.go, 1.33). */
function* listVariables(
  context: Context,
  found: Found,
  values: Values,
  { add, remove }: { readonly add: readonly Variable[]; readonly remove: readonly string[] },
): Task {
  let spec: JsonObject = found.object;
  for (const name of podSpecPath(found) ?? []) spec = isObject(spec[name]) ? (spec[name] as JsonObject) : {};
  for (const container of [...containersIn(spec, "containers"), ...containersIn(spec, "initContainers")]) {
    if (!isChosen(container, values.containers)) continue;
    const had = (container.env ?? []) as readonly Variable[];
    if (!values.overwrite && add.some(({ name }) => had.some((one) => one.name === name))) continue;
    context.out.line(`# ${found.resource.kind} ${found.name}, container ${container.name}`);
    for (const one of updated(had, add, remove)) yield* listVariable(context, found, one, values);
  }
}

function* listVariable(context: Context, found: Found, one: Variable, values: Values): Task {
  const source = isObject(one.valueFrom) ? one.valueFrom : undefined;
  if (!source) {
    context.out.line(`${one.name}=${one.value ?? ""}`);
    return;
  }
  const resolved = values.resolve && !values.local ? yield* resolvedValue(context, found, source) : undefined;
  context.out.line(resolved === undefined ? `# ${one.name} from ${referenceText(source)}` : `${one.name}=${resolved}`);
}

/** GetEnvVarRefString (cmd/set/env, 1.33). */
function referenceText(source: JsonObject): string {
  const {
    configMapKeyRef: map,
    secretKeyRef: secret,
    fieldRef,
    resourceFieldRef,
  } = source as Record<string, JsonObject>;
  if (map) return `configmap ${map.name}, key ${map.key}`;
  if (secret) return `secret ${secret.name}, key ${secret.key}`;
  if (fieldRef) return `field path ${fieldRef.fieldPath}`;
  if (resourceFieldRef) {
    const container = resourceFieldRef.containerName ? `${resourceFieldRef.containerName}/` : "";
    return `resource field ${container}${resourceFieldRef.resource}`;
  }
  return "invalid valueFrom";
}

function* resolvedValue(context: Context, { namespace }: Found, source: JsonObject): Task<string | undefined> {
  const { configMapKeyRef: map, secretKeyRef: secret } = source as Record<string, JsonObject | undefined>;
  const reference = map ?? secret;
  if (!reference) return undefined;
  const resource = (yield* context.mapper()).resourceFor(map ? "configmaps" : "secrets");
  const object = yield* context.client.get({ resource, namespace, name: String(reference.name) });
  const data = isObject(object.data) ? object.data : {};
  const value = String(data[String(reference.key)] ?? "");
  return map ? value : textOf(fromBase64(value) ?? new Uint8Array());
}
