import type { JsonObject } from "../../base/json.ts";
import { Status } from "../../kinds/status.ts";
import type { Task } from "../../machine/define.ts";
import type { ObjectAsk } from "./client.ts";
import type { Context } from "./context.ts";
import { urlEscaped } from "./query-text.ts";

/** An object; where it and its namespace are missing, it is the namespace that is told of (resource.Info.Get, 1.33). */
export function* readObject(context: Context, ask: ObjectAsk, accept?: string): Task<JsonObject> {
  try {
    return yield* context.client.get(ask, accept);
  } catch (fault) {
    const { namespace = "" } = ask;
    if (!isMissing(fault) || namespace === "" || namespace === "default") throw fault;
    try {
      yield* context.client.object({ path: `/api/v1/namespaces/${urlEscaped(namespace)}` });
    } catch (other) {
      if (isMissing(other)) throw other;
    }
    throw fault;
  }
}

function isMissing(fault: unknown): boolean {
  return fault instanceof Status && fault.reason === "NotFound";
}
