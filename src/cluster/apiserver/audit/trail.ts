import type { Micros } from "../../../base/clock.ts";
import type { HttpRequest, HttpResponse } from "../../../base/http.ts";
import { type Json, type JsonObject, parseJson, toJson } from "../../../base/json.ts";
import type { Stream } from "../../../base/stream.ts";
import type { Kind } from "../../../kinds/define.ts";
import { Status } from "../../../kinds/status.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import { triedMethods } from "../authentication/authenticate.ts";
import type { Attributes } from "../authorization/authorizer.ts";
import type { Context } from "../context.ts";
import type { UserInfo } from "../define.ts";
import type { AuditLog, AuditTrail } from "./define.ts";
import { type Answer, eventOf, legacyLine, type Request } from "./event.ts";
import { type Recorded, recordedOf, type Stage } from "./policy.ts";

type Parts = Pick<Context, "clock" | "random" | "authorizer" | "storage">;

/** What is asked of the server, as a trail tells it. */
export type Asked = Pick<Request, "uri" | "attributes" | "user" | "from" | "agent">;

/** What is recorded of one request, stage by stage. */
export class Trail implements AuditTrail {
  private readonly parts: Parts;
  private readonly log: AuditLog;
  private readonly request: Request;
  private readonly recorded: Recorded;
  private isRefused = false;

  constructor(parts: Parts, log: AuditLog, asked: Asked) {
    this.parts = parts;
    this.log = log;
    this.recorded = recordedOf(log.policy, asked.user, asked.attributes);
    const received: Micros = parts.clock.now;
    this.request = { ...asked, id: this.isOn ? parts.random.uuid() : "", received, annotations: {} };
  }

  get isOn(): boolean {
    return this.recorded.level !== "None";
  }

  /** Whom the sender wants to be taken for. */
  actsAs(user: UserInfo): void {
    if (user !== this.request.user) this.request.impersonated = user;
  }

  annotate(key: string, value: string): void {
    this.request.annotations[key] ??= value;
  }

  sent(body: unknown, kind?: Kind): void {
    if (!this.isOn || this.isRefused || typeof body !== "object" || body === null) return;
    const { level } = this.recorded;
    if (level === "Metadata")
      this.request.body = { metadata: { ...(body as Partial<KubeObject>).metadata } as JsonObject };
    else this.request.body = kind ? this.withDefaults(kind, body as KubeObject) : (structuredClone(body) as Json);
  }

  /** An object as the server reads it (apiserver pkg/audit/request.go LogRequestObject, 1.35). */
  private withDefaults(kind: Kind, body: KubeObject): Json {
    const { storage } = this.parts;
    const copy = structuredClone(body);
    const object = kind.storedAs ? kind.storedAs.toStored(copy) : copy;
    (kind.readBody ? kind : storage.ruling(kind)).defaults?.(object);
    return storage.shown(kind, object) as unknown as Json;
  }

  /** What the authorizers say of it, and why. */
  decide(user: UserInfo, attributes: Attributes): void {
    if (!this.isOn) return;
    const { allowed, reason } = this.parts.authorizer.decide(user, attributes);
    this.isRefused = !allowed;
    this.request.annotations["authorization.k8s.io/decision"] = allowed ? "allow" : "forbid";
    this.request.annotations["authorization.k8s.io/reason"] = reason;
  }

  record(stage: Stage, answer?: Answer): void {
    const { level, omits, omitManagedFields } = this.recorded;
    if (!this.isOn || omits.has(stage)) return;
    const event = eventOf(this.request, level, stage, this.parts.clock.now, answer);
    const shown = omitManagedFields ? withoutManagedFields(event) : event;
    this.log.write(`${this.log.format === "legacy" ? legacyLine(shown) : toJson(shown)}\n`);
  }

  /** Records an answer; of one that goes on its beginning now and its end then. */
  answered(response: HttpResponse): void {
    if (!this.isOn) return;
    const answer = answerOf(response);
    const going: Pick<Stream<never>, "closed" | "changed"> | undefined = response.stream ?? response.session?.output;
    if (!going || going.closed) {
      this.record("ResponseComplete", answer);
      return;
    }
    this.record("ResponseStarted", answer);
    const end = () => {
      if (going.closed) this.record("ResponseComplete", answer);
      else going.changed.add(end);
    };
    going.changed.add(end);
  }
}

/** A request by HTTP whose sender is known. */
export function trailOf(
  context: Context,
  log: AuditLog,
  http: HttpRequest,
  user: UserInfo,
  attributes: Attributes,
): Trail {
  const trail = new Trail(context, log, asked(http, user, attributes));
  trail.record("RequestReceived");
  return trail;
}

/** Records that somebody was not let in (apiserver endpoints/filters/authn_audit.go, 1.35). */
export function recordStranger(context: Context, log: AuditLog, http: HttpRequest, attributes: Attributes): void {
  const trail = new Trail(context, log, asked(http, undefined, attributes));
  const status = { status: "Failure", message: triedMethods(http), reason: "Unauthorized" };
  trail.record("ResponseStarted", { code: 401, status });
}

function asked(http: HttpRequest, user: UserInfo | undefined, attributes: Attributes): Asked {
  return {
    uri: http.path,
    attributes,
    user,
    from: http.from ?? "127.0.0.1",
    agent: http.headers["user-agent"],
  };
}

/** The JSON of a page; undefined where it is none. */
function jsonIn(body: string): Json | undefined {
  try {
    return parseJson(body);
  } catch {
    return undefined;
  }
}

/** A refusal that was thrown, or a response as it is. */
export function answerOf({ status: code, body, headers }: HttpResponse): Answer {
  const isJson = (headers["content-type"] ?? "application/json").startsWith("application/json");
  const object = typeof body === "string" ? (isJson ? jsonIn(body) : undefined) : body;
  const said = object as JsonObject | undefined;
  if (said?.kind !== "Status") return { code, ...(object === undefined ? {} : { body: object }) };
  const { kind: _kind, apiVersion: _apiVersion, metadata: _metadata, code: _code, ...status } = said;
  return { code, status, body: said };
}

/** What somebody in the same world was told. */
export function answerOfError(error: unknown): Answer | undefined {
  if (!(error instanceof Status)) return undefined;
  return answerOf({ status: error.code, headers: {}, body: error.toObject() as JsonObject });
}

function withoutManagedFields(event: JsonObject): JsonObject {
  const clean = (value: Json | undefined): Json | undefined => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const { metadata, items, ...rest } = value as JsonObject;
    const object: Record<string, Json | undefined> = {};
    for (const key in value as JsonObject) {
      if (key === "metadata" && typeof metadata === "object" && metadata !== null) {
        const { managedFields: _managedFields, ...kept } = metadata as JsonObject;
        object.metadata = kept;
      } else if (key === "items" && Array.isArray(items)) object.items = items.map((item) => clean(item) ?? null);
      else object[key] = rest[key];
    }
    return object as JsonObject;
  };
  const shown: Record<string, Json | undefined> = { ...event };
  for (const key of ["requestObject", "responseObject"]) if (shown[key]) shown[key] = clean(shown[key]);
  return shown as JsonObject;
}
