import type { HttpResponse } from "../../base/http.ts";
import type { JsonObject } from "../../base/json.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import { CommandFault, PlainFault } from "./faults.ts";
import { resourcePath } from "./resource.ts";
import { openSession } from "./stream-session.ts";

/** What is run in a container, and where its stderr goes. */
export interface ContainerCommand {
  readonly container: string;
  readonly command: readonly string[];
  readonly input?: string;
  readonly errors?: "stdout" | "stderr";
  /** Whether what was printed is all that is wanted: how the command ends is then not asked. */
  readonly whole?: (printed: string) => boolean;
}

/** Runs a command in a container with a text on its stdin, and gives what it printed. */
export function* runInContainer(context: Context, pod: Pod, asked: ContainerCommand): Task<string> {
  const resource = (yield* context.mapper()).resourceFor("pods");
  const path = resourcePath(resource, pod.metadata.namespace, pod.metadata.name, "exec");
  const stdin = asked.input === undefined ? undefined : true;
  const query = { command: asked.command, container: asked.container, stdin, stdout: true, stderr: true };
  const response = yield* openSession(context, path, query);
  const { session } = response;
  if (!session) throw refusal(context, response, path);
  let printed = "";
  try {
    if (asked.input !== undefined) {
      session.input(asked.input);
      session.input(undefined);
    }
    for (;;) {
      for (let item = session.output.take(); item; item = session.output.take()) {
        if (item.channel === "stdout") printed += item.text;
        else (asked.errors === "stdout" ? context.out : context.err).write(item.text);
      }
      if (asked.whole?.(printed)) return printed;
      const status = session.ended.take();
      if (status) {
        checkStatus(status);
        return printed;
      }
      if (session.output.ended && session.ended.ended) return printed;
      yield* context.wait({ on: [session.output.changed, session.ended.changed] });
    }
  } finally {
    session.close();
  }
}

function refusal(context: Context, response: HttpResponse, path: string): Error {
  const { body } = response;
  if (typeof body === "string" && !body.startsWith("{")) return new CommandFault(`Internal error occurred: ${body}`);
  return context.client.refusal(response, { path });
}

function checkStatus(status: JsonObject): void {
  if (status.status === "Success") return;
  const details = status.details as { causes?: { reason?: string; message?: string }[] } | undefined;
  const code = details?.causes?.find(({ reason }) => reason === "ExitCode")?.message;
  if (code === undefined) throw new CommandFault(String(status.message ?? ""));
  throw new PlainFault(`command terminated with exit code ${code}`, Number(code));
}
