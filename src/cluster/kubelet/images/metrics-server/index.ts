import { SECOND } from "../../../../base/clock.ts";
import { FormatError } from "../../../../base/format-error.ts";
import { parseGoDuration } from "../../../../base/go-duration.ts";
import { goQuote } from "../../../../base/go-text.ts";
import type { HttpRequest, HttpResponse } from "../../../../base/http.ts";
import type { JsonObject } from "../../../../base/json.ts";
import { Status } from "../../../../kinds/status.ts";
import type { Node } from "../../../../kinds/types/core.ts";
import type { KubeObject } from "../../../../kinds/types/meta.ts";
import type { Pod } from "../../../../kinds/types/pod.ts";
import type { Program, Task } from "../../../../machine/define.ts";
import type { Process } from "../../../../machine/process.ts";
import { Unreachable } from "../../../apiserver/define.ts";
import { attributesOf, resourcePath, verbOf } from "../../../apiserver/http/route.ts";
import { Connection } from "../../../connection.ts";
import { endsOnTerm } from "../../../daemon/ends-on-term.ts";
import { type Flags, parseFlags } from "../../../daemon/flags.ts";
import { type HealthCheck, healthPage, log, ping } from "../../../daemon/health.ts";
import { Informer } from "../../../daemon/informer.ts";
import { klog, klogLine } from "../../../daemon/klog.ts";
import { listenHttp } from "../../../daemon/listen-http.ts";
import { selfSigned } from "../../../daemon/self-signed.ts";
import { servingTls } from "../../../daemon/serving-tls.ts";
import type { Image } from "../define.ts";
import { answerMetrics, type Facts } from "./answers.ts";
import { Points } from "./points.ts";
import { scrape } from "./scrape.ts";

/** The flags that metrics-server 0.8 has of its own, and those of its server that are in use. */
const known: ReadonlySet<string> = new Set([
  "authentication-kubeconfig",
  "authorization-kubeconfig",
  "bind-address",
  "cert-dir",
  "deprecated-kubelet-completely-insecure",
  "kubeconfig",
  "kubelet-certificate-authority",
  "kubelet-client-certificate",
  "kubelet-client-key",
  "kubelet-insecure-tls",
  "kubelet-port",
  "kubelet-preferred-address-types",
  "kubelet-request-timeout",
  "kubelet-use-node-status-port",
  "metric-resolution",
  "node-selector",
  "requestheader-client-ca-file",
  "secure-port",
  "tls-cert-file",
  "tls-private-key-file",
  "v",
  "version",
]);

/** The shortest time between two looks that it takes (cmd/metrics-server options.go, 0.8). */
const SHORTEST = 10 * SECOND;

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const parsed = parseFlags(argv, known);
  const fail = function* (text: string): Task<number> {
    yield* klog(proc, "E", "run.go:72", `"command failed" err=${goQuote(text)}`);
    return 1;
  };
  if ("error" in parsed) {
    yield* proc.write(2, `Error: ${parsed.error}\n`);
    return yield* fail(parsed.error);
  }
  const { flags } = parsed;
  const resolution = resolutionOf(flags);
  if (typeof resolution === "string") return yield* fail(resolution);
  const api = new Connection({ machine: proc.machine, agent: "metrics-server" });
  try {
    return yield* serve(proc, flags, resolution, api, fail);
  } finally {
    api.close();
  }
}

function resolutionOf(flags: Flags): number | string {
  const text = flags["metric-resolution"] ?? "60s";
  try {
    const resolution = parseGoDuration(text);
    if (resolution < SHORTEST)
      return `metric-resolution should be a time duration at least 10s, but value ${text} provided`;
    return resolution;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return `invalid argument "${text}" for "--metric-resolution" flag: ${error.message}`;
  }
}

/** Says what keeps it from reading nodes and pods, until it may (client-go reflector.go). */
function* untilSynced(proc: Process, api: Connection): Task {
  for (let pause = 1; ; pause = Math.min(pause * 2, 30)) {
    let refused = "";
    for (const [resource, type] of [
      ["nodes", "*v1.Node"],
      ["pods", "*v1.PartialObjectMetadata"],
    ] as const) {
      const problem = problemOf(() => api.list(resource));
      if (problem === undefined) continue;
      refused = problem;
      const text = `failed to list ${type}: ${problem}`;
      yield* klog(proc, "E", "reflector.go:200", `"Failed to watch" err=${goQuote(text)} type=${goQuote(type)}`);
    }
    if (refused === "") return;
    yield* proc.sleep(pause);
  }
}

function problemOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof Unreachable || error instanceof Status) return error.message;
    throw error;
  }
}

function* serve(
  proc: Process,
  flags: Flags,
  resolution: number,
  api: Connection,
  fail: (text: string) => Task<number>,
): Task<number> {
  const folder = flags["cert-dir"] ?? "apiserver.local.config/certificates";
  const own = `Generated self-signed cert (${folder}/apiserver.crt, ${folder}/apiserver.key)`;
  if (flags["tls-cert-file"] === undefined) yield* klog(proc, "I", "serving.go:380", own);
  yield* klog(proc, "I", "handler.go:288", "Adding GroupVersion metrics.k8s.io v1beta1 to ResourceManager");
  yield* untilSynced(proc, api);
  const nodes = new Informer<Node>(api, "nodes");
  const pods = new Informer<Pod>(api, "pods");
  const points = new Points(resolution);
  const facts: Facts = {
    points,
    nodes: () => nodes.all,
    pods: () => pods.all.filter(({ status }) => status?.phase === "Running"),
    get now() {
      return proc.machine.kernel.clock.now;
    },
  };
  const [address, port] = [flags["bind-address"] ?? "0.0.0.0", Number(flags["secure-port"] ?? 443)];
  const tls = servingTls(proc, flags["tls-cert-file"], () => selfSigned(proc, "localhost").certificate);
  const busy = listenHttp(proc, address, port, (request) => answer(proc, api, facts, request), { tls });
  if (busy) return yield* fail(`failed to create listener: failed to listen on ${address}:${port}: ${busy}`);
  const shown = address === "0.0.0.0" ? "[::]" : address;
  yield* klog(proc, "I", "secure_serving.go:211", `Serving securely on ${shown}:${port}`);
  for (let next = proc.machine.kernel.clock.now; ; ) {
    points.store(scrape(proc, nodes.all, flags));
    next += resolution;
    yield* proc.wait({ on: [], until: next });
  }
}

const fine = (name: string): HealthCheck => ({ name, problem: () => undefined });

/** Health for everybody; metrics for those whom the API server, which hands their requests on, names. */
function answer(proc: Process, api: Connection, facts: Facts, request: HttpRequest): HttpResponse {
  const [path = "", text = ""] = request.path.split("?", 2);
  const root = path.split("/", 2)[1] ?? "";
  if (["healthz", "livez", "readyz"].includes(root)) return health(proc, facts, root, path, text);
  try {
    refuse(api, request, path, new URLSearchParams(text));
    return answerMetrics(facts, request);
  } catch (error) {
    if (error instanceof Unreachable)
      return {
        status: 500,
        headers: plain,
        body: `Internal Server Error: ${goQuote(request.path)}: ${error.message}\n`,
      };
    if (!(error instanceof Status)) throw error;
    const headers = { "content-type": "application/json", "cache-control": "no-cache, private" };
    return { status: error.code, headers, body: error.toObject() as JsonObject };
  }
}

const plain = { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" };

function health(proc: Process, { points }: Facts, root: string, path: string, text: string): HttpResponse {
  const problem = points.ready ? undefined : "no metrics to serve";
  const storage: HealthCheck = { name: "metric-storage-ready", problem: () => problem };
  const checks =
    root === "readyz"
      ? [ping, log, fine("poststarthook/generic-apiserver-start-informers"), fine("informer-sync"), storage]
      : [ping, log, fine("poststarthook/generic-apiserver-start-informers"), fine("metric-collection-timely")];
  if (root === "readyz" && problem !== undefined) {
    const line = `"Failed probe" probe="metric-storage-ready" err=${goQuote(problem)}`;
    proc.fds.get(2)?.write?.(klogLine(proc, "I", "server.go:192", line));
  }
  const page = healthPage(root, checks, path, new URLSearchParams(text));
  return page ?? { status: 404, headers: plain, body: "404 page not found\n" };
}

interface AccessReview extends KubeObject {
  readonly status?: { readonly allowed?: boolean };
}

/** Throws where the API server does not say that the user may (delegated authorization; system:masters always may). */
function refuse(api: Connection, { headers, method }: HttpRequest, path: string, query: URLSearchParams): void {
  const user = headers["x-remote-user"] ?? "system:anonymous";
  const groups = headers["x-remote-group"]?.split(",") ?? ["system:unauthenticated"];
  if (groups.includes("system:masters")) return;
  const resource = resourcePath(path);
  const verb = resource && verbOf(method, resource, query);
  const asked = resource && verb && attributesOf(resource, verb, query);
  const what = asked
    ? {
        resourceAttributes: {
          verb: asked.verb,
          group: resource.group,
          version: resource.version,
          resource: resource.plural,
          ...(resource.namespace ? { namespace: resource.namespace } : {}),
          ...(resource.name ? { name: resource.name } : {}),
        },
      }
    : { nonResourceAttributes: { path, verb: method.toLowerCase() } };
  const metadata = { name: "" };
  const review = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", metadata };
  const { status } = api.create<AccessReview>({ ...review, spec: { user, groups, ...what } });
  if (status?.allowed) return;
  const message = `User ${goQuote(user)} cannot ${verb ?? method.toLowerCase()} ${asked ? `resource ${goQuote(resource.plural)} in API group ${goQuote(resource.group)}` : `path ${goQuote(path)}`}`;
  throw new Status(
    "Forbidden",
    `forbidden: ${message}`,
    resource ? { group: resource.group, kind: resource.plural } : {},
  );
}

const program: Program = { name: "metrics-server", folder: "/", run: endsOnTerm(run) };

/** Resource metrics for kubectl top and the autoscaler: an add-on that most clusters have. */
export const metricsServer: Image = {
  repository: "registry.k8s.io/metrics-server/metrics-server",
  tags: ["v0.8.0", "v0.7.2", "v0.7.1", "v0.6.4"],
  size: 19_500_000,
  usage: { cpu: 4, memory: 19 },
  entrypoint: ["/metrics-server"],
  user: 65_534,
  programs: [program],
  userland: "none",
};
