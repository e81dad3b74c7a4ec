/** The Roles of a system namespace and who has them; lines as in cluster-roles. */
interface NamespaceRole {
  readonly namespace: string;
  readonly name: string;
  readonly rules: string;
  readonly binding: string;
  readonly subjects: readonly string[];
}

/** Roles in kube-system and kube-public (kubernetes pkg bootstrappolicy, 1.35). */
export const namespaceRoles: readonly NamespaceRole[] = [
  {
    namespace: "kube-system",
    name: "extension-apiserver-authentication-reader",
    rules: "read core configmaps extension-apiserver-authentication",
    binding: "system::extension-apiserver-authentication-reader",
    subjects: ["User system:kube-controller-manager", "User system:kube-scheduler"],
  },
  {
    namespace: "kube-system",
    name: "system::leader-locking-kube-controller-manager",
    rules: `watch core configmaps
      get,update core configmaps kube-controller-manager`,
    binding: "system::leader-locking-kube-controller-manager",
    subjects: ["User system:kube-controller-manager", "ServiceAccount kube-controller-manager"],
  },
  {
    namespace: "kube-system",
    name: "system::leader-locking-kube-scheduler",
    rules: `watch core configmaps
      get,update core configmaps kube-scheduler`,
    binding: "system::leader-locking-kube-scheduler",
    subjects: ["User system:kube-scheduler", "ServiceAccount kube-scheduler"],
  },
  {
    namespace: "kube-system",
    name: "system:controller:bootstrap-signer",
    rules: "read core secrets",
    binding: "system:controller:bootstrap-signer",
    subjects: ["ServiceAccount bootstrap-signer"],
  },
  {
    namespace: "kube-system",
    name: "system:controller:cloud-provider",
    rules: "create,get,list,watch core configmaps",
    binding: "system:controller:cloud-provider",
    subjects: ["ServiceAccount cloud-provider"],
  },
  {
    namespace: "kube-system",
    name: "system:controller:token-cleaner",
    rules: `delete,get,list,watch core secrets
      record`,
    binding: "system:controller:token-cleaner",
    subjects: ["ServiceAccount token-cleaner"],
  },
  {
    namespace: "kube-public",
    name: "system:controller:bootstrap-signer",
    rules: `read core configmaps
      update core configmaps cluster-info
      record`,
    binding: "system:controller:bootstrap-signer",
    subjects: ["ServiceAccount bootstrap-signer"],
  },
];
