import { SECOND } from "../../../base/clock.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import { containerName, podOrOwner } from "../completers.ts";
import type { Verb } from "../define.ts";
import { CommandFault, UsageFault } from "../faults.ts";
import { findAll } from "../find-objects.ts";
import { boolFlag, csvFlag, durationFlag, textFlag } from "../flag-types.ts";
import { attachablePod, containerOf } from "../pods-of.ts";
import { streamSession, usableTerminal } from "../stream-session.ts";

const flags = {
  container: textFlag("The container; the pod's default where left out.", { short: "c", complete: containerName }),
  filename: csvFlag("Files that name what to exec into.", { short: "f" }),
  "pod-running-timeout": durationFlag("How long to wait for a pod to run.", { initial: 60 * SECOND }),
  quiet: boolFlag("Only the output of the session.", { short: "q" }),
  stdin: boolFlag("Pass stdin to the container.", { short: "i" }),
  tty: boolFlag("Stdin is a terminal.", { short: "t" }),
};

/** Runs a command in a container. */
export const exec: Verb<typeof flags> = {
  path: ["exec"],
  usage: "exec (POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]",
  short: "Execute a command in a container",
  examples: [
    "kubectl exec mypod -- date",
    "kubectl exec mypod -c ruby-container -- date",
    "kubectl exec -it mypod -- sh",
    "kubectl exec deploy/mydeployment -- date",
  ],
  flags,
  complete: podOrOwner(),
  check({ args, dash, flags: values }) {
    if ((args.length === 0 || dash === 0) && values.filename.length === 0)
      return "pod, type/name or --filename must be specified";
    if (dash === undefined && args.length > 1)
      return new UsageFault("exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead");
    if (args.length - (dash ?? args.length) === 0) return "you must specify at least one command for the container";
    return undefined;
  },
  *run(context, { args, dash = 1, flags: values }) {
    const [name = ""] = args;
    const [found] = yield* findAll(context, {
      args: values.filename.length > 0 ? [] : [name.includes("/") ? name : `pods/${name}`],
      filenames: values.filename,
      latest: true,
    });
    if (!found) return undefined;
    const pod = yield* attachablePod(context, found, values["pod-running-timeout"]);
    refuseFinished(pod);
    // A name that is given is the server's to check.
    const container = values.container || containerOf(context, pod, "", values.quiet);
    const tty = usableTerminal(context, values);
    return yield* streamSession(context, pod, "exec", {
      container,
      command: args.slice(dash),
      stdin: values.stdin,
      tty,
    });
  },
};

function refuseFinished(pod: Pod): void {
  const phase = pod.status?.phase;
  if (phase === "Succeeded" || phase === "Failed")
    throw new CommandFault(`cannot exec into a container in a completed pod; current phase is ${phase}`);
}
