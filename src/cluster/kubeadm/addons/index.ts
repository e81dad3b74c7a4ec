import { SECOND } from "../../../base/clock.ts";
import { root } from "../../../machine/define-files.ts";
import type { Machine } from "../../../machine/machine.ts";
import type { Api } from "../../apiserver/define.ts";
import { installNfsServer } from "../../storage/nfs/install-nfs-server.ts";
import { createAll } from "../init.ts";
import { releaseOf } from "../release.ts";
import { csiHostpath, csiHostpathSnapshotClass } from "./csi-hostpath.ts";
import { gatewayApi } from "./gateway-api/index.ts";
import { ingressNginx } from "./ingress-nginx/index.ts";
import { localPathProvisioner } from "./local-path-provisioner.ts";
import { metallb, metallbPool } from "./metallb.ts";
import { metricsServer } from "./metrics-server.ts";
import { nginxGateway } from "./nginx-gateway.ts";
import { nginxGatewayKinds } from "./nginx-gateway-kinds.ts";
import { type PodNetworkName, podNetworkManifest } from "./pod-network.ts";
import { traefik, traefikKinds } from "./traefik.ts";
import { volumeSnapshots } from "./volume-snapshots.ts";

/** How long a custom kind may take until it is served, in seconds. */
const LONGEST = 60;

/** What a world's `addons` may name, and what it means: installed, or laid ready on the control plane's disk. */
const addons: Readonly<Record<string, (api: Api, host: Machine) => void>> = {
  "calico-manifest": (_, host) => layReady(host, "/opt/calico/calico.yaml", podNetwork(host, "calico")),
  "cilium-manifest": (_, host) => layReady(host, "/opt/cilium/cilium.yaml", podNetwork(host, "cilium")),
  "csi-hostpath": (api, host) => {
    createAll(api, volumeSnapshots);
    createAll(api, csiHostpath);
    untilServed(api, host, "VolumeSnapshotClass");
    createAll(api, csiHostpathSnapshotClass);
  },
  "ingress-nginx": (api) => createAll(api, ingressNginx("baremetal")),
  "ingress-nginx-cloud": (api) => createAll(api, ingressNginx("cloud")),
  "ingress-nginx-manifest": (_, host) => {
    layReady(host, "/opt/ingress-nginx/deploy.yaml", ingressNginx("baremetal"));
    layReady(host, "/opt/ingress-nginx/deploy-cloud.yaml", ingressNginx("cloud"));
  },
  "gateway-api": (api) => createAll(api, gatewayApi()),
  "gateway-api-manifest": (_, host) => layReady(host, "/opt/gateway-api/standard-install.yaml", gatewayApi()),
  "flannel-manifest": (_, host) => layReady(host, "/opt/cni-manifests/kube-flannel.yml", podNetwork(host, "flannel")),
  "local-path-provisioner": (api) => createAll(api, localPathProvisioner(true)),
  "local-path-provisioner-manifest": (_, host) =>
    layReady(host, "/opt/local-path-storage/local-path-storage.yaml", localPathProvisioner(false)),
  metallb: (api, host) => {
    createAll(api, metallb);
    untilServed(api, host, "L2Advertisement");
    createAll(api, metallbPool);
  },
  "metallb-manifest": (_, host) => layReady(host, "/opt/metallb/metallb-native.yaml", metallb),
  "metrics-server": (api) => createAll(api, metricsServer(true)),
  "metrics-server-manifest": (_, host) => layReady(host, "/opt/metrics-server/components.yaml", metricsServer(false)),
  "nginx-gateway": (api, host) => {
    createAll(api, gatewayApi());
    createAll(api, nginxGatewayKinds);
    for (const kind of ["GatewayClass", "NginxGateway", "NginxProxy"]) untilServed(api, host, kind);
    createAll(api, nginxGateway);
  },
  "nginx-gateway-manifest": (_, host) => {
    layReady(host, "/opt/nginx-gateway/crds.yaml", nginxGatewayKinds);
    layReady(host, "/opt/nginx-gateway/deploy.yaml", nginxGateway);
  },
  "nfs-server": (_, host) => installNfsServer(host),
  traefik: (api, host) => {
    createAll(api, traefikKinds);
    untilServed(api, host, "IngressRoute");
    createAll(api, traefik);
  },
};

/** Lets time pass until the API server serves a custom kind. */
function untilServed(api: Api, { kernel: { clock } }: Machine, kind: string): void {
  for (let tries = 0; !api.kinds().some((one) => one.kind === kind); tries++) {
    if (tries > LONGEST) throw new Error(`the kind ${kind} is not served after ${LONGEST} s`);
    clock.run(clock.now + SECOND);
  }
}

/** A pod network as its project publishes it: flannel's manifest knows one range only. */
function podNetwork(host: Machine, name: PodNetworkName): string {
  const release = releaseOf(host.parts.get("kubelet-version") as string | undefined);
  return podNetworkManifest(name, { release, podCIDR: "10.244.0.0/16" });
}

/** Writes a manifest to a host's disk, for the candidate to apply. */
function layReady({ files }: Machine, path: string, text: string): void {
  files.mkdir(path.slice(0, path.lastIndexOf("/")), root, { parents: true });
  files.write(path, text, root);
}

/** Installs what lies beside kubeadm's own. Throws Error for what there is not. */
export function installAddon(api: Api, host: Machine, name: string): void {
  const install = Object.hasOwn(addons, name) ? addons[name] : undefined;
  if (!install) throw new Error(`there is no add-on ${name}; there are ${Object.keys(addons).sort().join(", ")}`);
  install(api, host);
}
