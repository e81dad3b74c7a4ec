import { describe, expect, test } from "vitest";
import { SECOND } from "../../src/base/clock.ts";
import { rfc3339 } from "../../src/base/time.ts";
import { kinds } from "../../src/kinds/index.ts";
import { kindOf, row, sent } from "./tools.ts";

// Rules of Kubernetes' printers (pkg/printers/internalversion), one case a rule.

const now = 1_800_000_000 * SECOND;
const ago = (seconds: number) => rfc3339(now - seconds * SECOND);

const headers: readonly (readonly [string, string])[] = [
  ["pods", "Name|Ready|Status|Restarts|Age|IP*|Node*|Nominated Node*|Readiness Gates*"],
  ["deployments", "Name|Ready|Up-to-date|Available|Age|Containers*|Images*|Selector*"],
  ["replicasets", "Name|Desired|Current|Ready|Age|Containers*|Images*|Selector*"],
  ["daemonsets", "Name|Desired|Current|Ready|Up-to-date|Available|Node Selector|Age|Containers*|Images*|Selector*"],
  ["statefulsets", "Name|Ready|Age|Containers*|Images*"],
  ["replicationcontrollers", "Name|Desired|Current|Ready|Age|Containers*|Images*|Selector*"],
  ["podtemplates", "Name|Containers|Images|Pod Labels"],
  ["jobs", "Name|Status|Completions|Duration|Age|Containers*|Images*|Selector*"],
  ["cronjobs", "Name|Schedule|Timezone|Suspend|Active|Last Schedule|Age|Containers*|Images*|Selector*"],
  ["controllerrevisions", "Name|Controller|Revision|Age"],
  ["services", "Name|Type|Cluster-IP|External-IP|Port(s)|Age|Selector*"],
  ["endpoints", "Name|Endpoints|Age"],
  ["endpointslices", "Name|AddressType|Ports|Endpoints|Age"],
  ["nodes", "Name|Status|Roles|Age|Version|Internal-IP*|External-IP*|OS-Image*|Kernel-Version*|Container-Runtime*"],
  ["namespaces", "Name|Status|Age"],
  ["events", "Last Seen|Type|Reason|Object|Subobject*|Source*|Message|First Seen*|Count*|Name*"],
  ["configmaps", "Name|Data|Age"],
  ["secrets", "Name|Type|Data|Age"],
  ["serviceaccounts", "Name|Secrets|Age"],
  ["priorityclasses", "Name|Value|Global-Default|Age|PreemptionPolicy"],
  ["leases", "Name|Holder|Age"],
  ["roles", "Name|Created At"],
  ["clusterroles", "Name|Created At"],
  ["rolebindings", "Name|Role|Age|Users*|Groups*|ServiceAccounts*"],
  ["clusterrolebindings", "Name|Role|Age|Users*|Groups*|ServiceAccounts*"],
  [
    "persistentvolumes",
    "Name|Capacity|Access Modes|Reclaim Policy|Status|Claim|StorageClass|VolumeAttributesClass|Reason|Age|VolumeMode*",
  ],
  [
    "persistentvolumeclaims",
    "Name|Status|Volume|Capacity|Access Modes|StorageClass|VolumeAttributesClass|Age|VolumeMode*",
  ],
  ["limitranges", "Name|Created At"],
  ["resourcequotas", "Name|Request|Limit|Age"],
  ["horizontalpodautoscalers", "Name|Reference|Targets|MinPods|MaxPods|Replicas|Age"],
  ["certificatesigningrequests", "Name|Age|SignerName|Requestor|RequestedDuration|Condition"],
  ["ingressclasses", "Name|Controller|Parameters|Age"],
  ["ingresses", "Name|Class|Hosts|Address|Ports|Age"],
  ["customresourcedefinitions", "Name|Created At"],
  ["apiservices", "Name|Service|Available|Age"],
  ["mutatingwebhookconfigurations", "Name|Webhooks|Age"],
  ["validatingwebhookconfigurations", "Name|Webhooks|Age"],
  ["validatingadmissionpolicies", "Name|Validations|ParamKind|Age"],
  ["validatingadmissionpolicybindings", "Name|PolicyName|ParamRef|Age"],
  ["networkpolicies", "Name|Pod-Selector|Age"],
  ["servicecidrs", "Name|CIDRs|Age"],
  ["ipaddresses", "Name|ParentRef"],
  ["componentstatuses", "Name|Status|Message|Error"],
  ["flowschemas", "Name|PriorityLevel|MatchingPrecedence|DistinguisherMethod|Age|MissingPL"],
  ["prioritylevelconfigurations", "Name|Type|NominalConcurrencyShares|Queues|HandSize|QueueLengthLimit|Age"],
  ["deviceclasses", "Name|Age"],
  ["resourceclaims", "Name|State|Age"],
  ["resourceclaimtemplates", "Name|Age"],
  ["resourceslices", "Name|Node|Driver|Pool|Age"],
  ["poddisruptionbudgets", "Name|Min Available|Max Unavailable|Allowed Disruptions|Age"],
  ["runtimeclasses", "Name|Handler|Age"],
  ["csidrivers", "Name|AttachRequired|PodInfoOnMount|StorageCapacity|TokenRequests|RequiresRepublish|Modes|Age"],
  ["csinodes", "Name|Drivers|Age"],
  ["csistoragecapacities", "Name|StorageClassName|Capacity"],
  ["volumeattachments", "Name|Attacher|PV|Node|Attached|Age"],
  ["volumeattributesclasses", "Name|DriverName|Age"],
  ["storageclasses", "Name|Provisioner|ReclaimPolicy|VolumeBindingMode|AllowVolumeExpansion|Age"],
];

test.each(headers)("columns of %s", (plural, expected) => {
  const shown = kindOf(plural).columns.map(({ name, wide }) => (wide ? `${name}*` : name));
  expect(shown.join("|")).toBe(expected);
});

test("every kind has its columns checked", () => {
  const checked = new Set(headers.map(([plural]) => plural));
  expect(kinds.map(({ plural }) => plural).filter((plural) => !checked.has(plural))).toEqual([]);
});

const container = { name: "a", image: "nginx" };
const running = { name: "a", ready: true, restartCount: 0, state: { running: {} } };
const ready = [{ type: "Ready", status: "True" }];

interface PodCase {
  readonly name: string;
  readonly spec?: object;
  readonly metadata?: object;
  readonly status?: object;
  readonly shows: Record<string, unknown>;
}

const podCases: readonly PodCase[] = [
  {
    name: "fresh",
    status: { phase: "Pending" },
    shows: { Status: "Pending", Ready: "0/1", Restarts: "0", Node: "<none>", IP: "<none>" },
  },
  {
    name: "reason of the status wins over the phase",
    status: { phase: "Failed", reason: "Evicted" },
    shows: { Status: "Evicted" },
  },
  {
    name: "gated",
    status: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }] },
    shows: { Status: "SchedulingGated" },
  },
  {
    name: "creating",
    status: {
      phase: "Pending",
      containerStatuses: [{ ...running, ready: false, state: { waiting: { reason: "ContainerCreating" } } }],
    },
    shows: { Status: "ContainerCreating" },
  },
  {
    name: "running",
    spec: { nodeName: "w1", containers: [container] },
    status: {
      phase: "Running",
      conditions: ready,
      containerStatuses: [running],
      podIP: "10.1.1.1",
      podIPs: [{ ip: "10.1.1.1" }],
    },
    shows: { Status: "Running", Ready: "1/1", IP: "10.1.1.1", Node: "w1" },
  },
  {
    name: "restarted a while ago",
    status: {
      phase: "Running",
      containerStatuses: [
        { ...running, restartCount: 3, lastState: { terminated: { exitCode: 1, finishedAt: ago(65) } } },
      ],
    },
    shows: { Restarts: "3 (65s ago)" },
  },
  {
    name: "first container's reason wins",
    spec: { containers: [container, { ...container, name: "b" }] },
    status: {
      phase: "Running",
      containerStatuses: [
        { ...running, ready: false, state: { waiting: { reason: "CrashLoopBackOff" } } },
        { ...running, name: "b", ready: false, state: { waiting: { reason: "ImagePullBackOff" } } },
      ],
    },
    shows: { Status: "CrashLoopBackOff", Ready: "0/2" },
  },
  {
    name: "ended by a signal",
    status: {
      phase: "Failed",
      containerStatuses: [{ ...running, ready: false, state: { terminated: { exitCode: 137, signal: 9 } } }],
    },
    shows: { Status: "Signal:9" },
  },
  {
    name: "ended with a code",
    status: {
      phase: "Failed",
      containerStatuses: [{ ...running, ready: false, state: { terminated: { exitCode: 2 } } }],
    },
    shows: { Status: "ExitCode:2" },
  },
  {
    name: "one completed, one running, ready",
    spec: { containers: [container, { ...container, name: "b" }] },
    status: {
      phase: "Running",
      conditions: ready,
      containerStatuses: [
        { ...running, ready: false, state: { terminated: { exitCode: 0, reason: "Completed" } } },
        { ...running, name: "b" },
      ],
    },
    shows: { Status: "Running" },
  },
  {
    name: "one completed, one running, not ready",
    spec: { containers: [container, { ...container, name: "b" }] },
    status: {
      phase: "Running",
      containerStatuses: [
        { ...running, ready: false, state: { terminated: { exitCode: 0, reason: "Completed" } } },
        { ...running, name: "b" },
      ],
    },
    shows: { Status: "NotReady" },
  },
  {
    name: "first init container runs",
    spec: {
      containers: [container],
      initContainers: [
        { ...container, name: "i" },
        { ...container, name: "j" },
      ],
    },
    status: { phase: "Pending", initContainerStatuses: [{ ...running, name: "i", ready: false, restartCount: 2 }] },
    shows: { Status: "Init:0/2", Restarts: "2", Ready: "0/1" },
  },
  {
    name: "second init container waits",
    spec: {
      containers: [container],
      initContainers: [
        { ...container, name: "i" },
        { ...container, name: "j" },
      ],
    },
    status: {
      phase: "Pending",
      initContainerStatuses: [
        { ...running, name: "i", state: { terminated: { exitCode: 0, reason: "Completed" } } },
        { ...running, name: "j", ready: false, state: { waiting: { reason: "PodInitializing" } } },
      ],
    },
    shows: { Status: "Init:1/2" },
  },
  {
    name: "init container crashes",
    spec: { containers: [container], initContainers: [{ ...container, name: "i" }] },
    status: {
      phase: "Pending",
      initContainerStatuses: [
        { ...running, name: "i", ready: false, state: { waiting: { reason: "CrashLoopBackOff" } } },
      ],
    },
    shows: { Status: "Init:CrashLoopBackOff" },
  },
  {
    name: "init container failed",
    spec: { containers: [container], initContainers: [{ ...container, name: "i" }] },
    status: {
      phase: "Failed",
      initContainerStatuses: [{ ...running, name: "i", state: { terminated: { exitCode: 3 } } }],
    },
    shows: { Status: "Init:ExitCode:3" },
  },
  {
    name: "sidecar counts",
    spec: { containers: [container], initContainers: [{ ...container, name: "s", restartPolicy: "Always" }] },
    status: {
      phase: "Running",
      conditions: ready,
      initContainerStatuses: [{ ...running, name: "s", started: true, restartCount: 4 }],
      containerStatuses: [running],
    },
    shows: { Status: "Running", Ready: "2/2", Restarts: "4" },
  },
  {
    name: "being deleted",
    metadata: { deletionTimestamp: ago(1) },
    status: { phase: "Running", conditions: ready, containerStatuses: [running] },
    shows: { Status: "Terminating" },
  },
  {
    name: "being deleted after its end",
    metadata: { deletionTimestamp: ago(1) },
    status: {
      phase: "Succeeded",
      containerStatuses: [{ ...running, ready: false, state: { terminated: { exitCode: 0, reason: "Completed" } } }],
    },
    shows: { Status: "Completed" },
  },
  {
    name: "being deleted on a lost node",
    metadata: { deletionTimestamp: ago(1) },
    status: { phase: "Running", reason: "NodeLost" },
    shows: { Status: "Unknown" },
  },
  {
    name: "gates of readiness",
    spec: { containers: [container], readinessGates: [{ conditionType: "a/b" }, { conditionType: "c/d" }] },
    status: { phase: "Running", conditions: [{ type: "a/b", status: "True" }] },
    shows: { "Readiness Gates": "1/2" },
  },
];

test.each(podCases)("pod: $name", ({ spec, metadata, status, shows }) => {
  const pod = sent("pods", { spec: spec ?? { containers: [container] }, status });
  Object.assign(pod.metadata, metadata);
  expect(row("pods", pod, now)).toMatchObject(shows);
});

test("a finished pod's row says so", () => {
  const conditions = (phase: string) => kindOf("pods").rowConditions?.(sent("pods", { status: { phase } }));
  expect(conditions("Running")).toEqual([]);
  expect(conditions("Succeeded")).toEqual([
    { type: "Completed", status: "True", reason: "Succeeded", message: "The pod has completed successfully." },
  ]);
  expect(conditions("Failed")).toMatchObject([{ reason: "Failed", message: "The pod failed." }]);
});

const template = {
  spec: {
    containers: [
      { name: "a", image: "nginx:1" },
      { name: "b", image: "redis" },
    ],
    nodeSelector: { disk: "ssd", a: "b" },
  },
};
const selector = {
  matchLabels: { b: "2", a: "1" },
  matchExpressions: [{ key: "c", operator: "In", values: ["y", "x"] }],
};

const cases: readonly (readonly [
  plural: string,
  name: string,
  fields: Record<string, unknown>,
  shows: Record<string, unknown>,
])[] = [
  [
    "deployments",
    "counts",
    {
      spec: { replicas: 3, selector, template },
      status: { readyReplicas: 1, updatedReplicas: 2, availableReplicas: 1 },
    },
    {
      Ready: "1/3",
      "Up-to-date": 2,
      Available: 1,
      Containers: "a,b",
      Images: "nginx:1,redis",
      Selector: "a=1,b=2,c in (x,y)",
    },
  ],
  ["deployments", "empty selector", { spec: { replicas: 0, selector: {}, template } }, { Ready: "0/0", Selector: "" }],
  [
    "replicasets",
    "counts",
    { spec: { replicas: 3, selector, template }, status: { replicas: 2, readyReplicas: 1 } },
    { Desired: 3, Current: 2, Ready: 1, Containers: "a,b" },
  ],
  ["replicasets", "empty selector", { spec: { selector: {}, template } }, { Desired: 0, Selector: "<none>" }],
  [
    "daemonsets",
    "counts",
    {
      spec: { selector, template },
      status: {
        desiredNumberScheduled: 5,
        currentNumberScheduled: 4,
        numberReady: 3,
        updatedNumberScheduled: 2,
        numberAvailable: 1,
      },
    },
    { Desired: 5, Current: 4, Ready: 3, "Up-to-date": 2, Available: 1, "Node Selector": "a=b,disk=ssd" },
  ],
  [
    "daemonsets",
    "nothing yet",
    { spec: { selector, template: { spec: { containers: [] } } } },
    { Desired: 0, "Node Selector": "<none>" },
  ],
  ["controllerrevisions", "without owner", { revision: 3 }, { Controller: "<none>", Revision: 3 }],
  [
    "services",
    "cluster IP",
    {
      spec: {
        type: "ClusterIP",
        clusterIP: "10.96.0.10",
        clusterIPs: ["10.96.0.10"],
        ports: [
          { port: 53, protocol: "UDP" },
          { port: 80, protocol: "TCP" },
        ],
        selector: { k: "v" },
      },
    },
    {
      Type: "ClusterIP",
      "Cluster-IP": "10.96.0.10",
      "External-IP": "<none>",
      "Port(s)": "53/UDP,80/TCP",
      Selector: "k=v",
    },
  ],
  [
    "services",
    "node port with outside addresses",
    {
      spec: {
        type: "NodePort",
        clusterIPs: ["10.96.0.11"],
        externalIPs: ["1.2.3.4", "5.6.7.8"],
        ports: [{ port: 80, nodePort: 30080, protocol: "TCP" }],
      },
    },
    { "External-IP": "1.2.3.4,5.6.7.8", "Port(s)": "80:30080/TCP", Selector: "<none>" },
  ],
  [
    "services",
    "load balancer waits",
    { spec: { type: "LoadBalancer", clusterIPs: ["10.96.0.12"] } },
    { "External-IP": "<pending>", "Port(s)": "<none>" },
  ],
  [
    "services",
    "load balancer",
    {
      spec: { type: "LoadBalancer", clusterIPs: ["10.96.0.12"], externalIPs: ["9.9.9.9"] },
      status: { loadBalancer: { ingress: [{ hostname: "b.example" }, { ip: "1.1.1.1" }] } },
    },
    { "External-IP": "1.1.1.1,b.example,9.9.9.9" },
  ],
  [
    "services",
    "headless",
    { spec: { type: "ClusterIP", clusterIP: "None", clusterIPs: ["None"] } },
    { "Cluster-IP": "None" },
  ],
  [
    "services",
    "a name elsewhere",
    { spec: { type: "ExternalName", externalName: "db.example" } },
    { "Cluster-IP": "<none>", "External-IP": "db.example" },
  ],
  ["endpoints", "none", {}, { Endpoints: "<none>" }],
  [
    "endpoints",
    "only unready",
    { subsets: [{ notReadyAddresses: [{ ip: "10.0.0.1" }], ports: [{ port: 80 }] }] },
    { Endpoints: "" },
  ],
  [
    "endpoints",
    "without ports",
    { subsets: [{ addresses: [{ ip: "10.0.0.1" }, { ip: "10.0.0.2" }] }] },
    { Endpoints: "10.0.0.1,10.0.0.2" },
  ],
  [
    "endpoints",
    "many",
    { subsets: [{ addresses: [{ ip: "10.0.0.1" }, { ip: "fd00::2" }], ports: [{ port: 80 }, { port: 443 }] }] },
    { Endpoints: "10.0.0.1:80,[fd00::2]:80,10.0.0.1:443 + 1 more..." },
  ],
  [
    "endpointslices",
    "empty",
    { addressType: "IPv4", endpoints: null, ports: null },
    { AddressType: "IPv4", Ports: "<unset>", Endpoints: "<unset>" },
  ],
  [
    "endpointslices",
    "more than three",
    {
      addressType: "IPv4",
      endpoints: [
        { addresses: ["10.0.0.1"] },
        { addresses: ["10.0.0.2"], conditions: { ready: false } },
        { addresses: ["10.0.0.3"] },
        { addresses: ["10.0.0.4"] },
      ],
      ports: [{ name: "", port: 80 }, { name: "web" }, { name: "" }],
    },
    { Ports: "80,web,*", Endpoints: "10.0.0.1,10.0.0.2,10.0.0.3 + 1 more..." },
  ],
  [
    "nodes",
    "ready",
    {
      spec: {},
      status: {
        conditions: [{ type: "Ready", status: "True" }],
        nodeInfo: { kubeletVersion: "v1.35.0", osImage: "Ubuntu", containerRuntimeVersion: "containerd://2.1.4" },
        addresses: [
          { type: "Hostname", address: "w1" },
          { type: "InternalIP", address: "10.0.0.1" },
        ],
      },
    },
    {
      Status: "Ready",
      Roles: "<none>",
      Version: "v1.35.0",
      "Internal-IP": "10.0.0.1",
      "External-IP": "<none>",
      "OS-Image": "Ubuntu",
      "Kernel-Version": "<unknown>",
      "Container-Runtime": "containerd://2.1.4",
    },
  ],
  [
    "nodes",
    "unknown and cordoned",
    { spec: { unschedulable: true }, status: { conditions: [{ type: "Ready", status: "Unknown" }] } },
    { Status: "NotReady,SchedulingDisabled" },
  ],
  ["nodes", "never heard of", { spec: {} }, { Status: "Unknown" }],
  ["namespaces", "phase", { status: { phase: "Terminating" } }, { Status: "Terminating" }],
  ["configmaps", "both bags", { data: { a: "1", b: "2" }, binaryData: { c: "AA==" } }, { Data: 3 }],
  [
    "secrets",
    "keys",
    { type: "kubernetes.io/tls", data: { "tls.crt": "", "tls.key": "" } },
    { Type: "kubernetes.io/tls", Data: 2 },
  ],
  ["serviceaccounts", "no secrets today", {}, { Secrets: 0 }],
  [
    "priorityclasses",
    "values",
    { value: 1000, preemptionPolicy: "Never" },
    { Value: 1000, "Global-Default": false, PreemptionPolicy: "Never" },
  ],
  ["mutatingwebhookconfigurations", "none yet", {}, { Webhooks: 0 }],
  ["validatingwebhookconfigurations", "two", { webhooks: [{}, {}] }, { Webhooks: 2 }],
  [
    "validatingadmissionpolicies",
    "with parameters",
    { spec: { validations: [{}], paramKind: { apiVersion: "v1", kind: "ConfigMap" } } },
    { Validations: 1, ParamKind: "v1/ConfigMap" },
  ],
  ["validatingadmissionpolicies", "without", { spec: {} }, { Validations: 0, ParamKind: "<unset>" }],
  [
    "validatingadmissionpolicybindings",
    "plain",
    { spec: { policyName: "p" } },
    { PolicyName: "p", ParamRef: "<unset>" },
  ],
  ["validatingadmissionpolicybindings", "anywhere", { spec: { paramRef: { name: "c" } } }, { ParamRef: "*/c" }],
  [
    "validatingadmissionpolicybindings",
    "there",
    { spec: { paramRef: { name: "c", namespace: "n" } } },
    { ParamRef: "n/c" },
  ],
  [
    "validatingadmissionpolicybindings",
    "selected",
    { spec: { paramRef: { selector: { matchLabels: { a: "b" } } } } },
    { ParamRef: "&LabelSelector{MatchLabels:map[string]string{a: b,},MatchExpressions:[]LabelSelectorRequirement{},}" },
  ],
  ["leases", "held", { spec: { holderIdentity: "w1" } }, { Holder: "w1" }],
  [
    "rolebindings",
    "subjects",
    {
      roleRef: { kind: "ClusterRole", name: "view" },
      subjects: [
        { kind: "User", name: "jane" },
        { kind: "User", name: "joe" },
        { kind: "Group", name: "dev" },
        { kind: "ServiceAccount", name: "sa", namespace: "ns" },
      ],
    },
    { Role: "ClusterRole/view", Users: "jane, joe", Groups: "dev", ServiceAccounts: "ns/sa" },
  ],
  [
    "persistentvolumes",
    "bound",
    {
      spec: {
        capacity: { storage: "1Gi" },
        accessModes: ["ReadWriteMany", "ReadWriteOnce", "ReadWriteMany"],
        persistentVolumeReclaimPolicy: "Retain",
        storageClassName: "slow",
        claimRef: { namespace: "ns", name: "c" },
        volumeMode: "Filesystem",
      },
      status: { phase: "Bound" },
    },
    {
      Capacity: "1Gi",
      "Access Modes": "RWO,RWX",
      "Reclaim Policy": "Retain",
      Status: "Bound",
      Claim: "ns/c",
      StorageClass: "slow",
      VolumeAttributesClass: "<unset>",
      Reason: "",
      VolumeMode: "Filesystem",
    },
  ],
  [
    "persistentvolumeclaims",
    "not bound",
    {
      spec: { resources: { requests: { storage: "1Gi" } }, accessModes: ["ReadWriteOnce"] },
      status: { phase: "Pending" },
    },
    {
      Status: "Pending",
      Volume: "",
      Capacity: "",
      "Access Modes": "",
      StorageClass: "",
      VolumeAttributesClass: "<unset>",
      VolumeMode: "<unset>",
    },
  ],
  [
    "persistentvolumeclaims",
    "bound to a larger volume",
    {
      spec: { volumeName: "pv", storageClassName: "s", volumeMode: "Block" },
      status: { phase: "Bound", capacity: { storage: "5Gi" }, accessModes: ["ReadWriteOncePod"] },
    },
    { Volume: "pv", Capacity: "5Gi", "Access Modes": "RWOP", StorageClass: "s", VolumeMode: "Block" },
  ],
  [
    "storageclasses",
    "nil values",
    { provisioner: "p" },
    {
      Name: "x",
      Provisioner: "p",
      ReclaimPolicy: "Delete",
      VolumeBindingMode: "Immediate",
      AllowVolumeExpansion: false,
    },
  ],
  [
    "events",
    "old form",
    {
      involvedObject: { kind: "Pod", name: "p", fieldPath: "spec.containers{a}" },
      type: "Warning",
      reason: "Failed",
      message: "  no\nway \n",
      source: { component: "kubelet", host: "w1" },
      firstTimestamp: ago(600),
      lastTimestamp: ago(60),
      count: 4,
    },
    {
      "Last Seen": "60s",
      "First Seen": "10m",
      Object: "pod/p",
      Subobject: "spec.containers{a}",
      Source: "kubelet, w1",
      Message: "no\nway",
      Count: 4,
    },
  ],
  [
    "events",
    "new form",
    {
      involvedObject: { kind: "Node", name: "w1" },
      eventTime: ago(30),
      reportingComponent: "default-scheduler",
      reportingInstance: "",
    },
    { "Last Seen": "30s", "First Seen": "30s", Source: "default-scheduler", Count: 1 },
  ],
  [
    "events",
    "series",
    { involvedObject: { kind: "Pod" }, eventTime: ago(300), series: { count: 7, lastObservedTime: ago(5) } },
    { "Last Seen": "5s", "First Seen": "5m", Object: "pod", Count: 7 },
  ],
];

test.each(cases)("%s: %s", (plural, _name, fields, shows) => {
  expect(row(plural, sent(plural, fields), now)).toMatchObject(shows);
});

describe("what depends on metadata", () => {
  test("age", () => {
    const secret = sent("secrets");
    expect(row("secrets", secret, now).Age).toBe("<unknown>");
    secret.metadata.creationTimestamp = ago(125);
    expect(row("secrets", secret, now).Age).toBe("2m5s");
    const role = sent("roles");
    role.metadata.creationTimestamp = ago(125);
    expect(row("roles", role, now)).toEqual({ Name: "x", "Created At": ago(125) });
  });

  test("roles of a node", () => {
    const node = sent("nodes", { spec: {} });
    node.metadata.labels = {
      "node-role.kubernetes.io/worker": "",
      "node-role.kubernetes.io/control-plane": "",
      "kubernetes.io/role": "db",
    };
    expect(row("nodes", node).Roles).toBe("control-plane,db,worker");
  });

  test("default storage class", () => {
    const storageClass = sent("storageclasses", { provisioner: "p" });
    storageClass.metadata.annotations = { "storageclass.kubernetes.io/is-default-class": "true" };
    expect(row("storageclasses", storageClass).Name).toBe("x (default)");
  });

  test("volumes and claims that are being deleted", () => {
    for (const plural of ["persistentvolumes", "persistentvolumeclaims"]) {
      const object = sent(plural, { spec: {}, status: { phase: "Bound" } });
      object.metadata.deletionTimestamp = ago(1);
      expect(row(plural, object).Status).toBe("Terminating");
    }
  });

  test("controller of a revision", () => {
    const revision = sent("controllerrevisions", { revision: 1 });
    revision.metadata.ownerReferences = [
      { apiVersion: "apps/v1", kind: "DaemonSet", name: "d", uid: "u", controller: true },
    ];
    expect(row("controllerrevisions", revision).Controller).toBe("daemonset.apps/d");
  });
});

test("both shapes of an event show the same row", () => {
  const kind = kinds.find(({ group, plural }) => group === "events.k8s.io" && plural === "events");
  const core = sent("events", {
    involvedObject: { kind: "Pod", name: "p" },
    message: "m",
    source: { component: "c" },
    eventTime: null,
    firstTimestamp: ago(60),
    count: 2,
  });
  const shown = kind?.storedAs?.fromStored(core);
  const cells = (object = core) => kind?.columns.map((column) => column.cell(object, now));
  expect(cells(shown)).toEqual(Object.values(row("events", core, now)));
  expect(cells()).toEqual(cells(shown));
  expect(kind?.selectable?.(shown ?? core)).toMatchObject({ "regarding.name": "p", reportingController: "" });
});
