import { CelFault } from "../../base/cel.ts";
import { deviceExpression, deviceVariables } from "../../kinds/device-expressions.ts";
import type { Allocation, DeviceClass, DeviceRequest, ExactRequest, ResourceClaim } from "../../kinds/types/devices.ts";
import { nodesOf, type Pool, type PooledDevice } from "./pools.ts";

/** What is to be given: devices of these pools that nobody has, by the classes there are. */
export interface Stock {
  readonly pools: readonly Pool[];
  readonly taken: ReadonlySet<string>;
  classOf(name: string): DeviceClass | undefined;
}

/** Something is wrong with an expression: nothing can be said of any node. */
export class DeviceFault extends Error {}

/** So many devices may one claim have (resource/v1 AllocationResultsMaxSize). */
const MOST_DEVICES = 32;

/** One way to meet a request: the request, or one of its alternatives. */
interface Way {
  readonly name: string;
  readonly request: ExactRequest;
  readonly owner: DeviceClass;
  readonly candidates: readonly PooledDevice[];
  readonly count: number;
}

interface Chosen {
  readonly way: Way;
  readonly device: PooledDevice;
}

interface Task {
  readonly claim: ResourceClaim;
  readonly entry: DeviceRequest;
}

/**
 * Devices for all claims at once: the first solution in the order of requests, pools and devices; undefined where there
 * is none (k8s.io/dynamic-resource-allocation structured Allocate, 1.35). Throws DeviceFault.
 */
export function allocate(claims: readonly ResourceClaim[], stock: Stock): readonly Allocation[] | undefined {
  const tasks = claims.flatMap((claim) => (claim.spec.devices?.requests ?? []).map((entry) => ({ claim, entry })));
  const ways = new Map(tasks.map((task) => [task.entry, waysOf(task, stock)]));
  const chosen = new Map<ResourceClaim, Chosen[]>(claims.map((claim) => [claim, []]));
  const used = new Set(stock.taken);
  const solve = (index: number): boolean => {
    const task = tasks[index];
    if (!task) return true;
    const own = chosen.get(task.claim) ?? [];
    const pick = (way: Way, from: number, left: number): boolean => {
      if (left === 0) return solve(index + 1);
      for (let i = from; i <= way.candidates.length - left; i++) {
        const device = way.candidates[i];
        if (!device || used.has(device.id) || own.length >= MOST_DEVICES) continue;
        own.push({ way, device });
        used.add(device.id);
        if (meetsConstraints(task.claim, own) && pick(way, i + 1, left - 1)) return true;
        own.pop();
        used.delete(device.id);
      }
      return false;
    };
    return (ways.get(task.entry) ?? []).some((way) => way.count > 0 && pick(way, 0, way.count));
  };
  if (!solve(0)) return undefined;
  return claims.map((claim) => allocationOf(claim, chosen.get(claim) ?? []));
}

/** The ways to meet a request; those whose pools are not whole are none. */
function waysOf({ claim, entry }: Task, stock: Stock): readonly Way[] {
  const { name = "", exactly, firstAvailable = [] } = entry;
  const choices = exactly
    ? [{ name, request: exactly }]
    : firstAvailable.map((request) => ({ name: `${name}/${request.name}`, request }));
  return choices.flatMap((choice) => {
    const owner = stock.classOf(choice.request.deviceClassName ?? "");
    const isAll = choice.request.allocationMode === "All";
    // All of a pool of which a part is missing cannot be known.
    if (!owner || (isAll && stock.pools.some(({ isWhole }) => !isWhole))) return [];
    const candidates = stock.pools
      .filter(({ isWhole }) => isWhole)
      .flatMap(({ devices }) => devices)
      .filter((device) => isSelected(device, choice.request, owner, claim));
    const count = isAll ? candidates.length : (choice.request.count ?? 1);
    return [{ ...choice, owner, candidates, count }];
  });
}

function isSelected(device: PooledDevice, request: ExactRequest, owner: DeviceClass, claim: ResourceClaim): boolean {
  const { namespace, name } = claim.metadata;
  return (
    meetsAll(device, owner.spec.selectors, `class ${owner.metadata.name}`) &&
    meetsAll(device, request.selectors, `claim ${namespace}/${name}`)
  );
}

function meetsAll({ device, slice }: PooledDevice, selectors: ExactRequest["selectors"] = [], of: string): boolean {
  for (const [index, { cel }] of selectors.entries()) {
    const expression = cel?.expression ?? "";
    const program = deviceExpression(expression);
    if (typeof program === "string") throw new DeviceFault(`${of}: selector #${index}: CEL compile error: ${program}`);
    try {
      if (program.run({ ...deviceVariables(expression, slice.spec.driver ?? "", device) }) !== true) return false;
    } catch (error) {
      if (!(error instanceof CelFault)) throw error;
      throw new DeviceFault(`${of}: selector #${index}: CEL runtime error: ${error.message}`);
    }
  }
  return true;
}

/** matchAttribute: all devices that a constraint speaks of have the same value. */
function meetsConstraints({ spec }: ResourceClaim, chosen: readonly Chosen[]): boolean {
  return (spec.devices?.constraints ?? []).every(({ requests = [], matchAttribute }) => {
    if (matchAttribute === undefined) return true;
    const [first, ...others] = chosen
      .filter(({ way }) => requests.length === 0 || requests.some((one) => isPartOf(way.name, one)))
      .map(({ device }) => attributeOf(device, matchAttribute));
    return first !== undefined || others.length === 0 ? others.every((value) => value === first) : false;
  });
}

const isPartOf = (name: string, request: string) => name === request || name.startsWith(`${request}/`);

function attributeOf({ device, slice }: PooledDevice, name: string): string | undefined {
  const own = `${slice.spec.driver}/`;
  const short = name.startsWith(own) ? name.slice(own.length) : undefined;
  const value = device.attributes?.[name] ?? (short === undefined ? undefined : device.attributes?.[short]);
  return value && JSON.stringify(value);
}

function allocationOf({ spec }: ResourceClaim, chosen: readonly Chosen[]): Allocation {
  const results = chosen.map(({ way, device: { slice, device } }) => ({
    request: way.name,
    driver: slice.spec.driver ?? "",
    pool: slice.spec.pool?.name ?? "",
    device: device.name ?? "",
  }));
  const ways = new Set(chosen.map(({ way }) => way));
  const ofClasses = [...ways].flatMap(({ name, owner }) =>
    (owner.spec.config ?? []).map((config) => ({ source: "FromClass", requests: [name], ...config })),
  );
  const ofClaim = (spec.devices?.config ?? [])
    .filter(
      ({ requests = [] }) =>
        requests.length === 0 || [...ways].some(({ name }) => requests.some((one) => isPartOf(name, one))),
    )
    .map((config) => ({ source: "FromClaim", ...config }));
  const config = [...ofClasses, ...ofClaim];
  const nodeSelector = nodesOf(chosen.map(({ device }) => device));
  return { devices: { results, ...(config.length > 0 ? { config } : {}) }, ...(nodeSelector ? { nodeSelector } : {}) };
}
