import type { JsonObject } from "../../../base/json.ts";
import type { AdmitTools } from "../../../kinds/define.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Context } from "../context.ts";
import type { AdmissionTools } from "../define.ts";
import { trackCreate, trackUpdate } from "../managed-fields/track.ts";
import { timeText } from "../time-text.ts";
import { askWebhook } from "./webhook-servers.ts";

/** What kinds may ask while they admit an object, by apiVersion and plural. */
export function admitTools(context: Context): AdmitTools {
  const kindOf = (apiVersion: string, plural: string) => {
    const slash = apiVersion.indexOf("/");
    return context.kinds.byGroupVersionResource(
      slash < 0 ? "" : apiVersion.slice(0, slash),
      apiVersion.slice(slash + 1),
      plural,
    );
  };
  return {
    list(apiVersion, plural, namespace) {
      const kind = kindOf(apiVersion, plural);
      return kind ? context.storage.list(kind, namespace) : [];
    },
    get(apiVersion, plural, namespace, name) {
      const kind = kindOf(apiVersion, plural);
      return kind ? context.storage.get(kind, namespace, name) : undefined;
    },
    random: context.random,
    now: context.clock.now,
    flags: context.flags,
  };
}

/** What the chain of plugins keeps for them. */
export interface ChainState {
  readonly configurations: ReadonlyMap<string, JsonObject>;
  isAgain: boolean;
}

/** What admission plugins may ask, by "pods" or "deployments.apps". */
export function admissionTools(context: Context, chain: ChainState): AdmissionTools {
  return {
    get<T extends KubeObject>(resource: string, namespace: string | undefined, name: string) {
      const kind = context.kinds.byResource(resource);
      return kind && (context.storage.get(kind, namespace, name) as T | undefined);
    },
    list<T extends KubeObject>(resource: string, namespace?: string) {
      const kind = context.kinds.byResource(resource);
      return (kind ? context.storage.list(kind, namespace) : []) as readonly T[];
    },
    putStatus(resource, object, status) {
      const kind = context.kinds.byResource(resource);
      if (!kind) return;
      const written = context.storage.put(kind, { ...object, status });
      trackUpdate(written, object, undefined, context.clock.now, () => []);
    },
    may: (user, what) => context.authorizer.decide(user, what).allowed,
    decide: (user, what) => context.authorizer.decide(user, what),
    kindNamed: (apiVersion, kind) => context.kinds.byApiVersionKind(apiVersion, kind),
    equivalents(kind) {
      const stored = context.storage.ruling(kind);
      return context.kinds.all.filter((other) => other !== kind && context.storage.ruling(other) === stored);
    },
    shown: (kind, object) => context.storage.shown(kind, object),
    flags: context.flags,
    configuration: (plugin) => chain.configurations.get(plugin),
    createNamespace: (name) => createNamespace(context, name),
    ask: (client, request) => askWebhook(context, client, request),
    again() {
      chain.isAgain = true;
    },
    random: context.random,
    get now() {
      return context.clock.now;
    },
    warn: (text) => context.warn(text),
    annotate: (key, value) => context.trail?.annotate(key, value),
  };
}

function createNamespace(context: Context, name: string): void {
  const kind = context.kinds.byResource("namespaces");
  if (!kind || context.storage.get(kind, undefined, name)) return;
  const metadata = { name, uid: context.random.uuid(), creationTimestamp: timeText(context.clock.now) };
  const object: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata };
  kind.defaults?.(object);
  kind.prepareForCreate?.(object);
  const manager = { name: "kube-apiserver", apiVersion: "v1", subresource: undefined };
  trackCreate(context.storage.put(kind, object), manager, context.clock.now);
}
