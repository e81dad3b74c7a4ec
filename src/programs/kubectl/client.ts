import type { Micros } from "../../base/clock.ts";
import { goDuration } from "../../base/go-duration.ts";
import type { HttpRequest, HttpResponse } from "../../base/http.ts";
import type { Json, JsonObject } from "../../base/json.ts";
import type { Stream } from "../../base/stream.ts";
import { releaseOf } from "../../cluster/kubeadm/release.ts";
import { Status } from "../../kinds/status.ts";
import { objectIn, statusOf } from "../../kinds/status-of-answer.ts";
import type { Task } from "../../machine/define.ts";
import type { Process } from "../../machine/process.ts";
import { askLogin } from "./ask-login.ts";
import { type Connection, connect } from "./connect.ts";
import { CommandFault, Unanswered } from "./faults.ts";
import type { ClientConfig } from "./kubeconfig/client-config.ts";
import { dialAddress } from "./kubeconfig/server-address.ts";
import { type Mapper, mapperOf } from "./mapper.ts";
import { matchVersion } from "./match-version.ts";
import type { Output } from "./output.ts";
import { pagesAsOne } from "./pages.ts";
import { type PatchType, patchContentTypes } from "./patch-types.ts";
import { type Query, queryText } from "./query-text.ts";
import { failedRequestLog, requestLog } from "./request-log.ts";
import { type Resource, resourcePath } from "./resource.ts";
import { warningsIn } from "./warnings.ts";

export type { Query } from "./query-text.ts";

/** A request for the API. */
export interface ApiAsk {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Query | undefined;
  readonly accept?: string | undefined;
  readonly contentType?: string | undefined;
  readonly body?: JsonObject | readonly JsonObject[] | string | undefined;
}

/** One object, or what lies below it. */
export interface ObjectAsk {
  readonly resource: Resource;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly subresource?: string | undefined;
}

export interface ListAsk {
  readonly resource: Resource;
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** 500 where nothing is said; 0 asks for all at once. */
  readonly limit?: number | undefined;
  readonly accept?: string | undefined;
  readonly more?: Query | undefined;
}

export const tableAccept =
  "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";
const discoveryAccept =
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

export type { PatchType } from "./patch-types.ts";

/** The API server as kubectl talks to it. Everything throws Status for a refusal and Unanswered where nobody answers. */
export class Client {
  readonly config: ClientConfig;
  private readonly proc: Process;
  private readonly output: Output;
  private readonly command: string;
  private readonly verbosity: number;
  private mustMatch: boolean;
  private readonly warned = new Set<string>();
  private connection: Connection | undefined;
  /** When each kept server of a session was dialled is told once. */
  private dialled = false;
  /** The header of a name and password that were asked for. */
  private login: Readonly<Record<string, string>> | undefined;
  private found: Mapper | undefined;

  constructor(options: {
    proc: Process;
    config: ClientConfig;
    output: Output;
    /** "kubectl get", told to the server. */
    command: string;
    verbosity: number;
    /** --match-server-version: nothing is asked of a server of another version. */
    mustMatch: boolean;
  }) {
    this.proc = options.proc;
    this.config = options.config;
    this.output = options.output;
    this.command = options.command;
    this.verbosity = options.verbosity;
    this.mustMatch = options.mustMatch;
  }

  /** Whether --request-timeout ended a log before its time; a watch ends without a word. */
  cutShort = false;

  /** How many different warnings the server gave. */
  get warnings(): number {
    return this.warned.size;
  }

  /** Finds the way to the server, as if for a GET of this path. */
  *reach(path: string, method = "GET", until = this.limit()): Task<Connection> {
    if (this.config.nameless) this.login ??= yield* askLogin(this.proc, this.output);
    if (this.connection?.alive) return this.connection;
    yield* this.output.flush();
    try {
      this.connection = yield* connect(this.proc, this.config, until);
      this.dialled = true;
      return this.connection;
    } catch (fault) {
      throw fault instanceof Unanswered ? this.unanswered(fault, method, path) : fault;
    }
  }

  /** When a request that is sent now must be answered (--request-timeout). */
  private limit(): Micros | undefined {
    const { timeout } = this.config;
    return timeout === 0 ? undefined : this.proc.machine.kernel.clock.now + timeout;
  }

  /** Any request, with whatever comes back. */
  *request(ask: ApiAsk): Task<HttpResponse> {
    if (this.mustMatch) {
      this.mustMatch = false;
      matchVersion(yield* this.object({ path: "/version", query: { timeout: "32s" } }));
    }
    const { method = "GET", body, accept = "application/json", contentType } = ask;
    const { timeout } = this.config;
    const query = queryText(timeout === 0 ? ask.query : { ...ask.query, timeout: goDuration(timeout) });
    const path = this.config.server.prefix + ask.path + query;
    const until = this.limit();
    const connection = yield* this.reach(ask.path + query, method, until);
    const headers = {
      accept,
      "user-agent": userAgent,
      "kubectl-command": this.command,
      ...(contentType === undefined ? {} : { "content-type": contentType }),
      ...this.config.headers,
      ...this.login,
    };
    const response = yield* this.exchange(connection, { method, path, headers, body }, until);
    for (const text of warningsIn(response.headers.warning)) {
      if (this.warned.has(text)) continue;
      this.warned.add(text);
      this.output.err.line(`Warning: ${text}`);
    }
    const { stream } = response;
    if (until !== undefined && stream)
      this.proc.machine.kernel.clock.at(until, () => {
        this.cutShort ||= !stream.closed && ask.path.endsWith("/log");
        stream.close();
      });
    return response;
  }

  private *exchange(connection: Connection, request: HttpRequest, until: Micros | undefined): Task<HttpResponse> {
    const { clock } = this.proc.machine.kernel;
    const { tls, host, prefix } = this.config.server;
    const sent = clock.now;
    try {
      const response = yield* connection.send(request, until);
      if (this.verbosity >= 6) {
        const milliseconds = Math.round((clock.now - sent) / 1000);
        const dialled = this.dialled ? dialAddress(this.config.server) : undefined;
        this.dialled = false;
        const exchange = {
          request,
          url: `${tls ? "https" : "http"}://${host}${request.path}`,
          response,
          milliseconds,
          dialled,
        };
        for (const line of requestLog(this.proc, this.verbosity, exchange)) this.output.err.line(line);
      }
      return response;
    } catch (fault) {
      if (!(fault instanceof Unanswered)) throw fault;
      this.connection = undefined;
      throw this.unanswered(fault, request.method, request.path.slice(prefix.length));
    }
  }

  private unanswered(fault: Unanswered, method: string, path: string): Unanswered {
    const url = this.config.server.url + path;
    if (this.verbosity >= 6) this.output.err.line(failedRequestLog(this.proc, method, url));
    return fault.about(method, url);
  }

  /** The refusal in an answer that was asked for by `request`. */
  refusal(response: HttpResponse, ask: ApiAsk): Status {
    const { body } = response;
    return statusOf(typeof body === "string" ? objectIn(body) : body, response, ask);
  }

  /** The object that a request is answered with. */
  *object(ask: ApiAsk): Task<JsonObject> {
    const response = yield* this.request(ask);
    const { body, status } = response;
    const value = typeof body === "string" ? objectIn(body) : body;
    if (status >= 400) throw statusOf(value, response, ask);
    if (value === undefined) throw new CommandFault("the server's answer is no object");
    return value;
  }

  *get({ resource, namespace, name, subresource }: ObjectAsk, accept?: string): Task<JsonObject> {
    return yield* this.object({ path: resourcePath(resource, namespace, name, subresource), accept });
  }

  /** The same; undefined where there is no such object. */
  *find(ask: ObjectAsk): Task<JsonObject | undefined> {
    try {
      return yield* this.get(ask);
    } catch (fault) {
      if (fault instanceof Status && fault.reason === "NotFound") return undefined;
      throw fault;
    }
  }

  /** A list of objects, or a Table, asked for in pages of 500 and put together. */
  *list(ask: ListAsk): Task<JsonObject> {
    const { resource, namespace, labelSelector, fieldSelector, limit = 500, accept, more } = ask;
    const path = resourcePath(resource, namespace);
    const selectors = { labelSelector: labelSelector || undefined, fieldSelector: fieldSelector || undefined };
    const pages: JsonObject[] = [];
    let from: string | undefined;
    do {
      const query = { ...more, ...selectors, limit: limit || undefined, continue: from };
      const page = yield* this.object({ path, query, accept });
      pages.push(page);
      from = ((page.metadata as JsonObject | undefined)?.continue as string | undefined) || undefined;
    } while (from !== undefined);
    return pagesAsOne(pages);
  }

  *create(resource: Resource, namespace: string | undefined, body: JsonObject, query?: Query): Task<JsonObject> {
    const path = resourcePath(resource, namespace);
    return yield* this.object({ method: "POST", path, query, body, contentType: "application/json" });
  }

  *update(ask: ObjectAsk, body: JsonObject, query?: Query): Task<JsonObject> {
    const path = resourcePath(ask.resource, ask.namespace, ask.name, ask.subresource);
    return yield* this.object({ method: "PUT", path, query, body, contentType: "application/json" });
  }

  *patch(ask: ObjectAsk, type: PatchType, body: Json, query?: Query): Task<JsonObject> {
    const path = resourcePath(ask.resource, ask.namespace, ask.name, ask.subresource);
    const contentType = patchContentTypes[type];
    return yield* this.object({ method: "PATCH", path, query, body: body as JsonObject, contentType });
  }

  /** Deletes one object; `options` are DeleteOptions without kind and apiVersion. */
  *remove(ask: ObjectAsk, options: JsonObject = {}): Task<JsonObject> {
    const path = resourcePath(ask.resource, ask.namespace, ask.name, ask.subresource);
    return yield* this.object({ method: "DELETE", path, body: options, contentType: "application/json" });
  }

  /** The events of a watch, until either side closes it: close it in a `finally`. */
  *watch(
    ask: ListAsk & { readonly resourceVersion?: string; readonly timeoutSeconds?: number },
  ): Task<Stream<JsonObject>> {
    const { resource, namespace, labelSelector, fieldSelector, resourceVersion, timeoutSeconds, accept, more } = ask;
    const path = resourcePath(resource, namespace);
    const query = {
      ...more,
      labelSelector: labelSelector || undefined,
      fieldSelector: fieldSelector || undefined,
      resourceVersion,
      timeoutSeconds,
      watch: true,
    };
    const response = yield* this.request({ path, query, accept });
    if (response.status >= 400 || !response.stream) throw this.refusal(response, { path });
    return response.stream as Stream<JsonObject>;
  }

  /** What the server has. */
  *mapper(): Task<Mapper> {
    if (this.found) return this.found;
    const query = { timeout: "32s" };
    const core = yield* this.object({ path: "/api", query, accept: discoveryAccept });
    const grouped = yield* this.object({ path: "/apis", query, accept: discoveryAccept });
    this.found = mapperOf(core, grouped);
    return this.found;
  }

  /** Forgets what the server has: after a CustomResourceDefinition was made. */
  forgetMapper(): void {
    this.found = undefined;
  }
}

const { version, gitCommit } = releaseOf(undefined);
const userAgent = `kubectl/${version} (linux/amd64) kubernetes/${gitCommit.slice(0, 7)}`;
