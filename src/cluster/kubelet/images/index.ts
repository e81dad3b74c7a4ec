import { agnhost } from "./agnhost.ts";
import { alexeiledStressNg } from "./alexeiled-stress-ng.ts";
import { alpine } from "./alpine.ts";
import { baseSystems } from "./base-systems.ts";
import { busybox, busyboxOfKubernetes } from "./busybox.ts";
import { calicoImages } from "./calico/index.ts";
import { ciliumImages } from "./cilium/index.ts";
import { coredns } from "./coredns/coredns.ts";
import { csiAttacher } from "./csi-attacher.ts";
import { csiHostpathplugin } from "./csi-hostpathplugin/index.ts";
import { csiLivenessprobe } from "./csi-livenessprobe.ts";
import { csiNodeDriverRegistrar } from "./csi-node-driver-registrar.ts";
import { csiProvisioner } from "./csi-provisioner.ts";
import { csiResizer } from "./csi-resizer.ts";
import { csiSnapshotter } from "./csi-snapshotter.ts";
import { curl } from "./curl.ts";
import { debian } from "./debian.ts";
import { debianBase } from "./debian-base.ts";
import type { Image } from "./define.ts";
import { distroless } from "./distroless.ts";
import { echoserver } from "./echoserver.ts";
import { etcd } from "./etcd.ts";
import { flannel } from "./flannel.ts";
import { flannelCniPlugin } from "./flannel-cni-plugin.ts";
import { helloApp, helloAppOld } from "./hello-app.ts";
import { helloWorld } from "./hello-world.ts";
import { hpaExample } from "./hpa-example.ts";
import { httpEcho } from "./http-echo.ts";
import { httpd } from "./httpd.ts";
import { ingressNginx } from "./ingress-nginx/index.ts";
import { kubeApiserver } from "./kube-apiserver.ts";
import { kubeControllerManager } from "./kube-controller-manager.ts";
import { kubeProxy } from "./kube-proxy/index.ts";
import { kubeScheduler } from "./kube-scheduler.ts";
import { kubectlImages } from "./kubectl.ts";
import { kubernetesBootcamp, kubernetesBootcampTwo } from "./kubernetes-bootcamp.ts";
import { languages } from "./languages.ts";
import { localPathProvisioner } from "./local-path-provisioner/index.ts";
import { logCollectors } from "./log-collectors.ts";
import { mariadb } from "./mariadb.ts";
import { memcached } from "./memcached.ts";
import { metallb } from "./metallb/index.ts";
import { metricsServer } from "./metrics-server/index.ts";
import { mongo } from "./mongo.ts";
import { monitoring } from "./monitoring.ts";
import { mysql } from "./mysql.ts";
import { nats } from "./nats.ts";
import { nginx } from "./nginx/index.ts";
import { nginxRelatives } from "./nginx/relatives.ts";
import { nginxGatewayDataPlane, nginxGatewayFabric } from "./nginx-gateway/index.ts";
import { pause } from "./pause.ts";
import { perl } from "./perl.ts";
import { polinuxStress } from "./polinux-stress.ts";
import { postgres } from "./postgres.ts";
import { rabbitmq } from "./rabbitmq.ts";
import { redis } from "./redis/index.ts";
import { registry } from "./registry.ts";
import { shopWeb } from "./shop-web.ts";
import { snapshotController } from "./snapshot-controller.ts";
import { toolboxes } from "./toolboxes.ts";
import { traefik } from "./traefik/index.ts";
import { ubuntu } from "./ubuntu.ts";
import { webApps } from "./web-apps.ts";
import { whoami } from "./whoami.ts";

/** All that can be pulled. */
export const images: readonly Image[] = [
  agnhost,
  alexeiledStressNg,
  alpine,
  busybox,
  coredns,
  csiAttacher,
  csiHostpathplugin,
  csiLivenessprobe,
  csiNodeDriverRegistrar,
  csiProvisioner,
  csiResizer,
  csiSnapshotter,
  curl,
  debian,
  debianBase,
  etcd,
  flannel,
  flannelCniPlugin,
  httpd,
  kubeApiserver,
  kubeControllerManager,
  kubeProxy,
  kubeScheduler,
  localPathProvisioner,
  metricsServer,
  nginx,
  nginxGatewayDataPlane,
  nginxGatewayFabric,
  pause,
  polinuxStress,
  redis,
  shopWeb,
  snapshotController,
  ubuntu,
  ...baseSystems,
  ...calicoImages,
  ...ciliumImages,
  ...distroless,
  ...ingressNginx,
  ...kubectlImages,
  ...languages,
  ...logCollectors,
  ...metallb,
  ...monitoring,
  ...nginxRelatives,
  ...toolboxes,
  ...webApps,
  echoserver,
  helloWorld,
  hpaExample,
  httpEcho,
  mariadb,
  memcached,
  mongo,
  mysql,
  nats,
  perl,
  postgres,
  rabbitmq,
  registry,
  traefik,
  whoami,
  busyboxOfKubernetes,
  helloApp,
  helloAppOld,
  kubernetesBootcamp,
  kubernetesBootcampTwo,
];
