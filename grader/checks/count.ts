import { FormatError } from "../../src/base/format-error.ts";
import type { Json } from "../../src/base/json.ts";
import { parseSelector } from "../../src/base/parse-selector.ts";
import { selectorMatcher } from "../../src/base/selector.ts";
import type { Check } from "../define.ts";
import { differences } from "../shape.ts";
import { may, must, shape, text, count as wholeNumber } from "../yaml/fields.ts";

const fields = {
  count: must(text),
  namespace: may(text),
  selector: may(text),
  has: may(shape),
  of: must(wholeNumber),
};

/** So many objects, by labels and shape: `count: pods, selector: app=web, has: {…}, of: 3`. Without a namespace: in all. */
export const count: Check<typeof fields> = {
  name: "count",
  fields,
  problem({ selector }) {
    try {
      parseSelector(selector ?? "");
    } catch (error) {
      if (error instanceof FormatError) return error.message;
      throw error;
    }
    return undefined;
  },
  examine(view, values) {
    const kind = view.kind(values.count);
    const matches = selectorMatcher(parseSelector(values.selector ?? ""));
    const found = view
      .list(kind, values.namespace)
      .filter((one) => matches(one.metadata.labels))
      .filter((one) => differences(one as unknown as Json, values.has ?? {}).length === 0);
    if (found.length === values.of) return undefined;
    const names = found.map((one) => one.metadata.name).join(", ");
    const which = values.selector === undefined ? "" : ` with ${values.selector}`;
    return `there are ${found.length} ${kind.plural}${which}${names === "" ? "" : ` (${names})`}, expected ${values.of}`;
  },
};
