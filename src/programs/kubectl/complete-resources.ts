import type { JsonObject } from "../../base/json.ts";
import type { Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import { isOrdinary } from "./fault-text.ts";
import { Unanswered } from "./faults.ts";
import type { Resource } from "./resource.ts";

/** Types for the first word (TYPE, or TYPE/ where names follow a slash), names of that type for the next ones. */
export function* resourceWords(context: Context, args: readonly string[], typed = ""): Task<readonly string[]> {
  const [type] = args;
  const slash = typed.indexOf("/");
  if (slash > 0) {
    const before = typed.slice(0, slash);
    return (yield* namesOf(context, before)).map((name) => `${before}/${name}`);
  }
  if (type === undefined) return yield* typeWords(context);
  return (yield* namesOf(context, type)).filter((name) => !args.includes(name));
}

/** The types that the server has and that can be listed. */
export function* typeWords(context: Context): Task<readonly string[]> {
  return yield* quietly(function* () {
    const mapper = yield* context.client.mapper();
    return mapper.preferred.filter(({ verbs }) => verbs.includes("get")).map(shortest);
  });
}

function shortest({ plural, group }: Resource): string {
  return group === "" || group === "apps" || group === "batch" ? plural : `${plural}.${group}`;
}

/** The names of the objects of a type, in the command's namespace. */
export function* namesOf(context: Context, type: string): Task<readonly string[]> {
  return yield* quietly(function* () {
    const mapper = yield* context.client.mapper();
    const resource = mapper.find(type.split(",").at(-1) ?? "");
    if (!resource) return [];
    const namespace = resource.namespaced ? context.namespace : undefined;
    const list = yield* context.client.list({ resource, namespace });
    return ((list.items ?? []) as readonly JsonObject[]).map((item) => String((item.metadata as JsonObject).name));
  });
}

/** Completion says nothing where the server cannot be asked. */
function* quietly(ask: () => Task<readonly string[]>): Task<readonly string[]> {
  try {
    return yield* ask();
  } catch (fault) {
    if (isOrdinary(fault) || fault instanceof Unanswered) return [];
    throw fault;
  }
}
