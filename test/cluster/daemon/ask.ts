import type { HttpRequest } from "../../../src/base/http.ts";
import { RUNTIME_PART, type Runtime } from "../../../src/cluster/kubelet/runtime/runtime.ts";
import type { Lab } from "../kubelet/setup.ts";

/** "200 ok": what a port of a host answers to the host itself; "refused" where nobody listens. */
export function ask(lab: Lab, host: string, port: number, path: string, more: Partial<HttpRequest> = {}): string {
  const machine = lab.host(host);
  const own = machine.network.dial(machine, "127.0.0.1", port);
  const dialled = "listener" in own ? own : machine.network.dial(machine, machine.net.addresses[0] ?? "", port);
  if ("failed" in dialled) return dialled.failed;
  const answer = dialled.listener.http?.({ method: "GET", path, headers: {}, ...more });
  if (!answer) return "nothing";
  return `${answer.status} ${typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body)}`;
}

/** What the newest container of this name on a host has logged. */
export function lastLog(lab: Lab, host: string, name: string): string {
  const all = [...(lab.host(host).parts.get(RUNTIME_PART) as Runtime).containers.values()].flat();
  const last = all.findLast((container) => container.name === name);
  return last?.log.entries.map((entry) => entry.text).join("") ?? "";
}
