import type { Container, Handler } from "../../kinds/types/pod.ts";
import { Errno, type OpenFile } from "../../machine/define.ts";
import { textWriter } from "../../machine/text-files.ts";
import type { PodWorker } from "./pod-worker.ts";
import { type RuntimeContainer, startFailure } from "./runtime/container.ts";

/** The kubelet keeps 10 KiB of what a command in a container says. */
const MOST_OUTPUT = 10_240;

/**
 * Runs a postStart or preStop hook in a container; `done` hears of its end, with the words of its failure (pkg/kubelet/lifecycle/handlers.go,
 * 1.35). The answer to an HTTP hook does not count, only that there is one.
 */
export function runHook(
  worker: PodWorker,
  spec: Container,
  container: RuntimeContainer,
  hook: Handler,
  done: (failure?: string) => void,
): void {
  const of = `for Container ${JSON.stringify(spec.name)} in Pod ${JSON.stringify(worker.title)}`;
  if (hook.sleep) {
    worker.agent.clock.after(hook.sleep.seconds, () => done());
    return;
  }
  if (hook.httpGet) {
    const problem = httpProblem(worker, spec, container, hook.httpGet);
    const path = hook.httpGet.path ?? "/";
    done(problem && `HTTP lifecycle hook (${path}) ${of} failed - error: ${problem}`);
    return;
  }
  const command = hook.exec?.command ?? [];
  runCommand(container, command, (error, output) =>
    done(
      error &&
        `Exec lifecycle hook ([${command.join(" ")}]) ${of} failed - error: ${error}, message: ${JSON.stringify(output)}`,
    ),
  );
}

function httpProblem(
  worker: PodWorker,
  spec: Container,
  container: RuntimeContainer,
  get: NonNullable<Handler["httpGet"]>,
): string | undefined {
  const { host } = worker.agent;
  const address = get.host || container.sandbox.net.addresses[0] || "";
  const port = Number(spec.ports?.find(({ name }) => name === get.port)?.containerPort ?? get.port);
  if (!Number.isInteger(port)) return `couldn't find port: ${JSON.stringify(get.port)} in container`;
  const path = get.path?.startsWith("/") ? get.path : `/${get.path ?? ""}`;
  const url = `${(get.scheme ?? "HTTP").toLowerCase()}://${address}:${port}${path}`;
  const dialled = host.network.dial(host, address, port);
  if ("failed" in dialled) {
    const why = dialled.failed === "refused" ? "connect: connection refused" : "i/o timeout";
    return `Get "${url}": dial tcp ${address}:${port}: ${why}`;
  }
  const headers: Record<string, string> = { host: `${address}:${port}`, "user-agent": "kube-lifecycle/1.35" };
  for (const { name, value } of get.httpHeaders ?? []) headers[name.toLowerCase()] = value;
  const answer = dialled.listener.http?.({ method: "GET", path, headers, from: host.net.addresses[0] });
  return answer ? undefined : `Get "${url}": EOF`;
}

/** Runs a command in a container; the error is in the words of the runtime's ExecSync. */
function runCommand(
  container: RuntimeContainer,
  command: readonly string[],
  done: (error: string | undefined, output: string) => void,
): void {
  let output = "";
  let errors = "";
  const sink = (also: (text: string) => void) =>
    textWriter((text) => {
      if (output.length < MOST_OUTPUT) output += text;
      also(text);
    });
  const nothing: OpenFile = { kind: "device", refs: 0, read: () => undefined };
  const fds = new Map<number, OpenFile>([
    [0, nothing],
    [1, sink(() => {})],
    [
      2,
      sink((text) => {
        errors += text;
      }),
    ],
  ]);
  try {
    const proc = container.exec(command, { fds });
    proc.onEnd = () =>
      done(
        proc.status === 0 ? undefined : `command '${command.join(" ")}' exited with ${proc.status}: ${errors}`,
        output,
      );
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const why = startFailure(command[0] ?? "", error).replace(/^.*error during container init: /, "");
    done(
      `rpc error: code = Unknown desc = failed to exec in container: OCI runtime exec failed: exec failed: unable to start container process: ${why}`,
      "",
    );
  }
}
