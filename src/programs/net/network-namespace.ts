import { namespaceName } from "../../cluster/network/links/addresses.ts";
import type { Task } from "../../machine/define.ts";
import type { NetworkNamespace } from "../../machine/define-network.ts";
import { startCommand } from "../../machine/exec.ts";
import { Machine } from "../../machine/machine.ts";
import type { Process } from "../../machine/process.ts";

/** What is read of the container runtime on a node. */
interface Sandboxes {
  readonly sandboxes: ReadonlyMap<
    string,
    { readonly id: string; readonly net: NetworkNamespace; readonly hostNetwork: boolean }
  >;
}

/** The network of a pod by the name of its namespace on the node. */
export function namespaceNamed({ machine }: Process, name: string): NetworkNamespace | undefined {
  const runtime = machine.parts.get("containerd") as Sandboxes | undefined;
  for (const { id, net, hostNetwork } of runtime?.sandboxes.values() ?? [])
    if (!hostNetwork && namespaceName(id) === name) return net;
  return undefined;
}

/** Runs a command of a host in another network: its files and processes are the host's. Errno ENOENT or EACCES. */
export function* runIn(proc: Process, net: NetworkNamespace, argv: readonly string[]): Task<number> {
  const { machine: host } = proc;
  if (net === host.net) return yield* proc.waitFor(startCommand(proc, argv));
  const inner = new Machine({
    kernel: host.kernel,
    name: host.name,
    files: host.files,
    programs: host.programs,
    network: host.network,
    net,
    host,
    pids: host,
  });
  return yield* proc.waitFor(startCommand(proc, argv, { machine: inner }));
}
