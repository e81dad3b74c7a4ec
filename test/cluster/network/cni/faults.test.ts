import { beforeAll, describe, expect, test } from "vitest";
import { conditionOf } from "../../../../src/kinds/labels.ts";
import type { Node } from "../../../../src/kinds/types/core.ts";
import { busybox, type Lab, makeLab } from "../../kubelet/setup.ts";

const conflist = "/etc/cni/net.d/10-flannel.conflist";
const sandbox =
  /^Warning FailedCreatePodSandBox Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "[0-9a-f]{64}": /;

/** What a new pod on w1 fails with. */
function failure(lab: Lab, name: string): string {
  lab.apply(busybox(name, "sleep 1000"));
  lab.until("it fails", () => lab.events(name).some((line) => sandbox.test(line)), 60);
  const said = lab.events(name).find((line) => sandbox.test(line)) ?? "";
  if (/ in path |permission denied/.test(said)) {
    // The runtime cannot take it out of the network either: the sandbox stays, and is made anew.
    const changed = "Normal SandboxChanged Pod sandbox changed, it will be killed and re-created.";
    lab.until("it is tried again", () => lab.events(name).includes(changed), 30);
  } else expect(lab.events(name).join("\n")).not.toContain("SandboxChanged");
  lab.delete(name, 0);
  return said.replace(sandbox, "");
}

const ready = (lab: Lab, node: string) => {
  const found = lab.api.get<Node>("nodes", undefined, node);
  const condition = found && conditionOf(found, "Ready");
  return `${condition?.status} ${condition?.message}`;
};
const uninitialized =
  "False container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized";

describe("faults of the pod network on a host, in the words of the real parts", () => {
  let lab: Lab;
  beforeAll(() => {
    lab = makeLab(undefined, "faults");
  });

  test.each([
    ["flannel", 'plugin type="flannel" failed (add): failed to find plugin "flannel" in path [/opt/cni/bin]'],
    [
      "bridge",
      'plugin type="flannel" failed (add): failed to delegate add: failed to find plugin "bridge" in path [/opt/cni/bin]',
    ],
    [
      "host-local",
      'plugin type="flannel" failed (add): failed to delegate add: failed to find plugin "host-local" in path [/opt/cni/bin]',
    ],
    ["portmap", 'plugin type="portmap" failed (add): failed to find plugin "portmap" in path [/opt/cni/bin]'],
    ["loopback", 'plugin type="loopback" failed (add): failed to find plugin "loopback" in path [/opt/cni/bin]'],
  ])("the binary %s is missing", (name, words) => {
    lab.sh("w1", `mv /opt/cni/bin/${name} /root/`);
    expect(failure(lab, `no-${name}`)).toBe(words);
    lab.sh("w1", `mv /root/${name} /opt/cni/bin/`);
  });

  test("a binary may not be run", () => {
    lab.sh("w1", "chmod -x /opt/cni/bin/portmap");
    expect(failure(lab, "not-executable")).toBe(
      'plugin type="portmap" failed (add): netplugin failed with no error message: fork/exec /opt/cni/bin/portmap: permission denied',
    );
    lab.sh("w1", "chmod +x /opt/cni/bin/portmap");
  });

  test("flannel's file is missing", () => {
    lab.sh("w1", "mv /run/flannel/subnet.env /root/");
    expect(failure(lab, "no-subnet")).toBe(
      'plugin type="flannel" failed (add): loadFlannelSubnetEnv failed: open /run/flannel/subnet.env: no such file or directory',
    );
    lab.sh("w1", "mv /root/subnet.env /run/flannel/");
  });

  test("a pod starts again when all is mended", () => {
    lab.apply(busybox("mended", "sleep 1000"));
    lab.wait("mended", "1/1 Running", 60);
  });

  test("the configuration is gone: the node is not ready, and pods that tolerate it wait", () => {
    lab.sh("w1", `mv ${conflist} /root/`);
    lab.until("it is not ready", () => ready(lab, "w1") === uninitialized, 20);
    lab.apply(busybox("waits", "sleep 1000"));
    lab.until("it waits", () => lab.shown("waits") === "0/1 ContainerCreating", 20);
    lab.world.advance(3);
    expect(lab.events("waits")).toContain(
      "Warning NetworkNotReady network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized",
    );
    expect(lab.sh("w1", "journalctl -u containerd --no-pager | tail -1").stdout).toContain(
      String.raw`msg="failed to reload cni configuration after receiving fs change event(REMOVE        \"/etc/cni/net.d/10-flannel.conflist\")" error="cni config load failed: no network config found in /etc/cni/net.d: cni plugin not initialized: failed to load cni config"`,
    );
    lab.sh("w1", "mv /root/10-flannel.conflist /etc/cni/net.d/");
    lab.until("it is ready", () => ready(lab, "w1").startsWith("True"), 20);
    lab.wait("waits", "1/1 Running", 60);
  });

  test.each([
    [
      "no JSON",
      "sed -i s/cniVersion./cniVersion/",
      "error parsing configuration list: invalid character '0' after object key",
    ],
    ["an end too soon", "sed -i '$d'", "error parsing configuration list: unexpected end of JSON input"],
    ["no name", `echo '{"plugins": []}' >`, "error parsing configuration list: no name"],
  ])("the configuration is broken (%s): the runtime takes no other, the node is not ready", (_, edit, words) => {
    lab.sh("w1", `cp ${conflist} /root/good; cp ${conflist} /etc/cni/net.d/20-other.conflist`);
    lab.sh("w1", `${edit} ${conflist}`);
    lab.until("it is not ready", () => ready(lab, "w1") === uninitialized, 20);
    const journal = lab.sh("w1", "journalctl -u containerd --no-pager | tail -1").stdout.replaceAll("\\\\", "\\");
    expect(journal).toContain(
      `failed to load CNI config list file ${conflist}: ${words}: invalid cni config: failed to load cni config`,
    );
    lab.sh("w1", `cp /root/good ${conflist}; rm /etc/cni/net.d/20-other.conflist`);
    lab.until("it is ready", () => ready(lab, "w1").startsWith("True"), 20);
  });

  test("of two configurations the first by name counts", () => {
    const other =
      '{"cniVersion": "1.0.0", "name": "own", "type": "bridge", "ipam": {"type": "host-local", "subnet": "10.99.0.0/24"}}';
    lab.sh("w1", `echo '${other}' > /etc/cni/net.d/05-bridge.conf`);
    lab.apply(busybox("bridged", "sleep 1000"));
    lab.wait("bridged", "1/1 Running", 60);
    expect(lab.pod("bridged").status?.podIP).toBe("10.99.0.2");
    lab.sh("w1", "mv /etc/cni/net.d/05-bridge.conf /etc/cni/net.d/90-bridge.conf");
    lab.apply(busybox("flannelled", "sleep 1000"));
    lab.wait("flannelled", "1/1 Running", 60);
    expect(lab.pod("flannelled").status?.podIP).toMatch(/^10\.244\.1\./);
  });

  test("flannel's network does not hold the node's range: its daemon ends", () => {
    lab.sh(
      "cp",
      `kubectl -n kube-flannel get cm kube-flannel-cfg -o yaml | sed s,10.244.0.0/16,10.20.0.0/16, | kubectl apply -f -; kubectl -n kube-flannel delete pod --all --now`,
    );
    const pods = () => lab.api.list("pods", "kube-flannel").map(({ metadata }) => metadata.name);
    lab.until("it crashes", () => pods().some((name) => /CrashLoopBackOff/.test(lab.shown(name, "kube-flannel"))), 120);
    const said = lab.sh("cp", "kubectl -n kube-flannel logs ds/kube-flannel-ds 2>/dev/null").stdout;
    expect(said).toMatch(
      /Error registering network: failed to acquire lease: subnet "10\.20\.0\.0\/16" specified in the flannel net config doesn't contain "10\.244\.\d\.0\/24" PodCIDR of the "\w+" node/,
    );
  });

  test("flannel may not look at pods: its daemon ends", () => {
    lab.sh("cp", "kubectl delete clusterrolebinding flannel; kubectl -n kube-flannel delete pod --all --now");
    const pods = () => lab.api.list("pods", "kube-flannel").map(({ metadata }) => metadata.name);
    lab.until("it crashes", () => pods().some((name) => /CrashLoopBackOff/.test(lab.shown(name, "kube-flannel"))), 120);
    const said = lab.sh("cp", "kubectl -n kube-flannel logs ds/kube-flannel-ds 2>/dev/null").stdout;
    expect(said).toMatch(
      /Failed to create SubnetManager: error retrieving pod spec for 'kube-flannel\/kube-flannel-ds-\w+': pods "kube-flannel-ds-\w+" is forbidden: User "system:serviceaccount:kube-flannel:flannel" cannot get resource "pods" in API group "" in the namespace "kube-flannel"/,
    );
  });
});

test("the controller manager gives nodes no ranges: flannel ends", () => {
  const lab = makeLab(undefined, "no-ranges", { cni: "none", addons: ["flannel-manifest"] });
  lab.sh("cp", "sed -i /allocate-node-cidrs/d /etc/kubernetes/manifests/kube-controller-manager.yaml");
  lab.world.advance(30);
  // A node that joins now gets none.
  lab.sh("cp", "kubectl delete node w1");
  lab.sh("w1", "systemctl restart kubelet");
  lab.until("it is back", () => lab.api.get("nodes", undefined, "w1") !== undefined, 60);
  lab.sh("cp", "kubectl apply -f /opt/cni-manifests/kube-flannel.yml");
  lab.world.advance(60);
  const said = lab.sh(
    "cp",
    "kubectl -n kube-flannel logs $(kubectl -n kube-flannel get pod -o name --field-selector spec.nodeName=w1)",
  ).stdout;
  expect(said).toContain('Error registering network: failed to acquire lease: node "w1" pod cidr not assigned');
});
