import { matchesSelector } from "../../../../kinds/label-selector.ts";
import {
  routeInvalidGateway,
  routeInvalidListener,
  routeNotAllowed,
  routeOtherHost,
  routeWithoutParent,
} from "./conditions.ts";
import { acceptedHosts } from "./hostnames.ts";
import type { Listener } from "./listeners.ts";
import { type Condition, GROUP, keyOf, type ParentRef, type Route } from "./types.ts";

/** A Gateway that routes may be attached to. */
export interface Parent {
  readonly namespace: string;
  readonly valid: boolean;
  readonly listeners: readonly Listener[];
  /** The labels of a namespace. */
  readonly labelsOf: (namespace: string) => Readonly<Record<string, string>>;
}

/** What became of a route's wish for one parent. */
export interface Attachment {
  /** Why it is not accepted. */
  readonly condition: Condition | undefined;
  /** The hosts under which each listener has it; those of valid listeners are served. */
  readonly hosts: ReadonlyMap<Listener, readonly string[]>;
}

/** Attaches a route to the listeners of a Gateway that a parent reference means (nginx-gateway-fabric, graph, 2.4). */
export function attach(route: Route, reference: ParentRef, parent: Parent): Attachment {
  const hosts = new Map<Listener, readonly string[]>();
  const failed = (condition: Condition): Attachment => ({ condition, hosts });
  const meant = parent.listeners.filter(
    ({ source }) =>
      (!reference.sectionName || source.name === reference.sectionName) &&
      (reference.port === undefined || source.port === reference.port),
  );
  if (meant.length === 0) return failed(routeWithoutParent);
  if (!parent.valid) return failed(routeInvalidGateway);
  const attachable = meant.filter((listener) => listener.attachable);
  if (attachable.length === 0) return failed(routeInvalidListener);
  let allowed = false;
  for (const listener of attachable) {
    if (!namespaceAllowed(route, listener, parent) || !kindAllowed(route, listener)) continue;
    allowed = true;
    const accepted = acceptedHosts(listener.source.hostname, route.spec.hostnames);
    if (accepted.length === 0) continue;
    hosts.set(listener, accepted);
    listener.routes.add(`${route.kind} ${keyOf(route)}`);
  }
  if (hosts.size === 0) return failed(allowed ? routeOtherHost : routeNotAllowed);
  if (![...hosts.keys()].some(({ valid }) => valid)) return failed(routeInvalidListener);
  return { condition: undefined, hosts };
}

function namespaceAllowed({ metadata }: Route, { source }: Listener, parent: Parent): boolean {
  const { from = "Same", selector } = source.allowedRoutes?.namespaces ?? {};
  const { namespace = "" } = metadata;
  if (from === "All") return true;
  if (from === "Selector") return selector !== undefined && matchesSelector(selector, parent.labelsOf(namespace));
  return namespace === parent.namespace;
}

function kindAllowed({ kind }: Route, { supportedKinds }: Listener): boolean {
  return supportedKinds.some((one) => one.group === GROUP && one.kind === kind);
}
