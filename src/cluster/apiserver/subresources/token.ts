import { SECOND } from "../../../base/clock.ts";
import { parseGoDuration } from "../../../base/go-duration.ts";
import { goQuote } from "../../../base/go-text.ts";
import type { JsonObject } from "../../../base/json.ts";
import { rfc3339 } from "../../../base/time.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import { boundToken, type TokenClaims } from "../../service-account-tokens.ts";
import { audiences, issuer } from "../authentication/issuer.ts";
import type { Context } from "../context.ts";
import { badRequest, conflict, invalid, notFound } from "../errors.ts";
import type { Writing } from "../registry/writing.ts";

interface Bound {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly uid?: string;
}

/** What pods ask for by default; such a token lives for a year, and is counted as stale after what was asked for (claims.go). */
const POD_SECONDS = 3607;
const YEAR_SECONDS = 365 * 24 * 3600;

/** Issues a token for a service account (kubernetes pkg/registry/core/serviceaccount/storage/token.go, 1.35). */
export function createToken(context: Context, writing: Writing, name: string, body: JsonObject): JsonObject {
  const { namespace = "" } = writing.attributes;
  const account = context.storage.get(writing.kind, namespace, name);
  if (!account) throw notFound(writing.kind, name);
  const spec = (body.spec ?? {}) as { audiences?: string[]; expirationSeconds?: number; boundObjectRef?: Bound };
  const seconds = allowedSeconds(context, spec.expirationSeconds ?? 3600);
  const key = context.hooks.signingKey?.();
  if (!key) throw badRequest("this API server has no --service-account-signing-key-file");
  const now = Math.floor(context.clock.now / SECOND);
  const aud = spec.audiences?.length ? spec.audiences : audiences(context);
  const bound = boundTo(context, namespace, name, spec.boundObjectRef);
  const isLong =
    bound.pod !== undefined &&
    seconds === POD_SECONDS &&
    context.flags["service-account-extend-token-expiration"] !== "false" &&
    aud.every((audience) => audiences(context).includes(audience));
  const life = isLong ? YEAR_SECONDS : seconds;
  const says: TokenClaims = {
    ...bound,
    audiences: aud,
    issuer: issuer(context.flags),
    id: context.random.uuid(),
    now,
    seconds: life,
    ...(isLong ? { warnAfter: POD_SECONDS } : {}),
  };
  return {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { name, namespace, creationTimestamp: rfc3339(context.clock.now) },
    spec: {
      audiences: [...aud],
      expirationSeconds: seconds,
      boundObjectRef: (spec.boundObjectRef ?? null) as JsonObject | null,
    },
    status: { token: boundToken(account, says, key), expirationTimestamp: rfc3339((now + life) * SECOND) },
  };
}

/** The life of a token within its bounds: ten minutes, and --service-account-max-token-expiration. */
function allowedSeconds(context: Context, seconds: number): number {
  const detail =
    seconds < 600
      ? "may not specify a duration less than 10 minutes"
      : seconds > 2 ** 32
        ? "may not specify a duration larger than 2^32 seconds"
        : undefined;
  if (detail !== undefined) {
    const problem = { type: "Invalid" as const, path: "spec.expirationSeconds", value: seconds, detail };
    throw invalid({ kind: "TokenRequest", group: "authentication.k8s.io" }, "", [problem]);
  }
  const flag = context.flags["service-account-max-token-expiration"];
  const most = flag === undefined ? 0 : parseGoDuration(flag) / SECOND;
  if (!(most > 0) || seconds <= most) return seconds;
  context.warn(`requested expiration of ${seconds} seconds shortened to ${most} seconds`);
  return most;
}

const plurals: Readonly<Record<string, string>> = { Pod: "pods", Secret: "secrets", Node: "nodes" };

/** A token for a pod, a secret or a node ends with it. */
function boundTo(
  context: Context,
  namespace: string,
  account: string,
  ref: Bound | undefined,
): Pick<TokenClaims, "pod" | "secret" | "node"> {
  if (!ref) return {};
  const { kind = "", name = "", apiVersion = "" } = ref;
  const plural = apiVersion === "v1" ? plurals[kind] : undefined;
  if (!plural) throw badRequest(`cannot bind token to object of type ${typeText(apiVersion, kind)}`);
  const { store } = context.storage;
  const object = store.get(plural, plural === "nodes" ? undefined : namespace, name);
  if (!object) throw notFound({ group: "", plural }, name);
  const { uid = "" } = object.metadata;
  const { serviceAccountName = "", nodeName } = (plural === "pods" ? (object as Pod).spec : {}) as Partial<Pod["spec"]>;
  if (plural === "pods" && serviceAccountName !== account) {
    const why = `cannot bind token for serviceaccount ${goQuote(account)} to pod running with different serviceaccount name.`;
    throw badRequest(why);
  }
  if (ref.uid && ref.uid !== uid) {
    const why = `the UID in the bound object reference (${ref.uid}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw conflict({ group: "", plural: kind }, name, why);
  }
  const named = { name, uid };
  if (plural === "secrets") return { secret: named };
  if (plural === "nodes") return { node: named };
  const node = nodeName ? store.get("nodes", undefined, nodeName) : undefined;
  return { pod: named, ...(nodeName ? { node: nodeRef(nodeName, node) } : {}) };
}

function nodeRef(name: string, node: KubeObject | undefined): { name: string; uid: string } {
  return { name, uid: node?.metadata.uid ?? "" };
}

/** A kind as Go prints it: /v1, Kind=ConfigMap. */
function typeText(apiVersion: string, kind: string): string {
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/", 2) : ["", apiVersion];
  return `${group}/${version}, Kind=${kind}`;
}
