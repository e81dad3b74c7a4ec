import type { Labels } from "../../../../base/selector.ts";
import type { Service } from "../../../../kinds/types/core.ts";
import { addressesOf, inTurn, type Pool, poolHas, serves } from "./pools.ts";

/** Why a Service gets no address: the end of its event. */
export class AllocationFault extends Error {}

/** What has been given to a Service. */
interface Allocation {
  readonly pool: string;
  readonly addresses: readonly string[];
  readonly ports: readonly string[];
  readonly sharing: string;
  readonly backend: string;
}

/** What a Service asks with. */
export interface Claim {
  /** shop/web */
  readonly key: string;
  readonly service: Service;
  /** The labels of its namespace. */
  readonly namespace: Labels;
  readonly versions: readonly (4 | 6)[];
  readonly sharing: string;
}

export const versionOf = (address: string): 4 | 6 => (address.includes(":") ? 6 : 4);

/** Go's %q of a list of addresses. */
export const quotedList = (addresses: readonly string[]): string =>
  `[${addresses.map((address) => JSON.stringify(address)).join(" ")}]`;

/** Which Service has which address (go.universe.tf/metallb/internal/allocator, 0.15). */
export class Allocator {
  private pools: readonly Pool[] = [];
  private readonly given = new Map<string, Allocation>();

  setPools(pools: readonly Pool[]): void {
    this.pools = pools;
  }

  release(key: string): boolean {
    return this.given.delete(key);
  }

  poolOf(key: string): string | undefined {
    return this.given.get(key)?.pool;
  }

  keys(): readonly string[] {
    return [...this.given.keys()];
  }

  /** Gives a Service the addresses that it asks for. Throws AllocationFault. */
  assign(claim: Claim, addresses: readonly string[]): void {
    const pool = this.pools.find((one) => addresses.every((address) => poolHas(one, address)));
    if (!pool || !serves(pool, claim.service, claim.namespace))
      throw new AllocationFault(`${quotedList(addresses)} is not allowed in config`);
    const mine = allocationOf(claim, pool.name, addresses);
    for (const address of addresses) this.checkSharing(claim.key, address, mine);
    this.given.set(claim.key, mine);
  }

  private checkSharing(key: string, address: string, mine: Allocation): void {
    const others = [...this.given].filter(([other, { addresses }]) => other !== key && addresses.includes(address));
    const [first] = others;
    if (!first) return;
    const [, theirs] = first;
    const fits = theirs.sharing !== "" && theirs.sharing === mine.sharing && theirs.backend === mine.backend;
    if (!fits)
      throw new AllocationFault(
        `can't change sharing key for "${key}", address also in use by ${others.map(([other]) => other).join(",")}`,
      );
    const [taken] = mine.ports.filter((port) => others.some(([, { ports }]) => ports.includes(port)));
    if (taken !== undefined) throw new AllocationFault(`port ${taken} is already in use on "${address}"`);
  }

  /** Gives a Service free addresses of a pool, one of each of its families. Throws AllocationFault. */
  fromPool(claim: Claim, name: string): readonly string[] {
    const pool = this.pools.find((one) => one.name === name);
    if (!pool) throw new AllocationFault(`unknown pool "${name}"`);
    if (!serves(pool, claim.service, claim.namespace))
      throw new AllocationFault(`pool ${name} not compatible for ip assignment`);
    const addresses = claim.versions.map((version) => this.free(claim, pool, version));
    const all = addresses.filter((address) => address !== undefined);
    if (all.length < addresses.length)
      throw new AllocationFault(`no available IPs in pool "${name}" for ${familyText(claim.versions)} IPFamily`);
    this.given.set(claim.key, allocationOf(claim, name, all));
    return all;
  }

  private free(claim: Claim, pool: Pool, version: 4 | 6): string | undefined {
    for (const address of addressesOf(pool, version)) {
      try {
        this.checkSharing(claim.key, address, allocationOf(claim, pool.name, [address]));
        return address;
      } catch (error) {
        if (!(error instanceof AllocationFault)) throw error;
      }
    }
    return undefined;
  }

  /** Gives a Service free addresses of any pool that may be used without being asked for. Throws AllocationFault. */
  fromAny(claim: Claim): readonly string[] {
    for (const pool of inTurn(this.pools)) {
      if (!serves(pool, claim.service, claim.namespace)) continue;
      try {
        return this.fromPool(claim, pool.name);
      } catch (error) {
        if (!(error instanceof AllocationFault)) throw error;
      }
    }
    throw new AllocationFault("no available IPs");
  }
}

function familyText(versions: readonly (4 | 6)[]): string {
  return versions.length > 1 ? "dual" : `ipv${versions[0] ?? 4}`;
}

function allocationOf({ service, sharing }: Claim, pool: string, addresses: readonly string[]): Allocation {
  const { spec } = service;
  const ports = (spec.ports ?? []).map(({ protocol = "TCP", port }) => `${protocol}/${port}`);
  // Services whose nodes matter may share an address only where they lead to the same pods.
  const backend = spec.externalTrafficPolicy === "Local" ? JSON.stringify(spec.selector ?? {}) : "";
  return { pool, addresses, ports, sharing, backend };
}
