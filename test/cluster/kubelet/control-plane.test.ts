import { expect, test } from "vitest";
import { RUNTIME_PART, type Runtime } from "../../../src/cluster/kubelet/runtime/runtime.ts";
import type { Node } from "../../../src/kinds/types/core.ts";
import type { Deployment } from "../../../src/kinds/types/workload.ts";
import { busybox, makeLab } from "./setup.ts";

type Lab = ReturnType<typeof makeLab>;
const manifests = "/etc/kubernetes/manifests";
const deployment = (name: string, replicas: number) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name} }\nspec: { replicas: ${replicas}, selector: { matchLabels: { app: ${name} } }, template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: c, image: nginx }] } } }\n`;
const ready = (lab: Lab, name: string) =>
  lab.api.get<Deployment>("deployments.apps", "default", name)?.status?.readyReplicas ?? 0;
const answers = (lab: Lab) => lab.world.door() !== undefined;

test("the API server's manifest moved away and back: refused, then all is as it was and everything works on", () => {
  const lab = makeLab();
  lab.apply(deployment("web", 2));
  lab.until("it is there", () => ready(lab, "web") === 2);
  lab.sh("cp", `mv ${manifests}/kube-apiserver.yaml /root/`);
  lab.until("it is down", () => !answers(lab), 40);
  expect(lab.sh("cp", "kubectl get nodes").stderr).toMatch(
    /The connection to the server 192\.168\.56\.10:6443 was refused - did you specify the right host or port\?/,
  );
  // What runs goes on without it.
  lab.world.advance(120);
  lab.sh("cp", `mv /root/kube-apiserver.yaml ${manifests}/`);
  lab.until("it is up", () => answers(lab), 60);
  expect(ready(lab, "web")).toBe(2);
  // Controllers, scheduler and kubelets have found it again.
  lab.apply(deployment("more", 3));
  lab.until("new pods run", () => ready(lab, "more") === 3, 120);
  lab.until(
    "no node is lost",
    () =>
      lab.api
        .list<Node>("nodes")
        .every((n) => n.status?.conditions?.find((c) => c.type === "Ready")?.status === "True"),
    60,
  );
  for (const name of ["kube-apiserver-cp", "kube-scheduler-cp", "kube-controller-manager-cp", "etcd-cp"])
    lab.until(`${name} is well`, () => lab.shown(name, "kube-system") === "1/1 Running", 120);
});

/** All containers of a name on the control plane, the oldest first, as crictl ps -a would list them. */
const containers = (lab: Lab, name: string) =>
  [...(lab.host("cp").parts.get(RUNTIME_PART) as Runtime).containers.values()].flat().filter((c) => c.name === name);
const lastLog = (lab: Lab, name: string) =>
  containers(lab, name)
    .at(-1)
    ?.log.entries.map((entry) => entry.text)
    .join("");

const faults = [
  { sed: "s/--etcd-servers=/--etcd-servrs=/", log: "Error: unknown flag: --etcd-servrs" },
  {
    sed: "s,tls-cert-file=.*,tls-cert-file=/etc/kubernetes/pki/nope.crt,",
    log: "open /etc/kubernetes/pki/nope.crt: no such file or directory",
  },
  { sed: "s,127.0.0.1:2379,127.0.0.1:2399,", log: "connect: connection refused" },
  {
    sed: "s/--enable-admission-plugins=NodeRestriction/--enable-admission-plugins=NodeRestrictions/",
    log: String.raw`"command failed" err="enable-admission-plugins plugin \"NodeRestrictions\" is unknown"`,
  },
];

test.each(faults)("an API server that does not come up: $sed", ({ sed, log }) => {
  const lab = makeLab();
  lab.sh("cp", `cp ${manifests}/kube-apiserver.yaml /root/; sed -i '${sed}' ${manifests}/kube-apiserver.yaml`);
  lab.until("it is down", () => !answers(lab), 40);
  lab.world.advance(60);
  expect(answers(lab)).toBe(false);
  expect(lastLog(lab, "kube-apiserver")).toContain(log);
  lab.sh("cp", `cp /root/kube-apiserver.yaml ${manifests}/`);
  lab.until("it is up", () => answers(lab), 120);
  lab.apply(busybox("p", "sleep 1000"));
  lab.wait("p", "1/1 Running", 60);
});

test("etcd's manifest moved away and back: its data are still there", () => {
  const lab = makeLab();
  lab.apply("apiVersion: v1\nkind: ConfigMap\nmetadata: { name: kept }\ndata: { a: b }\n");
  lab.sh("cp", `mv ${manifests}/etcd.yaml /root/`);
  lab.until("the API server is down, too", () => !answers(lab), 120);
  lab.sh("cp", `mv /root/etcd.yaml ${manifests}/`);
  lab.until("it is up", () => answers(lab), 400);
  expect(lab.api.get("configmaps", "default", "kept")).toMatchObject({ data: { a: "b" } });
});

test("without a scheduler pods stay Pending, without a word", () => {
  const lab = makeLab();
  lab.sh("cp", `mv ${manifests}/kube-scheduler.yaml /root/`);
  lab.until("it is gone", () => lab.find("kube-scheduler-cp", "kube-system") === undefined, 60);
  lab.apply("apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { containers: [{ name: c, image: nginx }] }\n");
  lab.world.advance(60);
  expect(lab.shown("p")).toBe("0/1 Pending");
  expect(lab.events("p")).toEqual([]);
  lab.sh("cp", `mv /root/kube-scheduler.yaml ${manifests}/`);
  lab.wait("p", "1/1 Running", 90);
});

test("without a controller manager a Deployment makes no pods", () => {
  const lab = makeLab();
  lab.sh(
    "cp",
    `sed -i s/kube-controller-manager:v/kube-controller-manager:x/ ${manifests}/kube-controller-manager.yaml`,
  );
  lab.until(
    "its image cannot be pulled",
    () => /ImagePull/.test(lab.shown("kube-controller-manager-cp", "kube-system")),
    90,
  );
  lab.apply(deployment("web", 1));
  lab.world.advance(60);
  expect(ready(lab, "web")).toBe(0);
  lab.sh(
    "cp",
    `sed -i s/kube-controller-manager:x/kube-controller-manager:v/ ${manifests}/kube-controller-manager.yaml`,
  );
  lab.until("its pod is made", () => ready(lab, "web") === 1, 120);
});

const kubeconfigs = [
  {
    file: "scheduler.conf",
    pod: "kube-scheduler-cp",
    break: "mv /etc/kubernetes/scheduler.conf /root/",
    heal: "rm -rf /etc/kubernetes/scheduler.conf; mv /root/scheduler.conf /etc/kubernetes/",
  },
  {
    file: "controller-manager.conf",
    pod: "kube-controller-manager-cp",
    break: "cp /etc/kubernetes/controller-manager.conf /root/; echo '{' > /etc/kubernetes/controller-manager.conf",
    heal: "mv /root/controller-manager.conf /etc/kubernetes/",
  },
];

test.each(kubeconfigs)("$pod without a usable $file", ({ pod, break: line, heal, file }) => {
  const lab = makeLab();
  lab.sh("cp", line);
  containers(lab, pod.replace(/-cp$/, "")).at(-1)?.kill("TERM");
  lab.until("it backs off", () => lab.shown(pod, "kube-system") === "0/1 CrashLoopBackOff", 90);
  expect(lastLog(lab, pod.replace(/-cp$/, ""))).toContain(`/etc/kubernetes/${file}`);
  lab.sh("cp", heal);
  lab.until("it runs", () => lab.shown(pod, "kube-system") === "1/1 Running", 400);
});
