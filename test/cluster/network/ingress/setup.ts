import type { HttpResponse } from "../../../../src/base/http.ts";
import { installAddon } from "../../../../src/cluster/kubeadm/addons/index.ts";
import type { Service } from "../../../../src/kinds/types/core.ts";
import type { Ingress } from "../../../../src/kinds/types/network.ts";
import type { Machine } from "../../../../src/machine/machine.ts";
import { makeLab } from "../../kubelet/setup.ts";

const hosts = [
  { name: "cp", role: "control-plane" },
  { name: "w1", role: "worker" },
  { name: "w2", role: "worker" },
] as const;

/** What the requests of a table go to: each tells its name. "refused" and "silent" have endpoints where nobody is. */
const apps = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 2, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: traefik/whoami, env: [{name: WHOAMI_NAME, value: web}]}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{name: http, port: 80}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: api, labels: {app: api}}, spec: {containers: [{name: c, image: traefik/whoami, args: [--port, "8080"], env: [{name: WHOAMI_NAME, value: api}]}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: api}, spec: {selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: refused}, spec: {selector: {app: api}, ports: [{port: 80, targetPort: 9999}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: empty}, spec: {selector: {app: nobody}, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: silent}, spec: {ports: [{port: 80}]}}
---
{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: silent-1, labels: {kubernetes.io/service-name: silent}}, addressType: IPv4, ports: [{name: "", port: 80, protocol: TCP}], endpoints: [{addresses: [10.244.9.9], conditions: {ready: true}}]}
`;

type Lab = ReturnType<typeof makeLab>;

/** A cluster with an Ingress controller, and how it is asked. */
export interface IngressLab extends Lab {
  /** Asks a node's port: "GET a.example/x", with headers. */
  ask(line: string, headers?: Readonly<Record<string, string>>, secure?: boolean): HttpResponse;
  /** The certificate that is shown for a name, or where no name is said. */
  certificate(name?: string): string;
  ingress(name: string): Ingress | undefined;
  node(): Machine;
  /** The controller's log. */
  log(): string;
}

/** Makes a cluster with an add-on and the applications of the tables. */
export function ingressLab(
  addon: string,
  seed: string,
  service: readonly [namespace: string, name: string],
): IngressLab {
  const lab = makeLab(hosts, seed);
  installAddon(lab.api, lab.host("cp"), addon);
  lab.apply(apps);
  const [namespace, name] = service;
  const running = () =>
    lab.api
      .list<{ apiVersion: string; kind: string; metadata: { name: string } }>("pods", namespace)
      .map((pod) => pod.metadata.name);
  const controller = () => running().find((pod) => /^(ingress-nginx-controller|traefik)-/.test(pod)) ?? "";
  lab.until("the controller is ready", () => lab.shown(controller(), namespace) === "1/1 Running", 300);
  lab.wait("api", "1/1 Running");
  lab.until("web is ready", () => {
    const pods = lab.api.list("pods", "default").filter((pod) => pod.metadata.labels?.app === "web");
    return pods.length === 2 && pods.every((pod) => lab.shown(pod.metadata.name) === "1/1 Running");
  });
  lab.world.advance(5);
  const found = lab.api.get<Service>("services", namespace, name);
  const ports = found?.spec.ports?.map(({ nodePort }) => nodePort ?? 0) ?? [];
  const node = () => lab.host("w1");
  const listener = (secure: boolean) => {
    const dialled = lab.world.network.dial(lab.host("cp"), node().net.addresses[0] ?? "", ports[secure ? 1 : 0] ?? 0);
    if ("failed" in dialled) throw new Error(`nobody answers: ${dialled.because}`);
    return dialled;
  };
  return {
    ...lab,
    node,
    ask(line, headers = {}, secure = false) {
      const [, method = "", host = "", path = ""] = /^(\S+) ([^/\s]*)(\S*)$/.exec(line) ?? [];
      const { listener: there, source } = listener(secure);
      const answer = there.http?.({ method, path, headers: { host, ...headers }, from: source });
      if (!answer) throw new Error("no answer");
      return answer;
    },
    certificate: (wanted) => listener(true).listener.tls?.certificate(wanted) ?? "",
    ingress: (wanted) => lab.api.get<Ingress>("ingresses.networking.k8s.io", "default", wanted),
    log: () => lab.sh("cp", `kubectl logs -n ${namespace} ${controller()}`).stdout,
  };
}

/** An answer in one line: status, where it leads or who answered, and the path that the application saw. */
export function inShort({ status, headers, body, after }: HttpResponse): string {
  const text = typeof body === "string" ? body : "";
  const who = /^Name: (\S+)/.exec(text)?.[1];
  const path = /^GET (\S+) HTTP/m.exec(text)?.[1];
  const late = after === undefined ? "" : ` after ${after} s`;
  if (who !== undefined) return `${status} ${who} ${path}${late}`;
  return `${status}${headers.location === undefined ? "" : ` ${headers.location}`}${late}`;
}

/** An Ingress from the few words that a table needs: paths as "host/path[=Type] service[:port]", one a line. */
export function ingressOf(
  name: string,
  rules: string,
  more: { readonly annotations?: string; readonly spec?: string; readonly className?: string } = {},
): string {
  const lines = rules
    .trim()
    .split("\n")
    .map((line) => {
      const [, host = "", path = "", type = "Prefix", service = "", port = "80"] =
        /^\s*([^/\s]*)(\/[^\s=]*)(?:=(\w+))?\s+([^\s:]+)(?::(\S+))?\s*$/.exec(line) ?? [];
      const number = /^\d+$/.test(port) ? `number: ${port}` : `name: ${port}`;
      return `  - {${host ? `host: "${host}", ` : ""}http: {paths: [{path: "${path}", pathType: ${type}, backend: {service: {name: ${service}, port: {${number}}}}}]}}`;
    });
  const annotations = (more.annotations ?? "")
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line) => `    ${line.trim()}\n`)
    .join("");
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
${annotations ? `  annotations:\n${annotations}` : ""}spec:
${more.className === "" ? "" : `  ingressClassName: ${more.className ?? "nginx"}\n`}${more.spec ? `  ${more.spec.trim()}\n` : ""}${rules.trim() === "" ? "" : `  rules:\n${lines.join("\n")}\n`}`;
}
