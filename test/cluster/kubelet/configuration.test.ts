import { expect, test } from "vitest";
import { Connection } from "../../../src/cluster/connection.ts";
import { RUNTIME_PART, type Runtime } from "../../../src/cluster/kubelet/runtime/runtime.ts";
import type { ConfigMap } from "../../../src/kinds/types/core.ts";
import { busybox, makeLab } from "./setup.ts";

const config =
  "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { color: blue, 'app.conf': 'a=1' }\n";
const secret =
  "apiVersion: v1\nkind: Secret\nmetadata: { name: login }\nstringData: { user: admin, password: s3cret }\n";

test("ConfigMap and Secret as environment, whole and by key", () => {
  const lab = makeLab();
  lab.apply(config);
  lab.apply(secret);
  const container = `    envFrom: [{ prefix: CFG_, configMapRef: { name: settings } }, { secretRef: { name: login } }]
    env:
    - { name: COLOR, valueFrom: { configMapKeyRef: { name: settings, key: color } } }
    - { name: PASS, valueFrom: { secretKeyRef: { name: login, key: password } } }
    - { name: BOTH, value: "$(COLOR)-$(user)-$(NOTHING)-$$(COLOR)" }
    - { name: MAYBE, valueFrom: { configMapKeyRef: { name: gone, key: x, optional: true } } }`;
  lab.apply(busybox("env", "env; sleep 1000", { container }));
  lab.wait("env", "1/1 Running");
  const lines = lab.logs("env").text().split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      "CFG_color=blue",
      "user=admin",
      "password=s3cret",
      "COLOR=blue",
      "PASS=s3cret",
      "BOTH=blue-admin-$(NOTHING)-$(COLOR)",
      "HOSTNAME=env",
      "KUBERNETES_SERVICE_HOST=10.96.0.1",
      "KUBERNETES_SERVICE_PORT=443",
      "KUBERNETES_PORT_443_TCP=tcp://10.96.0.1:443",
    ]),
  );
  expect(lines.some((line) => line.startsWith("MAYBE"))).toBe(false);
});

const missing = [
  {
    env: "{ name: A, valueFrom: { configMapKeyRef: { name: settings, key: color } } }",
    says: 'configmap "settings" not found',
    heal: config,
  },
  {
    env: "{ name: A, valueFrom: { secretKeyRef: { name: login, key: user } } }",
    says: 'secret "login" not found',
    heal: secret,
  },
  {
    env: "{ name: A, valueFrom: { configMapKeyRef: { name: kube-root-ca.crt, key: nope } } }",
    says: "couldn't find key nope in ConfigMap default/kube-root-ca.crt",
  },
];

test.each(missing)("CreateContainerConfigError: $says", ({ env, says, heal }) => {
  const lab = makeLab();
  lab.apply(busybox("p", "sleep 1000", { container: `    env: [${env}]` }));
  lab.wait("p", "0/1 CreateContainerConfigError", 20);
  expect(lab.pod("p").status?.phase).toBe("Pending");
  expect(lab.pod("p").status?.containerStatuses?.[0]?.state?.waiting?.message).toBe(says);
  expect(lab.events("p")).toContain(`Warning Failed Error: ${says}`);
  if (!heal) return;
  lab.apply(heal);
  lab.wait("p", "1/1 Running", 16);
});

test("ConfigMap and Secret as volumes; a change arrives within a minute or two", () => {
  const lab = makeLab();
  lab.apply(config);
  lab.apply(secret);
  const pod = `  volumes:
  - { name: c, configMap: { name: settings } }
  - { name: s, secret: { secretName: login, defaultMode: 256, items: [{ key: password, path: deep/pass }] } }`;
  const container =
    "    volumeMounts: [{ name: c, mountPath: /etc/c }, { name: s, mountPath: /etc/s, readOnly: true }, { name: c, mountPath: /app.conf, subPath: app.conf }]";
  lab.apply(busybox("files", "sleep 1000", { pod, container }));
  lab.wait("files", "1/1 Running");
  const cat = (path: string) => lab.exec("files", ["cat", path]).stdout;
  expect(cat("/etc/c/color")).toBe("blue");
  expect(cat("/etc/s/deep/pass")).toBe("s3cret");
  expect(cat("/app.conf")).toBe("a=1");
  expect(lab.exec("files", ["ls", "/etc/c"]).stdout).toBe("app.conf\ncolor\n");
  expect(lab.exec("files", ["readlink", "/etc/c/color"]).stdout).toBe("..data/color\n");
  expect(lab.exec("files", ["readlink", "/etc/c/..data"]).stdout).toMatch(/^\.\.2026_11_02_09_00_0\d\.\d+\n$/);
  expect(lab.exec("files", ["stat", "-L", "-c", "%a", "/etc/s/deep/pass"]).stdout).toBe("400\n");
  expect(lab.exec("files", ["sh", "-c", "echo x > /etc/s/deep/pass"]).stderr).toMatch(/Read-only file system/);
  const map = lab.api.get<ConfigMap>("configmaps", "default", "settings") as ConfigMap;
  lab.api.update<ConfigMap>({ ...map, data: { color: "red", "app.conf": "a=2", added: "yes" } });
  lab.world.advance(90);
  expect(cat("/etc/c/color")).toBe("red");
  expect(cat("/etc/c/added")).toBe("yes");
  expect(lab.exec("files", ["ls", "/etc/c"]).stdout).toBe("added\napp.conf\ncolor\n");
  // subPath mounts never follow (documentation of ConfigMap).
  expect(cat("/app.conf")).toBe("a=1");
});

const unmountable = [
  { volume: "configMap: { name: settings }", says: 'configmap "settings" not found', heal: config },
  { volume: "secret: { secretName: login }", says: 'secret "login" not found', heal: secret },
  {
    volume: "configMap: { name: kube-root-ca.crt, items: [{ key: nope, path: x }] }",
    says: "references non-existent config key: nope",
  },
  {
    volume: "hostPath: { path: /etc/hosts, type: Directory }",
    says: "hostPath type check failed: /etc/hosts is not a directory",
  },
  { volume: "hostPath: { path: /nope, type: File }", says: "hostPath type check failed: /nope is not a file" },
];

test.each(unmountable)("FailedMount: $says", ({ volume, says, heal }) => {
  const lab = makeLab();
  lab.apply(
    busybox("p", "sleep 1000", {
      pod: `  volumes: [{ name: v, ${volume} }]`,
      container: "    volumeMounts: [{ name: v, mountPath: /v }]",
    }),
  );
  lab.world.advance(20);
  expect(lab.shown("p")).toBe("0/1 ContainerCreating");
  expect(lab.pod("p").status?.conditions?.find((c) => c.type === "PodReadyToStartContainers")?.status).toBe("False");
  expect(lab.events("p")).toContain(`Warning FailedMount MountVolume.SetUp failed for volume "v" : ${says}`);
  if (!heal) return;
  lab.apply(heal);
  lab.wait("p", "1/1 Running", 60);
});

test("hostPath is the host's own folder", () => {
  const lab = makeLab();
  lab.sh("w1", "mkdir -p /srv/data; echo from host > /srv/data/a");
  const pod = "  volumes: [{ name: v, hostPath: { path: /srv/data, type: DirectoryOrCreate } }]";
  const container = "    volumeMounts: [{ name: v, mountPath: /v }]";
  lab.apply(busybox("p", "cat /v/a; echo from pod > /v/b; sleep 1000", { pod, container }));
  lab.wait("p", "1/1 Running");
  expect(lab.logs("p").text()).toBe("from host\n");
  expect(lab.sh("w1", "cat /srv/data/b").stdout).toBe("from pod\n");
  expect(lab.sh("cp", "cat /srv/data/b").status).toBe(1);
});

test("a claim of a hostPath volume keeps its data on the node, for all that mount it", () => {
  const lab = makeLab();
  lab.apply(`apiVersion: v1
kind: PersistentVolume
metadata: { name: pv }
spec: { capacity: { storage: 1Gi }, accessModes: [ReadWriteOnce], storageClassName: manual, hostPath: { path: /mnt/data } }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: claim }
spec: { accessModes: [ReadWriteOnce], storageClassName: manual, resources: { requests: { storage: 1Gi } } }
`);
  const more = {
    pod: "  volumes: [{ name: v, persistentVolumeClaim: { claimName: claim } }]",
    container: "    volumeMounts: [{ name: v, mountPath: /data }]",
  };
  lab.apply(busybox("writer", "echo kept > /data/file; sleep 1000", more));
  lab.wait("writer", "1/1 Running", 30);
  expect(lab.sh("w1", "cat /mnt/data/file").stdout).toBe("kept\n");
  lab.delete("writer", 0);
  lab.apply(busybox("reader", "cat /data/file; sleep 1000", more));
  lab.wait("reader", "1/1 Running", 30);
  expect(lab.logs("reader").text()).toBe("kept\n");
});

test("emptyDir is shared by the pod's containers and survives a restart of one", () => {
  const lab = makeLab();
  lab.apply(`apiVersion: v1
kind: Pod
metadata: { name: two }
spec:
  volumes: [{ name: v, emptyDir: {} }]
  containers:
  - { name: a, image: "busybox", command: [sh, -c, "echo run >> /v/log; sleep 5; exit 1"], volumeMounts: [{ name: v, mountPath: /v }] }
  - { name: b, image: "busybox", command: [sleep, "1000"], volumeMounts: [{ name: v, mountPath: /v }] }
`);
  lab.until("a was restarted", () => lab.pod("two").status?.containerStatuses?.[0]?.restartCount === 1, 30);
  const { status = {} } = lab.pod("two");
  expect(status.containerStatuses?.map((c) => c.name)).toEqual(["a", "b"]);
  lab.world.advance(1);
  const runtime = lab.host("w1").parts.get(RUNTIME_PART) as Runtime;
  const b = runtime.containersOf(lab.pod("two").metadata.uid ?? "").find((c) => c.name === "b");
  expect(b?.machine.files.read("/v/log", { uid: 0, gid: 0, groups: [] })).toBe("run\nrun\n");
});

test("the downward API, as variables and as files", () => {
  const lab = makeLab();
  const pod = `  volumes: [{ name: d, downwardAPI: { items: [{ path: labels, fieldRef: { fieldPath: metadata.labels } }, { path: cpu, resourceFieldRef: { containerName: main, resource: limits.cpu, divisor: 1m } }] } }]`;
  const field = (name: string, path: string) =>
    `    - { name: ${name}, valueFrom: { fieldRef: { fieldPath: ${path} } } }\n`;
  const container = `    resources: { limits: { cpu: 250m, memory: 64Mi } }
    volumeMounts: [{ name: d, mountPath: /d }]
    env:
${field("NAME", "metadata.name")}${field("NS", "metadata.namespace")}${field("NODE", "spec.nodeName")}${field("IP", "status.podIP")}${field("HOST", "status.hostIP")}${field("SA", "spec.serviceAccountName")}${field("APP", `"metadata.labels['app']"`)}    - { name: MEM, valueFrom: { resourceFieldRef: { resource: limits.memory, divisor: 1Mi } } }
    - { name: CPU, valueFrom: { resourceFieldRef: { resource: limits.cpu } } }`;
  lab.apply(busybox("down", "echo $NAME $NS $NODE $IP $HOST $SA $APP $MEM $CPU; sleep 1000", { pod, container }));
  lab.wait("down", "1/1 Running");
  const ip = lab.pod("down").status?.podIP;
  expect(lab.logs("down").text()).toBe(`down default w1 ${ip} 192.168.56.11 default down 64 1\n`);
  expect(lab.exec("down", ["cat", "/d/labels"]).stdout).toBe('app="down"');
  expect(lab.exec("down", ["cat", "/d/cpu"]).stdout).toBe("250");
});

test("the service account's token speaks to the API server from inside a pod", () => {
  const lab = makeLab();
  lab.apply("apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: reader }\n");
  lab.apply(busybox("p", "sleep 1000", { pod: "  serviceAccountName: reader" }));
  lab.wait("p", "1/1 Running", 30);
  const runtime = lab.host("w1").parts.get(RUNTIME_PART) as Runtime;
  const machine = runtime.containersOf(lab.pod("p").metadata.uid ?? "")[0]?.machine;
  if (!machine) throw new Error("no container");
  const connection = () => new Connection({ machine, agent: "test" });
  const expected = {
    name: "system:serviceaccount:default:reader",
    groups: expect.arrayContaining([
      "system:serviceaccounts",
      "system:serviceaccounts:default",
      "system:authenticated",
    ]),
  };
  // Before anybody has looked at the file, and after.
  expect(connection().user).toMatchObject(expected);
  const token = lab.exec("p", ["cat", "/var/run/secrets/kubernetes.io/serviceaccount/token"]).stdout;
  expect(token.split(".")).toHaveLength(3);
  expect(connection().user).toMatchObject(expected);
  expect(() => connection().list("secrets", "default")).toThrow(
    'secrets is forbidden: User "system:serviceaccount:default:reader" cannot list resource "secrets" in API group "" in the namespace "default"',
  );
  expect(lab.exec("p", ["ls", "/var/run/secrets/kubernetes.io/serviceaccount"]).stdout).toBe(
    "ca.crt\nnamespace\ntoken\n",
  );
  expect(lab.exec("p", ["cat", "/var/run/secrets/kubernetes.io/serviceaccount/namespace"]).stdout).toBe("default");
  const claims = JSON.parse(atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/")));
  expect(claims).toMatchObject({
    sub: "system:serviceaccount:default:reader",
    iss: "https://kubernetes.default.svc.cluster.local",
    "kubernetes.io": { namespace: "default", pod: { name: "p", uid: lab.pod("p").metadata.uid } },
  });
});

test("who a container runs as", () => {
  const lab = makeLab();
  lab.apply(
    busybox("user", "id; echo x > /v/x && stat -c %g /v/x; sleep 1000", {
      pod: "  securityContext: { runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000, supplementalGroups: [4000] }\n  volumes: [{ name: v, emptyDir: {} }]",
      container: "    volumeMounts: [{ name: v, mountPath: /v }]",
    }),
  );
  lab.wait("user", "1/1 Running");
  expect(lab.logs("user").text()).toMatch(/^uid=1000.* gid=3000.* groups=3000,2000,4000\n2000\n$/);
  expect(lab.pod("user").status?.containerStatuses?.[0]?.user).toEqual({
    linux: { uid: 1000, gid: 3000, supplementalGroups: [3000, 2000, 4000] },
  });
  lab.apply(busybox("root", "id", { pod: "  securityContext: { runAsNonRoot: true }" }));
  lab.wait("root", "0/1 CreateContainerConfigError", 20);
  expect(lab.pod("root").status?.containerStatuses?.[0]?.state?.waiting?.message).toBe(
    `container has runAsNonRoot and image will run as root (pod: "root_default(${lab.pod("root").metadata.uid})", container: main)`,
  );
});
