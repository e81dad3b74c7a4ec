import type { JsonObject } from "../../base/json.ts";
import type { Answer, Ask } from "../../kinds/define.ts";
import { describeGeneric } from "../../kinds/describe/generic.ts";
import { Status } from "../../kinds/status.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import type { Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import { kindOf } from "./kind-of.ts";
import type { Found } from "./selection.ts";

/** The text that describes an object, with what its kind asks the server on the way. */
export function* runDescribe(context: Context, { resource, object }: Found, showEvents: boolean): Task<string> {
  const describe = kindOf(resource)?.describe ?? describeGeneric;
  const asking = describe(object as unknown as KubeObject, { now: context.now, showEvents });
  let step = asking.next();
  while (!step.done) step = asking.next(yield* answerTo(context, step.value));
  return step.value;
}

function* answerTo({ client }: Context, ask: Ask): Task<Answer> {
  const { apiVersion, resource, namespace, name, labelSelector, fieldSelector } = ask;
  const root = apiVersion.includes("/") ? "/apis" : "/api";
  const place = namespace === undefined || namespace === "" ? "" : `/namespaces/${namespace}`;
  const path = `${root}/${apiVersion}${place}/${resource}${name === undefined ? "" : `/${name}`}`;
  const query = name === undefined ? { labelSelector, fieldSelector, limit: 500 } : undefined;
  try {
    return (yield* client.object({ path, query })) as JsonObject as unknown as KubeObject;
  } catch (fault) {
    if (fault instanceof Status) return fault;
    throw fault;
  }
}
