import type { Release } from "../../release.ts";

/** Cilium's configuration, its agent on every node, and its operator. */
export function ciliumWorkloads(release: Release, podCIDR: string): string {
  const image = `quay.io/cilium/cilium:${release.cilium}`;
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: cilium-config
  namespace: kube-system
data:
  cluster-id: "0"
  cluster-name: default
  cluster-pool-ipv4-cidr: ${podCIDR}
  cluster-pool-ipv4-mask-size: "24"
  cni-exclusive: "true"
  cni-log-file: /var/run/cilium/cilium-cni.log
  debug: "false"
  enable-ipv4: "true"
  enable-ipv4-masquerade: "true"
  enable-ipv6: "false"
  enable-policy: default
  identity-allocation-mode: crd
  ipam: cluster-pool
  kube-proxy-replacement: "false"
  operator-api-serve-addr: 127.0.0.1:9234
  routing-mode: tunnel
  tunnel-protocol: vxlan
  write-cni-conf-when-ready: /host/etc/cni/net.d/05-cilium.conflist
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: cilium
  namespace: kube-system
  labels:
    k8s-app: cilium
    app.kubernetes.io/part-of: cilium
    app.kubernetes.io/name: cilium-agent
spec:
  selector:
    matchLabels:
      k8s-app: cilium
  updateStrategy:
    rollingUpdate:
      maxUnavailable: 2
    type: RollingUpdate
  template:
    metadata:
      annotations:
        kubectl.kubernetes.io/default-container: cilium-agent
      labels:
        k8s-app: cilium
        app.kubernetes.io/name: cilium-agent
        app.kubernetes.io/part-of: cilium
    spec:
      containers:
      - name: cilium-agent
        image: ${image}
        imagePullPolicy: IfNotPresent
        command: [cilium-agent]
        args: [--config-dir=/tmp/cilium/config-map]
        startupProbe:
          httpGet: {host: 127.0.0.1, path: /healthz, port: 9879, scheme: HTTP, httpHeaders: [{name: brief, value: "true"}]}
          failureThreshold: 300
          periodSeconds: 2
          successThreshold: 1
          initialDelaySeconds: 5
        livenessProbe:
          httpGet: {host: 127.0.0.1, path: /healthz, port: 9879, scheme: HTTP, httpHeaders: [{name: brief, value: "true"}]}
          periodSeconds: 30
          successThreshold: 1
          failureThreshold: 10
          timeoutSeconds: 5
        readinessProbe:
          httpGet: {host: 127.0.0.1, path: /healthz, port: 9879, scheme: HTTP, httpHeaders: [{name: brief, value: "true"}]}
          periodSeconds: 30
          successThreshold: 1
          failureThreshold: 3
          timeoutSeconds: 5
        env:
        - name: K8S_NODE_NAME
          valueFrom: {fieldRef: {apiVersion: v1, fieldPath: spec.nodeName}}
        - name: CILIUM_K8S_NAMESPACE
          valueFrom: {fieldRef: {apiVersion: v1, fieldPath: metadata.namespace}}
        - name: CILIUM_CLUSTERMESH_CONFIG
          value: /var/lib/cilium/clustermesh/
        securityContext:
          capabilities:
            add: [CHOWN, KILL, NET_ADMIN, NET_RAW, IPC_LOCK, SYS_MODULE, SYS_ADMIN, SYS_RESOURCE, DAC_OVERRIDE, FOWNER, SETGID, SETUID]
            drop: [ALL]
        terminationMessagePolicy: FallbackToLogsOnError
        volumeMounts:
        - {name: cilium-run, mountPath: /var/run/cilium}
        - {name: etc-cni-netd, mountPath: /host/etc/cni/net.d}
        - {name: lib-modules, mountPath: /lib/modules, readOnly: true}
        - {name: xtables-lock, mountPath: /run/xtables.lock}
        - {name: tmp, mountPath: /tmp}
        - {name: cilium-config-path, mountPath: /tmp/cilium/config-map, readOnly: true}
      initContainers:
      - name: config
        image: ${image}
        imagePullPolicy: IfNotPresent
        command: [cilium-dbg, build-config]
        env:
        - name: K8S_NODE_NAME
          valueFrom: {fieldRef: {apiVersion: v1, fieldPath: spec.nodeName}}
        volumeMounts:
        - {name: tmp, mountPath: /tmp}
        - {name: cilium-config-path, mountPath: /etc/cilium-config, readOnly: true}
        terminationMessagePolicy: FallbackToLogsOnError
      - name: mount-cgroup
        image: ${image}
        imagePullPolicy: IfNotPresent
        command: [cilium-mount, /run/cilium/cgroupv2]
        terminationMessagePolicy: FallbackToLogsOnError
      - name: apply-sysctl-overwrites
        image: ${image}
        imagePullPolicy: IfNotPresent
        command: [cilium-sysctlfix]
        terminationMessagePolicy: FallbackToLogsOnError
      - name: mount-bpf-fs
        image: ${image}
        imagePullPolicy: IfNotPresent
        command: [cilium-mount, /sys/fs/bpf]
        terminationMessagePolicy: FallbackToLogsOnError
      - name: clean-cilium-state
        image: ${image}
        imagePullPolicy: IfNotPresent
        command: [/init-container.sh]
        volumeMounts:
        - {name: cilium-run, mountPath: /var/run/cilium}
        terminationMessagePolicy: FallbackToLogsOnError
      - name: install-cni-binaries
        image: ${image}
        imagePullPolicy: IfNotPresent
        command: [/install-plugin.sh]
        volumeMounts:
        - {name: cni-path, mountPath: /host/opt/cni/bin}
        resources:
          requests: {cpu: 100m, memory: 10Mi}
        terminationMessagePolicy: FallbackToLogsOnError
      restartPolicy: Always
      priorityClassName: system-node-critical
      serviceAccountName: cilium
      automountServiceAccountToken: true
      terminationGracePeriodSeconds: 1
      hostNetwork: true
      nodeSelector:
        kubernetes.io/os: linux
      tolerations:
      - operator: Exists
      volumes:
      - name: tmp
        emptyDir: {}
      - name: cilium-run
        hostPath: {path: /var/run/cilium, type: DirectoryOrCreate}
      - name: cni-path
        hostPath: {path: /opt/cni/bin, type: DirectoryOrCreate}
      - name: etc-cni-netd
        hostPath: {path: /etc/cni/net.d, type: DirectoryOrCreate}
      - name: lib-modules
        hostPath: {path: /lib/modules}
      - name: xtables-lock
        hostPath: {path: /run/xtables.lock, type: FileOrCreate}
      - name: cilium-config-path
        configMap: {name: cilium-config}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cilium-operator
  namespace: kube-system
  labels:
    io.cilium/app: operator
    name: cilium-operator
    app.kubernetes.io/part-of: cilium
    app.kubernetes.io/name: cilium-operator
spec:
  replicas: 1
  selector:
    matchLabels:
      io.cilium/app: operator
      name: cilium-operator
  strategy:
    rollingUpdate:
      maxSurge: 25%
      maxUnavailable: 100%
    type: RollingUpdate
  template:
    metadata:
      labels:
        io.cilium/app: operator
        name: cilium-operator
        app.kubernetes.io/part-of: cilium
        app.kubernetes.io/name: cilium-operator
    spec:
      containers:
      - name: cilium-operator
        image: quay.io/cilium/operator-generic:${release.cilium}
        imagePullPolicy: IfNotPresent
        command: [cilium-operator-generic]
        args: [--config-dir=/tmp/cilium/config-map, --debug=$(CILIUM_DEBUG)]
        env:
        - name: K8S_NODE_NAME
          valueFrom: {fieldRef: {apiVersion: v1, fieldPath: spec.nodeName}}
        - name: CILIUM_K8S_NAMESPACE
          valueFrom: {fieldRef: {apiVersion: v1, fieldPath: metadata.namespace}}
        - name: CILIUM_DEBUG
          valueFrom: {configMapKeyRef: {key: debug, name: cilium-config, optional: true}}
        livenessProbe:
          httpGet: {host: 127.0.0.1, path: /healthz, port: 9234, scheme: HTTP}
          initialDelaySeconds: 60
          periodSeconds: 10
          timeoutSeconds: 3
        readinessProbe:
          httpGet: {host: 127.0.0.1, path: /healthz, port: 9234, scheme: HTTP}
          initialDelaySeconds: 0
          periodSeconds: 5
          timeoutSeconds: 3
          failureThreshold: 5
        volumeMounts:
        - {name: cilium-config-path, mountPath: /tmp/cilium/config-map, readOnly: true}
        terminationMessagePolicy: FallbackToLogsOnError
      hostNetwork: true
      restartPolicy: Always
      priorityClassName: system-cluster-critical
      serviceAccountName: cilium-operator
      automountServiceAccountToken: true
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - labelSelector:
              matchLabels:
                io.cilium/app: operator
            topologyKey: kubernetes.io/hostname
      nodeSelector:
        kubernetes.io/os: linux
      tolerations:
      - operator: Exists
      volumes:
      - name: cilium-config-path
        configMap: {name: cilium-config}
`;
}
