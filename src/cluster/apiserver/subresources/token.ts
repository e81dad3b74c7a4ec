import { SECOND } from "../../../base/clock.ts";
import type { JsonObject } from "../../../base/json.ts";
import { signToken } from "../../../base/jwt.ts";
import { rfc3339 } from "../../../base/time.ts";
import { audiences, issuer } from "../authentication.ts";
import type { Context } from "../context.ts";
import { badRequest, conflict, invalid, notFound } from "../errors.ts";
import type { Writing } from "../registry/writing.ts";

interface Bound {
  readonly kind?: string;
  readonly name?: string;
  readonly uid?: string;
}

/** Issues a token for a service account (kubernetes pkg/registry/core/serviceaccount/storage/token.go, 1.35). */
export function createToken(context: Context, writing: Writing, name: string, body: JsonObject): JsonObject {
  const { namespace = "" } = writing.attributes;
  const account = context.storage.get(writing.kind, namespace, name);
  if (!account) throw notFound(writing.kind, name);
  const spec = (body.spec ?? {}) as { audiences?: string[]; expirationSeconds?: number; boundObjectRef?: Bound };
  const seconds = spec.expirationSeconds ?? 3600;
  if (seconds < 600) {
    throw invalid({ kind: "TokenRequest", group: "authentication.k8s.io" }, "", [
      {
        type: "Invalid",
        path: "spec.expirationSeconds",
        value: seconds,
        detail: "may not specify a duration less than 10 minutes",
      },
    ]);
  }
  const key = context.hooks.signingKey?.();
  if (!key) throw badRequest("this API server has no --service-account-signing-key-file");
  const now = Math.floor(context.clock.now / SECOND);
  const aud = spec.audiences?.length ? spec.audiences : audiences(context);
  const token = signToken(
    {
      aud,
      exp: now + seconds,
      iat: now,
      iss: issuer(context.flags),
      jti: context.random.uuid(),
      "kubernetes.io": {
        namespace,
        ...boundTo(context, namespace, spec.boundObjectRef),
        serviceaccount: { name, uid: account.metadata.uid },
      },
      nbf: now,
      sub: `system:serviceaccount:${namespace}:${name}`,
    },
    key,
    "sa",
  );
  return {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { name, namespace, creationTimestamp: rfc3339(context.clock.now) },
    spec: {
      audiences: aud,
      expirationSeconds: seconds,
      boundObjectRef: (spec.boundObjectRef ?? null) as JsonObject | null,
    },
    status: { token, expirationTimestamp: rfc3339((now + seconds) * SECOND) },
  } as JsonObject;
}

/** A token for a pod or a secret ends with it. */
function boundTo(context: Context, namespace: string, ref: Bound | undefined): JsonObject {
  if (!ref?.kind || !ref.name) return {};
  const plurals: Readonly<Record<string, string>> = { Pod: "pods", Secret: "secrets", Node: "nodes" };
  const plural = plurals[ref.kind];
  if (!plural) throw badRequest(`cannot bind token to object of type ${ref.kind}`);
  const object = context.storage.store.get(plural, plural === "nodes" ? undefined : namespace, ref.name);
  if (!object) throw notFound({ group: "", plural }, ref.name);
  const { uid } = object.metadata;
  if (ref.uid && ref.uid !== uid) {
    const why = `the UID in the bound object reference (${ref.uid}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw conflict({ group: "", plural }, ref.name, why);
  }
  return { [ref.kind.toLowerCase()]: { name: ref.name, uid: uid ?? "" } };
}
