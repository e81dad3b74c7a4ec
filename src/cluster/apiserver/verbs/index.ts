import type { Json, JsonObject } from "../../../base/json.ts";
import { apiVersionOf, type Kind, resourceName } from "../../../kinds/define.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import { checkAccess } from "../authorization/access.ts";
import type { Context } from "../context.ts";
import { decodeBody, type Strictness } from "../decoding.ts";
import type { ApiRequest } from "../define.ts";
import { badRequest, detailsOf, notFound } from "../errors.ts";
import { applyObject } from "../managed-fields/apply.ts";
import { createObject } from "../registry/create.ts";
import { type Deletion, deleteObject } from "../registry/delete.ts";
import { updateObject } from "../registry/update.ts";
import type { Writing } from "../registry/writing.ts";
import { listObjects } from "./list.ts";
import type { Outcome } from "./outcome.ts";
import { type PlainPatch, patched } from "./patch.ts";
import { selectionOf } from "./selection.ts";

/** A request together with the text of its body, which knows of fields named twice. */
export interface Asked {
  readonly request: ApiRequest;
  readonly text: string | undefined;
}

/** Who writes, as the registry wants to know it. */
export function writingOf({ kind, user, namespace, subresource, options, agent }: ApiRequest): Writing {
  return {
    kind,
    attributes: {
      user,
      namespace: kind.namespaced ? namespace : undefined,
      subresource,
      dryRun: options.dryRun ?? false,
    },
    heard: true,
    manager: { name: options.fieldManager ?? agent, apiVersion: apiVersionOf(kind), subresource },
  };
}

export function strictnessOf(context: Context, { options }: ApiRequest): Strictness {
  return { fieldValidation: options.fieldValidation ?? "Warn", warn: (text) => context.warn(text) };
}

export function getOne(context: Context, { kind, namespace, name = "" }: ApiRequest): Outcome {
  const object = context.storage.get(kind, namespace, name);
  if (!object) throw notFound(kind, name);
  context.storage.checkReadable(kind, object);
  return shown(context, kind, object, 200);
}

export function createOne(context: Context, { request, text }: Asked): Outcome {
  const { kind, body } = request;
  const object = decodeBody(kind, body as JsonObject, text, strictnessOf(context, request));
  context.trail?.sent(object, kind);
  return shown(context, kind, createObject(context, writingOf(request), object), 201);
}

export function updateOne(context: Context, { request, text }: Asked): Outcome {
  const { kind, body, name = "", namespace, subresource } = request;
  const object = decodeBody(kind, body as JsonObject, text, strictnessOf(context, request));
  context.trail?.sent(object, kind);
  checkPlace(object, name, namespace);
  const stored = kind.storedAs ? kind.storedAs.toStored(object) : object;
  const writing = writingOf(request);
  const exists = context.storage.get(kind, namespace, name) !== undefined;
  if (!exists && subresource === undefined && mayCreateOnUpdate(kind)) {
    const { user } = request;
    checkAccess(context.authorizer, user, {
      verb: "create",
      group: kind.group,
      resource: kind.plural,
      namespace,
      name,
    });
    return shown(context, kind, createObject(context, writing, object), 201);
  }
  return shown(
    context,
    kind,
    updateObject(context, writing, name, () => stored),
    200,
  );
}

export function patchOne(context: Context, asked: Asked): Outcome {
  const { request } = asked;
  const { kind, patchType, body, name = "" } = request;
  if (patchType === "apply") return applyObject(context, request, writingOf(request));
  const how = strictnessOf(context, request);
  const change = (old: KubeObject): KubeObject => {
    const current = context.storage.shown(kind, context.complete(old));
    const next = patched(kind, current, patchType as PlainPatch, body as Json, how);
    return kind.storedAs ? kind.storedAs.toStored(next) : next;
  };
  return shown(context, kind, updateObject(context, writingOf(request), name, change), 200);
}

export function deleteOne(context: Context, request: ApiRequest): Outcome {
  const { kind, name = "", options } = request;
  const deletion = deleteObject(context, writingOf(request), name, options);
  return deleted(context, kind, deletion);
}

export function deleteAll(context: Context, request: ApiRequest): Outcome {
  const outcome = listObjects(context, { ...request, options: { ...request.options, limit: 0 } });
  if (outcome.what !== "page") return outcome;
  // Checks the selectors before anything is deleted.
  selectionOf(context.storage.ruling(request.kind), request.options);
  const { preconditions: _, ...options } = request.options;
  for (const { metadata } of outcome.page.objects) {
    const { namespace } = metadata;
    deleteObject(context, writingOf({ ...request, namespace, name: metadata.name }), metadata.name, options);
  }
  return outcome;
}

function deleted(context: Context, kind: Kind, { object, gone }: Deletion): Outcome {
  if (!gone || kind.graceSeconds) return shown(context, kind, object, 200);
  const { uid, name } = object.metadata;
  const details = { ...detailsOf(kind, name), ...(uid ? { uid } : {}) } as JsonObject;
  const body = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
  return { what: "answer", status: 200, body };
}

export function shown({ storage }: Context, kind: Kind, object: KubeObject, status: number): Outcome {
  return { what: "object", status, kind, object: storage.shown(kind, object) };
}

const createdByUpdate: ReadonlySet<string> = new Set([
  "clusterrolebindings.rbac.authorization.k8s.io",
  "clusterroles.rbac.authorization.k8s.io",
  "endpoints",
  "events",
  "leases.coordination.k8s.io",
  "limitranges",
  "rolebindings.rbac.authorization.k8s.io",
  "roles.rbac.authorization.k8s.io",
]);

/** PUT of a name that does not exist creates it for these kinds alone (AllowCreateOnUpdate of their strategies, 1.35). */
function mayCreateOnUpdate(kind: Kind): boolean {
  return createdByUpdate.has(resourceName(kind));
}

function checkPlace({ metadata }: KubeObject, name: string, namespace: string | undefined): void {
  if (metadata.name !== name) {
    throw badRequest(`the name of the object (${metadata.name ?? ""}) does not match the name on the URL (${name})`);
  }
  if (namespace !== undefined && metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest(
      `the namespace of the object (${metadata.namespace}) does not match the namespace on the request (${namespace})`,
    );
  }
}
