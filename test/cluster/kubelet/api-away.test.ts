import { describe, expect, test } from "vitest";
import { makeLab } from "./setup.ts";

// While no API server answers, a kubelet goes on with the pods it has: it knows Services, ConfigMaps and Secrets from its
// informer and managers (pkg/kubelet/util/manager, 1.35).

describe("without an API server", () => {
  const lab = makeLab(undefined, "away");
  lab.apply(`apiVersion: v1
kind: ConfigMap
metadata: {name: words}
data: {word: kept}
---
apiVersion: v1
kind: Pod
metadata: {name: short}
spec:
  nodeName: w1
  containers:
  - name: c
    image: busybox
    args: [sh, -c, 'echo run $WORD $KUBERNETES_SERVICE_HOST; sleep 30; exit 1']
    env: [{name: WORD, valueFrom: {configMapKeyRef: {name: words, key: word}}}]
`);
  lab.until("it runs", () => lab.find("short")?.status?.phase === "Running", 60);
  lab.sh("cp", "mv /etc/kubernetes/manifests/kube-apiserver.yaml /root/");
  lab.world.advance(90);

  test("an ended container starts again, with its variables", () => {
    const said = lab.sh("w1", "cat /var/log/pods/default_short_*/c/*.log").stdout.split("\n");
    const runs = said.filter((line) => line.includes("run kept 10.96.0.1"));
    expect(runs.length).toBeGreaterThan(1);
  });

  test("one can look at processes and files of containers", () => {
    const { stdout, stderr } = lab.sh("w1", "ps -eo user,args | grep -c '[s]leep'; ls /var/log/pods");
    expect(stderr).toBe("");
    expect(stdout).toContain("default_short_");
  });

  test("all is told when the server is back", () => {
    lab.sh("cp", "mv /root/kube-apiserver.yaml /etc/kubernetes/manifests/");
    lab.world.advance(60);
    expect(lab.pod("short").status?.containerStatuses?.[0]?.restartCount).toBeGreaterThan(0);
  });
});
