const accounts = ["cilium", "cilium-operator"];

/** The accounts of Cilium's agent and operator, and what they may do. */
export const ciliumAccess = `${accounts
  .map(
    (name) => `apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
  namespace: kube-system
---
`,
  )
  .join("")}apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: cilium
  labels:
    app.kubernetes.io/part-of: cilium
rules:
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [get, list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [namespaces, services, pods, endpoints, nodes]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [nodes/status]
  verbs: [patch]
- apiGroups: [""]
  resources: [nodes]
  verbs: [patch]
- apiGroups: [apiextensions.k8s.io]
  resources: [customresourcedefinitions]
  verbs: [list, watch, get]
- apiGroups: [cilium.io]
  resources: [ciliumnodes, ciliumendpoints]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [cilium.io]
  resources: [ciliumnodes/status, ciliumendpoints/status]
  verbs: [update, patch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: cilium-operator
  labels:
    app.kubernetes.io/part-of: cilium
rules:
- apiGroups: [""]
  resources: [pods, nodes, services, endpoints, namespaces]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [configmaps]
  resourceNames: [cilium-config]
  verbs: [patch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [get, list, watch]
- apiGroups: [cilium.io]
  resources: [ciliumnodes, ciliumendpoints]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [cilium.io]
  resources: [ciliumnodes/status]
  verbs: [update]
- apiGroups: [apiextensions.k8s.io]
  resources: [customresourcedefinitions]
  verbs: [create, get, list, watch]
- apiGroups: [apiextensions.k8s.io]
  resources: [customresourcedefinitions]
  verbs: [update]
  resourceNames: [ciliumendpoints.cilium.io, ciliumnodes.cilium.io]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [create, get, update]
---
${accounts
  .map(
    (name) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: ${name}
  labels:
    app.kubernetes.io/part-of: cilium
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: ${name}
subjects:
- kind: ServiceAccount
  name: ${name}
  namespace: kube-system
`,
  )
  .join("---\n")}`;
