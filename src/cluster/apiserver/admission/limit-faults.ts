import { compareQuantity, parseQuantity } from "../../../base/quantity.ts";
import type { LimitRangeItem, Quantities } from "../../../kinds/types/policy.ts";

/** What of an amount goes against a limit range, in the order minimum, maximum, ratio; resources in order of their names. */
export function limitFaults(
  limit: LimitRangeItem,
  requests: Readonly<Quantities> = {},
  limits: Readonly<Quantities> = {},
): readonly string[] {
  const { type, min = {}, max = {}, maxLimitRequestRatio = {} } = limit;
  const isClaim = type === "PersistentVolumeClaim";
  const faults = [
    ...named(min).map((name) => minimumFault(name, type, min[name] ?? "0", requests[name], limits[name])),
    ...named(max).map((name) =>
      isClaim
        ? claimFault(name, type, max[name] ?? "0", requests[name])
        : maximumFault(name, type, max[name] ?? "0", requests[name], limits[name]),
    ),
    ...(isClaim ? [] : named(maxLimitRequestRatio)).map((name) =>
      ratioFault(name, type, maxLimitRequestRatio[name] ?? "0", requests[name], limits[name]),
    ),
  ];
  return faults.filter((fault) => fault !== undefined);
}

function named(list: Quantities): string[] {
  return Object.keys(list).sort();
}

function order(a: string, b: string): number {
  return compareQuantity(parseQuantity(a), parseQuantity(b));
}

type Amount = string | undefined;

function minimumFault(name: string, type: string, bound: string, request: Amount, limit: Amount): Amount {
  const rule = `minimum ${name} usage per ${type} is ${bound}`;
  if (request === undefined) return `${rule}.  No request is specified`;
  if (order(request, bound) < 0) return `${rule}, but request is ${request}`;
  return limit !== undefined && order(limit, bound) < 0 ? `${rule}, but limit is ${limit}` : undefined;
}

function maximumFault(name: string, type: string, bound: string, request: Amount, limit: Amount): Amount {
  const rule = `maximum ${name} usage per ${type} is ${bound}`;
  if (limit === undefined) return `${rule}.  No limit is specified`;
  if (order(limit, bound) > 0) return `${rule}, but limit is ${limit}`;
  return request !== undefined && order(request, bound) > 0 ? `${rule}, but request is ${request}` : undefined;
}

function claimFault(name: string, type: string, bound: string, request: Amount): Amount {
  const rule = `maximum ${name} usage per ${type} is ${bound}`;
  if (request === undefined) return `${rule}.  No request is specified`;
  return order(request, bound) > 0 ? `${rule}, but request is ${request}` : undefined;
}

function ratioFault(name: string, type: string, bound: string, request: Amount, limit: Amount): Amount {
  const rule = `${name} max limit to request ratio per ${type} is ${bound}`;
  const [asked, allowed] = [parseQuantity(request ?? "0").milli, parseQuantity(limit ?? "0").milli];
  if (asked === 0) return `${rule}, but no request is specified or request is 0`;
  if (allowed === 0) return `${rule}, but no limit is specified or limit is 0`;
  const ratio = allowed / asked;
  return ratio * 1000 > parseQuantity(bound).milli ? `${rule}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
}
