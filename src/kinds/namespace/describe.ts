import { compareText } from "../../base/go-text.ts";
import type { Answer, Ask, Describing } from "../define.ts";
import { writeLabelsAndAnnotations, writeName } from "../describe/labels.ts";
import { listOf } from "../describe/related.ts";
import { dateText } from "../describe/times.ts";
import { Writer } from "../describe/writer.ts";
import { Status } from "../status.ts";
import type { Namespace } from "../types/core.ts";
import type { KubeObject } from "../types/meta.ts";

type Amounts = Readonly<Record<string, string>>;

interface ResourceQuota extends KubeObject {
  spec?: { scopes?: string[] };
  status?: { hard?: Amounts; used?: Amounts };
}

const limitFields = ["min", "max", "defaultRequest", "default", "maxLimitRequestRatio"] as const;

interface LimitRange extends KubeObject {
  spec: { limits?: ({ type: string } & Partial<Record<(typeof limitFields)[number], Amounts>>)[] };
}

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

/** What a scope of a quota means, in kubectl's words (1.33). */
const scopeWords: Readonly<Record<string, string>> = {
  Terminating:
    "Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.",
  NotTerminating:
    "Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.",
  BestEffort:
    "Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.",
  NotBestEffort:
    "Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.",
};

function writeQuotas(w: Writer, quotas: readonly ResourceQuota[]): void {
  w.line(0, "");
  w.line(0, quotas.length === 0 ? "No resource quota." : "Resource Quotas");
  for (const { metadata, spec, status } of quotas.toSorted((a, b) => compareText(a.metadata.name, b.metadata.name))) {
    w.field(1, "Name", metadata.name);
    const scopes = (spec?.scopes ?? []).toSorted(compareText);
    if (scopes.length > 0) w.field(1, "Scopes", scopes.join(", "));
    for (const scope of scopes) if (scopeWords[scope]) w.line(1, `* ${scopeWords[scope]}`);
    w.line(1, "Resource\tUsed\tHard");
    w.line(1, "--------\t---\t---");
    const { hard = {}, used = {} } = status ?? {};
    for (const resource of Object.keys(hard).sort(compareText))
      w.line(1, `${resource}\t${used[resource] ?? "0"}\t${hard[resource]}`);
  }
}

/** kubectl prints the resources of a limit in no order; here they are sorted. */
function writeLimits(w: Writer, ranges: readonly LimitRange[]): void {
  w.line(0, "");
  if (ranges.length === 0) {
    w.line(0, "No LimitRange resource.");
    return;
  }
  w.line(0, "Resource Limits");
  w.line(0, " Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio");
  w.line(0, " ----\t--------\t---\t---\t---------------\t-------------\t-----------------------");
  for (const limit of ranges.flatMap(({ spec }) => spec.limits ?? [])) {
    const resources = new Set(limitFields.flatMap((field) => Object.keys(limit[field] ?? {})));
    for (const resource of [...resources].sort(compareText)) {
      const amounts = limitFields.map((field) => limit[field]?.[resource] ?? "-");
      w.line(0, ` ${limit.type}\t${resource}\t${amounts.join("\t")}`);
    }
  }
}
