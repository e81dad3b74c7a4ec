import type { AdmitTools } from "../../../kinds/define.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Context } from "../context.ts";
import type { AdmissionTools } from "../define.ts";
import { trackUpdate } from "../managed-fields/track.ts";

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

/** What admission plugins may ask, by "pods" or "deployments.apps". */
export function admissionTools(context: Context): AdmissionTools {
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
    random: context.random,
    get now() {
      return context.clock.now;
    },
    warn: (text) => context.warn(text),
  };
}
