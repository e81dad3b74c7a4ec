import type { HttpResponse, PortTunnel, RemoteSession } from "../../base/http.ts";
import type { JsonObject } from "../../base/json.ts";
import { Stream } from "../../base/stream.ts";
import type { Pod } from "../../kinds/types/pod.ts";
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
export function streamsOf(pods: PodAgent, runtime: Runtime, problem: () => string | undefined): NodeConnection {
  const { clock } = runtime.host.kernel;
  return {
    logs: (pod, query) => logResponse(pods, pod, query, clock),
    exec(pod, subresource, query) {
      const away = problem();
      if (away) return { status: 500, headers: text, body: `unable to upgrade connection: ${away}` };
      if (subresource === "portforward") return portTunnel(runtime, pod as Pod);
      const worker = pods.worker(pod.metadata.namespace ?? "", pod.metadata.name);
      const wanted = query.get("container") ?? "";
      const container = worker?.slots.find((slot) => slot.spec.name === wanted)?.current;
      if (container?.state !== "running")
        return { status: 500, headers: text, body: `unable to upgrade connection: container not found ("${wanted}")` };
      return subresource === "exec" ? execSession(container, query) : attachSession(container, query);
    },
  };
}

/** A way to what listens in a pod's network (containerd sandbox_portforward_linux.go, 2.1). */
function portTunnel(runtime: Runtime, { metadata, spec }: Pod): HttpResponse {
  const uid = metadata.uid ?? "";
  const sandbox = runtime.sandboxes.get(uid);
  if (!sandbox) return { status: 404, headers: text, body: "pod does not exist" };
  const { id, net } = sandbox;
  const place = id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "/var/run/netns/cni-$1-$2-$3-$4-$5");
  const tunnel: PortTunnel = {
    connect(port) {
      const failed = (why: string) => ({ failed: `error forwarding port ${port} to pod ${id}, uid : ${why}` });
      if (runtime.sandboxes.get(uid) !== sandbox) return failed(`failed to find sandbox "${id}" in store: not found`);
      const local = ["127.0.0.1", "0.0.0.0", "::", "::1"];
      const found = net.listeners.find((l) => l.port === port && l.protocol === "TCP" && local.includes(l.address));
      if (found) return found;
      const refused = (family: string, address: string) =>
        `dial ${family} ${address}:${port}: connect: connection refused`;
      return failed(
        `failed to execute portforward in network namespace "${spec.hostNetwork ? "host" : place}": failed to connect to localhost:${port} inside namespace "${id}", IPv4: ${refused("tcp4", "127.0.0.1")} IPv6 ${refused("tcp6", "[::1]")} `,
      );
    },
    close() {},
  };
  return { status: 101, headers: {}, tunnel };
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
    const id = container.machine.kernel.random.hex(64);
    const why = startFailure(command[0] ?? "", error).replace(/^.*error during container init: /, "");
    finish(
      failure(
        `Internal error occurred: error executing command in container: failed to exec in container: failed to start exec "${id}": OCI runtime exec failed: exec failed: unable to start container process: ${why}`,
      ),
    );
    return { status: 101, headers: {}, session: { input() {}, resize() {}, output, ended, close() {} } };
  }
}

function attachSession(container: RuntimeContainer, query: URLSearchParams): HttpResponse {
  const output: Output = new Stream();
  const ended = new Stream<JsonObject>();
  const { log } = container;
  // A line that has begun, such as a prompt, goes on in its entry.
  const last = log.entries.at(-1);
  const begun = last && !last.text.endsWith("\n") ? last.text.length : 0;
  let next = log.dropped + log.entries.length - (begun > 0 ? 1 : 0);
  let shown = begun;
  const pump = () => {
    if (next < log.dropped) shown = 0;
    next = Math.max(next, log.dropped);
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
      // What is attached to hears nothing of the exit code (containerd container_attach.go).
      ended.push(success());
      output.close();
      ended.close();
    } else log.changed.add(pump);
  };
  log.changed.add(pump);
  const session: RemoteSession = {
    input: (typed) => {
      if (query.get("stdin") === "true") container.input(typed);
    },
    resize: (columns, rows) => container.resize(columns, rows),
    output,
    ended,
    close() {
      if (!output.closed && query.get("stdin") === "true" && container.plan.stdinOnce) container.input(undefined);
      output.close();
    },
  };
  return { status: 101, headers: {}, session };
}
