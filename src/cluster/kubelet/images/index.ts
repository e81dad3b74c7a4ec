import { agnhost } from "./agnhost.ts";
import { alpine } from "./alpine.ts";
import { busybox } from "./busybox.ts";
import { coredns } from "./coredns.ts";
import { curl } from "./curl.ts";
import { debian } from "./debian.ts";
import type { Image } from "./define.ts";
import { etcd } from "./etcd.ts";
import { flannel } from "./flannel.ts";
import { flannelCniPlugin } from "./flannel-cni-plugin.ts";
import { httpd } from "./httpd.ts";
import { kubeApiserver } from "./kube-apiserver.ts";
import { kubeControllerManager } from "./kube-controller-manager.ts";
import { kubeProxy } from "./kube-proxy.ts";
import { kubeScheduler } from "./kube-scheduler.ts";
import { metricsServer } from "./metrics-server/index.ts";
import { nginx } from "./nginx.ts";
import { pause } from "./pause.ts";
import { redis } from "./redis.ts";
import { ubuntu } from "./ubuntu.ts";

/** All that can be pulled. */
export const images: readonly Image[] = [
  agnhost,
  alpine,
  busybox,
  coredns,
  curl,
  debian,
  etcd,
  flannel,
  flannelCniPlugin,
  httpd,
  kubeApiserver,
  kubeControllerManager,
  kubeProxy,
  kubeScheduler,
  metricsServer,
  nginx,
  pause,
  redis,
  ubuntu,
];
