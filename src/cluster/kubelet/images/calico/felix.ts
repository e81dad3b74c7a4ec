import { cidrContains, parseCidr, parseIp } from "../../../../base/cidr.ts";
import type { KubeObject } from "../../../../kinds/types/meta.ts";
import type { Task } from "../../../../machine/define.ts";
import type { Machine } from "../../../../machine/machine.ts";
import type { Process } from "../../../../machine/process.ts";
import type { Connection } from "../../../connection.ts";
import { Informer } from "../../../daemon/informer.ts";
import { POD_NETWORK, POLICY_RULES, type PodNetwork, type PolicyRules } from "../../../network/define.ts";
import { LivePolicies } from "../../../network/policy/live-policies.ts";
import { CALICO_ADDRESSES } from "../../../network/policy/policy-pod.ts";
import type { PolicyTable } from "../../../network/policy/policy-table.ts";
import { calicoLog } from "./define.ts";

interface BlockAffinity extends KubeObject {
  spec: { cidr: string; node: string };
}

/** Felix: it keeps the routes and the policies of its node. What it has set stays when it ends. */
export class Felix {
  private readonly policies: LivePolicies;
  private readonly affinities: Informer<BlockAffinity>;
  private readonly proc: Process;
  private applied: Machine | undefined;

  constructor(proc: Process, api: Connection) {
    this.proc = proc;
    this.policies = new LivePolicies(
      api,
      proc.machine.kernel.clock,
      ({ metadata }) => metadata.annotations?.[CALICO_ADDRESSES] !== undefined,
    );
    this.affinities = new Informer(api, "blockaffinities.crd.projectcalico.org");
  }

  /** Goes on until everything is known; until then the node stays as an earlier one left it. */
  *apply(node: string, tunnel: string | undefined): Task {
    const { proc, policies, affinities } = this;
    while (!policies.isComplete) {
      yield* proc.sleep(1);
    }
    const host = proc.machine.host ?? proc.machine;
    let known: readonly BlockAffinity[] = [];
    let cidrs: readonly string[] = [];
    const network: PodNetwork = {
      plugin: "calico",
      get cidrs() {
        const { all } = affinities;
        if (all !== known) cidrs = all.filter(({ spec }) => spec.node === node).map(({ spec }) => spec.cidr);
        known = all;
        return cidrs;
      },
      ...(tunnel === undefined ? {} : { towardsNodes: [tunnel] }),
    };
    host.parts.set(POD_NETWORK, network);
    host.parts.set(POLICY_RULES, policies.table);
    this.applied = host;
    yield* calicoLog(
      proc,
      "INFO",
      "felix/int_dataplane.go 1816",
      "Completed first update to dataplane. secsSinceStart=0.2",
    );
  }

  stop(): void {
    this.policies.stop();
    this.affinities.stop();
    const { applied } = this;
    if (!applied) return;
    const { cidrs = [] } = (applied.parts.get(POD_NETWORK) ?? {}) as Partial<PodNetwork>;
    applied.parts.set(POLICY_RULES, leftAlone(this.policies.table, applied.name, cidrs));
  }
}

/** Without Felix the rules stay, and Calico's interfaces of later pods are unknown to them: what passes there is dropped. */
function leftAlone(table: PolicyTable, node: string, blocks: readonly string[]): PolicyRules {
  const networks = blocks.map((text) => parseCidr(text));
  const isUnknown = (address: string) => {
    const ip = parseIp(address);
    return ip !== undefined && !table.knows(address) && networks.some((network) => cidrContains(network, ip));
  };
  return {
    refuses(packet) {
      const why = table.refuses(packet);
      if (why !== undefined || (packet.direction === "ingress" && packet.ownHost) || !isUnknown(packet.pod)) return why;
      return `Felix does not run on ${node}, and its rules do not know the interface of the pod at ${packet.pod}`;
    },
  };
}
