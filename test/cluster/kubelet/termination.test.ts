import { expect, test } from "vitest";
import { busybox, makeLab } from "./setup.ts";

/** Seconds until the deleted pod is gone. */
function timeToGo(lab: ReturnType<typeof makeLab>, name: string): number {
  const before = lab.now();
  lab.until(`${name} is gone`, () => lab.find(name) === undefined, 120);
  // To the microsecond: the difference of two numbers of seconds is not exact.
  return Math.round((lab.now() - before) * 1e6) / 1e6;
}

test("sleep as process 1 does not hear TERM: it takes the whole grace period", () => {
  const lab = makeLab();
  lab.apply(busybox("deaf", "sleep 1000").replace('[sh, -c, "sleep 1000"]', "[sleep, '1000']"));
  lab.wait("deaf", "1/1 Running");
  lab.delete("deaf");
  expect(lab.shown("deaf")).toBe("1/1 Terminating");
  expect(lab.pod("deaf").metadata.deletionGracePeriodSeconds).toBe(30);
  const took = timeToGo(lab, "deaf");
  expect(took).toBeGreaterThanOrEqual(30);
  expect(took).toBeLessThan(33);
  expect(lab.events("deaf").at(-1)).toBe("Normal Killing Stopping container main");
});

test("nginx ends at once", () => {
  const lab = makeLab();
  lab.apply("apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: c, image: nginx }] }\n");
  lab.wait("web", "1/1 Running", 20);
  const phases = new Set<string>();
  lab.api.watch("pods", ({ object }) => phases.add(String((object.status as { phase?: string }).phase)));
  lab.delete("web");
  expect(timeToGo(lab, "web")).toBeLessThan(3);
  // A watcher sees how it ended.
  expect(phases).toContain("Succeeded");
});

test("the pod's own grace period, a shorter one, and none", () => {
  const lab = makeLab();
  for (const name of ["own", "given", "forced"])
    lab.apply(busybox(name, "sleep 1000", { pod: "  terminationGracePeriodSeconds: 12" }));
  for (const name of ["own", "given", "forced"]) lab.wait(name, "1/1 Running");
  const { podIP = "" } = lab.pod("forced").status ?? {};
  lab.delete("own");
  const own = timeToGo(lab, "own");
  expect(own).toBeGreaterThanOrEqual(12);
  expect(own).toBeLessThan(15);
  lab.delete("given", 3);
  const given = timeToGo(lab, "given");
  expect(given).toBeGreaterThanOrEqual(3);
  expect(given).toBeLessThan(6);
  lab.delete("forced", 0);
  expect(lab.find("forced")).toBeUndefined();
  lab.world.advance(3);
  const dialled = lab.world.network.dial(lab.host("w1"), podIP, 80);
  expect("failed" in dialled && dialled.failed).toBe("unreachable");
});

test("a second deletion with less grace shortens the first", () => {
  const lab = makeLab();
  lab.apply(busybox("p", "sleep 1000", { pod: "  terminationGracePeriodSeconds: 100" }));
  lab.wait("p", "1/1 Running");
  lab.delete("p");
  lab.world.advance(10);
  lab.delete("p", 2);
  expect(timeToGo(lab, "p")).toBeLessThan(5);
});

test("a preStop hook runs before the signal, within the grace period", () => {
  const lab = makeLab();
  const hook = (command: string) => `    lifecycle: { preStop: { exec: { command: [sh, -c, "${command}"] } } }`;
  const volume = "  volumes: [{ name: v, hostPath: { path: /srv/out } }]";
  const mount = "    volumeMounts: [{ name: v, mountPath: /out }]";
  lab.apply(
    busybox("good", "trap 'date +%s > /out/term; exit 0' TERM; while true; do sleep 1; done", {
      pod: volume,
      container: `${hook("date +%s > /out/hook; sleep 5")}\n${mount}`,
    }),
  );
  lab.wait("good", "1/1 Running");
  lab.delete("good");
  const took = timeToGo(lab, "good");
  expect(took).toBeGreaterThanOrEqual(5);
  expect(took).toBeLessThan(9);
  const [hooked, ended] = lab.sh("w1", "cat /srv/out/hook /srv/out/term").stdout.trim().split("\n").map(Number);
  expect((ended ?? 0) - (hooked ?? 0)).toBeGreaterThanOrEqual(5);
  lab.apply(busybox("bad", "trap 'exit 0' TERM; while true; do sleep 1; done", { container: hook("exit 3") }));
  lab.wait("bad", "1/1 Running");
  lab.delete("bad");
  timeToGo(lab, "bad");
  expect(lab.events("bad").some((e) => e.startsWith("Warning FailedPreStopHook"))).toBe(true);
});

test("a pod that waits for its image, or in a crash loop, goes quickly", () => {
  const lab = makeLab();
  lab.apply(
    "apiVersion: v1\nkind: Pod\nmetadata: { name: typo }\nspec: { containers: [{ name: c, image: 'nginx:1.99' }] }\n",
  );
  lab.apply(busybox("loop", "exit 1"));
  lab.world.advance(40);
  lab.delete("typo");
  expect(timeToGo(lab, "typo")).toBeLessThan(3);
  lab.delete("loop");
  expect(timeToGo(lab, "loop")).toBeLessThan(3);
});

test("a deleted pod's address is free again, and its volumes are gone", () => {
  const lab = makeLab();
  lab.apply(busybox("one", "sleep 1000", { pod: "  terminationGracePeriodSeconds: 0" }));
  lab.wait("one", "1/1 Running");
  const ip = lab.pod("one").status?.podIP;
  lab.delete("one");
  lab.world.advance(2);
  lab.apply(busybox("two", "sleep 1000"));
  lab.wait("two", "1/1 Running");
  // host-local takes the next address, not the one just given back.
  expect(lab.pod("two").status?.podIP).not.toBe(ip);
});
