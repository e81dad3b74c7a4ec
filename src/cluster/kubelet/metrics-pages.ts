import type { HttpRequest, HttpResponse } from "../../base/http.ts";
import { Status } from "../../kinds/status.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import type { Process } from "../../machine/process.ts";
import { type Api, Unreachable, type UserInfo } from "../apiserver/define.ts";
import { pkiAt } from "../daemon/serving-tls.ts";
import { subjectOf } from "../trust.ts";
import type { KubeletConfig } from "./kubelet-config.ts";
import { isStranger, unauthorized } from "./serving.ts";

const text = { "content-type": "text/plain; charset=utf-8" };
const prometheus = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

interface TokenReview extends KubeObject {
  readonly status?: {
    readonly authenticated?: boolean;
    readonly user?: { readonly username?: string; readonly uid?: string; readonly groups?: readonly string[] };
  };
}

interface AccessReview extends KubeObject {
  readonly status?: { readonly allowed?: boolean };
}

/**
 * The kubelet's pages below /metrics. Who asks is known by certificate or by the API server's word for a token, and must
 * be allowed to get nodes/metrics (pkg/kubelet/server/auth.go, 1.35). Undefined for any other page.
 */
export function metricsPages(
  proc: Process,
  config: KubeletConfig,
  api: Api,
  page: () => string,
): (request: HttpRequest) => HttpResponse | undefined {
  const node = proc.machine.name;
  return (request) => {
    const path = request.path.split("?")[0] ?? "";
    if (path !== "/metrics" && !path.startsWith("/metrics/")) return undefined;
    try {
      const user = whoAsks(proc, config, api, request);
      if (!user) return unauthorized;
      if (!mayRead(api, user, node, request.method)) return forbidden(user, request.method);
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof Status)) throw error;
      return { status: 500, headers: text, body: `Internal Error: ${error.message}` };
    }
    if (path === "/metrics/resource") return { status: 200, headers: { "content-type": prometheus }, body: page() };
    return { status: 404, headers: text, body: `${path} is not simulated\n` };
  };
}

function whoAsks(proc: Process, config: KubeletConfig, api: Api, request: HttpRequest): UserInfo | undefined {
  const { clientCertificate: certificate, headers } = request;
  if (certificate !== undefined && !isStranger(proc, config, certificate)) {
    const subject = subjectOf(pkiAt(proc), certificate);
    const groups = [...(subject?.organizations ?? []), "system:authenticated"];
    return { name: subject?.commonName ?? "", groups };
  }
  const token = /^bearer +(\S+)/i.exec(headers.authorization ?? "")?.[1];
  if (token === undefined)
    return config.anonymous ? { name: "system:anonymous", groups: ["system:unauthenticated"] } : undefined;
  const metadata = { name: "" };
  const review = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", metadata, spec: { token } };
  const { status } = api.create<TokenReview>(review);
  if (!status?.authenticated) return undefined;
  const { username = "", uid, groups = [] } = status.user ?? {};
  return { name: username, groups, ...(uid ? { uid } : {}) };
}

const verbs: Readonly<Record<string, string>> = { POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" };

function mayRead(api: Api, { name, groups, uid }: UserInfo, node: string, method: string): boolean {
  const resourceAttributes = {
    verb: verbs[method] ?? "get",
    version: "v1",
    resource: "nodes",
    subresource: "metrics",
    name: node,
  };
  const spec = { user: name, groups: [...groups], ...(uid ? { uid } : {}), resourceAttributes };
  const review = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", metadata: { name: "" }, spec };
  return api.create<AccessReview>(review).status?.allowed === true;
}

function forbidden({ name }: UserInfo, method: string): HttpResponse {
  const verb = verbs[method] ?? "get";
  const body = `Forbidden (user=${name}, verb=${verb}, resource=nodes, subresource(s)=[metrics])\n`;
  return { status: 403, headers: text, body };
}
