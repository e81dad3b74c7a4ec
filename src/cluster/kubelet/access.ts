import { goQuote } from "../../base/go-text.ts";
import type { HttpRequest, HttpResponse } from "../../base/http.ts";
import { Status } from "../../kinds/status.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import type { Process } from "../../machine/process.ts";
import { type Api, Unreachable, type UserInfo } from "../apiserver/define.ts";
import { klogLine } from "../daemon/klog.ts";
import { pkiAt } from "../daemon/serving-tls.ts";
import { clientProblem, pemIn, subjectOf } from "../trust.ts";
import type { KubeletConfig } from "./kubelet-config.ts";

const text = { "content-type": "text/plain; charset=utf-8" };
const refusal = (status: number, body: string): HttpResponse => ({ status, headers: text, body });

interface TokenReview extends KubeObject {
  readonly status?: {
    readonly authenticated?: boolean;
    readonly user?: {
      readonly username?: string;
      readonly uid?: string;
      readonly groups?: readonly string[];
      readonly extra?: Readonly<Record<string, readonly string[]>>;
    };
  };
}

interface AccessReview extends KubeObject {
  readonly status?: { readonly allowed?: boolean };
}

/** What is asked of a kubelet: who asks, by which method, for which path. */
export type Asked = Pick<HttpRequest, "method" | "path" | "headers" | "clientCertificate">;

/**
 * Why a kubelet refuses a request: who asks is known by certificate or by the API server's word for a token, and must be
 * allowed to use that part of the node (pkg/kubelet/server/server.go InstallAuthFilter and auth.go, 1.35). Undefined
 * where it does not.
 */
export function kubeletAccess(
  proc: Process,
  config: KubeletConfig,
  api: Api,
): (request: Asked) => HttpResponse | undefined {
  const node = proc.machine.name;
  return (request) => {
    const user = whoAsks(proc, config, api, request);
    if (!user) return refusal(401, "Unauthorized");
    if (config.authorizationMode === "AlwaysAllow") return undefined;
    const verb = verbs[request.method] ?? "";
    const parts = subresourcesOf(request.path.split("?")[0] ?? "");
    for (const subresource of parts) {
      try {
        if (mayUse(api, user, { verb, version: "v1", resource: "nodes", subresource, name: node })) return undefined;
      } catch (error) {
        if (!(error instanceof Unreachable || error instanceof Status)) throw error;
        const about = `user=${user.name}, verb=${verb}, resource=nodes, subresource=${subresource}`;
        log(proc, "server.go:340", `"Authorization error" err=${goQuote(error.message)}`);
        return refusal(500, `Authorization error (${about})`);
      }
    }
    const about = `user=${user.name}, verb=${verb}, resource=nodes, subresource(s)=[${parts.join(" ")}]`;
    return refusal(403, `Forbidden (${about})\n`);
  };
}

const verbs: Readonly<Record<string, string>> = {
  GET: "get",
  POST: "create",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

/** The parts of a node that a path belongs to, the finest first; one of them is enough (KubeletFineGrainedAuthz, 1.35). */
const parts: Readonly<Record<string, readonly string[]>> = {
  stats: ["stats"],
  metrics: ["metrics"],
  logs: ["log"],
  checkpoint: ["checkpoint"],
  statusz: ["statusz"],
  flagz: ["configz"],
  healthz: ["healthz", "proxy"],
  pods: ["pods", "proxy"],
  runningpods: ["pods", "proxy"],
  configz: ["configz", "proxy"],
};

export function subresourcesOf(path: string): readonly string[] {
  return parts[path.split("/", 2)[1] ?? ""] ?? ["proxy"];
}

function log(proc: Process, source: string, line: string): void {
  proc.fds.get(2)?.write?.(klogLine(proc, "E", source, line));
}

function whoAsks(proc: Process, config: KubeletConfig, api: Api, request: Asked): UserInfo | undefined {
  const failed = (why: string) => {
    log(proc, "server.go:327", `"Unable to authenticate the request due to an error" err=${goQuote(why)}`);
    return undefined;
  };
  const { clientCertificate: certificate, headers } = request;
  const authority = pemIn(proc.machine.files, config.clientCAFile);
  const token = config.tokenWebhook ? /^bearer +(\S+)/i.exec(headers.authorization ?? "")?.[1] : undefined;
  let problem: string | undefined;
  if (certificate !== undefined && authority !== undefined) {
    const pki = pkiAt(proc);
    problem = clientProblem({ pki, now: proc.machine.kernel.clock.now }, certificate, authority);
    if (problem === undefined) {
      const { commonName = "", organizations = [] } = subjectOf(pki, certificate) ?? {};
      return { name: commonName, groups: [...organizations, "system:authenticated"] };
    }
  }
  if (token !== undefined) return whoseToken(api, token, failed);
  if (problem !== undefined) return failed(`verifying certificate failed: ${problem}`);
  return config.anonymous ? { name: "system:anonymous", groups: ["system:unauthenticated"] } : undefined;
}

function whoseToken(api: Api, token: string, failed: (why: string) => undefined): UserInfo | undefined {
  try {
    const review = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", metadata: { name: "" } };
    const { status } = api.create<TokenReview>({ ...review, spec: { token } } as TokenReview);
    if (!status?.authenticated) return failed("invalid bearer token");
    const { username = "", uid, groups = [], extra } = status.user ?? {};
    return { name: username, groups, ...(uid ? { uid } : {}), ...(extra ? { extra } : {}) };
  } catch (error) {
    if (error instanceof Unreachable || error instanceof Status) return failed(error.message);
    throw error;
  }
}

function mayUse(api: Api, { name, groups, uid, extra }: UserInfo, resourceAttributes: object): boolean {
  const spec = {
    user: name,
    groups: [...groups],
    ...(uid ? { uid } : {}),
    ...(extra ? { extra } : {}),
    resourceAttributes,
  };
  const review = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", metadata: { name: "" }, spec };
  return api.create<AccessReview>(review).status?.allowed === true;
}
