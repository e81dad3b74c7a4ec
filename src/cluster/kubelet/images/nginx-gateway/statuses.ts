import type { Json } from "../../../../base/json.ts";
import { sameJson } from "../../../../base/json-object.ts";
import type { KubeObject } from "../../../../kinds/types/meta.ts";
import type { Api } from "../../../apiserver/define.ts";
import { lastOfEach, listenerDefaults, listenerWithoutConflicts } from "./conditions.ts";
import type { BuiltGateway, BuiltRoute } from "./graph.ts";
import type { Listener } from "./listeners.ts";
import type { Condition, GatewayClass, ListenerStatus, ParentRef, RouteParentStatus } from "./types.ts";

interface Stored extends Condition {
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
}

/** Conditions as they are stored: the time stays where the status stays. */
function stored(
  conditions: readonly Condition[],
  before: readonly Stored[] | undefined,
  generation: number | undefined,
  now: string,
): Stored[] {
  return conditions.map(({ type, status, reason, message }) => {
    const old = before?.find((one) => one.type === type);
    const same = old?.status === status && old.reason === reason && old.message === message;
    return {
      lastTransitionTime: same ? old.lastTransitionTime : now,
      message,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      reason,
      status,
      type,
    };
  });
}

/** Writes a status where it is another; the object is as the controller has last seen it. */
function write(api: Api, object: KubeObject & { readonly status?: unknown }, status: unknown): void {
  if (!sameJson(object.status as Json, status as Json)) api.updateStatus({ ...object, status });
}

export function writeClass(api: Api, gatewayClass: GatewayClass, conditions: readonly Condition[], now: string): void {
  const { metadata, status } = gatewayClass;
  const next = stored(lastOfEach(conditions), status?.conditions, metadata.generation, now);
  write(api, gatewayClass, { ...status, conditions: next });
}

/** The status of a Gateway: its addresses, its conditions and those of its listeners. */
export function writeGateway(
  api: Api,
  { source, conditions, listeners }: BuiltGateway,
  addresses: readonly string[],
  now: string,
): void {
  const { metadata, status } = source;
  write(api, source, {
    ...(addresses.length > 0 ? { addresses: addresses.map((value) => ({ type: "IPAddress", value })) } : {}),
    conditions: stored(conditions, status?.conditions, metadata.generation, now),
    listeners: listeners.map((listener) => listenerStatus(listener, status?.listeners, metadata.generation, now)),
  });
}

function listenerStatus(
  { source, conditions, supportedKinds, routes }: Listener,
  before: readonly ListenerStatus[] | undefined,
  generation: number | undefined,
  now: string,
): ListenerStatus {
  const old = before?.find(({ name }) => name === source.name);
  const conflicts = conditions.some(({ type }) => type === "Conflicted" || type === "OverlappingTLSConfig");
  const all = [...listenerDefaults, ...(conflicts ? [] : [listenerWithoutConflicts]), ...conditions];
  return {
    attachedRoutes: routes.size,
    conditions: stored(lastOfEach(all), old?.conditions, generation, now),
    name: source.name,
    supportedKinds,
  };
}

/** What this controller says of a route's parents; what others say stays. */
export function writeRoute(api: Api, { source, parents }: BuiltRoute, controllerName: string, now: string): void {
  const { metadata, status } = source;
  const known = status?.parents ?? [];
  const own = parents.map(({ reference, conditions }): RouteParentStatus => {
    const parentRef = {
      group: reference.group ?? "gateway.networking.k8s.io",
      kind: reference.kind ?? "Gateway",
      name: reference.name,
      namespace: reference.namespace ?? metadata.namespace ?? "",
      ...(reference.port === undefined ? {} : { port: reference.port }),
      ...(reference.sectionName === undefined ? {} : { sectionName: reference.sectionName }),
    };
    const old = known.find((one) => one.controllerName === controllerName && sameParent(one.parentRef, parentRef));
    return { conditions: stored(conditions, old?.conditions, metadata.generation, now), controllerName, parentRef };
  });
  write(api, source, { parents: [...known.filter((one) => one.controllerName !== controllerName), ...own] });
}

function sameParent(a: ParentRef, b: ParentRef): boolean {
  return a.name === b.name && a.namespace === b.namespace && a.sectionName === b.sectionName && a.port === b.port;
}
