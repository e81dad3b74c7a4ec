import { expect, test } from "vitest";
import { makeLab } from "../kubelet/setup.ts";
import { ask } from "./ask.ts";

test("what the components say of themselves when all is well", () => {
  const lab = makeLab();
  expect(ask(lab, "cp", 10257, "/healthz")).toBe("200 ok");
  expect(ask(lab, "cp", 10257, "/healthz?verbose")).toMatch(
    /^200 \[\+\]leaderElection ok\n(?:\[\+\][a-z-]+-controller ok\n)+[\s\S]*healthz check passed\n$/,
  );
  expect(ask(lab, "cp", 10257, "/metrics")).toMatch(/^403 .*system:anonymous/);
  expect(ask(lab, "cp", 10259, "/readyz?verbose")).toBe(
    "200 [+]leaderElection ok\n[+]shutdown ok\n[+]sched-handler-sync ok\nreadyz check passed\n",
  );
  expect(ask(lab, "cp", 10259, "/livez?verbose")).toBe("200 [+]ping ok\nlivez check passed\n");
  expect(ask(lab, "cp", 10259, "/healthz/leaderElection")).toMatch(/^403 .*system:anonymous/);
  expect(ask(lab, "w1", 10248, "/healthz")).toBe("200 ok");
  expect(ask(lab, "cp", 2381, "/health")).toBe('200 {"health":"true","reason":""}');
  expect(ask(lab, "cp", 2381, "/readyz?verbose")).toBe(
    "200 [+]data_corruption ok\n[+]serializable_read ok\n[+]linearizable_read ok\n[+]non_learner ok\nok\n",
  );
  expect(ask(lab, "cp", 2381, "/metrics")).toMatch(/^etcd_server_has_leader 1$/m);
  expect(ask(lab, "cp", 2379, "/version")).toMatch(/"etcdserver":"3\.6\.\d+"/);
});

test("a scheduler that cannot reach its server is alive and not ready", () => {
  const lab = makeLab();
  const files = "/etc/kubernetes";
  lab.sh("cp", `sed -i 's,server: .*,server: https://192.168.56.10:6444,' ${files}/scheduler.conf`);
  lab.sh("cp", `touch ${files}/manifests/x; mv ${files}/manifests/kube-scheduler.yaml /root/`);
  lab.until("it has ended", () => ask(lab, "cp", 10259, "/livez") === "refused", 60);
  lab.sh("cp", `mv /root/kube-scheduler.yaml ${files}/manifests/`);
  lab.until("it lives", () => ask(lab, "cp", 10259, "/livez") === "200 ok", 60);
  expect(ask(lab, "cp", 10259, "/readyz")).toBe(
    "500 [+]leaderElection ok\n[+]shutdown ok\n[-]sched-handler-sync failed: reason withheld\nreadyz check failed\n",
  );
  lab.world.advance(60);
  expect(lab.shown("kube-scheduler-cp", "kube-system")).toBe("0/1 Running");
});
