/** The accounts of Calico's parts, and what they may do. */
export const calicoAccess = `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: calico-kube-controllers
  namespace: kube-system
  labels:
    k8s-app: calico-kube-controllers
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      k8s-app: calico-kube-controllers
---
${["calico-kube-controllers", "calico-node", "calico-cni-plugin"]
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
  name: calico-kube-controllers
rules:
- apiGroups: [""]
  resources: [nodes, pods, namespaces]
  verbs: [get, list, watch]
- apiGroups: [crd.projectcalico.org]
  resources: [blockaffinities, ipamblocks]
  verbs: [get, list, create, update, delete, watch]
- apiGroups: [crd.projectcalico.org]
  resources: [ippools]
  verbs: [list, watch]
- apiGroups: [crd.projectcalico.org]
  resources: [clusterinformations]
  verbs: [get, list, create, update, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: calico-node
rules:
- apiGroups: [""]
  resources: [serviceaccounts/token]
  resourceNames: [calico-cni-plugin]
  verbs: [create]
- apiGroups: [""]
  resources: [pods, nodes, namespaces]
  verbs: [get]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [watch, list]
- apiGroups: [""]
  resources: [endpoints, services]
  verbs: [watch, list, get]
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get]
- apiGroups: [""]
  resources: [nodes/status]
  verbs: [patch, update]
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [watch, list]
- apiGroups: [""]
  resources: [pods, namespaces, serviceaccounts]
  verbs: [list, watch]
- apiGroups: [""]
  resources: [pods/status]
  verbs: [patch]
- apiGroups: [crd.projectcalico.org]
  resources: [felixconfigurations, ippools, ipamblocks, clusterinformations, blockaffinities]
  verbs: [get, list, watch]
- apiGroups: [crd.projectcalico.org]
  resources: [ippools, felixconfigurations, clusterinformations]
  verbs: [create, update]
- apiGroups: [""]
  resources: [nodes]
  verbs: [get, list, watch]
- apiGroups: [crd.projectcalico.org]
  resources: [blockaffinities, ipamblocks]
  verbs: [get, list, create, update, delete]
- apiGroups: [apps]
  resources: [daemonsets]
  verbs: [get]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: calico-cni-plugin
rules:
- apiGroups: [""]
  resources: [pods, nodes, namespaces]
  verbs: [get]
- apiGroups: [""]
  resources: [pods/status]
  verbs: [patch]
- apiGroups: [crd.projectcalico.org]
  resources: [blockaffinities, ipamblocks, clusterinformations, ippools]
  verbs: [get, list, create, update, delete]
---
${["calico-kube-controllers", "calico-node", "calico-cni-plugin"]
  .map(
    (name) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: ${name}
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
