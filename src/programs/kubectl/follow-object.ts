import type { Micros } from "../../base/clock.ts";
import type { JsonObject } from "../../base/json.ts";
import { isObject } from "../../base/json-object.ts";
import type { Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import { endsAtInterrupt } from "./ends-at-interrupt.ts";
import { CommandFault } from "./faults.ts";
import type { Found } from "./selection.ts";

export const timedOut = "timed out waiting for the condition";

/**
 * Looks at one object, and at all it becomes, until `done` says so (undefined: the object is gone). Throws what
 * client-go says when `until` comes first. Lists and watches as kubectl wait, delete and rollout status do.
 */
export function* followObject(context: Context, object: Followed, until: Micros | undefined, done: Done): Task {
  return yield* endsAtInterrupt(context, follow(context, object, until, done));
}

type Followed = Pick<Found, "resource" | "namespace" | "name">;
type Done = (object: JsonObject | undefined) => boolean;

function* follow(
  context: Context,
  { resource, namespace, name }: Followed,
  until: Micros | undefined,
  done: Done,
): Task {
  const ask = { resource, namespace, fieldSelector: `metadata.name=${name}` };
  for (;;) {
    const list = yield* context.client.list(ask);
    const [item] = (list.items ?? []) as readonly JsonObject[];
    const object = item && { apiVersion: list.apiVersion, ...item };
    if (done(object)) return;
    const resourceVersion = isObject(list.metadata) ? String(list.metadata.resourceVersion ?? "") : "";
    const stream = yield* context.client.watch({ ...ask, resourceVersion });
    try {
      for (;;) {
        const event = yield* context.next(stream, until);
        if (event === "timeout") throw new CommandFault(timedOut);
        if (event === undefined || event.type === "ERROR") break;
        if (event.type === "BOOKMARK") continue;
        if (done(event.type === "DELETED" ? undefined : (event.object as JsonObject))) return;
      }
    } finally {
      stream.close();
    }
    // The server went away: again after a moment.
    yield* context.sleep(1);
    if (until !== undefined && context.now >= until) throw new CommandFault(timedOut);
  }
}
