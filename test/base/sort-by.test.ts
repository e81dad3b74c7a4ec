import { describe, expect, test } from "vitest";
import type { Json } from "../../src/base/json.ts";
import { sortByPath } from "../../src/base/sort-by.ts";
import { complaint } from "./complaint.ts";
import { recorded } from "./recorded.ts";

interface SortCase {
  name: string;
  /** "__missing" stands for an object without the field. */
  values: Json[];
  order?: string[];
  error?: string;
}

describe("kubectl get --sort-by=.spec.x, recorded with kubectl 1.33", () => {
  test.each(recorded<SortCase>("sort-by").map((one) => [one.name, one] as const))("%s", (_, one) => {
    const pods = one.values.map((x, i) => ({ name: `i${i}`, spec: x === "__missing" ? {} : { x } }));
    const sort = () => sortByPath(pods, ".spec.x", (pod) => pod).map((pod) => pod.name);
    if (one.error !== undefined) expect(one.error.replace(/^error: /, "")).toBe(`${complaint(sort)}\n`);
    else expect(sort()).toEqual(one.order);
  });
});
