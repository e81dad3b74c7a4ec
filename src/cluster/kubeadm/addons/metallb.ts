import { metallbKinds } from "./metallb-kinds.ts";

/** MetalLB as its own manifest installs it (config/manifests/metallb-native.yaml of 0.15.2), for layer 2: without BGP's kinds and without webhooks. */
export const metallb = `apiVersion: v1
kind: Namespace
metadata:
  name: metallb-system
  labels:
    pod-security.kubernetes.io/audit: privileged
    pod-security.kubernetes.io/enforce: privileged
    pod-security.kubernetes.io/warn: privileged
---
${metallbKinds}---
apiVersion: v1
kind: ServiceAccount
metadata:
  labels: {app: metallb}
  name: controller
  namespace: metallb-system
---
apiVersion: v1
kind: ServiceAccount
metadata:
  labels: {app: metallb}
  name: speaker
  namespace: metallb-system
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  labels: {app: metallb}
  name: controller
  namespace: metallb-system
rules:
- apiGroups: [""]
  resources: [secrets]
  verbs: [create, delete, get, list, patch, update, watch]
- apiGroups: [apps]
  resources: [deployments]
  resourceNames: [controller]
  verbs: [get]
- apiGroups: [metallb.io]
  resources: [ipaddresspools]
  verbs: [get, list, watch]
- apiGroups: [metallb.io]
  resources: [ipaddresspools/status]
  verbs: [update]
- apiGroups: [metallb.io]
  resources: [l2advertisements]
  verbs: [get, list, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  labels: {app: metallb}
  name: pod-lister
  namespace: metallb-system
rules:
- apiGroups: [""]
  resources: [pods]
  verbs: [list, get, watch]
- apiGroups: [""]
  resources: [secrets, configmaps]
  verbs: [get, list, watch]
- apiGroups: [metallb.io]
  resources: [ipaddresspools, l2advertisements]
  verbs: [get, list, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  labels: {app: metallb}
  name: metallb-system:controller
rules:
- apiGroups: [""]
  resources: [services, namespaces]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [nodes]
  verbs: [list]
- apiGroups: [""]
  resources: [services/status]
  verbs: [update, patch]
- apiGroups: [""]
  resources: [events]
  verbs: [create, patch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  labels: {app: metallb}
  name: metallb-system:speaker
rules:
- apiGroups: [""]
  resources: [services, endpoints, nodes, namespaces]
  verbs: [get, list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [events]
  verbs: [create, patch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  labels: {app: metallb}
  name: controller
  namespace: metallb-system
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: controller}
subjects:
- {kind: ServiceAccount, name: controller}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  labels: {app: metallb}
  name: pod-lister
  namespace: metallb-system
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: pod-lister}
subjects:
- {kind: ServiceAccount, name: speaker}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  labels: {app: metallb}
  name: metallb-system:controller
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: metallb-system:controller}
subjects:
- {kind: ServiceAccount, name: controller, namespace: metallb-system}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  labels: {app: metallb}
  name: metallb-system:speaker
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: metallb-system:speaker}
subjects:
- {kind: ServiceAccount, name: speaker, namespace: metallb-system}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  labels: {app: metallb, component: controller}
  name: controller
  namespace: metallb-system
spec:
  revisionHistoryLimit: 3
  selector:
    matchLabels: {app: metallb, component: controller}
  template:
    metadata:
      annotations:
        prometheus.io/port: "7472"
        prometheus.io/scrape: "true"
      labels: {app: metallb, component: controller}
    spec:
      containers:
      - name: controller
        image: quay.io/metallb/controller:v0.15.2
        args: ["--port=7472", "--log-level=info", "--tls-min-version=VersionTLS12"]
        env:
        - {name: METALLB_ML_SECRET_NAME, value: memberlist}
        - {name: METALLB_DEPLOYMENT, value: controller}
        ports:
        - {containerPort: 7472, name: monitoring}
        livenessProbe:
          failureThreshold: 3
          httpGet: {path: /metrics, port: monitoring}
          initialDelaySeconds: 10
          periodSeconds: 10
        readinessProbe:
          failureThreshold: 3
          httpGet: {path: /metrics, port: monitoring}
          initialDelaySeconds: 10
          periodSeconds: 10
        securityContext:
          allowPrivilegeEscalation: false
          capabilities: {drop: [all]}
          readOnlyRootFilesystem: true
      nodeSelector: {kubernetes.io/os: linux}
      securityContext: {fsGroup: 65534, runAsNonRoot: true, runAsUser: 65534}
      serviceAccountName: controller
      terminationGracePeriodSeconds: 0
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  labels: {app: metallb, component: speaker}
  name: speaker
  namespace: metallb-system
spec:
  selector:
    matchLabels: {app: metallb, component: speaker}
  template:
    metadata:
      annotations:
        prometheus.io/port: "7472"
        prometheus.io/scrape: "true"
      labels: {app: metallb, component: speaker}
    spec:
      containers:
      - name: speaker
        image: quay.io/metallb/speaker:v0.15.2
        args: ["--port=7472", "--log-level=info"]
        env:
        - name: METALLB_NODE_NAME
          valueFrom: {fieldRef: {fieldPath: spec.nodeName}}
        - name: METALLB_POD_NAME
          valueFrom: {fieldRef: {fieldPath: metadata.name}}
        - name: METALLB_HOST
          valueFrom: {fieldRef: {fieldPath: status.hostIP}}
        - name: METALLB_ML_BIND_ADDR
          valueFrom: {fieldRef: {fieldPath: status.podIP}}
        - {name: METALLB_ML_LABELS, value: "app=metallb,component=speaker"}
        - {name: METALLB_ML_SECRET_KEY_PATH, value: /etc/ml_secret_key}
        ports:
        - {containerPort: 7472, name: monitoring}
        - {containerPort: 7946, name: memberlist-tcp}
        - {containerPort: 7946, name: memberlist-udp, protocol: UDP}
        livenessProbe:
          failureThreshold: 3
          httpGet: {path: /metrics, port: monitoring}
          initialDelaySeconds: 10
          periodSeconds: 10
        readinessProbe:
          failureThreshold: 3
          httpGet: {path: /metrics, port: monitoring}
          initialDelaySeconds: 10
          periodSeconds: 10
        securityContext:
          allowPrivilegeEscalation: false
          capabilities: {add: [NET_RAW], drop: [ALL]}
          readOnlyRootFilesystem: true
        volumeMounts:
        - {mountPath: /etc/ml_secret_key, name: memberlist, readOnly: true}
      hostNetwork: true
      nodeSelector: {kubernetes.io/os: linux}
      serviceAccountName: speaker
      terminationGracePeriodSeconds: 2
      tolerations:
      - {effect: NoSchedule, key: node-role.kubernetes.io/master, operator: Exists}
      - {effect: NoSchedule, key: node-role.kubernetes.io/control-plane, operator: Exists}
      volumes:
      - name: memberlist
        secret: {defaultMode: 420, secretName: memberlist}
`;

/** Addresses of the nodes' own network for the Services of a world that has MetalLB from the beginning. */
export const metallbPool = `apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: {name: default, namespace: metallb-system}
spec:
  addresses: [192.168.56.240-192.168.56.250]
---
apiVersion: metallb.io/v1beta1
kind: L2Advertisement
metadata: {name: default, namespace: metallb-system}
spec:
  ipAddressPools: [default]
`;
