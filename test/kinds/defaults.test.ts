import { describe, expect, test } from "vitest";
import { kinds } from "../../src/kinds/index.ts";
import { filled, kindOf, sent } from "./tools.ts";

/** What a real 1.35 server adds, as `kubectl get -o yaml` shows it (metadata and admission left out). */
const cases: readonly (readonly [
  plural: string,
  name: string,
  sent: Record<string, unknown>,
  becomes: Record<string, unknown>,
])[] = [
  [
    "pods",
    "smallest",
    { spec: { containers: [{ name: "a", image: "nginx" }] } },
    {
      spec: {
        containers: [
          {
            name: "a",
            image: "nginx",
            imagePullPolicy: "Always",
            resources: {},
            terminationMessagePath: "/dev/termination-log",
            terminationMessagePolicy: "File",
          },
        ],
        dnsPolicy: "ClusterFirst",
        enableServiceLinks: true,
        restartPolicy: "Always",
        schedulerName: "default-scheduler",
        securityContext: {},
        terminationGracePeriodSeconds: 30,
      },
    },
  ],
  [
    "pods",
    "resources: numbers, spellings, requests from limits",
    {
      spec: {
        containers: [
          { name: "a", image: "a:1", resources: { limits: { cpu: 1, memory: "1024Mi" }, requests: { cpu: "0.5" } } },
          { name: "b", image: "a:1", resources: { limits: { cpu: "0.1m" } } },
        ],
        initContainers: [{ name: "i", image: "a:1", resources: { limits: { memory: "64Mi" } } }],
      },
    },
    {
      spec: {
        containers: [
          { resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "500m", memory: "1Gi" } } },
          { resources: { limits: { cpu: "1m" }, requests: { cpu: "1m" } } },
        ],
        initContainers: [{ resources: { limits: { memory: "64Mi" }, requests: { memory: "64Mi" } } }],
      },
    },
  ],
  [
    "pods",
    "probes and hooks",
    {
      spec: {
        containers: [
          {
            name: "a",
            image: "a:1",
            livenessProbe: { httpGet: { port: 80 }, initialDelaySeconds: 5 },
            readinessProbe: { grpc: { port: 1 }, failureThreshold: 1 },
            lifecycle: { preStop: { httpGet: { port: "web" } }, postStart: { exec: { command: ["x"] } } },
          },
        ],
      },
    },
    {
      spec: {
        containers: [
          {
            livenessProbe: {
              httpGet: { port: 80, path: "/", scheme: "HTTP" },
              initialDelaySeconds: 5,
              timeoutSeconds: 1,
              periodSeconds: 10,
              successThreshold: 1,
              failureThreshold: 3,
            },
            readinessProbe: {
              grpc: { port: 1, service: "" },
              timeoutSeconds: 1,
              periodSeconds: 10,
              successThreshold: 1,
              failureThreshold: 1,
            },
            lifecycle: {
              preStop: { httpGet: { port: "web", path: "/", scheme: "HTTP" } },
              postStart: { exec: { command: ["x"] } },
            },
          },
        ],
      },
    },
  ],
  [
    "pods",
    "variables and ports",
    {
      spec: {
        hostNetwork: true,
        serviceAccountName: "sa",
        containers: [
          {
            name: "a",
            image: "a:1",
            ports: [{ containerPort: 80 }, { containerPort: 53, protocol: "UDP", hostPort: 53 }],
            env: [
              { name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
              { name: "CPU", valueFrom: { resourceFieldRef: { resource: "limits.cpu" } } },
            ],
          },
        ],
      },
    },
    {
      spec: {
        serviceAccountName: "sa",
        serviceAccount: "sa",
        containers: [
          {
            ports: [
              { containerPort: 80, protocol: "TCP", hostPort: 80 },
              { containerPort: 53, protocol: "UDP", hostPort: 53 },
            ],
            env: [
              { valueFrom: { fieldRef: { fieldPath: "status.podIP", apiVersion: "v1" } } },
              { valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "0" } } },
            ],
          },
        ],
      },
    },
  ],
  [
    "pods",
    "volumes",
    {
      spec: {
        containers: [{ name: "a", image: "a:1" }],
        volumes: [
          { name: "nothing" },
          { name: "h", hostPath: { path: "/x" } },
          { name: "c", configMap: { name: "c" } },
          { name: "s", secret: { secretName: "s", defaultMode: 256 } },
          { name: "d", downwardAPI: { items: [{ path: "l", fieldRef: { fieldPath: "metadata.labels" } }] } },
          { name: "p", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } },
          { name: "e", emptyDir: { sizeLimit: "1024Mi" } },
          { name: "q", ephemeral: { volumeClaimTemplate: { spec: { accessModes: ["ReadWriteOnce"] } } } },
        ],
      },
    },
    {
      spec: {
        volumes: [
          { name: "nothing", emptyDir: {} },
          { hostPath: { path: "/x", type: "" } },
          { configMap: { name: "c", defaultMode: 420 } },
          { secret: { secretName: "s", defaultMode: 256 } },
          { downwardAPI: { defaultMode: 420, items: [{ fieldRef: { apiVersion: "v1" } }] } },
          {
            projected: {
              defaultMode: 420,
              sources: [{ serviceAccountToken: { path: "token", expirationSeconds: 3600 } }],
            },
          },
          { emptyDir: { sizeLimit: "1Gi" } },
          { ephemeral: { volumeClaimTemplate: { spec: { volumeMode: "Filesystem", resources: {} } } } },
        ],
      },
    },
  ],
  [
    "deployments",
    "smallest",
    {
      spec: {
        selector: { matchLabels: { a: "b" } },
        template: { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "a", image: "nginx:1" }] } },
      },
    },
    {
      spec: {
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
        template: { spec: { containers: [{ imagePullPolicy: "IfNotPresent" }], restartPolicy: "Always" } },
      },
      status: {},
    },
  ],
  [
    "deployments",
    "recreate has no rolling update",
    { spec: { strategy: { type: "Recreate" } } },
    { spec: { strategy: { type: "Recreate" } } },
  ],
  [
    "daemonsets",
    "smallest",
    { spec: { template: { spec: { containers: [] } } } },
    {
      spec: {
        revisionHistoryLimit: 10,
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
      },
      status: { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 },
    },
  ],
  ["replicasets", "smallest", { spec: {} }, { spec: { replicas: 1 }, status: { replicas: 0 } }],
  [
    "services",
    "cluster IP",
    { spec: { ports: [{ port: 80 }, { port: 81, targetPort: "web", protocol: "UDP" }] } },
    {
      spec: {
        type: "ClusterIP",
        sessionAffinity: "None",
        internalTrafficPolicy: "Cluster",
        ports: [
          { port: 80, targetPort: 80, protocol: "TCP" },
          { port: 81, targetPort: "web", protocol: "UDP" },
        ],
      },
      status: { loadBalancer: {} },
    },
  ],
  [
    "services",
    "load balancer with sticky sessions",
    { spec: { type: "LoadBalancer", sessionAffinity: "ClientIP" } },
    {
      spec: {
        allocateLoadBalancerNodePorts: true,
        externalTrafficPolicy: "Cluster",
        internalTrafficPolicy: "Cluster",
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } },
      },
    },
  ],
  ["endpoints", "protocol", { subsets: [{ ports: [{ port: 1 }] }] }, { subsets: [{ ports: [{ protocol: "TCP" }] }] }],
  [
    "endpointslices",
    "ports have names",
    { addressType: "IPv4", ports: [{ port: 1 }] },
    { endpoints: [], ports: [{ name: "", protocol: "TCP" }] },
  ],
  [
    "persistentvolumes",
    "smallest",
    { spec: { hostPath: { path: "/x" }, capacity: { storage: "1024Mi" } } },
    {
      spec: {
        capacity: { storage: "1Gi" },
        hostPath: { type: "" },
        persistentVolumeReclaimPolicy: "Retain",
        volumeMode: "Filesystem",
      },
      status: { phase: "Pending" },
    },
  ],
  [
    "persistentvolumeclaims",
    "smallest",
    { spec: {} },
    { spec: { volumeMode: "Filesystem", resources: {} }, status: { phase: "Pending" } },
  ],
  ["storageclasses", "smallest", { provisioner: "p" }, { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" }],
  [
    "secrets",
    "texts become data",
    { data: { a: "QQ==" }, stringData: { b: "ä", a: "z" } },
    { type: "Opaque", data: { a: "eg==", b: "w6Q=" } },
  ],
  [
    "namespaces",
    "its name as label",
    {},
    { metadata: { labels: { "kubernetes.io/metadata.name": "x" } }, spec: {}, status: { phase: "Active" } },
  ],
  ["roles", "no rules", {}, { rules: null }],
  [
    "rolebindings",
    "API groups",
    {
      roleRef: { kind: "Role", name: "r" },
      subjects: [
        { kind: "User", name: "u" },
        { kind: "ServiceAccount", name: "s" },
      ],
    },
    {
      roleRef: { apiGroup: "rbac.authorization.k8s.io" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io" }, { kind: "ServiceAccount", name: "s" }],
    },
  ],
  ["priorityclasses", "preempts", { value: 5 }, { preemptionPolicy: "PreemptLowerPriority" }],
  [
    "nodes",
    "allocatable is capacity",
    { status: { capacity: { cpu: 2 } } },
    { spec: {}, status: { allocatable: { cpu: "2" } } },
  ],
];

test.each(cases)("%s: %s", (plural, _name, fields, becomes) => {
  expect(filled(plural, fields)).toMatchObject(becomes);
});

test("the smallest pod has nothing else", () => {
  const [, , fields, becomes] = cases[0] ?? [];
  expect(filled("pods", fields).spec).toEqual(becomes?.spec);
});

test("stringData is not kept", () => {
  expect(filled("secrets", { stringData: { a: "b" } })).not.toHaveProperty("stringData");
});

test("defaults filled in twice change nothing", () => {
  for (const [plural, , fields] of cases) {
    const once = filled(plural, fields);
    const twice = structuredClone(once);
    kindOf(plural).defaults?.(twice);
    expect(twice).toEqual(once);
  }
});

test.each([
  ["nginx", "Always"],
  ["nginx:latest", "Always"],
  ["nginx:1.29", "IfNotPresent"],
  ["registry:5000/nginx", "Always"],
  ["registry:5000/nginx:1", "IfNotPresent"],
  ["nginx@sha256:0123", "IfNotPresent"],
  ["nginx:latest@sha256:0123", "Always"],
  ["", "IfNotPresent"],
  ["NGINX", "IfNotPresent"],
  ["Registry.example/nginx", "Always"],
])("pull policy of %s", (image, policy) => {
  expect(filled("pods", { spec: { containers: [{ name: "a", image }] } })).toMatchObject({
    spec: { containers: [{ imagePullPolicy: policy }] },
  });
});

describe("what creation sets", () => {
  const created = (plural: string, fields: Record<string, unknown>) => {
    const object = filled(plural, fields);
    kindOf(plural).prepareForCreate?.(object);
    return object;
  };
  const resources = (requests?: object, limits?: object) => ({
    name: "a",
    image: "a:1",
    resources: { requests, limits },
  });

  test.each([
    ["BestEffort", [resources()]],
    ["BestEffort", [resources({ cpu: "0" })]],
    ["Burstable", [resources({ cpu: "1" })]],
    ["Burstable", [resources(undefined, { cpu: "1" })]],
    ["Burstable", [resources(undefined, { cpu: "1", memory: "1Gi" }), resources()]],
    ["Burstable", [resources({ cpu: "1", memory: "1Gi" }, { cpu: "2", memory: "1Gi" })]],
    ["Guaranteed", [resources(undefined, { cpu: "1", memory: "1Gi" })]],
    ["Guaranteed", [resources({ cpu: "1000m", memory: "1024Mi" }, { cpu: "1", memory: "1Gi" })]],
  ])("class of service: %s", (qosClass, containers) => {
    expect(created("pods", { spec: { containers } }).status).toEqual({ phase: "Pending", qosClass });
  });

  test.each([
    ["BestEffort", {}, resources({ cpu: "1" }), {}],
    ["Burstable", { requests: { cpu: "1" } }, resources(), { requests: { cpu: "1" } }],
    [
      "Guaranteed",
      { limits: { cpu: "1", memory: "200Mi" } },
      resources(),
      { limits: { cpu: "1", memory: "200Mi" }, requests: { cpu: "1", memory: "200Mi" } },
    ],
    [
      "Burstable",
      { limits: { cpu: "1", memory: "200Mi" } },
      resources({ cpu: "250m" }),
      { limits: { cpu: "1", memory: "200Mi" }, requests: { cpu: "250m", memory: "200Mi" } },
    ],
  ])("class of service of a pod with resources of its own: %s", (qosClass, own, container, expected) => {
    const pod = created("pods", { spec: { containers: [container], resources: own } });
    expect(pod.status).toEqual({ phase: "Pending", qosClass });
    expect((pod.spec as { resources?: object }).resources).toEqual(expected);
  });

  test("a gated pod says so", () => {
    const pod = created("pods", { spec: { containers: [], schedulingGates: [{ name: "a/b" }] } });
    expect(pod.status).toMatchObject({
      conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }],
    });
  });

  test("a status sent along is dropped", () => {
    for (const plural of [
      "pods",
      "deployments",
      "services",
      "persistentvolumes",
      "persistentvolumeclaims",
      "replicasets",
    ]) {
      const fields = {
        spec: { containers: [] },
        status: { phase: "Bound", replicas: 7, loadBalancer: { ingress: [{ ip: "1.1.1.1" }] } },
      };
      const status = JSON.stringify(created(plural, fields).status);
      expect(status).not.toMatch(/Bound|7|1\.1\.1\.1/);
    }
  });

  test("a namespace is kept by its content", () => {
    expect(created("namespaces", {})).toMatchObject({
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    });
  });
});

test("events have two shapes", () => {
  const kind = kinds.find(({ group, plural }) => group === "events.k8s.io" && plural === "events");
  const core = sent("events", {
    involvedObject: { name: "p" },
    message: "m",
    source: {},
    firstTimestamp: null,
    lastTimestamp: null,
    count: 2,
    reportingComponent: "c",
    reason: "r",
  });
  const shown = kind?.storedAs?.fromStored(core);
  expect(shown).toEqual({
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: core.metadata,
    regarding: { name: "p" },
    note: "m",
    deprecatedSource: {},
    deprecatedFirstTimestamp: null,
    deprecatedLastTimestamp: null,
    deprecatedCount: 2,
    reportingController: "c",
    reason: "r",
  });
  expect(kind?.storedAs?.toStored(shown ?? core)).toEqual(core);
});
