/** Annotations of claims and volumes by which binding is carried out (component-helpers/storage/volume, 1.35). */
export const BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
export const BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
export const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
export const SELECTED_NODE = "volume.kubernetes.io/selected-node";
export const PROVISIONER = "volume.kubernetes.io/storage-provisioner";
export const BETA_PROVISIONER = "volume.beta.kubernetes.io/storage-provisioner";
/** The provisioner of classes whose volumes an administrator makes. */
export const NO_PROVISIONER = "kubernetes.io/no-provisioner";
