import { addQuantity, compareQuantity, parseQuantity, type Quantity } from "../../base/quantity.ts";
import type { Container, ContainerStatus, Pod } from "../types/pod.ts";

/** Amounts by resource, spelled as the pods spell them. */
export type Quantities = Map<string, Quantity>;

type List = Readonly<Record<string, string>> | undefined;

/** What a pod asks for, as kubectl counts it: what is allocated already counts if it is more (pkg/util/resource, 1.33). */
export function requestQuantities(pod: Pod): Quantities {
  const total = new Map<string, Quantity>();
  for (const container of pod.spec.containers) {
    addQuantities(total, askedNow(container, pod, pod.status?.containerStatuses));
  }
  raiseToInit(total, pod, (container) =>
    isSidecar(container)
      ? askedNow(container, pod, pod.status?.initContainerStatuses)
      : read(container.resources?.requests),
  );
  addQuantities(total, read(pod.spec.overhead));
  return total;
}

/** A resize that cannot be done leaves what the container has. */
function askedNow(container: Container, pod: Pod, statuses: readonly ContainerStatus[] | undefined): Quantities {
  const status = statuses?.findLast(({ name }) => name === container.name);
  const waits = pod.status?.conditions?.find(({ type }) => type === "PodResizePending");
  const asked = read(status && waits?.reason === "Infeasible" ? undefined : container.resources?.requests);
  raise(asked, read(status?.resources?.requests));
  raise(asked, read(status?.allocatedResources));
  return asked;
}

/** What the containers of a pod ask for, or are limited to, together. */
export function containerQuantities(pod: Pick<Pod, "spec">, list: "requests" | "limits"): Quantities {
  const total = new Map<string, Quantity>();
  for (const container of pod.spec.containers) addQuantities(total, read(container.resources?.[list]));
  raiseToInit(total, pod, (container) => read(container.resources?.[list]));
  return total;
}

/** What a pod may use at most; overhead counts only for what is limited. */
export function limitQuantities(pod: Pod): Quantities {
  const total = containerQuantities(pod, "limits");
  const overhead = read(pod.spec.overhead);
  for (const name of overhead.keys()) if (!total.get(name)?.nanos) overhead.delete(name);
  addQuantities(total, overhead);
  return total;
}

/** Init containers run one by one before the others, sidecars beside all that come after them. */
function raiseToInit(
  total: Quantities,
  pod: Pick<Pod, "spec">,
  quantitiesOf: (container: Container) => Quantities,
): void {
  const sidecars: Quantities = new Map();
  const most: Quantities = new Map();
  for (const container of pod.spec.initContainers ?? []) {
    const list = quantitiesOf(container);
    if (isSidecar(container)) {
      addQuantities(total, list);
      addQuantities(sidecars, list);
      raise(most, sidecars);
    } else {
      addQuantities(list, sidecars);
      raise(most, list);
    }
  }
  raise(total, most);
}

function isSidecar(container: Container): boolean {
  return container.restartPolicy === "Always";
}

function read(list: List): Quantities {
  return new Map(Object.entries(list ?? {}).map(([name, amount]) => [name, parseQuantity(amount)]));
}

/** Adds amounts to a total. */
export function addQuantities(total: Quantities, more: Quantities): void {
  for (const [name, amount] of more) {
    const before = total.get(name);
    total.set(name, before ? addQuantity(before, amount) : amount);
  }
}

function raise(total: Quantities, other: Quantities): void {
  for (const [name, amount] of other) {
    const before = total.get(name);
    if (!before || compareQuantity(amount, before) > 0) total.set(name, amount);
  }
}
