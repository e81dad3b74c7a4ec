import { describe, expect, test } from "vitest";
import { kinds } from "../../src/kinds/index.ts";
import { invalid, problemText, unsupported } from "../../src/kinds/problem.ts";
import { filled, problemsOf } from "./tools.ts";

const label = (value: string) =>
  `${JSON.stringify(value)}: a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`;
const subdomain = (value: string) =>
  `${JSON.stringify(value)}: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`;
const labelValue = (value: string) =>
  `${JSON.stringify(value)}: a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`;
const configKey = (value: string) =>
  `${JSON.stringify(value)}: a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`;

const a = { name: "a", image: "a:1" };
const pod = (spec: object, container: object = {}) => ({ spec: { containers: [{ ...a, ...container }], ...spec } });

const podCases: readonly (readonly [name: string, fields: Record<string, unknown>, problems: readonly string[]])[] = [
  ["right", pod({}), []],
  [
    "resources of the pod as a whole",
    pod(
      { resources: { requests: { cpu: "1", "ephemeral-storage": "1Gi" }, limits: { memory: "64Mi" } } },
      { resources: { requests: { cpu: "1500m" }, limits: { memory: "128Mi" } } },
    ),
    [
      'spec.resources.requests[ephemeral-storage]: Unsupported value: "ephemeral-storage": supported values: "cpu", "hugepages-", "memory"',
      'spec.resources.requests: Invalid value: "128Mi": must be less than or equal to memory limit of 64Mi',
      'spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 1500m',
      'spec.resources.containers[0][memory].limits: Invalid value: "128Mi": must be less than or equal to pod limits of 64Mi',
    ],
  ],
  ["no containers", { spec: { containers: [] } }, ["spec.containers: Required value"]],
  ["no image", { spec: { containers: [{ name: "a" }] } }, ["spec.containers[0].image: Required value"]],
  ["no name", { spec: { containers: [{ image: "a:1" }] } }, ["spec.containers[0].name: Required value"]],
  [
    "name",
    { spec: { containers: [{ ...a, name: "A_b" }] } },
    [`spec.containers[0].name: Invalid value: ${label("A_b")}`],
  ],
  [
    "dots",
    { spec: { containers: [{ ...a, name: "a.b" }] } },
    ['spec.containers[0].name: Invalid value: "a.b": must not contain dots'],
  ],
  ["twice", { spec: { containers: [a, a] } }, ['spec.containers[1].name: Duplicate value: "a"']],
  ["an init container's name too", pod({ initContainers: [a] }), ['spec.initContainers[0].name: Duplicate value: "a"']],
  [
    "spaces",
    pod({}, { image: "a:1 " }),
    ['spec.containers[0].image: Invalid value: "a:1 ": must not have leading or trailing whitespace'],
  ],
  [
    "pull policy",
    pod({}, { imagePullPolicy: "x" }),
    ['spec.containers[0].imagePullPolicy: Unsupported value: "x": supported values: "Always", "IfNotPresent", "Never"'],
  ],
  [
    "restart policy",
    pod({ restartPolicy: "always" }),
    ['spec.restartPolicy: Unsupported value: "always": supported values: "Always", "OnFailure", "Never"'],
  ],
  [
    "dns policy",
    pod({ dnsPolicy: "x" }),
    [
      'spec.dnsPolicy: Unsupported value: "x": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
    ],
  ],
  [
    "dns none",
    pod({ dnsPolicy: "None" }),
    ["spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None"],
  ],
  [
    "nameserver",
    pod({ dnsConfig: { nameservers: ["1.2.3"] } }),
    [
      'spec.dnsConfig.nameservers[0]: Invalid value: "1.2.3": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ],
  ],
  [
    "mount of nothing",
    pod({}, { volumeMounts: [{ name: "v", mountPath: "/v" }] }),
    ['spec.containers[0].volumeMounts[0].name: Not found: "v"'],
  ],
  [
    "mounted twice",
    pod(
      { volumes: [{ name: "v" }, { name: "w" }] },
      {
        volumeMounts: [
          { name: "v", mountPath: "/v" },
          { name: "w", mountPath: "/v" },
        ],
      },
    ),
    ['spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/v": must be unique'],
  ],
  ["volume twice", pod({ volumes: [{ name: "v" }, { name: "v" }] }), ['spec.volumes[1].name: Duplicate value: "v"']],
  [
    "two sources",
    pod({ volumes: [{ name: "v", emptyDir: {}, hostPath: { path: "/x" } }] }),
    ["spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type"],
  ],
  [
    "host path type",
    pod({ volumes: [{ name: "v", hostPath: { path: "/x", type: "Dir" } }] }),
    [
      'spec.volumes[0].hostPath.type: Unsupported value: "Dir": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
    ],
  ],
  [
    "config map without name",
    pod({ volumes: [{ name: "v", configMap: {} }] }),
    ["spec.volumes[0].configMap.name: Required value"],
  ],
  [
    "claim without name",
    pod({ volumes: [{ name: "v", persistentVolumeClaim: {} }] }),
    ["spec.volumes[0].persistentVolumeClaim.claimName: Required value"],
  ],
  [
    "item out of its volume",
    pod({ volumes: [{ name: "v", secret: { secretName: "s", items: [{ key: "k", path: "../x" }] } }] }),
    ["spec.volumes[0].secret.items[0].path: Invalid value: \"../x\": must not contain '..'"],
  ],
  [
    "request over limit",
    pod({}, { resources: { limits: { cpu: "1" }, requests: { cpu: "2" } } }),
    ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
  ],
  [
    "below zero",
    pod({}, { resources: { requests: { memory: "-1Gi" } } }),
    ['spec.containers[0].resources.requests[memory]: Invalid value: "-1Gi": must be greater than or equal to 0'],
  ],
  [
    "unknown resource",
    pod({}, { resources: { requests: { gpu: "1" } } }),
    [
      'spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified',
      'spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource for containers',
    ],
  ],
  [
    "extended resource without limit",
    pod({}, { resources: { requests: { "nvidia.com/gpu": "1" } } }),
    ["spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources"],
  ],
  [
    "probe without handler",
    pod({}, { livenessProbe: {} }),
    ["spec.containers[0].livenessProbe: Required value: must specify a handler type"],
  ],
  [
    "probe with two handlers",
    pod({}, { readinessProbe: { exec: { command: ["x"] }, tcpSocket: { port: 1 } } }),
    ["spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type"],
  ],
  [
    "liveness threshold",
    pod({}, { livenessProbe: { tcpSocket: { port: 1 }, successThreshold: 2 } }),
    ["spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1"],
  ],
  [
    "probe port",
    pod({}, { startupProbe: { httpGet: { port: 70000 } } }),
    ["spec.containers[0].startupProbe.httpGet.port: Invalid value: 70000: must be between 1 and 65535, inclusive"],
  ],
  [
    "port name",
    pod({}, { ports: [{ containerPort: 80, name: "1234567890123456" }] }),
    [
      'spec.containers[0].ports[0].name: Invalid value: "1234567890123456": must be no more than 15 characters',
      'spec.containers[0].ports[0].name: Invalid value: "1234567890123456": must contain at least one letter (a-z)',
    ],
  ],
  ["no port", pod({}, { ports: [{}] }), ["spec.containers[0].ports[0].containerPort: Required value"]],
  [
    "protocol",
    pod({}, { ports: [{ containerPort: 80, protocol: "tcp" }] }),
    ['spec.containers[0].ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"'],
  ],
  [
    "host port twice",
    {
      spec: {
        containers: [
          { ...a, ports: [{ containerPort: 1, hostPort: 80 }] },
          { name: "b", image: "b:1", ports: [{ containerPort: 2, hostPort: 80 }] },
        ],
      },
    },
    ['spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//80"'],
  ],
  [
    "variable name",
    pod({}, { env: [{ name: "A=B", value: "x" }] }),
    [
      "spec.containers[0].env[0].name: Invalid value: \"A=B\": a valid environment variable name must consist only of printable ASCII characters other than '='",
    ],
  ],
  [
    "variable from nothing",
    pod({}, { env: [{ name: "A", valueFrom: {} }] }),
    [
      'spec.containers[0].env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
    ],
  ],
  [
    "value and source",
    pod({}, { env: [{ name: "A", value: "x", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }] }),
    ['spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty'],
  ],
  [
    "field",
    pod({}, { env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "status.phase" } } }] }),
    [
      'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "status.phase": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"',
    ],
  ],
  [
    "toleration",
    pod({ tolerations: [{ key: "k", operator: "Exists", value: "x" }] }),
    ["spec.tolerations[0].operator: Invalid value: \"x\": value must be empty when `operator` is 'Exists'"],
  ],
  [
    "toleration of nothing",
    pod({ tolerations: [{ operator: "Equal", value: "x" }] }),
    [
      'spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
    ],
  ],
  [
    "toleration operator",
    pod({ tolerations: [{ key: "k", operator: "In" }] }),
    ['spec.tolerations[0].operator: Unsupported value: "In": supported values: "Equal", "Exists"'],
  ],
  [
    "toleration seconds",
    pod({ tolerations: [{ key: "k", operator: "Exists", effect: "NoSchedule", tolerationSeconds: 1 }] }),
    [
      "spec.tolerations[0].effect: Invalid value: \"NoSchedule\": effect must be 'NoExecute' when `tolerationSeconds` is set",
    ],
  ],
  ["node selector", pod({ nodeSelector: { a: "b c" } }), [`spec.nodeSelector: Invalid value: ${labelValue("b c")}`]],
  [
    "node affinity",
    pod({
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "In" }] }],
          },
        },
      },
    }),
    [
      "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    ],
  ],
  [
    "no terms",
    pod({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } } }),
    [
      "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term",
    ],
  ],
  [
    "weight",
    pod({
      affinity: {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 0, podAffinityTerm: { topologyKey: "k", labelSelector: {} } },
          ],
        },
      },
    }),
    [
      "spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the range 1-100",
    ],
  ],
  [
    "spread",
    pod({ topologySpreadConstraints: [{ maxSkew: 0, topologyKey: "zone", whenUnsatisfiable: "Never" }] }),
    [
      "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero",
      'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "Never": supported values: "DoNotSchedule", "ScheduleAnyway"',
    ],
  ],
  [
    "user",
    pod({}, { securityContext: { runAsUser: -1 } }),
    ["spec.containers[0].securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive"],
  ],
  [
    "seccomp",
    pod({ securityContext: { seccompProfile: { type: "Localhost" } } }),
    [
      "spec.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost",
    ],
  ],
  [
    "contradiction",
    pod({}, { securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
    [
      'spec.containers[0].securityContext: Invalid value: {"Capabilities":null,"Privileged":true,"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":null,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFilesystem":null,"AllowPrivilegeEscalation":false,"ProcMount":null,"SeccompProfile":null,"AppArmorProfile":null}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
    ],
  ],
  [
    "host network",
    pod({ hostNetwork: true }, { ports: [{ containerPort: 80, hostPort: 81 }] }),
    ["spec.containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true"],
  ],
  [
    "probe of an init container",
    pod({ initContainers: [{ name: "i", image: "i:1", livenessProbe: { tcpSocket: { port: 1 } } }] }),
    [
      "spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
    ],
  ],
  [
    "probe of a sidecar",
    pod({
      initContainers: [{ name: "i", image: "i:1", restartPolicy: "Always", livenessProbe: { tcpSocket: { port: 1 } } }],
    }),
    [],
  ],
  [
    "ephemeral at creation",
    pod({ ephemeralContainers: [{ name: "e", image: "e:1" }] }),
    ["spec.ephemeralContainers: Forbidden: cannot be set on create"],
  ],
  [
    "deadline",
    pod({ activeDeadlineSeconds: 0 }),
    ["spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive"],
  ],
  ["service account", pod({ serviceAccountName: "A" }), [`spec.serviceAccountName: Invalid value: ${subdomain("A")}`]],
  [
    "token without account",
    pod({ volumes: [{ name: "v", projected: { sources: [{ serviceAccountToken: { path: "t" } }] } }] }),
    [
      "spec.volumes[0].projected.sources[0].serviceAccountToken: Forbidden: must not be specified when serviceAccountName is not set",
    ],
  ],
];

test.each(podCases)("pod: %s", (_name, fields, problems) => {
  expect(problemsOf("pods", fields)).toEqual(problems);
});

const template = (spec: object = {}, labels: object = { app: "x" }) => ({
  metadata: { labels },
  spec: { containers: [a], ...spec },
});
const selector = { matchLabels: { app: "x" } };
const workloads = ["deployments", "replicasets", "daemonsets"] as const;

describe.each(workloads)("%s", (plural) => {
  test("right", () => expect(problemsOf(plural, { spec: { selector, template: template() } })).toEqual([]));

  test("labels that the selector does not match", () => {
    expect(problemsOf(plural, { spec: { selector, template: template({}, { tier: "y", app: "z" }) } })).toEqual([
      'spec.template.metadata.labels: Invalid value: {"app":"z","tier":"y"}: `selector` does not match template `labels`',
    ]);
  });

  test("no selector", () => {
    expect(problemsOf(plural, { spec: { template: template() } })).toEqual([
      "spec.selector: Required value",
      'spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`',
    ]);
  });

  test("empty selector", () => {
    const word = plural === "daemonsets" ? "daemonset" : "deployment";
    expect(problemsOf(plural, { spec: { selector: {}, template: template() } })).toEqual([
      `spec.selector: Invalid value: {}: empty selector is invalid for ${word}`,
    ]);
  });

  test("pods that end", () => {
    expect(problemsOf(plural, { spec: { selector, template: template({ restartPolicy: "Never" }) } })).toEqual([
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ]);
  });
});

const service = (spec: object) => ({ spec: { ports: [{ port: 80 }], ...spec } });
const binding = (fields: object) => ({ roleRef: { kind: "ClusterRole", name: "r" }, ...fields });
const volume = (spec: object) => ({
  spec: { accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" }, hostPath: { path: "/x" }, ...spec },
});
const claim = (spec: object) => ({
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, ...spec },
});
const deployment = (spec: object) => ({ spec: { selector, template: template(), ...spec } });

const cases: readonly (readonly [
  plural: string,
  name: string,
  fields: Record<string, unknown>,
  problems: readonly string[],
])[] = [
  [
    "deployments",
    "replicas",
    deployment({ replicas: -1 }),
    ["spec.replicas: Invalid value: -1: must be greater than or equal to 0"],
  ],
  [
    "deployments",
    "both zero",
    deployment({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
    ["spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0"],
  ],
  [
    "deployments",
    "more than all",
    deployment({ strategy: { rollingUpdate: { maxUnavailable: "101%" } } }),
    ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%'],
  ],
  [
    "deployments",
    "no share",
    deployment({ strategy: { rollingUpdate: { maxSurge: "x" } } }),
    [
      "spec.strategy.rollingUpdate.maxSurge: Invalid value: \"x\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
    ],
  ],
  [
    "deployments",
    "recreate with parameters",
    deployment({ strategy: { type: "Recreate", rollingUpdate: {} } }),
    ["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"],
  ],
  [
    "deployments",
    "strategy",
    deployment({ strategy: { type: "Foo" } }),
    [
      'spec.strategy: Unsupported value: {"Type":"Foo","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"',
    ],
  ],
  [
    "deployments",
    "deadline",
    deployment({ minReadySeconds: 10, progressDeadlineSeconds: 10 }),
    ["spec.progressDeadlineSeconds: Invalid value: 10: must be greater than minReadySeconds"],
  ],
  [
    "daemonsets",
    "surge and unavailable",
    deployment({ updateStrategy: { rollingUpdate: { maxSurge: 1 } } }),
    ["spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero"],
  ],
  ["services", "no ports", { spec: {} }, ["spec.ports: Required value"]],
  [
    "services",
    "names of ports",
    service({ ports: [{ port: 80 }, { port: 81, name: "b" }] }),
    ["spec.ports[0].name: Required value"],
  ],
  [
    "services",
    "port",
    service({ ports: [{ port: 0 }] }),
    [
      "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
      "spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive",
    ],
  ],
  [
    "services",
    "node port of a cluster IP",
    service({ ports: [{ port: 80, nodePort: 30000 }] }),
    ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
  ],
  [
    "services",
    "type",
    service({ type: "Nodeport" }),
    [
      'spec.type: Unsupported value: "Nodeport": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    ],
  ],
  ["services", "no name elsewhere", { spec: { type: "ExternalName" } }, ["spec.externalName: Required value"]],
  [
    "services",
    "same port twice",
    service({
      ports: [
        { name: "a", port: 80 },
        { name: "b", port: 80 },
      ],
    }),
    [
      'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
    ],
  ],
  [
    "services",
    "loopback",
    service({ externalIPs: ["127.0.0.1"] }),
    ['spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  ],
  [
    "services",
    "address",
    service({ clusterIP: "x", clusterIPs: ["x"] }),
    ['spec.clusterIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
  ],
  [
    "services",
    "target port",
    service({ ports: [{ port: 80, targetPort: "Web" }] }),
    [
      'spec.ports[0].targetPort: Invalid value: "Web": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    ],
  ],
  ["configmaps", "key", { data: { "a b": "x" } }, [`data[a b]: Invalid value: ${configKey("a b")}`]],
  [
    "configmaps",
    "key twice",
    { data: { a: "x" }, binaryData: { a: "QQ==" } },
    ['data[a]: Invalid value: "a": duplicate of key present in binaryData'],
  ],
  [
    "configmaps",
    "too large",
    { data: { a: "x".repeat(1024 * 1024 + 1) } },
    [": Too long: may not be more than 1048576 bytes"],
  ],
  ["configmaps", "just fits", { data: { a: "x".repeat(1024 * 1024) } }, []],
  ["secrets", "tls", { type: "kubernetes.io/tls", data: { "tls.crt": "QQ==" } }, ["data[tls.key]: Required value"]],
  ["secrets", "docker", { type: "kubernetes.io/dockerconfigjson", data: { ".dockerconfigjson": "e30=" } }, []],
  [
    "secrets",
    "no docker JSON",
    { type: "kubernetes.io/dockerconfigjson", data: { ".dockerconfigjson": "eA==" } },
    [
      "data[.dockerconfigjson]: Invalid value: \"<secret contents redacted>\": invalid character 'x' looking for beginning of value",
    ],
  ],
  [
    "secrets",
    "basic auth",
    { type: "kubernetes.io/basic-auth" },
    ["data[username]: Required value", "data[password]: Required value"],
  ],
  [
    "secrets",
    "token",
    { type: "kubernetes.io/service-account-token" },
    ["metadata.annotations[kubernetes.io/service-account.name]: Required value"],
  ],
  [
    "roles",
    "rule",
    { rules: [{ verbs: [] }] },
    [
      "rules[0].verbs: Required value: verbs must contain at least one value",
      "rules[0].apiGroups: Required value: resource rules must supply at least one api group",
      "rules[0].resources: Required value: resource rules must supply at least one resource",
    ],
  ],
  [
    "roles",
    "paths",
    { rules: [{ verbs: ["get"], nonResourceURLs: ["/healthz"] }] },
    ['rules[0].nonResourceURLs: Invalid value: ["/healthz"]: namespaced rules cannot apply to non-resource URLs'],
  ],
  ["clusterroles", "paths", { rules: [{ verbs: ["get"], nonResourceURLs: ["/healthz"] }] }, []],
  [
    "rolebindings",
    "kind",
    binding({ roleRef: { kind: "Rolle", name: "r" } }),
    ['roleRef.kind: Unsupported value: "Rolle": supported values: "Role", "ClusterRole"'],
  ],
  [
    "clusterrolebindings",
    "role of a namespace",
    binding({ roleRef: { kind: "Role", name: "r" } }),
    ['roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"'],
  ],
  [
    "clusterrolebindings",
    "account without namespace",
    binding({ subjects: [{ kind: "ServiceAccount", name: "s" }] }),
    ["subjects[0].namespace: Required value"],
  ],
  [
    "rolebindings",
    "subject",
    binding({ subjects: [{ kind: "Person", name: "s" }] }),
    ['subjects[0].kind: Unsupported value: "Person": supported values: "ServiceAccount", "User", "Group"'],
  ],
  ["persistentvolumes", "right", volume({}), []],
  [
    "persistentvolumes",
    "nothing",
    { spec: {} },
    [
      "spec.accessModes: Required value",
      "spec.capacity: Required value",
      'spec.capacity: Unsupported value: null: supported values: "storage"',
      "spec: Required value: must specify a volume type",
    ],
  ],
  [
    "persistentvolumes",
    "mode",
    volume({ accessModes: ["RWO"] }),
    [
      'spec.accessModes: Unsupported value: "RWO": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
    ],
  ],
  [
    "persistentvolumes",
    "local",
    volume({ hostPath: undefined, local: { path: "/x" } }),
    ["spec.nodeAffinity: Required value: Local volume requires node affinity"],
  ],
  [
    "persistentvolumes",
    "policy",
    volume({ persistentVolumeReclaimPolicy: "Keep" }),
    ['spec.persistentVolumeReclaimPolicy: Unsupported value: "Keep": supported values: "Delete", "Recycle", "Retain"'],
  ],
  ["persistentvolumeclaims", "right", claim({}), []],
  [
    "persistentvolumeclaims",
    "nothing",
    { spec: {} },
    ["spec.accessModes: Required value: at least 1 access mode is required", "spec.resources[storage]: Required value"],
  ],
  [
    "persistentvolumeclaims",
    "no size",
    claim({ resources: { requests: { storage: "0" } } }),
    ['spec.resources[storage]: Invalid value: "0": must be greater than zero'],
  ],
  [
    "persistentvolumeclaims",
    "alone",
    claim({ accessModes: ["ReadWriteOncePod", "ReadWriteMany"] }),
    ["spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes"],
  ],
  ["storageclasses", "no provisioner", {}, ["provisioner: Required value"]],
  [
    "storageclasses",
    "mode",
    { provisioner: "a/b", volumeBindingMode: "Later" },
    ['volumeBindingMode: Unsupported value: "Later": supported values: "Immediate", "WaitForFirstConsumer"'],
  ],
  [
    "priorityclasses",
    "too high",
    { value: 1000000001 },
    ["value: Forbidden: maximum allowed value of a user defined priority is 1000000000"],
  ],
  [
    "nodes",
    "taint twice",
    {
      spec: {
        taints: [
          { key: "k", effect: "NoSchedule" },
          { key: "k", value: "v", effect: "NoSchedule" },
        ],
      },
    },
    [
      'metadata.taints[1]: Duplicate value: {"Key":"k","Value":"v","Effect":"NoSchedule","TimeAdded":null}: taints must be unique by key and effect pair',
    ],
  ],
  [
    "nodes",
    "taint",
    { spec: { taints: [{ key: "k", effect: "Nope" }] } },
    [
      'metadata.taints[0].effect: Unsupported value: "Nope": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
    ],
  ],
  [
    "endpoints",
    "nothing",
    { subsets: [{}] },
    ["subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`"],
  ],
  [
    "endpointslices",
    "address",
    { addressType: "IPv4", endpoints: [{ addresses: ["fd00::1"] }] },
    ['endpoints[0].addresses[0]: Invalid value: "fd00::1": must be a valid IPv4 address'],
  ],
  ["endpointslices", "type", {}, ["addressType: Required value"]],
  [
    "leases",
    "seconds",
    { spec: { leaseDurationSeconds: 0 } },
    ["spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0"],
  ],
  [
    "events",
    "namespace",
    { involvedObject: { namespace: "other" } },
    ['involvedObject.namespace: Invalid value: "other": does not match event.namespace'],
  ],
];

test.each(cases)("%s: %s", (plural, _name, fields, problems) => {
  expect(problemsOf(plural, fields)).toEqual(problems);
});

test("a priority class of the system", () => {
  expect(problemsOf("priorityclasses", { value: 5 }, "system-x")).toEqual([
    "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-x is not a known system priority class",
  ]);
});

describe("refusals", () => {
  const kind = { kind: "Deployment", group: "apps" };
  const one = unsupported("spec.type", "x<y", ["b", "a"]);

  test("one problem", () => {
    expect(invalid(kind, "web", [one]).toObject()).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: 'Deployment.apps "web" is invalid: spec.type: Unsupported value: "x<y": supported values: "b", "a"',
      reason: "Invalid",
      details: {
        name: "web",
        group: "apps",
        kind: "Deployment",
        causes: [
          {
            reason: "FieldValueNotSupported",
            message: 'Unsupported value: "x<y": supported values: "b", "a"',
            field: "spec.type",
          },
        ],
      },
      code: 422,
    });
  });

  test("several, equal ones once", () => {
    const two = { type: "Required", path: "spec.ports" } as const;
    const status = invalid({ kind: "Service", group: "" }, "s", [two, one, two]);
    expect(status.message).toBe(
      'Service "s" is invalid: [spec.ports: Required value, spec.type: Unsupported value: "x<y": supported values: "b", "a"]',
    );
    expect(status.details?.causes).toHaveLength(3);
  });

  test("values", () => {
    const shown = (value: unknown) => problemText({ type: "Invalid", path: "p", value, detail: "d" });
    expect(shown('a"b')).toBe('p: Invalid value: "a\\"b": d');
    expect(shown(3)).toBe("p: Invalid value: 3: d");
    expect(shown(null)).toBe("p: Invalid value: null: d");
    expect(shown(["None"])).toBe('p: Invalid value: ["None"]: d');
    expect(shown({ a: "<b>" })).toBe('p: Invalid value: {"a":"\\u003cb\\u003e"}: d');
  });
});

const nothing = [
  "spec.selector: Required value",
  "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`",
  "spec.template.spec.containers: Required value",
];

test.each([
  ["pods", ["spec.containers: Required value"]],
  ["deployments", nothing],
  ["daemonsets", nothing],
  ["services", ["spec.ports: Required value"]],
  [
    "rolebindings",
    ['roleRef.kind: Unsupported value: "": supported values: "Role", "ClusterRole"', "roleRef.name: Required value"],
  ],
  ["storageclasses", ["provisioner: Required value"]],
  ["namespaces", []],
  ["nodes", []],
  ["events", []],
  ["leases", []],
  ["endpoints", []],
])("%s with nothing in it", (plural, problems) => {
  expect(problemsOf(plural, {})).toEqual(problems);
});

test("no kind stumbles over an object with nothing in it", () => {
  for (const kind of kinds) {
    const object = filled(kind.plural);
    kind.prepareForCreate?.(object);
    kind.problems?.(object);
    kind.problemsOfUpdate?.(object, filled(kind.plural));
    for (const column of kind.columns) column.cell(object, 0);
    kind.selectable?.(object);
  }
});
