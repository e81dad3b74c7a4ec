import { expect, test } from "vitest";
import { busybox, makeLab } from "./setup.ts";

const status = (lab: ReturnType<typeof makeLab>, name: string) => lab.pod(name).status?.containerStatuses?.[0];

test("a container that fails is restarted at once, then after 10 s, 20 s, 40 s … up to five minutes", () => {
  const lab = makeLab();
  lab.apply(busybox("loop", "exit 1"));
  const starts: number[] = [];
  let seen: string | undefined;
  lab.until(
    "it was restarted nine times",
    () => {
      const id = lab.find("loop")?.status?.containerStatuses?.[0]?.containerID;
      if (id && id !== seen) {
        seen = id;
        starts.push(lab.now());
      }
      return starts.length === 10;
    },
    3600,
  );
  const waits = starts.slice(1).map((at, i) => at - (starts[i] ?? 0));
  expect(waits[0]).toBeLessThan(2);
  // The kubelet looks every 10 to 15 seconds.
  for (const [i, delay] of [10, 20, 40, 80, 160, 300, 300, 300].entries()) {
    expect(waits[i + 1]).toBeGreaterThanOrEqual(delay);
    expect(waits[i + 1]).toBeLessThan(delay + 17);
  }
  expect(status(lab, "loop")?.restartCount).toBe(9);
});

test("the words of a crash loop", () => {
  const lab = makeLab();
  lab.apply(busybox("loop", "echo no; exit 7"));
  const seen: string[] = [];
  lab.until("it backs off", () => {
    const now = lab.shown("loop");
    if (seen.at(-1) !== now) seen.push(now);
    return now === "0/1 CrashLoopBackOff";
  });
  expect(seen).toEqual(["0/1 Pending", "0/1 ContainerCreating", "0/1 Error", "0/1 CrashLoopBackOff"]);
  const { uid } = lab.pod("loop").metadata;
  expect(status(lab, "loop")).toMatchObject({
    ready: false,
    started: false,
    restartCount: 1,
    state: {
      waiting: {
        reason: "CrashLoopBackOff",
        message: `back-off 10s restarting failed container=main pod=loop_default(${uid})`,
      },
    },
    lastState: { terminated: { exitCode: 7, reason: "Error", containerID: expect.stringMatching(/^containerd:/) } },
  });
  expect(lab.pod("loop").status?.conditions?.find((c) => c.type === "Ready")).toMatchObject({
    reason: "ContainersNotReady",
    message: "containers with unready status: [main]",
  });
  lab.wait("loop", "0/1 Error", 60);
  lab.wait("loop", "0/1 CrashLoopBackOff", 60);
  expect(status(lab, "loop")?.state?.waiting?.message).toContain("back-off 20s restarting");
  lab.until(
    "the longest back-off",
    () => status(lab, "loop")?.state?.waiting?.message?.includes("back-off 5m0s") ?? false,
    3600,
  );
  expect(lab.events("loop")).toContain(
    `Warning BackOff Back-off restarting failed container main in pod loop_default(${uid})`,
  );
  expect(lab.count("loop", "Started")).toBeGreaterThan(3);
});

test("ten good minutes make the back-off begin anew", () => {
  const lab = makeLab();
  const line = "test -e /keep/later || { touch /keep/later; exit 1; }; sleep 700; exit 1";
  lab.apply(
    busybox("calm", line, {
      pod: "  volumes: [{ name: k, emptyDir: {} }]",
      container: "    volumeMounts: [{ name: k, mountPath: /keep }]",
    }),
  );
  lab.until("its second end", () => (status(lab, "calm")?.restartCount ?? 0) === 2, 1000);
  expect(status(lab, "calm")?.state?.running).toBeDefined();
});

test("an unknown tag: ErrImagePull, then ImagePullBackOff, with longer and longer waits", () => {
  const lab = makeLab();
  lab.apply(
    "apiVersion: v1\nkind: Pod\nmetadata: { name: typo }\nspec: { containers: [{ name: c, image: 'nginx:1.99' }] }\n",
  );
  lab.wait("typo", "0/1 ErrImagePull", 10);
  const why =
    'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:1.99": failed to resolve reference "docker.io/library/nginx:1.99": docker.io/library/nginx:1.99: not found';
  expect(status(lab, "typo")).toMatchObject({
    image: "nginx:1.99",
    imageID: "",
    state: { waiting: { reason: "ErrImagePull", message: why } },
  });
  expect(lab.events("typo").slice(1)).toEqual([
    'Normal Pulling Pulling image "nginx:1.99"',
    `Warning Failed Failed to pull image "nginx:1.99": ${why}`,
    "Warning Failed Error: ErrImagePull",
  ]);
  expect(lab.shown("typo")).toBe("0/1 ErrImagePull");
  lab.wait("typo", "0/1 ImagePullBackOff", 18);
  expect(status(lab, "typo")?.state?.waiting).toEqual({
    reason: "ImagePullBackOff",
    message: `Back-off pulling image "nginx:1.99": ErrImagePull: ${why}`,
  });
  expect(lab.events("typo").slice(4)).toEqual([
    'Normal BackOff Back-off pulling image "nginx:1.99"',
    "Warning Failed Error: ImagePullBackOff",
  ]);
  const pulls: number[] = [];
  let before: string | undefined;
  lab.until(
    "six more pulls",
    () => {
      const now = status(lab, "typo")?.state?.waiting?.reason;
      if (now === "ErrImagePull" && before !== now) pulls.push(lab.now());
      before = now;
      return pulls.length === 6;
    },
    3000,
  );
  const waits = pulls.slice(1).map((at, i) => at - (pulls[i] ?? 0));
  for (const [i, delay] of [20, 40, 80, 160, 300].entries()) {
    expect(waits[i]).toBeGreaterThanOrEqual(delay);
    expect(waits[i]).toBeLessThan(delay + 18);
  }
  expect(lab.pod("typo").status?.phase).toBe("Pending");
});

test("a corrected image heals the pod", () => {
  const lab = makeLab();
  lab.apply(
    "apiVersion: v1\nkind: Pod\nmetadata: { name: typo }\nspec: { containers: [{ name: c, image: 'ngnix' }] }\n",
  );
  lab.wait("typo", "0/1 ImagePullBackOff", 20);
  expect(status(lab, "typo")?.state?.waiting?.message).toContain(
    'code = Unknown desc = failed to pull and unpack image "docker.io/library/ngnix:latest": failed to resolve reference "docker.io/library/ngnix:latest": pull access denied',
  );
  const containers = [{ ...lab.pod("typo").spec.containers[0], name: "c", image: "nginx" }];
  lab.api.modify(lab.pod("typo"), (pod) => ({ ...pod, spec: { ...pod.spec, containers } }));
  lab.wait("typo", "1/1 Running", 10);
});

test("a changed image restarts the container", () => {
  const lab = makeLab();
  lab.apply(
    "apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: c, image: 'nginx:1.28' }] }\n",
  );
  lab.wait("web", "1/1 Running", 20);
  const containers = [{ ...lab.pod("web").spec.containers[0], name: "c", image: "nginx:1.29" }];
  lab.api.modify(lab.pod("web"), (pod) => ({ ...pod, spec: { ...pod.spec, containers } }));
  lab.until("the new image runs", () => status(lab, "web")?.image === "docker.io/library/nginx:1.29");
  expect(status(lab, "web")?.restartCount).toBe(1);
  expect(lab.events("web")).toContain("Normal Killing Container c definition changed, will be restarted");
});

const refused = [
  {
    image: "nginx",
    policy: "Never",
    shown: "0/1 ErrImageNeverPull",
    event: 'Warning ErrImageNeverPull Container image "nginx" is not present with pull policy of Never',
  },
  {
    image: "Nginx",
    policy: "IfNotPresent",
    shown: "0/1 InvalidImageName",
    event:
      'Warning InspectFailed Failed to apply default image tag "Nginx": couldn\'t parse image name "Nginx": invalid reference format',
  },
];

test.each(refused)("image $image with pull policy $policy: $shown", ({ image, policy, shown, event }) => {
  const lab = makeLab();
  lab.apply(
    `apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { containers: [{ name: c, image: ${image}, imagePullPolicy: ${policy} }] }\n`,
  );
  lab.wait("p", shown, 20);
  expect(lab.events("p")).toContain(event);
  expect(lab.events("p").at(-1)).toBe(`Warning Failed Error: ${shown.slice(4)}`);
});

test("init containers run one after the other, before all others", () => {
  const lab = makeLab();
  const init = (name: string, line: string) =>
    `  - { name: ${name}, image: "busybox:1.36", command: [sh, -c, "${line}"] }\n`;
  lab.apply(
    busybox("steps", "sleep 1000", {
      pod: `  initContainers:\n${init("a", "sleep 5")}${init("b", "sleep 5; echo ready")}`,
    }).replace("image: busybox:1.36\n", "image: alpine\n"),
  );
  const seen: string[] = [];
  lab.until("it runs", () => {
    const now = lab.shown("steps");
    if (seen.at(-1) !== now) seen.push(now);
    return now === "1/1 Running";
  });
  expect(seen).toEqual(["0/1 Pending", "0/1 Init:0/2", "0/1 Init:1/2", "0/1 PodInitializing", "1/1 Running"]);
  expect(lab.pod("steps").status?.initContainerStatuses).toMatchObject([
    { name: "a", ready: true, started: false, state: { terminated: { exitCode: 0, reason: "Completed" } } },
    { name: "b", ready: true, started: false, state: { terminated: { exitCode: 0, reason: "Completed" } } },
  ]);
  expect(lab.logs("steps", "container=b").text()).toBe("ready\n");
});

test.each([
  { policy: "Never", shown: ["0/1 Init:Error"], phase: "Failed" },
  { policy: "Always", shown: ["0/1 Init:Error", "0/1 Init:CrashLoopBackOff"], phase: "Pending" },
])("an init container that fails, restartPolicy $policy", ({ policy, shown, phase }) => {
  const lab = makeLab();
  const pod = `  restartPolicy: ${policy}\n  initContainers: [{ name: i, image: "busybox:1.36", command: [sh, -c, "sleep 1; exit 2"] }]`;
  lab.apply(busybox("fails", "sleep 1000", { pod }));
  for (const text of shown) lab.wait("fails", text, 30);
  const { status: now = {} } = lab.pod("fails");
  expect(now.phase).toBe(phase);
  expect(now.conditions?.find((c) => c.type === "Initialized")).toMatchObject({
    status: "False",
    reason: "ContainersNotInitialized",
    message: "containers with incomplete status: [i]",
  });
  expect(now.containerStatuses?.[0]?.state).toEqual({ waiting: { reason: "PodInitializing" } });
  const path = lab.api
    .list("events")
    .map((event) => (event as { involvedObject?: { fieldPath?: string } }).involvedObject?.fieldPath);
  expect(path).toContain("spec.initContainers{i}");
});

test("a sidecar starts first, counts as ready, and ends after the main container", () => {
  const lab = makeLab();
  const pod = `  restartPolicy: Never\n  initContainers: [{ name: side, image: "busybox:1.36", restartPolicy: Always, command: [sh, -c, "trap 'exit 0' TERM; while true; do sleep 1; done"] }]`;
  lab.apply(busybox("pair", "sleep 20", { pod }));
  lab.wait("pair", "2/2 Running", 20);
  const { status: now = {} } = lab.pod("pair");
  expect(now.initContainerStatuses?.[0]).toMatchObject({ ready: true, started: true });
  lab.wait("pair", "1/2 Completed", 60);
  lab.until("all has ended", () => lab.pod("pair").status?.phase === "Succeeded", 5);
  expect(lab.shown("pair")).toBe("0/2 Completed");
  expect(lab.events("pair")).toContain("Normal Killing Stopping container side");
});

test("a sidecar that dies is restarted while the pod runs on", () => {
  const lab = makeLab();
  const pod = `  initContainers: [{ name: side, image: "busybox:1.36", restartPolicy: Always, command: [sh, -c, "sleep 15; exit 1"] }]`;
  lab.apply(busybox("pair", "sleep 1000", { pod }));
  lab.wait("pair", "2/2 Running", 20);
  lab.until(
    "the sidecar was restarted",
    () => lab.pod("pair").status?.initContainerStatuses?.[0]?.restartCount === 1,
    40,
  );
  expect(lab.pod("pair").status?.phase).toBe("Running");
  expect(lab.pod("pair").status?.conditions?.find((c) => c.type === "Initialized")?.status).toBe("True");
  lab.until("it backs off", () => lab.pod("pair").status?.initContainerStatuses?.[0]?.state?.waiting !== undefined, 60);
  expect(lab.pod("pair").status?.conditions?.find((c) => c.type === "Ready")).toMatchObject({
    status: "False",
    message: "containers with unready status: [side]",
  });
  expect(status(lab, "pair")?.restartCount).toBe(0);
});
