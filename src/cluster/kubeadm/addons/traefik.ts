const LABELS = `    app.kubernetes.io/instance: traefik-traefik
    app.kubernetes.io/name: traefik
`;

/** What of Traefik's own kinds is simulated: name, plural, the columns beside the age. */
const kinds: readonly (readonly [kind: string, plural: string])[] = [
  ["IngressRoute", "ingressroutes"],
  ["Middleware", "middlewares"],
];

const definition = ([kind, plural]: (typeof kinds)[number]) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ${plural}.traefik.io
spec:
  group: traefik.io
  names:
    kind: ${kind}
    listKind: ${kind}List
    plural: ${plural}
    singular: ${kind.toLowerCase()}
  scope: Namespaced
  versions:
  - name: v1alpha1
    schema:
      openAPIV3Schema:
        description: ${kind} is the CRD implementation of a Traefik ${kind === "Middleware" ? "Middleware" : "HTTP Router"}.
        properties:
          apiVersion:
            type: string
          kind:
            type: string
          metadata:
            type: object
          spec:
            description: ${kind}Spec defines the desired state of ${kind}.
            type: object
            x-kubernetes-preserve-unknown-fields: true
        required:
        - metadata
        - spec
        type: object
    served: true
    storage: true
---
`;

/** The kinds that Traefik brings along (traefik.io/v1alpha1): those of them that are simulated. */
export const traefikKinds = kinds.map(definition).join("");

const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: traefik-traefik
  labels:
${LABELS}rules:
- apiGroups: [""]
  resources: [configmaps, nodes, services]
  verbs: [get, list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [list, watch]
- apiGroups: [""]
  resources: [pods]
  verbs: [get]
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch]
- apiGroups: [extensions, networking.k8s.io]
  resources: [ingressclasses, ingresses]
  verbs: [get, list, watch]
- apiGroups: [extensions, networking.k8s.io]
  resources: [ingresses/status]
  verbs: [update]
- apiGroups: [traefik.io]
  resources:
  - ingressroutes
  - ingressroutetcps
  - ingressrouteudps
  - middlewares
  - middlewaretcps
  - serverstransports
  - serverstransporttcps
  - tlsoptions
  - tlsstores
  - traefikservices
  verbs: [get, list, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: traefik-traefik
  labels:
${LABELS}roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: traefik-traefik
subjects:
- kind: ServiceAccount
  name: traefik
  namespace: traefik
---
`;

const port = (name: string, number: number) => `        - containerPort: ${number}
          name: ${name}
          protocol: TCP
`;

const probe = (kind: string, failures: number) => `        ${kind}:
          failureThreshold: ${failures}
          httpGet:
            path: /ping
            port: 8080
            scheme: HTTP
          initialDelaySeconds: 2
          periodSeconds: 10
          successThreshold: 1
          timeoutSeconds: 2
`;

/** Traefik as its chart installs it into the namespace traefik (chart 38, Traefik 3.6), with node ports where no load balancer is. */
export const traefik = `apiVersion: v1
kind: Namespace
metadata:
  name: traefik
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: traefik
  namespace: traefik
  labels:
${LABELS}automountServiceAccountToken: false
---
${role}apiVersion: v1
kind: Service
metadata:
  name: traefik
  namespace: traefik
  labels:
${LABELS}spec:
  type: LoadBalancer
  selector:
${LABELS}  ports:
  - port: 80
    name: web
    targetPort: web
    protocol: TCP
  - port: 443
    name: websecure
    targetPort: websecure
    protocol: TCP
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: traefik
  namespace: traefik
  labels:
${LABELS}spec:
  replicas: 1
  selector:
    matchLabels:
      app.kubernetes.io/instance: traefik-traefik
      app.kubernetes.io/name: traefik
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  minReadySeconds: 0
  template:
    metadata:
      labels:
        app.kubernetes.io/instance: traefik-traefik
        app.kubernetes.io/name: traefik
    spec:
      serviceAccountName: traefik
      automountServiceAccountToken: true
      terminationGracePeriodSeconds: 60
      containers:
      - image: docker.io/traefik:v3.6.6
        imagePullPolicy: IfNotPresent
        name: traefik
        args:
        - --entryPoints.metrics.address=:9100/tcp
        - --entryPoints.traefik.address=:8080/tcp
        - --entryPoints.web.address=:8000/tcp
        - --entryPoints.websecure.address=:8443/tcp
        - --api.dashboard=true
        - --ping=true
        - --metrics.prometheus=true
        - --metrics.prometheus.entrypoint=metrics
        - --providers.kubernetescrd
        - --providers.kubernetescrd.allowEmptyServices=true
        - --providers.kubernetesingress
        - --providers.kubernetesingress.allowEmptyServices=true
        - --providers.kubernetesingress.ingressendpoint.publishedservice=traefik/traefik
        - --entryPoints.websecure.http.tls=true
        - --log.level=INFO
        env:
        - name: POD_NAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        - name: POD_NAMESPACE
          valueFrom:
            fieldRef:
              fieldPath: metadata.namespace
        ports:
${port("metrics", 9100)}${port("traefik", 8080)}${port("web", 8000)}${port("websecure", 8443)}${probe("readinessProbe", 1)}${probe("livenessProbe", 3)}        securityContext:
          allowPrivilegeEscalation: false
          capabilities:
            drop:
            - ALL
          readOnlyRootFilesystem: true
        volumeMounts:
        - name: data
          mountPath: /data
        - name: tmp
          mountPath: /tmp
      volumes:
      - name: data
        emptyDir: {}
      - name: tmp
        emptyDir: {}
      securityContext:
        runAsGroup: 65532
        runAsNonRoot: true
        runAsUser: 65532
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  annotations:
    ingressclass.kubernetes.io/is-default-class: "true"
  labels:
${LABELS}  name: traefik
spec:
  controller: traefik.io/ingress-controller
`;
