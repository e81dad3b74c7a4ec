import { SECOND } from "../../../../base/clock.ts";
import { WaitQueue } from "../../../../base/wait-queue.ts";
import type { Service } from "../../../../kinds/types/core.ts";
import type { Pod } from "../../../../kinds/types/pod.ts";
import { Interrupted, type Task } from "../../../../machine/define.ts";
import { podOrOwner } from "../../completers.ts";
import type { Context } from "../../context.ts";
import type { Verb } from "../../define.ts";
import { CommandFault, UsageFault } from "../../faults.ts";
import { findAll } from "../../find-objects.ts";
import { csvFlag, durationFlag } from "../../flag-types.ts";
import { attachablePod } from "../../pods-of.ts";
import { isSameType, resourcePath } from "../../resource.ts";
import { forwardOutside } from "./forward-outside.ts";
import { Forwarding, listenAddresses } from "./forwarding.ts";
import { type PortPair, podPorts, portPairs, servicePorts } from "./ports.ts";
import { openTunnel } from "./tunnel.ts";

const flags = {
  address: csvFlag("Addresses to listen on: IP addresses, or localhost for 127.0.0.1 and ::1.", {
    initial: ["localhost"],
  }),
  "pod-running-timeout": durationFlag("How long to wait until a pod is there.", { initial: 60 * SECOND }),
};

/** Carries local ports to a pod. */
export const portForward: Verb<typeof flags> = {
  path: ["port-forward"],
  usage: "port-forward TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]",
  short: "Forward one or more local ports to a pod",
  long: `Forward one or more local ports to a pod.

A pod of the named Service, Deployment or other owner is chosen when the command starts; the session ends with it.`,
  examples: [
    "kubectl port-forward pod/mypod 5000 6000",
    "kubectl port-forward deployment/mydeployment 5000 6000",
    "kubectl port-forward service/myservice 8443:https",
    "kubectl port-forward pod/mypod 8888:5000",
    "kubectl port-forward --address 0.0.0.0 pod/mypod 8888:5000",
    "kubectl port-forward pod/mypod :5000",
  ],
  flags,
  complete: podOrOwner(),
  check: ({ args }) =>
    args.length < 2 ? new UsageFault("TYPE/NAME and list of ports are required for port-forward") : undefined,
  *run(context, { args: [name = "", ...texts], flags: values }) {
    const [found] = yield* findAll(context, { args: [name.includes("/") ? name : `pods/${name}`] });
    if (!found) return;
    const pod = yield* attachablePod(context, found, values["pod-running-timeout"]);
    const services = (yield* context.mapper()).resourceFor("services");
    const isService = isSameType(found.resource, services);
    const numbered = isService ? servicePorts(found.object as unknown as Service, pod, texts) : podPorts(pod, texts);
    const phase = pod.status?.phase ?? "";
    if (phase !== "Running")
      throw new CommandFault(`unable to forward port because pod is not running. Current status=${phase}`);
    const addresses = listenAddresses(values.address);
    yield* forward(context, pod, portPairs(numbered), addresses);
  },
};

function* forward(context: Context, pod: Pod, pairs: readonly PortPair[], addresses: readonly string[]): Task {
  const { proc } = context;
  const resource = (yield* context.mapper()).resourceFor("pods");
  const path = resourcePath(resource, pod.metadata.namespace, pod.metadata.name, "portforward");
  const tunnel = yield* openTunnel(context, path);
  if ("events" in tunnel) return yield* forwardOutside(context, tunnel, pairs, addresses);
  const changed = new WaitQueue();
  const forwarding = new Forwarding(proc, tunnel, changed);
  let stopped = false;
  proc.on("INT", () => {
    stopped = true;
  });
  try {
    listenAll(context, forwarding, pairs, addresses);
    while (!stopped && !forwarding.lost) {
      try {
        yield* context.wait({ on: [changed] });
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
      }
    }
  } finally {
    tunnel.close();
  }
  if (forwarding.lost) throw new CommandFault("lost connection to pod");
}

function listenAll(
  context: Context,
  forwarding: Forwarding,
  pairs: readonly PortPair[],
  addresses: readonly string[],
): void {
  let listening = false;
  for (const pair of pairs) {
    try {
      for (const line of forwarding.listen(pair, addresses)) context.out.line(line);
      listening = true;
    } catch (fault) {
      if (!(fault instanceof CommandFault)) throw fault;
      context.err.line(`Unable to listen on port ${pair.local}: ${fault.message}`);
    }
  }
  if (listening) return;
  const shown = pairs.map(({ local, remote }) => `{${local} ${remote}}`).join(" ");
  throw new CommandFault(`unable to listen on any of the requested ports: [${shown}]`);
}
