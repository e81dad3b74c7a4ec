import { type Micros, SECOND, type Timer } from "../../../../base/clock.ts";
import { goQuote } from "../../../../base/go-text.ts";
import type { HttpRequest, HttpResponse } from "../../../../base/http.ts";
import type { JsonObject } from "../../../../base/json.ts";
import { Status } from "../../../../kinds/status.ts";
import type { Pod } from "../../../../kinds/types/pod.ts";
import { Interrupted, type Program, type Task } from "../../../../machine/define.ts";
import type { Process } from "../../../../machine/process.ts";
import { inCluster } from "../../../api-target.ts";
import { Unreachable } from "../../../apiserver/define.ts";
import { Connection } from "../../../connection.ts";
import { klog } from "../../../daemon/klog.ts";
import type { Election } from "../../../daemon/leader-election.ts";
import { leadUnderLease } from "../../../daemon/leader-election.ts";
import { listenHttp } from "../../../daemon/listen-http.ts";
import { servingTls } from "../../../daemon/serving-tls.ts";
import { banner } from "./banner.ts";
import { Nginx } from "./nginx.ts";
import { type Options, optionsOf } from "./options.ts";
import { clearStatus, STATUS_SECONDS, updateStatus } from "./status.ts";
import { Store } from "./store.ts";
import { reviewed } from "./webhook.ts";

/** How long it stays after nginx has ended, so that nobody sends it more (--post-shutdown-grace-period). */
const FAREWELL_SECONDS = 10;
/** How often it tries to reach the API server before it gives up. */
const TRIES = 10;

function* run(proc: Process, argv: readonly string[]): Task<number> {
  for (const signal of ["TERM", "INT"] as const) proc.on(signal, () => undefined);
  yield* proc.write(1, banner(proc));
  if (argv.includes("--version")) return 0;
  const options = optionsOf(proc, argv);
  if (typeof options === "string") return yield* fatal(proc, "main.go:62", options);
  const api = new Connection({ machine: proc.machine, agent: "nginx-ingress-controller" });
  try {
    const words = "Neither --kubeconfig nor --master was specified.  Using the inClusterConfig.  This might not work.";
    yield* klog(proc, "W", "client_config.go:667", words);
    const refused = yield* introduced(proc, api);
    if (refused !== undefined) return yield* fatal(proc, "main.go:76", refused);
    const self = yield* prepared(proc, api, options);
    return typeof self === "string" ? yield* fatal(proc, "main.go:85", self) : yield* serve(proc, api, options, self);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    return 0;
  } finally {
    api.close();
  }
}

function* fatal(proc: Process, source: string, text: string): Task<number> {
  yield* klog(proc, "F", source, text);
  return 255;
}

/** Finds the API server; a text says why that is given up. */
function* introduced(proc: Process, api: Connection): Task<string | undefined> {
  let problem = "";
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      const { address, port } = inCluster(proc.machine);
      if (tries === 0) yield* klog(proc, "I", "main.go:205", `"Creating API client" host="https://${address}:${port}"`);
      const version = api.ask({ path: "/version" }) as JsonObject;
      if (tries > 0)
        yield* klog(
          proc,
          "W",
          "main.go:245",
          `Initial connection to the Kubernetes API server was retried ${tries} times.`,
        );
      const parts = (["major", "minor"] as const).map((key) => `${key}="${version[key] ?? ""}"`);
      const rest = `git="${version.gitVersion}" state="${version.gitTreeState}" commit="${version.gitCommit}" platform="${version.platform}"`;
      yield* klog(proc, "I", "main.go:248", `"Running in Kubernetes cluster" ${parts.join(" ")} ${rest}`);
      return undefined;
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof Status)) throw error;
      problem = error.message;
      yield* proc.sleep(Math.min(2 ** tries, 10));
    }
  }
  return `Error while initiating a connection to the Kubernetes API server. This could mean the cluster is misconfigured (e.g. it has invalid API server certificates or Service Accounts configuration). Reason: ${problem}`;
}

/** Looks whether what the command line names is there, and at its own pod. A text says what keeps it from starting. */
function* prepared(proc: Process, api: Connection, options: Options): Task<Pod | string> {
  for (const service of [options.defaultService, options.publishService]) {
    const problem = service === undefined ? undefined : serviceProblem(api, service);
    if (problem !== undefined) return problem;
  }
  const file = "/etc/ingress-controller/ssl/default-fake-certificate.pem";
  yield* klog(proc, "I", "main.go:101", `"SSL fake certificate created" file="${file}"`);
  try {
    api.list("ingressclasses.networking.k8s.io");
  } catch (error) {
    if (!(error instanceof Status)) throw error;
    options.ignoresClasses = true;
    const words = `No permissions to list and get Ingress Classes: ${error.message}, IngressClass feature will be disabled`;
    yield* klog(proc, "W", "main.go:115", words);
  }
  const [name, namespace] = [proc.env.get("POD_NAME"), proc.env.get("POD_NAMESPACE")];
  const failed = "Unexpected error obtaining ingress-nginx pod: ";
  if (!name || !namespace)
    return `${failed}unable to get POD information (missing POD_NAME or POD_NAMESPACE environment variable`;
  try {
    return api.get<Pod>("pods", namespace, name) ?? `${failed}unable to get POD information: pods "${name}" not found`;
  } catch (error) {
    if (!(error instanceof Status || error instanceof Unreachable)) throw error;
    return `${failed}unable to get POD information: ${error.message}`;
  }
}

function serviceProblem(api: Connection, key: string): string | undefined {
  const [namespace, name = ""] = key.split("/");
  try {
    if (api.get("services", namespace, name)) return undefined;
    return `no service with name ${name} found in namespace ${namespace}: services "${name}" not found`;
  } catch (error) {
    if (error instanceof Unreachable) return `unexpected error searching service with name ${name}: ${error.message}`;
    if (!(error instanceof Status)) throw error;
    return "✖ The cluster seems to be running with a restrictive Authorization mode and the Ingress controller does not have the required permissions to operate normally.";
  }
}

/** Waits until it may read what it needs; says in the log why it may not (client-go reflector.go). */
function* untilAllowed(proc: Process, api: Connection): Task {
  const needed = [
    ["ingresses.networking.k8s.io", "*v1.Ingress"],
    ["services", "*v1.Service"],
    ["endpointslices.discovery.k8s.io", "*v1.EndpointSlice"],
    ["secrets", "*v1.Secret"],
    ["configmaps", "*v1.ConfigMap"],
  ] as const;
  for (let pause = 1; ; pause = Math.min(pause * 2, 30)) {
    let refused = false;
    for (const [resource, type] of needed) {
      try {
        api.list(resource);
      } catch (error) {
        if (!(error instanceof Status || error instanceof Unreachable)) throw error;
        refused = true;
        const text = goQuote(`failed to list ${type}: ${error.message}`);
        const where = `reflector="k8s.io/client-go@v0.33.3/tools/cache/reflector.go:285" type=${goQuote(type)}`;
        yield* klog(proc, "E", "reflector.go:200", `"Failed to watch" err=${text} ${where}`);
      }
    }
    if (!refused) return;
    yield* proc.sleep(pause);
  }
}

function* serve(proc: Process, api: Connection, options: Options, self: Pod): Task<number> {
  const say = (source: string, text: string) => klog(proc, "I", source, text);
  const { certificate, key, webhook, unheeded } = options;
  for (const name of unheeded)
    yield* klog(proc, "W", "flags.go:1", `the flag --${name} is not simulated: it has no effect`);
  if (webhook !== undefined) yield* say("ssl.go:535", `"loading tls certificate" path="${certificate}" key="${key}"`);
  yield* say("nginx.go:273", '"Starting NGINX Ingress controller"');
  let nginx: Nginx | undefined;
  const pages = (request: HttpRequest) => healthPage(request, nginx);
  const busy = listenHttp(proc, "0.0.0.0", options.health, pages);
  if (busy !== undefined) return yield* fatal(proc, "main.go:160", busy);
  yield* untilAllowed(proc, api);
  let sync: Sync | undefined;
  const store = new Store(proc, api, options, () => sync?.ask());
  nginx = new Nginx(proc, store, options);
  yield* say("nginx.go:319", '"Starting NGINX process"');
  nginx.start();
  if (webhook !== undefined) {
    const port = Number(/:(\d+)$/.exec(webhook)?.[1] ?? 8443);
    const tls = servingTls(proc, certificate, () => "");
    listenHttp(proc, "0.0.0.0", port, (request) => reviewed(store, options, request), { tls });
    yield* say(
      "nginx.go:339",
      `"Starting validation webhook" address="${webhook}" certPath="${certificate}" keyPath="${key}"`,
    );
  }
  sync = new Sync(proc, nginx, (fault) => reloaded(store, self, fault));
  sync.ask();
  try {
    for (;;) yield* lead(proc, api, store, options, self);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    sync.stop();
    yield* farewell(proc, nginx, () => clearStatus(api, store, options, self));
    return 0;
  }
}

function reloaded(store: Store, self: Pod, fault: string | undefined): void {
  if (fault === undefined) store.event(self, "RELOAD", "NGINX reload triggered due to a change in configuration");
  else store.event(self, "RELOAD", fault, "Warning");
}

/** While it holds the lease it keeps the addresses of the Ingresses right. */
function* lead(proc: Process, api: Connection, store: Store, options: Options, self: Pod): Task {
  const { clock } = proc.machine.kernel;
  const { namespace = "", name: identity } = self.metadata;
  let timer: Timer | undefined;
  const look = () => {
    updateStatus(api, store, options, self);
    timer = clock.after(STATUS_SECONDS, look);
  };
  const begin = () => {
    store.log("I", "status.go:85", `"New leader elected" identity="${identity}"`);
    look();
    return true;
  };
  const election: Election = { leads: false, renewed: 0 };
  try {
    if (options.noElection) {
      begin();
      for (;;) yield* proc.wait({ on: [] });
    }
    yield* leadUnderLease(proc, api, { name: options.election, namespace, identity }, election, begin);
  } finally {
    timer?.cancel();
  }
}

function* farewell(proc: Process, nginx: Nginx, clear: () => void): Task {
  try {
    yield* klog(proc, "I", "sigterm.go:36", '"Received SIGTERM, shutting down"');
    yield* klog(proc, "I", "nginx.go:395", '"Shutting down controller queues"');
    clear();
    yield* klog(proc, "I", "nginx.go:403", '"Stopping admission controller"');
    yield* klog(proc, "I", "nginx.go:411", '"Stopping NGINX process"');
    nginx.stop();
    yield* klog(proc, "I", "nginx.go:424", '"NGINX process has stopped"');
    yield* klog(proc, "I", "sigterm.go:44", `Handled quit, delaying controller exit for ${FAREWELL_SECONDS} seconds`);
    yield* proc.sleep(FAREWELL_SECONDS);
    yield* klog(proc, "I", "sigterm.go:47", '"Exiting" code=0');
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  }
}

/** At most one look at the cluster in so many seconds (sync-rate-limit 0.3). */
const PAUSE: Micros = Math.round(SECOND / 0.3);

/** Looks at the cluster when something has changed, but not too often. */
class Sync {
  private readonly proc: Process;
  private readonly nginx: Nginx;
  private readonly onReload: (fault: string | undefined) => void;
  private next: Micros = 0;
  private timer: Timer | undefined;
  private stopped = false;

  constructor(proc: Process, nginx: Nginx, onReload: (fault: string | undefined) => void) {
    this.proc = proc;
    this.nginx = nginx;
    this.onReload = onReload;
  }

  ask(): void {
    if (this.timer || this.stopped) return;
    const { clock } = this.proc.machine.kernel;
    this.timer = clock.at(Math.max(this.next, clock.now + 1), () => {
      this.timer = undefined;
      if (this.stopped || this.proc.state !== "running") return;
      this.next = clock.now + PAUSE;
      const done = this.nginx.sync();
      if (done !== false) this.onReload(typeof done === "string" ? done : undefined);
    });
  }

  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
  }
}

function healthPage(request: HttpRequest, nginx: Nginx | undefined): HttpResponse {
  const headers = { "content-type": "text/plain; charset=utf-8" };
  const path = request.path.split("?")[0];
  if (path === "/healthz") {
    if (nginx?.isWell) return { status: 200, headers, body: "ok" };
    const why = nginx ? "dynamic load balancer not started" : "nginx is not running";
    return {
      status: 500,
      headers,
      body: `[+]ping ok\n[-]nginx-ingress-controller failed: ${why}\nhealthz check failed\n`,
    };
  }
  if (path === "/metrics") return { status: 200, headers, body: nginx?.metrics() ?? "" };
  if (path === "/") return { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: "" };
  return { status: 404, headers, body: "404 page not found\n" };
}

export const controller: Program = { name: "nginx-ingress-controller", folder: "/", run };
