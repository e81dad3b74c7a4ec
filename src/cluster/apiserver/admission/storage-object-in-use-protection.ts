import type { AdmissionPlugin } from "../define.ts";

const finalizers: Readonly<Record<string, string>> = {
  persistentvolumes: "kubernetes.io/pv-protection",
  persistentvolumeclaims: "kubernetes.io/pvc-protection",
};

/** Volumes and claims in use are not to vanish (kubernetes plugin/pkg/admission/storage/storageobjectinuseprotection, 1.35). */
export const storageObjectInUseProtection: AdmissionPlugin = {
  name: "StorageObjectInUseProtection",
  only: ["persistentvolumes", "persistentvolumeclaims"],
  mutate({ operation, kind, object, subresource }) {
    const finalizer = finalizers[kind.plural];
    if (operation !== "CREATE" || kind.group !== "" || !finalizer || subresource || !object) return;
    const { metadata } = object;
    if (!metadata.finalizers?.includes(finalizer)) metadata.finalizers = [...(metadata.finalizers ?? []), finalizer];
  },
};
