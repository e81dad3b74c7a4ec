import type { JsonObject } from "../../../../base/json.ts";
import { milliValue, wholeValue } from "../../../../base/quantity.ts";
import type { Task } from "../../../../machine/define.ts";
import type { Context } from "../../context.ts";
import { CommandFault } from "../../faults.ts";

/** What something uses: CPU in thousandths of a core, memory in bytes. */
export interface Usage {
  readonly cpu: number;
  readonly memory: number;
}

export const metricsPath = "/apis/metrics.k8s.io/v1beta1";

/** Throws where no metrics server has announced its API. */
export function* requireMetrics(context: Context): Task {
  const mapper = yield* context.client.mapper();
  if (!mapper.resources.some(({ group }) => group === "metrics.k8s.io"))
    throw new CommandFault("Metrics API not available");
}

export function usageOf(usage: JsonObject | undefined): Usage {
  return { cpu: milliValue(String(usage?.cpu ?? "0")), memory: wholeValue(String(usage?.memory ?? "0")) };
}

export function sumOf(usages: readonly Usage[]): Usage {
  return {
    cpu: usages.reduce((all, { cpu }) => all + cpu, 0),
    memory: usages.reduce((all, { memory }) => all + memory, 0),
  };
}

export function cpuText(cpu: number): string {
  return `${cpu}m`;
}

export function memoryText(memory: number): string {
  return `${Math.floor(memory / (1024 * 1024))}Mi`;
}

/** By name, or the biggest first (--sort-by). */
export function orderedBy<T extends { readonly name: string; readonly usage: Usage }>(
  rows: readonly T[],
  by: string,
): readonly T[] {
  const byName = (a: T, b: T) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  if (by !== "cpu" && by !== "memory") return rows.toSorted(byName);
  return rows.toSorted((a, b) => b.usage[by] - a.usage[by] || byName(a, b));
}

export function sortProblem(by: string): string | undefined {
  return ["", "cpu", "memory"].includes(by) ? undefined : "--sort-by accepts only cpu or memory";
}
