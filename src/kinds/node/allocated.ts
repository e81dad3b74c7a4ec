import type { Micros } from "../../base/clock.ts";
import { compareText } from "../../base/go-text.ts";
import { milliQuantity, parseQuantity, type Quantity } from "../../base/quantity.ts";
import { ageOf } from "../cells.ts";
import { addQuantities, limitQuantities, type Quantities, requestQuantities } from "../describe/pod-quantities.ts";
import type { Writer } from "../describe/writer.ts";
import type { Node } from "../types/core.ts";
import type { Pod } from "../types/pod.ts";

const zero = milliQuantity(0);

/** The pods of a node with what they ask for, and how much of the node that is (kubectl pkg/describe, 1.33). */
export function writeAllocated(w: Writer, { status }: Node, pods: readonly Pod[], now: Micros): void {
  const { capacity = {}, allocatable = {} } = status ?? {};
  const list = Object.keys(allocatable).length > 0 ? allocatable : capacity;
  const node = new Map(Object.entries(list).map(([name, amount]) => [name, parseQuantity(amount)]));
  w.field(0, "Non-terminated Pods", `(${pods.length} in total)`);
  w.line(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge");
  w.line(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---");
  const requests: Quantities = new Map();
  const limits: Quantities = new Map();
  for (const pod of pods) {
    const [asked, allowed] = [requestQuantities(pod), limitQuantities(pod)];
    const { namespace = "", name, creationTimestamp } = pod.metadata;
    const cells = ["cpu", "memory"].flatMap((resource) =>
      [asked, allowed].map((of) => amountAndShare(resource, of.get(resource), node.get(resource))),
    );
    w.line(1, `${namespace}\t${name}\t\t${cells.join("\t")}\t${ageOf(creationTimestamp, now)}`);
    addQuantities(requests, asked);
    addQuantities(limits, allowed);
  }
  writeTotals(w, node, requests, limits);
}

function writeTotals(w: Writer, node: Quantities, requests: Quantities, limits: Quantities): void {
  w.add(0, "Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n");
  w.line(1, "Resource\tRequests\tLimits");
  w.line(1, "--------\t--------\t------");
  const names = [...node.keys()].sort(compareText);
  const huge = names.filter((name) => name.startsWith("hugepages-"));
  for (const name of ["cpu", "memory", "ephemeral-storage", ...huge]) {
    const cells = [requests, limits].map((of) => amountAndShare(name, of.get(name), node.get(name), 0));
    w.line(1, `${name}\t${cells.join("\t")}`);
  }
  for (const name of names) {
    if (standard.includes(name) || huge.includes(name)) continue;
    w.line(1, `${name}\t${(requests.get(name) ?? zero).text}\t${(limits.get(name) ?? zero).text}`);
  }
}

const standard = ["cpu", "memory", "ephemeral-storage", "pods"];

/** `100m (5%)`, cut off. A pod's share of nothing is what Go makes of it on amd64. */
function amountAndShare(
  resource: string,
  amount: Quantity = zero,
  whole: Quantity = zero,
  ofNothing: number | string = "-9223372036854775808",
): string {
  const [part, all] = resource === "cpu" ? [amount.milli, whole.milli] : [amount.whole, whole.whole];
  return `${amount.text} (${all === 0 ? ofNothing : Math.trunc((part / all) * 100)}%)`;
}
