import type { JsonObject } from "../../../base/json.ts";
import { resourceName } from "../../../kinds/define.ts";
import type { Node } from "../../../kinds/types/core.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Context } from "../context.ts";
import type { Api } from "../define.ts";
import type { Build } from "../version.ts";
import type { AuditLog } from "./define.ts";
import { answerOfError, Trail } from "./trail.ts";

type Verb = "create" | "update" | "patch" | "delete" | "watch";

interface Deed {
  readonly verb: Verb;
  readonly resource: string;
  readonly object: Partial<KubeObject["metadata"]>;
  readonly subresource?: string | undefined;
}

/** Does something and records it. */
type Recording = <T>(deed: Deed, act: () => T) => T;

/**
 * A component's client whose writes and watches are recorded like everybody's requests. What it reads it reads from its
 * caches, in life and here.
 */
export function auditedClient(own: Api, context: Context, log: AuditLog, release: Build, agent: string): Api {
  const record = recordingOf(own, context, log, release, agent);
  const about = (verb: Verb, object: KubeObject, more: Pick<Deed, "subresource"> = {}): Deed => {
    const kind = context.kinds.byApiVersionKind(object.apiVersion, object.kind);
    return { verb, resource: kind ? resourceName(kind) : "", object: object.metadata, ...more };
  };
  /** Records what is sent. */
  const told = <T extends KubeObject>(object: T): T => {
    const kind = context.trail && context.kinds.byApiVersionKind(object.apiVersion, object.kind);
    if (kind) context.trail?.sent(object, kind);
    return object;
  };
  return {
    get user() {
      return own.user;
    },
    get: (resource, namespace, name) => own.get(resource, namespace, name),
    list: (resource, namespace) => own.list(resource, namespace),
    indexed: (resource, index, value) => own.indexed(resource, index, value),
    kinds: () => own.kinds(),
    ask: (question) => own.ask(question),
    event: (subject, event) => own.event(subject, event),
    watch: (resource, handler, options) =>
      record({ verb: "watch", resource, object: {} }, () => own.watch(resource, handler, options)),
    create: (object) => record(about("create", object), () => own.create(told(object))),
    update: (object) => record(about("update", object), () => own.update(told(object))),
    updateStatus: (object) =>
      record(about("update", object, { subresource: "status" }), () => own.updateStatus(told(object))),
    modify: (object, change, subresource) =>
      record(about("patch", object, { subresource }), () => own.modify(object, change, subresource)),
    createAt: (resource, namespace, name, subresource, body) =>
      record({ verb: "create", resource, object: { namespace, name }, subresource }, () => {
        context.trail?.sent(body);
        return own.createAt(resource, namespace, name, subresource, body);
      }),
    delete: (object, options) => record(about("delete", object), () => own.delete(object, options)),
  };
}

function recordingOf(own: Api, context: Context, log: AuditLog, release: Build, agent: string): Recording {
  const from = addressOf(own, context);
  const userAgent = `${agent}/${release.version} (linux/amd64) kubernetes/${release.gitCommit.slice(0, 7)}`;
  const account = own.user.name.startsWith("system:serviceaccount:") ? `/${own.user.name}` : "";
  return ({ verb, resource, object, subresource }, act) => {
    const kind = context.kinds.byResource(resource);
    if (!kind) return act();
    const { namespace, name } = object;
    const { group, version, plural } = kind;
    const named = verb === "create" && !subresource ? undefined : name;
    const attributes = { verb, group, version, resource: plural, subresource, namespace, name: named };
    const trail = new Trail(context, log, {
      uri: uriOf(attributes),
      attributes,
      user: own.user,
      from,
      agent: `${userAgent}${account}`,
    });
    const outer = context.trail;
    context.trail = trail;
    trail.record("RequestReceived");
    trail.decide(own.user, attributes);
    try {
      const result = act();
      if (!trail.isOn) return result;
      const shown = answerIn(context, result);
      const stage = verb === "watch" ? "ResponseStarted" : "ResponseComplete";
      trail.record(stage, { code: verb === "create" ? 201 : 200, ...(shown ? { body: shown } : {}) });
      return result;
    } catch (error) {
      const answer = answerOfError(error);
      if (answer) trail.record("ResponseComplete", answer);
      throw error;
    } finally {
      context.trail = outer;
    }
  };
}

/** A result as a client by HTTPS would get it. */
function answerIn(context: Context, result: unknown): JsonObject | undefined {
  if (typeof result !== "object" || result === null) return undefined;
  return ("metadata" in result ? context.complete(result as KubeObject) : result) as JsonObject;
}

/** A kubelet asks from its node, all others from the control plane. */
function addressOf({ user }: Api, { storage, flags }: Context): string | undefined {
  const node = /^system:node:(.+)$/.exec(user.name)?.[1];
  const known = node ? (storage.store.get("nodes", undefined, node) as Node | undefined) : undefined;
  return known?.status?.addresses?.find(({ type }) => type === "InternalIP")?.address ?? flags["advertise-address"];
}

function uriOf(asked: {
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}): string {
  const { verb, group, version, resource, namespace, name, subresource } = asked;
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const parts = [root, ...(namespace ? ["namespaces", namespace] : []), resource];
  if (name) parts.push(name);
  if (subresource) parts.push(subresource);
  return `${parts.join("/")}${verb === "watch" ? "?watch=true" : ""}`;
}
