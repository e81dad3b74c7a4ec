import { access } from "./access.ts";
import { head, labels, type Part } from "./parts.ts";

/** The digests of the images, as the manifest names them. */
const CONTROLLER =
  "registry.k8s.io/ingress-nginx/controller:v1.13.2@sha256:1f7eaeb01933e719c8a9f4acd8181e555e582330c7d50f24484fb64d2ba9b2ef";
const CERTGEN =
  "registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.6.2@sha256:050a34002d5bb4966849c880c56c91f5320372564245733b33d4b3461b4dbd24";

const account = (name: string, part: Part) =>
  head({ api: "v1", kind: "ServiceAccount", name, part, before: "automountServiceAccountToken: true\n" });

const selector = `  selector:
    app.kubernetes.io/component: controller
    app.kubernetes.io/instance: ingress-nginx
    app.kubernetes.io/name: ingress-nginx
`;

const port = (name: string, number: number, target: string) => `  - appProtocol: ${name === "http" ? "http" : "https"}
    name: ${name}
    port: ${number}
    protocol: TCP
    targetPort: ${target}
`;

/** How the controller is reached: "cloud" by a load balancer, "baremetal" by ports of the nodes. */
type Provider = "cloud" | "baremetal";

function services(provider: Provider): string {
  const type = provider === "cloud" ? "LoadBalancer" : "NodePort";
  const policy = provider === "cloud" ? "  externalTrafficPolicy: Local\n" : "";
  const families = "  ipFamilies:\n  - IPv4\n  ipFamilyPolicy: SingleStack\n";
  const name = "ingress-nginx-controller";
  return `${head({ api: "v1", kind: "Service", name, part: "controller" })}spec:
${policy}${families}  ports:
${port("http", 80, "http")}${port("https", 443, "https")}${selector}  type: ${type}
${head({ api: "v1", kind: "Service", name: `${name}-admission`, part: "controller" })}spec:
  ports:
${port("https-webhook", 443, "webhook").replace("    protocol: TCP\n", "")}${selector}  type: ClusterIP
`;
}

const probe = (kind: string, failures: number) => `        ${kind}:
          failureThreshold: ${failures}
          httpGet:
            path: /healthz
            port: 10254
            scheme: HTTP
          initialDelaySeconds: 10
          periodSeconds: 10
          successThreshold: 1
          timeoutSeconds: 1
`;

const containerPort = (number: number, name: string) => `        - containerPort: ${number}
          name: ${name}
          protocol: TCP
`;

const variable = (name: string, path: string, indent: number) =>
  [`- name: ${name}`, "  valueFrom:", "    fieldRef:", `      fieldPath: ${path}`]
    .map((line) => `${" ".repeat(indent)}${line}\n`)
    .join("");

function deployment(provider: Provider): string {
  const publish = "        - --publish-service=$(POD_NAMESPACE)/ingress-nginx-controller\n";
  return `${head({ api: "apps/v1", kind: "Deployment", name: "ingress-nginx-controller", part: "controller" })}spec:
  minReadySeconds: 0
  revisionHistoryLimit: 10
  selector:
    matchLabels:
      app.kubernetes.io/component: controller
      app.kubernetes.io/instance: ingress-nginx
      app.kubernetes.io/name: ingress-nginx
  strategy:
    rollingUpdate:
      maxUnavailable: 1
    type: RollingUpdate
  template:
    metadata:
${labels("controller", 6)}    spec:
      automountServiceAccountToken: true
      containers:
      - args:
        - /nginx-ingress-controller
${provider === "cloud" ? publish : ""}        - --election-id=ingress-nginx-leader
        - --controller-class=k8s.io/ingress-nginx
        - --ingress-class=nginx
        - --configmap=$(POD_NAMESPACE)/ingress-nginx-controller
        - --validating-webhook=:8443
        - --validating-webhook-certificate=/usr/local/certificates/cert
        - --validating-webhook-key=/usr/local/certificates/key
        env:
${variable("POD_NAME", "metadata.name", 8)}${variable("POD_NAMESPACE", "metadata.namespace", 8)}        - name: LD_PRELOAD
          value: /usr/local/lib/libmimalloc.so
        image: ${CONTROLLER}
        imagePullPolicy: IfNotPresent
        lifecycle:
          preStop:
            exec:
              command:
              - /wait-shutdown
${probe("livenessProbe", 5)}        name: controller
        ports:
${containerPort(80, "http")}${containerPort(443, "https")}${containerPort(8443, "webhook")}${probe("readinessProbe", 3)}        resources:
          requests:
            cpu: 100m
            memory: 90Mi
        securityContext:
          allowPrivilegeEscalation: false
          capabilities:
            add:
            - NET_BIND_SERVICE
            drop:
            - ALL
          readOnlyRootFilesystem: false
          runAsGroup: 82
          runAsNonRoot: true
          runAsUser: 101
          seccompProfile:
            type: RuntimeDefault
        volumeMounts:
        - mountPath: /usr/local/certificates/
          name: webhook-cert
          readOnly: true
      dnsPolicy: ClusterFirst
      nodeSelector:
        kubernetes.io/os: linux
      serviceAccountName: ingress-nginx
      terminationGracePeriodSeconds: 300
      volumes:
      - name: webhook-cert
        secret:
          secretName: ingress-nginx-admission
`;
}

function job(step: "create" | "patch", args: readonly string[]): string {
  const name = `ingress-nginx-admission-${step}`;
  return `${head({ api: "batch/v1", kind: "Job", name, part: "admission" })}spec:
  template:
    metadata:
${labels("admission", 6)}      name: ${name}
    spec:
      automountServiceAccountToken: true
      containers:
      - args:
        - ${step}
${args.map((arg) => `        - ${arg}\n`).join("")}        env:
${variable("POD_NAMESPACE", "metadata.namespace", 8)}        image: ${CERTGEN}
        imagePullPolicy: IfNotPresent
        name: ${step}
        securityContext:
          allowPrivilegeEscalation: false
          capabilities:
            drop:
            - ALL
          readOnlyRootFilesystem: true
          runAsGroup: 65532
          runAsNonRoot: true
          runAsUser: 65532
          seccompProfile:
            type: RuntimeDefault
      nodeSelector:
        kubernetes.io/os: linux
      restartPolicy: OnFailure
      serviceAccountName: ingress-nginx-admission
`;
}

const SECRET = "--secret-name=ingress-nginx-admission";
const jobs = () =>
  job("create", [
    "--host=ingress-nginx-controller-admission,ingress-nginx-controller-admission.$(POD_NAMESPACE).svc",
    "--namespace=$(POD_NAMESPACE)",
    SECRET,
  ]) +
  job("patch", [
    "--webhook-name=ingress-nginx-admission",
    "--namespace=$(POD_NAMESPACE)",
    "--patch-mutating=false",
    SECRET,
    "--patch-failure-policy=Fail",
  ]);

const ingressClass =
  () => `${head({ api: "networking.k8s.io/v1", kind: "IngressClass", name: "nginx", part: "controller", namespaced: false })}spec:
  controller: k8s.io/ingress-nginx
`;

const webhook =
  () => `${head({ api: "admissionregistration.k8s.io/v1", kind: "ValidatingWebhookConfiguration", name: "ingress-nginx-admission", part: "admission", namespaced: false })}webhooks:
- admissionReviewVersions:
  - v1
  clientConfig:
    service:
      name: ingress-nginx-controller-admission
      namespace: ingress-nginx
      path: /networking/v1/ingresses
      port: 443
  failurePolicy: Fail
  matchPolicy: Equivalent
  name: validate.nginx.ingress.kubernetes.io
  rules:
  - apiGroups:
    - networking.k8s.io
    apiVersions:
    - v1
    operations:
    - CREATE
    - UPDATE
    resources:
    - ingresses
  sideEffects: None
`;

/** ingress-nginx as its own manifest installs it (deploy/static/provider of controller 1.13.2). */
export function ingressNginx(provider: Provider): string {
  return `apiVersion: v1
kind: Namespace
metadata:
  labels:
    app.kubernetes.io/instance: ingress-nginx
    app.kubernetes.io/name: ingress-nginx
  name: ingress-nginx
${account("ingress-nginx", "controller")}${account("ingress-nginx-admission", "admission")}${access()}${head({
  api: "v1",
  kind: "ConfigMap",
  name: "ingress-nginx-controller",
  part: "controller",
  before: "data: null\n",
})}${services(provider)}${deployment(provider)}${jobs()}${ingressClass()}${webhook()}`;
}
