import { type Clock, SECOND } from "../base/clock.ts";
import type { JsonObject } from "../base/json.ts";
import type { Kind } from "../kinds/define.ts";
import type { KubeObject } from "../kinds/types/meta.ts";
import { root } from "../machine/define-files.ts";
import type { Listener } from "../machine/define-network.ts";
import type { Machine } from "../machine/machine.ts";
import type { Api, Change, Door, EventText, RequestOptions, UserInfo, WatchOptions } from "./apiserver/define.ts";
import { Unreachable } from "./apiserver/define.ts";
import type { Pki } from "./kubeadm/pki.ts";
import { readClientConfig } from "./kubeconfig.ts";

/** Where a pod finds its service account's token and the cluster's authority (rest.InClusterConfig). */
export const SERVICE_ACCOUNT_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The machine's part under which a host keeps the cluster's certificates as kubeadm made them. */
export const PKI_PART = "pki";

/** How a component finds its server: a kubeconfig file, or (undefined) the pod's own service account. */
export interface ConnectionOptions {
  readonly machine: Machine;
  readonly kubeconfig?: string;
  /** Its name in managedFields, and in events unless these have a `source`. */
  readonly agent: string;
  readonly source?: string;
  /** Another user it acts as, with a token of its own (--use-service-account-credentials). */
  readonly as?: UserInfo;
}

/** A container's part: where KUBERNETES_SERVICE_HOST and _PORT of its environment point to. */
export const API_SERVICE_PART = "api-service";

interface Target {
  readonly address: string;
  readonly port: number;
  /** What would make the credentials' file, where nobody has touched it. */
  readonly maker: (() => string) | undefined;
  config(): { headers: Record<string, string>; clientCertificate?: string | undefined };
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

  /** True when a server answers now. */
  get reachable(): boolean {
    try {
      this.server();
      return true;
    } catch (error) {
      if (error instanceof Unreachable) return false;
      throw error;
    }
  }

  /** Ends all watches for good. */
  close(): void {
    this.closed = true;
    for (const watch of this.watches) watch.stop?.();
    this.watches.clear();
  }

  private server(): Api {
    if (this.api && this.listener?.proc.state === "running") return this.api;
    const { machine, agent, source } = this.options;
    const { address, port, maker, config } = this.target();
    const dialled = machine.network.dial(machine, address, port);
    if ("failed" in dialled) throw new Unreachable(dialError(address, port, dialled.failed));
    const door = dialled.listener.direct as Door | undefined;
    if (!door) throw new Unreachable(`dial tcp ${address}:${port}: connect: connection refused`);
    const subject = maker && pkiOf(machine)?.subjectOf(maker);
    const own = subject
      ? { name: subject.commonName, groups: [...(subject.organizations ?? []), "system:authenticated"] }
      : door.authenticate(config());
    const user = this.options.as ?? own;
    this.listener = dialled.listener;
    this.api = door.client(user, agent, source);
    this.listener.proc.changed.add(() => this.lost());
    return this.api;
  }

  private target(): Target {
    const { machine, kubeconfig } = this.options;
    if (kubeconfig === undefined) return inCluster(machine);
    const maker = machine.files.unmade(kubeconfig);
    const known = maker && pkiOf(machine)?.serverOf(maker);
    if (known) return { ...known, maker, config: () => ({ headers: {} }) };
    const config = readClientConfig(machine.files, kubeconfig, root);
    const url = /^https?:\/\/(?:\[([^\]]+)\]|([^:/]+))(?::(\d+))?/.exec(config.server);
    if (!url) throw new Error(`invalid server ${config.server}`);
    const resolved = machine.network.resolve(machine, url[1] ?? url[2] ?? "");
    if ("failed" in resolved) throw new Unreachable(`dial tcp: lookup ${url[2]}: no such host`);
    return {
      address: resolved.addresses[0] ?? "",
      port: Number(url[3] ?? 443),
      maker: config.tokenFile === undefined ? undefined : machine.files.unmade(config.tokenFile),
      config: () => ({
        headers: config.token ? { authorization: `Bearer ${config.token}` } : ({} as Record<string, string>),
        clientCertificate: config.clientCertificate,
      }),
    };
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
      for (const watch of [...this.watches]) {
        if (watch.stop || !this.watches.has(watch)) continue;
        watch.options?.onReset?.();
        // Whoever forgot everything may have begun anew.
        if (this.watches.has(watch)) this.start(watch);
      }
    });
  }

  private start(watch: Watch): void {
    watch.stop = this.server().watch(watch.resource, watch.handler, watch.options);
  }

  watch<T extends KubeObject>(
    resource: string,
    handler: (change: Change<T>) => void,
    options?: WatchOptions,
  ): () => void {
    const watch: Watch = { resource, handler: handler as (change: Change) => void, options, stop: undefined };
    this.watches.add(watch);
    if (this.reachable) this.start(watch);
    else this.retry();
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
    subresource?: "status" | "finalize",
  ): T | undefined {
    return this.server().modify(object, change, subresource);
  }
  createAt(resource: string, namespace: string, name: string, subresource: string, body: JsonObject): void {
    this.server().createAt(resource, namespace, name, subresource, body);
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
  event(about: KubeObject, event: EventText): void {
    try {
      this.server().event(about, event);
    } catch (error) {
      // A recorder drops what it cannot deliver.
      if (!(error instanceof Unreachable)) throw error;
    }
  }
}

function pkiOf(machine: Machine): Pki | undefined {
  return (machine.host ?? machine).parts.get(PKI_PART) as Pki | undefined;
}

function dialError(address: string, port: number, failed: "refused" | "timeout" | "unreachable"): string {
  const why = {
    refused: "connect: connection refused",
    timeout: "i/o timeout",
    unreachable: "connect: no route to host",
  }[failed];
  return `dial tcp ${address}:${port}: ${why}`;
}

function inCluster(machine: Machine): Target {
  const token = `${SERVICE_ACCOUNT_FOLDER}/token`;
  const service = machine.parts.get(API_SERVICE_PART) as { address: string; port: number } | undefined;
  if (!service)
    throw new Unreachable("unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST must be defined");
  const maker = machine.files.unmade(token);
  return {
    ...service,
    maker,
    config: () => ({ headers: { authorization: `Bearer ${machine.files.read(token, root).trim()}` } }),
  };
}
