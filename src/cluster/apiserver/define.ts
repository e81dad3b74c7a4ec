import type { Micros } from "../../base/clock.ts";
import { ExpectedError } from "../../base/expected-error.ts";
import type { HttpRequest, HttpResponse } from "../../base/http.ts";
import type { JsonObject } from "../../base/json.ts";
import type { Random } from "../../base/random.ts";
import type { Kind } from "../../kinds/define.ts";
import type { WebhookClientConfig } from "../../kinds/types/admission.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import type { Attributes } from "./authorization/authorizer.ts";

/** Who asks, after authentication. */
export interface UserInfo {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export type ApiVerb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete" | "deletecollection";

export type PatchType = "json" | "merge" | "strategic" | "apply";

/** What came in by path, query and headers, taken apart. In-process clients make these directly. */
export interface ApiRequest {
  readonly verb: ApiVerb;
  readonly kind: Kind;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
  readonly user: UserInfo;
  /** The object, patch or delete options. The server owns it from here on. */
  readonly body?: unknown;
  readonly patchType?: PatchType | undefined;
  readonly options: RequestOptions;
  /** The client's program name, for managedFields where no fieldManager is given. */
  readonly agent: string;
}

export interface RequestOptions {
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  readonly fieldValidation?: "Strict" | "Warn" | "Ignore";
  readonly force?: boolean;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: string;
  readonly allowWatchBookmarks?: boolean;
  readonly sendInitialEvents?: boolean;
  readonly timeoutSeconds?: number;
  /** Of a delete: query or body. */
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: "Orphan" | "Background" | "Foreground";
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: KubeObject;
}

/** A watch event as in-process clients get it: with the object before the change, so that indexes can be kept. */
export interface Change<T extends KubeObject = KubeObject> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: T;
  readonly old?: T;
}

/**
 * The cluster as a component in the same world uses it: the same authorization, admission and validation as by HTTPS,
 * but objects are handed over as they are. What comes back is frozen. `resource` is "pods" or "deployments.apps".
 * Reads see the newest state. Everything throws Status; a server that does not run throws Unreachable.
 */
export interface Api {
  readonly user: UserInfo;
  get<T extends KubeObject>(resource: string, namespace: string | undefined, name: string): T | undefined;
  /** In the order of the keys (namespace, name). Do not keep the array. */
  list<T extends KubeObject>(resource: string, namespace?: string): readonly T[];
  /** The objects whose index has this value: pods "node"; everything "owner" (uid of the controller). */
  indexed<T extends KubeObject>(resource: string, index: "node" | "owner", value: string): readonly T[];
  create<T extends KubeObject>(object: T): T;
  update<T extends KubeObject>(object: T): T;
  updateStatus<T extends KubeObject>(object: T): T;
  /** A change of the newest version: `change` gets it frozen and returns the new object (or the same: nothing is written). */
  modify<T extends KubeObject>(
    object: T,
    change: (current: T) => T,
    subresource?: "status" | "finalize" | "scale" | "approval",
  ): T | undefined;
  /** Creates at a subresource: pods/binding, pods/eviction, serviceaccounts/token. */
  createAt(resource: string, namespace: string, name: string, subresource: string, body: JsonObject): JsonObject;
  /** Not found is fine. */
  delete(
    object: KubeObject,
    options?: Pick<RequestOptions, "gracePeriodSeconds" | "propagationPolicy" | "preconditions">,
  ): void;
  /** Calls the handler for all that is there (as ADDED) and then for every change, synchronously, until the returned function is called. */
  watch<T extends KubeObject>(
    resource: string,
    handler: (change: Change<T>) => void,
    options?: WatchOptions,
  ): () => void;
  /** Records an event about an object, aggregated as client-go's recorder does (count, series by reason and message). */
  event(about: KubeObject, event: EventText): void;
  /** The kinds that are served now (discovery); custom ones come and go. */
  kinds(): readonly Kind[];
  /** The object that a plain request to any path is answered with: aggregated APIs, Scale. Throws Status in client-go's words. */
  ask(question: Question): JsonObject;
}

/** A request to a path: GET, or PUT where it has a body. */
export interface Question {
  /** With the query. */
  readonly path: string;
  readonly body?: JsonObject;
}

export interface WatchOptions {
  /** Only objects whose index has this value; pods of a node cost nothing to the other nodes. */
  readonly where?: { readonly index: "node"; readonly value: string };
  /** Only objects of a namespace: so watches who may not see others. */
  readonly namespace?: string;
  /** The connection was lost and is back: everything comes again as ADDED after this call. Forget what you know. */
  readonly onReset?: () => void;
}

/** What an event says. */
export interface EventText {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly fieldPath?: string;
  /** Given by those who record through events.k8s.io (kube-scheduler: Scheduling, Binding): no count, but a series. */
  readonly action?: string;
  /** Of an event with action: the host in reportingInstance. */
  readonly instance?: string;
  /** Of an event with action: who says so, where that is not the client's own name (a scheduler's profile). */
  readonly reporter?: string;
  /** Of an event with action: the other object it is about. */
  readonly related?: KubeObject;
}

/** Thrown by an Api whose server does not answer: "dial tcp 10.0.0.1:6443: connect: connection refused". */
export class Unreachable extends ExpectedError {}

/** What an admission plugin sees. `object` is fresh and may be changed by mutating plugins. */
export interface AdmissionRequest {
  readonly operation: "CREATE" | "UPDATE" | "DELETE" | "CONNECT";
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  readonly user: UserInfo;
  readonly dryRun: boolean;
  object: KubeObject | undefined;
  readonly old: KubeObject | undefined;
}

/** An admission plugin, under the name that --enable-admission-plugins uses. Refusals are thrown as Status. */
export interface AdmissionPlugin {
  readonly name: string;
  readonly offByDefault?: boolean;
  /** The only requests that it looks at: "pods", "deployments.apps", "pods/resize". All where left out. */
  readonly only?: readonly string[];
  mutate?(request: AdmissionRequest, server: AdmissionTools): void;
  validate?(request: AdmissionRequest, server: AdmissionTools): void;
}

export interface AdmissionTools {
  get<T extends KubeObject>(resource: string, namespace: string | undefined, name: string): T | undefined;
  list<T extends KubeObject>(resource: string, namespace?: string): readonly T[];
  /** Writes an object's status, as admission itself does with quotas. */
  putStatus<T extends KubeObject>(resource: string, object: T, status: T["status"]): void;
  /** Whether somebody may do something at the cluster scope. */
  may(user: UserInfo, what: { verb: string; group: string; resource: string; name: string }): boolean;
  /** Whether somebody may do something, and what the authorizer says beside it. */
  decide(user: UserInfo, what: Attributes): { readonly allowed: boolean; readonly reason: string };
  /** The kind of an object. */
  kindNamed(apiVersion: string, kind: string): Kind | undefined;
  /** The other versions and groups under which objects of a kind are served too. */
  equivalents(kind: Kind): readonly Kind[];
  /** A stored object as a version of its kind shows it. */
  shown(kind: Kind, object: KubeObject): KubeObject;
  /** The API server's own flags. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  /** What --admission-control-config-file says to a plugin. */
  configuration(plugin: string): JsonObject | undefined;
  /** Makes a namespace that does not exist. */
  createNamespace(name: string): void;
  /** Asks the server of a webhook. A text says, in Go's words, why there is no answer. */
  ask(client: WebhookClientConfig, request: WebhookRequest): HttpResponse | string;
  /** The plugins that change objects are to be asked once more: a webhook has changed this one. */
  again(): void;
  readonly random: Random;
  readonly now: Micros;
  warn(text: string): void;
  /** A remark for the audit log. */
  annotate(key: string, value: string): void;
}

/** A POST to the server of a webhook. */
export interface WebhookRequest {
  /** With the query. */
  readonly path: string;
  readonly body: string;
}

/** Answers what only the node of a pod knows: logs and streams. Implemented by the kubelet, found by node name. */
export interface NodeConnection {
  logs(pod: KubeObject, query: URLSearchParams): HttpResponse;
  exec(pod: KubeObject, subresource: "exec" | "attach" | "portforward", query: URLSearchParams): HttpResponse;
}

/** A node's kubelet as its API server asks it: also by plain requests to the kubelet's own paths. */
export interface NodeDoor extends NodeConnection {
  http(request: HttpRequest): HttpResponse;
}

/** The door: everything that is asked of a cluster comes in here. */
export interface Door {
  /** Why no object can be read or written now, though it answers. */
  readonly unavailable: string | undefined;
  handle(request: HttpRequest): HttpResponse;
  /** Who a request comes from, by its client certificate or bearer token. Throws Status Unauthorized. */
  authenticate(request: Pick<HttpRequest, "headers" | "clientCertificate">): UserInfo;
  /** An in-process client. `agent` names the component in managedFields, and in events unless these have a `source`. */
  client(user: UserInfo, agent: string, source?: string): Api;
}
