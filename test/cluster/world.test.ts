import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { conditionOf } from "../../src/kinds/labels.ts";
import type { Node } from "../../src/kinds/types/core.ts";
import type { Pod } from "../../src/kinds/types/pod.ts";
import { usualStart } from "../../src/lab/make-world.ts";
import { root } from "../../src/machine/define-files.ts";
import { makeLab } from "./kubelet/setup.ts";

const lab = makeLab(
  [
    { name: "cp", role: "control-plane" },
    {
      name: "w1",
      role: "worker",
      labels: { disk: "ssd" },
      taints: [{ key: "team", value: "a", effect: "NoSchedule" }],
    },
    { name: "base", role: "none" },
  ],
  "world",
);
const files = (host: string) => lab.host(host).files;

describe("a fresh cluster", () => {
  const pods = lab.api.list<Pod>("pods");

  test("begins when it is told to", () => expect(lab.world.clock.now).toBe(usualStart));

  test("has its nodes ready, with their labels and taints", () => {
    const nodes = lab.api.list<Node>("nodes");
    expect(nodes.map((node) => [node.metadata.name, conditionOf(node, "Ready")?.status])).toEqual([
      ["cp", "True"],
      ["w1", "True"],
    ]);
    expect(nodes.map((node) => node.spec.taints)).toEqual([
      [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }],
      [{ key: "team", value: "a", effect: "NoSchedule" }],
    ]);
    expect(nodes[1]?.metadata.labels).toMatchObject({ disk: "ssd", "kubernetes.io/hostname": "w1" });
    expect(nodes.map((node) => node.spec.podCIDR)).toEqual(["10.244.0.0/24", "10.244.1.0/24"]);
    expect(nodes[0]?.status?.nodeInfo).toMatchObject({
      kubeletVersion: "v1.35.0",
      containerRuntimeVersion: "containerd://2.1.5",
    });
  });

  test("runs what kubeadm and the CNI start, all ready and never restarted", () => {
    const names = pods.map((pod) => pod.metadata.name.replace(/(-[0-9a-z]{8,10})?-[0-9a-z]{5}$/, "")).sort();
    expect(names).toEqual([
      "coredns",
      "coredns",
      "etcd-cp",
      "kube-apiserver-cp",
      "kube-controller-manager-cp",
      "kube-flannel-ds",
      "kube-flannel-ds",
      "kube-proxy",
      "kube-proxy",
      "kube-scheduler-cp",
    ]);
    for (const pod of pods) {
      expect(conditionOf(pod, "Ready")?.status).toBe("True");
      for (const status of pod.status?.containerStatuses ?? []) expect(status.restartCount).toBe(0);
    }
  });

  test("is as old as its hosts: a minute or two", () => {
    for (const object of [...pods, ...lab.api.list("nodes"), ...lab.api.list("namespaces")]) {
      const age = usualStart / 1_000_000 - Date.parse(object.metadata.creationTimestamp ?? "") / 1000;
      expect(age).toBeGreaterThan(30);
      expect(age).toBeLessThanOrEqual(120);
    }
  });

  test("stays as it is", () => {
    lab.world.advance(1800);
    expect(lab.api.list<Pod>("pods").every((pod) => conditionOf(pod, "Ready")?.status === "True")).toBe(true);
    expect(lab.api.list<Pod>("pods").map((pod) => pod.metadata.uid)).toEqual(pods.map((pod) => pod.metadata.uid));
  });

  test("can be looked at by kubectl of root and candidate, and by nobody on the base host", () => {
    expect(lab.sh("cp", "kubectl get nodes --no-headers").stdout.split("\n")).toHaveLength(3);
    expect(lab.sh("cp", "su - candidate -c 'kubectl auth whoami -o jsonpath={.status.userInfo.username}'").stdout).toBe(
      "kubernetes-admin",
    );
    expect(lab.sh("base", "kubectl get nodes").status).toBe(127);
  });
});

describe("files of kubeadm", () => {
  const modes = [
    ["cp", "/etc/kubernetes/admin.conf", 0o600],
    ["cp", "/etc/kubernetes/super-admin.conf", 0o600],
    ["cp", "/etc/kubernetes/scheduler.conf", 0o600],
    ["cp", "/etc/kubernetes/controller-manager.conf", 0o600],
    ["cp", "/etc/kubernetes/kubelet.conf", 0o600],
    ["w1", "/etc/kubernetes/kubelet.conf", 0o600],
    ["cp", "/etc/kubernetes/manifests/kube-apiserver.yaml", 0o600],
    ["cp", "/etc/kubernetes/manifests/etcd.yaml", 0o600],
    ["cp", "/etc/kubernetes/pki/ca.crt", 0o644],
    ["cp", "/etc/kubernetes/pki/ca.key", 0o600],
    ["cp", "/etc/kubernetes/pki/sa.pub", 0o644],
    ["cp", "/etc/kubernetes/pki/sa.key", 0o600],
    ["cp", "/etc/kubernetes/pki/etcd/server.key", 0o600],
    ["w1", "/etc/kubernetes/pki/ca.crt", 0o644],
    ["w1", "/var/lib/kubelet/config.yaml", 0o644],
    ["cp", "/var/lib/etcd", 0o700],
  ] as const;
  test.each(modes)("%s %s has mode %o", (host, path, mode) => {
    expect(files(host).stat(path, root).mode & 0o7777).toBe(mode);
  });
  test.each(["/etc/kubernetes/pki/ca.key", "/etc/kubernetes/admin.conf", "/etc/kubernetes/manifests/etcd.yaml"])(
    "a worker has no %s",
    (path) => {
      expect(files("w1").find(path, root)).toBeUndefined();
    },
  );
  test("candidate's own kubeconfig is candidate's", () => {
    expect(files("cp").stat("/home/candidate/.kube/config", root)).toMatchObject({ mode: 0o600, uid: 1000, gid: 1000 });
  });
});

describe("certificates", () => {
  const pki = "/etc/kubernetes/pki";
  const read = (path: string) => new X509Certificate(files("cp").read(`${pki}/${path}`, root));
  const leaves = [
    ["apiserver.crt", "ca.crt", "CN=kube-apiserver"],
    ["apiserver-kubelet-client.crt", "ca.crt", "O=kubeadm:cluster-admins\nCN=kube-apiserver-kubelet-client"],
    ["front-proxy-client.crt", "front-proxy-ca.crt", "CN=front-proxy-client"],
    ["apiserver-etcd-client.crt", "etcd/ca.crt", "CN=kube-apiserver-etcd-client"],
    ["etcd/server.crt", "etcd/ca.crt", "CN=cp"],
    ["etcd/peer.crt", "etcd/ca.crt", "CN=cp"],
    ["etcd/healthcheck-client.crt", "etcd/ca.crt", "CN=kube-etcd-healthcheck-client"],
  ] as const;
  test.each(leaves)("%s is signed by %s", (name, authority, subject) => {
    const certificate = read(name);
    expect(certificate.subject).toBe(subject);
    expect(certificate.verify(read(authority).publicKey)).toBe(true);
    expect(certificate.checkIssued(read(authority))).toBe(true);
    expect(certificate.ca).toBe(false);
    const days = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 86_400_000;
    expect(days).toBe(365);
    expect(Date.parse(certificate.validFrom)).toBeLessThanOrEqual(usualStart / 1000);
  });
  test.each(["ca.crt", "etcd/ca.crt", "front-proxy-ca.crt"])("%s is an authority of its own, for ten years", (name) => {
    const certificate = read(name);
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect((Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 86_400_000).toBe(3650);
  });
  test("the API server's names", () => {
    const names = read("apiserver.crt").subjectAltName?.split(", ").sort();
    expect(names).toEqual([
      "DNS:cp",
      "DNS:kubernetes",
      "DNS:kubernetes.default",
      "DNS:kubernetes.default.svc",
      "DNS:kubernetes.default.svc.cluster.local",
      "DNS:localhost",
      "IP Address:10.96.0.1",
      "IP Address:127.0.0.1",
      "IP Address:192.168.56.10",
    ]);
  });
  test("the key belongs to the certificate", () => {
    const { createPublicKey } = process.getBuiltinModule("node:crypto");
    const key = createPublicKey(files("cp").read(`${pki}/apiserver.key`, root));
    expect(key.export({ type: "spki", format: "pem" })).toBe(
      read("apiserver.crt").publicKey.export({ type: "spki", format: "pem" }),
    );
  });
});

test("the same seed makes the same world", () => {
  const names = (seed: string) =>
    makeLab(undefined, seed)
      .api.list("pods")
      .map((pod) => `${pod.metadata.name} ${pod.metadata.uid}`);
  expect(names("one")).toEqual(names("one"));
  expect(names("one")).not.toEqual(names("two"));
});
