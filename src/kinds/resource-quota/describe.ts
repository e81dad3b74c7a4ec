import type { Describing } from "../define.ts";
import { writeName } from "../describe/labels.ts";
import { writeScopes, writeUsage } from "../describe/limits.ts";
import { Writer } from "../describe/writer.ts";
import type { ResourceQuota } from "../types/policy.ts";

/** The text of `kubectl describe resourcequota`. It has no events. */
export function* describeResourceQuota(object: ResourceQuota): Describing {
  const w = new Writer();
  writeName(w, object.metadata);
  writeScopes(w, 0, " * ", object);
  w.line(0, "Resource\tUsed\tHard");
  w.line(0, "--------\t----\t----");
  writeUsage(w, 0, object);
  return w.text();
}
