import { type Cidr, cidrsOverlap, cidrText, nthSubnet, parseCidr } from "../../../../base/cidr.ts";
import { FormatError } from "../../../../base/format-error.ts";
import { Status } from "../../../../kinds/status.ts";
import type { Node } from "../../../../kinds/types/core.ts";
import type { Program, Task } from "../../../../machine/define.ts";
import type { Process } from "../../../../machine/process.ts";
import { Unreachable } from "../../../apiserver/define.ts";
import { Connection } from "../../../connection.ts";
import { endsOnTerm } from "../../../daemon/ends-on-term.ts";
import { followResources } from "../../../daemon/follow-resources.ts";
import { listenHttp } from "../../../daemon/listen-http.ts";
import type { Image } from "../define.ts";
import { CILIUM_NODES, type CiliumNode, CONFIG_FOLDER, ciliumLog, ciliumTags, setting } from "./define.ts";
import { ciliumKinds } from "./kinds.ts";

/** Cilium's operator: it makes Cilium's kinds, and gives every node a range of the pool. */
function* run(proc: Process): Task<number> {
  const api = new Connection({ machine: proc.machine, agent: "cilium-operator-generic" });
  let isHealthy = false;
  try {
    const page = () => ({ status: isHealthy ? 200 : 500, headers: {}, body: isHealthy ? "ok" : "" });
    const taken = listenHttp(proc, "127.0.0.1", 9234, page);
    if (taken !== undefined) {
      yield* ciliumLog(proc, "error", "Unable to start operator API", ` error="${taken}"`);
      return 1;
    }
    const text = setting(proc, CONFIG_FOLDER, "cluster-pool-ipv4-cidr") ?? "10.0.0.0/8";
    const pool = poolOf(text);
    if (typeof pool === "string") {
      yield* ciliumLog(proc, "error", "Unable to init cluster-pool allocator", ` error="${pool}"`);
      return 1;
    }
    const length = Number(setting(proc, CONFIG_FOLDER, "cluster-pool-ipv4-mask-size") ?? "24");
    yield* makeKinds(proc, api);
    isHealthy = true;
    yield* followResources(proc, api, [CILIUM_NODES, "nodes"], () => {
      giveRanges(api, pool, length);
      forgetGone(api);
      return undefined;
    });
    return 0;
  } finally {
    api.close();
  }
}

function poolOf(text: string): Cidr | string {
  try {
    return parseCidr(text);
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
}

function* makeKinds(proc: Process, api: Connection): Task {
  for (;;) {
    try {
      for (const kind of ciliumKinds) {
        try {
          api.create(structuredCopy(kind));
          yield* ciliumLog(proc, "info", "Creating CRD (CustomResourceDefinition)...", ` name=${kind.metadata.name}`);
        } catch (error) {
          if (!(error instanceof Status && error.reason === "AlreadyExists")) throw error;
        }
      }
      // They are served a moment later.
      api.list(CILIUM_NODES);
      return;
    } catch (error) {
      if (!(error instanceof Status || error instanceof Unreachable)) throw error;
      yield* proc.sleep(0.5);
    }
  }
}

function structuredCopy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** Every node that has no range yet gets the next free one. */
function giveRanges(api: Connection, pool: Cidr, length: number): void {
  const nodes = api.list<CiliumNode>(CILIUM_NODES);
  const taken = nodes.flatMap(({ spec }) => spec.ipam?.podCIDRs ?? []).map((text) => parseCidr(text));
  for (const node of nodes) {
    if (node.spec.ipam?.podCIDRs?.length) continue;
    const range = freeRange(pool, length, taken);
    if (!range) return;
    taken.push(range);
    api.modify(node, (current) => ({
      ...current,
      spec: { ...current.spec, ipam: { ...current.spec.ipam, podCIDRs: [cidrText(range)] } },
    }));
  }
}

function freeRange(pool: Cidr, length: number, taken: readonly Cidr[]): Cidr | undefined {
  for (let n = 0; ; n++) {
    const range = nthSubnet(pool, length, n);
    if (!range || !taken.some((one) => cidrsOverlap(one, range))) return range;
  }
}

function forgetGone(api: Connection): void {
  const there = new Set(api.list<Node>("nodes").map(({ metadata }) => metadata.name));
  for (const node of api.list<CiliumNode>(CILIUM_NODES)) if (!there.has(node.metadata.name)) api.delete(node);
}

const program: Program = { name: "cilium-operator-generic", folder: "/usr/bin", run: endsOnTerm(run) };

export const ciliumOperator: Image = {
  repository: "quay.io/cilium/operator-generic",
  tags: ciliumTags,
  size: 36_000_000,
  usage: { cpu: 4, memory: 60 },
  entrypoint: ["/usr/bin/cilium-operator-generic"],
  programs: [program],
  userland: "none",
};
