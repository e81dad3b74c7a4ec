import { goQuote } from "../../base/go-text.ts";
import type { HttpResponse } from "../../base/http.ts";
import { Status } from "../../kinds/status.ts";
import type { Node } from "../../kinds/types/core.ts";
import type { Machine } from "../../machine/machine.ts";
import type { NodeConnection, NodeDoor } from "../apiserver/define.ts";
import type { PemSource } from "../kubeadm/pki.ts";
import type { Asked } from "./access.ts";

/** A kubelet as its API server finds it: what it answers, to whom it lets in. */
export interface KubeletDoor extends NodeConnection {
  /** What it answers to a request that it refuses; undefined where it lets it in. */
  refuses(request: Asked): HttpResponse | undefined;
}

/** How an API server and a kubelet know each other. */
interface KubeletTrust {
  /** What the API server shows (--kubelet-client-certificate). */
  readonly certificate: () => PemSource | undefined;
  /** What it has against a kubelet's certificate (--kubelet-certificate-authority). */
  readonly problem: (certificate: PemSource, name: string) => string | undefined;
}

/**
 * How the API server on `host` finds a node's kubelet: by the address and port its Node tells; with --kubelet-client-certificate.
 */
export function nodeConnections(
  host: Machine,
  nodeNamed: (name: string) => Node | undefined,
  trust: KubeletTrust,
): (name: string) => NodeDoor | undefined {
  return (name) => {
    const status = nodeNamed(name)?.status;
    const address = status?.addresses?.find((a) => a.type === "InternalIP")?.address;
    if (!address) return undefined;
    const dialled = host.network.dial(host, address, status?.daemonEndpoints?.kubeletEndpoint?.Port ?? 10250);
    if ("failed" in dialled) return undefined;
    const kubelet = dialled.listener.direct as KubeletDoor | undefined;
    const { tls } = dialled.listener;
    const problem = tls && trust.problem(tls.unmade?.() ?? tls.certificate(), address);
    if (problem !== undefined) return untrusted(`https://${address}:${dialled.listener.port}`, problem);
    const certificate = trust.certificate();
    const { http } = dialled.listener;
    const asked = kubelet && guarded(kubelet, certificate);
    return asked && { ...asked, http: (request) => http?.({ ...request, clientCertificate: certificate }) ?? silent };
  };
}

/** What the proxy makes of a port of the node that speaks no HTTP. */
const silent: HttpResponse = { status: 502, headers: {} };

const headers = { "content-type": "text/plain; charset=utf-8" };

/** A kubelet that may refuse; the API server hands that on (apimachinery NewGenericServerResponse, 1.35). */
function guarded(kubelet: KubeletDoor, clientCertificate: PemSource | undefined): NodeConnection {
  const refused = (method: string, path: string) => kubelet.refuses({ method, path, headers: {}, clientCertificate });
  return {
    logs(pod, query) {
      const { namespace, name } = pod.metadata;
      const answer = refused("GET", `/containerLogs/${namespace}/${name}/${query.get("container") ?? ""}`);
      if (!answer) return kubelet.logs(pod, query);
      const about = ` ( pods/log ${name})`;
      const said = "the server has asked for the client to provide credentials";
      if (answer.status === 401) throw new Status("Unauthorized", `${said}${about}`);
      if (answer.status === 403) throw new Status("Forbidden", `${String(answer.body)}${about}`);
      const words = `an error on the server (${goQuote(String(answer.body))}) has prevented the request from succeeding`;
      throw new Status("InternalError", `${words}${about}`);
    },
    exec(pod, subresource, query) {
      const { namespace, name } = pod.metadata;
      const answer = refused("POST", `/${subresource}/${namespace}/${name}/${query.get("container") ?? ""}`);
      if (!answer) return kubelet.exec(pod, subresource, query);
      return { status: answer.status, headers, body: `unable to upgrade connection: ${String(answer.body)}` };
    },
  };
}

/** A kubelet whose certificate the API server does not trust. */
function untrusted(server: string, problem: string): NodeDoor {
  const why = `tls: failed to verify certificate: ${problem}`;
  return {
    logs({ metadata: { namespace, name } }, query) {
      const path = `containerLogs/${namespace}/${name}/${query.get("container") ?? ""}`;
      throw new Status("", `Get "${server}/${path}": ${why}`);
    },
    exec() {
      throw new Status("", `error dialing backend: ${why}`);
    },
    http() {
      throw new Status("ServiceUnavailable", `error trying to reach service: ${why}`);
    },
  };
}
