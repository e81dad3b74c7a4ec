/**
 * What each controller of the controller manager may do, as system:controller:NAME (bootstrappolicy/controller_policy.go,
 * 1.35); a line a rule as in cluster-roles.ts. "record" is the right to record events.
 */
export const controllerRoles: Readonly<Record<string, string>> = {
  "certificate-controller": `delete,get,list,watch certificates.k8s.io certificatesigningrequests
    update certificates.k8s.io certificatesigningrequests/approval,certificatesigningrequests/status
    approve certificates.k8s.io signers kubernetes.io/kube-apiserver-client-kubelet
    sign certificates.k8s.io signers kubernetes.io/kube-apiserver-client,kubernetes.io/kube-apiserver-client-kubelet,kubernetes.io/kubelet-serving,kubernetes.io/legacy-unknown
    create authorization.k8s.io subjectaccessreviews
    record`,
  "clusterrole-aggregation-controller": "escalate,get,list,patch,update,watch rbac.authorization.k8s.io clusterroles",
  "cronjob-controller": `get,list,update,watch batch cronjobs
    create,delete,get,list,patch,update,watch batch jobs
    update batch cronjobs/status
    update batch cronjobs/finalizers
    delete,list core pods
    record`,
  "daemon-set-controller": `get,list,watch apps daemonsets
    update apps daemonsets/status
    update apps daemonsets/finalizers
    list,watch core nodes
    create,delete,list,patch,watch core pods
    create core pods/binding
    create,delete,get,list,patch,update,watch apps controllerrevisions
    record`,
  "deployment-controller": `get,list,update,watch apps deployments
    update apps deployments/status
    update apps deployments/finalizers
    create,delete,get,list,patch,update,watch apps replicasets
    get,list,update,watch core pods
    record`,
  "disruption-controller": `get,list,watch apps deployments
    get,list,watch apps replicasets
    get,list,watch core replicationcontrollers
    get,list,watch policy poddisruptionbudgets
    get,list,watch apps statefulsets
    update policy poddisruptionbudgets/status
    patch,update core pods/status
    get * */scale
    record`,
  "endpoint-controller": `get,list,watch core pods,services
    create,delete,get,list,update core endpoints
    create core endpoints/restricted
    record`,
  "endpointslice-controller": `get,list,watch core nodes,pods,services
    update core services/finalizers
    create,delete,get,list,update discovery.k8s.io endpointslices
    create discovery.k8s.io endpointslices/restricted
    record`,
  "endpointslicemirroring-controller": `get,list,watch core endpoints,services
    update core services/finalizers
    update core endpoints/finalizers
    create,delete,get,list,update discovery.k8s.io endpointslices
    create discovery.k8s.io endpointslices/restricted
    record`,
  "generic-garbage-collector": `delete,get,list,patch,update,watch * *
    record`,
  "horizontal-pod-autoscaler": `get,list,watch autoscaling horizontalpodautoscalers
    update autoscaling horizontalpodautoscalers/status
    get,update * */scale
    list core pods
    list metrics.k8s.io pods
    get,list custom.metrics.k8s.io *
    get,list external.metrics.k8s.io *
    record`,
  "job-controller": `get,list,patch,update,watch batch jobs
    update batch jobs/status
    update batch jobs/finalizers
    create,delete,list,patch,watch core pods
    record`,
  "namespace-controller": `delete,get,list,watch core namespaces
    update core namespaces/finalize,namespaces/status
    delete,deletecollection,get,list * *
    record`,
  "node-controller": `delete,get,list,patch,update,watch core nodes
    patch,update core nodes/status
    patch,update core pods/status
    delete,get,list,watch core pods
    get,list,watch coordination.k8s.io leases
    get,list,watch apps daemonsets
    record`,
  "persistent-volume-binder": `create,delete,get,list,update,watch core persistentvolumes
    update core persistentvolumes/status
    get,list,update,watch core persistentvolumeclaims
    update core persistentvolumeclaims/status
    create,delete,get,list,watch core pods
    get,list,watch storage.k8s.io storageclasses
    get,list core nodes
    watch core events
    record`,
  "pod-garbage-collector": `delete,list,watch core pods
    get,list core nodes
    patch core pods/status
    record`,
  "pv-protection-controller": `get,list,update,watch core persistentvolumes
    record`,
  "pvc-protection-controller": `get,list,update,watch core persistentvolumeclaims
    get,list,watch core pods
    record`,
  "replicaset-controller": `get,list,update,watch apps replicasets
    update apps replicasets/status
    update apps replicasets/finalizers
    create,delete,list,patch,watch core pods
    record`,
  "replication-controller": `get,list,update,watch core replicationcontrollers
    update core replicationcontrollers/status
    update core replicationcontrollers/finalizers
    create,delete,list,patch,watch core pods
    record`,
  "resourcequota-controller": `list,watch * *
    update core resourcequotas/status
    record`,
  "root-ca-cert-publisher": `create,update,get,list,watch core configmaps
    record`,
  "service-account-controller": `create,get,list,watch core serviceaccounts
    record`,
  "statefulset-controller": `list,watch core pods
    get,list,watch apps statefulsets
    update apps statefulsets/status
    update apps statefulsets/finalizers
    create,delete,get,patch,update core pods
    create,delete,get,list,patch,update,watch apps controllerrevisions
    create,get core persistentvolumeclaims
    record
    delete,update core persistentvolumeclaims`,
  "taint-eviction-controller": `get,list,watch core nodes
    delete,get,list,watch core pods
    patch,update core pods/status
    record`,
  "ttl-after-finished-controller": `delete,get,list,watch batch jobs
    record`,
};
