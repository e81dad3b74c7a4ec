import type { Container, Pod } from "../../kinds/types/pod.ts";
import type { Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import { streamSession } from "./stream-session.ts";

/** What a session at a running container wants. */
export interface AttachWish {
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly quiet: boolean;
  /** How the session can be taken up again: kubectl attach. */
  readonly again: string;
}

/** Joins the streams of a running container, as attach and run do (attach.go Run, 1.33). Gives the exit status. */
export function* attachPod(context: Context, pod: Pod, container: string, wish: AttachWish): Task<number> {
  const spec = pod.spec.containers.find(({ name }) => name === container) as
    | (Container & { tty?: boolean })
    | undefined;
  let { tty } = wish;
  if (tty && !spec?.tty) {
    tty = false;
    if (!wish.quiet) context.err.line(`error: Unable to use a TTY - container ${container} did not allocate one`);
  } else if (!tty && spec?.tty) tty = true;
  if (!wish.quiet) context.err.line("If you don't see a command prompt, try pressing enter.");
  yield* context.output.flush();
  const status = yield* streamSession(context, pod, "attach", { container, stdin: wish.stdin, tty });
  const raw = tty && context.proc.isTerminal(0);
  if (!wish.quiet && wish.stdin && raw && (pod.spec.restartPolicy ?? "Always") === "Always")
    context.out.line(
      `Session ended, resume using '${wish.again} ${pod.metadata.name} -c ${container} -i -t' command when the pod is running`,
    );
  return status;
}
