import { base64Of } from "../../base/base64.ts";
import { ipText, nthAddress, parseCidr } from "../../base/cidr.ts";
import { bytesOf } from "../../base/text-bytes.ts";
import type { Subject } from "../../base/x509/certificate.ts";
import { type Files, root } from "../../machine/define-files.ts";
import type { Machine } from "../../machine/machine.ts";
import { PKI_PART } from "../api-target.ts";
import type { ApiServerPlan, StaticToken, WorldPart } from "../define.ts";
import { findImage } from "../kubelet/runtime/image-store.ts";
import { RUNTIME_PART, Runtime } from "../kubelet/runtime/runtime.ts";
import type { ClusterNetwork } from "../network/cluster-network.ts";
import { type PodNetworkName, podNetworkImages } from "./addons/pod-network.ts";
import {
  bootstrapNames,
  KUBELET_CLIENT,
  kubeconfigFile,
  kubeletClientFile,
  kubeletKubeconfig,
} from "./kubeconfig-file.ts";
import { controlPlaneManifests, TOKENS } from "./manifests.ts";
import { writeNodeFiles } from "./node-files.ts";
import type { Leaf, Pki } from "./pki.ts";
import type { Release } from "./release.ts";

/** What all nodes of a cluster are installed with. */
export interface ClusterPlan {
  readonly release: Release;
  readonly pki: Pki;
  readonly name: string;
  readonly podCIDR: string;
  readonly serviceCIDR: string;
  /** The first control plane's address: what kubeconfigs point to. */
  readonly endpoint: string;
  readonly cni: PodNetworkName | "none";
  readonly without?: readonly WorldPart[];
  readonly apiServer?: ApiServerPlan;
}

/** The tenth address of the first service range is cluster DNS, the first the API server (kubeadm constants). */
export function serviceAddress(plan: Pick<ClusterPlan, "serviceCIDR">, n: number): string {
  const address = nthAddress(parseCidr(plan.serviceCIDR.split(",")[0] ?? ""), n);
  return address ? ipText(address) : "";
}

/** Makes a host a node: packages, configuration, the runtime with the images that kubeadm pulls. */
export function installNode(host: Machine, network: ClusterNetwork, plan: ClusterPlan, controlPlane: boolean): void {
  const { files } = host;
  const { pki, release } = plan;
  host.parts.set(PKI_PART, pki);
  host.parts.set("kubelet-version", release.version);
  const random = host.kernel.random;
  host.parts.set("node-ids", { machine: random.hex(32), system: random.uuid(), boot: random.uuid() });
  const runtime = new Runtime(host, network);
  host.parts.set(RUNTIME_PART, runtime);
  for (const reference of imagesOf(plan, controlPlane)) {
    const found = findImage(reference);
    if ("image" in found) runtime.store(found.image, found.name);
  }
  writeNodeFiles(files, { address: host.net.addresses.join(","), dnsAddress: serviceAddress(plan, 10) });
  files.lazy("/etc/kubernetes/pki/ca.crt", pki.authorityFile("ca"));
  if (plan.without?.includes("nodes")) standAlone(files);
  else joinNode(host, plan, controlPlane);
  if (controlPlane) installControlPlane(host, plan);
}

/** The credentials by which a kubelet is known to its cluster. */
function joinNode({ files, name, kernel }: Machine, plan: ClusterPlan, controlPlane: boolean): void {
  const { pki, endpoint, name: cluster = "kubernetes" } = plan;
  const user = `system:node:${name}`;
  const subject = { commonName: user, organizations: ["system:nodes"] };
  const certificate = `kubelet-${name}`;
  pki.certificateFile(certificate, { authority: "ca", subject, usages: ["client"] });
  const pem = kubeletClientFile(kernel.clock.now);
  files.lazy(pem, () => pki.certificate(certificate) + pki.keyFile(certificate)(), { mode: 0o600 });
  files.symlink(pem, KUBELET_CLIENT, root);
  // kubeadm init names the parts as it does everywhere, a node that joins has what the TLS bootstrap wrote.
  const names = controlPlane ? { cluster, context: `${user}@${cluster}`, user } : bootstrapNames;
  const server = `https://${endpoint}:6443`;
  const authority = () => `certificate-authority-data: ${base64Of(bytesOf(pki.authority("ca")))}`;
  const make = () =>
    kubeletKubeconfig(server, authority(), KUBELET_CLIENT, names, controlPlane ? undefined : "default");
  pki.speaksFor(make, subject, { address: endpoint, port: 6443 }, certificate);
  files.lazy("/etc/kubernetes/kubelet.conf", make, { mode: 0o600 });
}

function imagesOf({ release, cni }: ClusterPlan, controlPlane: boolean): string[] {
  const { version } = release;
  const everywhere = [
    `registry.k8s.io/pause:${release.pause}`,
    `registry.k8s.io/kube-proxy:${version}`,
    `registry.k8s.io/coredns/coredns:${release.coredns}`,
    ...podNetworkImages(cni, release),
  ];
  const parts = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];
  const own = [...parts.map((part) => `registry.k8s.io/${part}:${version}`), `registry.k8s.io/etcd:${release.etcd}`];
  return controlPlane ? [...everywhere, ...own] : everywhere;
}

function installControlPlane(host: Machine, plan: ClusterPlan): void {
  const { files } = host;
  const { pki } = plan;
  const address = host.net.addresses[0] ?? "";
  const bytes = (ip: string) => Uint8Array.from(ip.split(".").map(Number));
  const folder = "/etc/kubernetes/pki";
  files.mkdir(`${folder}/etcd`, root, { parents: true });
  const leaf = (name: string, says: Leaf) => {
    files.lazy(`${folder}/${name}.crt`, pki.certificateFile(`${host.name}/${name}`, says));
    files.lazy(`${folder}/${name}.key`, pki.keyFile(`${host.name}/${name}`), { mode: 0o600 });
  };
  for (const name of ["ca", "etcd/ca", "front-proxy-ca"] as const) {
    files.lazy(`${folder}/${name}.crt`, pki.authorityFile(name));
    files.lazy(`${folder}/${name}.key`, pki.keyFile(name), { mode: 0o600 });
  }
  files.lazy(`${folder}/sa.key`, pki.keyFile("sa"), { mode: 0o600 });
  files.lazy(`${folder}/sa.pub`, pki.publicKeyFile("sa"));
  leaf("apiserver", {
    authority: "ca",
    subject: { commonName: "kube-apiserver" },
    usages: ["server"],
    dnsNames: [
      host.name,
      "kubernetes",
      "kubernetes.default",
      "kubernetes.default.svc",
      "kubernetes.default.svc.cluster.local",
      "localhost",
    ],
    addresses: [bytes(serviceAddress(plan, 1)), bytes(address), bytes("127.0.0.1")],
  });
  const kubeletClient = { commonName: "kube-apiserver-kubelet-client", organizations: ["kubeadm:cluster-admins"] };
  leaf("apiserver-kubelet-client", { authority: "ca", subject: kubeletClient, usages: ["client"] });
  leaf("front-proxy-client", {
    authority: "front-proxy-ca",
    subject: { commonName: "front-proxy-client" },
    usages: ["client"],
  });
  leaf("apiserver-etcd-client", {
    authority: "etcd/ca",
    subject: { commonName: "kube-apiserver-etcd-client" },
    usages: ["client"],
  });
  for (const name of ["etcd/server", "etcd/peer"])
    leaf(name, {
      authority: "etcd/ca",
      subject: { commonName: host.name },
      usages: ["server", "client"],
      dnsNames: [host.name, "localhost"],
      addresses: [bytes(address), bytes("127.0.0.1")],
    });
  leaf("etcd/healthcheck-client", {
    authority: "etcd/ca",
    subject: { commonName: "kube-etcd-healthcheck-client" },
    usages: ["client"],
  });
  writeControlPlaneKubeconfigs(files, plan);
  files.mkdir("/var/lib/etcd", root, { mode: 0o700, parents: true });
  writeManifests(host, plan, address);
}

function writeManifests({ files, name: node }: Machine, plan: ClusterPlan, address: string): void {
  const { podCIDR, serviceCIDR, release, without = [], apiServer = {} } = plan;
  const manifests = controlPlaneManifests({ node, address, podCIDR, serviceCIDR, release, without, apiServer });
  if (apiServer.tokens) files.write(TOKENS, apiServer.tokens.map(tokenLine).join(""), root, { mode: 0o600 });
  for (const [name, text] of Object.entries(manifests))
    files.write(`/etc/kubernetes/manifests/${name}`, text, root, { mode: 0o600 });
}

function tokenLine({ token, user, uid = "", groups = [] }: StaticToken): string {
  return `${token},${user},${uid},"${groups.join(",")}"\n`;
}

/** A kubelet that belongs to no cluster: it runs the static pods of its host. */
const standaloneUnit = `[Service]
ExecStart=
ExecStart=/usr/bin/kubelet --config=/var/lib/kubelet/config.yaml --authentication-token-webhook=false --authorization-mode=AlwaysAllow
`;

function standAlone(files: Files): void {
  const folder = "/etc/systemd/system/kubelet.service.d";
  files.mkdir(folder, root, { parents: true });
  files.write(`${folder}/20-standalone.conf`, standaloneUnit, root);
}

function writeControlPlaneKubeconfigs(files: Files, plan: ClusterPlan): void {
  const admin = { commonName: "kubernetes-admin", organizations: ["kubeadm:cluster-admins"] };
  const superAdmin = { commonName: "kubernetes-super-admin", organizations: ["system:masters"] };
  const folder = "/etc/kubernetes";
  writeKubeconfig(files, plan, `${folder}/admin.conf`, "admin", "kubernetes-admin", admin);
  writeKubeconfig(files, plan, `${folder}/super-admin.conf`, "super-admin", "kubernetes-super-admin", superAdmin);
  for (const name of ["controller-manager", "scheduler"]) {
    const user = name === "scheduler" ? "system:kube-scheduler" : "system:kube-controller-manager";
    writeKubeconfig(files, plan, `${folder}/${name}.conf`, name, user, { commonName: user });
  }
}

/** Writes a kubeconfig whose text is made when it is looked at. */
export function writeKubeconfig(
  files: Files,
  plan: ClusterPlan,
  path: string,
  certificate: string,
  user: string,
  subject: Subject,
  owner: { uid: number; gid: number } = { uid: 0, gid: 0 },
): void {
  const { pki } = plan;
  pki.certificateFile(certificate, { authority: "ca", subject, usages: ["client"] });
  const make = kubeconfigFile(pki, certificate, user, `https://${plan.endpoint}:6443`, plan.name);
  pki.speaksFor(make, subject, { address: plan.endpoint, port: 6443 }, certificate);
  files.lazy(path, make, { mode: 0o600, ...owner });
}
