import { expect, test } from "vitest";
import { conditionOf } from "../../../src/kinds/labels.ts";
import type { Node } from "../../../src/kinds/types/core.ts";
import { busybox, type Lab, makeLab } from "../kubelet/setup.ts";

const ready = (lab: Lab, name: string) => conditionOf(lab.api.get<Node>("nodes", undefined, name) as Node, "Ready");
const socket = "/run/containerd/containerd.sock";
const unavailable = `rpc error: code = Unavailable desc = connection error: desc = \\"transport: Error while dialing: dial unix ${socket}: connect: no such file or directory\\"`;

test("containerd stops: containers go on, the node is not ready, nothing new begins; a start heals it", () => {
  const lab = makeLab();
  lab.apply(busybox("old", "while true; do date; sleep 10; done"));
  lab.wait("old", "1/1 Running");
  expect(lab.sh("w1", `test -S ${socket} && stat -c '%F %a' ${socket}`).stdout).toBe("socket 660\n");
  const { containerID } = lab.pod("old").status?.containerStatuses?.[0] ?? {};
  lab.sh("w1", "systemctl stop containerd");
  expect(lab.sh("w1", `ls ${socket}`).status).toBe(2);
  lab.apply(busybox("new", "sleep 1000"));
  lab.world.advance(2);
  expect(lab.events("new").join("\n")).toContain(
    `Warning FailedCreatePodSandBox Failed to create pod sandbox: ${unavailable.replaceAll("\\", "")}`,
  );
  expect(ready(lab, "w1")?.status).toBe("True");
  lab.until("it is not ready", () => ready(lab, "w1")?.status === "False", 60);
  expect(ready(lab, "w1")).toMatchObject({ reason: "KubeletNotReady", message: "container runtime is down" });
  expect(lab.shown("new")).toBe("0/1 Pending");
  lab.world.advance(170);
  expect(ready(lab, "w1")?.message).toMatch(
    /^\[container runtime is down, PLEG is not healthy: pleg was last seen active 3m\d+(\.\d+)?s ago; threshold is 3m0s\]$/,
  );
  const journal = lab.sh("w1", "journalctl -u kubelet --no-pager").stdout;
  expect(journal).toContain(`"Container runtime sanity check failed" err="${unavailable}"`);
  expect(journal).toContain('"Skipping pod synchronization" err="container runtime is down"');
  expect(lab.sh("w1", "systemctl is-active kubelet").stdout).toBe("active\n");
  expect(lab.sh("cp", "kubectl exec old -- true").stderr).toContain(
    "unable to upgrade connection: rpc error: code = Unavailable",
  );
  lab.sh("w1", "systemctl start containerd");
  lab.until("it is ready", () => ready(lab, "w1")?.status === "True", 20);
  lab.wait("new", "1/1 Running", 30);
  lab.wait("old", "1/1 Running", 30);
  expect(lab.pod("old").status?.containerStatuses?.[0]).toMatchObject({ containerID, restartCount: 0 });
});

test("a container that ends while containerd is away is seen to have ended when it is back", () => {
  const lab = makeLab();
  lab.apply(busybox("p", "sleep 20; exit 3"));
  lab.wait("p", "1/1 Running");
  lab.sh("w1", "systemctl stop containerd");
  lab.world.advance(40);
  expect(lab.shown("p")).toBe("1/1 Running");
  lab.sh("w1", "systemctl start containerd");
  lab.until("it was restarted", () => lab.pod("p").status?.containerStatuses?.[0]?.restartCount === 1, 30);
  expect(lab.pod("p").status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode).toBe(3);
});

const faults = [
  {
    why: "is killed and not started again: its socket stays, and nobody answers",
    line: "sed -i s/Restart=always/Restart=no/ /lib/systemd/system/containerd.service; systemctl daemon-reload; systemctl kill -s KILL containerd; sleep 1; systemctl restart kubelet",
    says: `dial unix ${socket}: connect: connection refused`,
    heal: "systemctl start containerd",
  },
  {
    why: "has no CRI plugin",
    line: `sed -i '1i disabled_plugins = ["cri"]' /etc/containerd/config.toml; systemctl restart containerd; systemctl restart kubelet`,
    says: `validate CRI v1 runtime API for endpoint \\"unix://${socket}\\": rpc error: code = Unimplemented desc = unknown service runtime.v1.RuntimeService`,
    heal: "sed -i /disabled_plugins/d /etc/containerd/config.toml; systemctl restart containerd",
  },
  {
    why: "listens elsewhere",
    line: "sed -i s,/run/containerd/containerd.sock,/run/containerd/other.sock, /etc/containerd/config.toml; systemctl restart containerd; systemctl restart kubelet",
    says: `dial unix ${socket}: connect: no such file or directory`,
    heal: "sed -i s,/run/containerd/other.sock,/run/containerd/containerd.sock, /etc/containerd/config.toml; systemctl restart containerd",
  },
  {
    why: "cannot read its configuration",
    line: "echo 'version 3' > /etc/containerd/config.toml; systemctl restart containerd; systemctl restart kubelet",
    says: "dial unix",
    unit: "containerd: failed to load TOML: /etc/containerd/config.toml: toml: line 1: expected character =",
    heal: "echo 'version = 3' > /etc/containerd/config.toml; systemctl restart containerd",
  },
];

test.each(faults)("containerd $why", ({ line, says, unit, heal }) => {
  const lab = makeLab();
  lab.sh("w1", line);
  lab.world.advance(5);
  expect(lab.sh("w1", "journalctl -u kubelet --no-pager").stdout).toContain(says);
  if (unit) expect(lab.sh("w1", "journalctl -u containerd --no-pager").stdout).toContain(unit);
  expect(lab.sh("w1", "systemctl is-active kubelet").stdout).toBe("activating\n");
  lab.sh("w1", heal);
  lab.until("the kubelet runs", () => lab.sh("w1", "systemctl is-active kubelet").stdout === "active\n", 60);
});
