import { expect, test } from "vitest";
import type { ContainerStatus } from "../../../src/kinds/types/pod.ts";
import { busybox, makeLab } from "./setup.ts";

const short = (events: readonly string[]) => events.map((event) => event.split(" ")[1]);

test("a pod is scheduled, its image pulled, its container created and started", () => {
  const lab = makeLab();
  lab.apply(
    "apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: web, image: 'nginx:1.29' }] }\n",
  );
  expect(lab.shown("web")).toBe("0/1 Pending");
  lab.world.advance(1);
  expect(lab.shown("web")).toBe("0/1 ContainerCreating");
  lab.wait("web", "1/1 Running", 15);
  const events = lab.events("web");
  expect(short(events)).toEqual(["Scheduled", "Pulling", "Pulled", "Created", "Started"]);
  expect(events[0]).toBe("Normal Scheduled Successfully assigned default/web to w1");
  expect(events[1]).toBe('Normal Pulling Pulling image "nginx:1.29"');
  expect(events[2]).toMatch(
    /^Normal Pulled Successfully pulled image "nginx:1\.29" in (\d+\.\d+s) \(\1 including waiting\)\. Image size: \d+ bytes\.$/,
  );
  expect(events.slice(3)).toEqual(["Normal Created Container created", "Normal Started Container started"]);
});

test("an image that is there already is not pulled again", () => {
  const lab = makeLab();
  const manifest = (name: string) => busybox(name, "sleep 1000");
  lab.apply(manifest("one"));
  lab.wait("one", "1/1 Running");
  lab.apply(manifest("two"));
  lab.wait("two", "1/1 Running", 3);
  expect(lab.events("two")[0]).toBe(
    'Normal Pulled Container image "busybox:1.36" already present on machine and can be accessed by the pod',
  );
});

test("the status of a running pod is complete", () => {
  const lab = makeLab();
  const resources =
    "    resources: { requests: { cpu: 100m } }\n    volumeMounts: [{ name: v, mountPath: /v, readOnly: true }]";
  lab.apply(busybox("full", "sleep 1000", { pod: "  volumes: [{ name: v, emptyDir: {} }]", container: resources }));
  lab.wait("full", "1/1 Running");
  const { status = {} } = lab.pod("full");
  expect(status.phase).toBe("Running");
  expect(status.qosClass).toBe("Burstable");
  expect(status.hostIP).toBe("192.168.56.11");
  expect(status.hostIPs).toEqual([{ ip: "192.168.56.11" }]);
  expect(status.podIP).toMatch(/^10\.244\.1\.\d+$/);
  expect(status.podIPs).toEqual([{ ip: status.podIP }]);
  expect(status.observedGeneration).toBe(1);
  expect(status.conditions?.map(({ type, status }) => `${type}=${status}`)).toEqual([
    "PodReadyToStartContainers=True",
    "Initialized=True",
    "Ready=True",
    "ContainersReady=True",
    "PodScheduled=True",
  ]);
  const container = status.containerStatuses?.[0] as ContainerStatus;
  expect(container).toEqual({
    name: "main",
    state: { running: { startedAt: expect.stringMatching(/^2026-11-02T09:00:\d\dZ$/) } },
    lastState: {},
    ready: true,
    restartCount: 0,
    image: "docker.io/library/busybox:1.36",
    imageID: expect.stringMatching(/^docker\.io\/library\/busybox@sha256:[0-9a-f]{64}$/),
    containerID: expect.stringMatching(/^containerd:\/\/[0-9a-f]{64}$/),
    started: true,
    allocatedResources: { cpu: "100m" },
    resources: { requests: { cpu: "100m" } },
    volumeMounts: [
      { name: "v", mountPath: "/v", readOnly: true, recursiveReadOnly: "Disabled" },
      expect.objectContaining({ mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" }),
    ],
    user: { linux: { uid: 0, gid: 0, supplementalGroups: [0] } },
  });
});

test("a container without a command of its own ends and is Completed again and again", () => {
  const lab = makeLab();
  lab.apply(
    "apiVersion: v1\nkind: Pod\nmetadata: { name: bb }\nspec: { containers: [{ name: bb, image: busybox }] }\n",
  );
  lab.wait("bb", "0/1 CrashLoopBackOff", 30);
  expect(lab.pod("bb").status?.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({
    exitCode: 0,
    reason: "Completed",
  });
});

const policies = [
  { policy: "Never", exit: 0, shown: "0/1 Completed", phase: "Succeeded", restarts: 0, reason: "PodCompleted" },
  { policy: "Never", exit: 3, shown: "0/1 Error", phase: "Failed", restarts: 0, reason: "PodFailed" },
  { policy: "OnFailure", exit: 0, shown: "0/1 Completed", phase: "Succeeded", restarts: 0, reason: "PodCompleted" },
  {
    policy: "OnFailure",
    exit: 3,
    shown: "0/1 CrashLoopBackOff",
    phase: "Running",
    restarts: 1,
    reason: "ContainersNotReady",
  },
  {
    policy: "Always",
    exit: 0,
    shown: "0/1 CrashLoopBackOff",
    phase: "Running",
    restarts: 1,
    reason: "ContainersNotReady",
  },
];

test.each(policies)("restartPolicy $policy, exit $exit: $shown", ({ policy, exit, shown, phase, restarts, reason }) => {
  const lab = makeLab();
  lab.apply(busybox("p", `sleep 1; exit ${exit}`, { pod: `  restartPolicy: ${policy}` }));
  lab.wait("p", shown, 30);
  const { status = {} } = lab.pod("p");
  expect(status.phase).toBe(phase);
  expect(status.containerStatuses?.[0]?.restartCount).toBe(restarts);
  const condition = (type: string) => status.conditions?.find((c) => c.type === type);
  expect(condition("Ready")).toMatchObject({ status: "False", reason });
  expect(condition("ContainersReady")).toMatchObject({ status: "False", reason });
  if (phase === "Succeeded") expect(condition("Initialized")).toMatchObject({ status: "True", reason: "PodCompleted" });
  if (phase !== "Running") {
    expect(condition("PodReadyToStartContainers")?.status).toBe("False");
    expect(status.podIP).toMatch(/^10\.244\.1\./);
    const at = JSON.stringify(status);
    lab.world.advance(600);
    expect(JSON.stringify(lab.pod("p").status)).toBe(at);
  }
});

test("a command that is not there: StartError, then CrashLoopBackOff", () => {
  const lab = makeLab();
  lab.apply(
    "apiVersion: v1\nkind: Pod\nmetadata: { name: nocmd }\nspec: { containers: [{ name: c, image: nginx, command: [nonesuch] }] }\n",
  );
  lab.until("it has failed", () => lab.events("nocmd").some((e) => e.startsWith("Warning Failed")));
  expect(lab.events("nocmd").at(-1)).toBe(
    'Warning Failed Error: failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "nonesuch": executable file not found in $PATH: unknown',
  );
  lab.wait("nocmd", "0/1 RunContainerError", 60);
  lab.wait("nocmd", "0/1 CrashLoopBackOff", 60);
  expect(lab.pod("nocmd").status?.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({
    exitCode: 128,
    reason: "StartError",
    startedAt: "1970-01-01T00:00:00Z",
  });
});

test("the deadline of a pod ends it", () => {
  const lab = makeLab();
  lab.apply(busybox("late", "sleep 1000", { pod: "  activeDeadlineSeconds: 20\n  terminationGracePeriodSeconds: 2" }));
  lab.world.advance(30);
  expect(lab.pod("late").status).toMatchObject({
    phase: "Failed",
    reason: "DeadlineExceeded",
    message: "Pod was active on the node longer than the specified deadline",
  });
  expect(lab.shown("late")).toBe("0/1 Error");
  expect(lab.events("late")).toContain("Normal Killing Stopping container main");
});

test("a pod that the node has no room for is refused by the kubelet", () => {
  const lab = makeLab();
  lab.apply(busybox("fat", "sleep 1000", { container: "    resources: { requests: { cpu: 100 } }" }));
  lab.world.advance(3);
  expect(lab.shown("fat")).toBe("0/1 OutOfcpu");
  expect(lab.pod("fat").status?.message).toMatch(
    /^Pod was rejected: Node didn't have enough resource: cpu, requested: 100000, used: \d+, capacity: 2000$/,
  );
});
