import { SECOND } from "../../../../base/clock.ts";
import type { HttpRequest, HttpResponse } from "../../../../base/http.ts";
import { rfc3339 } from "../../../../base/time.ts";
import { Errno, type Program, type Task } from "../../../../machine/define.ts";
import { root } from "../../../../machine/define-files.ts";
import type { Listener } from "../../../../machine/define-network.ts";
import type { Process } from "../../../../machine/process.ts";
import { endsOnTerm } from "../../../daemon/ends-on-term.ts";
import { listenHttp } from "../../../daemon/listen-http.ts";
import { nginxPage, plainOnTls } from "../../../network/http/nginx-pages.ts";
import { isoSeconds } from "../clock-text.ts";
import type { Configurations } from "./control-plane.ts";
import { hostFor } from "./hostnames.ts";
import type { PortTable } from "./routing-table.ts";
import { serveRequest } from "./serve-request.ts";

const AGENT_CONFIG = "/etc/nginx-agent/nginx-agent.conf";
/** Seconds until an agent that reaches no control plane tries again. */
const RETRY = 5;

/** Where the agent's configuration says that its control plane is, and whose Deployment it belongs to. */
interface Agent {
  readonly host: string;
  readonly port: number;
  readonly owner: string;
}

function agentOf({ machine }: Process): Agent | string {
  try {
    const text = machine.filesAt(AGENT_CONFIG).read(AGENT_CONFIG, root);
    const value = (key: string) => new RegExp(`^ *${key}: *(\\S+)`, "m").exec(text)?.[1];
    const [host, owner] = [value("host"), value("owner-name")];
    if (!host || !owner) return `${AGENT_CONFIG}: no command server is configured`;
    return { host, owner, port: Number(value("port") ?? 443) };
  } catch (error) {
    if (error instanceof Errno) return `open ${AGENT_CONFIG}: ${error.message.toLowerCase()}`;
    throw error;
  }
}

/** The ports of a Gateway, as the control plane last said; they stay when it is gone. */
class Ports {
  private readonly proc: Process;
  private tables = new Map<number, PortTable>();
  private readonly listeners = new Map<number, Listener>();

  constructor(proc: Process) {
    this.proc = proc;
  }

  use(tables: readonly PortTable[]): void {
    this.tables = new Map(tables.map((table) => [table.port, table]));
    const { machine } = this.proc;
    for (const [port, listener] of this.listeners) {
      const table = this.tables.get(port);
      if (table && table.tls === (listener.tls !== undefined)) continue;
      machine.net.listeners.splice(machine.net.listeners.indexOf(listener), 1);
      this.listeners.delete(port);
    }
    for (const { port, tls } of tables) {
      if (this.listeners.has(port)) continue;
      const listener = this.listenerAt(port, tls);
      machine.listen(listener);
      this.listeners.set(port, listener);
    }
  }

  private listenerAt(port: number, tls: boolean): Listener {
    const { proc } = this;
    const http = (request: HttpRequest): HttpResponse => {
      const table = this.tables.get(port);
      const response = table ? serveRequest(proc, table, request) : nginxPage(404);
      accessLog(proc, request, response);
      return response;
    };
    const certificate = (name = "") => {
      const hosts = this.tables.get(port)?.hosts;
      return hosts?.get(hostFor(hosts.keys(), name) ?? "")?.certificate ?? "";
    };
    const refusesName = (name = "") => hostFor(this.tables.get(port)?.hosts.keys() ?? [], name) === undefined;
    const more = tls
      ? { tls: { certificate, asksCertificate: false, refusesName, plain: () => plainOnTls(proc) } }
      : {};
    return { proc, address: "0.0.0.0", port, protocol: "TCP", http, ...more };
  }
}

function accessLog(proc: Process, request: HttpRequest, { status, body }: HttpResponse): void {
  const when = `${isoSeconds(proc)}+00:00`;
  const length = typeof body === "string" ? body.length : 0;
  const line = `${request.from ?? "-"} - - [${when}] "${request.method} ${request.path} HTTP/1.1" ${status} ${length} "-" "${request.headers["user-agent"] ?? "-"}"`;
  proc.fds.get(1)?.write?.(`${line}\n`);
}

function say(proc: Process, level: string, msg: string): void {
  const time = rfc3339(proc.machine.kernel.clock.now);
  proc.fds.get(2)?.write?.(`time=${time} level=${level} msg=${JSON.stringify(msg)}\n`);
}

function* run(proc: Process): Task<number> {
  const agent = agentOf(proc);
  if (typeof agent === "string") {
    say(proc, "ERROR", agent);
    return 1;
  }
  const ports = new Ports(proc);
  const state = { configured: false };
  listenHttp(proc, "0.0.0.0", 8081, ({ path }) =>
    path === "/readyz" && state.configured ? { status: 200, headers: {}, body: "" } : { ...nginxPage(503) },
  );
  say(proc, "INFO", "Starting NGINX Agent");
  const { clock } = proc.machine.kernel;
  for (let silent = false; ; ) {
    const plane = planeOf(proc, agent);
    if (typeof plane === "string") {
      if (!silent) say(proc, "ERROR", `Failed to create connection: ${plane}`);
      silent = true;
      yield* proc.wait({ on: [], until: clock.now + RETRY * SECOND });
      continue;
    }
    silent = false;
    const tables = plane.source.tablesFor(agent.owner);
    if (tables) {
      ports.use(tables);
      state.configured = true;
    }
    yield* proc.wait({ on: [plane.source.changed, plane.listener.proc.changed] });
  }
}

/** The control plane, or why there is none. */
function planeOf(proc: Process, { host, port }: Agent): { source: Configurations; listener: Listener } | string {
  const { machine } = proc;
  const found = machine.network.resolve(machine, host);
  if (!("addresses" in found)) return `lookup ${host}: ${found.failed === "timeout" ? "i/o timeout" : "no such host"}`;
  const address = found.addresses[0] ?? "";
  const dialled = machine.network.dial(machine, address, port);
  if ("failed" in dialled) return `dial tcp ${address}:${port}: ${dialled.because}`;
  const { listener } = dialled;
  const source = listener.direct as Configurations | undefined;
  return source ? { source, listener } : `dial tcp ${address}:${port}: unexpected server`;
}

export const dataPlaneProgram: Program = { name: "entrypoint.sh", folder: "/agent", run: endsOnTerm(run) };
