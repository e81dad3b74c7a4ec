import type { Secret } from "../../../../kinds/types/core.ts";
import type { Pki } from "../../../kubeadm/pki.ts";
import { certificateOf } from "../../../network/http/served-certificates.ts";
import {
  listenerCertificateNotPermitted,
  listenerConflict,
  listenerInvalidCertificate,
  listenerInvalidKinds,
  listenerOverlapping,
  listenerUnsupportedProtocol,
  listenerUnsupportedValue,
} from "./conditions.ts";
import { mayPoint } from "./grants.ts";
import { overlap } from "./hostnames.ts";
import { type Condition, type Gateway, type GatewayListener, GROUP, type ReferenceGrant } from "./types.ts";

/** A listener as the controller judges it. */
export interface Listener {
  readonly source: GatewayListener;
  /** Whether a server can be made of it. */
  valid: boolean;
  /** Whether routes can be attached all the same. */
  readonly attachable: boolean;
  readonly conditions: Condition[];
  readonly supportedKinds: readonly { readonly group: string; readonly kind: string }[];
  /** The certificate that it shows, with its chain, PEM. */
  certificate: string | undefined;
  /** The routes that are attached, by kind and name. */
  readonly routes: Set<string>;
}

export interface ListenerSources {
  readonly secret: (namespace: string, name: string) => Secret | undefined;
  readonly grants: readonly ReferenceGrant[];
  readonly pki: Pki | undefined;
}

/** The ports that the data plane itself uses. */
const protectedPorts: ReadonlyMap<number, string> = new Map([
  [9113, "MetricsPort"],
  [8081, "HealthPort"],
]);

const kindsOf: Readonly<Record<string, readonly string[]>> = {
  HTTP: ["HTTPRoute", "GRPCRoute"],
  HTTPS: ["HTTPRoute", "GRPCRoute"],
  TLS: ["TLSRoute"],
  TCP: ["TCPRoute"],
  UDP: ["UDPRoute"],
};
const served = ["HTTP", "HTTPS"];

/** The listeners of a Gateway, with what is wrong with them (internal/controller/state/graph, 2.4). */
export function listenersOf(gateway: Gateway, sources: ListenerSources): Listener[] {
  const all = gateway.spec.listeners.map(judged);
  const clean = all.filter(({ valid }) => valid);
  portConflicts(clean);
  overlaps(clean);
  for (const listener of clean)
    if (listener.source.protocol === "HTTPS") resolveCertificate(gateway, listener, sources);
  return all;
}

function judged(source: GatewayListener): Listener {
  const { protocol, allowedRoutes, port } = source;
  const made = (conditions: Condition[], attachable: boolean): Listener => ({
    source,
    valid: conditions.length === 0,
    attachable,
    conditions,
    supportedKinds: supportedKinds(source).known,
    certificate: undefined,
    routes: new Set(),
  });
  if (!served.includes(protocol)) {
    const supported = served.map((one) => `"${one}"`).join(", ");
    const words = `protocol: Unsupported value: ${JSON.stringify(protocol)}: supported values: ${supported}`;
    return made([...listenerUnsupportedProtocol(words)], false);
  }
  const conditions = supportedKinds(source).unknown.flatMap(({ group, kind }) =>
    listenerInvalidKinds(`Unsupported route kind for protocol ${protocol} "${group}/${kind}"`),
  );
  const { from, selector } = allowedRoutes?.namespaces ?? {};
  if (from === "Selector" && !selector)
    conditions.push(
      ...listenerUnsupportedValue("Listener's AllowedRoutes Selector must be set when From is set to type Selector"),
    );
  const attachable = conditions.length === 0;
  const taken = protectedPorts.get(port);
  if (taken !== undefined)
    conditions.push(...listenerUnsupportedValue(`port: Invalid value: ${port}: port is already in use as ${taken}`));
  if (protocol === "HTTPS") conditions.push(...tlsFaults(source));
  return made(conditions, attachable);
}

function supportedKinds({ protocol, allowedRoutes }: GatewayListener) {
  const fitting = (kindsOf[protocol] ?? []).map((kind) => ({ group: GROUP, kind }));
  const asked = allowedRoutes?.kinds?.map(({ group = GROUP, kind }) => ({ group, kind }));
  const fits = (one: { group: string; kind: string }) =>
    fitting.some(({ group, kind }) => group === one.group && kind === one.kind);
  return { known: asked?.filter(fits) ?? fitting, unknown: asked?.filter((one) => !fits(one)) ?? [] };
}

function tlsFaults({ tls }: GatewayListener): readonly Condition[] {
  if (!tls) return listenerUnsupportedValue("TLS: Required value: tls must be defined for HTTPS listener");
  const found: Condition[] = [];
  if (Object.keys(tls.options ?? {}).length > 0)
    found.push(...listenerUnsupportedValue("tls.options: Forbidden: options are not supported"));
  const [first, ...more] = tls.certificateRefs ?? [];
  if (!first) {
    const words = "tls.certificateRefs: Required value: certificateRefs must be defined for TLS mode terminate";
    return [...found, ...listenerInvalidCertificate(words)];
  }
  const unsupported = (field: string, value: string, supported: string) =>
    listenerInvalidCertificate(
      `tls.certificateRefs[0].${field}: Unsupported value: "${value}": supported values: "${supported}"`,
    );
  if (first.kind && first.kind !== "Secret") found.push(...unsupported("kind", first.kind, "Secret"));
  if (first.group) found.push(...unsupported("group", first.group, ""));
  if (more.length > 0)
    found.push(
      ...listenerUnsupportedValue(`tls.certificateRefs: Too many: ${more.length + 1}: must have at most 1 item`),
    );
  return found;
}

/** Listeners of one port must speak either HTTP or TLS. */
function portConflicts(listeners: readonly Listener[]): void {
  for (const [port, same] of byPort(listeners)) {
    if (new Set(same.map(({ source }) => source.protocol)).size < 2) continue;
    const words = `Multiple listeners for the same port ${port} specify incompatible protocols; ensure only one protocol per port`;
    for (const listener of same) {
      listener.valid = false;
      listener.conditions.push(...listenerConflict("ProtocolConflict", words));
    }
  }
}

function overlaps(listeners: readonly Listener[]): void {
  for (const [, same] of byPort(listeners.filter(({ source }) => source.protocol === "HTTPS")))
    same.forEach((listener, at) => {
      for (const earlier of same.slice(0, at))
        if (overlap(listener.source.hostname, earlier.source.hostname)) {
          listener.conditions.push(listenerOverlapping);
          earlier.conditions.push(listenerOverlapping);
        }
    });
}

function byPort(listeners: readonly Listener[]): Map<number, Listener[]> {
  const found = new Map<number, Listener[]>();
  for (const listener of listeners)
    found.set(listener.source.port, [...(found.get(listener.source.port) ?? []), listener]);
  return found;
}

function resolveCertificate(gateway: Gateway, listener: Listener, sources: ListenerSources): void {
  const found = certificateFor(gateway, listener.source, sources);
  if (typeof found === "string") {
    listener.certificate = found;
    return;
  }
  listener.valid = false;
  listener.conditions.push(...found);
}

/** The certificate of a listener, or what is said where there is none. */
function certificateFor(
  { metadata }: Gateway,
  { tls }: GatewayListener,
  sources: ListenerSources,
): string | readonly Condition[] {
  const own = metadata.namespace ?? "";
  const { name, namespace = own } = tls?.certificateRefs?.[0] ?? { name: "" };
  if (!mayPoint(sources.grants, { kind: "Gateway", namespace: own, to: { kind: "Secret", namespace, name } })) {
    const words = `Certificate ref to secret ${namespace}/${name} not permitted by any ReferenceGrant`;
    return listenerCertificateNotPermitted(words);
  }
  const invalid = (why: string) =>
    listenerInvalidCertificate(`tls.certificateRefs[0]: Invalid value: "${namespace}/${name}": ${why}`);
  const secret = sources.secret(namespace, name);
  if (!secret) return invalid("secret does not exist");
  if (secret.type !== "kubernetes.io/tls") return invalid(`unsupported secret type "${secret.type ?? "Opaque"}"`);
  const found = certificateOf(secret, sources.pki);
  if ("certificate" in found) return found.certificate;
  return invalid(`TLS secret is invalid: ${found.problem ?? "tls: failed to find any PEM data in certificate input"}`);
}
