import type { JsonObject } from "../../../../base/json.ts";
import type { KubeObject } from "../../../../kinds/types/meta.ts";
import type { Gateway, NginxProxy } from "./types.ts";

/** What the control plane says of itself to what it makes. */
export interface Installation {
  readonly controllerName: string;
  /** The value of app.kubernetes.io/instance. */
  readonly instance: string;
  readonly namespace: string;
  readonly service: string;
  readonly image: string;
  readonly version: string;
  /** The Secret with the agents' certificate, in the installation's own namespace. */
  readonly agentSecret: string;
}

/** The name of all that is made for a Gateway. */
export function dataPlaneName({ metadata, spec }: Gateway): string {
  return `${metadata.name}-${spec.gatewayClassName}`;
}

type Kubernetes = NonNullable<NginxProxy["spec"]["kubernetes"]>;

/** The settings of the class and of the Gateway together; the Gateway's go first. */
function settingsOf(proxies: readonly NginxProxy[]): Kubernetes {
  const all = proxies.map(({ spec }) => spec.kubernetes ?? {});
  return {
    deployment: Object.assign({}, ...all.map(({ deployment }) => deployment)),
    service: Object.assign({}, ...all.map(({ service }) => service)),
  };
}

/** The objects of a Gateway's data plane (nginx-gateway-fabric internal/controller/provisioner/objects.go, 2.4). */
export function dataPlaneObjects(
  gateway: Gateway,
  ports: readonly number[],
  proxies: readonly NginxProxy[],
  from: Installation,
  agentKeys: Readonly<Record<string, string>> | undefined,
): KubeObject[] {
  const name = dataPlaneName(gateway);
  const { namespace = "", uid = "" } = gateway.metadata;
  const settings = settingsOf(proxies);
  const selector = {
    "app.kubernetes.io/instance": from.instance,
    "app.kubernetes.io/managed-by": `${from.instance}-nginx`,
    "app.kubernetes.io/name": name,
    "gateway.networking.k8s.io/gateway-name": gateway.metadata.name,
  };
  const { labels, annotations } = gateway.spec.infrastructure ?? {};
  const metadata = (own: string) => ({
    name: own,
    namespace,
    labels: { ...selector, ...labels },
    ...(annotations ? { annotations: { ...annotations } } : {}),
    ownerReferences: [
      {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "Gateway",
        name: gateway.metadata.name,
        uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
  });
  const config = (own: string, data: Record<string, string>): KubeObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadata(own),
    data,
  });
  return [
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: metadata(`${name}-agent-tls`),
      type: "kubernetes.io/tls",
      data: { ...agentKeys },
    },
    config(`${name}-includes-bootstrap`, {
      "events.conf": "worker_connections 1024;\n",
      "main.conf": "error_log stderr info;\n",
    }),
    config(`${name}-agent-config`, { "nginx-agent.conf": agentConfig(`${namespace}_${name}`, from) }),
    {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: metadata(name),
      automountServiceAccountToken: false,
    },
    serviceOf(metadata(name), selector, ports, settings),
    deploymentOf(metadata(name), selector, ports, settings, from),
  ];
}

function agentConfig(owner: string, { service, namespace }: Installation): string {
  return `command:
    server:
        host: ${service}.${namespace}.svc
        port: 443
    auth:
        tokenpath: /var/run/secrets/ngf/serviceaccount/token
    tls:
        cert: /var/run/secrets/ngf/tls.crt
        key: /var/run/secrets/ngf/tls.key
        ca: /var/run/secrets/ngf/ca.crt
        server_name: ${service}.${namespace}.svc
allowed_directories:
- /etc/nginx
- /usr/share/nginx
- /var/run/nginx
features:
- configuration
- certificates
- metrics
labels:
    owner-name: ${owner}
    owner-type: Deployment
`;
}

function serviceOf(
  metadata: KubeObject["metadata"],
  selector: Record<string, string>,
  ports: readonly number[],
  { service = {} }: Kubernetes,
): KubeObject {
  const { type = "LoadBalancer", externalTrafficPolicy = "Local", nodePorts = [] } = service;
  const { loadBalancerIP, loadBalancerClass, loadBalancerSourceRanges } = service;
  const outside = type !== "ClusterIP";
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: {
      type,
      ...(outside ? { externalTrafficPolicy } : {}),
      ...(loadBalancerIP ? { loadBalancerIP } : {}),
      ...(loadBalancerClass ? { loadBalancerClass } : {}),
      ...(loadBalancerSourceRanges ? { loadBalancerSourceRanges: [...loadBalancerSourceRanges] } : {}),
      ipFamilyPolicy: "PreferDualStack",
      ports: ports.map((port) => {
        const nodePort = nodePorts.find(({ listenerPort }) => listenerPort === port)?.port;
        const fixed = outside && nodePort !== undefined ? { nodePort } : {};
        return { name: `port-${port}`, port, protocol: "TCP", targetPort: port, ...fixed };
      }),
      selector,
    },
  };
}

function deploymentOf(
  metadata: KubeObject["metadata"],
  selector: Record<string, string>,
  ports: readonly number[],
  { deployment = {} }: Kubernetes,
  from: Installation,
): KubeObject {
  const { repository, tag, pullPolicy = "IfNotPresent" } = deployment.container?.image ?? {};
  const image = `${repository ?? "ghcr.io/nginx/nginx-gateway-fabric/nginx"}:${tag ?? from.version}`;
  const security = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
    runAsGroup: 1001,
    runAsUser: 101,
    seccompProfile: { type: "RuntimeDefault" },
  };
  const own = ["nginx-agent", "nginx-main-includes", "var-lib-nginx-agent", "var-cache-nginx", "var-run-nginx"];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: {
      replicas: deployment.replicas ?? 1,
      selector: { matchLabels: selector },
      template: {
        metadata: {
          labels: { ...metadata.labels },
          annotations: { "prometheus.io/port": "9113", "prometheus.io/scrape": "true" },
        },
        spec: {
          automountServiceAccountToken: false,
          containers: [
            {
              name: "nginx",
              image,
              imagePullPolicy: pullPolicy,
              ports: [
                ...ports.map((port) => ({ containerPort: port, name: `port-${port}`, protocol: "TCP" })),
                { containerPort: 9113, name: "metrics", protocol: "TCP" },
              ],
              readinessProbe: { httpGet: { path: "/readyz", port: 8081 }, initialDelaySeconds: 3, periodSeconds: 1 },
              securityContext: security,
              volumeMounts: [
                { mountPath: "/etc/nginx-agent", name: "nginx-agent" },
                { mountPath: "/var/run/secrets/ngf", name: "nginx-agent-tls" },
                { mountPath: "/etc/nginx/main-includes", name: "nginx-main-includes" },
                { mountPath: "/var/lib/nginx-agent", name: "var-lib-nginx-agent" },
                { mountPath: "/var/cache/nginx", name: "var-cache-nginx" },
                { mountPath: "/var/run/nginx", name: "var-run-nginx" },
              ],
            },
          ],
          initContainers: [initContainer(from.image, pullPolicy, security)],
          securityContext: {
            fsGroup: 1001,
            runAsNonRoot: true,
            sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
          },
          serviceAccountName: metadata.name,
          volumes: [
            { name: "nginx-agent-config", configMap: { name: `${metadata.name}-agent-config` } },
            { name: "nginx-includes-bootstrap", configMap: { name: `${metadata.name}-includes-bootstrap` } },
            { name: "nginx-agent-tls", secret: { secretName: `${metadata.name}-agent-tls` } },
            ...own.map((name) => ({ name, emptyDir: {} })),
          ],
        },
      },
    },
  };
}

/** Lays the agent's and nginx' first configuration where they can be changed. */
function initContainer(image: string, imagePullPolicy: string, securityContext: JsonObject): JsonObject {
  return {
    name: "init",
    image,
    imagePullPolicy,
    command: [
      "/usr/bin/gateway",
      "initialize",
      ...["--source", "/agent/nginx-agent.conf", "--destination", "/etc/nginx-agent"],
      ...["--source", "/includes/main.conf", "--destination", "/etc/nginx/main-includes"],
    ],
    securityContext,
    volumeMounts: [
      { mountPath: "/agent", name: "nginx-agent-config" },
      { mountPath: "/etc/nginx-agent", name: "nginx-agent" },
      { mountPath: "/includes", name: "nginx-includes-bootstrap" },
      { mountPath: "/etc/nginx/main-includes", name: "nginx-main-includes" },
    ],
  };
}
