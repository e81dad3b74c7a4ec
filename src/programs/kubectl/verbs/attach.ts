import { SECOND } from "../../../base/clock.ts";
import { attachPod } from "../attach-pod.ts";
import type { Verb } from "../define.ts";
import { CommandFault } from "../faults.ts";
import { findAll } from "../find-objects.ts";
import { boolFlag, durationFlag, textFlag } from "../flag-types.ts";
import { bestPod, containerOf, podsOf } from "../pods-of.ts";

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
    const pod = found && bestPod(yield* podsOf(context, found, "attach to"));
    if (!pod) throw new CommandFault("timed out waiting for the condition");
    const phase = pod.status?.phase;
    if (phase === "Succeeded" || phase === "Failed")
      throw new CommandFault(`cannot attach a container in a completed pod; current phase is ${phase}`);
    const container = containerOf(context, pod, values.container);
    const { stdin, tty, quiet } = values;
    return yield* attachPod(context, pod, container, { stdin, tty, quiet, again: "kubectl attach" });
  },
};
