import { cidrContains, parseCidr, parseIp } from "../../base/cidr.ts";
import { SECOND } from "../../base/clock.ts";
import { parseRfc3339, rfc3339 } from "../../base/time.ts";
import { conditionOf } from "../../kinds/labels.ts";
import type { Condition } from "../../kinds/types/meta.ts";
import type { IpAddress, ServiceCidr } from "../../kinds/types/service-cidr.ts";
import type { Api } from "../apiserver/define.ts";
import type { Again, Controller, ControllerTools, Key } from "./define.ts";

const FINALIZER = "networking.k8s.io/service-cidr-finalizer";
const resource = "servicecidrs.networking.k8s.io";
const addresses = "ipaddresses.networking.k8s.io";
/** How long a deleted range stays at least, so that all servers know (deletionGracePeriod). */
const GRACE = 10 * SECOND;
const MANAGED = "ipaddress.kubernetes.io/managed-by";

/** Keeps ranges that cluster IPs are taken from, and says whether they are ready (pkg/controller/servicecidrs, 1.35). */
export const serviceCidr: Controller<ServiceCidr> = {
  name: "service-cidr-controller",
  account: "service-cidrs-controller",
  for: resource,
  watches: [
    { resource, keys: (_range, api) => deletedRanges(api) },
    // Only an address that goes may set a range free.
    { resource: addresses, keys: (_address, api, _old, type) => (type === "DELETED" ? deletedRanges(api) : []) },
  ],
  concerns: (_range, _old, type) => type !== "DELETED",
  reconcile(api, range, _key, tools) {
    if (!range) return undefined;
    return range.metadata.deletionTimestamp ? giveUp(api, range, tools) : keep(api, range, tools);
  },
};

function deletedRanges(api: Api): readonly Key[] {
  const ranges = api.list<ServiceCidr>(resource).filter(({ metadata }) => metadata.deletionTimestamp);
  return ranges.map(({ metadata }) => ({ namespace: "", name: metadata.name }));
}

function keep(api: Api, range: ServiceCidr, tools: ControllerTools): undefined {
  const { finalizers = [] } = range.metadata;
  if (!finalizers.includes(FINALIZER)) setFinalizers(api, range, [...finalizers, FINALIZER]);
  const message = "Kubernetes Service CIDR is ready";
  setReady(api, range, { message, reason: "", status: "True" }, tools);
}

function giveUp(api: Api, range: ServiceCidr, tools: ControllerTools): Again | undefined {
  const { finalizers = [], deletionTimestamp = "" } = range.metadata;
  if (isNeeded(api, range)) {
    const message =
      "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR";
    setReady(api, range, { message, reason: "Terminating", status: "False" }, tools);
    return undefined;
  }
  const left = (parseRfc3339(deletionTimestamp) ?? 0) + GRACE - tools.clock.now;
  if (left > 0) return { againIn: left / SECOND };
  if (finalizers.includes(FINALIZER))
    setFinalizers(
      api,
      range,
      finalizers.filter((name) => name !== FINALIZER),
    );
  return undefined;
}

/** Whether a cluster IP lies in this range and in no other. */
function isNeeded(api: Api, range: ServiceCidr): boolean {
  const others = api
    .list<ServiceCidr>(resource)
    .filter(({ metadata }) => metadata.name !== range.metadata.name)
    .flatMap(({ spec }) => (spec.cidrs ?? []).map(parseCidr));
  return (range.spec.cidrs ?? []).map(parseCidr).some((cidr) => {
    if (others.some((other) => other.prefix <= cidr.prefix && cidrContains(other, cidr.first))) return false;
    return api.list<IpAddress>(addresses).some(({ metadata }) => {
      const ip = metadata.labels?.[MANAGED] === "ipallocator.k8s.io" ? parseIp(metadata.name) : undefined;
      return ip && cidrContains(cidr, ip) && !others.some((other) => cidrContains(other, ip));
    });
  });
}

function setFinalizers(api: Api, range: ServiceCidr, finalizers: string[]): void {
  api.modify<ServiceCidr>(range, (now) => ({ ...now, metadata: { ...now.metadata, finalizers } }));
}

type Verdict = Pick<Condition, "message" | "reason" | "status">;

function setReady(api: Api, range: ServiceCidr, verdict: Verdict, { clock }: ControllerTools): void {
  const known = conditionOf(range, "Ready");
  if (known?.status === verdict.status && known.reason === verdict.reason && known.message === verdict.message) return;
  const condition = { lastTransitionTime: rfc3339(clock.now), ...verdict, type: "Ready" };
  api.modify<ServiceCidr>(range, (now) => ({ ...now, status: { conditions: [condition] } }), "status");
}
