import { beforeAll, expect, test } from "vitest";
import { loadExercise } from "../../grader/load.ts";
import { examineTask } from "../../grader/score.ts";
import { viewOf } from "../../grader/view.ts";
import { createAll } from "../../src/cluster/kubeadm/init.ts";
import type { World } from "../../src/cluster/world.ts";
import { makeWorld } from "../../src/lab/make-world.ts";
import { root } from "../../src/machine/define-files.ts";

let world: World;

const manifests = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: default }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: c, image: "nginx:1.29", resources: { requests: { memory: 64Mi } } }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: default }
spec: { selector: { app: web }, ports: [{ port: 8080, targetPort: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: nobody, namespace: default }
spec: { selector: { app: nobody }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: client, namespace: default, labels: { role: client } }
spec: { containers: [{ name: c, image: "busybox:1.36", command: [sleep, "86400"] }] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader, namespace: default }
rules: [{ apiGroups: [""], resources: [pods, pods/log], verbs: [get, list] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: reader, namespace: default }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader }
subjects: [{ kind: ServiceAccount, name: robot, namespace: default }, { apiGroup: rbac.authorization.k8s.io, kind: Group, name: team }]
`;

beforeAll(() => {
  const plan = {
    name: "t",
    hosts: [
      { name: "cp", role: "control-plane" as const },
      { name: "w", role: "worker" as const },
    ],
  };
  world = makeWorld(plan, "1").world;
  createAll(world.admin(), manifests);
  world.advance(60);
  const { files } = world.machines.get("w")!;
  files.write("/opt/answer", "one\ntwo\n\n", root, { mode: 0o640 });
});

/** What the checks of an exercise say about the world, in the form "met" or the reason. */
function examine(checks: readonly object[]): readonly string[] {
  const head =
    "title: t\ncompetency: T1\nweight: 1\nminutes: 1\nhost: cp\nworld: w\ntask: t\nsolution: s\nexplain: e\n";
  const listed = checks.map((check, i) => ({ says: `n${i}`, points: 1, ...check }));
  const text = `${head}checks: ${JSON.stringify(listed)}\nwrong: {}\n`;
  const task = loadExercise(text, "t.yaml").draw("1");
  return examineTask(task, viewOf(world)).map(({ met, why }) => (met ? "met" : (why ?? "")));
}

const cases: readonly (readonly [check: object, says: string])[] = [
  [{ object: "deployment/web", has: { status: { readyReplicas: 2 } } }, "met"],
  [
    { object: "deploy/web", has: { status: { readyReplicas: 3 } } },
    "Deployment web in namespace default: status.readyReplicas is 2, expected 3",
  ],
  [
    {
      object: "deployments.apps/web",
      has: {
        spec: { template: { spec: { containers: [{ name: "c", resources: { requests: { memory: "65536Ki" } } }] } } },
      },
    },
    "met",
  ],
  [
    { object: "node/w", has: { status: { conditions: [{ type: "Ready", status: "False" }] } } },
    "Node w: status.conditions[type=Ready].status is True, expected False",
  ],
  [{ object: "pod/none" }, "there is no Pod none in namespace default"],
  [{ object: "gizmo/none" }, "the API server has no resource gizmo"],
  [{ absent: "pod/none", namespace: "kube-system" }, "met"],
  [{ absent: "pod/client" }, "Pod client in namespace default is still there"],
  [{ count: "pods", selector: "app=web", of: 2 }, "met"],
  [{ count: "nodes", of: 3 }, "there are 2 nodes (cp, w), expected 3"],
  [
    { count: "pods", selector: "app in (web)", namespace: "default", has: { spec: { nodeName: "elsewhere" } }, of: 0 },
    "met",
  ],
  [{ expr: "object.spec.replicas > 1 && object.status.readyReplicas == 2", object: "deployment/web" }, "met"],
  [{ expr: "object.spec.replicas > 2", object: "deployment/web" }, "object.spec.replicas > 2 is false"],
  [{ expr: "object.spec.nothing > 2", object: "deployment/web" }, "object.spec.nothing > 2: No such key: nothing"],
  [{ expr: "objects.exists(n, n.metadata.name == 'w')", objects: "nodes" }, "met"],
  [{ file: "w:/opt/answer", contains: ["one", "two"], mode: "0640", owner: "root:root" }, "met"],
  [{ file: "w:/opt/answer", equals: "one\ntwo" }, "met"],
  [{ file: "w:/opt/answer", equals: "one" }, 'w:/opt/answer says "one\\ntwo", expected "one"'],
  [{ file: "w:/opt/answer", matches: "^tw.$" }, "met"],
  [{ file: "w:/opt/answer", matches: "^x" }, "w:/opt/answer does not match ^x"],
  [{ file: "w:/opt/answer", mode: "600" }, "w:/opt/answer has mode 0640, expected 0600"],
  [{ file: "w:/opt/answer", owner: "candidate" }, "w:/opt/answer belongs to root, expected candidate"],
  [{ file: "w:/opt", contains: "x" }, "w:/opt is a directory"],
  [{ file: "w:/none", contains: "x" }, "there is no w:/none"],
  [{ file: "w:/none", absent: true }, "met"],
  [{ file: "x:/none", absent: true }, "there is no host x (there are cp, w)"],
  [{ reaches: "http://web:8080", from: "pod/client", body: "Welcome to nginx!" }, "met"],
  [{ reaches: "http://web.default.svc.cluster.local:8080/none", from: "pod/role=client", status: 404 }, "met"],
  [
    { reaches: "http://web:8080/none", from: "pod/client" },
    "http://web:8080/none from pod/client is answered with status 404, expected 200",
  ],
  [
    { reaches: "http://nobody", from: "pod/client" },
    "http://nobody from pod/client: connection refused: service default/nobody has no endpoints",
  ],
  [{ reaches: "nobody:80", from: "pod/client", not: true }, "met"],
  [{ reaches: "cp:6443", from: "w" }, "met"],
  [
    { reaches: "web:8080", from: "pod/client", not: true },
    "web:8080 from pod/client is answered, expected no connection",
  ],
  [{ reaches: "web:8080", from: "pod/gone" }, "there is no pod gone in namespace default"],
  [{ resolves: "kubernetes.default", from: "pod/client", to: "10.96.0.1" }, "met"],
  [
    { resolves: "kubernetes.default", from: "pod/client", to: "10.96.0.2" },
    "kubernetes.default from pod/client resolves to 10.96.0.1, expected 10.96.0.2",
  ],
  [{ resolves: "no.such", from: "pod/client", not: true }, "met"],
  [{ can: "get,list pods", as: "serviceaccount/robot", namespace: "default" }, "met"],
  [{ can: "get pods/log", as: "serviceaccount/default:robot", namespace: "default" }, "met"],
  [
    { can: "get,delete pods", as: "serviceaccount/robot", namespace: "default" },
    "system:serviceaccount:default:robot may not delete pods in namespace default",
  ],
  [{ can: "delete pods", as: "serviceaccount/robot", namespace: "default", allowed: false }, "met"],
  [{ can: "list pods", as: "jane", groups: ["team"], namespace: "default" }, "met"],
  [{ can: "list pods", as: "jane", groups: ["team"] }, "jane may not list pods in all namespaces"],
  [{ rollout: "deployment/web" }, "met"],
  [{ rollout: "pod/client" }, "a Pod has no rollouts"],
  [{ unit: "w/kubelet", active: true, enabled: true }, "met"],
  [{ unit: "w/kubelet", active: false }, "kubelet on w is active, expected not active"],
  [{ unit: "w/nothing", enabled: true }, "nothing on w is not there, expected enabled"],
];

test.each(cases)("%j", (check, says) => {
  expect(examine([check])).toEqual([says]);
});

test("a server that does not answer is a reason, not a crash", () => {
  const plan = { name: "t", hosts: [{ name: "cp", role: "control-plane" as const }] };
  const broken = makeWorld(plan, "1").world;
  broken.machines.get("cp")!.files.unlink("/etc/kubernetes/manifests/kube-apiserver.yaml", root);
  broken.advance(60);
  const before = world;
  world = broken;
  expect(examine([{ object: "node/cp" }, { unit: "cp/kubelet", active: true }])).toEqual([
    "the API server does not answer",
    "met",
  ]);
  world = before;
});
