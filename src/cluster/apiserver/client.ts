import type { HttpRequest, HttpResponse } from "../../base/http.ts";
import type { JsonObject } from "../../base/json.ts";
import { apiVersionOf, type Kind } from "../../kinds/define.ts";
import { Status } from "../../kinds/status.ts";
import { objectIn, statusOf } from "../../kinds/status-of-answer.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import { checkAccess } from "./authorization/access.ts";
import { Grants } from "./authorization/grants.ts";
import type { Context } from "./context.ts";
import {
  type Api,
  type ApiRequest,
  type Change,
  type EventText,
  type Question,
  Unreachable,
  type UserInfo,
  type WatchOptions,
} from "./define.ts";
import { notFound, unknownPath } from "./errors.ts";
import { EventRecorder } from "./events/recorder.ts";
import { follow } from "./follow.ts";
import { createObject } from "./registry/create.ts";
import { type DeleteOptions, deleteObject } from "./registry/delete.ts";
import { updateObject } from "./registry/update.ts";
import type { Writing } from "./registry/writing.ts";
import { answerReview, isReview } from "./reviews/index.ts";
import { createAtSubresource } from "./subresources/index.ts";

/** What an in-process client needs of its server. */
export interface ClientServer {
  readonly context: Context;
  /** Why nobody answers, while the server does not run. */
  readonly down: string | undefined;
  /** Why it cannot read or write objects, while its etcd does not answer. */
  readonly unavailable: string | undefined;
  /** Answers a request as somebody who is known already. */
  answerTo(request: HttpRequest, user: UserInfo): HttpResponse;
  /** Calls this when the server stops: what goes on must end. Returns how to take it back. */
  onStop(end: () => void): () => void;
}

/** The API as a component of the control plane, or a kubelet, uses it: no serialization, the same rules. */
export class Client implements Api {
  readonly user: UserInfo;
  private readonly server: ClientServer;
  private readonly agent: string;
  private readonly recorder: EventRecorder;
  private readonly grants = new Grants();
  private readonly named = new Map<string, Grants>();
  /** Who is in system:masters may do everything. */
  private readonly isMaster: boolean;

  constructor(server: ClientServer, user: UserInfo, agent: string, source: string = agent) {
    this.server = server;
    this.user = user;
    this.agent = agent;
    this.recorder = new EventRecorder(source);
    this.isMaster = user.groups.includes("system:masters");
  }

  get<T extends KubeObject>(resource: string, namespace: string | undefined, name: string): T | undefined {
    const kind = this.kindOf(resource);
    this.check("get", kind, namespace, name);
    const object = this.storage.get(kind, namespace, name);
    return object && (this.storage.shown(kind, object) as T);
  }

  list<T extends KubeObject>(resource: string, namespace?: string): readonly T[] {
    const kind = this.kindOf(resource);
    this.check("list", kind, namespace);
    const objects = this.storage.list(kind, namespace);
    return (
      kind.storedAs || kind.shownAs ? objects.map((object) => this.storage.shown(kind, object)) : objects
    ) as readonly T[];
  }

  indexed<T extends KubeObject>(resource: string, index: "node" | "owner", value: string): readonly T[] {
    const kind = this.kindOf(resource);
    this.check("list", kind, undefined, undefined, undefined, nodeSelected(index, value));
    return this.storage.indexed(kind, index, value) as readonly T[];
  }

  create<T extends KubeObject>(object: T): T {
    const kind = this.kindOfObject(object);
    const { namespace } = object.metadata;
    this.check("create", kind, namespace);
    if (isReview(kind)) return this.review(kind, object) as T;
    return createObject(this.context, this.writing(kind, namespace), object) as T;
  }

  /** A question, asked by creating it. */
  private review(kind: Kind, object: KubeObject): KubeObject {
    const { namespace } = object.metadata;
    const request = { verb: "create", kind, namespace, user: this.user, body: object, options: {}, agent: this.agent };
    const outcome = answerReview(this.context, request as ApiRequest, undefined);
    return outcome.what === "object" ? outcome.object : object;
  }

  update<T extends KubeObject>(object: T): T {
    return this.write(object, undefined, () => object) as T;
  }

  updateStatus<T extends KubeObject>(object: T): T {
    return this.write(object, "status", () => object) as T;
  }

  modify<T extends KubeObject>(
    object: T,
    change: (current: T) => T,
    subresource?: "status" | "finalize" | "scale" | "approval",
  ): T | undefined {
    try {
      return this.write(object, subresource, (current) => change(current as T), "patch") as T;
    } catch (error) {
      if (error instanceof Status && error.reason === "NotFound") return undefined;
      throw error;
    }
  }

  createAt(resource: string, namespace: string, name: string, subresource: string, body: JsonObject): JsonObject {
    const kind = this.kindOf(resource);
    this.check("create", kind, namespace, name, subresource);
    return createAtSubresource(this.context, this.writing(kind, namespace, subresource), name, body);
  }

  delete(object: KubeObject, options: DeleteOptions = {}): void {
    const kind = this.kindOfObject(object);
    const { namespace, name } = object.metadata;
    this.check("delete", kind, namespace, name);
    try {
      deleteObject(this.context, this.writing(kind, namespace), name, options);
    } catch (error) {
      if (!(error instanceof Status && error.reason === "NotFound")) throw error;
    }
  }

  watch<T extends KubeObject>(
    resource: string,
    handler: (change: Change<T>) => void,
    options?: WatchOptions,
  ): () => void {
    const kind = this.kindOf(resource);
    const { where, namespace } = options ?? {};
    this.check("watch", kind, namespace, undefined, undefined, where && nodeSelected(where.index, where.value));
    const told = handler as (change: Change) => void;
    const inside = (change: Change) => {
      if (change.object.metadata.namespace === namespace) told(change);
    };
    const stop = follow(this.storage, kind, namespace === undefined ? told : inside, where);
    const forget = this.server.onStop(stop);
    return () => {
      forget();
      stop();
    };
  }

  event(about: KubeObject, event: EventText): void {
    const namespace = about.metadata.namespace ?? "default";
    const kind = this.kindOf("events");
    // Recorders only log a refusal.
    if (!this.mayRecord(kind, namespace)) return;
    this.recorder.record(this.context, this.writing(kind, namespace), about, event);
  }

  private mayRecord(kind: Kind, namespace: string): boolean {
    const { authorizer } = this.context;
    if (this.grants.has(authorizer.revision, "create", kind, undefined, namespace)) return true;
    const { group, plural: resource } = kind;
    const { allowed, holds } = authorizer.decide(this.user, { verb: "create", group, resource, namespace });
    if (allowed && holds) this.grants.add("create", kind, undefined, namespace);
    return allowed;
  }

  kinds(): readonly Kind[] {
    return this.context.kinds.all;
  }

  ask({ path, body }: Question): JsonObject {
    const method = body === undefined ? "GET" : "PUT";
    const headers = { accept: "application/json", "content-type": "application/json", "user-agent": this.agent };
    this.checkReachable();
    const response = this.server.answerTo({ method, path, headers, body }, this.user);
    const object = typeof response.body === "string" ? objectIn(response.body) : response.body;
    if (response.status >= 400) throw statusOf(object, response, { method, path });
    return object ?? {};
  }

  private get context(): Context {
    this.checkReachable();
    return this.server.context;
  }

  private checkReachable(): void {
    const why = this.server.down ?? this.server.unavailable;
    if (why !== undefined) throw new Unreachable(why);
  }

  private get storage(): Context["storage"] {
    return this.context.storage;
  }

  /** `or`: another verb by which the same can be done. */
  private write(
    object: KubeObject,
    subresource: string | undefined,
    change: (current: KubeObject) => KubeObject,
    or?: "patch",
  ): KubeObject {
    const kind = this.kindOfObject(object);
    const { namespace, name } = object.metadata;
    try {
      this.check("update", kind, namespace, name, subresource);
    } catch (refusal) {
      if (or === undefined || !(refusal instanceof Status)) throw refusal;
      this.check(or, kind, namespace, name, subresource);
    }
    return updateObject(this.context, this.writing(kind, namespace, subresource), name, change);
  }

  private writing(kind: Kind, namespace: string | undefined, subresource?: string): Writing {
    return {
      kind,
      attributes: { user: this.user, namespace, subresource, dryRun: false },
      manager: { name: this.agent, apiVersion: apiVersionOf(kind), subresource },
    };
  }

  private kindOf(resource: string): Kind {
    const kind = this.context.kinds.byResource(resource);
    if (!kind) throw unknownPath();
    return kind;
  }

  private kindOfObject(object: KubeObject): Kind {
    const kind = this.context.kinds.byApiVersionKind(object.apiVersion, object.kind);
    if (!kind) throw notFound({ group: "", plural: `${object.kind} (${object.apiVersion})` }, object.metadata.name);
    return kind;
  }

  private check(
    verb: string,
    kind: Kind,
    namespace: string | undefined,
    name?: string,
    subresource?: string,
    selected?: Readonly<Record<string, string>>,
  ): void {
    const { authorizer } = this.context;
    if (this.isMaster) return;
    const { revision } = authorizer;
    const home = kind.namespaced ? namespace : undefined;
    if (this.grants.has(revision, verb, kind, subresource, home)) return;
    const named = name === undefined ? undefined : this.named.get(name);
    if (named?.has(revision, verb, kind, subresource, home)) return;
    const { group, plural: resource } = kind;
    const attributes = { verb, group, resource, subresource, namespace: home, name, selected };
    const holds = checkAccess(authorizer, this.user, attributes);
    if (holds === "any name" || (holds && name === undefined)) this.grants.add(verb, kind, subresource, home);
    else if (holds && name !== undefined) this.grantsOf(name, revision)?.add(verb, kind, subresource, home);
  }

  /** What is allowed for one name only: a component has few of those, its lease and its node. */
  private grantsOf(name: string, revision: number): Grants | undefined {
    const known = this.named.get(name);
    if (known || this.named.size >= 16) return known;
    const grants = new Grants(revision);
    this.named.set(name, grants);
    return grants;
  }
}

/** What is narrowed to a node's objects is asked for with a field selector. */
function nodeSelected(index: string, value: string): Readonly<Record<string, string>> | undefined {
  return index === "node" ? { "spec.nodeName": value } : undefined;
}
