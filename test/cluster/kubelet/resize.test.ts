import { expect, test } from "vitest";
import { root } from "../../../src/machine/define-files.ts";
import { hostOf } from "../../machine/harness.ts";
import { busybox, makeLab } from "./setup.ts";

// From: kubernetes.io "Resize CPU and Memory Resources assigned to Containers"; pkg/kubelet/allocation, pkg/kubelet/events,
// core validation ValidatePodResize, 1.35.

type Lab = ReturnType<typeof makeLab>;

/** kubectl patch pod p --subresource resize, with the resources of its first container. */
function resize(lab: Lab, resources: object, pod = "p") {
  const patch = JSON.stringify({ spec: { containers: [{ name: "main", resources }] } });
  return hostOf(lab.host("cp")).run(
    ["kubectl", "--kubeconfig=/etc/kubernetes/admin.conf", "patch", "pod", pod, "--subresource=resize", "-p", patch],
    { who: root },
  );
}

const start = "{ requests: { cpu: 200m, memory: 50Mi }, limits: { cpu: 500m, memory: 100Mi } }";

function running(more = "", resources = start, line = "sleep 1000"): Lab {
  const lab = makeLab();
  lab.apply(busybox("p", line, { container: `    resources: ${resources}\n${more}` }));
  lab.wait("p", "1/1 Running", 20);
  return lab;
}

const container = (lab: Lab) => lab.pod("p").status?.containerStatuses?.[0];
const condition = (lab: Lab, type: string) => lab.pod("p").status?.conditions?.find((c) => c.type === type);

test("cpu and memory grow in place, without a restart", () => {
  const lab = running();
  const asked = { requests: { cpu: "300m", memory: "60Mi" }, limits: { cpu: "800m", memory: "200Mi" } };
  expect(resize(lab, asked).stdout).toBe("pod/p patched\n");
  lab.world.advance(5);
  expect(container(lab)).toMatchObject({ restartCount: 0, resources: asked, allocatedResources: asked.requests });
  expect(lab.exec("p", ["cat", "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/cpu.max"]).stdout).toBe(
    "209715200\n80000 100000\n",
  );
  expect(condition(lab, "PodResizePending")).toBeUndefined();
  expect(condition(lab, "PodResizeInProgress")).toBeUndefined();
  const words =
    '{"containers":[{"name":"main","resources":{"limits":{"cpu":"800m","memory":"200Mi"},"requests":{"cpu":"300m","memory":"60Mi"}}}],"generation":2}';
  expect(lab.events("p")).toContain(`Normal ResizeStarted Pod resize started: ${words}`);
  expect(lab.events("p")).toContain(`Normal ResizeCompleted Pod resize completed: ${words}`);
});

test("a container that wants it is restarted", () => {
  const lab = running(
    "    resizePolicy: [{ resourceName: memory, restartPolicy: RestartContainer }, { resourceName: cpu, restartPolicy: NotRequired }]",
    start,
    "trap 'exit 0' TERM; while true; do sleep 1; done",
  );
  resize(lab, { requests: { cpu: "300m", memory: "50Mi" } });
  lab.world.advance(5);
  expect(container(lab)?.restartCount).toBe(0);
  resize(lab, { limits: { cpu: "500m", memory: "120Mi" } });
  lab.until("it was restarted", () => container(lab)?.restartCount === 1, 60);
  lab.wait("p", "1/1 Running", 60);
  expect(lab.events("p")).toContain("Normal Killing Container main resize requires restart");
  expect(container(lab)?.resources?.limits?.memory).toBe("120Mi");
});

test("more than the node has is infeasible", () => {
  const lab = running();
  resize(lab, { requests: { cpu: "1000" }, limits: { cpu: "1000" } });
  lab.world.advance(5);
  const message = "Node didn't have enough capacity: cpu, requested: 1000000, capacity: 2000";
  expect(condition(lab, "PodResizePending")).toMatchObject({ status: "True", reason: "Infeasible", message });
  expect(container(lab)).toMatchObject({
    restartCount: 0,
    resources: { requests: { cpu: "200m" } },
    allocatedResources: { cpu: "200m" },
  });
  expect(lab.events("p").some((e) => e.startsWith("Warning ResizeInfeasible Pod resize Infeasible: {"))).toBe(true);
  // Asking for what is there again ends it.
  resize(lab, { requests: { cpu: "250m" }, limits: { cpu: "500m" } });
  lab.world.advance(5);
  expect(condition(lab, "PodResizePending")).toBeUndefined();
  expect(container(lab)?.resources?.requests?.cpu).toBe("250m");
});

test("what others have is waited for", () => {
  const lab = running();
  lab.apply(
    busybox("other", "sleep 1000", {
      pod: "  terminationGracePeriodSeconds: 1",
      container: "    resources: { requests: { cpu: 1200m } }",
    }),
  );
  lab.wait("other", "1/1 Running", 20);
  resize(lab, { requests: { cpu: "800m" }, limits: { cpu: "900m" } });
  lab.world.advance(5);
  expect(condition(lab, "PodResizePending")).toMatchObject({
    reason: "Deferred",
    message: expect.stringMatching(
      /^Node didn't have enough resource: cpu, requested: 800, used: \d+, capacity: 2000$/,
    ),
  });
  lab.delete("other");
  lab.world.advance(200);
  expect(condition(lab, "PodResizePending")).toBeUndefined();
  expect(container(lab)?.resources?.requests?.cpu).toBe("800m");
});

test("a memory limit is not set below what is used", () => {
  const lab = makeLab();
  lab.apply(
    "apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { nodeName: w1, containers: [{ name: main, image: polinux/stress, command: [stress, --vm, '1', --vm-bytes, 80M, --vm-hang, '0'], resources: { requests: { memory: 20Mi }, limits: { memory: 100Mi } } }] }\n",
  );
  lab.wait("p", "1/1 Running", 30);
  lab.world.advance(3);
  resize(lab, { limits: { memory: "50Mi" } });
  lab.world.advance(5);
  expect(condition(lab, "PodResizeInProgress")).toMatchObject({
    status: "True",
    reason: "Error",
    message: expect.stringMatching(
      /^attempting to set container "main" memory limit \(52428800\) below current usage \(\d+\)$/,
    ),
  });
  expect(container(lab)?.resources?.limits?.memory).toBe("100Mi");
  expect(lab.shown("p")).toBe("1/1 Running");
});

test("a larger limit saves a container from its end", () => {
  const lab = running("", "{ requests: { memory: 20Mi }, limits: { memory: 60Mi } }");
  resize(lab, { limits: { memory: "300Mi" } });
  lab.world.advance(3);
  lab.exec("p", ["dd", "if=/dev/zero", "of=/dev/null", "bs=150M", "count=1"]);
  expect(container(lab)?.restartCount).toBe(0);
});

const refused = [
  {
    says: "another class",
    resources: { requests: { cpu: "500m", memory: "100Mi" } },
    message:
      'The Pod "p" is invalid: spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing\n',
  },
  {
    says: "no limit any more",
    resources: { limits: { cpu: null } },
    message:
      'The Pod "p" is invalid: spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed\n',
  },
  {
    says: "more asked for than allowed",
    resources: { requests: { cpu: "700m" } },
    message:
      'The Pod "p" is invalid: spec.containers[0].resources.requests: Invalid value: "700m": must be less than or equal to cpu limit of 500m\n',
  },
  {
    says: "another resource",
    resources: { limits: { "ephemeral-storage": "1Gi" } },
    message: 'The Pod "p" is invalid: spec: Forbidden: only cpu and memory resources are mutable\n',
  },
];

test.each(refused)("refused: $says", ({ resources, message }) => {
  const lab = running();
  const result = resize(lab, resources);
  expect(result.stderr).toBe(message);
  expect(result.status).toBe(1);
});
