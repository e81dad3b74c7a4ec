import type { HttpRequest, HttpResponse } from "../../../../base/http.ts";
import { civilTime } from "../../../../base/time.ts";
import type { Service } from "../../../../kinds/types/core.ts";
import type { Listener } from "../../../../machine/define-network.ts";
import type { Process } from "../../../../machine/process.ts";
import { listenHttp } from "../../../daemon/listen-http.ts";
import type { LiveRules } from "./live-rules.ts";

const LEAVING = "ToBeDeletedByClusterAutoscaler";
const nosniff = { "x-content-type-options": "nosniff" };
const json = { "content-type": "application/json", ...nosniff };
const plain = { "content-type": "text/plain; charset=utf-8", ...nosniff };
const notFound: HttpResponse = { status: 404, headers: plain, body: "404 page not found\n" };

const pathOf = ({ path }: HttpRequest): string => path.split("?", 1)[0] ?? "";

/** A time as Go prints it with its monotonic part. */
function goTime(proc: Process): string {
  const { now } = proc.machine.kernel.clock;
  const t = civilTime(now);
  const two = (n: number) => String(n).padStart(2, "0");
  const part = (micros: number) => String(micros % 1_000_000).padStart(6, "0");
  const since = now - proc.started;
  const date = `${t.year}-${two(t.month)}-${two(t.day)} ${two(t.hour)}:${two(t.minute)}:${two(t.second)}`;
  return `${date}.${part(now)} +0000 UTC m=+${Math.floor(since / 1_000_000)}.${part(since)}000`;
}

/** Whether load balancers may send to the node: it is not about to go (pkg/proxy/healthcheck, 1.35). */
function isEligible({ node }: LiveRules): boolean {
  if (!node) return true;
  return node.metadata.deletionTimestamp === undefined && !node.spec.taints?.some(({ key }) => key === LEAVING);
}

/** /healthz and /livez on port 10256. */
export function healthzPages(proc: Process, rules: LiveRules): (request: HttpRequest) => HttpResponse {
  return (request) => {
    const path = pathOf(request);
    const time = goTime(proc);
    if (path === "/livez")
      return { status: 200, headers: json, body: `{"lastUpdated": "${time}","currentTime": "${time}"}` };
    if (path !== "/healthz") return notFound;
    const eligible = isEligible(rules);
    const body = `{"lastUpdated": "${time}","currentTime": "${time}", "nodeEligible": ${eligible}}`;
    return { status: eligible ? 200 : 503, headers: json, body };
  };
}

/** Port 10249: the mode; metrics are not simulated, and say so. */
export function metricsPages(mode: string): (request: HttpRequest) => HttpResponse {
  return (request) => {
    const path = pathOf(request);
    if (path === "/proxyMode") return { status: 200, headers: plain, body: mode };
    if (path === "/healthz") return { status: 200, headers: plain, body: "ok" };
    if (path !== "/metrics") return notFound;
    return { status: 501, headers: plain, body: "cka-lab: the metrics of kube-proxy are not simulated\n" };
  };
}

/** The ports on which a node tells load balancers how many endpoints of a Service it has (healthCheckNodePort). */
export class HealthCheckPorts {
  private readonly proc: Process;
  private readonly open = new Map<string, Listener>();
  /** What could not be opened: a line for the log. */
  onProblem: (why: string) => void = () => undefined;

  constructor(proc: Process) {
    this.proc = proc;
  }

  follow({ metadata, spec }: Service, gone: boolean, rules: () => LiveRules): void {
    const key = `${metadata.namespace}/${metadata.name}`;
    const isLocal = spec.type === "LoadBalancer" && spec.externalTrafficPolicy === "Local";
    const port = gone || !isLocal ? 0 : ((spec.healthCheckNodePort as number | undefined) ?? 0);
    const before = this.open.get(key);
    if ((before?.port ?? 0) === port) return;
    const { listeners } = this.proc.machine.net;
    if (before) listeners.splice(listeners.indexOf(before), 1);
    this.open.delete(key);
    if (port === 0) return;
    const problem = listenHttp(this.proc, "0.0.0.0", port, () => healthOf(metadata, rules()));
    if (problem !== undefined) {
      this.onProblem(problem);
      return;
    }
    const made = listeners.at(-1);
    if (made) this.open.set(key, made);
  }
}

function healthOf({ namespace, name }: Service["metadata"], rules: LiveRules): HttpResponse {
  const count = rules.services.table.localReady(`${namespace}/${name}`);
  const body = `{
	"service": {
		"namespace": "${namespace}",
		"name": "${name}"
	},
	"localEndpoints": ${count},
	"serviceProxyHealthy": true
}`;
  const headers = { ...json, "x-load-balancing-endpoint-weight": String(count) };
  return { status: count > 0 ? 200 : 503, headers, body };
}
