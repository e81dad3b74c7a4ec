/** Annotations of claims and volumes by which binding is carried out (component-helpers/storage/volume, 1.35). */
export const BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
export const BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
export const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
export const SELECTED_NODE = "volume.kubernetes.io/selected-node";
export const PROVISIONER = "volume.kubernetes.io/storage-provisioner";
export const BETA_PROVISIONER = "volume.beta.kubernetes.io/storage-provisioner";
/** The provisioner of classes whose volumes an administrator makes. */
export const NO_PROVISIONER = "kubernetes.io/no-provisioner";
/** The finalizer that keeps a volume until its external provisioner has deleted what is behind it (GA in 1.33). */
export const PROVISIONER_FINALIZER = "external-provisioner.volume.kubernetes.io/finalizer";
/** The API resources of storage, as clients name them. */
export const CLASSES = "storageclasses.storage.k8s.io";
export const ATTACHMENTS = "volumeattachments.storage.k8s.io";
export const CSI_DRIVERS = "csidrivers.storage.k8s.io";
export const CSI_NODES = "csinodes.storage.k8s.io";
