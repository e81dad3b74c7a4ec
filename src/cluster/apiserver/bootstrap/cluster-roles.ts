/**
 * The cluster roles that every API server makes (plugin/pkg/auth/authorizer/rbac/bootstrappolicy, 1.35), a line a rule:
 * verbs, API groups ("core" is the empty one), resources and names, or verbs and URLs (rules.ts).
 */
export const clusterRoles: Readonly<Record<string, string>> = {
  "cluster-admin": `* * *
    * url *`,
  "system:discovery":
    "get url /api,/api/*,/apis,/apis/*,/healthz,/livez,/openapi,/openapi/*,/readyz,/version,/version/",
  "system:public-info-viewer": "get url /healthz,/livez,/readyz,/version,/version/",
  "system:monitoring": "get url /healthz,/healthz/*,/livez,/livez/*,/metrics,/metrics/slis,/readyz,/readyz/*",
  "system:basic-user": `create authorization.k8s.io selfsubjectaccessreviews,selfsubjectrulesreviews
    create authentication.k8s.io selfsubjectreviews`,
  admin: "",
  edit: "",
  view: "",
  "system:aggregate-to-admin": `create authorization.k8s.io localsubjectaccessreviews
    create,delete,deletecollection,get,list,patch,update,watch rbac.authorization.k8s.io rolebindings,roles`,
  "system:aggregate-to-edit": `get,list,watch core pods/attach,pods/exec,pods/portforward,pods/proxy,secrets,services/proxy
    impersonate core serviceaccounts
    create,delete,deletecollection,patch,update core pods,pods/attach,pods/exec,pods/portforward,pods/proxy
    create core pods/eviction
    create,delete,deletecollection,patch,update core configmaps,events,persistentvolumeclaims,replicationcontrollers,replicationcontrollers/scale,secrets,serviceaccounts,services,services/proxy
    create core serviceaccounts/token
    create,delete,deletecollection,patch,update apps daemonsets,deployments,deployments/rollback,deployments/scale,replicasets,replicasets/scale,statefulsets,statefulsets/scale
    create,delete,deletecollection,patch,update autoscaling horizontalpodautoscalers
    create,delete,deletecollection,patch,update batch cronjobs,jobs
    create,delete,deletecollection,patch,update extensions daemonsets,deployments,deployments/rollback,deployments/scale,ingresses,networkpolicies,replicasets,replicasets/scale,replicationcontrollers/scale
    create,delete,deletecollection,patch,update policy poddisruptionbudgets
    create,delete,deletecollection,patch,update networking.k8s.io ingresses,networkpolicies
    create,delete,deletecollection,get,list,patch,update,watch coordination.k8s.io leases
    create,delete,deletecollection,patch,update resource.k8s.io resourceclaims,resourceclaimtemplates`,
  "system:aggregate-to-view": `get,list,watch core configmaps,endpoints,persistentvolumeclaims,persistentvolumeclaims/status,pods,replicationcontrollers,replicationcontrollers/scale,serviceaccounts,services,services/status
    get,list,watch core bindings,events,limitranges,namespaces/status,pods/log,pods/status,replicationcontrollers/status,resourcequotas,resourcequotas/status
    get,list,watch core namespaces
    get,list,watch discovery.k8s.io endpointslices
    get,list,watch apps controllerrevisions,daemonsets,daemonsets/status,deployments,deployments/scale,deployments/status,replicasets,replicasets/scale,replicasets/status,statefulsets,statefulsets/scale,statefulsets/status
    get,list,watch autoscaling horizontalpodautoscalers,horizontalpodautoscalers/status
    get,list,watch batch cronjobs,cronjobs/status,jobs,jobs/status
    get,list,watch extensions daemonsets,daemonsets/status,deployments,deployments/scale,deployments/status,ingresses,ingresses/status,networkpolicies,replicasets,replicasets/scale,replicasets/status,replicationcontrollers/scale
    get,list,watch policy poddisruptionbudgets,poddisruptionbudgets/status
    get,list,watch networking.k8s.io ingresses,ingresses/status,networkpolicies
    get,list,watch resource.k8s.io resourceclaims,resourceclaims/status,resourceclaimtemplates`,
  "system:node": `create authentication.k8s.io tokenreviews
    create authorization.k8s.io localsubjectaccessreviews,subjectaccessreviews
    get,list,watch core services
    create,get,list,watch core nodes
    patch,update core nodes/status
    patch,update core nodes
    create,patch,update core events
    get,list,watch core pods
    create,delete core pods
    patch,update core pods/status
    create core pods/eviction
    get,list,watch core configmaps,secrets
    get core persistentvolumeclaims,persistentvolumes
    get core endpoints
    create,get,list,watch certificates.k8s.io certificatesigningrequests
    create,delete,get,patch,update coordination.k8s.io leases
    get storage.k8s.io volumeattachments
    create core serviceaccounts/token
    get,patch,update core persistentvolumeclaims/status
    get,list,watch storage.k8s.io csidrivers
    create,delete,get,patch,update storage.k8s.io csinodes
    get,list,watch node.k8s.io runtimeclasses
    get resource.k8s.io resourceclaims
    deletecollection resource.k8s.io resourceslices`,
  "system:node-proxier": `list,watch core endpoints,services
    get,list,watch core nodes
    create,patch,update core,events.k8s.io events
    list,watch discovery.k8s.io endpointslices
    list,watch networking.k8s.io servicecidrs`,
  "system:node-problem-detector": `get core nodes
    patch core nodes/status
    create,patch,update core,events.k8s.io events`,
  "system:kube-dns": "list,watch core endpoints,services",
  "system:kube-scheduler": `create,patch,update core,events.k8s.io events
    create coordination.k8s.io leases
    get,list,update,watch coordination.k8s.io leases kube-scheduler
    get,list,watch core nodes
    delete,get,list,watch core pods
    create core bindings,pods/binding
    patch,update core pods/status
    get,list,watch core replicationcontrollers,services
    get,list,watch apps,extensions replicasets
    get,list,watch apps statefulsets
    get,list,watch policy poddisruptionbudgets
    get,list,patch,update,watch core persistentvolumeclaims
    get,list,watch core persistentvolumes
    create authentication.k8s.io tokenreviews
    create authorization.k8s.io subjectaccessreviews
    get,list,watch storage.k8s.io csidrivers,csinodes,csistoragecapacities,storageclasses,volumeattachments
    get,list,watch core namespaces
    get,list,watch resource.k8s.io deviceclasses
    get,list,patch,update,watch resource.k8s.io resourceclaims
    get,list,patch,update,watch resource.k8s.io resourceclaims/status
    get,list,patch,update,watch core pods/finalizers
    get,list,watch resource.k8s.io resourceslices`,
  "system:volume-scheduler": `get,list,patch,update,watch core persistentvolumes
    get,list,watch storage.k8s.io storageclasses
    get,list,patch,update,watch core persistentvolumeclaims`,
  "system:kube-controller-manager": `create,patch,update core,events.k8s.io events
    create coordination.k8s.io leases
    get,list,update,watch coordination.k8s.io leases kube-controller-manager
    create core secrets,serviceaccounts
    delete core secrets
    get core configmaps,namespaces,secrets,serviceaccounts
    update core secrets,serviceaccounts
    create authentication.k8s.io tokenreviews
    create authorization.k8s.io subjectaccessreviews
    list,watch * *
    create core serviceaccounts/token`,
  "system:persistent-volume-provisioner": `create,delete,get,list,watch core persistentvolumes
    get,list,update,watch core persistentvolumeclaims
    get,list,watch storage.k8s.io storageclasses
    watch core events
    create,patch,update core,events.k8s.io events`,
  "system:auth-delegator": `create authentication.k8s.io tokenreviews
    create authorization.k8s.io subjectaccessreviews`,
  "system:kubelet-api-admin": `get,list,watch core nodes
    proxy core nodes
    * core nodes/configz,nodes/healthz,nodes/log,nodes/metrics,nodes/pods,nodes/proxy,nodes/stats`,
  "system:node-bootstrapper": "create,get,list,watch certificates.k8s.io certificatesigningrequests",
  "system:certificates.k8s.io:certificatesigningrequests:nodeclient":
    "create certificates.k8s.io certificatesigningrequests/nodeclient",
  "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient":
    "create certificates.k8s.io certificatesigningrequests/selfnodeclient",
  "system:certificates.k8s.io:kube-apiserver-client-approver":
    "approve certificates.k8s.io signers kubernetes.io/kube-apiserver-client",
  "system:certificates.k8s.io:kube-apiserver-client-kubelet-approver":
    "approve certificates.k8s.io signers kubernetes.io/kube-apiserver-client-kubelet",
  "system:certificates.k8s.io:kubelet-serving-approver":
    "approve certificates.k8s.io signers kubernetes.io/kubelet-serving",
  "system:certificates.k8s.io:legacy-unknown-approver":
    "approve certificates.k8s.io signers kubernetes.io/legacy-unknown",
  "system:kube-aggregator": "get,list,watch core endpoints,services",
  "system:service-account-issuer-discovery": "get url /.well-known/openid-configuration,/openid/v1/jwks",
  "system:heapster": `get,list,watch core events,namespaces,nodes,pods
    get,list,watch extensions deployments`,
};

/** Roles whose rules are gathered from others, and the one that gathers them in turn: edit is part of admin, view of edit. */
export const aggregated: Readonly<Record<string, string>> = { admin: "", edit: "admin", view: "edit" };

/** Who has the default roles: role → subjects. */
export const clusterRoleBindings: Readonly<Record<string, readonly string[]>> = {
  "cluster-admin": ["Group system:masters"],
  "system:discovery": ["Group system:authenticated"],
  "system:basic-user": ["Group system:authenticated"],
  "system:public-info-viewer": ["Group system:authenticated", "Group system:unauthenticated"],
  "system:monitoring": ["Group system:monitoring"],
  "system:node-proxier": ["User system:kube-proxy"],
  "system:kube-controller-manager": ["User system:kube-controller-manager"],
  "system:kube-dns": ["ServiceAccount kube-dns"],
  "system:kube-scheduler": ["User system:kube-scheduler"],
  "system:volume-scheduler": ["User system:kube-scheduler"],
  "system:node": [],
  "system:service-account-issuer-discovery": ["Group system:serviceaccounts"],
};
