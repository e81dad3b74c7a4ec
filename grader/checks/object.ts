import type { Json } from "../../src/base/json.ts";
import type { Check } from "../define.ts";
import { differences } from "../shape.ts";
import { nameOf, reference, referenceProblem } from "../words.ts";
import { may, must, shape, text } from "../yaml/fields.ts";

const fields = { object: must(text), namespace: may(text), has: may(shape) };

/** An object is there and contains a shape: `object: node/worker-1, has: {…}`. */
export const object: Check<typeof fields> = {
  name: "object",
  fields,
  problem: ({ object }) => referenceProblem(object),
  examine(view, values) {
    const wanted = reference(view, values.object, values.namespace);
    const found = view.find(wanted);
    if (!found) return `there is no ${nameOf(wanted)}`;
    const wrong = differences(found as unknown as Json, values.has ?? {});
    return wrong.length === 0 ? undefined : `${nameOf(wanted)}: ${wrong.join("; ")}`;
  },
};
