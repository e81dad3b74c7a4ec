import { compareQuantity, parseQuantity, type Quantity } from "../../../base/quantity.ts";
import type { PersistentVolumeClaim } from "../../../kinds/types/core.ts";
import type { Container, Pod } from "../../../kinds/types/pod.ts";
import type { LimitRange, LimitRangeItem, Quantities } from "../../../kinds/types/policy.ts";
import type { AdmissionPlugin, AdmissionRequest, AdmissionTools } from "../define.ts";
import { forbidden } from "../errors.ts";
import { limitFaults } from "./limit-faults.ts";

const note = "kubernetes.io/limit-ranger";

/** Gives containers what a namespace's limit ranges say, and refuses what goes beyond them (plugin/pkg/admission/limitranger, 1.35). */
export const limitRanger: AdmissionPlugin = {
  name: "LimitRanger",
  only: ["pods", "pods/resize", "persistentvolumeclaims"],
  mutate(request, server) {
    if (request.operation !== "CREATE" || !isOf(request, "pods") || request.subresource) return;
    for (const range of rangesFor(request, server)) fill(request.object as Pod, range);
  },
  validate(request, server) {
    const { operation, kind, object, subresource } = request;
    if (operation !== "CREATE" && operation !== "UPDATE") return;
    const isPod = isOf(request, "pods");
    if (!isPod && !isOf(request, "persistentvolumeclaims")) return;
    // A pod's resources change through resize alone.
    if (isPod && (subresource ?? "") !== (operation === "UPDATE" ? "resize" : "")) return;
    if (!isPod && subresource) return;
    for (const { spec } of rangesFor(request, server)) {
      const limits = spec?.limits ?? [];
      const faults = limits.flatMap((limit) =>
        isPod ? podFaults(limit, object as Pod) : claimFaults(limit, object as PersistentVolumeClaim),
      );
      if (faults.length === 0) continue;
      const { metadata } = object as Pod;
      const unique = [...new Set(faults)];
      const text = unique.length === 1 ? (unique[0] ?? "") : `[${unique.join(", ")}]`;
      throw forbidden(kind, metadata.name || metadata.generateName, text);
    }
  },
};

function isOf({ kind, object }: AdmissionRequest, plural: string): boolean {
  return kind.group === "" && kind.plural === plural && object !== undefined;
}

function rangesFor({ namespace }: AdmissionRequest, server: AdmissionTools): readonly LimitRange[] {
  return server.list<LimitRange>("limitranges", namespace);
}

function fill(pod: Pod, { spec }: LimitRange): void {
  const limits: Quantities = {};
  const requests: Quantities = {};
  for (const limit of spec?.limits ?? []) {
    if (limit.type !== "Container") continue;
    Object.assign(limits, limit.default);
    Object.assign(requests, limit.defaultRequest);
  }
  const said: string[] = [];
  const each = (container: Container, word: string) => {
    for (const [field, defaults, what] of [
      ["requests", requests, "request"],
      ["limits", limits, "limit"],
    ] as const) {
      const given = container.resources?.[field] ?? {};
      const added = Object.keys(defaults)
        .filter((name) => given[name] === undefined)
        .sort();
      if (added.length === 0) continue;
      container.resources = { ...container.resources, [field]: { ...defaults, ...given } };
      said.push(`${added.join(", ")} ${what} for ${word} ${container.name}`);
    }
  };
  for (const container of pod.spec.containers ?? []) each(container, "container");
  for (const container of pod.spec.initContainers ?? []) each(container, "init container");
  if (said.length > 0)
    pod.metadata.annotations = {
      ...pod.metadata.annotations,
      [note]: `LimitRanger plugin set: ${said.join("; ")}`,
    };
}

function podFaults(limit: LimitRangeItem, { spec }: Pod): readonly string[] {
  const initial = spec.initContainers ?? [];
  if (limit.type === "Container")
    return [...spec.containers, ...initial].flatMap(({ resources }) =>
      limitFaults(limit, resources?.requests, resources?.limits),
    );
  if (limit.type !== "Pod") return [];
  const total = (field: "requests" | "limits") => {
    const sum = sumOf(spec.containers.map(({ resources }) => resources?.[field] ?? {}));
    for (const { resources } of initial)
      for (const [name, text] of Object.entries(resources?.[field] ?? {})) {
        const [before, own] = [sum[name], parseQuantity(text)];
        if (before !== undefined && compareQuantity(own, parseQuantity(before)) > 0) sum[name] = text;
      }
    return { ...sum, ...spec.resources?.[field] };
  };
  return limitFaults(limit, total("requests"), total("limits"));
}

/** The sum of what all of them say; what one of them leaves out is not known. */
function sumOf(lists: readonly Quantities[]): Quantities {
  const sum: Quantities = {};
  for (const name of Object.keys(lists[0] ?? {})) {
    const amounts = lists.map((list) => list[name]);
    if (amounts.some((amount) => amount === undefined)) continue;
    const quantities = amounts.map((amount) => parseQuantity(amount ?? "0"));
    const total = (part: (quantity: Quantity) => number) => quantities.reduce((all, one) => all + part(one), 0);
    const text = name === "cpu" ? `${total(({ milli }) => milli)}m` : String(total(({ whole }) => whole));
    sum[name] = parseQuantity(text).text;
  }
  return sum;
}

function claimFaults(limit: LimitRangeItem, { spec }: PersistentVolumeClaim): readonly string[] {
  if (limit.type !== "PersistentVolumeClaim") return [];
  return limitFaults(limit, spec.resources?.requests, undefined);
}
