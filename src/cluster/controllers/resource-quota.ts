import { SECOND } from "../../base/clock.ts";
import { parseGoDuration } from "../../base/go-duration.ts";
import { addQuantity, parseQuantity } from "../../base/quantity.ts";
import { type Kind, resourceName } from "../../kinds/define.ts";
import { equal } from "../../kinds/equal.ts";
import { countName, isInScope, usageOf } from "../../kinds/quota-usage.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { ResourceQuota } from "../../kinds/types/policy.ts";
import type { Api, Change } from "../apiserver/define.ts";
import type { Controller, Key, Sentence, Watched } from "./define.ts";
import { isFinished } from "./pod-state.ts";

/** How often everything is counted anew, unless --resource-quota-sync-period says otherwise. */
const RESYNC = "5m0s";

/** Counts what a namespace uses of its quotas (kubernetes pkg/controller/resourcequota, 1.35). */
export const resourceQuota: Controller = {
  name: "resourcequota-controller",
  begin(api, { flags }) {
    const resync = parseGoDuration(flags["resource-quota-sync-period"] ?? RESYNC) / SECOND;
    const watches = api
      .kinds()
      .filter(isCounted)
      .map(
        (kind): Watched => ({
          resource: resourceName(kind),
          keys: (object, live, old, type) => freed(live, object, old, type),
        }),
      );
    const sentence: Sentence<ResourceQuota> = {
      for: "resourcequotas",
      concerns: (quota, old) => !old || quota.spec !== old.spec || !equal(quota.spec?.hard, quota.status?.hard),
      watches,
      reconcile(live, quota) {
        if (!quota) return undefined;
        count(live, quota);
        return { againIn: resync };
      },
    };
    return [sentence as unknown as Sentence];
  },
};

function isCounted({ namespaced, storedAs, kind, verbs }: Kind): boolean {
  return (
    namespaced &&
    !storedAs &&
    kind !== "Event" &&
    ["list", "watch"].every((verb) => !verbs || verbs.some((one) => one === verb))
  );
}

/** The quotas of a namespace in which something came free. What is new is counted by admission. */
function freed(api: Api, object: KubeObject, old: KubeObject | undefined, type: Change["type"]): readonly Key[] {
  if (type === "ADDED") return [];
  if (type === "MODIFIED" && !usesLess(object, old)) return [];
  const { namespace = "" } = object.metadata;
  return api
    .list<ResourceQuota>("resourcequotas", namespace)
    .map(({ metadata }) => ({ namespace, name: metadata.name }));
}

function usesLess(object: KubeObject, old: KubeObject | undefined): boolean {
  if (object.apiVersion !== "v1" || !old) return false;
  if (object.kind === "Pod") return isFinished(object as Pod) && !isFinished(old as Pod);
  return (object.kind === "Service" || object.kind === "PersistentVolumeClaim") && object.spec !== old.spec;
}

function count(api: Api, quota: ResourceQuota): void {
  const hard = quota.spec?.hard ?? {};
  const names = Object.keys(hard);
  const kinds = api.kinds().filter(isCounted);
  const totals = new Map(names.filter((name) => isKnown(name, kinds)).map((name) => [name, parseQuantity("0")]));
  for (const kind of kinds) {
    if (!names.some((name) => isOf(kind, name))) continue;
    for (const object of api.list<KubeObject>(resourceName(kind), quota.metadata.namespace)) {
      if (!isInScope(kind, object, quota)) continue;
      for (const [name, amount] of usageOf(kind, object)) {
        const before = totals.get(name);
        if (before) totals.set(name, addQuantity(before, amount));
      }
    }
  }
  const used = Object.fromEntries([...totals].map(([name, { text }]) => [name, text]));
  const status = { hard: { ...hard }, used };
  if (names.length > 0 ? !equal(status, quota.status) : quota.status?.hard !== undefined)
    api.modify<ResourceQuota>(quota, (current) => ({ ...current, status }), "status");
}

function isKnown(name: string, kinds: readonly Kind[]): boolean {
  return !name.startsWith("count/") || kinds.some((kind) => countName(kind) === name);
}

/** Whether a kind's objects may use up what a quota calls by this name. */
function isOf(kind: Kind, name: string): boolean {
  if (name === countName(kind)) return true;
  if (kind.group !== "" || name.startsWith("count/")) return false;
  const ofClaims =
    name === "persistentvolumeclaims" || name === "requests.storage" || name.includes(".storageclass.storage.k8s.io/");
  if (kind.plural === "persistentvolumeclaims") return ofClaims;
  if (kind.plural === "services") return name === "services" || name.startsWith("services.");
  if (kind.plural !== "pods") return name === kind.plural;
  return (
    name === "pods" ||
    (!ofClaims && /^((requests|limits)\.)?(cpu|memory|ephemeral-storage|hugepages-.*)$|^requests\.[^/]*\/./.test(name))
  );
}
