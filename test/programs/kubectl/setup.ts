import { SECOND } from "../../../src/base/clock.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import type { Api } from "../../../src/cluster/apiserver/define.ts";
import { createKindTable } from "../../../src/cluster/apiserver/kind-table.ts";
import { ApiServer } from "../../../src/cluster/apiserver/server.ts";
import { createStore } from "../../../src/cluster/store/store.ts";
import { kinds } from "../../../src/kinds/index.ts";
import { makeBaseSystem } from "../../../src/machine/base-system.ts";
import type { Network } from "../../../src/machine/define-network.ts";
import type { Kernel } from "../../../src/machine/kernel.ts";
import { resolvedTo } from "../../../src/machine/resolved.ts";
import { kubectl } from "../../../src/programs/kubectl/index.ts";
import { candidate, type Host, idle, makeHost, makeKernel, type Result } from "../../machine/harness.ts";

export const HOME = "/home/candidate";

/** How a command ended, and what it printed. */
export type Ended = Result;

export interface KubectlHost extends Host {
  /** Runs a line of plain words as candidate, in the task's folder. */
  kubectl(line: string | readonly string[], options?: { stdin?: string; env?: Record<string, string> }): Ended;
  write(path: string, text: string): void;
}

/** A host with kubectl and nothing that it could talk to. */
export function kubectlHost(options: { kernel?: Kernel; network?: Network } = {}): KubectlHost {
  const host = makeHost({
    ...options,
    name: "base",
    bare: true,
    addresses: ["10.0.0.9"],
    programs: [kubectl],
    prepare: (machine) => makeBaseSystem(machine, { hostname: "base" }),
  });
  host.files.mkdir(`${HOME}/task`, candidate, { parents: true });
  return {
    ...host,
    kubectl(line, { stdin, env } = {}) {
      const words = typeof line === "string" ? line.split(" ") : line;
      return host.run(["kubectl", ...words], {
        who: candidate,
        cwd: `${HOME}/task`,
        env: { HOME, PATH: "/usr/local/bin:/usr/bin:/bin", ...env },
        ...(stdin === undefined ? {} : { stdin }),
      });
    },
    write(path, text) {
      const absolute = path.startsWith("~/")
        ? `${HOME}/${path.slice(2)}`
        : path.startsWith("/")
          ? path
          : `${HOME}/task/${path}`;
      host.files.mkdir(absolute.slice(0, absolute.lastIndexOf("/")), candidate, { parents: true });
      host.files.write(absolute, text, candidate);
    },
  };
}

export interface ServedHost extends KubectlHost {
  readonly server: ApiServer;
  readonly api: Api;
  /** Lets seconds pass. */
  advance(seconds: number): void;
}

export const admin = { name: "kubernetes-admin", groups: ["system:masters", "system:authenticated"] };

const kubeconfig = `apiVersion: v1
kind: Config
current-context: lab
clusters:
- name: lab
  cluster: {server: "https://10.0.0.1:6443", insecure-skip-tls-verify: true}
users:
- name: admin
  user: {token: admin}
contexts:
- name: lab
  context: {cluster: lab, user: admin}
`;

/** A host whose kubeconfig leads to an API server on an empty etcd, its certificate is not checked. */
export function servedHost(objects: readonly JsonObject[] = []): ServedHost {
  const kernel = makeKernel();
  const server = new ApiServer({
    store: createStore(kernel.clock),
    clock: kernel.clock,
    random: kernel.random,
    kinds: createKindTable(kinds),
    flags: { "authorization-mode": "Node,RBAC" },
    verifyToken: (token) => (token === "admin" ? admin : undefined),
  });
  const apiHost = makeHost({ kernel, name: "api", addresses: ["10.0.0.1"] });
  const proc = apiHost.start(idle).proc;
  apiHost.machine.listen({
    proc,
    address: "0.0.0.0",
    port: 6443,
    protocol: "TCP",
    tls: { certificate: () => "" },
    http: (request) => server.handle(request),
    direct: server,
  });
  const network: Network = {
    resolve: (_from, name) => resolvedTo(name, name),
    echo: () => ({ failed: "unreachable", because: "closed" }),
    dial(_from, address, port) {
      const listener =
        address === "10.0.0.1" ? apiHost.machine.net.listeners.find((one) => one.port === port) : undefined;
      return listener ? { listener, address, source: "10.0.0.9" } : { failed: "refused", because: "closed" };
    },
  };
  const host = kubectlHost({ kernel, network });
  host.write("~/.kube/config", kubeconfig);
  server.start("10.0.0.1");
  const api = server.client(admin, "test");
  api.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: "default" } });
  for (const object of objects) api.create(object as never);
  return { ...host, server, api, advance: (seconds) => void host.clock.run(host.clock.now + seconds * SECOND) };
}
