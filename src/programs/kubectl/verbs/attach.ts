import { SECOND } from "../../../base/clock.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import { attachPod } from "../attach-pod.ts";
import { podOrOwner } from "../completers.ts";
import type { Context } from "../context.ts";
import type { Verb } from "../define.ts";
import { CommandFault } from "../faults.ts";
import { findAll } from "../find-objects.ts";
import { boolFlag, durationFlag, textFlag } from "../flag-types.ts";
import { attachablePod, containerOf, containersOf } from "../pods-of.ts";

const flags = {
  container: textFlag("The container; the pod's default where left out.", { short: "c" }),
  "pod-running-timeout": durationFlag("How long to wait for a pod to run.", { initial: 60 * SECOND }),
  quiet: boolFlag("Only the output of the session.", { short: "q" }),
  stdin: boolFlag("Pass stdin to the container.", { short: "i" }),
  tty: boolFlag("Stdin is a terminal.", { short: "t" }),
};

/** Joins what runs in a container. */
export const attach: Verb<typeof flags> = {
  path: ["attach"],
  usage: "attach (POD | TYPE/NAME) -c CONTAINER",
  short: "Attach to a running container",
  examples: ["kubectl attach mypod", "kubectl attach mypod -c ruby-container -i -t", "kubectl attach rs/nginx"],
  flags,
  complete: podOrOwner(),
  check({ args }) {
    if (args.length === 0) return "at least 1 argument is required for attach";
    return args.length > 2
      ? `expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${args.length}: [${args.join(" ")}]`
      : undefined;
  },
  *run(context, { args, flags: values }) {
    const [name = ""] = args;
    const words = args.length === 1 && !name.includes("/") ? ["pods", name] : args;
    const [found] = yield* findAll(context, { args: words, latest: true });
    if (!found) return undefined;
    const pod = yield* attachablePod(context, found, values["pod-running-timeout"]);
    const phase = pod.status?.phase;
    if (phase === "Succeeded" || phase === "Failed")
      throw new CommandFault(`cannot attach a container in a completed pod; current phase is ${phase}`);
    const container = attachedContainer(context, pod, values.container, values.quiet);
    const { stdin, tty, quiet } = values;
    return yield* attachPod(context, pod, container, { stdin, tty, quiet, again: "kubectl attach" });
  },
};

function attachedContainer(context: Context, pod: Pod, name: string, quiet: boolean): string {
  if (name === "" || containersOf(pod).some((one) => one.name === name)) return containerOf(context, pod, name, quiet);
  throw new CommandFault(`cannot attach to the container: container ${name} not found in pod ${pod.metadata.name}`);
}
