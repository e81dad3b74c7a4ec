import { ClusterNetwork } from "../../../src/cluster/network/cluster-network.ts";
import { POD_NETWORK, type PodNetwork } from "../../../src/cluster/network/define.ts";
import type { Program } from "../../../src/machine/define.ts";
import { root } from "../../../src/machine/define-files.ts";
import type { Listener } from "../../../src/machine/define-network.ts";
import { programTable } from "../../../src/machine/exec.ts";
import { Machine } from "../../../src/machine/machine.ts";
import { netPrograms } from "../../../src/programs/net/index.ts";
import { type Host, hostOf, makeHost } from "../../machine/harness.ts";

/** Two nodes with pods, made by hand so that their numbers stay what they are: sandboxes with ids of one digit. */
export interface Nodes {
  readonly near: Host;
  readonly far: Host;
  readonly network: ClusterNetwork;
  /** The container of the pod of that number on the near node. */
  pod(number: number): Host;
}

interface Given {
  readonly plugin?: PodNetwork["plugin"];
  /** The addresses of the pods on the near node. */
  readonly pods?: readonly (readonly string[])[];
  readonly cidrs?: readonly [near: readonly string[], far: readonly string[]];
  readonly six?: boolean;
}

const dialects: Program[] = netPrograms.flatMap((one) =>
  one.busybox ? [one, { name: `busybox-${one.name}`, run: one.busybox }] : [one],
);

export function makeNodes(given: Given = {}): Nodes {
  const { plugin = "flannel", pods = [["10.244.1.2"], ["10.244.1.3"]], six = false } = given;
  const { cidrs = [["10.244.1.0/24"], ["10.244.2.0/24"]] } = given;
  const network = new ClusterNetwork();
  const make = (name: string, n: number, kernel?: Host["kernel"]) => {
    const host = makeHost({
      ...(kernel ? { kernel } : {}),
      name,
      network,
      programs: dialects,
      addresses: [`192.168.56.${n}`, ...(six ? [`fd00:56::${n}`] : [])],
      prepare({ files }) {
        files.mkdir("/etc", root);
        files.write("/etc/hosts", "127.0.0.1\tlocalhost\n192.168.56.11\tnear\n192.168.56.12\tfar\n", root);
        files.mkdir("/run/flannel", root, { parents: true });
        files.write("/run/flannel/subnet.env", "FLANNEL_NETWORK=10.244.0.0/16\n", root);
      },
    });
    network.attach(host.machine.net, host.machine);
    return host;
  };
  const near = make("near", 11);
  const far = make("far", 12, near.kernel);
  near.machine.parts.set(POD_NETWORK, { plugin, cidrs: cidrs[0] } satisfies PodNetwork);
  far.machine.parts.set(POD_NETWORK, { plugin, cidrs: cidrs[1] } satisfies PodNetwork);
  const nets = pods.map((addresses) => ({ addresses, listeners: [] as Listener[] }));
  const sandboxes = nets.map((net, i) => {
    network.attach(net, near.machine, true);
    const id = String(i + 1).repeat(64);
    return [id, { id, namespace: "default", name: `pod-${i + 1}`, net, hostNetwork: false }] as const;
  });
  near.machine.parts.set("containerd", { sandboxes: new Map(sandboxes) });
  const pod = (number: number): Host => {
    const net = nets[number - 1];
    if (!net) throw new Error(`no pod ${number}`);
    const inner = makeHost({ kernel: near.kernel, network, programs: dialects, name: `pod-${number}` });
    const machine = new Machine({
      kernel: near.kernel,
      name: `pod-${number}`,
      files: inner.files,
      programs: programTable(dialects),
      network,
      net,
      host: near.machine,
    });
    return hostOf(machine);
  };
  return { near, far, network, pod };
}
