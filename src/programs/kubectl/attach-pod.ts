import type { Stream } from "../../base/stream.ts";
import { Status } from "../../kinds/status.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import { CommandFault, PlainFault } from "./faults.ts";
import { containersOf } from "./pods-of.ts";
import { resourcePath } from "./resource.ts";
import { streamSession, usableTerminal } from "./stream-session.ts";

/** What a session at a running container wants. */
export interface AttachWish {
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly quiet: boolean;
  /** How the session can be taken up again: kubectl attach. */
  readonly again: string;
}

/** Joins the streams of a running container, as attach, run and debug do (attach.go Run, 1.33). Gives the exit status. */
export function* attachPod(context: Context, pod: Pod, container: string, wish: AttachWish): Task<number> {
  const { stdin, quiet } = wish;
  const spec = containersOf(pod).find(({ name }) => name === container);
  if (wish.tty && !spec?.tty && !quiet)
    context.err.line(`error: Unable to use a TTY - container ${container} did not allocate one`);
  // What was started with a terminal is shown one, whatever was asked for.
  const tty = usableTerminal(context, { stdin, tty: spec?.tty === true, quiet });
  if (!quiet) context.err.line("If you don't see a command prompt, try pressing enter.");
  yield* context.output.flush();
  const status = yield* streamSession(context, pod, "attach", { container, stdin, tty });
  const raw = tty && context.proc.isTerminal(0);
  if (!quiet && stdin && raw && (pod.spec.restartPolicy ?? "Always") === "Always")
    context.out.line(endWords(pod, container, wish.again));
  return status;
}

function endWords({ metadata, spec }: Pod, container: string, again: string): string {
  const command = `'${again} ${metadata.name} -c ${container} -i -t'`;
  return spec.ephemeralContainers?.some(({ name }) => name === container)
    ? `Session ended, the ephemeral container will not be restarted but may be reattached using ${command} if it is still running`
    : `Session ended, resume using ${command} command when the pod is running`;
}

/** Joins a container; one that cannot be joined, having ended perhaps, has left its output in the log (run.go, debug.go). */
export function* attachOrPrintLogs(context: Context, pod: Pod, container: string, wish: AttachWish): Task {
  try {
    yield* attachPod(context, pod, container, wish);
  } catch (fault) {
    if (!(fault instanceof Status || fault instanceof CommandFault || fault instanceof PlainFault)) throw fault;
    context.err.line(
      `warning: couldn't attach to pod/${pod.metadata.name}, falling back to streaming logs: ${fault.message}`,
    );
    yield* printLogs(context, pod, container);
  }
}

/** Prints what a container has logged. */
export function* printLogs(context: Context, pod: Pod, container: string): Task {
  const resource = (yield* context.mapper()).resourceFor("pods");
  const path = resourcePath(resource, pod.metadata.namespace, pod.metadata.name, "log");
  const ask = { path, query: { container } };
  const response = yield* context.client.request(ask);
  if (response.status >= 400) throw context.client.refusal(response, ask);
  const stream = response.stream as Stream<string> | undefined;
  if (!stream) {
    context.out.write(String(response.body ?? ""));
    return;
  }
  try {
    for (let text = yield* context.next(stream); typeof text === "string"; text = yield* context.next(stream))
      context.out.write(text);
  } finally {
    stream.close();
  }
}
