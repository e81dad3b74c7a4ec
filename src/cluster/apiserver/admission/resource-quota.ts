import { compareText } from "../../../base/go-text.ts";
import {
  addQuantity,
  compareQuantity,
  parseQuantity,
  type Quantity,
  subtractQuantity,
} from "../../../base/quantity.ts";
import { isInScope, type Usage, unsaid, usageOf } from "../../../kinds/quota-usage.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { ResourceQuota } from "../../../kinds/types/policy.ts";
import type { AdmissionPlugin, AdmissionRequest } from "../define.ts";
import { forbidden } from "../errors.ts";

const zero = parseQuantity("0");

/**
 * Refuses what a namespace's quotas do not allow, and counts what they do (apiserver
 * pkg/admission/plugin/resourcequota, 1.35). What counts is the quota's status: the controller's work.
 */
export const resourceQuota: AdmissionPlugin = {
  name: "ResourceQuota",
  validate(request, server) {
    const { kind, namespace, object } = request;
    if (!object || namespace === undefined || !isCounted(request)) return;
    const quotas = server.list<ResourceQuota>("resourcequotas", namespace);
    if (quotas.length === 0) return;
    const usage = usageOf(kind, object);
    const concerned = quotas.filter(
      (quota) => isInScope(kind, object, quota) && [...usage.keys()].some((name) => hardOf(quota)[name] !== undefined),
    );
    const ofPods = quotas.filter((quota) => isInScope(kind, object, quota));
    if (kind.group === "" && kind.plural === "pods") for (const quota of ofPods) demand(request, object as Pod, quota);
    if (concerned.length === 0) return;
    const delta = request.old ? difference(usage, usageOf(kind, request.old)) : usage;
    const next = concerned.map((quota) => charged(request, object, quota, delta));
    if (request.dryRun) return;
    for (const [index, quota] of concerned.entries()) {
      const used = next[index];
      if (used) server.putStatus<ResourceQuota>("resourcequotas", quota, { ...quota.status, used });
    }
  },
};

/** New objects, and changes of what may come to use more: claims, services, resized pods. */
function isCounted({ operation, kind, subresource }: AdmissionRequest): boolean {
  if (operation === "CREATE") return !subresource;
  if (operation !== "UPDATE" || kind.group !== "") return false;
  if (kind.plural === "pods") return subresource === "resize";
  return !subresource && (kind.plural === "services" || kind.plural === "persistentvolumeclaims");
}

function hardOf({ status }: ResourceQuota): Readonly<Record<string, string>> {
  return status?.hard ?? {};
}

/** A quota of computing resources wants every container to say what it needs. */
function demand(request: AdmissionRequest, pod: Pod, quota: ResourceQuota): void {
  const missing = unsaid(pod, Object.keys(hardOf(quota)));
  if (missing) throw refusal(request, pod, `failed quota: ${quota.metadata.name}: ${missing}`);
}

/** What a quota's usage becomes; throws where it is too much. undefined where nothing changes. */
function charged(
  request: AdmissionRequest,
  object: KubeObject,
  quota: ResourceQuota,
  delta: Usage,
): Record<string, string> | undefined {
  const hard = hardOf(quota);
  const used = quota.status?.used ?? {};
  const names = [...delta.keys()].filter((name) => hard[name] !== undefined).sort(compareText);
  const unknown = names.filter((name) => used[name] === undefined);
  if (unknown.length > 0)
    throw refusal(request, object, `status unknown for quota: ${quota.metadata.name}, resources: ${unknown.join(",")}`);
  const changed = names.filter((name) => delta.get(name)?.nanos !== 0n);
  if (changed.length === 0) return undefined;
  const next: Record<string, string> = { ...used };
  const exceeded: string[] = [];
  for (const name of changed) {
    const step = delta.get(name) ?? zero;
    const sum = addQuantity(parseQuantity(used[name] ?? "0"), step);
    if (step.nanos > 0n && compareQuantity(sum, parseQuantity(hard[name] ?? "0")) > 0) exceeded.push(name);
    next[name] = sum.text;
  }
  if (exceeded.length === 0) return next;
  const list = (amount: (name: string) => string) => exceeded.map((name) => `${name}=${amount(name)}`).join(",");
  const requested = list((name) => (delta.get(name) as Quantity).text);
  const [now, limited] = [list((name) => used[name] ?? "0"), list((name) => hard[name] ?? "0")];
  throw refusal(
    request,
    object,
    `exceeded quota: ${quota.metadata.name}, requested: ${requested}, used: ${now}, limited: ${limited}`,
  );
}

function difference(now: Usage, before: Usage): Usage {
  const delta: Usage = new Map();
  for (const name of new Set([...now.keys(), ...before.keys()]))
    delta.set(name, subtractQuantity(now.get(name) ?? zero, before.get(name) ?? zero));
  return delta;
}

function refusal({ kind }: AdmissionRequest, { metadata }: KubeObject, why: string) {
  return forbidden(kind, metadata.name || metadata.generateName, why);
}
