const words = (text: string) => new Set(text.split(/\s+/));

/** What the scheduler and the controller manager have in common: serving, who may ask, the election, logs (1.35). */
const common = `allow-metric-labels allow-metric-labels-manifest authentication-kubeconfig authentication-skip-lookup
  authentication-token-webhook-cache-ttl authentication-tolerate-lookup-failure authorization-always-allow-paths
  authorization-kubeconfig authorization-webhook-cache-authorized-ttl authorization-webhook-cache-unauthorized-ttl
  bind-address cert-dir client-ca-file contention-profiling disable-http2-serving disabled-metrics emulated-version
  feature-gates help http2-max-streams-per-connection kube-api-burst kube-api-content-type kube-api-qps kubeconfig
  leader-elect leader-elect-lease-duration leader-elect-renew-deadline leader-elect-resource-lock
  leader-elect-resource-name leader-elect-resource-namespace leader-elect-retry-period log-flush-frequency
  log-json-info-buffer-size log-json-split-stream log-text-info-buffer-size log-text-split-stream logging-format
  master permit-address-sharing permit-port-sharing profiling requestheader-allowed-names
  requestheader-client-ca-file requestheader-extra-headers-prefix requestheader-group-headers
  requestheader-uid-headers requestheader-username-headers secure-port show-hidden-metrics-for-version tls-cert-file
  tls-cipher-suites tls-min-version tls-private-key-file tls-sni-cert-key v version vmodule`;

/** The flags of kube-scheduler 1.35. Any other ends the process with "unknown flag". */
export const schedulerFlags: ReadonlySet<string> = words(`config pod-max-in-unschedulable-pods-duration write-config-to
  ${common}`);

/** The flags of kube-controller-manager 1.35. */
export const controllerManagerFlags: ReadonlySet<string> =
  words(`allocate-node-cidrs attach-detach-reconcile-sync-period cidr-allocator-type cloud-config cloud-provider
  cluster-cidr cluster-name cluster-signing-cert-file cluster-signing-duration cluster-signing-key-file
  cluster-signing-kube-apiserver-client-cert-file cluster-signing-kube-apiserver-client-key-file
  cluster-signing-kubelet-client-cert-file cluster-signing-kubelet-client-key-file
  cluster-signing-kubelet-serving-cert-file cluster-signing-kubelet-serving-key-file
  cluster-signing-legacy-unknown-cert-file cluster-signing-legacy-unknown-key-file concurrent-cron-job-syncs
  concurrent-daemonset-syncs concurrent-deployment-syncs concurrent-device-taint-eviction-syncs
  concurrent-endpoint-syncs concurrent-ephemeralvolume-syncs concurrent-gc-syncs
  concurrent-horizontal-pod-autoscaler-syncs concurrent-job-syncs concurrent-namespace-syncs concurrent-rc-syncs
  concurrent-replicaset-syncs concurrent-resource-quota-syncs concurrent-service-endpoint-syncs
  concurrent-service-syncs concurrent-serviceaccount-token-syncs concurrent-statefulset-syncs
  concurrent-ttl-after-finished-syncs concurrent-validating-admission-policy-status-syncs configure-cloud-routes
  controller-shutdown-timeout controller-start-interval controllers disable-attach-detach-reconcile-sync
  disable-force-detach-on-timeout enable-dynamic-provisioning enable-garbage-collector enable-hostpath-provisioner
  enable-leader-migration endpoint-updates-batch-period endpointslice-updates-batch-period
  external-cloud-volume-plugin flex-volume-plugin-dir horizontal-pod-autoscaler-cpu-initialization-period
  horizontal-pod-autoscaler-downscale-stabilization horizontal-pod-autoscaler-initial-readiness-delay
  horizontal-pod-autoscaler-sync-period horizontal-pod-autoscaler-tolerance large-cluster-size-threshold
  leader-migration-config legacy-service-account-token-clean-up-period max-endpoints-per-slice min-resync-period
  mirroring-concurrent-service-endpoint-syncs mirroring-endpointslice-updates-batch-period
  mirroring-max-endpoints-per-subset namespace-sync-period node-cidr-mask-size node-cidr-mask-size-ipv4
  node-cidr-mask-size-ipv6 node-eviction-rate node-monitor-grace-period node-monitor-period
  node-startup-grace-period pv-recycler-increment-timeout-nfs pv-recycler-minimum-timeout-hostpath
  pv-recycler-minimum-timeout-nfs pv-recycler-pod-template-filepath-hostpath pv-recycler-pod-template-filepath-nfs
  pv-recycler-timeout-increment-hostpath pvclaimbinder-sync-period resource-quota-sync-period root-ca-file
  route-reconciliation-period secondary-node-eviction-rate service-account-private-key-file service-cluster-ip-range
  terminated-pod-gc-threshold unhealthy-zone-threshold use-service-account-credentials
  ${common}`);

/** The flags of the kubelet 1.35. */
export const kubeletFlags: ReadonlySet<string> =
  words(`address allowed-unsafe-sysctls anonymous-auth authentication-token-webhook authentication-token-webhook-cache-ttl
  authorization-mode authorization-webhook-cache-authorized-ttl authorization-webhook-cache-unauthorized-ttl
  bootstrap-kubeconfig cert-dir cgroup-driver cgroup-root cgroups-per-qos client-ca-file cloud-provider cluster-dns
  cluster-domain config config-dir container-log-max-files container-log-max-size container-runtime-endpoint
  contention-profiling cpu-cfs-quota cpu-cfs-quota-period cpu-manager-policy cpu-manager-policy-options
  cpu-manager-reconcile-period enable-controller-attach-detach enable-debugging-handlers enable-server
  enforce-node-allocatable event-burst event-qps eviction-hard eviction-max-pod-grace-period
  eviction-minimum-reclaim eviction-pressure-transition-period eviction-soft eviction-soft-grace-period
  exit-on-lock-contention experimental-allocatable-ignore-eviction experimental-mounter-path fail-cgroupv1
  fail-swap-on feature-gates file-check-frequency hairpin-mode healthz-bind-address healthz-port help
  hostname-override http-check-frequency image-credential-provider-bin-dir image-credential-provider-config
  image-gc-high-threshold image-gc-low-threshold image-service-endpoint kernel-memcg-notification kube-api-burst
  kube-api-content-type kube-api-qps kube-reserved kube-reserved-cgroup kubeconfig kubelet-cgroups
  local-storage-capacity-isolation lock-file log-flush-frequency log-json-info-buffer-size log-json-split-stream
  log-text-info-buffer-size log-text-split-stream logging-format make-iptables-util-chains manifest-url
  manifest-url-header max-open-files max-pods maximum-dead-containers maximum-dead-containers-per-container
  memory-manager-policy minimum-container-ttl-duration minimum-image-ttl-duration node-ip node-labels
  node-status-max-images node-status-update-frequency oom-score-adj pod-cidr pod-manifest-path pod-max-pids
  pods-per-core port protect-kernel-defaults provider-id qos-reserved read-only-port register-node
  register-with-taints registry-burst registry-qps reserved-cpus reserved-memory resolv-conf root-dir
  rotate-certificates rotate-server-certificates runonce runtime-cgroups runtime-request-timeout seccomp-default
  serialize-image-pulls streaming-connection-idle-timeout sync-frequency system-cgroups system-reserved
  system-reserved-cgroup tls-cert-file tls-cipher-suites tls-min-version tls-private-key-file
  topology-manager-policy topology-manager-policy-options topology-manager-scope v version vmodule volume-plugin-dir
  volume-stats-agg-period`);
