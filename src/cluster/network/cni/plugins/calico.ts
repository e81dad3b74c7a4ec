import type { JsonObject } from "../../../../base/json.ts";
import { isObject } from "../../../../base/json-object.ts";
import { rfc3339 } from "../../../../base/time.ts";
import { Status } from "../../../../kinds/status.ts";
import type { Node } from "../../../../kinds/types/core.ts";
import type { KubeObject } from "../../../../kinds/types/meta.ts";
import type { Pod } from "../../../../kinds/types/pod.ts";
import { root } from "../../../../machine/define-files.ts";
import type { Machine } from "../../../../machine/machine.ts";
import { Unreachable } from "../../../apiserver/define.ts";
import { Connection } from "../../../connection.ts";
import { CALICO_KUBECONFIG, NODENAME_FILE } from "../calico/define.ts";
import { assignAddress, releaseAddress } from "../calico/ipam.ts";
import type { CniCall, CniPlugin } from "../define.ts";
import { missingPlugin } from "../missing-plugin.ts";

/** Under this name a host keeps the connection of its plugin. */
const CONNECTION = "calico-cni";
const INFORMATION = "clusterinformations.crd.projectcalico.org";

/** Calico's plugin with its own IPAM: it asks the API server, by its own credentials, and notes the address on the pod (3.30). */
export const calico: CniPlugin = {
  type: "calico",
  needsItsServer: true,
  add(call, config) {
    const { host } = call;
    if (!host.files.find(NODENAME_FILE, root)) {
      const hint = "check that the calico/node container is running and has mounted /var/lib/calico/";
      return { error: `stat ${NODENAME_FILE}: no such file or directory: ${hint}` };
    }
    const ipam = isObject(config.ipam) ? config.ipam.type : undefined;
    if (ipam !== "calico-ipam")
      return { error: `the address plugin ${JSON.stringify(ipam ?? "")} is not simulated with Calico` };
    const missing = missingPlugin(host, "calico-ipam");
    if (missing !== undefined) return { error: missing };
    let api = connectionOf(host, config);
    let refused = whyRefused(api);
    if (refused !== undefined) {
      // Every call of the plugin begins anew: who it is may have changed since this connection was made.
      api.close();
      host.parts.delete(CONNECTION);
      api = connectionOf(host, config);
      refused = whyRefused(api);
    }
    return refused === undefined ? assign(api, call) : { error: `error getting ClusterInformation: ${refused}` };
  },
};

/** A host's plugin asks by the same connection as long as its credentials stay where they are. */
function connectionOf(host: Machine, { kubernetes }: JsonObject): Connection {
  const named = isObject(kubernetes) ? kubernetes.kubeconfig : undefined;
  const kubeconfig = typeof named === "string" ? named : CALICO_KUBECONFIG;
  const stamp = `${kubeconfig} ${host.files.find(kubeconfig, root)?.inode} ${host.files.find(kubeconfig, root)?.modified}`;
  const known = host.parts.get(CONNECTION) as { stamp: string; api: Connection } | undefined;
  if (known?.stamp === stamp) return known.api;
  known?.api.close();
  const api = new Connection({ machine: host, agent: "calico", kubeconfig });
  host.parts.set(CONNECTION, { stamp, api });
  return api;
}

/** The plugin looks first whether the datastore is ready (libcalico-go's words of the server's refusals). */
function whyRefused(api: Connection): string | undefined {
  const problem = api.configProblem();
  if (problem !== undefined) return problem;
  const missing = (words: string) => `resource does not exist: ClusterInformation(default) with error: ${words}`;
  try {
    const found = api.get<KubeObject>(INFORMATION, undefined, "default");
    return found ? undefined : missing(`${INFORMATION} "default" not found`);
  } catch (error) {
    if (error instanceof Unreachable)
      return api.words("/apis/crd.projectcalico.org/v1/clusterinformations/default", error);
    if (!(error instanceof Status)) throw error;
    if (error.reason === "Unauthorized" || error.reason === "Forbidden")
      return `connection is unauthorized: ${error.message}`;
    return error.reason === "NotFound" ? missing(error.message) : error.message;
  }
}

function assign(api: Connection, { host, pod, sandbox }: CniCall): ReturnType<CniPlugin["add"]> {
  const { namespace = "", name } = pod.metadata;
  const node = host.name;
  try {
    const labels = api.get<Node>("nodes", undefined, node)?.metadata.labels;
    const timestamp = rfc3339(host.kernel.clock.now);
    const address = assignAddress(
      api,
      { name: node, labels },
      { handle_id: `k8s-pod-network.${sandbox}`, secondary: { namespace, node, pod: name, timestamp } },
    );
    if (typeof address !== "string") return address;
    note(api, pod, sandbox, address);
    return { addresses: [address], leave: () => giveBack(api, address) };
  } catch (error) {
    if (!(error instanceof Status || error instanceof Unreachable)) throw error;
    return { error: error.message };
  }
}

/** Felix knows the address by these annotations before the kubelet reports it. */
function note(api: Connection, pod: Pod, sandbox: string, address: string): void {
  api.modify(
    pod,
    (current) => ({
      ...current,
      metadata: {
        ...current.metadata,
        annotations: {
          ...current.metadata.annotations,
          "cni.projectcalico.org/containerID": sandbox,
          "cni.projectcalico.org/podIP": `${address}/32`,
          "cni.projectcalico.org/podIPs": `${address}/32`,
        },
      },
    }),
    "status",
  );
}

/** While no API server answers, the address stays given. */
function giveBack(api: Connection, address: string): void {
  try {
    releaseAddress(api, address);
  } catch (error) {
    if (!(error instanceof Status || error instanceof Unreachable)) throw error;
  }
}
