import { expect, test } from "vitest";
import { busybox, makeLab } from "./setup.ts";

// From: kubernetes.io "Assign Memory Resources to Containers and Pods"; kernel's OOM killer with memory.oom.group (kubelet 1.28
// and later on cgroup v2); runc and containerd as measured for too small limits.

const stress = (name: string, args: string, resources = "", more = "") => `apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  nodeName: w1
${more}
  containers:
  - name: main
    image: polinux/stress
    command: [stress]
    args: [${args
      .split(" ")
      .map((word) => `"${word}"`)
      .join(", ")}]
    ${resources === "" ? "" : `resources: ${resources}`}
`;

const killed = [
  {
    says: "more than its limit",
    manifest: () =>
      stress("p", "--vm 1 --vm-bytes 250M --vm-hang 1", "{ requests: { memory: 50Mi }, limits: { memory: 100Mi } }"),
  },
  {
    says: "tail of an endless line",
    manifest: () => busybox("p", "tail /dev/zero", { container: "    resources: { limits: { memory: 64Mi } }" }),
  },
  {
    says: "a block of dd",
    manifest: () =>
      busybox("p", "dd if=/dev/zero of=/dev/null bs=200M count=1; sleep 100", {
        container: "    resources: { limits: { memory: 64Mi } }",
      }),
  },
  {
    says: "a daemon that needs more than it may have",
    manifest: () =>
      "apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { nodeName: w1, containers: [{ name: main, image: 'redis:7', resources: { limits: { memory: 4Mi } } }] }\n",
  },
  {
    says: "the pod's own limit",
    manifest: () => stress("p", "--vm 1 --vm-bytes 250M", "", "  resources: { limits: { memory: 120Mi } }"),
  },
  {
    says: "stress-ng",
    manifest: () =>
      "apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { nodeName: w1, containers: [{ name: main, image: alexeiled/stress-ng, args: [--vm, '2', --vm-bytes, 300M, --vm-keep], resources: { limits: { memory: 200Mi } } }] }\n",
  },
];

test.each(killed)("OOMKilled: $says", ({ manifest }) => {
  const lab = makeLab();
  lab.apply(manifest());
  lab.wait("p", "0/1 CrashLoopBackOff", 60);
  const status = lab.pod("p").status?.containerStatuses?.[0];
  expect(status?.lastState?.terminated).toMatchObject({ exitCode: 137, reason: "OOMKilled" });
  expect(status?.restartCount).toBeGreaterThan(0);
  expect(
    lab.events("p").some((event) => event.startsWith("Warning BackOff Back-off restarting failed container main")),
  ).toBe(true);
  // The kernel's act has no event of its own.
  expect(lab.events("p").some((event) => event.includes("OOM"))).toBe(false);
});

test("OOMKilled shows in STATUS; with restartPolicy Never the pod is Failed", () => {
  const lab = makeLab();
  lab.apply(stress("once", "--vm 1 --vm-bytes 250M", "{ limits: { memory: 100Mi } }", "  restartPolicy: Never"));
  lab.wait("once", "0/1 OOMKilled", 30);
  expect(lab.pod("once").status?.phase).toBe("Failed");
});

test("within its limit it runs, and its memory is seen", () => {
  const lab = makeLab();
  lab.apply(
    stress("fits", "--vm 1 --vm-bytes 150M --vm-hang 0", "{ requests: { memory: 100Mi }, limits: { memory: 200Mi } }"),
  );
  lab.wait("fits", "1/1 Running", 30);
  lab.world.advance(20);
  expect(lab.shown("fits")).toBe("1/1 Running");
  const shown = lab
    .exec("fits", ["cat", "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"])
    .stdout.split("\n");
  expect(shown[0]).toBe(String(200 * 2 ** 20));
  expect(Number(shown[1]) / 2 ** 20).toBeGreaterThan(149);
  expect(Number(shown[1]) / 2 ** 20).toBeLessThan(156);
  expect(lab.logs("fits").text()).toBe("stress: info: [1] dispatching hogs: 0 cpu, 0 io, 1 vm, 0 hdd\n");
});

test("memory that is given back is not counted any more", () => {
  const lab = makeLab();
  lab.apply(
    stress(
      "short",
      "--vm 1 --vm-bytes 150M --vm-hang 0 --timeout 5s",
      "{ limits: { memory: 200Mi } }",
      "  restartPolicy: Never",
    ),
  );
  lab.wait("short", "0/1 Completed", 30);
  expect(lab.logs("short").text()).toContain("stress: info: [1] successful run completed in 5s");
});

const small = [
  { limit: "2Mi", pod: "all containers have a limit: the sandbox is what fails" },
  { limit: "100", pod: "a unit was forgotten" },
];

test.each(small)("a limit of $limit: $pod", ({ limit }) => {
  const lab = makeLab();
  lab.apply(busybox("p", "sleep 1000", { container: `    resources: { limits: { memory: "${limit}" } }` }));
  lab.world.advance(15);
  expect(lab.shown("p")).toBe("0/1 ContainerCreating");
  expect(lab.events("p").find((event) => event.includes("FailedCreatePodSandBox"))).toMatch(
    /^Warning FailedCreatePodSandBox Failed to create pod sandbox: rpc error: code = Unknown desc = failed to start sandbox "[0-9a-f]{64}": failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: container init was OOM-killed \(memory limit too low\?\)$/,
  );
});

test("one container of two with too small a limit cannot start", () => {
  const lab = makeLab();
  const other = "  - { name: other, image: 'busybox:1.36', command: [sleep, '1000'] }";
  lab.apply(busybox("p", "sleep 1000", { container: `    resources: { limits: { memory: 2Mi } }\n${other}` }));
  lab.until("it failed", () => lab.pod("p").status?.containerStatuses?.[0]?.lastState?.terminated !== undefined, 60);
  expect(lab.pod("p").status?.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({
    exitCode: 128,
    reason: "StartError",
  });
});

test("the node itself is out of memory: the kernel chooses BestEffort, and the kubelet tells of it", () => {
  const lab = makeLab();
  lab.apply(
    stress(
      "good",
      "--vm 1 --vm-bytes 900M --vm-hang 0",
      "{ requests: { memory: 1Gi, cpu: 100m }, limits: { memory: 1Gi, cpu: 100m } }",
    ),
  );
  lab.wait("good", "1/1 Running", 30);
  lab.apply(stress("greedy", "--vm 1 --vm-bytes 3500M --vm-hang 0", "", "  restartPolicy: Never"));
  lab.until("it was killed", () => lab.pod("greedy").status?.phase === "Failed", 60);
  expect(lab.pod("greedy").status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({
    reason: "OOMKilled",
    exitCode: 137,
  });
  expect(lab.shown("good")).toBe("1/1 Running");
  expect(
    lab
      .events("w1", "Node")
      .some((event) => /^Warning SystemOOM System OOM encountered, victim process: stress, pid: \d+$/.test(event)),
  ).toBe(true);
});

test("more than a host could ever have is refused at once", () => {
  const lab = makeLab();
  lab.apply(stress("p", "--vm 1 --vm-bytes 64G", "", "  restartPolicy: Never"));
  lab.wait("p", "0/1 Error", 30);
  expect(lab.logs("p").text()).toContain("hogvm malloc failed: Cannot allocate memory");
});

test("what lies in a tmpfs is the container's memory, and the volume is no larger than its limit", () => {
  const lab = makeLab();
  const volume = "  volumes: [{ name: m, emptyDir: { medium: Memory, sizeLimit: 30Mi } }]";
  const mount = "    volumeMounts: [{ name: m, mountPath: /m }]\n    resources: { limits: { memory: 40Mi } }";
  lab.apply(busybox("p", "sleep 1000", { pod: volume, container: mount }));
  lab.wait("p", "1/1 Running", 30);
  const full = lab.exec("p", ["dd", "if=/dev/zero", "of=/m/a", "bs=1M", "count=100"]);
  expect(full.stderr).toContain("dd: error writing '/m/a': No space left on device");
  expect(lab.shown("p")).toBe("1/1 Running");
  expect(lab.exec("p", ["sh", "-c", "df -h /m | tail -1"]).stdout).toMatch(/^tmpfs\s+30M\s+30M\s+0\s+100% \/m/);
});

test("a memory volume without a limit of its own fills the container's memory", () => {
  const lab = makeLab();
  const volume = "  volumes: [{ name: m, emptyDir: { medium: Memory } }]";
  const mount = "    volumeMounts: [{ name: m, mountPath: /m }]\n    resources: { limits: { memory: 40Mi } }";
  lab.apply(busybox("p", "dd if=/dev/zero of=/m/a bs=1M count=39; sleep 1000", { pod: volume, container: mount }));
  lab.wait("p", "1/1 Running", 30);
  lab.exec("p", ["sh", "-c", "dd if=/dev/zero of=/m/b bs=1M count=5; true"]);
  lab.until(
    "it was killed",
    () => lab.pod("p").status?.containerStatuses?.[0]?.lastState?.terminated?.reason === "OOMKilled",
    60,
  );
});
