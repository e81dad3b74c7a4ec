import { expect, test } from "vitest";
import { busybox, makeLab } from "./setup.ts";

// From: kubernetes.io "Container Lifecycle Hooks", "Sidecar Containers"; pkg/kubelet/kuberuntime kuberuntime_container.go
// (startContainer, killContainer) and kuberuntime_termination_order.go, 1.35.

const waits = "trap 'echo term; exit 0' TERM; while true; do sleep 1; done";
const status = (lab: ReturnType<typeof makeLab>, name = "p") => lab.pod(name).status?.containerStatuses?.[0];

test.each([
  { hook: "exec: { command: [sh, -c, 'echo up > /tmp/up; sleep 8'] }", from: 8, to: 12 },
  { hook: "sleep: { seconds: 6 }", from: 6, to: 10 },
])("until the postStart hook ($hook) is over, the container is being created", ({ hook, from, to }) => {
  const lab = makeLab();
  lab.apply(busybox("p", waits, { container: `    lifecycle: { postStart: { ${hook} } }` }));
  const before = lab.now();
  lab.until("it was started", () => lab.events("p").some((e) => e.includes("Started")));
  expect(lab.shown("p")).toBe("0/1 ContainerCreating");
  lab.wait("p", "1/1 Running", 30);
  expect(lab.now() - before).toBeGreaterThan(from);
  expect(lab.now() - before).toBeLessThan(to);
});

test.each([
  {
    hook: "exec: { command: [sh, -c, 'echo no >&2; exit 3'] }",
    says: /^Exec lifecycle hook \(\[sh -c echo no >&2; exit 3\]\) for Container "main" in Pod "p_default\([\w-]+\)" failed - error: command 'sh -c echo no >&2; exit 3' exited with 3: no\n, message: "no\\n"$/,
  },
  {
    hook: "exec: { command: [nosuch] }",
    says: /^Exec lifecycle hook \(\[nosuch\]\) for Container "main" in Pod "p_default\([\w-]+\)" failed - error: rpc error: code = Unknown desc = failed to exec in container: .*exec: "nosuch": executable file not found in \$PATH: unknown, message: ""$/,
  },
  {
    hook: "httpGet: { path: /x, port: 81 }",
    says: /^HTTP lifecycle hook \(\/x\) for Container "main" in Pod "p_default\([\w-]+\)" failed - error: Get "http:\/\/10\.244\.1\.\d+:81\/x": dial tcp 10\.244\.1\.\d+:81: connect: connection refused$/,
  },
])("a postStart hook that fails ($hook) is the end of the container", ({ hook, says }) => {
  const lab = makeLab();
  const pod = "  terminationGracePeriodSeconds: 2";
  lab.apply(busybox("p", waits, { pod, container: `    lifecycle: { postStart: { ${hook} } }` }));
  lab.wait("p", "0/1 PostStartHookError", 30);
  expect(status(lab)?.state?.waiting?.message).toMatch(says);
  expect(lab.events("p")).toContain("Warning FailedPostStartHook PostStartHook failed");
  expect(lab.events("p")).toContain("Normal Killing FailedPostStartHook");
  lab.wait("p", "0/1 CrashLoopBackOff", 60);
});

test("an HTTP hook only wants an answer", () => {
  const lab = makeLab();
  lab.apply(
    "apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: c, image: nginx, lifecycle: { postStart: { httpGet: { path: /nothing-there, port: 80 } } } }] }\n",
  );
  lab.wait("web", "1/1 Running", 40);
});

const ends = [
  {
    says: "a hook within the grace period, then the signal",
    grace: 20,
    hook: "exec: { command: [sleep, '5'] }",
    line: waits,
    from: 5,
    to: 8,
  },
  { says: "a sleep", grace: 20, hook: "sleep: { seconds: 7 }", line: waits, from: 7, to: 10 },
  {
    says: "a hook that takes all of it, and two seconds more",
    grace: 6,
    hook: "exec: { command: [sleep, '100'] }",
    line: "sleep 1000",
    from: 8,
    to: 10.5,
  },
  {
    says: "a hook counts in the grace period",
    grace: 10,
    hook: "exec: { command: [sleep, '4'] }",
    line: "sleep 1000",
    from: 10,
    to: 12.5,
  },
];

test.each(ends)("preStop: $says", ({ grace, hook, line, from, to }) => {
  const lab = makeLab();
  const pod = `  terminationGracePeriodSeconds: ${grace}`;
  lab.apply(
    busybox("p", line, { pod, container: `    lifecycle: { preStop: { ${hook} } }` }).replace(
      '[sh, -c, "sleep 1000"]',
      "[sleep, '1000']",
    ),
  );
  lab.wait("p", "1/1 Running", 20);
  lab.delete("p");
  const before = lab.now();
  lab.until("it is gone", () => lab.find("p") === undefined, 60);
  expect(lab.now() - before).toBeGreaterThanOrEqual(from);
  expect(lab.now() - before).toBeLessThan(to);
});

test.each(["exec: { command: ['false'] }", "httpGet: { path: /, port: 81 }"])(
  "a preStop hook that fails (%s) is told and changes nothing",
  (hook) => {
    const lab = makeLab();
    lab.apply(busybox("p", waits, { container: `    lifecycle: { preStop: { ${hook} } }` }));
    lab.wait("p", "1/1 Running", 20);
    lab.delete("p");
    lab.until("it is gone", () => lab.find("p") === undefined, 10);
    expect(lab.events("p")).toContain("Warning FailedPreStopHook PreStopHook failed");
  },
);

test("the preStop hook runs before a probe's restart, too", () => {
  const lab = makeLab();
  const volume = "  volumes: [{ name: v, hostPath: { path: /srv/out } }]";
  const more = `    volumeMounts: [{ name: v, mountPath: /out }]
    lifecycle: { preStop: { exec: { command: [sh, -c, "echo hook >> /out/said"] } } }
    livenessProbe: { exec: { command: ['false'] }, periodSeconds: 2, failureThreshold: 1 }`;
  lab.apply(busybox("p", waits, { pod: volume, container: more }));
  lab.until("it was restarted", () => (status(lab)?.restartCount ?? 0) > 0, 60);
  expect(lab.sh("w1", "cat /srv/out/said").stdout).toMatch(/^hook\n/);
});

test("a probe's own grace period wins over the pod's", () => {
  const lab = makeLab();
  const probe =
    "    livenessProbe: { exec: { command: ['false'] }, periodSeconds: 2, failureThreshold: 1, terminationGracePeriodSeconds: 3 }";
  lab.apply(busybox("p", "sleep 1000", { container: probe }).replace('[sh, -c, "sleep 1000"]', "[sleep, '1000']"));
  lab.until("it is killed", () => lab.events("p").some((e) => e.includes("failed liveness probe")), 60);
  const before = lab.now();
  lab.until("it was restarted", () => (status(lab)?.restartCount ?? 0) > 0, 60);
  expect(lab.now() - before).toBeLessThan(6);
  expect(lab.now() - before).toBeGreaterThan(2.9);
});

test("a container may ask for another signal", () => {
  const lab = makeLab();
  const line = "trap 'echo usr1; exit 0' USR1; trap 'echo term' TERM; while true; do sleep 1; done";
  const volume = "  os: { name: linux }\n  volumes: [{ name: v, hostPath: { path: /srv/out } }]";
  const more = "    lifecycle: { stopSignal: SIGUSR1 }\n    volumeMounts: [{ name: v, mountPath: /out }]";
  lab.apply(busybox("p", line.replaceAll("echo usr1", "echo usr1 > /out/said"), { pod: volume, container: more }));
  lab.wait("p", "1/1 Running", 20);
  lab.delete("p");
  lab.until("it is gone", () => lab.find("p") === undefined, 10);
  expect(lab.sh("w1", "cat /srv/out/said").stdout).toBe("usr1\n");
});

test("sidecars end after the others, the last one first", () => {
  const lab = makeLab();
  const said = (name: string) => `trap 'echo ${name} >> /out/order; exit 0' TERM; while true; do sleep 1; done`;
  const sidecar = (name: string) =>
    `  - { name: ${name}, image: 'busybox:1.36', restartPolicy: Always, command: [sh, -c, "${said(name)}"], volumeMounts: [{ name: v, mountPath: /out }] }`;
  const pod = `  volumes: [{ name: v, hostPath: { path: /srv/out } }]\n  initContainers:\n${sidecar("one")}\n${sidecar("two")}`;
  const main = "trap 'sleep 3; echo main >> /out/order; exit 0' TERM; while true; do sleep 1; done";
  lab.apply(busybox("p", main, { pod, container: "    volumeMounts: [{ name: v, mountPath: /out }]" }));
  lab.wait("p", "3/3 Running", 30);
  lab.delete("p");
  lab.until("it is gone", () => lab.find("p") === undefined, 40);
  expect(lab.sh("w1", "cat /srv/out/order").stdout).toBe("main\ntwo\none\n");
});

test("a sidecar that fails is restarted while the others run on", () => {
  const lab = makeLab();
  const pod =
    "  initContainers:\n  - { name: side, image: 'busybox:1.36', restartPolicy: Always, command: [sh, -c, 'sleep 5; exit 1'] }";
  lab.apply(busybox("p", waits, { pod }));
  lab.until(
    "the sidecar was restarted",
    () => (lab.pod("p").status?.initContainerStatuses?.[0]?.restartCount ?? 0) > 0,
    40,
  );
  expect(status(lab)?.restartCount).toBe(0);
});

const rules = [
  { says: "a container's own policy", pod: "Never", container: "restartPolicy: Always", exit: 1, restarts: true },
  {
    says: "OnFailure of its own, and success",
    pod: "Never",
    container: "restartPolicy: OnFailure",
    exit: 0,
    restarts: false,
  },
  {
    says: "a rule for its exit code",
    pod: "Never",
    container:
      "restartPolicy: Never\n    restartPolicyRules: [{ action: Restart, exitCodes: { operator: In, values: [42] } }]",
    exit: 42,
    restarts: true,
  },
  {
    says: "another exit code than the rule's",
    pod: "Never",
    container:
      "restartPolicy: Never\n    restartPolicyRules: [{ action: Restart, exitCodes: { operator: In, values: [42] } }]",
    exit: 1,
    restarts: false,
  },
  {
    says: "a rule for all other codes",
    pod: "Never",
    container:
      "restartPolicy: Never\n    restartPolicyRules: [{ action: Restart, exitCodes: { operator: NotIn, values: [0, 7] } }]",
    exit: 7,
    restarts: false,
  },
];

test.each(rules)("restarts: $says", ({ pod, container, exit, restarts }) => {
  const lab = makeLab();
  lab.apply(busybox("p", `sleep 1; exit ${exit}`, { pod: `  restartPolicy: ${pod}`, container: `    ${container}` }));
  lab.world.advance(20);
  expect((status(lab)?.restartCount ?? 0) > 0).toBe(restarts);
  expect(lab.pod("p").status?.phase).toBe(restarts ? "Running" : exit === 0 ? "Succeeded" : "Failed");
});

const words = [
  {
    says: "the termination log",
    line: "echo last words > /dev/termination-log; exit 1",
    more: "",
    shown: "last words\n",
  },
  {
    says: "a path of its own",
    line: "echo mine > /tmp/said; exit 1",
    more: "    terminationMessagePath: /tmp/said",
    shown: "mine\n",
  },
  {
    says: "the log's end",
    line: "echo one; echo two; exit 1",
    more: "    terminationMessagePolicy: FallbackToLogsOnError",
    shown: "one\ntwo\n",
  },
  { says: "nothing", line: "echo one; exit 1", more: "", shown: undefined },
];

test.each(words)("termination message: $says", ({ line, more, shown }) => {
  const lab = makeLab();
  lab.apply(busybox("p", line, { pod: "  restartPolicy: Never", container: more }));
  lab.wait("p", "0/1 Error", 20);
  expect(status(lab)?.state?.terminated?.message).toBe(shown);
});
