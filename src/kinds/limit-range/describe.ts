import type { Describing } from "../define.ts";
import { writeName } from "../describe/labels.ts";
import { writeLimitTable } from "../describe/limits.ts";
import { Writer } from "../describe/writer.ts";
import type { LimitRange } from "../types/policy.ts";

/** The text of `kubectl describe limitrange`. It has no events. */
export function* describeLimitRange(object: LimitRange): Describing {
  const w = new Writer();
  writeName(w, object.metadata);
  writeLimitTable(w, [object], "");
  return w.text();
}
