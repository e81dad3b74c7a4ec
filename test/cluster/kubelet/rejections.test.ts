import { expect, test } from "vitest";
import { busybox, makeLab } from "./setup.ts";

/** What the kubelet does not take although it was put there (pkg/kubelet/lifecycle/predicate.go, 1.35). */
const web = (name: string, more = "") =>
  busybox(name, "sleep 1000", { container: `    ports: [{ containerPort: 80, hostPort: 8080${more} }]` });

test("a host port that another pod has, unless it is on another address", () => {
  const lab = makeLab();
  lab.apply(web("a"));
  lab.wait("a", "1/1 Running", 20);
  lab.apply(web("b"));
  lab.wait("b", "0/1 NodePorts", 5);
  expect(lab.pod("b").status).toMatchObject({
    phase: "Failed",
    reason: "NodePorts",
    message: "Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
  });
  expect(lab.events("b")).toContain(
    "Warning NodePorts Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
  );
  lab.apply(web("c", ", protocol: UDP"));
  lab.wait("c", "1/1 Running", 20);
  lab.delete("a", 0);
  lab.world.advance(5);
  lab.apply(web("d", ", hostIP: 127.0.0.1"));
  lab.apply(web("e", ", hostIP: 127.0.0.2"));
  lab.wait("d", "1/1 Running", 20);
  lab.wait("e", "1/1 Running", 20);
});

test("a taint that says NoExecute", () => {
  const lab = makeLab();
  lab.sh("cp", "kubectl taint node w1 gpu=yes:NoExecute");
  lab.apply(busybox("a", "sleep 1000"));
  // The taint eviction controller deletes it besides.
  lab.world.advance(5);
  expect(lab.find("a")).toBeUndefined();
  expect(lab.events("a")).toContain(
    "Warning TaintToleration Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate",
  );
  lab.apply(busybox("b", "sleep 1000", { pod: "  tolerations: [{ key: gpu, operator: Exists }]" }));
  lab.wait("b", "1/1 Running", 20);
  lab.sh("cp", "kubectl taint node w1 gpu-; kubectl taint node w1 gpu=yes:NoSchedule");
  lab.apply(busybox("c", "sleep 1000"));
  lab.wait("c", "1/1 Running", 20);
});

test("static pods keep their ports when their manifest changes, and do not mind taints", () => {
  const lab = makeLab();
  const manifest = (word: string) =>
    web("s").replace("sleep 1000", `sleep ${word}`).replaceAll("\n", "\\n").replaceAll("'", "");
  lab.sh("cp", "kubectl taint node w1 gpu=yes:NoExecute");
  lab.sh("w1", `printf '${manifest("1001")}' > /etc/kubernetes/manifests/s.yaml`);
  lab.wait("s-w1", "1/1 Running", 40);
  lab.sh("w1", `printf '${manifest("1002")}' > /etc/kubernetes/manifests/s.yaml`);
  lab.until(
    "the new one",
    () => lab.find("s-w1")?.spec.containers[0]?.command?.join(" ").includes("1002") === true,
    90,
  );
  lab.wait("s-w1", "1/1 Running", 60);
});
