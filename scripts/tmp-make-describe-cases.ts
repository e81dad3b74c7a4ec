import { writeFileSync } from "node:fs";
import { parseRfc3339, rfc3339, rfc3339Micro } from "../src/base/time.ts";
import { kinds } from "../src/kinds/index.ts";

const now = parseRfc3339("2026-01-15T10:00:00Z") ?? 0;
const ago = (s: number) => rfc3339(now - s * 1e6);
const agoMicro = (s: number) => rfc3339Micro(now - s * 1e6);
type O = any;
const cases: O[] = [];
let n = 0;
function obj(kind: string, name: string, fields: O = {}, meta: O = {}): O {
  const k = kinds.find((x) => x.kind === kind) as O;
  const o: O = {
    apiVersion: k.group ? `${k.group}/${k.version}` : k.version, kind,
    metadata: { name, ...(k.namespaced ? { namespace: "default" } : {}), uid: `uid-${name}`, resourceVersion: String(1000 + n++), creationTimestamp: ago(90000), ...meta },
    ...structuredClone(fields),
  };
  k.defaults?.(o);
  return o;
}
function ev(about: O, reason: string, message: string, more: O = {}): O {
  const e: O = {
    apiVersion: "v1", kind: "Event",
    metadata: { name: `${about.metadata.name}.${n}`, namespace: about.metadata.namespace ?? "default", uid: `ev-${n}`, resourceVersion: String(2000 + n++), creationTimestamp: ago(300) },
    involvedObject: { kind: about.kind, namespace: about.metadata.namespace, name: about.metadata.name, uid: about.metadata.uid, apiVersion: about.apiVersion },
    reason, message, type: "Normal", source: { component: "kubelet", host: "node01" },
    firstTimestamp: ago(300), lastTimestamp: ago(300), count: 1, eventTime: null, reportingComponent: "kubelet", reportingInstance: "node01",
    ...more,
  };
  return e;
}
function add(name: string, object: O, related: O[] = [], more: O = {}) {
  cases.push({ name, ...more, object, related, now, want: "", asked: [] });
}
const last = { "kubectl.kubernetes.io/last-applied-configuration": '{"apiVersion":"v1"}\n' };
const long = "x".repeat(150);

// ---- ConfigMap
const cm = obj("ConfigMap", "app", { data: { "app.conf": "a=1\nb\t=2\n" } }, { labels: { app: "web", tier: "back" }, annotations: last });
add("config map with one file", cm);
add("config map with several keys, bytes and an event", obj("ConfigMap", "many", { data: { b: "2", a: "1" }, binaryData: { z: "AAEC" } }, { annotations: { note: "short", text: "line one\nline two\n", url: long } }), [ev({ kind: "ConfigMap", apiVersion: "v1", metadata: { name: "many", namespace: "default", uid: "uid-many" } }, "Touched", " by hand \n")]);
add("config map with letters of two bytes", obj("ConfigMap", "wide", { data: { "k.txt": "größe\té\nx\ty\n" } }, { labels: { a: "b" }, annotations: { "example.com/text": "é".repeat(120), "example.com/two": "one\n" + "ü".repeat(100) } }));
add("empty config map without events shown", obj("ConfigMap", "empty"), [], { hideEvents: true });
add("config map with control characters", obj("ConfigMap", "escape", { data: { x: "a\u001b[31mred\r\nb" } }));
// ---- Secret
add("opaque secret", obj("Secret", "db", { data: { password: "aHVudGVyMg==", username: "YWRtaW4=" } }, { labels: { app: "db" } }));
add("empty secret", obj("Secret", "none", {}));
add("service account token", obj("Secret", "sa-token", { type: "kubernetes.io/service-account-token", data: { "ca.crt": "LS0tLQ==", namespace: "ZGVmYXVsdA==", token: "ZXlKaGJHY2lPaUpTVXpJMU5pSjk=" } }, { annotations: { "kubernetes.io/service-account.name": "build", "kubernetes.io/service-account.uid": "uid-build" } }));
add("tls secret", obj("Secret", "tls", { type: "kubernetes.io/tls", data: { "tls.crt": "LS0=", "tls.key": "LS0t" } }));
// ---- Namespace
const ns = (name: string, more: O = {}, meta: O = {}) => obj("Namespace", name, { spec: { finalizers: ["kubernetes"] }, status: { phase: "Active" }, ...more }, { labels: { "kubernetes.io/metadata.name": name }, ...meta });
add("namespace", ns("default"));
add("namespace that cannot end", ns("stuck", { status: { phase: "Terminating", conditions: [
  { type: "NamespaceDeletionDiscoveryFailure", status: "False", lastTransitionTime: ago(100), reason: "ResourcesDiscovered", message: "All resources successfully discovered" },
  { type: "NamespaceContentRemaining", status: "True", lastTransitionTime: ago(90), reason: "SomeResourcesRemain", message: "Some resources are remaining: pods. has 1 resource instances" }] } }, { deletionTimestamp: ago(100) }));
const quota = (name: string, spec: O, status: O) => ({ apiVersion: "v1", kind: "ResourceQuota", metadata: { name, namespace: "team" }, spec, status });
add("namespace with quotas and limits", ns("team"), [
  quota("objects", { hard: { pods: "10" } }, { hard: { pods: "10", "requests.cpu": "4", "limits.memory": "8Gi" }, used: { pods: "3", "requests.cpu": "1500m" } }),
  quota("best", { hard: { pods: "5" }, scopes: ["NotTerminating", "BestEffort"] }, { hard: { pods: "5" }, used: { pods: "0" } }),
  { apiVersion: "v1", kind: "LimitRange", metadata: { name: "mem", namespace: "team" }, spec: { limits: [{ type: "Container", default: { memory: "512Mi" }, defaultRequest: { memory: "256Mi" }, max: { memory: "1Gi" }, min: { memory: "64Mi" }, maxLimitRequestRatio: { memory: "4" } }, { type: "Pod", max: { cpu: "2" } }] } },
]);
add("namespace with two limited resources", ns("two"), [{ apiVersion: "v1", kind: "LimitRange", metadata: { name: "mem", namespace: "two" }, spec: { limits: [{ type: "Container", default: { memory: "512Mi", cpu: "1" }, defaultRequest: { memory: "256Mi" } }] } }]);
add("namespace of a server without quotas", ns("odd"), [], { refused: { resourcequotas: { reason: "NotFound", message: "the server could not find the requested resource" } } });
// ---- Pods
const running = (s: number) => ({ running: { startedAt: ago(s) } });
const status = (name: string, more: O = {}) => ({ name, image: "docker.io/library/nginx:1.27", imageID: "docker.io/library/nginx@sha256:abc", containerID: "containerd://0123456789abcdef", ready: true, started: true, restartCount: 0, state: running(600), lastState: {}, ...more });
const conditions = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"].map((type) => ({ type, status: "True", lastProbeTime: null, lastTransitionTime: ago(600) }));
const tolerations = [{ key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 }, { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 }];
const tokenVolume = { name: "kube-api-access-x7k2p", projected: { defaultMode: 420, sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: "token" } }, { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } }, { downwardAPI: { items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }] } }] } };
const tokenMount = { name: "kube-api-access-x7k2p", mountPath: "/var/run/secrets/kubernetes.io/serviceaccount", readOnly: true };
const podFields = (spec: O = {}, st: O = {}) => ({
  spec: { nodeName: "node01", serviceAccountName: "default", serviceAccount: "default", priority: 0, tolerations, volumes: [tokenVolume], containers: [{ name: "web", image: "nginx:1.27", ports: [{ containerPort: 80 }], volumeMounts: [tokenMount] }], ...spec },
  status: { phase: "Running", qosClass: "BestEffort", hostIP: "172.30.1.2", hostIPs: [{ ip: "172.30.1.2" }], podIP: "192.168.1.4", podIPs: [{ ip: "192.168.1.4" }], startTime: ago(610), conditions, containerStatuses: [status("web")], ...st },
});
const pod = obj("Pod", "web", podFields(), { labels: { run: "web" } });
add("running pod with events", pod, [
  ev(pod, "Scheduled", "Successfully assigned default/web to node01", { source: {}, reportingComponent: "default-scheduler", firstTimestamp: null, lastTimestamp: null, count: 0, eventTime: agoMicro(300) }),
  ev(pod, "Pulling", 'Pulling image "nginx:1.27"', { firstTimestamp: ago(299), lastTimestamp: ago(299) }),
  ev(pod, "Pulled", 'Successfully pulled image "nginx:1.27" in 1.234s (1.234s including waiting). Image size: 72000000 bytes.', { firstTimestamp: ago(298), lastTimestamp: ago(298) }),
  ev(pod, "Created", "Created container: web", { firstTimestamp: ago(297), lastTimestamp: ago(297) }),
  ev(pod, "Unhealthy", "Readiness probe failed: ", { type: "Warning", count: 3, firstTimestamp: ago(290), lastTimestamp: ago(5) }),
]);
add("running pod without events", pod);
add("running pod whose events may not be read", pod, [], { refused: { events: { reason: "Forbidden", message: 'events is forbidden: User "jane" cannot list resource "events" in API group "" in the namespace "default"' } } });
add("pod with an event series", pod, [
  ev(pod, "FailedScheduling", "0/3 nodes are available: 3 Insufficient cpu.", { type: "Warning", source: {}, reportingComponent: "default-scheduler", firstTimestamp: null, lastTimestamp: null, count: 0, eventTime: agoMicro(400), series: { count: 4, lastObservedTime: agoMicro(65) } }),
  ev(pod, "BackOff", "Back-off restarting failed container web in pod web_default(uid-web)", { type: "Warning", count: 12, firstTimestamp: ago(4000), lastTimestamp: ago(190), source: { component: "kubelet" } }),
]);
add("new pod that is not scheduled", obj("Pod", "pending", { spec: { containers: [{ name: "web", image: "nginx" }], nodeSelector: { disk: "ssd", zone: "a" } }, status: { phase: "Pending", qosClass: "BestEffort", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes are available" }] } }));
add("bare pod without status", obj("Pod", "bare", { spec: { containers: [{ name: "c", image: "busybox", command: ["sh", "-c", "while true; do\n  date\ndone"], args: ["-x"] }], restartPolicy: "Never" } }));
const crash = obj("Pod", "crash", podFields({}, { conditions: conditions.map((c) => (/Ready$/.test(c.type) ? { ...c, status: "False", reason: "ContainersNotReady" } : c)), containerStatuses: [status("web", { ready: false, started: false, restartCount: 5, state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 2m40s restarting failed container" } }, lastState: { terminated: { exitCode: 1, reason: "Error", message: "no such file", startedAt: ago(200), finishedAt: ago(199), containerID: "containerd://1" } } })] }));
add("crashing pod", crash, [ev(crash, "BackOff", "Back-off restarting failed container web in pod crash_default(uid-crash)", { type: "Warning", count: 27, lastTimestamp: ago(3) })]);
add("pod of a finished job", obj("Pod", "done", podFields({ restartPolicy: "Never" }, { phase: "Succeeded", containerStatuses: [status("web", { ready: false, started: false, state: { terminated: { exitCode: 0, reason: "Completed", startedAt: ago(50), finishedAt: ago(40) } } })] }), { ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name: "pi", uid: "u", controller: true }] }));
add("pod killed by a signal, with no times", obj("Pod", "killed", podFields({}, { phase: "Failed", containerStatuses: [status("web", { ready: false, state: { terminated: { exitCode: 137, signal: 9, startedAt: null, finishedAt: null } } })] })));
add("evicted pod", obj("Pod", "evicted", { spec: { nodeName: "node01", containers: [{ name: "web", image: "nginx" }] }, status: { phase: "Failed", reason: "Evicted", message: "The node was low on resource: memory.", startTime: ago(500) } }));
add("pod that ends", obj("Pod", "ending", podFields(), { deletionTimestamp: ago(12), deletionGracePeriodSeconds: 30 }));
add("finished pod that is deleted", obj("Pod", "ending-done", podFields({}, { phase: "Succeeded" }), { deletionTimestamp: ago(12), deletionGracePeriodSeconds: 0 }));
add("pod with probes", obj("Pod", "probes", podFields({ containers: [
  { name: "a", image: "a:1", livenessProbe: { httpGet: { path: "/healthz", port: 8080 }, initialDelaySeconds: 3 }, readinessProbe: { exec: { command: ["cat", "/tmp/healthy"] }, periodSeconds: 5 }, startupProbe: { tcpSocket: { port: "http" }, failureThreshold: 30 } },
  { name: "b", image: "b:1", livenessProbe: { grpc: { port: 2379 } }, readinessProbe: { httpGet: { path: "live path?x=1&y=é", port: "web", host: "::1", scheme: "HTTPS" } }, startupProbe: { grpc: { port: 1, service: "liveness" } } },
  { name: "c", image: "c:1", livenessProbe: { httpGet: { port: 80 }, timeoutSeconds: 7 }, readinessProbe: { tcpSocket: { port: 5432, host: "db" } } }] }, { containerStatuses: [] })));
add("pod with variables", obj("Pod", "env", podFields({ containers: [{ name: "web", image: "nginx", resources: { limits: { cpu: "1500m", memory: "100M" }, requests: { cpu: "250m", memory: "64Mi", "ephemeral-storage": "1Gi" } },
  envFrom: [{ configMapRef: { name: "conf" } }, { prefix: "DB_", secretRef: { name: "db", optional: true } }],
  env: [{ name: "PLAIN", value: "one" }, { name: "EMPTY" }, { name: "LINES", value: "first\nsecond\n" },
    { name: "KEY", valueFrom: { configMapKeyRef: { name: "conf", key: "k" } } }, { name: "PASS", valueFrom: { secretKeyRef: { name: "db", key: "p", optional: true } } },
    { name: "NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name", apiVersion: "v1" } } }, { name: "NS", valueFrom: { fieldRef: { fieldPath: "metadata.namespace", apiVersion: "v1" } } },
    { name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP", apiVersion: "v1" } } }, { name: "LABEL", valueFrom: { fieldRef: { fieldPath: "metadata.labels['run']", apiVersion: "v1" } } }, { name: "UID", valueFrom: { fieldRef: { fieldPath: "metadata.uid", apiVersion: "v1" } } },
    { name: "CPU", valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "0" } } }, { name: "MILLI", valueFrom: { resourceFieldRef: { resource: "requests.cpu", divisor: "1m" } } },
    { name: "MEM", valueFrom: { resourceFieldRef: { resource: "limits.memory", divisor: "1Mi" } } }, { name: "DISK", valueFrom: { resourceFieldRef: { resource: "requests.ephemeral-storage", divisor: "0" } } }] },
  { name: "side", image: "busybox", env: [{ name: "CPU", valueFrom: { resourceFieldRef: { containerName: "side", resource: "limits.cpu", divisor: "0" } } }, { name: "REQ", valueFrom: { resourceFieldRef: { resource: "requests.memory", divisor: "0" } } }, { name: "HUGE", valueFrom: { resourceFieldRef: { resource: "limits.hugepages-2Mi", divisor: "0" } } }] }] }, { qosClass: "Burstable" }), { labels: { run: "env" } }));
add("pod with init containers, a sidecar and a debugger", obj("Pod", "init", podFields({
  initContainers: [{ name: "wait", image: "busybox", command: ["sleep", "5"] }, { name: "log", image: "fluent", restartPolicy: "Always" }],
  ephemeralContainers: [{ name: "debugger-1", image: "busybox", stdin: true, tty: true, targetContainerName: "web", terminationMessagePath: "/dev/termination-log", terminationMessagePolicy: "File", imagePullPolicy: "Always", resources: {} }],
  containers: [{ name: "web", image: "nginx", ports: [{ containerPort: 80, name: "http" }, { containerPort: 443, hostPort: 8443, protocol: "UDP" }] }] }, {
  initContainerStatuses: [status("wait", { ready: true, state: { terminated: { exitCode: 0, reason: "Completed", startedAt: ago(30), finishedAt: ago(25) } } }), status("log")],
  ephemeralContainerStatuses: [status("debugger-1", { ready: false, state: { waiting: {} }, restartCount: 0 })],
  containerStatuses: [status("web", { state: {}, ready: false, containerID: undefined, imageID: "" })] })));
add("pod of a replica set with everything around it", obj("Pod", "full", podFields({
  priority: 1000, priorityClassName: "high", runtimeClassName: "gvisor", securityContext: { seccompProfile: { type: "Localhost", localhostProfile: "profiles/a.json" } },
  readinessGates: [{ conditionType: "example.com/ready" }, { conditionType: "Ready" }],
  tolerations: [...tolerations, { operator: "Exists" }, { key: "a", operator: "Equal", value: "b", effect: "NoSchedule" }, { key: "gpu", operator: "Exists" }, { effect: "NoExecute", operator: "Exists" }, { key: "c", value: "d" }],
  topologySpreadConstraints: [{ maxSkew: 2, topologyKey: "zone", whenUnsatisfiable: "ScheduleAnyway", labelSelector: { matchLabels: { app: "web" }, matchExpressions: [{ key: "tier", operator: "In", values: ["b", "a"] }] } }, { maxSkew: 1, topologyKey: "host", whenUnsatisfiable: "DoNotSchedule" }],
  containers: [{ name: "web", image: "nginx", securityContext: { seccompProfile: { type: "RuntimeDefault" } } }, { name: "other", image: "x", securityContext: { seccompProfile: { type: "Localhost", localhostProfile: "b.json" } } }] }, { nominatedNodeName: "node02", podIPs: [{ ip: "192.168.1.4" }, { ip: "fd00::4" }] }),
  { labels: { app: "web", "pod-template-hash": "5d4f8" }, annotations: { "cni.projectcalico.org/podIP": "192.168.1.4/32" }, ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-5d4f8", uid: "u", controller: true, blockOwnerDeletion: true }] }));
const mirror = obj("Pod", "etcd-cp", podFields(), { namespace: "kube-system", annotations: { "kubernetes.io/config.mirror": "abcdef", "kubernetes.io/config.hash": "abcdef" }, ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "cp", uid: "u", controller: true }] });
add("mirror pod of a static pod", mirror, [ev(mirror, "Started", "by the api server's uid"), ev({ ...mirror, metadata: { ...mirror.metadata, uid: "abcdef" } }, "Started", "Started container etcd")]);
add("pod with resources of its own", obj("Pod", "res", podFields({ resources: { limits: { cpu: "2" }, requests: { cpu: "1", memory: "1Gi" } }, containers: [{ name: "web", image: "nginx", resources: { limits: { cpu: "500m", memory: "1Gi" } } }] }, { qosClass: "Burstable" })));
add("pod whose class of service is not said", obj("Pod", "qos", podFields({ containers: [{ name: "web", image: "nginx", resources: { limits: { cpu: "500m", memory: "1Gi" } } }] }, { qosClass: undefined })));
const mounts = (names: string[]) => names.map((name, i) => ({ name, mountPath: `/m${9 - i}`, ...(i === 1 ? { subPath: "a b/c" } : {}) }));
add("pod with the common volumes", obj("Pod", "volumes", podFields({ volumes: [tokenVolume,
  { name: "host", hostPath: { path: "/var/log", type: "Directory" } }, { name: "host2", hostPath: { path: "/data" } }, { name: "empty", emptyDir: {} }, { name: "mem", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } },
  { name: "sec", secret: { secretName: "db", optional: true } }, { name: "conf", configMap: { name: "conf" } }, { name: "claim", persistentVolumeClaim: { claimName: "data" } }, { name: "claim-ro", persistentVolumeClaim: { claimName: "data", readOnly: true } },
  { name: "down", downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }, { path: "cpu", resourceFieldRef: { containerName: "web", resource: "limits.cpu" } }] } },
  { name: "all", projected: { sources: [{ secret: { name: "s" } }, { configMap: { name: "c", optional: true } }, { serviceAccountToken: { path: "t", expirationSeconds: 600 } }] } },
  { name: "nfs", nfs: { server: "10.0.0.1", path: "/export", readOnly: true } },
  { name: "csi", csi: { driver: "secrets-store.csi.k8s.io", readOnly: true, volumeAttributes: { secretProviderClass: "p", a: "b" } } }, { name: "csi2", csi: { driver: "d", fsType: "ext4" } },
  { name: "image", image: { reference: "quay.io/a/b:1", pullPolicy: "IfNotPresent" } },
  { name: "scratch", ephemeral: { volumeClaimTemplate: { metadata: { labels: { a: "b", c: "d" }, annotations: { k: "v" } }, spec: { accessModes: ["ReadWriteOnce"], storageClassName: "fast", volumeMode: "Filesystem", resources: { requests: { storage: "1Gi" } } } } } },
  { name: "scratch2", ephemeral: { volumeClaimTemplate: { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } } } } ],
  containers: [{ name: "web", image: "nginx", volumeMounts: [...mounts(["host", "conf", "empty"]), tokenMount], volumeDevices: [{ name: "claim", devicePath: "/dev/xvdb" }, { name: "claim-ro", devicePath: "/dev/xvda" }] }, { name: "raw", image: "x", volumeDevices: [{ name: "claim", devicePath: "/dev/x" }] }] })));
add("pod with the rare volumes", obj("Pod", "rare", podFields({ volumes: [
  { name: "gce", gcePersistentDisk: { pdName: "d", fsType: "ext4", partition: 1 } }, { name: "aws", awsElasticBlockStore: { volumeID: "v", readOnly: true } }, { name: "git", gitRepo: { repository: "r", revision: "v1" } },
  { name: "iscsi", iscsi: { targetPortal: "10.0.0.1:3260", iqn: "iqn.x", lun: 2, iscsiInterface: "default", portals: ["a", "b"], secretRef: { name: "chap" }, chapAuthSession: true } }, { name: "iscsi2", iscsi: { targetPortal: "p", iqn: "i", lun: 0, initiatorName: "me" } },
  { name: "gl", glusterfs: { endpoints: "e", path: "p" } }, { name: "rbd", rbd: { monitors: ["m1", "m2"], image: "i", pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring", secretRef: { name: "s" } } },
  { name: "cinder", cinder: { volumeID: "c" } }, { name: "ceph", cephfs: { monitors: ["m"], path: "/", user: "admin", secretFile: "/f", secretRef: { name: "x" } } }, { name: "fc", fc: { targetWWNs: ["a", "b"], lun: 1, fsType: "xfs" } }, { name: "fc2", fc: { wwids: ["w"] } },
  { name: "azf", azureFile: { secretName: "s", shareName: "n" } }, { name: "flex", flexVolume: { driver: "d/x", options: { b: "2", a: "1" }, secretRef: { name: "f" } } }, { name: "vs", vsphereVolume: { volumePath: "p", storagePolicyName: "pol" } } ] })));
// ---- ReplicaSet, Deployment, DaemonSet
const template = (more: O = {}, meta: O = {}) => ({ metadata: { labels: { app: "web" }, ...meta }, spec: { containers: [{ name: "nginx", image: "nginx:1.27", ports: [{ containerPort: 80 }] }], ...more } });
const owned = (kind: string, name: string) => ({ ownerReferences: [{ apiVersion: "apps/v1", kind, name, uid: `uid-${name}`, controller: true, blockOwnerDeletion: true }] });
const podOf = (name: string, owner: string, phase: string) => obj("Pod", name, { spec: { containers: [{ name: "nginx", image: "nginx" }] }, status: { phase } }, { labels: { app: "web" }, ...(owner ? owned("ReplicaSet", owner) : {}) });
const rs = (name: string, image: string, replicas: number, meta: O = {}) => obj("ReplicaSet", name, { spec: { replicas, selector: { matchLabels: { app: "web", "pod-template-hash": name.slice(4) } }, template: template({ containers: [{ name: "nginx", image, ports: [{ containerPort: 80 }] }] }, { labels: { app: "web", "pod-template-hash": name.slice(4) } }) }, status: { replicas, fullyLabeledReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas, observedGeneration: 1 } }, { labels: { app: "web", "pod-template-hash": name.slice(4) }, annotations: { "deployment.kubernetes.io/revision": "1" }, ...owned("Deployment", "web"), ...meta });
const rs1 = obj("ReplicaSet", "front", { spec: { replicas: 3, selector: { matchLabels: { app: "web" } }, template: template() }, status: { replicas: 3, readyReplicas: 1 } });
add("replica set with pods in all phases", rs1, [podOf("a", "front", "Running"), podOf("b", "front", "Pending"), podOf("c", "front", "Succeeded"), podOf("d", "front", "Failed"), podOf("e", "front", "Running"), podOf("other", "else", "Running"), podOf("orphan", "", "Running"), ev(rs1, "SuccessfulCreate", "Created pod: a", { source: { component: "replicaset-controller" } })]);
add("replica set of a deployment with a failure", { ...rs("web-5d4f8", "nginx:1.27", 2), status: { replicas: 0, conditions: [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: "quota", lastTransitionTime: ago(9) }] } }, [], { hideEvents: true });
add("replica set whose pods may not be read", rs1, [], { refused: { pods: { reason: "Forbidden", message: 'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"' } } });
add("replica set that selects by expressions", obj("ReplicaSet", "expr", { spec: { replicas: 0, selector: { matchLabels: { z: "1" }, matchExpressions: [{ key: "app", operator: "In", values: ["web", "db"] }, { key: "old", operator: "DoesNotExist" }] }, template: template() }, status: { replicas: 0 } }));
const deployStatus = (r: number) => ({ observedGeneration: 2, replicas: r, updatedReplicas: r, readyReplicas: r, availableReplicas: r, conditions: [{ type: "Available", status: "True", reason: "MinimumReplicasAvailable", message: "Deployment has minimum availability.", lastUpdateTime: ago(600), lastTransitionTime: ago(600) }, { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable", message: "done", lastUpdateTime: ago(600), lastTransitionTime: ago(600) }] });
const deploy = obj("Deployment", "web", { spec: { replicas: 3, selector: { matchLabels: { app: "web" } }, template: template() }, status: deployStatus(3) }, { labels: { app: "web" }, annotations: { "deployment.kubernetes.io/revision": "3", ...last } });
add("deployment after two updates", deploy, [rs("web-aaa", "nginx:1.25", 0, { creationTimestamp: ago(5000) }), rs("web-ccc", "nginx:1.27", 3, { creationTimestamp: ago(1000) }), rs("web-bbb", "nginx:1.26", 0, { creationTimestamp: ago(3000) }), rs("web-zzz", "nginx:1.27", 5, { ownerReferences: [] }),
  ev(deploy, "ScalingReplicaSet", "Scaled up replica set web-aaa from 0 to 3", { source: { component: "deployment-controller" }, reportingComponent: "deployment-controller", firstTimestamp: ago(5000), lastTimestamp: ago(5000) }), ev(deploy, "ScalingReplicaSet", "Scaled down replica set web-aaa from 3 to 2", { source: { component: "deployment-controller" }, firstTimestamp: ago(2999), lastTimestamp: ago(2999) })]);
add("deployment whose new replica set is not there yet", obj("Deployment", "web", { spec: { replicas: 2, selector: { matchLabels: { app: "web" } }, template: template({ containers: [{ name: "nginx", image: "nginx:2" }] }) } }), [rs("web-aaa", "nginx:1.25", 1), rs("web-bbb", "nginx:1.26", 1)]);
add("new deployment", obj("Deployment", "new", { spec: { selector: { matchLabels: { app: "new" } }, strategy: { type: "Recreate" }, minReadySeconds: 10, template: template({}, { labels: { app: "new" } }) } }));
add("deployment whose replica sets may not be read", deploy, [], { refused: { replicasets: { reason: "Forbidden", message: "replicasets.apps is forbidden" } } });
const rich = template({ serviceAccountName: "sa", priorityClassName: "high", nodeSelector: { disk: "ssd", arch: "amd64" }, tolerations: [{ key: "a", operator: "Exists" }, { key: "b", value: "c", effect: "NoSchedule" }],
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule", labelSelector: { matchLabels: { app: "web" } } }, { maxSkew: 1, topologyKey: "host", whenUnsatisfiable: "ScheduleAnyway" }],
  initContainers: [{ name: "prepare", image: "busybox", command: ["sh"], volumeMounts: [{ name: "data", mountPath: "/data" }] }],
  containers: [{ name: "nginx", image: "nginx:1.27", ports: [{ containerPort: 80 }, { containerPort: 443 }], env: [{ name: "A", value: "b" }, { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name", apiVersion: "v1" } } }], envFrom: [{ configMapRef: { name: "c" } }], resources: { limits: { cpu: "1", memory: "128Mi" }, requests: { cpu: "100m" } }, livenessProbe: { httpGet: { path: "/", port: 80 } }, volumeMounts: [{ name: "data", mountPath: "/data", readOnly: true }, { name: "conf", mountPath: "/conf", subPath: "x" }] }, { name: "side", image: "busybox", args: ["a", "b"] }],
  volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }, { name: "conf", configMap: { name: "c" } }, { name: "scratch", ephemeral: { volumeClaimTemplate: { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } } } }] }, { annotations: { "kubectl.kubernetes.io/restartedAt": "soon", long } });
add("deployment with a rich template", obj("Deployment", "rich", { spec: { replicas: 1, selector: { matchLabels: { app: "web" }, matchExpressions: [{ key: "b", operator: "NotIn", values: ["y", "x"] }, { key: "a", operator: "Exists" }] }, strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }, template: rich }, status: { replicas: 1, unavailableReplicas: 1, conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }] } }));
const ds = obj("DaemonSet", "agent", { spec: { selector: { matchLabels: { app: "web" } }, template: template({ hostNetwork: true, nodeSelector: { "kubernetes.io/os": "linux" }, tolerations: [{ operator: "Exists" }, { key: "x", operator: "Exists", effect: "NoExecute" }], volumes: [{ name: "log", hostPath: { path: "/var/log", type: "" } }] }) }, status: { desiredNumberScheduled: 3, currentNumberScheduled: 3, updatedNumberScheduled: 2, numberAvailable: 1, numberReady: 1, numberMisscheduled: 0 } }, { annotations: { "deprecated.daemonset.template.generation": "1" } });
add("daemon set", ds, [podOf("agent-1", "agent", "Running"), podOf("agent-2", "agent", "Pending"), ev(ds, "SuccessfulCreate", "Created pod: agent-1", { source: { component: "daemonset-controller" } })]);
add("new daemon set", obj("DaemonSet", "new", { spec: { selector: { matchLabels: { app: "x" } }, template: template({}, { labels: { app: "x" } }) } }));
// ---- ControllerRevision, Lease, Event, others by the generic describer
add("controller revision", obj("ControllerRevision", "agent-7c9f", { revision: 2, data: { spec: { template: { $patch: "replace", metadata: { creationTimestamp: null, labels: { app: "x" } }, spec: { containers: [{ name: "c", image: "i", args: ["a", "b"], securityContext: {}, stdin: true }], dnsPolicy: "ClusterFirst", terminationGracePeriodSeconds: 30 } } } } }, { labels: { app: "x" }, ...owned("DaemonSet", "agent") }));
add("lease of a node", obj("Lease", "node01", { spec: { holderIdentity: "node01", leaseDurationSeconds: 40, renewTime: agoMicro(3) } }, { namespace: "kube-node-lease", ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "node01", uid: "u" }], managedFields: [{ manager: "kubelet", operation: "Update", apiVersion: "coordination.k8s.io/v1", fieldsType: "FieldsV1", fieldsV1: { "f:spec": {} } }] }));
add("event", ev(pod, "Pulled", "a message"), []);
{
  const e = kinds.find((k) => k.kind === "Event" && k.group === "events.k8s.io") as O;
  add("event of events.k8s.io", { apiVersion: "events.k8s.io/v1", kind: "Event", metadata: { name: "web.1", namespace: "default", uid: "u" }, reason: "Pulled", note: "a note", type: "Normal", eventTime: null, deprecatedCount: 1, deprecatedSource: { component: "kubelet" }, regarding: { kind: "Pod", name: "web" }, reportingController: "kubelet" });
  if (!e) throw new Error("events");
}
const widget = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w", namespace: "default", uid: "uid-w", generation: 1, creationTimestamp: ago(9000), finalizers: ["a/b"], labels: { a: "b" } }, spec: { replicas: 3, ratio: 0.5, big: 12345678.5, huge: 1e21, on: true, off: false, nothing: null, empty: {}, none: [], podIPs: ["1.2.3.4"], serverURL: "http://x", "dash-name": 1, snake_case: 2, v1beta: 3, targetUIDs: ["a"], apiGroup: "x", IPAddress: "y", ΩmegaÄpfel: "z", nested: [[1, 2], ["a", { k: "v" }]], list: [{ name: "a", value: 1 }, { name: "b" }], text: "one\ntwo", deep: { deeper: { deepest: [true, null, "s"] } }, metadata: { name: "kept" } }, status: { conditions: [{ type: "Ready", status: "True", lastTransitionTime: ago(100), observedGeneration: 1 }] } };
add("custom resource", widget, [ev(widget, "Built", "all of it")], { resource: "widgets" });
add("custom resource of the cluster without events shown", { apiVersion: "example.com/v1", kind: "Gadget", metadata: { name: "g", annotations: { a: "b", ...last } }, spec: { x: "y" } }, [], { resource: "gadgets", hideEvents: true });
// ---- Services and endpoints
const slice = (name: string, svc: string, endpoints: O[], ports: O[], more: O = {}) => obj("EndpointSlice", name, { addressType: "IPv4", endpoints, ports, ...more }, { labels: { "kubernetes.io/service-name": svc } });
const ep = (ip: string, ready?: boolean) => ({ addresses: [ip], conditions: ready === undefined ? {} : { ready } });
const svcFields = (more: O = {}) => ({ spec: { type: "ClusterIP", clusterIP: "10.96.0.5", clusterIPs: ["10.96.0.5"], ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack", internalTrafficPolicy: "Cluster", sessionAffinity: "None", selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080, protocol: "TCP" }], ...more }, status: { loadBalancer: {} } });
const svc = obj("Service", "web", svcFields(), { labels: { app: "web" } });
add("service with two endpoints", svc, [slice("web-x", "web", [ep("10.1.0.1", true), ep("10.1.0.2", true)], [{ name: "", port: 8080, protocol: "TCP" }]), slice("other", "db", [ep("10.1.0.9")], [{ name: "", port: 1, protocol: "TCP" }]), ev(svc, "Changed", "Ports", { source: { component: "someone" } })]);
add("service without slices", svc);
add("service without ready endpoints", svc, [slice("web-x", "web", [ep("10.1.0.1", false)], [{ name: "", port: 8080, protocol: "TCP" }])]);
add("node port service with five endpoints", obj("Service", "np", svcFields({ type: "NodePort", externalTrafficPolicy: "Cluster", ports: [{ name: "http", port: 80, targetPort: "web", nodePort: 30080 }, { name: "dns", port: 53, targetPort: 53, nodePort: 30053, protocol: "UDP" }], sessionAffinity: "ClientIP" })), [slice("np-a", "np", [ep("10.1.0.1"), ep("10.1.0.2", false), ep("10.1.0.3", true), ep("10.1.0.4", true)], [{ name: "http", port: 8080, protocol: "TCP" }, { name: "dns", port: 5353, protocol: "UDP" }]), slice("np-b", "np", [ep("10.1.0.5"), ep("10.1.0.6", false)], [{ name: "http", port: 9090, protocol: "TCP" }])]);
add("service with three ready endpoints and one that is not", obj("Service", "three", svcFields()), [slice("three-a", "three", [ep("10.1.0.1"), ep("10.1.0.2"), ep("10.1.0.3"), ep("10.1.0.4", false)], [{ name: "", port: 8080, protocol: "TCP" }])]);
add("load balancer", obj("Service", "lb", { ...svcFields({ type: "LoadBalancer", loadBalancerIP: "1.2.3.4", externalIPs: ["5.6.7.8", "5.6.7.9"], loadBalancerSourceRanges: ["10.0.0.0/8", "192.168.0.0/16"], externalTrafficPolicy: "Local", healthCheckNodePort: 31000, trafficDistribution: "PreferClose", ports: [{ port: 80, targetPort: 80, nodePort: 30001 }] }), status: { loadBalancer: { ingress: [{ ip: "1.2.3.4", ipMode: "VIP" }, { ip: "1.2.3.5" }, { hostname: "lb.example.com" }] } } }), [slice("lb6", "lb", [ep("fd00::1", true)], [{ name: "", port: 80, protocol: "TCP" }], { addressType: "IPv6" })]);
add("headless service without ports", obj("Service", "hl", svcFields({ clusterIP: "None", clusterIPs: ["None"], ports: undefined })), [slice("hl-a", "hl", [ep("10.1.0.1")], [])]);
add("headless service with ports whose slice has none", obj("Service", "hp", svcFields({ clusterIP: "None", clusterIPs: ["None"] })), [slice("hp-a", "hp", [ep("10.1.0.1"), ep("10.1.0.2"), ep("10.1.0.3"), ep("10.1.0.4")], [])]);
add("external name", obj("Service", "ext", { spec: { type: "ExternalName", externalName: "db.example.com", sessionAffinity: "None" }, status: { loadBalancer: {} } }));
add("dual stack service", obj("Service", "ds", svcFields({ clusterIPs: ["10.96.0.5", "fd00::5"], ipFamilies: ["IPv4", "IPv6"], ipFamilyPolicy: "PreferDualStack", selector: undefined })));
add("service whose slices may not be read", svc, [], { refused: { endpointslices: { reason: "Forbidden", message: "endpointslices.discovery.k8s.io is forbidden" } } });
add("endpoints", obj("Endpoints", "web", { subsets: [{ addresses: [{ ip: "10.1.0.1" }, { ip: "10.1.0.2" }], notReadyAddresses: [{ ip: "10.1.0.3" }], ports: [{ port: 80, protocol: "TCP" }, { name: "https", port: 443, protocol: "TCP" }] }, { notReadyAddresses: [{ ip: "10.1.0.4" }] }] }, { annotations: { "endpoints.kubernetes.io/last-change-trigger-time": "x" } }));
add("endpoints of nothing", obj("Endpoints", "none"));
add("endpoint slice", obj("EndpointSlice", "web-abc", { addressType: "IPv4", ports: [{ name: "", port: 80, protocol: "TCP" }, { name: "m", protocol: "UDP" }], endpoints: [{ addresses: ["10.1.0.1", "10.1.0.2"], conditions: { ready: true, serving: true, terminating: false }, targetRef: { kind: "Pod", name: "web-1", namespace: "default" }, nodeName: "node01", zone: "a", hostname: "h" }, { addresses: ["10.1.0.3"], conditions: { ready: false } }, { addresses: ["10.1.0.4"], conditions: {} }] }, { labels: { "kubernetes.io/service-name": "web" }, generateName: "web-" }));
add("endpoint slice without anything", obj("EndpointSlice", "none", { addressType: "FQDN", endpoints: [], ports: [] }));
// ---- ServiceAccount
const tokenOf = (name: string, sa: string, uid: string) => obj("Secret", name, { type: "kubernetes.io/service-account-token", data: {} }, { annotations: { "kubernetes.io/service-account.name": sa, "kubernetes.io/service-account.uid": uid } });
add("service account", obj("ServiceAccount", "default"));
add("service account with secrets", obj("ServiceAccount", "build", { imagePullSecrets: [{ name: "reg" }, { name: "gone" }], secrets: [{ name: "build-token" }] }), [tokenOf("build-token", "build", "uid-build"), tokenOf("build-token-2", "build", "uid-build"), tokenOf("old", "build", "uid-old"), obj("Secret", "reg", { type: "kubernetes.io/dockerconfigjson", data: {} })]);
add("service account whose secrets may not be read", obj("ServiceAccount", "build", { imagePullSecrets: [{ name: "reg" }] }), [], { refused: { secrets: { reason: "Forbidden", message: "secrets is forbidden" } } });
// ---- Storage
const pvMeta = { finalizers: ["kubernetes.io/pv-protection"] };
const pv = obj("PersistentVolume", "pv1", { spec: { capacity: { storage: "10Gi" }, accessModes: ["ReadWriteOnce", "ReadOnlyMany"], hostPath: { path: "/mnt/data" }, persistentVolumeReclaimPolicy: "Retain", storageClassName: "manual", volumeMode: "Filesystem", claimRef: { kind: "PersistentVolumeClaim", namespace: "default", name: "data", uid: "u" } }, status: { phase: "Bound" } }, { ...pvMeta, annotations: { "pv.kubernetes.io/bound-by-controller": "yes" } });
add("bound volume of a host path", pv, [ev({ ...pv, metadata: { ...pv.metadata } }, "VolumeRecycled", "x", { involvedObject: { kind: "PersistentVolume", name: "pv1", uid: "uid-pv1", namespace: "" } })]);
add("local volume with node affinity", obj("PersistentVolume", "pv2", { spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOncePod"], local: { path: "/disk" }, nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["n1", "n2"] }, { key: "gpu", operator: "Exists" }] }, { matchFields: [{ key: "metadata.name", operator: "In", values: ["x"] }] }] } }, persistentVolumeReclaimPolicy: "Delete", volumeMode: "Block" }, status: { phase: "Failed", message: "could not delete", reason: "x" } }, { labels: { type: "local" } }));
add("csi volume that is deleted", obj("PersistentVolume", "pv3", { spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteMany"], csi: { driver: "ebs.csi.aws.com", volumeHandle: "vol-1", fsType: "ext4", volumeAttributes: { "storage.kubernetes.io/csiProvisionerIdentity": "1234", b: long } }, persistentVolumeReclaimPolicy: "Delete", storageClassName: "" }, status: { phase: "Released" } }, { ...pvMeta, deletionTimestamp: ago(125) }));
add("volume with the class of old", obj("PersistentVolume", "pv4", { spec: { capacity: { storage: "5Gi" }, accessModes: ["ReadWriteMany"], nfs: { server: "s", path: "/p" }, storageClassName: "new" }, status: { phase: "Available" } }, { annotations: { "volume.beta.kubernetes.io/storage-class": "old" } }));
for (const [name, source] of Object.entries({ iscsi: { targetPortal: "p", iqn: "i", lun: 1, secretRef: { name: "s", namespace: "n" } }, glusterfs: { endpoints: "e", path: "p" }, rbd: { monitors: ["m"], image: "i", secretRef: { name: "s", namespace: "n" } }, cinder: { volumeID: "v", secretRef: { name: "s" } }, cephfs: { monitors: ["m"] }, azureFile: { secretName: "s", shareName: "n", secretNamespace: null }, flexVolume: { driver: "a/b" }, fc: { targetWWNs: ["w"], lun: 0 }, gcePersistentDisk: { pdName: "p" }, csi: { driver: "d", volumeHandle: "h" } }))
  add(`volume of ${name}`, obj("PersistentVolume", `pv-${name.toLowerCase()}`, { spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], [name]: source }, status: { phase: "Available" } }), [], { hideEvents: true });
const claimSpec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, storageClassName: "fast", volumeMode: "Filesystem" };
const pvc = obj("PersistentVolumeClaim", "data", { spec: { ...claimSpec, volumeName: "pv1" }, status: { phase: "Bound", accessModes: ["ReadWriteOnce"], capacity: { storage: "10Gi" } } }, { finalizers: ["kubernetes.io/pvc-protection"], annotations: { "pv.kubernetes.io/bind-completed": "yes", "volume.kubernetes.io/storage-provisioner": "rancher.io/local-path" } });
const user = (name: string, claim: string) => obj("Pod", name, { spec: { containers: [{ name: "c", image: "i" }], volumes: [{ name: "e", emptyDir: {} }, { name: "v", persistentVolumeClaim: { claimName: claim } }] } });
add("bound claim with users", pvc, [user("z", "data"), user("b", "data"), user("c", "other"), ev(pvc, "ProvisioningSucceeded", "Successfully provisioned volume pv1", { source: { component: "rancher.io/local-path_x" } })]);
const waiting = obj("PersistentVolumeClaim", "wait", { spec: claimSpec, status: { phase: "Pending" } });
add("claim that waits", waiting, [ev(waiting, "WaitForFirstConsumer", "waiting for first consumer to be created before binding", { source: { component: "persistentvolume-controller" }, count: 5, lastTimestamp: ago(11), firstTimestamp: ago(71) })]);
add("claim that is resized, from a snapshot, and deleted", obj("PersistentVolumeClaim", "big", { spec: { ...claimSpec, volumeName: "pv9", dataSource: { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "snap" } }, status: { phase: "Bound", accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" }, conditions: [{ type: "FileSystemResizePending", status: "True", lastProbeTime: null, lastTransitionTime: ago(77), message: "Waiting for user to (re-)start a pod" }] } }, { deletionTimestamp: ago(3700) }));
add("claim of a pod, cloned", obj("PersistentVolumeClaim", "web-scratch", { spec: { ...claimSpec, dataSource: { kind: "PersistentVolumeClaim", name: "src" } }, status: { phase: "Lost" } }, { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "owner", uid: "uid-owner", controller: true }, { apiVersion: "v1", kind: "Pod", name: "gone", uid: "uid-gone" }] }), [user("owner", "none"), user("user", "web-scratch")]);
add("default storage class", obj("StorageClass", "local-path", { provisioner: "rancher.io/local-path", volumeBindingMode: "WaitForFirstConsumer" }, { annotations: { "storageclass.kubernetes.io/is-default-class": "true", ...last } }));
add("storage class with options", obj("StorageClass", "fast", { provisioner: "ebs.csi.aws.com", parameters: { type: "gp3", a: "b" }, allowVolumeExpansion: true, mountOptions: ["debug", "ro"], reclaimPolicy: "Retain", allowedTopologies: [{ matchLabelExpressions: [{ key: "zone", values: ["a", "b"] }, { key: "rack", values: ["1"] }] }, {}] }, { labels: { a: "b" } }));
add("storage class that does not grow", obj("StorageClass", "slow", { provisioner: "x.io/y", allowVolumeExpansion: false, allowedTopologies: [] }, { annotations: { "storageclass.beta.kubernetes.io/is-default-class": "true" } }), [], { hideEvents: true });
// ---- RBAC
add("role", obj("Role", "reader", { rules: [{ apiGroups: [""], resources: ["pods", "pods/log"], verbs: ["get", "list", "watch"] }, { apiGroups: ["apps", "batch"], resources: ["deployments", "deployments/scale"], verbs: ["*"] }, { apiGroups: [""], resources: ["secrets"], resourceNames: ["a", "b"], verbs: ["get"] }] }, { labels: { a: "b" }, annotations: { x: "y" } }));
add("role whose rules overlap", obj("Role", "twice", { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] }, { apiGroups: [""], resources: ["pods"], verbs: ["list", "create"] }, { apiGroups: [""], resources: ["pods"], resourceNames: ["x"], verbs: ["list", "delete"] }, { apiGroups: [""], resources: ["pods"], resourceNames: ["x"], verbs: ["get"] }] }));
add("role without rules", obj("Role", "none", { rules: [] }));
add("cluster role with urls", obj("ClusterRole", "monitor", { rules: [{ nonResourceURLs: ["/metrics", "/healthz/*"], verbs: ["get", "head"] }, { apiGroups: ["metrics.k8s.io"], resources: ["nodes"], verbs: ["get"] }, { apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] }));
add("aggregated cluster role", obj("ClusterRole", "agg", { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: "b" } }] }, rules: [] }, { labels: { "kubernetes.io/bootstrapping": "rbac-defaults" } }));
add("role binding", obj("RoleBinding", "rb", { roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" }, subjects: [{ kind: "User", name: "jane", apiGroup: "rbac.authorization.k8s.io" }, { kind: "ServiceAccount", name: "build", namespace: "ci" }, { kind: "Group", name: "system:masters" }] }));
add("role binding without subjects", obj("RoleBinding", "rb0", { roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" } }));
add("cluster role binding", obj("ClusterRoleBinding", "crb", { roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" }, subjects: [{ kind: "Group", name: "ops" }] }, { labels: { a: "b" } }));
add("priority class", obj("PriorityClass", "high", { value: 1000000, globalDefault: true, description: "for what matters", preemptionPolicy: "PreemptLowerPriority" }, { annotations: { a: "b", c: "d" } }));
add("plain priority class", obj("PriorityClass", "low", { value: -10 }));
// ---- Nodes
const nodeConditions = ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"].map((type) => ({ type, status: type === "Ready" ? "True" : "False", lastHeartbeatTime: ago(60), lastTransitionTime: ago(86000), reason: type === "Ready" ? "KubeletReady" : `KubeletHasSufficient${type}`, message: type === "Ready" ? "kubelet is posting ready status" : "kubelet has sufficient" }));
const nodeInfo = { machineID: "388a", systemUUID: "3aec", bootID: "b0b0", kernelVersion: "6.8.0-51-generic", osImage: "Ubuntu 24.04.3 LTS", operatingSystem: "linux", architecture: "amd64", containerRuntimeVersion: "containerd://1.7.27", kubeletVersion: "v1.33.2", kubeProxyVersion: "" };
const nodeFields = (more: O = {}, spec: O = {}) => ({ spec: { podCIDR: "192.168.1.0/24", podCIDRs: ["192.168.1.0/24"], ...spec }, status: { capacity: { cpu: "2", memory: "4005464Ki", pods: "110", "ephemeral-storage": "19221248Ki", "hugepages-2Mi": "0" }, allocatable: { cpu: "2", memory: "3903064Ki", pods: "110", "ephemeral-storage": "18698430040", "hugepages-2Mi": "0" }, conditions: nodeConditions, addresses: [{ type: "InternalIP", address: "172.30.1.2" }, { type: "Hostname", address: "node01" }], nodeInfo, ...more } });
const lease = (name: string, spec: O) => ({ apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name, namespace: "kube-node-lease" }, spec });
const onNode = (name: string, namespace: string, resources: O[], more: O = {}, st: O = {}, node = "node01") => obj("Pod", name, { spec: { nodeName: node, containers: resources.map((r, i) => ({ name: `c${i}`, image: "i", resources: r })), ...more }, status: { phase: "Running", ...st } }, { namespace, creationTimestamp: ago(5400) });
const node1 = obj("Node", "node01", nodeFields(), { labels: { "kubernetes.io/hostname": "node01", "node-role.kubernetes.io/worker": "", "kubernetes.io/role": "edge" }, annotations: { "node.alpha.kubernetes.io/ttl": "0", "volumes.kubernetes.io/controller-managed-attach-detach": "true" } });
const nodePods = [
  onNode("web-1", "default", [{ requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "256Mi" } }]),
  onNode("web-2", "default", [{ requests: { cpu: "0.25", memory: "100M" } }, { requests: { cpu: "250m" }, limits: { memory: "1Gi", "ephemeral-storage": "2Gi" } }]),
  onNode("a-very-long-name-of-a-pod-x7k2p", "kube-system", [{}]),
  onNode("init", "kube-system", [{ requests: { cpu: "50m", memory: "10Mi" } }], { initContainers: [{ name: "i", image: "x", resources: { requests: { cpu: "1", memory: "5Mi" }, limits: { cpu: "1" } } }, { name: "s", image: "x", restartPolicy: "Always", resources: { requests: { cpu: "10m" } } }], overhead: { cpu: "20m", memory: "8Mi" } }),
  onNode("resized", "default", [{ requests: { cpu: "100m", memory: "128Mi" } }], {}, { containerStatuses: [status("c0", { resources: { requests: { cpu: "400m", memory: "64Mi" }, limits: { cpu: "1" } }, allocatedResources: { cpu: "300m" } })] }),
  onNode("infeasible", "default", [{ requests: { cpu: "8", memory: "128Mi" } }], {}, { conditions: [{ type: "PodResizePending", status: "True", reason: "Infeasible" }], containerStatuses: [status("c0", { resources: { requests: { cpu: "200m" } }, allocatedResources: { cpu: "150m", memory: "32Mi" } })] }),
  onNode("deferred", "default", [{ requests: { cpu: "300m" } }, { requests: { cpu: "1m" } }], {}, { conditions: [{ type: "PodResizePending", status: "True", reason: "Deferred" }], containerStatuses: [status("c0", { resources: { requests: { cpu: "200m" } } })] }),
  onNode("sidecar", "default", [{ requests: { cpu: "100m" } }], { initContainers: [{ name: "s", image: "x", restartPolicy: "Always", resources: { requests: { cpu: "10m" } } }, { name: "i", image: "x", resources: { requests: { cpu: "20m" } } }] }, { initContainerStatuses: [status("s", { resources: { requests: { cpu: "60m" } }, allocatedResources: { cpu: "50m" } }), status("i", { resources: { requests: { cpu: "900m" } } })] }),
  onNode("pod-level", "default", [{ requests: { cpu: "100m", memory: "1Mi" } }], { resources: { requests: { cpu: "500m" }, limits: { memory: "1Gi" } } }),
  onNode("finished", "default", [{ requests: { cpu: "1" } }], {}, { phase: "Succeeded" }),
  onNode("elsewhere", "default", [{ requests: { cpu: "1" } }], {}, {}, "node02"),
];
const nodeEvents = [ev(node1, "RegisteredNode", "Node node01 event: Registered Node node01 in Controller", { involvedObject: { kind: "Node", name: "node01", uid: "uid-node01" }, source: { component: "node-controller" }, firstTimestamp: ago(200), lastTimestamp: ago(200) }), ev(node1, "Starting", "Starting kubelet.", { involvedObject: { kind: "Node", name: "node01", uid: "node01" }, firstTimestamp: ago(210), lastTimestamp: ago(210) }), ev(node1, "NodeReady", "Node node01 status is now: NodeReady", { involvedObject: { kind: "Node", name: "node01", uid: "node01" }, firstTimestamp: ago(100), lastTimestamp: ago(100) })];
add("node with pods, lease and events", node1, [...nodePods, ...nodeEvents, lease("node01", { holderIdentity: "node01", leaseDurationSeconds: 40, renewTime: agoMicro(4) })]);
add("node without lease and pods, cordoned and tainted", obj("Node", "cp", nodeFields({ conditions: [{ type: "Ready", status: "Unknown", lastHeartbeatTime: ago(600), lastTransitionTime: ago(500), reason: "NodeStatusUnknown", message: "Kubelet stopped posting node status." }], addresses: [] }, { unschedulable: true, providerID: "kind://x", podCIDRs: ["10.0.0.0/24", "fd00::/64"], taints: [{ key: "node.kubernetes.io/unreachable", effect: "NoSchedule", timeAdded: ago(500) }, { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }, { key: "node.kubernetes.io/unreachable", effect: "NoExecute" }, { key: "app", value: "db", effect: "PreferNoSchedule" }] }), { labels: { "node-role.kubernetes.io/control-plane": "" } }));
add("node whose pods may not be read", obj("Node", "node01", nodeFields()), [], { refused: { pods: { reason: "Forbidden", message: "pods is forbidden" }, leases: { reason: "Forbidden", message: 'leases.coordination.k8s.io "node01" is forbidden: User "jane" cannot get resource "leases"' } } });
add("new node without status", obj("Node", "fresh", { spec: {}, status: { nodeInfo: {} } }, { creationTimestamp: null }), [onNode("p", "default", [{ requests: { cpu: "1" } }], {}, {}, "fresh"), lease("fresh", {})], { hideEvents: true });
add("node with huge pages and devices", obj("Node", "gpu", nodeFields({ allocatable: undefined, capacity: { cpu: "3", memory: "8Gi", "hugepages-1Gi": "2Gi", "hugepages-2Mi": "0", "nvidia.com/gpu": "4", "example.com/dongle": "1", pods: "10" } })), [onNode("train", "ml", [{ requests: { cpu: "1", "nvidia.com/gpu": "2", "hugepages-1Gi": "1Gi" }, limits: { cpu: "2", "nvidia.com/gpu": "2", "hugepages-1Gi": "1Gi" } }], { overhead: { cpu: "100m", memory: "1Mi" } }, {}, "gpu")]);

writeFileSync(process.argv[2]!, cases.map((c) => JSON.stringify(c)).join("\n") + "\n");
console.log(cases.length);
