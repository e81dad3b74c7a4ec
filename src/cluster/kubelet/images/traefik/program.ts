import { type Micros, SECOND, type Timer } from "../../../../base/clock.ts";
import { goQuote } from "../../../../base/go-text.ts";
import type { HttpRequest, HttpResponse } from "../../../../base/http.ts";
import { toJson } from "../../../../base/json.ts";
import { civilTime } from "../../../../base/time.ts";
import { Status } from "../../../../kinds/status.ts";
import { Errno, type Program, type Task } from "../../../../machine/define.ts";
import { root } from "../../../../machine/define-files.ts";
import type { Listener } from "../../../../machine/define-network.ts";
import type { Process } from "../../../../machine/process.ts";
import { Unreachable } from "../../../apiserver/define.ts";
import { Connection } from "../../../connection.ts";
import { endsOnTerm } from "../../../daemon/ends-on-term.ts";
import { klog } from "../../../daemon/klog.ts";
import { answer, notFound, type Site } from "./answer.ts";
import { Certificates } from "./certificates.ts";
import { Cluster } from "./cluster.ts";
import { type Log, logOf } from "./log.ts";
import { wordsOf } from "./middlewares.ts";
import { type EntryPoint, type Options, optionsOf } from "./options.ts";

/** The releases in the catalogue by their shorter tags. */
const versions: Readonly<Record<string, string>> = {
  latest: "3.6.6",
  v3: "3.6.6",
  "v3.6": "3.6.6",
  "v3.5": "3.5.3",
  "v3.3": "3.3.6",
  "v2.11": "2.11.31",
  "v2.10": "2.10.7",
};

/** How long Traefik gathers changes before it works its configuration out anew (providersThrottleDuration). */
const PAUSE: Micros = 2 * SECOND;

function versionOf({ machine }: Process): string {
  const tag = /:([^:@]+)(?:@.*)?$/.exec(String(machine.parts.get("image")))?.[1] ?? "v3.6";
  return versions[tag] ?? tag.replace(/^v/, "");
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const version = versionOf(proc);
  if (argv[0] === "version") {
    yield* proc.write(1, `Version:      ${version}\nCodename:     ramequin\nOS/Arch:      linux/amd64\n`);
    return 0;
  }
  if (argv[0] === "healthcheck") return yield* healthcheck(proc, argv.slice(1));
  const options = optionsOf(argv);
  if (typeof options === "string") {
    const t = civilTime(proc.machine.kernel.clock.now);
    const two = (n: number) => String(n).padStart(2, "0");
    const time = `${t.year}/${two(t.month)}/${two(t.day)} ${two(t.hour)}:${two(t.minute)}:${two(t.second)}`;
    yield* proc.write(2, `${time} ${options}\n`);
    return 1;
  }
  const log = logOf(proc, options.level);
  log("INF", `Traefik version ${version} built on 2025-12-29T15:47:44Z`, { version });
  log(
    "INF",
    "\nStats collection is disabled.\nHelp us improve Traefik by turning this feature on :)\nMore details on: https://doc.traefik.io/traefik/contributing/data-collection/\n",
  );
  const api = new Connection({ machine: proc.machine, agent: "traefik" });
  try {
    return yield* serve(proc, api, options, log);
  } finally {
    api.close();
  }
}

function* healthcheck(proc: Process, argv: readonly string[]): Task<number> {
  const options = optionsOf(argv);
  const port =
    typeof options === "string" ? 8080 : (options.entryPoints.find(({ name }) => name === "traefik")?.port ?? 8080);
  const dialled = proc.machine.network.dial(proc.machine, "127.0.0.1", port);
  const well =
    "listener" in dialled && dialled.listener.http?.({ method: "HEAD", path: "/ping", headers: {} }).status === 200;
  yield* proc.write(well ? 1 : 2, well ? `OK: http://:${port}/ping\n` : "Bad healthcheck status: 404 Not Found\n");
  return well ? 0 : 1;
}

function* serve(proc: Process, api: Connection, options: Options, log: Log): Task<number> {
  const certificates = new Certificates(proc);
  let cluster: Cluster | undefined;
  const site: Site = {
    proc,
    options,
    routers: () => cluster?.routers ?? [],
    steps: (name, scheme) => cluster?.stepsOf(name, scheme),
  };
  for (const key of options.unheeded) log("ERR", `the option ${key} is not simulated: it has no effect`);
  for (const path of ["/etc/traefik/traefik.yml", "/etc/traefik/traefik.yaml", "/etc/traefik/traefik.toml"])
    if (proc.machine.filesAt(path).find(path, root)) log("ERR", `the configuration file ${path} is not read here`);
  for (const entry of options.entryPoints) {
    const failed = open(site, entry, certificates);
    if (failed === undefined) continue;
    log("ERR", "Error opening listener", { entryPointName: entry.name, error: failed });
    yield* proc.write(2, `command traefik error: error preparing server: ${failed}\n`);
    return 1;
  }
  log("INF", "Starting provider aggregator *aggregator.ProviderAggregator");
  log("INF", "Starting provider *traefik.Provider");
  for (const [on, type, name] of [
    [options.ingresses, "ingress", "kubernetes"],
    [options.customResources, "crd", "kubernetescrd"],
  ] as const) {
    if (!on) continue;
    log("INF", `Starting provider *${type}.Provider`);
    log("INF", `${type === "ingress" ? "ingress label" : "label"} selector is: ""`, { providerName: name });
    log("INF", "Creating in-cluster Provider client", { providerName: name });
  }
  log("INF", "Starting provider *acme.ChallengeTLSALPN");
  if (!options.ingresses && !options.customResources) for (;;) yield* proc.wait({ on: [] });
  yield* untilAllowed(proc, api, options);
  const renewal = new Renewal(proc, () => cluster?.build());
  cluster = new Cluster(proc, api, { options, log, certificates }, () => renewal.ask());
  cluster.build();
  try {
    for (;;) yield* proc.wait({ on: [] });
  } finally {
    renewal.stop();
  }
}

/** Says what keeps it from watching what it needs, until it may (client-go reflector.go). */
function* untilAllowed(proc: Process, api: Connection, { customResources }: Options): Task {
  const needed = [
    ["ingresses.networking.k8s.io", "*v1.Ingress"],
    ["ingressclasses.networking.k8s.io", "*v1.IngressClass"],
    ["services", "*v1.Service"],
    ["secrets", "*v1.Secret"],
    ["endpointslices.discovery.k8s.io", "*v1.EndpointSlice"],
    ...(customResources
      ? ([
          ["middlewares.traefik.io", "*v1alpha1.Middleware"],
          ["ingressroutes.traefik.io", "*v1alpha1.IngressRoute"],
        ] as const)
      : []),
  ] as const;
  for (let pause = 1; ; pause = Math.min(pause * 2, 30)) {
    let refused = false;
    for (const [resource, type] of needed)
      try {
        api.list(resource);
      } catch (error) {
        if (!(error instanceof Status || error instanceof Unreachable)) throw error;
        refused = true;
        const where = `reflector="k8s.io/client-go@v0.34.1/tools/cache/reflector.go:290" type=${goQuote(type)}`;
        const text = goQuote(`failed to list ${type}: ${error.message}`);
        yield* klog(proc, "E", "reflector.go:205", `"Failed to watch" err=${text} ${where}`);
      }
    if (!refused) return;
    yield* proc.sleep(pause);
  }
}

/** Works the configuration out anew when something has changed, but not too often. */
class Renewal {
  private readonly proc: Process;
  private readonly build: () => void;
  private next: Micros = 0;
  private timer: Timer | undefined;

  constructor(proc: Process, build: () => void) {
    this.proc = proc;
    this.build = build;
  }

  ask(): void {
    if (this.timer) return;
    const { clock } = this.proc.machine.kernel;
    this.timer = clock.at(Math.max(this.next, clock.now + 1), () => {
      this.timer = undefined;
      if (this.proc.state !== "running") return;
      this.next = clock.now + PAUSE;
      this.build();
    });
  }

  stop(): void {
    this.timer?.cancel();
  }
}

function open(site: Site, entry: EntryPoint, certificates: Certificates): string | undefined {
  const { proc } = site;
  const plain = (request: HttpRequest) => internal(site, entry, request) ?? answer(site, entry, request, false);
  const secure: Pick<Listener, "http" | "tls"> = {
    http: (request) => answer(site, entry, request, true),
    tls: { certificate: (name) => certificates.shown(name), asksCertificate: false, plain },
  };
  const isSecure = entry.tls || entry.port === 443 || entry.port === 8443 || entry.name === "websecure";
  try {
    proc.machine.listen({
      proc,
      address: "0.0.0.0",
      port: entry.port,
      protocol: "TCP",
      ...(isSecure ? secure : { http: plain }),
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return `listen tcp :${entry.port}: bind: ${error.message.toLowerCase()}`;
  }
}

/** Traefik's own pages on the entry point "traefik", and metrics on that of their name. */
function internal({ options, routers }: Site, { name }: EntryPoint, { path }: HttpRequest): HttpResponse | undefined {
  const [page = ""] = path.split("?");
  if (name === "metrics" || (name === "traefik" && options.metrics))
    if (page === "/metrics") return wordsOf(200, `# TYPE traefik_config_reloads_total counter\n`);
  if (name !== "traefik") return undefined;
  if (options.ping && page === "/ping") return wordsOf(200, "OK");
  if (!options.insecureApi) return undefined;
  if (page === "/api/http/routers") {
    const list = routers().map((one) => ({
      entryPoints: [...one.entryPoints],
      service: one.target.name,
      priority: one.priority,
      status: "enabled",
      name: one.name,
      provider: one.name.split("@")[1] ?? "",
    }));
    return { status: 200, headers: { "content-type": "application/json" }, body: `${toJson(list)}\n` };
  }
  if (page.startsWith("/dashboard")) return wordsOf(200, "the dashboard is not simulated; /api/http/routers is\n");
  return notFound();
}

export const traefikProgram: Program = { name: "traefik", folder: "/usr/local/bin", run: endsOnTerm(run) };
