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
${joining.map(([name, role, group]) => bindingOf(name, role, group)).join("")}`;
}

const tokens = "system:bootstrappers:kubeadm:default-node-token";
const requests = "system:certificates.k8s.io:certificatesigningrequests";

/** What new kubelets may ask for, and what is approved by itself: binding, role, group (kubeadm 1.35, phase bootstrap-token). */
const joining: readonly (readonly [string, string, string])[] = [
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
