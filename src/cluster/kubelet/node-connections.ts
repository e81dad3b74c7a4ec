import type { HttpResponse } from "../../base/http.ts";
import { Status } from "../../kinds/status.ts";
import type { Node } from "../../kinds/types/core.ts";
import type { Machine } from "../../machine/machine.ts";
import type { NodeConnection, NodeDoor } from "../apiserver/define.ts";
import type { PemSource } from "../kubeadm/pki.ts";

/** A kubelet as its API server finds it: what it answers, to whom it lets in. */
export interface KubeletDoor extends NodeConnection {
  /** Whether the client with this certificate (or none) is nobody it knows. */
  refuses(certificate: PemSource | undefined): boolean;
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
    const asked = kubelet?.refuses(certificate) ? refusing : kubelet;
    const { http } = dialled.listener;
    return asked && { ...asked, http: (request) => http?.({ ...request, clientCertificate: certificate }) ?? silent };
  };
}

/** What the proxy makes of a port of the node that speaks no HTTP. */
const silent: HttpResponse = { status: 502, headers: {} };

const headers = { "content-type": "text/plain; charset=utf-8" };

/** A kubelet that answers 401, as the API server hands it on (apimachinery NewGenericServerResponse, 1.35). */
const refusing: NodeConnection = {
  logs(pod) {
    const message = `the server has asked for the client to provide credentials ( pods/log ${pod.metadata.name})`;
    throw new Status("Unauthorized", message);
  },
  exec: () => ({ status: 401, headers, body: "unable to upgrade connection: Unauthorized" }),
};

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
