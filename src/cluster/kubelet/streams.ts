import type { HttpResponse, RemoteSession } from "../../base/http.ts";
import type { JsonObject } from "../../base/json.ts";
import { Stream } from "../../base/stream.ts";
import { Errno, type OpenFile } from "../../machine/define.ts";
import { LineKeys } from "../../machine/line-keys.ts";
import { pipe } from "../../machine/pipe.ts";
import { Terminal } from "../../machine/terminal.ts";
import type { NodeConnection } from "../apiserver/define.ts";
import { logResponse } from "./logs.ts";
import type { PodAgent } from "./pod-agent.ts";
import { type RuntimeContainer, startFailure } from "./runtime/container.ts";
import { Feed } from "./runtime/feed.ts";
import type { Runtime } from "./runtime/runtime.ts";

const text = { "content-type": "text/plain; charset=utf-8" };

/** What the API server asks of a kubelet: logs, and sessions in containers. */
export function streamsOf(pods: PodAgent, runtime: Runtime): NodeConnection {
  const { clock } = runtime.host.kernel;
  return {
    logs: (pod, query) => logResponse(pods, pod, query, clock),
    exec(pod, subresource, query) {
      const worker = pods.worker(pod.metadata.namespace ?? "", pod.metadata.name);
      const wanted = query.get("container") ?? "";
      const container = worker?.slots.find((slot) => slot.spec.name === wanted)?.current;
      if (container?.state !== "running")
        return { status: 500, headers: text, body: `unable to upgrade connection: container not found ("${wanted}")` };
      if (subresource === "portforward") return { status: 501, headers: text, body: "port-forward is not simulated" };
      return subresource === "exec" ? execSession(container, query) : attachSession(container, query);
    },
  };
}

function success(): JsonObject {
  return { metadata: {}, status: "Success" };
}

function failure(message: string, code?: number): JsonObject {
  if (code === undefined) return { metadata: {}, status: "Failure", message, reason: "InternalError", code: 500 };
  const causes = [{ reason: "ExitCode", message: String(code) }];
  return { metadata: {}, status: "Failure", message, reason: "NonZeroExitCode", details: { causes } };
}

type Output = Stream<{ readonly channel: "stdout" | "stderr"; readonly text: string }>;

function sink(output: Output, channel: "stdout" | "stderr"): OpenFile {
  return {
    kind: "pipe",
    refs: 0,
    write(written) {
      if (output.closed) throw new Errno("EPIPE");
      output.push({ channel, text: written });
      return written.length;
    },
  };
}

function execSession(container: RuntimeContainer, query: URLSearchParams): HttpResponse {
  const command = query.getAll("command");
  const tty = query.get("tty") === "true";
  const output: Output = new Stream();
  const ended = new Stream<JsonObject>();
  const finish = (status: JsonObject) => {
    ended.push(status);
    output.close();
    ended.close();
  };
  const stdin = query.get("stdin") === "true";
  const terminal = tty ? new Terminal() : undefined;
  const input = stdin && !terminal ? pipe() : undefined;
  const feed = input && new Feed(input.writer);
  const nothing: OpenFile = { kind: "device", refs: 0, read: () => undefined };
  if (terminal)
    terminal.onOutput = (shown) => output.push({ channel: "stdout", text: shown.replace(/\r?\n/g, "\r\n") });
  const keys = terminal && new LineKeys(terminal);
  const fds = new Map<number, OpenFile>();
  const screen = terminal?.open();
  fds.set(0, screen ?? input?.reader ?? nothing);
  fds.set(1, screen ?? sink(output, "stdout"));
  fds.set(2, screen ?? sink(output, "stderr"));
  try {
    const proc = container.exec(command, { fds, terminal });
    if (terminal) terminal.foreground = proc.group;
    proc.onEnd = () =>
      finish(
        proc.status === 0
          ? success()
          : failure(`command terminated with non-zero exit code: exit status ${proc.status}`, proc.status),
      );
    const session: RemoteSession = {
      input(typed) {
        if (!keys) feed?.push(typed);
        else if (typed !== undefined) keys.input(typed);
      },
      resize: (columns, rows) => terminal?.resize(columns, rows),
      output,
      ended,
      close() {
        output.close();
        if (terminal) terminal.hangUp();
        else feed?.push(undefined);
      },
    };
    return { status: 101, headers: {}, session };
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const why = startFailure(command[0] ?? "", error).replace(
      /^failed to create containerd task: failed to create shim task: /,
      "",
    );
    finish(
      failure(
        `Internal error occurred: error executing command in container: failed to exec in container: failed to start exec: ${why}`,
      ),
    );
    return { status: 101, headers: {}, session: { input() {}, resize() {}, output, ended, close() {} } };
  }
}

function attachSession(container: RuntimeContainer, query: URLSearchParams): HttpResponse {
  const output: Output = new Stream();
  const ended = new Stream<JsonObject>();
  const { log } = container;
  let next = log.dropped + log.entries.length;
  let shown = 0;
  const pump = () => {
    for (; next - log.dropped < log.entries.length || shown > 0; ) {
      const entry = log.entries[next - log.dropped];
      if (!entry) break;
      if (entry.text.length > shown) output.push({ channel: entry.stream, text: entry.text.slice(shown) });
      const whole = entry.text.endsWith("\n");
      shown = whole ? 0 : entry.text.length;
      if (!whole) break;
      next++;
    }
    if (output.closed) return;
    if (log.closed) {
      ended.push(
        container.exitCode === 0 ? success() : failure(`exit status ${container.exitCode}`, container.exitCode),
      );
      output.close();
      ended.close();
    } else log.changed.add(pump);
  };
  log.changed.add(pump);
  const session: RemoteSession = {
    input: (typed) => {
      if (query.get("stdin") === "true") container.input(typed);
    },
    resize() {},
    output,
    ended,
    close: () => output.close(),
  };
  return { status: 101, headers: {}, session };
}
