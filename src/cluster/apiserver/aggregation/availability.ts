import { MILLISECOND, type Micros, SECOND, type Timer } from "../../../base/clock.ts";
import { goQuote } from "../../../base/go-text.ts";
import { rfc3339 } from "../../../base/time.ts";
import { apiVersionOf } from "../../../kinds/define.ts";
import { conditionOf } from "../../../kinds/labels.ts";
import type { EndpointSlice, Service } from "../../../kinds/types/core.ts";
import type { Condition, KubeObject } from "../../../kinds/types/meta.ts";
import type { Context } from "../context.ts";
import type { Change, UserInfo } from "../define.ts";
import { follow } from "../follow.ts";
import { updateObject } from "../registry/update.ts";
import { API_SERVICES, askRemote, endpointOf, isRemote, type RemoteService } from "./remote-services.ts";

/** How often every one is looked at, and the pauses between looks at one that fails (remote_available_controller.go, 1.35). */
const RESYNC = 30 * SECOND;
const FIRST_RETRY = 5 * MILLISECOND;
const LAST_RETRY = 30 * SECOND;
const SERVICE_NAME = "kubernetes.io/service-name";

const self: UserInfo = { name: "system:apiserver", groups: ["system:masters"] };

type Verdict = Pick<Condition, "status" | "reason" | "message">;

/** Keeps the condition Available of the APIServices that other servers stand behind. Costs nothing while there are none. */
export class Availability {
  private readonly context: Context;
  /** Whether objects can be read and written now. */
  private readonly works: () => boolean;
  private readonly looks = new Map<string, { timer: Timer | undefined; pause: Micros }>();
  private readonly stops: (() => void)[] = [];
  private followsServices = false;

  constructor(context: Context, works: () => boolean) {
    this.context = context;
    this.works = works;
  }

  start(): void {
    this.follow(API_SERVICES, ({ type, object, old }) => {
      const { name } = object.metadata;
      if (type === "DELETED" || !isRemote(object as RemoteService)) {
        this.looks.get(name)?.timer?.cancel();
        this.looks.delete(name);
        return;
      }
      this.followServices();
      if (!old || (old as RemoteService).spec !== (object as RemoteService).spec || !this.looks.has(name))
        this.soon(name);
    });
  }

  stop(): void {
    for (const stop of this.stops.splice(0)) stop();
    for (const { timer } of this.looks.values()) timer?.cancel();
    this.looks.clear();
  }

  private follow(resource: string, handler: (change: Change) => void): void {
    const kind = this.context.kinds.byResource(resource);
    if (kind) this.stops.push(follow(this.context.storage, kind, handler, undefined));
  }

  private followServices(): void {
    if (this.followsServices) return;
    this.followsServices = true;
    this.follow("services", ({ object }) => this.concerned(object, object.metadata.name));
    this.follow("endpointslices.discovery.k8s.io", ({ object }) =>
      this.concerned(object, object.metadata.labels?.[SERVICE_NAME]),
    );
  }

  private concerned({ metadata }: KubeObject, name: string | undefined): void {
    for (const key of this.looks.keys()) {
      const service = this.remote(key)?.spec.service;
      if (service && service.name === name && service.namespace === metadata.namespace) this.soon(key);
    }
  }

  private remote(name: string): RemoteService | undefined {
    const found = this.context.storage.store.get(API_SERVICES, undefined, name) as RemoteService | undefined;
    return isRemote(found) ? found : undefined;
  }

  private soon(name: string): void {
    this.lookAt(name, this.context.clock.now, FIRST_RETRY);
  }

  private lookAt(name: string, at: Micros, pause: Micros): void {
    this.looks.get(name)?.timer?.cancel();
    const timer = this.context.clock.at(at, () => this.look(name));
    this.looks.set(name, { timer, pause });
  }

  private look(name: string): void {
    const { clock } = this.context;
    const pause = this.looks.get(name)?.pause ?? FIRST_RETRY;
    const service = this.remote(name);
    if (!service) return;
    if (!this.works()) {
      this.lookAt(name, clock.now + RESYNC, FIRST_RETRY);
      return;
    }
    const verdict = verdictOn(this.context, service);
    const fails = verdict.reason === "FailedDiscoveryCheck";
    const wait = fails ? Math.min(pause, RESYNC) : RESYNC;
    this.lookAt(name, clock.now + wait, fails ? Math.min(pause * 2, LAST_RETRY) : FIRST_RETRY);
    this.write(service, verdict);
  }

  private write(service: RemoteService, verdict: Verdict): void {
    const { kinds, clock } = this.context;
    const kind = kinds.byResource(API_SERVICES);
    const known = conditionOf(service, "Available");
    const { status, reason, message } = verdict;
    if (!kind || (known?.status === status && known.reason === reason && known.message === message)) return;
    const same = known?.status === status ? known.lastTransitionTime : undefined;
    const condition = { lastTransitionTime: same ?? rfc3339(clock.now), message, reason, status, type: "Available" };
    const writing = {
      kind,
      attributes: { user: self, namespace: undefined, subresource: "status", dryRun: false },
      manager: { name: "kube-apiserver", apiVersion: apiVersionOf(kind), subresource: "status" },
    };
    updateObject(this.context, writing, service.metadata.name, (current) => {
      const old = (current as RemoteService).status;
      const others = (old?.conditions ?? []).filter(({ type }) => type !== "Available");
      return { ...current, status: { ...old, conditions: [...others, condition] } };
    });
  }
}

/** Whether the server behind an APIService can be asked, and why not. */
function verdictOn(context: Context, service: RemoteService): Verdict {
  const fails = (reason: string, message: string): Verdict => ({ status: "False", reason, message });
  const { namespace = "", name = "", port = 443 } = service.spec.service;
  const quoted = goQuote(namespace);
  const target = context.storage.store.get("services", namespace, name) as Service | undefined;
  if (!target) return fails("ServiceNotFound", `service/${name} in ${quoted} is not present`);
  if ((target.spec.type ?? "ClusterIP") === "ClusterIP") {
    const found = target.spec.ports?.find((one) => one.port === port);
    if (!found) return fails("ServicePortError", `service/${name} in ${quoted} is not listening on port ${port}`);
    const slices = slicesOf(context, namespace, name);
    if (slices.length === 0)
      return fails("EndpointsNotFound", `cannot find endpointslices for service/${name} in ${quoted}`);
    const portName = found.name ?? "";
    if (!slices.some((slice) => hasEndpoint(slice, portName))) {
      const what = `endpointslices for service/${name} in ${quoted}`;
      return fails("MissingEndpoints", `${what} have no addresses with port name ${goQuote(portName)}`);
    }
  }
  const problem = discoveryProblem(context, service);
  if (problem !== undefined) return fails("FailedDiscoveryCheck", problem);
  return { status: "True", reason: "Passed", message: "all checks passed" };
}

function slicesOf({ storage }: Context, namespace: string, name: string): readonly EndpointSlice[] {
  const slices = storage.store.list("endpointslices.discovery.k8s.io", namespace) as readonly EndpointSlice[];
  return slices.filter(({ metadata }) => metadata.labels?.[SERVICE_NAME] === name);
}

function hasEndpoint({ endpoints, ports }: EndpointSlice, portName: string): boolean {
  const isReady = (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false);
  return isReady && (ports ?? []).some((port) => (port.name ?? "") === portName && port.port !== undefined);
}

/** Asks for the group's resources, as the system itself; the certificate is not looked at. */
function discoveryProblem(context: Context, service: RemoteService): string | undefined {
  const endpoint = endpointOf(context, service);
  if (typeof endpoint === "string") return endpoint;
  const { group = "", version = "" } = service.spec;
  const path = service.metadata.name === "v1." ? `/api/${version}` : `/apis/${group}/${version}`;
  const url = `https://${endpoint.host}:${endpoint.port}${path}`;
  const trusting = { ...service, spec: { ...service.spec, insecureSkipTLSVerify: true } };
  const headers = { "x-remote-user": "system:kube-aggregator", "x-remote-group": "system:masters" };
  const answer = askRemote(context, trusting, { method: "GET", path, headers });
  const failing = `failing or missing response from ${url}: `;
  if (typeof answer === "string") {
    const slow = answer.endsWith("i/o timeout");
    const why = slow ? "context deadline exceeded (Client.Timeout exceeded while awaiting headers)" : answer;
    return `${failing}Get "${url}": ${why}`;
  }
  const fine = answer.status >= 200 && answer.status < 300;
  return fine ? undefined : `${failing}bad status from ${url}: ${answer.status}`;
}
