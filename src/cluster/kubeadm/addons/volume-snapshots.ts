/** The CRDs of snapshots and the snapshot controller, as external-snapshotter installs them (8.3, client/config/crd and deploy). */
export const volumeSnapshots = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: volumesnapshotclasses.snapshot.storage.k8s.io
  annotations:
    api-approved.kubernetes.io: https://github.com/kubernetes-csi/external-snapshotter/pull/814
spec:
  group: snapshot.storage.k8s.io
  names:
    kind: VolumeSnapshotClass
    listKind: VolumeSnapshotClassList
    plural: volumesnapshotclasses
    shortNames: [vsclass, vsclasses]
    singular: volumesnapshotclass
  scope: Cluster
  versions:
  - name: v1
    served: true
    storage: true
    additionalPrinterColumns:
    - {jsonPath: .driver, name: Driver, type: string}
    - {jsonPath: .deletionPolicy, name: DeletionPolicy, type: string, description: Whether a snapshot goes with its VolumeSnapshot.}
    - {jsonPath: .metadata.creationTimestamp, name: Age, type: date}
    schema:
      openAPIV3Schema:
        description: A way of taking snapshots.
        type: object
        required: [deletionPolicy, driver]
        properties:
          apiVersion: {type: string}
          kind: {type: string}
          metadata: {type: object}
          deletionPolicy: {type: string, enum: [Delete, Retain], description: Whether a snapshot goes with its VolumeSnapshot.}
          driver: {type: string, description: The driver that takes the snapshots.}
          parameters: {type: object, additionalProperties: {type: string}, description: What the driver is told.}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: volumesnapshotcontents.snapshot.storage.k8s.io
  annotations:
    api-approved.kubernetes.io: https://github.com/kubernetes-csi/external-snapshotter/pull/955
spec:
  group: snapshot.storage.k8s.io
  names:
    kind: VolumeSnapshotContent
    listKind: VolumeSnapshotContentList
    plural: volumesnapshotcontents
    shortNames: [vsc, vscs]
    singular: volumesnapshotcontent
  scope: Cluster
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    additionalPrinterColumns:
    - {jsonPath: .status.readyToUse, name: ReadyToUse, type: boolean}
    - {jsonPath: .status.restoreSize, name: RestoreSize, type: integer}
    - {jsonPath: .spec.deletionPolicy, name: DeletionPolicy, type: string}
    - {jsonPath: .spec.driver, name: Driver, type: string}
    - {jsonPath: .spec.volumeSnapshotClassName, name: VolumeSnapshotClass, type: string}
    - {jsonPath: .spec.volumeSnapshotRef.name, name: VolumeSnapshot, type: string}
    - {jsonPath: .spec.volumeSnapshotRef.namespace, name: VolumeSnapshotNamespace, type: string}
    - {jsonPath: .metadata.creationTimestamp, name: Age, type: date}
    schema:
      openAPIV3Schema:
        description: A snapshot as it lies with its driver.
        type: object
        required: [spec]
        properties:
          apiVersion: {type: string}
          kind: {type: string}
          metadata: {type: object}
          spec:
            type: object
            required: [deletionPolicy, driver, source, volumeSnapshotRef]
            properties:
              deletionPolicy: {type: string, enum: [Delete, Retain]}
              driver: {type: string}
              source:
                type: object
                properties:
                  snapshotHandle:
                    type: string
                    x-kubernetes-validations:
                    - {rule: self == oldSelf, message: snapshotHandle is immutable}
                  volumeHandle:
                    type: string
                    x-kubernetes-validations:
                    - {rule: self == oldSelf, message: volumeHandle is immutable}
                x-kubernetes-validations:
                - {rule: "!has(oldSelf.volumeHandle) || has(self.volumeHandle)", message: volumeHandle is required once set}
                - {rule: "!has(oldSelf.snapshotHandle) || has(self.snapshotHandle)", message: snapshotHandle is required once set}
                - {rule: "(has(self.volumeHandle) && !has(self.snapshotHandle)) || (!has(self.volumeHandle) && has(self.snapshotHandle))", message: exactly one of volumeHandle and snapshotHandle must be set}
              sourceVolumeMode:
                type: string
                x-kubernetes-validations:
                - {rule: self == oldSelf, message: sourceVolumeMode is immutable}
              volumeSnapshotClassName: {type: string}
              volumeSnapshotRef:
                type: object
                x-kubernetes-map-type: atomic
                properties:
                  apiVersion: {type: string}
                  fieldPath: {type: string}
                  kind: {type: string}
                  name: {type: string}
                  namespace: {type: string}
                  resourceVersion: {type: string}
                  uid: {type: string}
                x-kubernetes-validations:
                - {rule: has(self.name) && has(self.__namespace__), message: both spec.volumeSnapshotRef.name and spec.volumeSnapshotRef.namespace must be set}
            x-kubernetes-validations:
            - {rule: "!has(oldSelf.sourceVolumeMode) || has(self.sourceVolumeMode)", message: sourceVolumeMode is required once set}
          status:
            type: object
            properties:
              creationTime: {type: integer, format: int64}
              error:
                type: object
                properties:
                  message: {type: string}
                  time: {type: string, format: date-time}
              readyToUse: {type: boolean}
              restoreSize: {type: integer, format: int64, minimum: 0}
              snapshotHandle: {type: string}
              volumeGroupSnapshotHandle: {type: string}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: volumesnapshots.snapshot.storage.k8s.io
  annotations:
    api-approved.kubernetes.io: https://github.com/kubernetes-csi/external-snapshotter/pull/814
spec:
  group: snapshot.storage.k8s.io
  names:
    kind: VolumeSnapshot
    listKind: VolumeSnapshotList
    plural: volumesnapshots
    shortNames: [vs]
    singular: volumesnapshot
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    additionalPrinterColumns:
    - {jsonPath: .status.readyToUse, name: ReadyToUse, type: boolean}
    - {jsonPath: .spec.source.persistentVolumeClaimName, name: SourcePVC, type: string}
    - {jsonPath: .spec.source.volumeSnapshotContentName, name: SourceSnapshotContent, type: string}
    - {jsonPath: .status.restoreSize, name: RestoreSize, type: string}
    - {jsonPath: .spec.volumeSnapshotClassName, name: SnapshotClass, type: string}
    - {jsonPath: .status.boundVolumeSnapshotContentName, name: SnapshotContent, type: string}
    - {jsonPath: .status.creationTime, name: CreationTime, type: date}
    - {jsonPath: .metadata.creationTimestamp, name: Age, type: date}
    schema:
      openAPIV3Schema:
        description: The wish for a snapshot of a claim's volume, and what came of it.
        type: object
        required: [spec]
        properties:
          apiVersion: {type: string}
          kind: {type: string}
          metadata: {type: object}
          spec:
            type: object
            required: [source]
            properties:
              source:
                type: object
                properties:
                  persistentVolumeClaimName:
                    type: string
                    description: The claim in the same namespace whose volume is meant.
                    x-kubernetes-validations:
                    - {rule: self == oldSelf, message: persistentVolumeClaimName is immutable}
                  volumeSnapshotContentName:
                    type: string
                    description: A snapshot that exists already.
                    x-kubernetes-validations:
                    - {rule: self == oldSelf, message: volumeSnapshotContentName is immutable}
                x-kubernetes-validations:
                - {rule: "!has(oldSelf.persistentVolumeClaimName) || has(self.persistentVolumeClaimName)", message: persistentVolumeClaimName is required once set}
                - {rule: "!has(oldSelf.volumeSnapshotContentName) || has(self.volumeSnapshotContentName)", message: volumeSnapshotContentName is required once set}
                - {rule: "(has(self.volumeSnapshotContentName) && !has(self.persistentVolumeClaimName)) || (!has(self.volumeSnapshotContentName) && has(self.persistentVolumeClaimName))", message: exactly one of volumeSnapshotContentName and persistentVolumeClaimName must be set}
              volumeSnapshotClassName:
                type: string
                description: The class; the default one of the volume's driver where left out.
                x-kubernetes-validations:
                - {rule: size(self) > 0, message: volumeSnapshotClassName must not be the empty string when set}
          status:
            type: object
            properties:
              boundVolumeSnapshotContentName: {type: string}
              creationTime: {type: string, format: date-time}
              error:
                type: object
                properties:
                  message: {type: string}
                  time: {type: string, format: date-time}
              readyToUse: {type: boolean}
              restoreSize: {type: string}
              volumeGroupSnapshotName: {type: string}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: snapshot-controller
  namespace: kube-system
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: snapshot-controller-runner
rules:
- apiGroups: [""]
  resources: [persistentvolumes]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [persistentvolumeclaims]
  verbs: [get, list, watch, update]
- apiGroups: [""]
  resources: [events]
  verbs: [list, watch, create, update, patch]
- apiGroups: [snapshot.storage.k8s.io]
  resources: [volumesnapshotclasses]
  verbs: [get, list, watch]
- apiGroups: [snapshot.storage.k8s.io]
  resources: [volumesnapshotcontents]
  verbs: [create, get, list, watch, update, delete, patch]
- apiGroups: [snapshot.storage.k8s.io]
  resources: [volumesnapshotcontents/status]
  verbs: [patch]
- apiGroups: [snapshot.storage.k8s.io]
  resources: [volumesnapshots]
  verbs: [create, get, list, watch, update, patch, delete]
- apiGroups: [snapshot.storage.k8s.io]
  resources: [volumesnapshots/status]
  verbs: [update, patch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: snapshot-controller-role
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: snapshot-controller-runner
subjects:
- kind: ServiceAccount
  name: snapshot-controller
  namespace: kube-system
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: snapshot-controller
  namespace: kube-system
spec:
  replicas: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: snapshot-controller
  template:
    metadata:
      labels:
        app.kubernetes.io/name: snapshot-controller
    spec:
      serviceAccountName: snapshot-controller
      containers:
      - name: snapshot-controller
        image: registry.k8s.io/sig-storage/snapshot-controller:v8.3.0
        args: ["--v=5", "--leader-election=false"]
        imagePullPolicy: IfNotPresent
`;
