import { compareText } from "../../base/go-text.ts";
import type { Answer, Ask, Describing } from "../define.ts";
import { writeLabelsAndAnnotations, writeName } from "../describe/labels.ts";
import { writeLimitTable, writeScopes, writeUsage } from "../describe/limits.ts";
import { listOf } from "../describe/related.ts";
import { dateText } from "../describe/times.ts";
import { Writer } from "../describe/writer.ts";
import { Status } from "../status.ts";
import type { Namespace } from "../types/core.ts";
import type { KubeObject } from "../types/meta.ts";
import type { LimitRange, ResourceQuota } from "../types/policy.ts";

/** The text of `kubectl describe namespace`, with what its quotas and limit ranges allow. It has no events. */
export function* describeNamespace(object: Namespace): Describing {
  const { name } = object.metadata;
  const quotas = yield* held<ResourceQuota>("resourcequotas", name);
  const ranges = yield* held<LimitRange>("limitranges", name);
  const w = new Writer();
  writeName(w, object.metadata);
  writeLabelsAndAnnotations(w, object.metadata);
  w.field(0, "Status", object.status?.phase ?? "");
  writeConditions(w, object);
  if (quotas) writeQuotas(w, quotas);
  if (ranges) writeLimits(w, ranges);
  return w.text();
}

/** A server that does not know the resource is no reason to fail. */
function* held<T extends KubeObject>(
  resource: string,
  namespace: string,
): Generator<Ask, readonly T[] | undefined, Answer> {
  const items = yield* listOf<T>({ apiVersion: "v1", resource, namespace });
  if (!(items instanceof Status)) return items;
  if (items.reason !== "NotFound") throw items;
  return undefined;
}

function writeConditions(w: Writer, object: Namespace): void {
  const conditions = object.status?.conditions ?? [];
  if (conditions.length === 0) return;
  w.line(0, "Conditions:");
  w.line(1, "Type\tStatus\tLastTransitionTime\tReason\tMessage");
  w.line(1, "----\t------\t------------------\t------\t-------");
  for (const { type, status, lastTransitionTime, reason = "", message = "" } of conditions)
    w.line(1, `${type}\t${status}\t${dateText(lastTransitionTime)}\t${reason}\t${message}`);
}

function writeQuotas(w: Writer, quotas: readonly ResourceQuota[]): void {
  w.line(0, "");
  w.line(0, quotas.length === 0 ? "No resource quota." : "Resource Quotas");
  for (const quota of quotas.toSorted((a, b) => compareText(a.metadata.name, b.metadata.name))) {
    w.field(1, "Name", quota.metadata.name);
    writeScopes(w, 1, "* ", quota);
    w.line(1, "Resource\tUsed\tHard");
    w.line(1, "--------\t---\t---");
    writeUsage(w, 1, quota);
  }
}

function writeLimits(w: Writer, ranges: readonly LimitRange[]): void {
  w.line(0, "");
  if (ranges.length === 0) {
    w.line(0, "No LimitRange resource.");
    return;
  }
  w.line(0, "Resource Limits");
  writeLimitTable(w, ranges, " ");
}
