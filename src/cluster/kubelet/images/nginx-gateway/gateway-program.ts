import { SECOND } from "../../../../base/clock.ts";
import type { HttpRequest, HttpResponse } from "../../../../base/http.ts";
import { rfc3339 } from "../../../../base/time.ts";
import { WaitQueue } from "../../../../base/wait-queue.ts";
import { Status } from "../../../../kinds/status.ts";
import { Errno, type Program, type Task } from "../../../../machine/define.ts";
import { root } from "../../../../machine/define-files.ts";
import type { Process } from "../../../../machine/process.ts";
import { Unreachable } from "../../../apiserver/define.ts";
import { Connection } from "../../../connection.ts";
import { endsOnTerm } from "../../../daemon/ends-on-term.ts";
import { type Flags, parseFlags } from "../../../daemon/flags.ts";
import { listenHttp } from "../../../daemon/listen-http.ts";
import { servingTls } from "../../../daemon/serving-tls.ts";
import { ControlPlane } from "./control-plane.ts";
import type { Installation } from "./data-plane-objects.ts";
import { generateCerts } from "./generate-certs.ts";
import { Known } from "./known.ts";
import { startFault } from "./start-fault.ts";

const FOLDER = "/var/run/secrets/ngf";
const GRPC_PORT = 8443;
const known = {
  controller: `agent-tls-secret config gateway-api-experimental-features gateway-ctlr-name gatewayclass health-disable
    health-port leader-election-disable leader-election-lock-name metrics-disable metrics-port metrics-secure-serving
    product-telemetry-disable service watch-namespaces`,
  "generate-certs": "agent-tls-secret cluster-domain overwrite server-tls-secret service",
};
const names = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

/** A line of the log, as zap writes it. */
function say(proc: Process, level: "info" | "error", msg: string, more: Readonly<Record<string, unknown>> = {}): void {
  const ts = rfc3339(proc.machine.kernel.clock.now);
  proc.fds.get(2)?.write?.(`${JSON.stringify({ level, ts, msg, ...more })}\n`);
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const [command = "", ...words] = argv;
  if (command === "initialize") return yield* initialize(proc, words);
  if (command !== "controller" && command !== "generate-certs") {
    yield* proc.write(2, `Error: unknown command ${JSON.stringify(command)} for "gateway"\n`);
    return 1;
  }
  const parsed = parseFlags(words, names(known[command]));
  if ("error" in parsed) {
    yield* proc.write(2, `Error: ${parsed.error}\n`);
    return 1;
  }
  const namespace = proc.env.get("POD_NAMESPACE");
  if (!namespace) {
    yield* proc.write(2, "Error: could not read POD_NAMESPACE environment variable\n");
    return 1;
  }
  const api = new Connection({ machine: proc.machine, agent: "gateway", source: "nginx-gateway-fabric-nginx" });
  try {
    if (command === "controller") return yield* control(proc, api, parsed.flags, namespace);
    generateCerts(proc, api, parsed.flags, namespace);
    return 0;
  } catch (error) {
    if (!(error instanceof Status || error instanceof Unreachable)) throw error;
    yield* proc.write(2, `Error: ${error.message}\n`);
    return 1;
  } finally {
    api.close();
  }
}

/** Copies files into folders: what the data plane's first container does (cmd/gateway/initialize.go, 2.4). */
function* initialize(proc: Process, words: readonly string[]): Task<number> {
  const values = (flag: string) => words.flatMap((word, at) => (word === `--${flag}` ? [words[at + 1] ?? ""] : []));
  const folders = values("destination");
  for (const [at, source] of values("source").entries()) {
    const to = `${folders[at]}/${source.slice(source.lastIndexOf("/") + 1)}`;
    try {
      const { machine, credentials } = proc;
      machine.filesAt(to).write(to, machine.filesAt(source).read(source, root), credentials);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      yield* proc.write(2, `Error: failed to copy file: open ${source}: ${error.message.toLowerCase()}\n`);
      return 1;
    }
  }
  say(proc, "info", "Finished initializing configuration");
  return 0;
}

function* control(proc: Process, api: Connection, flags: Flags, namespace: string): Task<number> {
  const image = proc.env.get("IMAGE_NAME") ?? String(proc.machine.parts.get("image"));
  const version = /:([^:/]+)$/.exec(image)?.[1] ?? "";
  const from: Installation = {
    controllerName: flags["gateway-ctlr-name"] ?? "gateway.nginx.org/nginx-gateway-controller",
    instance: proc.env.get("INSTANCE_NAME") ?? "nginx-gateway",
    namespace,
    service: flags.service ?? "nginx-gateway",
    image,
    version,
    agentSecret: flags["agent-tls-secret"] ?? "agent-tls",
  };
  say(proc, "info", "Starting the NGINX Gateway Fabric control plane", { version });
  const fault = yield* startFault(proc, api, namespace, flags.config);
  if (fault !== undefined) {
    yield* proc.write(2, `failed to start control loop: ${fault}\n`);
    return 1;
  }
  const news = new WaitQueue();
  const state = { changed: true, built: false };
  const plane = new ControlPlane(
    proc,
    api,
    new Known(api, () => {
      state.changed = true;
      news.wake();
    }),
    from,
    flags.gatewayclass ?? "nginx",
  );
  const busy =
    listenHttp(proc, "0.0.0.0", Number(flags["health-port"] ?? 8081), readiness(state)) ??
    listenHttp(proc, "0.0.0.0", GRPC_PORT, () => ({ status: 415, headers: {} }), {
      tls: servingTls(proc, `${FOLDER}/tls.crt`, () => ""),
      direct: plane,
    });
  if (busy) {
    say(proc, "error", "failed to start control loop", { error: busy });
    return 1;
  }
  return yield* follow(proc, plane, state, news);
}

function readiness(state: { readonly built: boolean }): (request: HttpRequest) => HttpResponse {
  const headers = { "content-type": "text/plain; charset=utf-8" };
  return ({ path }) => {
    if (path !== "/readyz") return { status: 404, headers, body: "404 page not found\n" };
    return state.built
      ? { status: 200, headers, body: "ok" }
      : { status: 500, headers, body: "internal server error: control plane is not yet ready\n" };
  };
}

function* follow(
  proc: Process,
  plane: ControlPlane,
  state: { changed: boolean; built: boolean },
  news: WaitQueue,
): Task<number> {
  const { clock } = proc.machine.kernel;
  for (;;) {
    let retry = false;
    try {
      state.changed = false;
      plane.look();
      state.built = true;
    } catch (error) {
      if (!(error instanceof Status || error instanceof Unreachable)) throw error;
      // Somebody else was faster: what has changed comes by itself.
      if (!(error instanceof Status && error.reason === "Conflict"))
        say(proc, "error", "Failed to update resources", { error: error.message });
      retry = true;
    }
    if (state.changed && !retry) continue;
    yield* proc.wait({ on: [news], ...(retry ? { until: clock.now + SECOND } : {}) });
  }
}

export const gatewayProgram: Program = { name: "gateway", folder: "/usr/bin", run: endsOnTerm(run) };
