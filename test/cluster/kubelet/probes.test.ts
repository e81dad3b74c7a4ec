import { expect, test } from "vitest";
import type { EndpointSlice } from "../../../src/kinds/types/core.ts";
import { busybox, makeLab } from "./setup.ts";

const nginx = (name: string, container: string) => `apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: ${name} } }
spec:
  containers:
  - name: web
    image: nginx
    ports: [{ name: http, containerPort: 80 }]
${container}
`;

test("readiness decides who is behind a service", () => {
  const lab = makeLab();
  lab.apply(nginx("web", "    readinessProbe: { httpGet: { path: /ready, port: http }, periodSeconds: 2 }"));
  lab.apply(
    "apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { selector: { app: web }, ports: [{ port: 80 }] }\n",
  );
  const endpoints = () =>
    lab.api
      .list<EndpointSlice>("endpointslices.discovery.k8s.io", "default")
      .filter((slice) => slice.metadata.labels?.["kubernetes.io/service-name"] === "web")
      .flatMap((slice) => (slice.endpoints ?? []).map((e) => e.conditions?.ready));
  lab.wait("web", "0/1 Running", 20);
  lab.world.advance(10);
  expect(lab.shown("web")).toBe("0/1 Running");
  expect(endpoints()).toEqual([false]);
  expect(lab.events("web")).toContain(
    "Warning Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 404",
  );
  expect(lab.pod("web").status?.conditions?.find((c) => c.type === "Ready")).toMatchObject({
    status: "False",
    reason: "ContainersNotReady",
    message: "containers with unready status: [web]",
  });
  lab.exec("web", ["sh", "-c", "echo yes > /usr/share/nginx/html/ready"]);
  lab.wait("web", "1/1 Running", 4);
  lab.world.advance(1);
  expect(endpoints()).toEqual([true]);
  lab.exec("web", ["rm", "/usr/share/nginx/html/ready"]);
  lab.world.advance(3);
  expect(lab.shown("web")).toBe("1/1 Running");
  lab.wait("web", "0/1 Running", 5);
  expect(lab.pod("web").status?.containerStatuses?.[0]?.restartCount).toBe(0);
});

test("a liveness probe that fails restarts the container", () => {
  const lab = makeLab();
  const probe =
    "    livenessProbe: { exec: { command: [cat, /tmp/healthy] }, initialDelaySeconds: 5, periodSeconds: 5 }";
  const line = "trap 'exit 0' TERM; touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600";
  lab.apply(busybox("liveness", line, { container: probe }));
  lab.wait("liveness", "1/1 Running", 10);
  lab.until("it was restarted", () => lab.pod("liveness").status?.containerStatuses?.[0]?.restartCount === 1, 120);
  const events = lab.events("liveness");
  expect(events.find((e) => e.includes("Unhealthy"))).toMatch(
    /^Warning Unhealthy Liveness probe failed: cat: .*\/tmp\/healthy.*: No such file or directory\n$/,
  );
  expect(events).toContain("Normal Killing Container main failed liveness probe, will be restarted");
  expect(lab.count("liveness", "Unhealthy")).toBe(3);
});

const failing = [
  {
    probe: "tcpSocket: { port: 81 }",
    says: /^Warning Unhealthy Liveness probe failed: dial tcp 10\.244\.1\.\d+:81: connect: connection refused$/,
  },
  {
    probe: "httpGet: { path: /x, port: 81 }",
    says: /^Warning Unhealthy Liveness probe failed: Get "http:\/\/10\.244\.1\.\d+:81\/x": dial tcp 10\.244\.1\.\d+:81: connect: connection refused$/,
  },
  {
    probe: "httpGet: { path: /x, port: 80 }",
    says: /^Warning Unhealthy Liveness probe failed: HTTP probe failed with statuscode: 404$/,
  },
  {
    probe: "exec: { command: [sleep, '5'] }",
    says: /^Warning Unhealthy Liveness probe failed: command timed out: "sleep 5" timed out after 1s$/,
  },
  {
    probe: "exec: { command: [sh, -c, 'echo bad; exit 1'] }",
    says: /^Warning Unhealthy Liveness probe failed: bad\n$/,
  },
];

test.each(failing)("liveness by $probe", ({ probe, says }) => {
  const lab = makeLab();
  lab.apply(nginx("web", `    livenessProbe: { ${probe}, periodSeconds: 3, failureThreshold: 1 }`));
  lab.until("it was restarted", () => lab.pod("web").status?.containerStatuses?.[0]?.restartCount === 1, 60);
  expect(lab.events("web").find((event) => event.includes("Unhealthy"))).toMatch(says);
});

test.each(["tcpSocket: { port: http }", "httpGet: { path: /, port: 80 }", "exec: { command: [test, -e, /etc/hosts] }"])(
  "a healthy container passes %s",
  (probe) => {
    const lab = makeLab();
    lab.apply(
      nginx(
        "web",
        `    livenessProbe: { ${probe}, periodSeconds: 1 }\n    readinessProbe: { ${probe}, periodSeconds: 1 }`,
      ),
    );
    lab.wait("web", "1/1 Running", 20);
    lab.world.advance(100);
    expect(lab.shown("web")).toBe("1/1 Running");
    expect(lab.count("web", "Unhealthy")).toBe(0);
  },
);

test("a startup probe holds the others back", () => {
  const lab = makeLab();
  const probes = `    startupProbe: { exec: { command: [cat, /tmp/up] }, periodSeconds: 5, failureThreshold: 10 }
    livenessProbe: { exec: { command: [cat, /tmp/up] }, periodSeconds: 1, failureThreshold: 1 }`;
  lab.apply(busybox("slow", "sleep 22; touch /tmp/up; sleep 1000", { container: probes }));
  lab.wait("slow", "0/1 Running", 10);
  expect(lab.pod("slow").status?.containerStatuses?.[0]?.started).toBe(false);
  lab.world.advance(15);
  expect(lab.shown("slow")).toBe("0/1 Running");
  lab.wait("slow", "1/1 Running", 15);
  expect(lab.pod("slow").status?.containerStatuses?.[0]).toMatchObject({ started: true, restartCount: 0 });
  expect(lab.events("slow").some((e) => e.includes("Startup probe failed: cat:"))).toBe(true);
  expect(lab.events("slow").some((e) => e.includes("Liveness"))).toBe(false);
});

test("a startup probe that never succeeds kills the container", () => {
  const lab = makeLab();
  const probe = "    startupProbe: { exec: { command: ['false'] }, periodSeconds: 2, failureThreshold: 3 }";
  lab.apply(busybox("never", "sleep 1000", { container: probe, pod: "  terminationGracePeriodSeconds: 1" }));
  lab.until("it was restarted", () => lab.pod("never").status?.containerStatuses?.[0]?.restartCount === 1, 30);
  expect(lab.events("never")).toContain("Normal Killing Container main failed startup probe, will be restarted");
  expect(lab.pod("never").status?.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({
    exitCode: 137,
    reason: "Error",
  });
});

test("a port's name that no container port has cannot be probed", () => {
  const lab = makeLab();
  lab.apply(nginx("web", "    readinessProbe: { tcpSocket: { port: https } }"));
  lab.until("the probe has failed", () => lab.count("web", "Unhealthy") > 0, 60);
  expect(lab.events("web").at(-1)).toBe(
    'Warning Unhealthy Readiness probe errored and resulted in unknown state: couldn\'t find port: "https"',
  );
});
