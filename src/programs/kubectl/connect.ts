import type { HttpRequest, HttpResponse } from "../../base/http.ts";
import { certificateProblem } from "../../base/x509/certificate-problem.ts";
import { PKI_PART } from "../../cluster/api-target.ts";
import type { Pki } from "../../cluster/kubeadm/pki.ts";
import type { Task } from "../../machine/define.ts";
import { root } from "../../machine/define-files.ts";
import type { Listener } from "../../machine/define-network.ts";
import type { Process } from "../../machine/process.ts";
import { Unanswered } from "./faults.ts";
import type { ClientConfig } from "./kubeconfig/client-config.ts";

/** How long Go's dialer tries, and how long a host's own answer that there is no way takes. */
const DIAL_TIMEOUT = 30;
const NO_ROUTE = 3;

/** The way to a server: found by name and address, its certificate checked. Throws Unanswered. */
export function* connect(proc: Process, config: ClientConfig): Task<Listener> {
  const { machine } = proc;
  const { name, port, host } = config.server;
  const resolved = machine.network.resolve(machine, name);
  if ("failed" in resolved) throw new Unanswered(host, lookupWords(proc, name, resolved.failed), false);
  const address = resolved.addresses[0] ?? "";
  const dialled = machine.network.dial(machine, address, port);
  if ("listener" in dialled) {
    checkTls(proc, config, dialled.listener);
    return dialled.listener;
  }
  const to = `dial tcp ${address.includes(":") ? `[${address}]` : address}:${port}`;
  switch (dialled.failed) {
    case "refused":
      throw new Unanswered(host, `${to}: connect: connection refused`, true);
    case "unreachable":
      yield* proc.sleep(NO_ROUTE);
      throw new Unanswered(host, `${to}: connect: no route to host`, false);
    case "timeout":
      yield* proc.sleep(DIAL_TIMEOUT);
      throw new Unanswered(host, `${to}: i/o timeout`, false);
  }
}

function lookupWords(proc: Process, name: string, failed: "not found" | "timeout"): string {
  const { files } = proc.machine;
  const text = files.find("/etc/resolv.conf", root) ? files.read("/etc/resolv.conf", root) : "";
  const server = /^nameserver\s+(\S+)/m.exec(text)?.[1] ?? "127.0.0.1";
  const why = failed === "not found" ? "no such host" : "i/o timeout";
  return `dial tcp: lookup ${name} on ${server}:53: ${why}`;
}

function checkTls(proc: Process, config: ClientConfig, listener: Listener): void {
  const { tls, host, name } = config.server;
  if (!tls) return;
  if (!listener.tls) {
    const why = listener.http
      ? "http: server gave HTTP response to HTTPS client"
      : "tls: first record does not look like a TLS handshake";
    throw new Unanswered(host, why, false);
  }
  if (config.insecure) return;
  // A kubeconfig and a certificate that kubeadm made and nobody has touched belong together.
  if (typeof config.clientCertificate === "function" && listener.tls.unmade?.() !== undefined) return;
  const authority = config.authority ?? madeAuthority(proc);
  const now = proc.machine.kernel.clock.now;
  const problem = certificateProblem(listener.tls.certificate(), authority, config.serverName ?? name, now);
  if (problem) throw new Unanswered(host, `tls: failed to verify certificate: ${problem}`, false);
}

/** The authority inside a kubeconfig that nobody has looked into. */
function madeAuthority({ machine }: Process): string | undefined {
  return ((machine.host ?? machine).parts.get(PKI_PART) as Pki | undefined)?.authority("ca");
}

/** Sends a request over a connection. */
export function send(proc: Process, config: ClientConfig, listener: Listener, request: HttpRequest): HttpResponse {
  if (listener.tls && !config.server.tls)
    return {
      status: 400,
      headers: { "content-type": "text/plain" },
      body: "Client sent an HTTP request to an HTTPS server.\n",
    };
  if (!listener.http) {
    const said = listener.banner ?? "";
    const why = `net/http: HTTP/1.x transport connection broken: malformed HTTP response ${JSON.stringify(said.trim())}`;
    throw new Unanswered(config.server.host, said === "" ? "EOF" : why, false);
  }
  return listener.http({
    ...request,
    clientCertificate: config.clientCertificate,
    from: proc.machine.net.addresses[0],
  });
}
