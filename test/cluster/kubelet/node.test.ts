import { expect, test } from "vitest";
import { RUNTIME_PART, type Runtime } from "../../../src/cluster/kubelet/runtime/runtime.ts";
import { conditionOf } from "../../../src/kinds/labels.ts";
import type { Lease, Node } from "../../../src/kinds/types/core.ts";
import { busybox, makeLab } from "./setup.ts";

type Lab = ReturnType<typeof makeLab>;
const node = (lab: Lab, name: string) => lab.api.get<Node>("nodes", undefined, name) as Node;
const ready = (lab: Lab, name: string) => conditionOf(node(lab, name), "Ready");
const runtime = (lab: Lab, name: string) => lab.host(name).parts.get(RUNTIME_PART) as Runtime;

test("a container's process killed on the host: the kubelet restarts it", () => {
  const lab = makeLab();
  lab.apply(busybox("p", "sleep 1000"));
  lab.wait("p", "1/1 Running");
  runtime(lab, "w1")
    .containersOf(lab.pod("p").metadata.uid ?? "")[0]
    ?.kill("KILL");
  lab.until("it was restarted", () => lab.pod("p").status?.containerStatuses?.[0]?.restartCount === 1, 20);
  lab.wait("p", "1/1 Running", 5);
  expect(lab.pod("p").status?.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({
    exitCode: 137,
    reason: "Error",
  });
});

test("the kubelet stops: what runs goes on, the node is not ready after its grace period, a start heals it", () => {
  const lab = makeLab();
  lab.apply(busybox("p", "while true; do date; sleep 10; done"));
  lab.wait("p", "1/1 Running");
  const { containerID } = lab.pod("p").status?.containerStatuses?.[0] ?? {};
  const before = lab.now();
  expect(lab.sh("w1", "systemctl stop kubelet").status).toBe(0);
  lab.world.advance(35);
  expect(ready(lab, "w1")?.status).toBe("True");
  lab.until("the node is not ready", () => ready(lab, "w1")?.status === "Unknown", 60);
  expect(lab.now() - before).toBeGreaterThan(40);
  expect(ready(lab, "w1")).toMatchObject({
    reason: "NodeStatusUnknown",
    message: "Kubelet stopped posting node status.",
  });
  const taints = () => node(lab, "w1").spec.taints?.map((t) => `${t.key}:${t.effect}`) ?? [];
  expect(taints()).toContain("node.kubernetes.io/unreachable:NoSchedule");
  lab.until("what it runs is to be evicted", () => taints().includes("node.kubernetes.io/unreachable:NoExecute"), 1);
  expect(conditionOf(lab.pod("p"), "Ready")?.status).toBe("False");
  const lines = runtime(lab, "w1").containersOf(lab.pod("p").metadata.uid ?? "")[0]?.log.entries.length ?? 0;
  lab.world.advance(60);
  expect(runtime(lab, "w1").containersOf(lab.pod("p").metadata.uid ?? "")[0]?.log.entries.length).toBe(lines + 6);
  // Nobody on the node: no logs, no new pods.
  expect(lab.logs("p").status).toBe(500);
  lab.sh("w1", "systemctl start kubelet");
  lab.until("the node is ready", () => ready(lab, "w1")?.status === "True", 20);
  lab.wait("p", "1/1 Running", 20);
  expect(conditionOf(lab.pod("p"), "Ready")?.status).toBe("True");
  expect(lab.pod("p").status?.containerStatuses?.[0]).toMatchObject({ containerID, restartCount: 0 });
  expect(node(lab, "w1").spec.taints).toBeUndefined();
  expect(lab.logs("p").status).toBe(200);
});

test("a pod that ended while the kubelet was away is found ended", () => {
  const lab = makeLab();
  lab.apply(busybox("job", "sleep 20; exit 4", { pod: "  restartPolicy: Never" }));
  lab.wait("job", "1/1 Running");
  lab.sh("w1", "systemctl stop kubelet");
  lab.world.advance(60);
  expect(lab.shown("job")).toBe("1/1 Running");
  lab.sh("w1", "systemctl start kubelet");
  lab.wait("job", "0/1 Error", 20);
  expect(lab.pod("job").status?.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(4);
});

test("logs and status of a finished pod survive a restart of the kubelet", () => {
  const lab = makeLab();
  lab.apply(busybox("job", "echo bye; exit 4", { pod: "  restartPolicy: Never" }));
  lab.wait("job", "0/1 Error");
  const before = JSON.stringify(lab.pod("job").status);
  lab.sh("w1", "systemctl restart kubelet");
  lab.world.advance(30);
  expect(lab.logs("job").text()).toBe("bye\n");
  expect(JSON.stringify(lab.pod("job").status)).toBe(before);
  lab.delete("job");
  lab.until("it is gone", () => lab.find("job") === undefined, 5);
});

test("a pod deleted while the kubelet is away waits for it", () => {
  const lab = makeLab();
  lab.apply(busybox("p", "trap 'exit 0' TERM; while true; do sleep 1; done"));
  lab.wait("p", "1/1 Running");
  lab.sh("w1", "systemctl stop kubelet");
  lab.delete("p");
  lab.world.advance(60);
  expect(lab.shown("p")).toBe("1/1 Terminating");
  lab.sh("w1", "systemctl start kubelet");
  lab.until("it is gone", () => lab.find("p") === undefined, 20);
  lab.apply(busybox("forced", "sleep 1000"));
  lab.wait("forced", "1/1 Running");
  const { uid = "" } = lab.pod("forced").metadata;
  lab.sh("w1", "systemctl stop kubelet");
  lab.delete("forced", 0);
  lab.sh("w1", "systemctl start kubelet");
  lab.world.advance(40);
  expect(runtime(lab, "w1").containersOf(uid)).toHaveLength(0);
});

test("an emptyDir survives a restart of the kubelet", () => {
  const lab = makeLab();
  const line = "test -e /v/mark && echo kept; touch /v/mark; sleep 30; exit 1";
  lab.apply(
    busybox("p", line, {
      pod: "  volumes: [{ name: v, emptyDir: {} }]",
      container: "    volumeMounts: [{ name: v, mountPath: /v }]",
    }),
  );
  lab.wait("p", "1/1 Running");
  lab.sh("w1", "systemctl restart kubelet");
  lab.until("it was restarted", () => lab.pod("p").status?.containerStatuses?.[0]?.restartCount === 1, 60);
  lab.world.advance(2);
  expect(lab.logs("p").text()).toBe("kept\n");
});

test("the lease is renewed every ten seconds, the status sent every five minutes", () => {
  const lab = makeLab();
  const renewed = new Set<string>();
  const heartbeats = new Set<string>();
  for (let i = 0; i < 600; i++) {
    lab.world.advance(1);
    renewed.add(lab.api.get<Lease>("leases.coordination.k8s.io", "kube-node-lease", "w1")?.spec?.renewTime ?? "");
    heartbeats.add(ready(lab, "w1")?.lastHeartbeatTime ?? "");
  }
  expect(renewed.size).toBeGreaterThan(55);
  expect(renewed.size).toBeLessThan(64);
  expect(heartbeats.size).toBeLessThanOrEqual(3);
  expect(heartbeats.size).toBeGreaterThanOrEqual(2);
});

const faults = [
  {
    line: "mv /var/lib/kubelet/config.yaml /root/",
    says: 'failed to read kubelet config file \\"/var/lib/kubelet/config.yaml\\", error: open /var/lib/kubelet/config.yaml: no such file or directory',
    heal: "mv /root/config.yaml /var/lib/kubelet/",
  },
  {
    line: "sed -i s,/etc/kubernetes/pki/ca.crt,/etc/kubernetes/pki/CA.crt, /var/lib/kubelet/config.yaml",
    says: "unable to load client CA file /etc/kubernetes/pki/CA.crt: open /etc/kubernetes/pki/CA.crt: no such file or directory",
    heal: "sed -i s,CA.crt,ca.crt, /var/lib/kubelet/config.yaml",
  },
  {
    line: "echo 'KUBELET_EXTRA_ARGS=--nope' > /etc/default/kubelet",
    says: "failed to parse kubelet flag: unknown flag: --nope",
    heal: "rm /etc/default/kubelet",
  },
  {
    line: "cp /etc/kubernetes/kubelet.conf /root/; echo 'a: [' > /etc/kubernetes/kubelet.conf",
    says: 'from /etc/kubernetes/kubelet.conf: error loading config file \\"/etc/kubernetes/kubelet.conf\\": yaml: line',
    heal: "cp /root/kubelet.conf /etc/kubernetes/",
  },
  {
    line: "sed -i 's,certificate-authority-data: .*,certificate-authority: /nope.crt,' /etc/kubernetes/kubelet.conf; cp /etc/kubernetes/kubelet.conf /root/",
    says: "unable to read certificate-authority /nope.crt for default-cluster due to open /nope.crt: no such file or directory",
    heal: "sed -i 's,/nope.crt,/etc/kubernetes/pki/ca.crt,' /etc/kubernetes/kubelet.conf",
  },
  {
    line: "printf 'imageGCHighThresholdPercent: 103\\nmaxPods: -1\\n' >> /var/lib/kubelet/config.yaml",
    says: 'err="failed to validate kubelet configuration, error: [invalid configuration: imageGCHighThresholdPercent (--image-gc-high-threshold) 103 must be between 0 and 100, inclusive, invalid configuration: maxPods (--max-pods) -1 must not be a negative number], path: &TypeMeta{Kind:,APIVersion:,}"',
    heal: "sed -i '/103/d; /maxPods/d' /var/lib/kubelet/config.yaml",
  },
  {
    line: "echo 'imageGCLowThresholdPercent: 90' >> /var/lib/kubelet/config.yaml",
    says: "imageGCLowThresholdPercent (--image-gc-low-threshold) 90 must be less than imageGCHighThresholdPercent (--image-gc-high-threshold) 85, path",
    heal: "sed -i /imageGCLow/d /var/lib/kubelet/config.yaml",
  },
  {
    line: "systemctl stop containerd",
    says: "dial unix /run/containerd/containerd.sock: connect: no such file or directory",
    heal: "systemctl start containerd",
  },
];

test.each(faults)("a kubelet that does not start: $line", ({ line, says, heal }) => {
  const lab = makeLab();
  lab.sh("w1", `${line}; systemctl restart kubelet`);
  lab.world.advance(30);
  expect(lab.sh("w1", "systemctl is-active kubelet").stdout.trim()).toBe("activating");
  expect(lab.sh("w1", "journalctl -u kubelet --no-pager | tail -20").stdout).toContain(says);
  lab.until("the node is not ready", () => ready(lab, "w1")?.status === "Unknown", 90);
  lab.sh("w1", heal);
  lab.until("the node is ready", () => ready(lab, "w1")?.status === "True", 40);
});

test("what a kubelet says of its node when it begins, and when the node's conditions change", () => {
  const lab = makeLab();
  const start = [
    "Normal Starting Starting kubelet.",
    "Normal NodeAllocatableEnforced Updated Node Allocatable limit across pods",
    "Normal NodeHasSufficientMemory Node w1 status is now: NodeHasSufficientMemory",
    "Normal NodeHasNoDiskPressure Node w1 status is now: NodeHasNoDiskPressure",
    "Normal NodeHasSufficientPID Node w1 status is now: NodeHasSufficientPID",
  ];
  expect(lab.events("w1", "Node").slice(0, 5)).toEqual(start);
  const selected = "--field-selector involvedObject.name=w1,reason=NodeAllocatableEnforced --no-headers";
  const count = () => Number(lab.sh("cp", `kubectl get events ${selected} | wc -l`).stdout);
  const before = count();
  lab.sh("w1", "systemctl restart kubelet");
  lab.world.advance(3);
  expect(count()).toBe(before + 1);
  lab.sh("w1", "mv /etc/cni/net.d /root/");
  lab.until("the node is not ready", () => ready(lab, "w1")?.status === "False", 30);
  lab.sh("w1", "mv /root/net.d /etc/cni/");
  lab.until("the node is ready", () => ready(lab, "w1")?.status === "True", 30);
  const changes = lab.events("w1", "Node").filter((text) => /NodeNotReady|NodeReady/.test(text));
  expect(changes).toContain("Normal NodeNotReady Node w1 status is now: NodeNotReady");
  expect(changes).toContain("Normal NodeReady Node w1 status is now: NodeReady");
});

test("a kubelet with a wrong server in its kubeconfig does not report", () => {
  const lab = makeLab();
  lab.sh("w1", "sed -i s/:6443/:6444/ /etc/kubernetes/kubelet.conf; systemctl restart kubelet");
  lab.until("the node is not ready", () => ready(lab, "w1")?.status === "Unknown", 90);
  expect(lab.sh("w1", "systemctl is-active kubelet").stdout.trim()).toBe("active");
  lab.sh("w1", "sed -i s/:6444/:6443/ /etc/kubernetes/kubelet.conf; systemctl restart kubelet");
  lab.until("the node is ready", () => ready(lab, "w1")?.status === "True", 30);
});

test("a kubelet that trusts another authority, or shows another one's certificate, does not report", () => {
  const lab = makeLab();
  const config = "/etc/kubernetes/kubelet.conf";
  lab.sh(
    "w1",
    `cp ${config} /root/; sed -i 's,certificate-authority-data: .*,certificate-authority: /etc/other.crt,' ${config}`,
  );
  lab.host("w1").files.write("/etc/other.crt", lab.world.pki.authority("etcd/ca"), { uid: 0, gid: 0, groups: [] });
  lab.sh("w1", "systemctl restart kubelet");
  lab.until("the node is not ready", () => ready(lab, "w1")?.status === "Unknown", 90);
  lab.sh("w1", `cp /root/kubelet.conf ${config}; systemctl restart kubelet`);
  lab.until("the node is ready", () => ready(lab, "w1")?.status === "True", 30);
  lab.sh(
    "w1",
    `sed -i 's,client-certificate: .*,client-certificate: /etc/other.crt,' ${config}; systemctl restart kubelet`,
  );
  lab.until("the node is not ready", () => ready(lab, "w1")?.status === "Unknown", 90);
});

test("a node without a pod network is not ready, and a pod there waits", () => {
  const lab = makeLab();
  lab.sh("w1", "mkdir /root/cni; mv /etc/cni/net.d/* /root/cni/");
  lab.until("the node is not ready", () => ready(lab, "w1")?.status === "False", 30);
  const message =
    "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized";
  expect(ready(lab, "w1")).toMatchObject({ reason: "KubeletNotReady", message });
  lab.apply(busybox("p", "sleep 1000"));
  lab.world.advance(10);
  expect(lab.shown("p")).toBe("0/1 ContainerCreating");
  expect(lab.events("p")).toContain(`Warning NetworkNotReady network is not ready: ${message}`);
  const said = () =>
    lab.sh("w1", "journalctl -u kubelet --no-pager | grep -c 'Container runtime network not ready'").stdout;
  const before = Number(said());
  expect(before).toBeGreaterThan(1);
  expect(lab.sh("w1", "journalctl -u kubelet --no-pager").stdout).toContain(
    `"Container runtime network not ready" networkReady="NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized"`,
  );
  lab.world.advance(20);
  expect(Number(said()) - before).toBe(4);
  lab.sh("w1", "mv /root/cni/* /etc/cni/net.d/");
  lab.until("the node is ready", () => ready(lab, "w1")?.status === "True", 30);
  lab.wait("p", "1/1 Running", 20);
});
