import type { Json } from "../../src/base/json.ts";
import { celProblem, evaluateCel } from "../cel.ts";
import type { Check } from "../define.ts";
import { nameOf, reference, referenceProblem } from "../words.ts";
import { may, must, text } from "../yaml/fields.ts";

const fields = { expr: must(text), object: may(text), objects: may(text), namespace: may(text), because: may(text) };

/** A CEL expression over one object (`object`) or all of a resource (`objects`) is true; `because` says what it means when it is not. */
export const expr: Check<typeof fields> = {
  name: "expr",
  fields,
  problem({ expr, object, objects }) {
    if ((object === undefined) === (objects === undefined)) return "expr needs either object or objects";
    return (object === undefined ? undefined : referenceProblem(object)) ?? celProblem(expr);
  },
  examine(view, values) {
    const variables: Record<string, Json> = {};
    if (values.object !== undefined) {
      const wanted = reference(view, values.object, values.namespace);
      const found = view.find(wanted);
      if (!found) return `there is no ${nameOf(wanted)}`;
      variables.object = found as unknown as Json;
    } else variables.objects = view.list(view.kind(values.objects ?? ""), values.namespace) as unknown as Json;
    const result = evaluateCel(values.expr, variables);
    if ("problem" in result) return `${values.expr}: ${result.problem}`;
    return result.value === true ? undefined : (values.because ?? `${values.expr} is ${String(result.value)}`);
  },
};
