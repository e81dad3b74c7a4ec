const sidecars: readonly (readonly [name: string, image: string, args: readonly string[]])[] = [
  ["csi-attacher", "csi-attacher:v4.9.0", ["--v=5", "--csi-address=/csi/csi.sock"]],
  [
    "csi-provisioner",
    "csi-provisioner:v5.3.0",
    ["-v=5", "--csi-address=/csi/csi.sock", "--feature-gates=Topology=true"],
  ],
  ["csi-resizer", "csi-resizer:v1.14.0", ["-v=5", "-csi-address=/csi/csi.sock"]],
  ["csi-snapshotter", "csi-snapshotter:v8.3.0", ["-v=5", "--csi-address=/csi/csi.sock"]],
];

const roles: readonly (readonly [name: string, rules: string])[] = [
  [
    "external-attacher-runner",
    `- {apiGroups: [""], resources: [persistentvolumes], verbs: [get, list, watch, patch, update]}
- {apiGroups: [storage.k8s.io], resources: [csinodes], verbs: [get, list, watch]}
- {apiGroups: [storage.k8s.io], resources: [volumeattachments], verbs: [get, list, watch, patch, update]}
- {apiGroups: [storage.k8s.io], resources: [volumeattachments/status], verbs: [patch, update]}`,
  ],
  [
    "external-provisioner-runner",
    `- {apiGroups: [""], resources: [persistentvolumes], verbs: [get, list, watch, create, patch, update, delete]}
- {apiGroups: [""], resources: [persistentvolumeclaims], verbs: [get, list, watch, update]}
- {apiGroups: [storage.k8s.io], resources: [storageclasses], verbs: [get, list, watch]}
- {apiGroups: [""], resources: [events], verbs: [list, watch, create, update, patch]}
- {apiGroups: [snapshot.storage.k8s.io], resources: [volumesnapshots, volumesnapshotcontents], verbs: [get, list, watch]}
- {apiGroups: [storage.k8s.io], resources: [csinodes], verbs: [get, list, watch]}
- {apiGroups: [""], resources: [nodes], verbs: [get, list, watch]}
- {apiGroups: [storage.k8s.io], resources: [volumeattachments], verbs: [get, list, watch]}`,
  ],
  [
    "external-resizer-runner",
    `- {apiGroups: [""], resources: [persistentvolumes], verbs: [get, list, watch, patch, update]}
- {apiGroups: [""], resources: [persistentvolumeclaims, pods], verbs: [get, list, watch]}
- {apiGroups: [""], resources: [persistentvolumeclaims/status], verbs: [patch, update]}
- {apiGroups: [storage.k8s.io], resources: [storageclasses, volumeattributesclasses], verbs: [get, list, watch]}
- {apiGroups: [""], resources: [events], verbs: [list, watch, create, update, patch]}`,
  ],
  [
    "external-snapshotter-runner",
    `- {apiGroups: [""], resources: [events], verbs: [list, watch, create, update, patch]}
- {apiGroups: [snapshot.storage.k8s.io], resources: [volumesnapshotclasses], verbs: [get, list, watch]}
- {apiGroups: [snapshot.storage.k8s.io], resources: [volumesnapshotcontents], verbs: [get, list, watch, update, patch]}
- {apiGroups: [snapshot.storage.k8s.io], resources: [volumesnapshotcontents/status], verbs: [update, patch]}`,
  ],
];

function roleText([name, rules]: (typeof roles)[number]): string {
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: ${name}
rules:
${rules}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: csi-hostpathplugin-${name.replace("external-", "").replace("-runner", "")}-cluster-role
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: ${name}
subjects:
- kind: ServiceAccount
  name: csi-hostpathplugin-sa
  namespace: kube-system
---
`;
}

function sidecarText([name, image, args]: (typeof sidecars)[number]): string {
  return `      - name: ${name}
        image: registry.k8s.io/sig-storage/${image}
        args: ${JSON.stringify(args)}
        securityContext: {privileged: true}
        volumeMounts:
        - {mountPath: /csi, name: socket-dir}
`;
}

const labels = `app.kubernetes.io/instance: hostpath.csi.k8s.io
        app.kubernetes.io/name: csi-hostpathplugin`;

/** The CSI driver for folders of one node, as its own manifests install it (csi-driver-host-path 1.17, deploy/kubernetes-1.30), into kube-system. */
export const csiHostpath = `apiVersion: storage.k8s.io/v1
kind: CSIDriver
metadata:
  name: hostpath.csi.k8s.io
  labels:
    app.kubernetes.io/instance: hostpath.csi.k8s.io
    app.kubernetes.io/part-of: csi-driver-host-path
    app.kubernetes.io/name: hostpath.csi.k8s.io
    app.kubernetes.io/component: csi-driver
spec:
  volumeLifecycleModes: [Persistent, Ephemeral]
  podInfoOnMount: true
  fsGroupPolicy: File
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: csi-hostpathplugin-sa
  namespace: kube-system
---
${roles.map(roleText).join("")}apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: csi-hostpathplugin
  namespace: kube-system
  labels:
    app.kubernetes.io/instance: hostpath.csi.k8s.io
    app.kubernetes.io/part-of: csi-driver-host-path
    app.kubernetes.io/name: csi-hostpathplugin
    app.kubernetes.io/component: plugin
spec:
  serviceName: csi-hostpathplugin
  replicas: 1
  selector:
    matchLabels:
        ${labels}
  template:
    metadata:
      labels:
        ${labels}
    spec:
      serviceAccountName: csi-hostpathplugin-sa
      containers:
      - name: hostpath
        image: registry.k8s.io/sig-storage/hostpathplugin:v1.17.0
        args: ["--drivername=hostpath.csi.k8s.io", "--v=5", "--endpoint=$(CSI_ENDPOINT)", "--nodeid=$(KUBE_NODE_NAME)"]
        env:
        - {name: CSI_ENDPOINT, value: "unix:///csi/csi.sock"}
        - name: KUBE_NODE_NAME
          valueFrom:
            fieldRef: {fieldPath: spec.nodeName}
        securityContext: {privileged: true}
        ports:
        - {containerPort: 9898, name: healthz, protocol: TCP}
        livenessProbe:
          failureThreshold: 5
          httpGet: {path: /healthz, port: healthz}
          initialDelaySeconds: 10
          timeoutSeconds: 3
          periodSeconds: 2
        volumeMounts:
        - {mountPath: /csi, name: socket-dir}
        - {mountPath: /csi-data-dir, name: csi-data-dir}
      - name: node-driver-registrar
        image: registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.14.0
        args: ["--v=5", "--csi-address=/csi/csi.sock", "--kubelet-registration-path=/var/lib/kubelet/plugins/csi-hostpath/csi.sock"]
        securityContext: {privileged: true}
        volumeMounts:
        - {mountPath: /csi, name: socket-dir}
        - {mountPath: /registration, name: registration-dir}
      - name: liveness-probe
        image: registry.k8s.io/sig-storage/livenessprobe:v2.16.0
        args: ["--csi-address=/csi/csi.sock", "--health-port=9898"]
        volumeMounts:
        - {mountPath: /csi, name: socket-dir}
${sidecars.map(sidecarText).join("")}      volumes:
      - name: socket-dir
        hostPath: {path: /var/lib/kubelet/plugins/csi-hostpath, type: DirectoryOrCreate}
      - name: registration-dir
        hostPath: {path: /var/lib/kubelet/plugins_registry, type: Directory}
      - name: csi-data-dir
        hostPath: {path: /var/lib/csi-hostpath-data, type: DirectoryOrCreate}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: csi-hostpath-sc
provisioner: hostpath.csi.k8s.io
reclaimPolicy: Delete
volumeBindingMode: Immediate
allowVolumeExpansion: true
`;

/** The class that takes snapshots with the driver: made once its kind is served. */
export const csiHostpathSnapshotClass = `apiVersion: snapshot.storage.k8s.io/v1
kind: VolumeSnapshotClass
metadata:
  name: csi-hostpath-snapclass
  annotations:
    snapshot.storage.kubernetes.io/is-default-class: "true"
driver: hostpath.csi.k8s.io
deletionPolicy: Delete
`;
