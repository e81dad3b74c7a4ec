import { type Micros, SECOND } from "../../base/clock.ts";
import type { HttpRequest, HttpResponse } from "../../base/http.ts";
import { WaitQueue } from "../../base/wait-queue.ts";
import { certificateProblem } from "../../base/x509/certificate-problem.ts";
import { PKI_PART } from "../../cluster/api-target.ts";
import type { Pki } from "../../cluster/kubeadm/pki.ts";
import type { Task } from "../../machine/define.ts";
import { root } from "../../machine/define-files.ts";
import type { Listener, Outside, OutsideFault, OutsideServer, Resolved } from "../../machine/define-network.ts";
import type { Process } from "../../machine/process.ts";
import { Unanswered } from "./faults.ts";
import type { ClientConfig } from "./kubeconfig/client-config.ts";

/** How long Go's dialer tries, and how long a host's own answer that there is no way takes. */
const DIAL_TIMEOUT = 30;
const NO_ROUTE = 3;

/** What Go's http.Client says of --request-timeout, while it dials and while it waits for an answer (net/http, Go 1.24). */
const DIALLING_TOO_LONG =
  "net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)";
const WAITING_TOO_LONG = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";

/** A way to a server that was found. */
export interface Connection {
  /** Whether it still leads there. */
  readonly alive: boolean;
  /** Sends a request and gives its answer, until a time at the latest. Throws Unanswered. */
  send(request: HttpRequest, until: Micros | undefined): Task<HttpResponse>;
}

/** The way to a server: found by name and address, its certificate checked. Throws Unanswered. */
export function* connect(proc: Process, config: ClientConfig, until: Micros | undefined): Task<Connection> {
  const { outside } = proc.machine.network;
  const { url, host } = config.server;
  const scheme = url.slice(0, url.indexOf(":")).toLowerCase();
  if (scheme !== "http" && scheme !== "https")
    throw new Unanswered(host, `unsupported protocol scheme ${JSON.stringify(scheme)}`, false);
  if (outside) return yield* connectOutside(proc, config, outside, until);
  return new WorldConnection(proc, config, yield* dial(proc, config, until));
}

/** The way to a process of the simulated world. */
class WorldConnection implements Connection {
  private readonly proc: Process;
  private readonly config: ClientConfig;
  private readonly listener: Listener;

  constructor(proc: Process, config: ClientConfig, listener: Listener) {
    this.proc = proc;
    this.config = config;
    this.listener = listener;
  }

  get alive(): boolean {
    return this.listener.proc.state === "running";
  }

  *send(request: HttpRequest, until: Micros | undefined): Task<HttpResponse> {
    const answer = send(this.proc, this.config, this.listener, request);
    const { after } = answer;
    if (after === undefined) return answer;
    const ready = this.proc.machine.kernel.clock.now + Math.round(after * SECOND);
    yield* this.proc.wait({ on: [], until: Math.min(ready, until ?? ready) });
    if (until !== undefined && until < ready) throw new Unanswered(this.config.server.host, WAITING_TOO_LONG, false);
    return answer;
  }
}

function* dial(proc: Process, config: ClientConfig, until: Micros | undefined): Task<Listener> {
  const { machine } = proc;
  const { name, port, host } = config.server;
  const resolved = machine.network.resolve(machine, name);
  if ("failed" in resolved) {
    yield* waste(proc, config, resolved.after, until);
    throw new Unanswered(host, lookupWords(proc, name, resolved), false);
  }
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
      yield* waste(proc, config, NO_ROUTE, until);
      throw new Unanswered(host, `${to}: connect: no route to host`, false);
    case "timeout":
      yield* waste(proc, config, DIAL_TIMEOUT, until);
      throw new Unanswered(host, `${to}: i/o timeout`, false);
  }
}

/** Time that passes while nobody answers; Unanswered where the request may not take that long. */
function* waste(proc: Process, { server }: ClientConfig, seconds: number, until: Micros | undefined): Task {
  const left = until === undefined ? seconds : (until - proc.machine.kernel.clock.now) / 1_000_000;
  yield* proc.sleep(Math.max(0, Math.min(seconds, left)));
  if (left < seconds) throw new Unanswered(server.host, DIALLING_TOO_LONG, false);
}

function lookupWords(proc: Process, name: string, { failed, after }: Extract<Resolved, { failed: string }>): string {
  const { files } = proc.machine;
  const text = files.find("/etc/resolv.conf", root) ? files.read("/etc/resolv.conf", root) : "";
  const server = /^nameserver\s+(\S+)/m.exec(text)?.[1] ?? "127.0.0.1";
  // An answer that came in time, and does not help.
  const why = failed === "not found" ? "no such host" : after < 1 ? "server misbehaving" : "i/o timeout";
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
function send(proc: Process, config: ClientConfig, listener: Listener, request: HttpRequest): HttpResponse {
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

/** A server that the real machine reaches over its own network. */
function* connectOutside(
  proc: Process,
  config: ClientConfig,
  outside: Outside,
  until: Micros | undefined,
): Task<Connection> {
  const { clientCertificate: certificate } = config;
  const server: OutsideServer = {
    ...config.server,
    authority: config.authority,
    insecure: config.insecure,
    serverName: config.serverName,
    clientCertificate: typeof certificate === "function" ? certificate() : certificate,
    clientKey: config.clientKey,
  };
  const unanswered = ({ failed, refused }: OutsideFault) => new Unanswered(config.server.host, failed, refused);
  const fault = yield* answerOf<OutsideFault | "reached">(proc, until, (done) =>
    outside.reach(server, (why) => done(why ?? "reached")),
  );
  if (fault === undefined) throw new Unanswered(config.server.host, DIALLING_TOO_LONG, false);
  if (fault !== "reached") throw unanswered(fault);
  return {
    alive: true,
    *send(request, limit) {
      const answer = yield* answerOf<HttpResponse | OutsideFault>(proc, limit, (done) =>
        outside.send(server, request, done),
      );
      if (answer === undefined) throw new Unanswered(config.server.host, WAITING_TOO_LONG, false);
      if ("failed" in answer) throw unanswered(answer);
      return answer;
    },
  };
}

/** Waits for the answer of something that was started; undefined where the time was up before. */
function* answerOf<T>(
  proc: Process,
  until: Micros | undefined,
  start: (done: (answer: T) => void) => () => void,
): Task<T | undefined> {
  const answered = new WaitQueue();
  const box: { answer?: T } = {};
  const breakOff = start((answer) => {
    box.answer = answer;
    answered.wake();
  });
  try {
    while (box.answer === undefined) if ((yield* proc.wait({ on: [answered], until })) === "timeout") return box.answer;
    return box.answer;
  } finally {
    if (box.answer === undefined) breakOff();
  }
}
