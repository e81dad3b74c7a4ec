import { expect, test } from "vitest";
import type { Node } from "../../../src/kinds/types/core.ts";
import { busybox, makeLab } from "./setup.ts";

// From: kubernetes.io "Node-pressure Eviction", "Local ephemeral storage"; pkg/kubelet/eviction (eviction_manager.go,
// helpers.go), pkg/kubelet/images/image_gc_manager.go, 1.35.

type Lab = ReturnType<typeof makeLab>;

function condition(lab: Lab, type: string) {
  return lab.api.get<Node>("nodes", undefined, "w1")?.status?.conditions?.find((c) => c.type === type);
}

function taints(lab: Lab): string[] {
  return (lab.api.get<Node>("nodes", undefined, "w1")?.spec?.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
}

const stress = (name: string, megabytes: number, resources = "", more = "") => `apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  nodeName: w1
${more}
  containers:
  - { name: main, image: polinux/stress, command: [stress, --vm, "1", --vm-bytes, ${megabytes}M, --vm-hang, "0"]${resources === "" ? "" : `, resources: ${resources}`} }
`;

test("memory runs short: the node says so, and the pod that is furthest above its request goes", () => {
  const lab = makeLab();
  lab.apply(stress("modest", 600, "{ requests: { memory: 700Mi } }"));
  lab.apply(stress("small", 200));
  lab.apply(stress("large", 2610));
  lab.until("one was evicted", () => lab.pod("large").status?.reason === "Evicted", 60);
  const { status } = lab.pod("large");
  expect(status?.phase).toBe("Failed");
  expect(status?.reason).toBe("Evicted");
  const message =
    /^The node was low on resource: memory\. Threshold quantity: 100Mi, available: \d+Ki\. Container main was using \d+Ki, request is 0, has larger consumption of memory\. $/;
  expect(status?.message).toMatch(message);
  expect(status?.conditions?.find((c) => c.type === "DisruptionTarget")).toMatchObject({
    status: "True",
    reason: "TerminationByKubelet",
    message: expect.stringMatching(message),
  });
  expect(lab.events("large").some((e) => e.startsWith("Warning Evicted The node was low on resource: memory."))).toBe(
    true,
  );
  expect(lab.events("w1", "Node")).toContain("Warning EvictionThresholdMet Attempting to reclaim memory");
  expect(lab.shown("modest")).toBe("1/1 Running");
  expect(lab.shown("small")).toBe("1/1 Running");
  expect(condition(lab, "MemoryPressure")).toMatchObject({
    status: "True",
    reason: "KubeletHasInsufficientMemory",
    message: "kubelet has insufficient memory available",
  });
  lab.world.advance(2);
  expect(taints(lab)).toEqual(["node.kubernetes.io/memory-pressure:NoSchedule"]);
  expect(lab.events("w1", "Node")).toContain(
    "Normal NodeHasInsufficientMemory Node w1 status is now: NodeHasInsufficientMemory",
  );
  // A pod without requests is refused while the pressure lasts, others are not.
  lab.apply(busybox("late", "sleep 1000"));
  lab.apply(busybox("asks", "sleep 1000", { container: "    resources: { requests: { memory: 10Mi } }" }));
  lab.world.advance(10);
  expect(lab.pod("late").status).toMatchObject({
    phase: "Failed",
    reason: "Evicted",
    message: "Pod was rejected: The node had condition: [MemoryPressure]. ",
  });
  expect(lab.events("late")).toContain("Warning Evicted The node had condition: [MemoryPressure]. ");
  expect(lab.shown("asks")).toBe("1/1 Running");
  // evictionPressureTransitionPeriod: five minutes.
  lab.world.advance(320);
  expect(condition(lab, "MemoryPressure")).toMatchObject({ status: "False", reason: "KubeletHasSufficientMemory" });
  expect(taints(lab)).toEqual([]);
});

test("priority goes before use: the less important pod goes although it uses less", () => {
  const lab = makeLab();
  lab.api.create({
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name: "high" },
    value: 1000,
  } as never);
  lab.apply(stress("important", 2400, "", "  priorityClassName: high"));
  lab.apply(stress("other", 1010));
  lab.until(
    "one was evicted",
    () => ["important", "other"].some((name) => lab.pod(name).status?.reason === "Evicted"),
    60,
  );
  expect(lab.pod("other").status?.reason).toBe("Evicted");
  expect(lab.shown("important")).toBe("1/1 Running");
});

function configure(lab: Lab, lines: readonly string[]): void {
  const text = lines.join("\\n");
  lab.sh("w1", `printf '${text}\\n' >> /var/lib/kubelet/config.yaml && systemctl restart kubelet`);
  lab.world.advance(5);
}

test("a soft threshold waits for its grace period", () => {
  const lab = makeLab();
  configure(lab, [
    "evictionSoft: { memory.available: 2Gi }",
    "evictionSoftGracePeriod: { memory.available: 1m30s }",
    "evictionMaxPodGracePeriod: 5",
  ]);
  lab.apply(stress("p", 1700));
  lab.wait("p", "1/1 Running", 30);
  lab.until("there is pressure", () => condition(lab, "MemoryPressure")?.status === "True", 30);
  lab.world.advance(60);
  expect(lab.shown("p")).toBe("1/1 Running");
  lab.until("it was evicted", () => lab.pod("p").status?.reason === "Evicted", 60);
  expect(lab.pod("p").status?.message).toContain("Threshold quantity: 2Gi, available: ");
});

test("the disk is full: unused images go, then the node is under pressure and pods go", () => {
  const lab = makeLab();
  lab.apply(busybox("writer", "dd if=/dev/zero of=/data bs=1M count=3000; sleep 1000"));
  lab.wait("writer", "1/1 Running", 20);
  lab.world.advance(20);
  const images = () => lab.api.get<Node>("nodes", undefined, "w1")?.status?.images?.length ?? 0;
  const before = images();
  lab.sh("w1", "fallocate -l 29G /var/log/huge");
  lab.until("it was evicted", () => lab.pod("writer").status?.reason === "Evicted", 60);
  expect(lab.pod("writer").status?.message).toMatch(
    /^The node was low on resource: ephemeral-storage\. Threshold quantity: (?:6216304435|4144202956), available: \d+Ki\. Container main was using \d+Ki, request is 0, has larger consumption of ephemeral-storage\. $/,
  );
  expect(condition(lab, "DiskPressure")).toMatchObject({
    status: "True",
    reason: "KubeletHasDiskPressure",
    message: "kubelet has disk pressure",
  });
  expect(images()).toBeLessThanOrEqual(before);
  lab.world.advance(2);
  expect(taints(lab)).toEqual(["node.kubernetes.io/disk-pressure:NoSchedule"]);
  lab.apply(busybox("late", "sleep 1000", { container: "    resources: { requests: { memory: 10Mi } }" }));
  lab.world.advance(3);
  expect(lab.pod("late").status?.message).toBe("Pod was rejected: The node had condition: [DiskPressure]. ");
  lab.sh("w1", "rm /var/log/huge");
  lab.world.advance(330);
  expect(condition(lab, "DiskPressure")?.status).toBe("False");
  expect(taints(lab)).toEqual([]);
});

test("df shows a disk as full as it is", () => {
  const lab = makeLab();
  const used = () => Number(/(\d+)% \/$/m.exec(lab.sh("w1", "df /").stdout)?.[1]);
  const before = used();
  lab.sh("w1", "fallocate -l 20G /var/big");
  expect(used() - before).toBeGreaterThan(48);
  expect(lab.sh("w1", "fallocate -l 200G /var/more").stderr).toBe(
    "fallocate: fallocate failed: No space left on device\n",
  );
});

const storage = [
  {
    says: "an emptyDir beyond its sizeLimit",
    pod: "  volumes: [{ name: scratch, emptyDir: { sizeLimit: 10Mi } }]",
    container: "    volumeMounts: [{ name: scratch, mountPath: /scratch }]",
    path: "/scratch/x",
    message: 'Usage of EmptyDir volume "scratch" exceeds the limit "10Mi". ',
  },
  {
    says: "a container's layer beyond its limit",
    pod: "",
    container: "    resources: { limits: { ephemeral-storage: 12Mi } }",
    path: "/x",
    message: "Pod ephemeral local storage usage exceeds the total limit of containers 12Mi. ",
  },
  {
    says: "an emptyDir counts against the pod's limit",
    pod: "  volumes: [{ name: scratch, emptyDir: {} }]",
    container:
      "    volumeMounts: [{ name: scratch, mountPath: /scratch }]\n    resources: { limits: { ephemeral-storage: 12Mi } }",
    path: "/scratch/x",
    message: "Pod ephemeral local storage usage exceeds the total limit of containers 12Mi. ",
  },
];

test.each(storage)("evicted: $says", ({ pod, container, path, message }) => {
  const lab = makeLab();
  lab.apply(busybox("p", `sleep 15; dd if=/dev/zero of=${path} bs=1M count=20; sleep 1000`, { pod, container }));
  lab.wait("p", "1/1 Running", 20);
  lab.until("it was evicted", () => lab.pod("p").status?.reason === "Evicted", 60);
  expect(lab.pod("p").status).toMatchObject({ phase: "Failed", message });
  expect(lab.events("p")).toContain(`Warning Evicted ${message}`);
  expect(lab.pod("p").status?.conditions?.some((c) => c.type === "DisruptionTarget")).toBe(false);
  expect(condition(lab, "DiskPressure")?.status).toBe("False");
});

test("what stays within its limits stays", () => {
  const lab = makeLab();
  lab.apply(
    busybox("p", "dd if=/dev/zero of=/x bs=1M count=5; sleep 1000", {
      container: "    resources: { limits: { ephemeral-storage: 12Mi } }",
    }),
  );
  lab.wait("p", "1/1 Running", 20);
  lab.world.advance(60);
  expect(lab.shown("p")).toBe("1/1 Running");
});

test("processes run short where a threshold is set", () => {
  const lab = makeLab();
  configure(lab, ["evictionHard: { memory.available: 100Mi, pid.available: 31000 }"]);
  lab.apply(busybox("p", "for i in $(seq 1 100); do sleep 1000 & done; wait"));
  lab.until("it was evicted", () => lab.pod("p").status?.reason === "Evicted", 60);
  expect(lab.pod("p").status?.message).toMatch(
    /^The node was low on resource: pids\. Threshold quantity: 31000, available: \d+\. $/,
  );
  expect(condition(lab, "PIDPressure")).toMatchObject({ status: "True", reason: "KubeletHasInsufficientPID" });
});

test("what the configuration keeps back is not given to pods", () => {
  const lab = makeLab();
  configure(lab, [
    "maxPods: 30",
    "kubeReserved: { cpu: 200m, memory: 300Mi }",
    "systemReserved: { cpu: 100m, memory: 200Mi }",
    "evictionHard: { memory.available: 500Mi }",
  ]);
  lab.world.advance(15);
  const { allocatable, capacity } = lab.api.get<Node>("nodes", undefined, "w1")?.status ?? {};
  const kib = (text = "") => Number(text.replace("Ki", ""));
  expect(allocatable?.cpu).toBe(`${Number(capacity?.cpu) * 1000 - 300}m`);
  expect(kib(capacity?.memory) - kib(allocatable?.memory)).toBe(1000 * 1024);
  expect(allocatable?.pods).toBe("30");
});

test("sysctls that are not safe are refused, those that are can be read", () => {
  const lab = makeLab();
  const sysctls = (name: string, value: string) =>
    `  securityContext: { sysctls: [{ name: ${name}, value: "${value}" }] }`;
  lab.apply(busybox("bad", "sleep 1000", { pod: sysctls("kernel.msgmax", "65536") }));
  lab.apply(busybox("good", "sleep 1000", { pod: sysctls("net.ipv4.ip_local_port_range", "1024 65000") }));
  lab.wait("good", "1/1 Running", 20);
  expect(lab.pod("bad").status).toMatchObject({
    phase: "Failed",
    reason: "SysctlForbidden",
    message: 'Pod was rejected: forbidden sysctl: "kernel.msgmax" not allowlisted',
  });
  expect(lab.exec("good", ["cat", "/proc/sys/net/ipv4/ip_local_port_range"]).stdout).toBe("1024 65000\n");
});
