import { base64Of } from "../../../base/base64.ts";
import { bytesOf } from "../../../base/text-bytes.ts";
import type { ConfigMap } from "../../../kinds/types/core.ts";
import type { Release } from "../release.ts";

/** What `kubeadm init` uploads about the cluster: its own configuration and the kubelets' (phases upload-config, 1.35). */
export function clusterConfig(plan: {
  release: Release;
  podCIDR: string;
  serviceCIDR: string;
  dnsAddress: string;
}): string {
  const { release } = plan;
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: kubeadm-config
  namespace: kube-system
data:
  ClusterConfiguration: |
    apiServer: {}
    apiVersion: kubeadm.k8s.io/v1beta4
    caCertificateValidityPeriod: 87600h0m0s
    certificateValidityPeriod: 8760h0m0s
    certificatesDir: /etc/kubernetes/pki
    clusterName: kubernetes
    controllerManager: {}
    dns: {}
    encryptionAlgorithm: ECDSA-P256
    etcd:
      local:
        dataDir: /var/lib/etcd
    imageRepository: registry.k8s.io
    kind: ClusterConfiguration
    kubernetesVersion: ${release.version}
    networking:
      dnsDomain: cluster.local
      podSubnet: ${plan.podCIDR}
      serviceSubnet: ${plan.serviceCIDR}
    proxy: {}
    scheduler: {}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: kubelet-config
  namespace: kube-system
data:
  kubelet: |
${kubeletConfiguration(plan.dnsAddress).replace(/^(?=.)/gm, "    ")}---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: kubeadm:cluster-admins
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: cluster-admin
subjects:
- kind: Group
  apiGroup: rbac.authorization.k8s.io
  name: kubeadm:cluster-admins
${joining.map(([name, role, group]) => bindingOf(name, role, group)).join("")}---
${getNodes}`;
}

/** Who may read what `kubeadm init` uploads. */
export function configReaders(): string {
  return readers.map(readerOf).join("");
}

const getNodes = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: kubeadm:get-nodes
rules:
- apiGroups: [""]
  resources: [nodes]
  verbs: [get]
`;

/** What a host that wants to join may read before it trusts the cluster (kubeadm 1.35, phase bootstrap-token). */
export function clusterInfo(endpoint: string, authority: string): ConfigMap {
  const kubeconfig = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${base64Of(bytesOf(authority))}
    server: https://${endpoint}:6443
  name: ""
contexts: null
current-context: ""
kind: Config
users: null
`;
  const metadata = { name: "cluster-info", namespace: "kube-public" };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data: { kubeconfig } };
}

const joiners = "Group system:bootstrappers:kubeadm:default-node-token,Group system:nodes";

/** Who may read which ConfigMap: namespace, role, ConfigMap, subjects (kubeadm 1.35). */
const readers: readonly (readonly [string, string, string, string])[] = [
  ["kube-system", "kubeadm:kubelet-config", "kubelet-config", joiners],
  ["kube-system", "kubeadm:nodes-kubeadm-config", "kubeadm-config", joiners],
  ["kube-public", "kubeadm:bootstrap-signer-clusterinfo", "cluster-info", "User system:anonymous"],
];

function readerOf([namespace, name, configMap, subjects]: (typeof readers)[number]): string {
  const list = subjects
    .split(",")
    .map((subject) => subject.split(" "))
    .map(([kind, who]) => `- kind: ${kind}\n  apiGroup: rbac.authorization.k8s.io\n  name: ${who}\n`);
  return `---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: ${name}
  namespace: ${namespace}
rules:
- apiGroups: [""]
  resourceNames: [${configMap}]
  resources: [configmaps]
  verbs: [get]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: ${name}
  namespace: ${namespace}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: ${name}
subjects:
${list.join("")}`;
}

const tokens = "system:bootstrappers:kubeadm:default-node-token";
const requests = "system:certificates.k8s.io:certificatesigningrequests";

/** What new kubelets may ask for, and what is approved by itself: binding, role, group (kubeadm 1.35, phase bootstrap-token). */
const joining: readonly (readonly [string, string, string])[] = [
  ["kubeadm:get-nodes", "kubeadm:get-nodes", tokens],
  ["kubeadm:kubelet-bootstrap", "system:node-bootstrapper", tokens],
  ["kubeadm:node-autoapprove-bootstrap", `${requests}:nodeclient`, tokens],
  ["kubeadm:node-autoapprove-certificate-rotation", `${requests}:selfnodeclient`, "system:nodes"],
];

function bindingOf(name: string, role: string, group: string): string {
  return `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: ${name}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: ${role}
subjects:
- kind: Group
  apiGroup: rbac.authorization.k8s.io
  name: ${group}
`;
}

/** /var/lib/kubelet/config.yaml as kubeadm writes it (kubelet.config.k8s.io/v1beta1, 1.35). */
export function kubeletConfiguration(dnsAddress: string): string {
  return `apiVersion: kubelet.config.k8s.io/v1beta1
authentication:
  anonymous:
    enabled: false
  webhook:
    cacheTTL: 0s
    enabled: true
  x509:
    clientCAFile: /etc/kubernetes/pki/ca.crt
authorization:
  mode: Webhook
  webhook:
    cacheAuthorizedTTL: 0s
    cacheUnauthorizedTTL: 0s
cgroupDriver: systemd
clusterDNS:
- ${dnsAddress}
clusterDomain: cluster.local
containerRuntimeEndpoint: ""
cpuManagerReconcilePeriod: 0s
crashLoopBackOff: {}
evictionPressureTransitionPeriod: 0s
fileCheckFrequency: 0s
healthzBindAddress: 127.0.0.1
healthzPort: 10248
httpCheckFrequency: 0s
imageMaximumGCAge: 0s
imageMinimumGCAge: 0s
kind: KubeletConfiguration
logging:
  flushFrequency: 0
  options:
    json:
      infoBufferSize: "0"
    text:
      infoBufferSize: "0"
  verbosity: 0
memorySwap: {}
nodeStatusReportFrequency: 0s
nodeStatusUpdateFrequency: 0s
rotateCertificates: true
runtimeRequestTimeout: 0s
shutdownGracePeriod: 0s
shutdownGracePeriodCriticalPods: 0s
staticPodPath: /etc/kubernetes/manifests
streamingConnectionIdleTimeout: 0s
syncFrequency: 0s
volumeStatsAggPeriod: 0s
`;
}
