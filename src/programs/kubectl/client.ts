import type { HttpResponse } from "../../base/http.ts";
import type { Json, JsonObject } from "../../base/json.ts";
import { parseJson } from "../../base/json.ts";
import { isObject } from "../../base/json-object.ts";
import type { Stream } from "../../base/stream.ts";
import { releaseOf } from "../../cluster/kubeadm/release.ts";
import { Status, type StatusDetails, type StatusReason } from "../../kinds/status.ts";
import type { Task } from "../../machine/define.ts";
import type { Listener } from "../../machine/define-network.ts";
import type { Process } from "../../machine/process.ts";
import { connect, send } from "./connect.ts";
import { CommandFault, Unanswered } from "./faults.ts";
import type { ClientConfig } from "./kubeconfig/client-config.ts";
import { type Mapper, mapperOf } from "./mapper.ts";
import type { Output } from "./output.ts";
import { pagesAsOne } from "./pages.ts";
import { requestLog } from "./request-log.ts";
import { type Resource, resourcePath } from "./resource.ts";
import { statusWithoutBody } from "./status-of-answer.ts";
import { warningsIn } from "./warnings.ts";

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

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

export type PatchType = "strategic" | "merge" | "json" | "apply";

export const patchContentTypes: Readonly<Record<PatchType, string>> = {
  strategic: "application/strategic-merge-patch+json",
  merge: "application/merge-patch+json",
  json: "application/json-patch+json",
  apply: "application/apply-patch+yaml",
};

/** The API server as kubectl talks to it. Everything throws Status for a refusal and Unanswered where nobody answers. */
export class Client {
  readonly config: ClientConfig;
  private readonly proc: Process;
  private readonly output: Output;
  private readonly command: string;
  private readonly verbosity: number;
  private readonly warned = new Set<string>();
  private listener: Listener | undefined;
  private found: Mapper | undefined;

  constructor(options: {
    proc: Process;
    config: ClientConfig;
    output: Output;
    /** "kubectl get", told to the server. */
    command: string;
    verbosity: number;
  }) {
    this.proc = options.proc;
    this.config = options.config;
    this.output = options.output;
    this.command = options.command;
    this.verbosity = options.verbosity;
  }

  /** How many different warnings the server gave. */
  get warnings(): number {
    return this.warned.size;
  }

  /** Finds the way to the server, as if for a GET of this path. */
  *reach(path: string, method = "GET"): Task<Listener> {
    if (this.listener?.proc.state === "running") return this.listener;
    yield* this.output.flush();
    try {
      this.listener = yield* connect(this.proc, this.config);
      return this.listener;
    } catch (fault) {
      throw fault instanceof Unanswered ? fault.about(method, this.config.server.url + path) : fault;
    }
  }

  /** Any request, with whatever comes back. */
  *request(ask: ApiAsk): Task<HttpResponse> {
    const { method = "GET", query, body, accept = "application/json", contentType } = ask;
    const path = this.config.server.prefix + ask.path + queryText(query);
    const listener = yield* this.reach(ask.path + queryText(query), method);
    const headers = {
      accept,
      "user-agent": userAgent,
      "kubectl-command": this.command,
      ...(contentType === undefined ? {} : { "content-type": contentType }),
      ...this.config.headers,
    };
    const request = { method, path, headers, body };
    const response = send(this.proc, this.config, listener, request);
    if (this.verbosity >= 6) {
      const url = `${this.config.server.tls ? "https" : "http"}://${this.config.server.host}${path}`;
      for (const line of requestLog(this.proc, this.verbosity, url, request, response)) this.output.err.line(line);
    }
    for (const text of warningsIn(response.headers.warning)) {
      if (this.warned.has(text)) continue;
      this.warned.add(text);
      this.output.err.line(`Warning: ${text}`);
    }
    return response;
  }

  /** The refusal in an answer that was asked for by `request`. */
  refusal(response: HttpResponse, ask: ApiAsk): Status {
    const { body } = response;
    return statusOf(typeof body === "string" ? readObject(body) : body, response, ask);
  }

  /** The object that a request is answered with. */
  *object(ask: ApiAsk): Task<JsonObject> {
    const response = yield* this.request(ask);
    const { body, status } = response;
    const value = typeof body === "string" ? readObject(body) : body;
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

/** ?a=b, names sorted as Go sorts them. */
function queryText(query: Query | undefined): string {
  if (!query) return "";
  const parts: string[] = [];
  for (const name of Object.keys(query).sort()) {
    const value = query[name];
    if (value === undefined) continue;
    const values: readonly string[] = Array.isArray(value) ? value : [String(value)];
    for (const one of values) parts.push(`${encodeURIComponent(name)}=${encodeURIComponent(one)}`);
  }
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

function readObject(text: string): JsonObject | undefined {
  if (!text.startsWith("{")) return undefined;
  const value = parseJson(text);
  return isObject(value) ? value : undefined;
}

function statusOf(body: JsonObject | undefined, response: HttpResponse, ask: ApiAsk): Status {
  if (body?.kind !== "Status") return statusWithoutBody(response, ask);
  const { reason, message, details, code } = body;
  return new Status(
    ((reason as string | undefined) ?? "") as StatusReason,
    String(message ?? ""),
    details as StatusDetails | undefined,
    Number(code ?? response.status),
  );
}
