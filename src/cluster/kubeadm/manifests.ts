import type { ApiServerPlan, WorldPart } from "../define.ts";
import type { Release } from "./release.ts";

/** What the control plane's static pods need to know of their host and cluster. */
export interface ControlPlanePlan {
  readonly node: string;
  readonly address: string;
  readonly podCIDR: string;
  readonly serviceCIDR: string;
  readonly release: Release;
  readonly without: readonly WorldPart[];
  readonly apiServer: ApiServerPlan;
}

/** Where the static tokens of an API server lie. */
export const TOKENS = "/etc/kubernetes/pki/tokens.csv";

interface Component {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly cpu: string;
  readonly memory?: string;
  readonly annotation?: string;
  readonly port: number;
  readonly host: string;
  readonly liveness: string;
  readonly readiness?: string;
  readonly scheme: "HTTP" | "HTTPS";
  /** Volume name → host path, and whether it is a file, and read-only. */
  readonly volumes: readonly { name: string; path: string; file?: boolean; writable?: boolean }[];
}

const probe = (
  c: Component,
  kind: string,
  path: string,
  failures: number,
  more: readonly string[],
): string => `    ${kind}:
      failureThreshold: ${failures}
      httpGet:
        host: ${c.host}
        path: ${path}
        port: probe-port
        scheme: ${c.scheme}
${more.map((line) => `      ${line}\n`).join("")}`;

/** A static pod manifest as `kubeadm init` writes it (cmd/kubeadm/app/phases/controlplane, 1.35). */
function manifest(c: Component): string {
  const annotation = c.annotation ? `  annotations:\n    ${c.annotation}\n` : "";
  const mounts = c.volumes
    .map((v) => `    - mountPath: ${v.path}\n      name: ${v.name}\n${v.writable ? "" : "      readOnly: true\n"}`)
    .join("");
  const volumes = c.volumes
    .map((v) => {
      const type = v.file ? "FileOrCreate" : "DirectoryOrCreate";
      return `  - hostPath:\n      path: ${v.path}\n      type: ${type}\n    name: ${v.name}\n`;
    })
    .join("");
  const requests = c.memory ? `        cpu: ${c.cpu}\n        memory: ${c.memory}\n` : `        cpu: ${c.cpu}\n`;
  const readiness = c.readiness
    ? probe(c, "readinessProbe", c.readiness, 3, ["periodSeconds: 1", "timeoutSeconds: 15"])
    : "";
  return `apiVersion: v1
kind: Pod
metadata:
${annotation}  labels:
    component: ${c.name}
    tier: control-plane
  name: ${c.name}
  namespace: kube-system
spec:
  containers:
  - command:
${c.command.map((word) => `    - ${word}\n`).join("")}    image: ${c.image}
    imagePullPolicy: IfNotPresent
${probe(c, "livenessProbe", c.liveness, 8, ["initialDelaySeconds: 10", "periodSeconds: 10", "timeoutSeconds: 15"])}    name: ${c.name}
    ports:
    - containerPort: ${c.port}
      name: probe-port
      protocol: TCP
${readiness}    resources:
      requests:
${requests}${probe(c, "startupProbe", c.liveness, 24, ["initialDelaySeconds: 10", "periodSeconds: 10", "timeoutSeconds: 15"])}    volumeMounts:
${mounts}  hostNetwork: true
  priority: 2000001000
  priorityClassName: system-node-critical
  securityContext:
    seccompProfile:
      type: RuntimeDefault
  volumes:
${volumes}status: {}
`;
}

const PKI = "/etc/kubernetes/pki";

const certificateFolders = [
  { name: "ca-certs", path: "/etc/ssl/certs" },
  { name: "etc-ca-certificates", path: "/etc/ca-certificates" },
  { name: "k8s-certs", path: PKI },
  { name: "usr-local-share-ca-certificates", path: "/usr/local/share/ca-certificates" },
  { name: "usr-share-ca-certificates", path: "/usr/share/ca-certificates" },
] as const;

function apiServer(plan: ControlPlanePlan): string {
  const { enableAdmission = [], disableAdmission, tokens, flags = {} } = plan.apiServer;
  return manifest({
    name: "kube-apiserver",
    annotation: `kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint: ${plan.address}:6443`,
    image: `registry.k8s.io/kube-apiserver:${plan.release.version}`,
    command: [
      "kube-apiserver",
      `--advertise-address=${plan.address}`,
      "--allow-privileged=true",
      `--authorization-mode=${(plan.apiServer.authorization ?? ["Node", "RBAC"]).join(",")}`,
      `--client-ca-file=${PKI}/ca.crt`,
      ...(disableAdmission ? [`--disable-admission-plugins=${disableAdmission.join(",")}`] : []),
      `--enable-admission-plugins=${["NodeRestriction", ...enableAdmission].join(",")}`,
      "--enable-bootstrap-token-auth=true",
      `--etcd-cafile=${PKI}/etcd/ca.crt`,
      `--etcd-certfile=${PKI}/apiserver-etcd-client.crt`,
      `--etcd-keyfile=${PKI}/apiserver-etcd-client.key`,
      "--etcd-servers=https://127.0.0.1:2379",
      `--kubelet-client-certificate=${PKI}/apiserver-kubelet-client.crt`,
      `--kubelet-client-key=${PKI}/apiserver-kubelet-client.key`,
      "--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname",
      `--proxy-client-cert-file=${PKI}/front-proxy-client.crt`,
      `--proxy-client-key-file=${PKI}/front-proxy-client.key`,
      "--requestheader-allowed-names=front-proxy-client",
      `--requestheader-client-ca-file=${PKI}/front-proxy-ca.crt`,
      "--requestheader-extra-headers-prefix=X-Remote-Extra-",
      "--requestheader-group-headers=X-Remote-Group",
      "--requestheader-username-headers=X-Remote-User",
      "--secure-port=6443",
      "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
      `--service-account-key-file=${PKI}/sa.pub`,
      `--service-account-signing-key-file=${PKI}/sa.key`,
      `--service-cluster-ip-range=${plan.serviceCIDR}`,
      `--tls-cert-file=${PKI}/apiserver.crt`,
      `--tls-private-key-file=${PKI}/apiserver.key`,
      ...(tokens ? [`--token-auth-file=${TOKENS}`] : []),
      ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    ],
    cpu: "250m",
    port: 6443,
    host: plan.address,
    liveness: "/livez",
    readiness: "/readyz",
    scheme: "HTTPS",
    volumes: certificateFolders,
  });
}

function controllerManager(plan: ControlPlanePlan): string {
  const conf = "/etc/kubernetes/controller-manager.conf";
  return manifest({
    name: "kube-controller-manager",
    image: `registry.k8s.io/kube-controller-manager:${plan.release.version}`,
    command: [
      "kube-controller-manager",
      "--allocate-node-cidrs=true",
      `--authentication-kubeconfig=${conf}`,
      `--authorization-kubeconfig=${conf}`,
      "--bind-address=127.0.0.1",
      `--client-ca-file=${PKI}/ca.crt`,
      `--cluster-cidr=${plan.podCIDR}`,
      "--cluster-name=kubernetes",
      `--cluster-signing-cert-file=${PKI}/ca.crt`,
      `--cluster-signing-key-file=${PKI}/ca.key`,
      "--controllers=*,bootstrapsigner,tokencleaner",
      `--kubeconfig=${conf}`,
      "--leader-elect=true",
      `--requestheader-client-ca-file=${PKI}/front-proxy-ca.crt`,
      `--root-ca-file=${PKI}/ca.crt`,
      `--service-account-private-key-file=${PKI}/sa.key`,
      `--service-cluster-ip-range=${plan.serviceCIDR}`,
      "--use-service-account-credentials=true",
    ],
    cpu: "200m",
    port: 10257,
    host: "127.0.0.1",
    liveness: "/healthz",
    scheme: "HTTPS",
    volumes: [
      certificateFolders[0],
      certificateFolders[1],
      { name: "flexvolume-dir", path: "/usr/libexec/kubernetes/kubelet-plugins/volume/exec", writable: true },
      certificateFolders[2],
      { name: "kubeconfig", path: conf, file: true },
      certificateFolders[3],
      certificateFolders[4],
    ],
  });
}

function scheduler(plan: ControlPlanePlan): string {
  const conf = "/etc/kubernetes/scheduler.conf";
  return manifest({
    name: "kube-scheduler",
    image: `registry.k8s.io/kube-scheduler:${plan.release.version}`,
    command: [
      "kube-scheduler",
      `--authentication-kubeconfig=${conf}`,
      `--authorization-kubeconfig=${conf}`,
      "--bind-address=127.0.0.1",
      `--kubeconfig=${conf}`,
      "--leader-elect=true",
    ],
    cpu: "100m",
    port: 10259,
    host: "127.0.0.1",
    liveness: "/livez",
    readiness: "/readyz",
    scheme: "HTTPS",
    volumes: [{ name: "kubeconfig", path: conf, file: true }],
  });
}

function etcd(plan: ControlPlanePlan): string {
  const { address, node } = plan;
  return manifest({
    name: "etcd",
    annotation: `kubeadm.kubernetes.io/etcd.advertise-client-urls: https://${address}:2379`,
    image: `registry.k8s.io/etcd:${plan.release.etcd}`,
    command: [
      "etcd",
      `--advertise-client-urls=https://${address}:2379`,
      `--cert-file=${PKI}/etcd/server.crt`,
      "--client-cert-auth=true",
      "--data-dir=/var/lib/etcd",
      "--feature-gates=InitialCorruptCheck=true",
      `--initial-advertise-peer-urls=https://${address}:2380`,
      `--initial-cluster=${node}=https://${address}:2380`,
      `--key-file=${PKI}/etcd/server.key`,
      `--listen-client-urls=https://127.0.0.1:2379,https://${address}:2379`,
      "--listen-metrics-urls=http://127.0.0.1:2381",
      `--listen-peer-urls=https://${address}:2380`,
      `--name=${node}`,
      `--peer-cert-file=${PKI}/etcd/peer.crt`,
      "--peer-client-cert-auth=true",
      `--peer-key-file=${PKI}/etcd/peer.key`,
      `--peer-trusted-ca-file=${PKI}/etcd/ca.crt`,
      "--snapshot-count=10000",
      `--trusted-ca-file=${PKI}/etcd/ca.crt`,
      "--watch-progress-notify-interval=5s",
    ],
    cpu: "100m",
    memory: "100Mi",
    port: 2381,
    host: "127.0.0.1",
    liveness: "/livez",
    readiness: "/readyz",
    scheme: "HTTP",
    volumes: [
      { name: "etcd-data", path: "/var/lib/etcd", writable: true },
      { name: "etcd-certs", path: `${PKI}/etcd`, writable: true },
    ],
  });
}

/** /etc/kubernetes/manifests of a control plane: file name → text. */
export function controlPlaneManifests(plan: ControlPlanePlan): Readonly<Record<string, string>> {
  return {
    "etcd.yaml": etcd(plan),
    "kube-apiserver.yaml": apiServer(plan),
    ...(plan.without.includes("controller-manager") ? {} : { "kube-controller-manager.yaml": controllerManager(plan) }),
    ...(plan.without.includes("scheduler") ? {} : { "kube-scheduler.yaml": scheduler(plan) }),
  };
}
