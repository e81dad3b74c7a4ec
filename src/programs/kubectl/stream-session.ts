import type { HttpResponse, RemoteSession } from "../../base/http.ts";
import type { JsonObject } from "../../base/json.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import { Interrupted, type Task } from "../../machine/define.ts";
import type { Process } from "../../machine/process.ts";
import type { Query } from "./client.ts";
import type { Context } from "./context.ts";
import { CommandFault, PlainFault } from "./faults.ts";
import { resourcePath } from "./resource.ts";

/** What a session is opened with. */
export interface SessionWish {
  readonly container: string;
  readonly command?: readonly string[];
  readonly stdin: boolean;
  readonly tty: boolean;
}

/** Opens exec or attach in a container and carries its streams until it ends. Gives the exit status; faults are thrown. */
export function* streamSession(
  context: Context,
  pod: Pod,
  subresource: "exec" | "attach",
  wish: SessionWish,
): Task<number> {
  const { tty } = wish;
  const resource = (yield* context.mapper()).resourceFor("pods");
  const path = resourcePath(resource, pod.metadata.namespace, pod.metadata.name, subresource);
  const query = {
    command: wish.command,
    container: wish.container,
    stdin: wish.stdin || undefined,
    stdout: true,
    stderr: tty ? undefined : true,
    tty: tty || undefined,
  };
  return yield* atTerminal(context, wish, function* (isOver) {
    const response = yield* openSession(context, path, query);
    if (!response.session) throw context.client.refusal(response, { path });
    return yield* carry(context, response.session, wish, isOver);
  });
}

/**
 * The terminal is raw from before the session is opened. One that stays as it is, but is read, ends the session at an
 * interrupt, with status 1 (kubectl pkg/util/term TTY.Safe, 1.33).
 */
function* atTerminal(
  { proc }: Context,
  { stdin, tty }: SessionWish,
  session: (isOver: () => boolean) => Task<number>,
): Task<number> {
  const { terminal } = proc;
  const mode = terminal?.mode;
  const before = proc.handlerOf("INT");
  let interrupted = false;
  const raw = tty && terminal !== undefined;
  if (raw) terminal.mode = "raw";
  else if (stdin && proc.isTerminal(0))
    proc.on("INT", () => {
      interrupted = true;
    });
  try {
    return yield* session(() => interrupted);
  } finally {
    if (raw && mode) terminal.mode = mode;
    proc.on("INT", before);
  }
}

/** Where a WebSocket is refused, kubectl tries SPDY, which is a POST: another verb for RBAC (client-go remotecommand, 1.35). */
export function* openSession(context: Context, path: string, query: Query): Task<HttpResponse> {
  const response = yield* context.client.request({ path, query });
  if (response.status !== 403) return response;
  const posted = yield* context.client.request({ method: "POST", path, query });
  return posted.session || posted.status === 403 ? posted : response;
}

/** Whether a session can have a terminal: only where stdin is carried and is one (exec.go SetupTTY, 1.33). */
export function usableTerminal(
  context: Context,
  { stdin, tty, quiet }: { readonly stdin: boolean; readonly tty: boolean; readonly quiet: boolean },
): boolean {
  if (!stdin || !tty) return false;
  if (context.proc.isTerminal(0)) return true;
  if (!quiet) context.err.line("Unable to use a TTY - input is not a terminal or the right kind of file");
  return false;
}

function* carry(
  context: Context,
  session: RemoteSession,
  { stdin, tty }: SessionWish,
  isOver: () => boolean,
): Task<number> {
  const { proc } = context;
  const { terminal } = proc;
  const raw = tty && terminal !== undefined;
  const feeder = stdin ? feed(proc, session) : undefined;
  if (raw && terminal) {
    session.resize(terminal.columns, terminal.rows);
    proc.on("WINCH", () => session.resize(terminal.columns, terminal.rows));
  }
  try {
    for (;;) {
      for (let item = session.output.take(); item; item = session.output.take())
        yield* proc.write(item.channel === "stdout" ? 1 : 2, raw ? item.text.replaceAll("\r\n", "\n") : item.text);
      const status = session.ended.take();
      if (status) return statusIn(status);
      if (session.output.ended && session.ended.ended) return 0;
      try {
        yield* context.wait({ on: [session.output.changed, session.ended.changed] });
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
        if (isOver()) return 1;
      }
    }
  } finally {
    feeder?.signal("KILL");
    session.close();
  }
}

/** A companion process reads stdin, so that output goes on while nothing is typed. */
function feed(proc: Process, session: RemoteSession): Process {
  return proc.spawn({
    argv: proc.argv,
    body: function* body(self) {
      for (let text = yield* self.read(0); text !== undefined; text = yield* self.read(0)) session.input(text);
      session.input(undefined);
      return 0;
    },
  });
}

/** The Status that ends a session: success, an exit code, or why the command could not be run. */
function statusIn(status: JsonObject): number {
  if (status.status === "Success") return 0;
  const causes = (status.details as { causes?: { reason?: string; message?: string }[] } | undefined)?.causes;
  const code = causes?.find((cause) => cause.reason === "ExitCode")?.message;
  if (status.reason === "NonZeroExitCode" && code !== undefined) {
    throw new PlainFault(`command terminated with exit code ${code}`, Number(code));
  }
  throw new CommandFault(String(status.message ?? ""));
}
