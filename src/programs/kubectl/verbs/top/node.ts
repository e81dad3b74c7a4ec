import type { JsonObject } from "../../../../base/json.ts";
import { parseSelector } from "../../../../base/parse-selector.ts";
import { objectName } from "../../completers.ts";
import type { Verb } from "../../define.ts";
import { CommandFault, UsageFault } from "../../faults.ts";
import { selectorFlag } from "../../flag-groups.ts";
import { boolFlag, textFlag } from "../../flag-types.ts";
import { tableText } from "../../printers/table.ts";
import { cpuText, memoryText, metricsPath, orderedBy, requireMetrics, sortProblem, usageOf } from "./metrics.ts";

const flags = {
  "no-headers": boolFlag("Print output without headers."),
  selector: selectorFlag,
  "show-capacity": boolFlag("Measure by the nodes' capacity instead of what they can allocate."),
  "sort-by": textFlag("Sort by 'cpu' or 'memory'.", {}),
  "use-protocol-buffers": boolFlag("Ask the Metrics API for protocol buffers.", { initial: true }),
};

export const node: Verb<typeof flags> = {
  path: ["top", "node"],
  aliases: ["nodes", "no"],
  usage: "top node [NAME | -l label] [options]",
  short: "Display resource (CPU/memory) usage of nodes",
  examples: ["kubectl top node", "kubectl top node --sort-by=memory"],
  flags,
  config: "whole",
  complete: objectName("nodes"),
  check({ flags: asked, args }) {
    if (args.length > 1) return new UsageFault("node [NAME | -l label]");
    if (args.length > 0 && asked.selector !== "") return "only one of NAME or --selector can be provided";
    return sortProblem(asked["sort-by"]);
  },
  *run(context, { flags: asked, args: [name] }) {
    parseSelector(asked.selector);
    yield* requireMetrics(context);
    const query = asked.selector === "" ? undefined : { labelSelector: asked.selector };
    const { client } = context;
    const metrics =
      name === undefined
        ? itemsOf(yield* client.object({ path: `${metricsPath}/nodes`, query }))
        : [yield* client.object({ path: `${metricsPath}/nodes/${name}` })];
    if (metrics.length === 0) throw new CommandFault("metrics not available yet");
    const nodes =
      name === undefined
        ? itemsOf(yield* client.object({ path: "/api/v1/nodes", query }))
        : [yield* client.object({ path: `/api/v1/nodes/${name}` })];
    const sizes = new Map(nodes.map((one) => [nameOf(one), sizeOf(one, asked["show-capacity"])]));
    const rows = orderedBy(
      metrics.map((one) => ({ name: nameOf(one), usage: usageOf(one.usage as JsonObject) })),
      asked["sort-by"],
    );
    const headers = asked["no-headers"] ? [] : [["NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)"]];
    const cells = rows.map((row) => {
      const size = sizes.get(row.name);
      const share = (used: number, all: number | undefined) =>
        all ? `${Math.floor((used / all) * 100)}%` : "<unknown>";
      const { cpu, memory } = row.usage;
      return [row.name, cpuText(cpu), share(cpu, size?.cpu), memoryText(memory), share(memory, size?.memory)];
    });
    const measured = new Set(rows.map((row) => row.name));
    const missing = [...sizes.keys()].filter((one) => !measured.has(one));
    for (const one of missing) cells.push([one, ...Array<string>(4).fill("<unknown>")]);
    context.out.write(tableText([...headers, ...cells]));
  },
};

function itemsOf(list: JsonObject): readonly JsonObject[] {
  return (list.items ?? []) as readonly JsonObject[];
}

function nameOf({ metadata }: JsonObject): string {
  return String((metadata as JsonObject | undefined)?.name ?? "");
}

function sizeOf({ status }: JsonObject, capacity: boolean) {
  return usageOf((status as JsonObject | undefined)?.[capacity ? "capacity" : "allocatable"] as JsonObject | undefined);
}
