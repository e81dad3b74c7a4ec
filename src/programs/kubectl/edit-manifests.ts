import type { Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import { editLoop } from "./edit-loop.ts";
import { eachFound } from "./find-objects.ts";
import type { Finding, Found } from "./selection.ts";

/** Lets each object of files be edited, one after the other, before `make` makes it (EditBeforeCreateMode). */
export function* editManifests(context: Context, finding: Finding, make: (found: Found) => Task): Task {
  yield* eachFound(finding, function* (found) {
    yield* editLoop(context, [found], function* (edited) {
      for (const one of edited) yield* make({ ...one, source: "" });
      return { invalid: [], notFound: 0, retryable: 0 };
    });
  });
}
