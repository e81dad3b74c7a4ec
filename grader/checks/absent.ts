import type { Check } from "../define.ts";
import { nameOf, reference, referenceProblem } from "../words.ts";
import { may, must, text } from "../yaml/fields.ts";

const fields = { absent: must(text), namespace: may(text) };

/** An object is not there: `absent: pod/old`. */
export const absent: Check<typeof fields> = {
  name: "absent",
  fields,
  problem: ({ absent }) => referenceProblem(absent),
  examine(view, values) {
    const unwanted = reference(view, values.absent, values.namespace);
    return view.find(unwanted) ? `${nameOf(unwanted)} is still there` : undefined;
  },
};
