import { base64Of } from "../../../../base/base64.ts";
import { ipText, parseIp } from "../../../../base/cidr.ts";
import { goQuote } from "../../../../base/go-text.ts";
import { bytesOf } from "../../../../base/text-bytes.ts";
import type { Namespace, Secret, Service } from "../../../../kinds/types/core.ts";
import type { KubeObject } from "../../../../kinds/types/meta.ts";
import type { Program, Task } from "../../../../machine/define.ts";
import type { Process } from "../../../../machine/process.ts";
import type { Api } from "../../../apiserver/define.ts";
import { Connection } from "../../../connection.ts";
import { endsOnTerm } from "../../../daemon/ends-on-term.ts";
import { followResources } from "../../../daemon/follow-resources.ts";
import { AllocationFault, Allocator, type Claim, quotedList, versionOf } from "./allocator.ts";
import { type IPAddressPool, isOurs, logLine, POOLS, SYSTEM } from "./define.ts";
import { monitoring } from "./monitoring.ts";
import { type Pool, readPools } from "./pools.ts";

const PREFIXES = ["metallb.io", "metallb.universe.tf"] as const;
const FROM = "metallb.io/ip-allocated-from-pool";

/** MetalLB's controller: gives addresses of pools to Services of type LoadBalancer (controller/service.go, 0.15). */
class Controller {
  private readonly proc: Process;
  private readonly api: Api;
  private readonly allocator = new Allocator();
  /** What was said last about a Service that got no address: it is said again only when it changes. */
  private readonly told = new Map<string, string>();
  private configured: string | undefined;
  /** The pools as they could be read last. */
  private read: readonly Pool[] | undefined;

  constructor(proc: Process, api: Api) {
    this.proc = proc;
    this.api = api;
  }

  look(): void {
    const pools = this.pools();
    const services = this.api.list<Service>("services");
    const known = new Set(services.map(keyOf));
    for (const key of this.allocator.keys()) if (!known.has(key)) this.allocator.release(key);
    if (!pools) return;
    this.allocator.setPools(pools);
    // What has an address keeps it before others ask for one.
    const [having, asking] = [true, false].map((has) => services.filter((one) => addressesOf(one).length > 0 === has));
    for (const service of [...(having ?? []), ...(asking ?? [])]) this.converge(service, pools);
  }

  /** The pools; those of before while they cannot be read. */
  private pools(): readonly Pool[] | undefined {
    const objects = this.api.list<IPAddressPool>(POOLS, SYSTEM);
    const pools = readPools(objects);
    const version = objects.map(({ metadata }) => metadata.resourceVersion).join();
    const isNews = version !== this.configured;
    this.configured = version;
    if (typeof pools !== "string") {
      this.read = pools;
      return pools;
    }
    if (isNews)
      logLine(this.proc, "error", {
        caller: "config_controller.go:142",
        controller: "ConfigReconciler",
        error: pools,
        msg: "failed to parse the configuration",
      });
    return this.read;
  }

  private converge(service: Service, pools: readonly Pool[]): void {
    const key = keyOf(service);
    if (!isOurs(service.spec) || pools.length === 0 || !service.spec.clusterIP) {
      const had = this.allocator.release(key) || service.metadata.annotations?.[FROM] !== undefined;
      if (had) this.write(service, [], undefined);
      return;
    }
    const claim = this.claimOf(service, key);
    try {
      const kept = this.keep(service, claim);
      const addresses = kept ?? this.allocate(service, claim);
      if (!kept) {
        logLine(this.proc, "info", {
          caller: "service.go:162",
          event: "ipAllocated",
          ip: addresses,
          msg: "IP address assigned by controller",
        });
        this.say(service, "Normal", "IPAllocated", `Assigned IP ${quotedList(addresses)}`);
      }
      this.told.delete(key);
      this.write(service, addresses, this.allocator.poolOf(key));
    } catch (error) {
      if (!(error instanceof AllocationFault)) throw error;
      this.allocator.release(key);
      this.write(service, [], undefined);
      if (this.told.get(key) === error.message) return;
      this.told.set(key, error.message);
      logLine(this.proc, "error", {
        caller: "service.go:154",
        op: "allocateIPs",
        error: error.message,
        msg: "IP allocation failed",
      });
      this.say(service, "Warning", "AllocationFailed", `Failed to allocate IP for ${goQuote(key)}: ${error.message}`);
    }
  }

  /** The addresses that a Service has, where it may keep them. */
  private keep(service: Service, claim: Claim): readonly string[] | undefined {
    const now = addressesOf(service);
    if (now.length === 0 || now.length !== claim.versions.length) return undefined;
    try {
      this.allocator.assign(claim, now);
    } catch (error) {
      if (!(error instanceof AllocationFault)) throw error;
      const message = `current IP for ${goQuote(claim.key)} not allowed by config, will attempt for new IP assignment: ${error.message}`;
      this.say(service, "Normal", "ClearAssignment", message);
      return undefined;
    }
    const pool = annotation(service, "address-pool");
    const wished = wishes(service);
    const fits =
      (pool === "" || this.allocator.poolOf(claim.key) === pool) &&
      (wished.length === 0 || [...wished].sort().join() === [...now].sort().join());
    if (!fits) this.allocator.release(claim.key);
    return fits ? now : undefined;
  }

  private allocate(service: Service, claim: Claim): readonly string[] {
    const wished = wishes(service);
    const pool = annotation(service, "address-pool");
    if (wished.length === 0) return pool === "" ? this.allocator.fromAny(claim) : this.allocator.fromPool(claim, pool);
    const list = quotedList(wished);
    if (wished.map(versionOf).sort().join() !== [...claim.versions].sort().join())
      throw new AllocationFault(`requested loadBalancer IP(s) ${list} does not match the ipFamily of the service`);
    this.allocator.assign(claim, wished);
    if (pool !== "" && this.allocator.poolOf(claim.key) !== pool)
      throw new AllocationFault(
        `requested loadBalancer IP(s) ${list} is not compatible with requested address pool ${pool}`,
      );
    return wished;
  }

  private claimOf(service: Service, key: string): Claim {
    const { namespace = "" } = service.metadata;
    const labels = this.api.get<Namespace>("namespaces", undefined, namespace)?.metadata.labels ?? {};
    const versions = (service.spec.clusterIPs ?? [service.spec.clusterIP ?? ""]).map(versionOf);
    return { key, service, namespace: labels, versions, sharing: annotation(service, "allow-shared-ip") };
  }

  private say(service: Service, type: "Normal" | "Warning", reason: string, message: string): void {
    this.api.event(service, { type, reason, message });
  }

  private write(service: Service, addresses: readonly string[], pool: string | undefined): void {
    const same = addressesOf(service).join() === addresses.join() && service.metadata.annotations?.[FROM] === pool;
    if (same) return;
    this.api.modify<Service>(
      service,
      (now) => {
        const { [FROM]: _, ...annotations } = now.metadata.annotations ?? {};
        const loadBalancer = addresses.length > 0 ? { ingress: addresses.map((ip) => ({ ip, ipMode: "VIP" })) } : {};
        return {
          ...now,
          metadata: {
            ...now.metadata,
            annotations: { ...annotations, ...(pool === undefined ? {} : { [FROM]: pool }) },
          },
          status: { ...now.status, loadBalancer },
        };
      },
      "status",
    );
    logLine(this.proc, "info", { caller: "main.go:138", event: "serviceUpdated", msg: "updated service object" });
  }
}

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`;

function addressesOf({ status }: Service): readonly string[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => (ip ? [ip] : []));
}

function annotation({ metadata }: Service, name: string): string {
  for (const prefix of PREFIXES) {
    const value = metadata.annotations?.[`${prefix}/${name}`];
    if (value !== undefined) return value;
  }
  return "";
}

/** The addresses that a Service asks for. Throws AllocationFault. */
function wishes(service: Service): readonly string[] {
  const text = annotation(service, "loadBalancerIPs");
  const field = (service.spec.loadBalancerIP as string | undefined) ?? "";
  if (text !== "" && field !== "")
    throw new AllocationFault("service can not have both metallb.io/loadBalancerIPs and svc.Spec.LoadBalancerIP");
  if (text === "" && field === "") return [];
  return (text || field).split(",").map((part) => {
    const ip = parseIp(part.trim());
    if (ip) return ipText(ip);
    throw new AllocationFault(
      text === ""
        ? `invalid spec.loadBalancerIP ${goQuote(field)}`
        : `invalid metallb.io/loadBalancerIPs: ${goQuote(text)}`,
    );
  });
}

/** The speakers find each other by a secret that the controller makes. */
function makeSecret(proc: Process, api: Api, name: string): void {
  if (api.get("secrets", SYSTEM, name)) return;
  const secretkey = base64Of(bytesOf(proc.machine.kernel.random.hex(128)));
  const metadata = { name, namespace: SYSTEM };
  api.create<Secret>({ apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", data: { secretkey } });
}

function* run(proc: Process): Task<number> {
  const api = new Connection({ machine: proc.machine, agent: "controller", source: "metallb-controller" });
  logLine(proc, "info", {
    caller: "main.go:178",
    goversion: "gc / go1.24.4 / amd64",
    msg: "MetalLB controller starting version 0.15.2",
    version: "0.15.2",
  });
  monitoring(proc);
  const secret = proc.env.get("METALLB_ML_SECRET_NAME") ?? "";
  const controller = new Controller(proc, api);
  try {
    yield* followResources(proc, api, [{ resource: POOLS, namespace: SYSTEM }, "services", "namespaces"], () => {
      if (secret !== "") makeSecret(proc, api, secret);
      controller.look();
      return undefined;
    });
    return 0;
  } finally {
    api.close();
  }
}

export const controller: Program = { name: "controller", folder: "/", run: endsOnTerm(run) };
