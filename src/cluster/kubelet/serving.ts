import { SECOND } from "../../base/clock.ts";
import type { HttpRequest, HttpResponse } from "../../base/http.ts";
import type { JsonObject } from "../../base/json.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Process } from "../../machine/process.ts";
import type { Api, NodeConnection } from "../apiserver/define.ts";
import { type HealthCheck, healthHandler, log, ping } from "../daemon/health.ts";
import { listenHttp } from "../daemon/listen-http.ts";
import { selfSigned } from "../daemon/self-signed.ts";
import { keyPairProblem, servingTls } from "../daemon/serving-tls.ts";
import { pemIn } from "../trust.ts";
import { kubeletAccess } from "./access.ts";
import type { KubeletConfig } from "./kubelet-config.ts";
import type { KubeletDoor } from "./node-connections.ts";
import type { RuntimeLink } from "./runtime/runtime-link.ts";

/** Where the kubelet keeps the certificate that it makes for itself (--cert-dir). */
const CERTIFICATE = "/var/lib/kubelet/pki/kubelet.crt";
const KEY = "/var/lib/kubelet/pki/kubelet.key";

/** What is wrong with the certificate files that the configuration names (cmd/kubelet InitializeTLS, 1.35). */
export function tlsProblem(proc: Process, config: KubeletConfig): string | undefined {
  const { clientCAFile, tlsCertFile, tlsPrivateKeyFile } = config;
  if (clientCAFile && pemIn(proc.machine.files, clientCAFile) === undefined)
    return `unable to load client CA file ${clientCAFile}: open ${clientCAFile}: no such file or directory`;
  return keyPairProblem(proc, tlsCertFile, tlsPrivateKeyFile) ?? modeProblem(config);
}

/** What is wrong with authorization.mode (cmd/kubelet/app/auth.go BuildAuthz, 1.35). */
function modeProblem({ authorizationMode: mode }: KubeletConfig): string | undefined {
  if (mode === "Webhook" || mode === "AlwaysAllow") return undefined;
  return mode === "" ? "no authorization mode specified" : `unknown authorization mode ${mode}`;
}

/** Opens the kubelet's ports: healthz for the host itself, and its API. Gives back what is wrong with one of them. */
export function openPorts(
  proc: Process,
  config: KubeletConfig,
  streams: NodeConnection,
  link: RuntimeLink,
  pods: () => readonly Pod[],
  metrics: (request: HttpRequest) => HttpResponse | undefined,
  api: Api,
): string | undefined {
  const { healthzBindAddress, healthzPort, port } = config;
  const healthz = healthHandler({ healthz: () => [ping] });
  const busy = healthzPort > 0 ? listenHttp(proc, healthzBindAddress, healthzPort, healthz) : undefined;
  if (busy) return busy;
  const syncloop: HealthCheck = { name: "syncloop", problem: () => syncProblem(link) };
  const refused = kubeletAccess(proc, config, api);
  const door: KubeletDoor = { ...streams, refuses: refused };
  const pages = healthHandler({ healthz: () => [ping, log, syncloop] });
  const tls = servingTls(proc, config.tlsCertFile ?? ownCertificate(proc), () => "");
  const http = (request: HttpRequest) =>
    refused(request) ?? metrics(request) ?? ownPage(request, pods) ?? pages(request);
  return listenHttp(proc, "0.0.0.0", port, http, { tls, direct: door });
}

/** The kubelet's own pages that stand for more than its health (pkg/kubelet/server/server.go, 1.35). */
function ownPage({ path }: HttpRequest, pods: () => readonly Pod[]): HttpResponse | undefined {
  const [page = ""] = path.split("?");
  if (page === "/pods" || page === "/pods/") {
    const items = pods().map((pod) => ({ ...pod }));
    const body = { kind: "PodList", apiVersion: "v1", metadata: {}, items: items as unknown as JsonObject[] };
    return { status: 200, headers: { "content-type": "application/json" }, body };
  }
  const root = page.split("/")[1] ?? "";
  if (!notSimulated.has(root)) return undefined;
  const headers = { "content-type": "text/plain; charset=utf-8" };
  return { status: 404, headers, body: `the kubelet's /${root} is not simulated\n` };
}

const notSimulated = new Set(["checkpoint", "configz", "debug", "logs", "runningpods", "spec", "stats"]);

/** Makes /var/lib/kubelet/pki/kubelet.crt and .key where they are not there, as at the kubelet's first start. */
function ownCertificate(proc: Process): string {
  const { files, name } = proc.machine;
  if (pemIn(files, CERTIFICATE) === undefined || pemIn(files, KEY) === undefined) {
    const { certificate, key } = selfSigned(proc, name);
    files.lazy(CERTIFICATE, certificate);
    files.lazy(KEY, key, { mode: 0o600 });
  }
  return CERTIFICATE;
}

/** The sync loop is not well when it was not entered for long: five minutes without the runtime (SyncLoopHealthCheck, 1.35). */
function syncProblem(link: RuntimeLink): string | undefined {
  return link.idle > 300 * SECOND ? "sync Loop took longer than expected" : undefined;
}
