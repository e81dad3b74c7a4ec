import { compareText } from "../../base/go-text.ts";
import { parseQuantity, type Quantity } from "../../base/quantity.ts";
import type { LimitRange, ResourceQuota } from "../types/policy.ts";
import type { Writer } from "./writer.ts";

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

/** The scopes of a quota; `mark` stands before what each means. */
export function writeScopes(w: Writer, level: number, mark: string, { spec }: ResourceQuota): void {
  const scopes = (spec?.scopes ?? []).toSorted(compareText);
  if (scopes.length === 0) return;
  w.field(level, "Scopes", scopes.join(", "));
  for (const scope of scopes) if (scopeWords[scope]) w.line(level, `${mark}${scopeWords[scope]}`);
}

/** What is used of each resource, and how much there is. */
export function writeUsage(w: Writer, level: number, { status }: ResourceQuota): void {
  const { hard = {}, used = {} } = status ?? {};
  for (const resource of Object.keys(hard).sort(compareText)) {
    const [most, now] = [parseQuantity(hard[resource] ?? "0"), parseQuantity(used[resource] ?? "0")];
    w.line(level, `${resource}\t${inStyle(now, most)}\t${most.text}`);
  }
}

/** An amount in the style of another: 1Gi beside 2Gi, whole units beside plain numbers. */
function inStyle(amount: Quantity, { style }: Quantity): string {
  if (amount.style === style) return amount.text;
  if (style === "binary") return parseQuantity(`${amount.whole / 1024}Ki`).text;
  return parseQuantity(String(amount.whole)).text;
}

const fields = ["min", "max", "defaultRequest", "default", "maxLimitRequestRatio"] as const;
const titles = "Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio";
const rule = "----\t--------\t---\t---\t---------------\t-------------\t-----------------------";

/** The table of what containers, pods and claims may ask for. kubectl prints the resources in no order; here they are sorted. */
export function writeLimitTable(w: Writer, ranges: readonly LimitRange[], indent: string): void {
  w.line(0, `${indent}${titles}`);
  w.line(0, `${indent}${rule}`);
  for (const limit of ranges.flatMap(({ spec }) => spec?.limits ?? [])) {
    const resources = new Set(fields.flatMap((field) => Object.keys(limit[field] ?? {})));
    for (const resource of [...resources].sort(compareText)) {
      const amounts = fields.map((field) => limit[field]?.[resource] ?? "-");
      w.line(0, `${indent}${limit.type}\t${resource}\t${amounts.join("\t")}`);
    }
  }
}
