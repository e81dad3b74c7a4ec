import { SECOND } from "../../../../base/clock.ts";
import { parseFieldSelector } from "../../../../base/field-selector.ts";
import { goDuration } from "../../../../base/go-duration.ts";
import type { JsonObject } from "../../../../base/json.ts";
import { parseSelector } from "../../../../base/parse-selector.ts";
import { parseRfc3339 } from "../../../../base/time.ts";
import type { Task } from "../../../../machine/define.ts";
import { objectName } from "../../completers.ts";
import type { Context } from "../../context.ts";
import type { Verb } from "../../define.ts";
import { CommandFault, PlainFault, UsageFault } from "../../faults.ts";
import { allNamespacesFlag, fieldSelectorFlag, selectorFlag } from "../../flag-groups.ts";
import { boolFlag, textFlag } from "../../flag-types.ts";
import { tableText } from "../../printers/table.ts";
import {
  cpuText,
  memoryText,
  metricsPath,
  orderedBy,
  requireMetrics,
  sortProblem,
  sumOf,
  type Usage,
  usageOf,
} from "./metrics.ts";

const flags = {
  "all-namespaces": allNamespacesFlag,
  containers: boolFlag("Show the containers of each pod."),
  "field-selector": fieldSelectorFlag,
  "no-headers": boolFlag("Print output without headers."),
  selector: selectorFlag,
  "sort-by": textFlag("Sort by 'cpu' or 'memory'.", {}),
  sum: boolFlag("Print the sum below."),
  "use-protocol-buffers": boolFlag("Ask the Metrics API for protocol buffers.", { initial: true }),
};

/** How long after its creation a pod may be without metrics. */
const METRICS_DELAY = 120 * SECOND;

interface PodUsage {
  readonly namespace: string;
  readonly name: string;
  readonly usage: Usage;
  readonly containers: readonly { readonly name: string; readonly usage: Usage }[];
}

export const pod: Verb<typeof flags> = {
  path: ["top", "pod"],
  aliases: ["pods", "po"],
  usage: "top pod [NAME | -l label] [options]",
  short: "Display resource (CPU/memory) usage of pods",
  examples: ["kubectl top pod", "kubectl top pod -A --sort-by=cpu", "kubectl top pod web --containers"],
  flags,
  complete: objectName("pods"),
  check({ flags: asked, args }) {
    if (args.length > 1) return new UsageFault("pod [NAME | -l label]");
    if (args.length > 0 && (asked.selector !== "" || asked["field-selector"] !== ""))
      return "only one of NAME or selector can be provided";
    return sortProblem(asked["sort-by"]);
  },
  *run(context, { flags: asked, args: [name] }) {
    parseSelector(asked.selector);
    parseFieldSelector(asked["field-selector"]);
    yield* requireMetrics(context);
    const all = asked["all-namespaces"];
    const folder = all ? metricsPath : `${metricsPath}/namespaces/${context.namespace}`;
    const query = {
      labelSelector: asked.selector || undefined,
      fieldSelector: asked["field-selector"] || undefined,
    };
    const { client } = context;
    const metrics =
      name === undefined
        ? (((yield* client.object({ path: `${folder}/pods`, query })).items ?? []) as readonly JsonObject[])
        : [yield* client.object({ path: `${folder}/pods/${name}` })];
    if (metrics.length === 0) {
      yield* checkEmpty(context, all ? undefined : context.namespace, query);
      throw new PlainFault(all ? "No resources found" : `No resources found in ${context.namespace} namespace.`, 0);
    }
    const pods = orderedBy(metrics.map(podUsage), asked["sort-by"]);
    const headers = [
      ...(all ? ["NAMESPACE"] : []),
      ...(asked.containers ? ["POD", "NAME"] : ["NAME"]),
      "CPU(cores)",
      "MEMORY(bytes)",
    ];
    const rows = pods.flatMap((one) => rowsOf(one, all, asked.containers));
    if (asked.sum) {
      const sum = sumOf(pods.map(({ usage }) => usage));
      rows.push(["", ...(all ? [""] : []), "________", "________"]);
      rows.push([...(all ? [""] : []), "", cpuText(sum.cpu), memoryText(sum.memory)]);
    }
    context.out.write(tableText(asked["no-headers"] ? rows : [headers, ...rows]));
  },
};

/** Why there are no metrics: throws where there are pods of which there should be some (kubectl top_pod.go, 1.33). */
function* checkEmpty(
  context: Context,
  namespace: string | undefined,
  query: { readonly labelSelector: string | undefined; readonly fieldSelector: string | undefined },
): Task {
  const path = namespace === undefined ? "/api/v1/pods" : `/api/v1/namespaces/${namespace}/pods`;
  const pods = ((yield* context.client.object({ path, query })).items ?? []) as readonly JsonObject[];
  if (pods.length === 0) return;
  for (const { metadata } of pods) {
    const { name, namespace: home, creationTimestamp } = metadata as Readonly<Record<string, string>>;
    const age = context.now - (parseRfc3339(creationTimestamp ?? "") ?? context.now);
    if (age > METRICS_DELAY)
      throw new CommandFault(`Metrics not available for pod ${home}/${name}, age: ${goDuration(age)}`);
  }
  throw new CommandFault("metrics not available yet");
}

function podUsage({ metadata, containers }: JsonObject): PodUsage {
  const { name, namespace } = metadata as { readonly name: string; readonly namespace: string };
  const own = ((containers ?? []) as readonly JsonObject[]).map((one) => ({
    name: String(one.name),
    usage: usageOf(one.usage as JsonObject),
  }));
  return { name, namespace, usage: sumOf(own.map(({ usage }) => usage)), containers: own };
}

function rowsOf({ namespace, name, usage, containers }: PodUsage, all: boolean, each: boolean): string[][] {
  const first = all ? [namespace] : [];
  if (!each) return [[...first, name, cpuText(usage.cpu), memoryText(usage.memory)]];
  return containers.map((one) => [...first, name, one.name, cpuText(one.usage.cpu), memoryText(one.usage.memory)]);
}
