import type { Container, Pod } from "../../kinds/types/pod.ts";
import { createFiles } from "../../machine/files/create-files.ts";
import { Machine } from "../../machine/machine.ts";
import type { Agent } from "./define.ts";
import { untilStopped } from "./images/until-stopped.ts";

/** Whose process namespace a container shares (kubelet kuberuntime namespaces, 1.35); undefined: it has its own. */
export function processNamespace(agent: Agent, pod: Pod, spec: Container): Machine | undefined {
  const { hostPID, shareProcessNamespace } = pod.spec as { hostPID?: boolean; shareProcessNamespace?: boolean };
  if (hostPID) return agent.host;
  if (shareProcessNamespace) return ofPod(agent, pod);
  const { targetContainerName } = spec as { targetContainerName?: string };
  if (!targetContainerName) return undefined;
  const running = agent.runtime
    .containersOf(pod.metadata.uid ?? "")
    .findLast(({ name }) => name === targetContainerName);
  return running?.machine;
}

/** The namespace of the pod's sandbox, whose first process is pause. */
function ofPod(agent: Agent, { metadata }: Pod): Machine | undefined {
  const sandbox = agent.runtime.sandboxes.get(metadata.uid ?? "");
  if (!sandbox) return undefined;
  if (sandbox.pids) return sandbox.pids;
  const { host } = agent;
  const machine = new Machine({
    kernel: host.kernel,
    name: metadata.name,
    files: () => createFiles(host.kernel),
    programs: new Map(),
    network: host.network,
    net: sandbox.net,
    host,
    firstPid: 2,
  });
  machine.start({
    argv: ["/pause"],
    body: function* body(proc) {
      yield* untilStopped(proc);
      return 0;
    },
    fds: new Map(),
    env: new Map(),
    cwd: "/",
    credentials: { uid: 65535, gid: 65535, groups: [] },
    group: "new",
    terminal: null,
    pid: 1,
  });
  sandbox.pids = machine;
  return machine;
}
