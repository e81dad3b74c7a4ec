import { type Clock, SECOND } from "../base/clock.ts";
import { FormatError } from "../base/format-error.ts";
import type { JsonObject } from "../base/json.ts";
import { certificateProblem } from "../base/x509/certificate-problem.ts";
import type { Kind } from "../kinds/define.ts";
import { Status } from "../kinds/status.ts";
import type { KubeObject } from "../kinds/types/meta.ts";
import { Errno } from "../machine/define.ts";
import type { Listener } from "../machine/define-network.ts";
import type { Machine } from "../machine/machine.ts";
import { inCluster, pkiOf, readTarget, type Target } from "./api-target.ts";
import type {
  Api,
  Change,
  Door,
  EventText,
  Question,
  RequestOptions,
  UserInfo,
  WatchOptions,
} from "./apiserver/define.ts";
import { Unreachable } from "./apiserver/define.ts";
import { ConfigFault } from "./kubeconfig.ts";
import { hasLinkState } from "./network/links/link-state.ts";

/** How a component finds its server: a kubeconfig file, or (undefined) the pod's own service account. */
export interface ConnectionOptions {
  readonly machine: Machine;
  readonly kubeconfig?: string;
  /** Its name in managedFields, and in events unless these have a `source`. */
  readonly agent: string;
  readonly source?: string;
  /** Another user it acts as, with a token of its own (--use-service-account-credentials). */
  readonly as?: UserInfo;
  /** The daemon's first connection: what it has read of its kubeconfig holds for all. */
  readonly first?: Connection;
}

interface Watch {
  readonly resource: string;
  readonly handler: (change: Change) => void;
  readonly options: WatchOptions | undefined;
  stop: (() => void) | undefined;
}

/**
 * A component's connection to its API server: found by its kubeconfig and the world's wires, made anew when the server
 * went away and came back. Calls throw Unreachable while nobody answers.
 */
export class Connection implements Api {
  private readonly options: ConnectionOptions;
  private readonly clock: Clock;
  private listener: Listener | undefined;
  private api: Api | undefined;
  private readonly watches = new Set<Watch>();
  private closed = false;

  constructor(options: ConnectionOptions) {
    this.options = options;
    this.clock = options.machine.kernel.clock;
  }

  get user(): UserInfo {
    return this.server().user;
  }

  /** True when a server answers now, and lets in. */
  get reachable(): boolean {
    try {
      this.server();
      return true;
    } catch (error) {
      if (error instanceof Unreachable || error instanceof Status) return false;
      throw error;
    }
  }

  /** Why the daemon cannot even begin to connect: its kubeconfig is missing or says nothing useful (client-go, 1.35). */
  configProblem(): string | undefined {
    try {
      this.target();
      return undefined;
    } catch (error) {
      if (error instanceof Unreachable) return undefined;
      const { kubeconfig } = this.options;
      if (error instanceof Errno) return `stat ${error.path ?? kubeconfig}: ${error.message.toLowerCase()}`;
      if (error instanceof FormatError) return `error loading config file "${kubeconfig}": ${error.message}`;
      if (error instanceof ConfigFault) return error.message;
      throw error;
    }
  }

  /** What Go's client says of a request that nobody answered: the server's own words, or those of the network. */
  words(path: string, { message }: Unreachable, method = "Get"): string {
    if (message.startsWith("rpc error:") || this.configProblem() !== undefined) return message;
    const target = this.knownTarget();
    if (!target) return message;
    const { host, port } = target;
    return `${method} "https://${host}:${port}${path}": ${message}`;
  }

  /** Ends all watches for good. */
  close(): void {
    this.closed = true;
    for (const watch of this.watches) watch.stop?.();
    this.watches.clear();
  }

  private server(): Api {
    if (this.api && this.listener?.proc.state === "running" && !this.isCut(this.listener)) return this.api;
    const { machine, agent, source } = this.options;
    const problem = this.configProblem();
    if (problem !== undefined) throw new Unreachable(problem);
    const { address, port, maker, config } = this.target();
    const dialled = machine.network.dial(machine, address, port);
    if ("failed" in dialled) throw new Unreachable(dialError(address, port, dialled.failed));
    const door = dialled.listener.direct as Door | undefined;
    if (!door) throw new Unreachable(`dial tcp ${address}:${port}: connect: connection refused`);
    this.trust(dialled.listener);
    if (door.unavailable !== undefined) throw new Unreachable(door.unavailable);
    const known = maker && pkiOf(machine)?.subjectOf(maker);
    const own = door.authenticate(known ? { headers: {}, clientCertificate: maker } : config());
    const user = this.options.as ?? own;
    this.listener = dialled.listener;
    this.api = door.client(user, agent, source);
    this.listener.proc.changed.add(() => this.lost());
    return this.api;
  }

  /** Whether the way to the server has gone since it was dialled: over a link that somebody has set down. */
  private isCut({ proc }: Listener): boolean {
    const { machine } = this.options;
    if (![machine, proc.machine].some((end) => hasLinkState(end.host ?? end))) return false;
    const { address, port } = this.target();
    if ("listener" in machine.network.dial(machine, address, port)) return false;
    for (const watch of this.watches) watch.stop?.();
    this.lost();
    return true;
  }

  /** What the kubeconfig said when it was read: a daemon reads it once. */
  private read: Target | undefined;

  private target(): Target {
    const { machine, kubeconfig, first } = this.options;
    if (kubeconfig === undefined) return inCluster(machine);
    this.read ??= first?.read ?? readTarget(machine, kubeconfig);
    return this.read;
  }

  /** Throws Unreachable where the server's certificate is not what the client trusts. */
  private trust({ tls }: Listener): void {
    const { authority, host, maker } = this.target();
    // What nobody has touched is as kubeadm made it.
    if (!tls || authority === undefined || (maker && tls.unmade?.())) return;
    const problem = certificateProblem(tls.certificate(), authority(), host, this.clock.now);
    if (problem) throw new Unreachable(`tls: failed to verify certificate: ${problem}`);
  }

  /** The server; undefined for a daemon that has none. */
  private knownTarget(): Target | undefined {
    try {
      return this.target();
    } catch (error) {
      if (error instanceof Unreachable) return undefined;
      throw error;
    }
  }

  private lost(): void {
    this.api = undefined;
    this.listener = undefined;
    for (const watch of this.watches) watch.stop = undefined;
    if (this.watches.size > 0) this.retry();
  }

  /** client-go's reflectors try again after about a second (k8s.io/client-go/tools/cache, 1.35). */
  private retry(): void {
    this.clock.at(this.clock.now + SECOND, () => {
      if (this.closed || this.watches.size === 0) return;
      if (!this.reachable) {
        this.retry();
        return;
      }
      let again = false;
      for (const watch of [...this.watches]) {
        if (watch.stop || !this.watches.has(watch)) continue;
        watch.options?.onReset?.();
        // Whoever forgot everything may have begun anew.
        if (this.watches.has(watch) && !this.start(watch)) again = true;
      }
      if (again) this.retry();
    });
  }

  /** False where the server refuses: whoever watches tries again. What a handler throws is its own fault. */
  private start(watch: Watch): boolean {
    let telling = false;
    // Only while the watch begins is it of interest whose fault something is.
    let handler = (change: Change) => {
      telling = true;
      watch.handler(change);
      telling = false;
    };
    try {
      watch.stop = this.server().watch(watch.resource, (change: Change) => handler(change), watch.options);
      handler = watch.handler;
      return true;
    } catch (error) {
      if (telling || !(error instanceof Status || error instanceof Unreachable)) throw error;
      return false;
    }
  }

  watch<T extends KubeObject>(
    resource: string,
    handler: (change: Change<T>) => void,
    options?: WatchOptions,
  ): () => void {
    const watch: Watch = { resource, handler: handler as (change: Change) => void, options, stop: undefined };
    this.watches.add(watch);
    if (!this.reachable || !this.start(watch)) this.retry();
    return () => {
      watch.stop?.();
      this.watches.delete(watch);
    };
  }

  get<T extends KubeObject>(resource: string, namespace: string | undefined, name: string): T | undefined {
    return this.server().get<T>(resource, namespace, name);
  }
  list<T extends KubeObject>(resource: string, namespace?: string): readonly T[] {
    return this.server().list<T>(resource, namespace);
  }
  indexed<T extends KubeObject>(resource: string, index: "node" | "owner", value: string): readonly T[] {
    return this.server().indexed<T>(resource, index, value);
  }
  create<T extends KubeObject>(object: T): T {
    return this.server().create(object);
  }
  update<T extends KubeObject>(object: T): T {
    return this.server().update(object);
  }
  updateStatus<T extends KubeObject>(object: T): T {
    return this.server().updateStatus(object);
  }
  modify<T extends KubeObject>(
    object: T,
    change: (current: T) => T,
    subresource?: "status" | "finalize" | "scale" | "approval",
  ): T | undefined {
    return this.server().modify(object, change, subresource);
  }
  createAt(resource: string, namespace: string, name: string, subresource: string, body: JsonObject): JsonObject {
    return this.server().createAt(resource, namespace, name, subresource, body);
  }
  delete(
    object: KubeObject,
    options?: Pick<RequestOptions, "gracePeriodSeconds" | "propagationPolicy" | "preconditions">,
  ): void {
    this.server().delete(object, options);
  }
  kinds(): readonly Kind[] {
    return this.server().kinds();
  }
  ask(question: Question): JsonObject {
    return this.server().ask(question);
  }
  event(about: KubeObject, event: EventText): void {
    try {
      this.server().event(about, event);
    } catch (error) {
      // A recorder drops what it cannot deliver.
      if (!(error instanceof Unreachable || error instanceof Status)) throw error;
    }
  }
}

function dialError(address: string, port: number, failed: "refused" | "timeout" | "unreachable"): string {
  const why = {
    refused: "connect: connection refused",
    timeout: "i/o timeout",
    unreachable: "connect: no route to host",
  }[failed];
  return `dial tcp ${address}:${port}: ${why}`;
}
