import type { JsonObject } from "../../base/json.ts";
import type { Candidates, Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import type { Asked, Completer } from "./define.ts";
import { isOrdinary } from "./fault-text.ts";
import { Unanswered } from "./faults.ts";
import { configNames } from "./kubeconfig/names.ts";

/** What may stand in a command line, as kubectl's own completion says it (pkg/util/completion, 1.33). */

const podOwners = [
  "daemonsets",
  "deployments",
  "pods",
  "jobs",
  "replicasets",
  "replicationcontrollers",
  "services",
  "statefulsets",
];

/** TYPE NAME… or TYPE/NAME…; only these types where some are given, only one object where `once` says so. */
export function typeAndName({ types, once = false }: { types?: readonly string[]; once?: boolean } = {}): Completer {
  return function* ({ context, args, typed }) {
    const [first] = args;
    const slash = typed.indexOf("/");
    if (first !== undefined && !first.includes("/")) {
      if (once && args.length > 1) return offer([]);
      return without(args.slice(1), offer(fitting(yield* namesOf(context, first), typed)));
    }
    if (once && first !== undefined) return offer([]);
    if (slash >= 0) return without(args, offer(yield* slashed(context, typed)));
    const found = fitting(types ?? (yield* typesOf(context)), typed);
    return first === undefined ? offer(found) : { words: found.map((type) => `${type}/`), noSpace: true };
  };
}

/** One object of a type. */
export function objectName(type: string): Completer {
  return function* ({ context, args, typed }) {
    return offer(args.length > 0 ? [] : fitting(yield* namesOf(context, type), typed));
  };
}

/** A pod, or TYPE/NAME of what has pods; with `container`, one of the pod's containers after it. */
export function podOrOwner({ container = false }: { container?: boolean } = {}): Completer {
  return function* ({ context, args, typed }) {
    if (args.length > 0)
      return offer(container && args.length === 1 ? fitting(yield* containersOf(context, args[0] ?? ""), typed) : []);
    if (typed.includes("/")) return offer(yield* slashed(context, typed));
    const pods = fitting(yield* namesOf(context, "pods"), typed);
    const owners = fitting(
      podOwners.map((type) => `${type}/`),
      typed,
    );
    return { words: [...pods, ...owners], noSpace: pods.length === 0 };
  };
}

/** A container of the pod that the line names. */
export function* containerName({ context, args: [pod], typed }: Asked): Task<Candidates> {
  return offer(pod === undefined ? [] : fitting(yield* containersOf(context, pod), typed));
}

/** A name in a section of the kubeconfig. */
export function configName(section: "clusters" | "contexts" | "users"): Completer {
  return function* ({ context, args, typed }) {
    return offer(args.length > 0 ? [] : fitting(configNames(context, section), typed));
  };
}

/** The same for a flag, whatever else stands in the line. */
export function configNameFlag(section: "clusters" | "contexts" | "users"): Completer {
  return function* ({ context, typed }) {
    return offer(fitting(configNames(context, section), typed));
  };
}

/** An object of a type, whatever else stands in the line: for flags. */
export function anyName(type: string): Completer {
  return function* ({ context, typed }) {
    return offer(fitting(yield* namesOf(context, type), typed));
  };
}

/** One of these words. */
export function oneOf(words: readonly string[]): Completer {
  return function* ({ typed }) {
    return offer(fitting(words, typed));
  };
}

/** Manifests. */
export function* manifestFile(): Task<Candidates> {
  return { words: [], files: ["json", "yaml", "yml"] };
}

/** The names of the objects of a type, in the command's namespace; nothing where the server cannot be asked. */
export function* namesOf(
  context: Context,
  type: string,
  namespace: string = context.namespace,
): Task<readonly string[]> {
  return yield* quietly(function* () {
    const mapper = yield* context.client.mapper();
    const names: string[] = [];
    for (const word of type.split(",")) {
      const resource = mapper.find(word);
      if (!resource) return [];
      const list = yield* context.client.list({
        resource,
        namespace: resource.namespaced ? namespace : undefined,
      });
      for (const { metadata } of (list.items ?? []) as readonly JsonObject[])
        names.push(String((metadata as JsonObject).name));
    }
    return names;
  });
}

/** The types that can be got, as `api-resources -o name` lists them. */
function* typesOf(context: Context): Task<readonly string[]> {
  return yield* quietly(function* () {
    const mapper = yield* context.client.mapper();
    return mapper.preferred
      .filter(({ verbs }) => verbs.includes("get"))
      .toSorted((a, b) => compare(a.group, b.group) || compare(a.plural, b.plural))
      .map(({ plural, group }) => (group === "" ? plural : `${plural}.${group}`));
  });
}

function* slashed(context: Context, typed: string): Task<readonly string[]> {
  const at = typed.indexOf("/");
  const names = fitting(yield* namesOf(context, typed.slice(0, at)), typed.slice(at + 1));
  return names.map((name) => `${typed.slice(0, at)}/${name}`);
}

function* containersOf(context: Context, name: string): Task<readonly string[]> {
  return yield* quietly(function* () {
    const resource = (yield* context.client.mapper()).resourceFor("pods");
    const pod = yield* context.client.get({ resource, namespace: context.namespace, name });
    const { containers = [], initContainers = [] } = (pod.spec ?? {}) as Readonly<
      Record<"containers" | "initContainers", readonly { readonly name: string }[] | undefined>
    >;
    return [...initContainers, ...containers].map((container) => container.name);
  });
}

function* quietly(ask: () => Task<readonly string[]>): Task<readonly string[]> {
  try {
    return yield* ask();
  } catch (fault) {
    if (isOrdinary(fault) || fault instanceof Unanswered) return [];
    throw fault;
  }
}

function fitting(words: readonly string[], typed: string): readonly string[] {
  return words.filter((word) => word.startsWith(typed));
}

function offer(words: readonly string[]): Candidates {
  return { words };
}

/** What is on the line already is not offered again. */
function without(there: readonly string[], { words }: Candidates): Candidates {
  return { words: words.filter((word) => !there.includes(word)) };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
