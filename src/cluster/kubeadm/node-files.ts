import type { Files } from "../../machine/define-files.ts";
import { root } from "../../machine/define-files.ts";
import { seedOf, sow } from "../../machine/files/seed.ts";
import { kubeletConfiguration } from "./addons/cluster-config.ts";

const kubeletUnit = `[Unit]
Description=kubelet: The Kubernetes Node Agent
Documentation=https://kubernetes.io/docs/
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=/usr/bin/kubelet
Restart=always
StartLimitInterval=0
RestartSec=10

[Install]
WantedBy=multi-user.target
`;

const kubeadmDropIn = `# Note: This dropin only works with kubeadm and kubelet v1.11+
[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
# This is a file that "kubeadm init" and "kubeadm join" generates at runtime, populating the KUBELET_KUBEADM_ARGS variable dynamically
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
# This is a file that the user can use for overrides of the kubelet args as a last resort. Preferably, the user should use
# the .NodeRegistration.KubeletExtraArgs object in the configuration files instead. KUBELET_EXTRA_ARGS should be sourced from this file.
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`;

const containerdUnit = `[Unit]
Description=containerd container runtime
Documentation=https://containerd.io
After=network.target

[Service]
ExecStart=/usr/bin/containerd
Type=simple
Delegate=yes
KillMode=process
Restart=always
RestartSec=5

[Install]
WantedBy=multi-user.target
`;

const containerdConfig = `version = 3
root = '/var/lib/containerd'
state = '/run/containerd'

[grpc]
  address = '/run/containerd/containerd.sock'

[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = 'registry.k8s.io/pause:3.10.1'

[plugins.'io.containerd.cri.v1.runtime'.containerd]
  default_runtime_name = 'runc'

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
  runtime_type = 'io.containerd.runc.v2'

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
  SystemdCgroup = true

[plugins.'io.containerd.cri.v1.runtime'.cni]
  bin_dirs = ['/opt/cni/bin']
  conf_dir = '/etc/cni/net.d'
`;

const elf = (name: string) => `\u007fELF\u0002\u0001\u0001${name}\n`;

/** What is the same on every node that packages and kubeadm have prepared. */
const seeds = [
  ...`/etc/kubernetes /etc/kubernetes/manifests /etc/kubernetes/pki /etc/cni /etc/cni/net.d /etc/containerd /opt/cni
  /opt/cni/bin /usr/lib/systemd/system/kubelet.service.d /var/lib/kubelet /var/lib/kubelet/pki /var/lib/containerd
  /var/log/pods /var/log/containers /usr/libexec /usr/libexec/kubernetes /etc/ca-certificates
  /usr/local/share /usr/local/share/ca-certificates /usr/share/ca-certificates /lib/modules`
    .split(/\s+/)
    .map((path) => seedOf(path)),
  seedOf("/lib/systemd/system/kubelet.service", kubeletUnit),
  seedOf("/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf", kubeadmDropIn),
  seedOf("/lib/systemd/system/containerd.service", containerdUnit),
  seedOf("/etc/containerd/config.toml", containerdConfig),
  seedOf(
    "/etc/crictl.yaml",
    "runtime-endpoint: unix:///run/containerd/containerd.sock\nimage-endpoint: unix:///run/containerd/containerd.sock\n",
  ),
  ...["bandwidth", "bridge", "firewall", "host-local", "loopback", "portmap", "ptp"].map((name) =>
    seedOf(`/opt/cni/bin/${name}`, elf(name), { mode: 0o755 }),
  ),
  ...["kubelet", "containerd"].map((unit) =>
    seedOf(`/etc/systemd/system/multi-user.target.wants/${unit}.service`, `/lib/systemd/system/${unit}.service`, {
      kind: "link",
    }),
  ),
];

/** Writes what the kubelet's and containerd's packages and kubeadm leave on a node. */
export function writeNodeFiles(files: Files, node: { address: string; dnsAddress: string }): void {
  sow(files, seeds);
  files.write("/var/lib/kubelet/config.yaml", kubeletConfiguration(node.dnsAddress), root);
  files.write("/var/lib/kubelet/kubeadm-flags.env", `KUBELET_KUBEADM_ARGS="--node-ip=${node.address}"\n`, root);
}
