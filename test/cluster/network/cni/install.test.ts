import { describe, expect, test } from "vitest";
import { conditionOf } from "../../../../src/kinds/labels.ts";
import type { Node } from "../../../../src/kinds/types/core.ts";
import type { KubeObject } from "../../../../src/kinds/types/meta.ts";
import type { Pod } from "../../../../src/kinds/types/pod.ts";
import { type Lab, makeLab } from "../../kubelet/setup.ts";

const hosts = [
  { name: "cp", role: "control-plane" },
  { name: "w1", role: "worker" },
  { name: "w2", role: "worker" },
] as const;

type Block = KubeObject & { spec: { affinity: string; attributes: { secondary: Record<string, string> }[] } };

const readyNodes = (lab: Lab) =>
  lab.api.list<Node>("nodes").filter((node) => conditionOf(node, "Ready")?.status === "True").length;
const isUp = (lab: Lab) =>
  readyNodes(lab) === 3 && lab.api.list<Pod>("pods").every((pod) => conditionOf(pod, "Ready")?.status === "True");

describe.each([
  ["calico", "/opt/calico/calico.yaml", "10-calico.conflist", "CalicoIsUp", /^10\.244\./],
  ["cilium", "/opt/cilium/cilium.yaml", "05-cilium.conflist", "CiliumIsUp", /^10\.244\.\d\./],
  ["flannel", "/opt/cni-manifests/kube-flannel.yml", "10-flannel.conflist", "FlannelIsUp", /^10\.244\.\d\./],
])("a cluster without a pod network gets %s", (name, manifest, conflist, reason, addresses) => {
  const lab = makeLab(hosts, `install-${name}`, { cni: "none", addons: [`${name}-manifest`] });

  test("before: no node is ready, cluster DNS waits", () => {
    expect(readyNodes(lab)).toBe(0);
    const dns = lab.api.list<Pod>("pods", "kube-system").filter(({ metadata }) => metadata.name.startsWith("coredns"));
    expect(dns.map(({ metadata }) => lab.shown(metadata.name, "kube-system"))).toEqual(["0/1 Pending", "0/1 Pending"]);
  });
  test("after kubectl apply everything becomes ready", () => {
    const { status, stderr } = lab.sh("cp", `kubectl apply -f ${manifest}`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    lab.until("all is up", () => isUp(lab), 180);
    expect(lab.sh("w1", "ls /etc/cni/net.d").stdout).toContain(conflist);
    for (const node of lab.api.list<Node>("nodes"))
      expect(conditionOf(node, "NetworkUnavailable")?.reason).toBe(reason);
    const dns = lab.api.list<Pod>("pods", "kube-system").filter(({ metadata }) => metadata.name.startsWith("coredns"));
    for (const { status: own } of dns) expect(own?.podIP).toMatch(addresses);
  });
  test("applying it again starts nothing anew", () => {
    const uids = () => lab.api.list<Pod>("pods").map(({ metadata }) => metadata.uid);
    const before = uids();
    expect(lab.sh("cp", `kubectl apply -f ${manifest}`).status).toBe(0);
    lab.world.advance(60);
    expect(uids()).toEqual(before);
    expect(isUp(lab)).toBe(true);
  });
});

describe("Calico's agent", () => {
  const lab = makeLab(hosts, "calico-agent", { cni: "calico" });
  const pod = (name: string, node: string, more = "") =>
    lab.apply(
      `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, labels: {app: ${name}}}, spec: {nodeName: ${node}, containers: [{name: c, image: busybox:1.36, command: [sleep, "10000"]}]${more}}}`,
    );
  const agents = () =>
    lab.api.list<Pod>("pods", "kube-system").filter((one) => one.metadata.labels?.["k8s-app"] === "calico-node");
  const ip = (name: string) => lab.pod(name).status?.podIP ?? "";
  const dropped = (from: string, to: string) => {
    const { stderr } = lab.exec(from, ["wget", "-T", "1", "-O", "-", `http://${to}:9`]);
    expect(stderr).toMatch(/timed out|Connection refused/);
    return stderr.includes("timed out");
  };

  test("notes a pod's address on the pod", () => {
    pod("a", "w1");
    pod("b", "w2");
    lab.wait("a", "1/1 Running", 60);
    lab.wait("b", "1/1 Running", 60);
    expect(lab.pod("a").metadata.annotations).toMatchObject({
      "cni.projectcalico.org/podIP": `${ip("a")}/32`,
      "cni.projectcalico.org/podIPs": `${ip("a")}/32`,
    });
    expect(dropped("a", ip("b"))).toBe(false);
  });
  test("gives addresses back, and not at once to the next", () => {
    const before = ip("b");
    lab.delete("b", 0);
    lab.until("it is gone", () => lab.find("b") === undefined, 10);
    pod("c", "w2");
    lab.wait("c", "1/1 Running", 60);
    expect(ip("c")).not.toBe(before);
    const given = () => {
      const blocks = lab.api.list<Block>("ipamblocks.crd.projectcalico.org");
      const own = blocks.find(({ spec }) => spec.affinity === "host:w2")?.spec.attributes ?? [];
      return own.map(({ secondary }) => secondary).filter(({ namespace }) => namespace === "default");
    };
    lab.until("the old one is free", () => given().length === 1, 60);
    expect(given()[0]).toMatchObject({ namespace: "default", node: "w2", pod: "c" });
  });
  test("is not ready while the others are away, and says so", () => {
    const only = JSON.stringify({ spec: { template: { spec: { nodeSelector: { "kubernetes.io/hostname": "w1" } } } } });
    expect(lab.sh("cp", `kubectl -n kube-system patch ds calico-node -p '${only}'`).status).toBe(0);
    lab.until("one is left", () => agents().length === 1 && agents()[0]?.spec.nodeName === "w1", 120);
    const own = agents().find(({ spec }) => spec.nodeName === "w1")?.metadata.name ?? "";
    const said = () => lab.events(own).join("\n");
    lab.until("it says so", () => said().includes("BGP not established"), 120);
    expect(lab.shown(own, "kube-system")).toBe("0/1 Running");
    expect(said()).toMatch(
      /Unhealthy Readiness probe failed: .*Number of node\(s\) with BGP peering established = 0\ncalico\/node is not ready: BIRD is not ready: BGP not established with 192\.168\.56\.1\d,192\.168\.56\.1\d/,
    );
  });
  test("its rules stay when it has stopped; what comes later is unknown to them", () => {
    // w2's agent does not run.
    lab.apply(
      "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: late, namespace: default}, spec: {podSelector: {matchLabels: {app: c}}}}",
    );
    lab.world.advance(1);
    expect(dropped("a", ip("c"))).toBe(false);
    pod("d", "w2");
    lab.wait("d", "1/1 Running", 60);
    expect(dropped("a", ip("d"))).toBe(true);
    expect(lab.sh("cp", "kubectl -n kube-system rollout undo ds calico-node").status).toBe(0);
    lab.until("it enforces", () => dropped("a", ip("c")), 120);
    expect(dropped("a", ip("d"))).toBe(false);
  });
});

test("from flannel to Calico: pods that flannel has joined are policed when they have been started anew", () => {
  const lab = makeLab(hosts, "change", { cni: "flannel", addons: ["calico-manifest"] });
  const web = (name: string) =>
    lab.apply(
      `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, labels: {app: web}}, spec: {nodeName: w1, containers: [{name: c, image: nginx}]}}`,
    );
  const answers = (name: string) =>
    lab.sh("w2", `curl -s -m 2 -o /dev/null -w '%{http_code}' http://${lab.pod(name).status?.podIP}`).stdout;
  web("old");
  lab.wait("old", "1/1 Running", 60);
  lab.apply(
    "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny, namespace: default}, spec: {podSelector: {}}}",
  );
  lab.sh("cp", "kubectl delete ns kube-flannel --wait=false; kubectl apply -f /opt/calico/calico.yaml");
  lab.until(
    "Calico is up",
    () => lab.api.list<Node>("nodes").every((node) => conditionOf(node, "NetworkUnavailable")?.reason === "CalicoIsUp"),
    120,
  );
  lab.world.advance(20);
  web("new");
  lab.wait("new", "1/1 Running", 60);
  lab.world.advance(1);
  expect([answers("old"), answers("new")]).toEqual(["200", "000"]);
});

test("Calico's manifest is deleted: the nodes stay Ready by what lies on their disks, and new pods fail", () => {
  const lab = makeLab(hosts, "deleted", { cni: "calico", addons: ["calico-manifest"] });
  lab.sh("cp", "kubectl delete -f /opt/calico/calico.yaml --wait=false");
  lab.world.advance(60);
  expect(readyNodes(lab)).toBe(3);
  lab.apply(
    "{apiVersion: v1, kind: Pod, metadata: {name: late}, spec: {nodeName: w1, containers: [{name: c, image: nginx}]}}",
  );
  lab.until("it fails", () => lab.count("late", "FailedCreatePodSandBox") > 0, 60);
  expect(lab.events("late").join("\n")).toContain(
    'plugin type="calico" failed (add): error getting ClusterInformation: connection is unauthorized: Unauthorized',
  );
});

describe("Calico's pool as the candidate writes it into the manifest", () => {
  const uncomment = (cidr: string) =>
    `sed -i 's,# - name: CALICO_IPV4POOL_CIDR,- name: CALICO_IPV4POOL_CIDR,; s,#   value: "192.168.0.0/16",  value: "${cidr}",' /opt/calico/calico.yaml; kubectl apply -f /opt/calico/calico.yaml`;

  test("pods get addresses of the range", () => {
    const lab = makeLab(hosts, "pool", { cni: "none", addons: ["calico-manifest"] });
    expect(lab.sh("cp", uncomment("10.77.0.0/16")).status).toBe(0);
    lab.until("all is up", () => isUp(lab), 180);
    const addresses = lab.api
      .list<Pod>("pods")
      .flatMap(({ spec, status }) => (spec.hostNetwork ? [] : [status?.podIP]));
    expect(addresses).toHaveLength(3);
    for (const address of addresses) expect(address).toMatch(/^10\.77\./);
  });
  test("a tunnel of the other kind", () => {
    const lab = makeLab(hosts, "vxlan", { cni: "none", addons: ["calico-manifest"] });
    const swap = "/CALICO_IPV4POOL_IPIP/{n;s/Always/Never/}; /CALICO_IPV4POOL_VXLAN/{n;s/Never/Always/}";
    lab.sh("cp", `sed -i '${swap}' /opt/calico/calico.yaml; kubectl apply -f /opt/calico/calico.yaml`);
    lab.until("all is up", () => isUp(lab), 180);
    const [pool] = lab.api.list<KubeObject & { spec: object }>("ippools.crd.projectcalico.org");
    expect(pool?.spec).toMatchObject({ ipipMode: "Never", vxlanMode: "Always" });
    const annotations = Object.keys(lab.api.get("nodes", undefined, "w1")?.metadata.annotations ?? {});
    expect(annotations.filter((key) => key.includes("Tunnel"))).toEqual(["projectcalico.org/IPv4VXLANTunnelAddr"]);
  });
  test("both kinds of tunnels at once end calico-node", () => {
    const lab = makeLab(hosts, "both", { cni: "none", addons: ["calico-manifest"] });
    lab.sh(
      "cp",
      `sed -i '/CALICO_IPV4POOL_VXLAN/{n;s/Never/Always/}' /opt/calico/calico.yaml; kubectl apply -f /opt/calico/calico.yaml`,
    );
    lab.world.advance(60);
    expect(lab.sh("cp", "kubectl -n kube-system logs ds/calico-node 2>/dev/null").stdout).toContain(
      "Cannot enable both VXLAN and IPIP",
    );
  });
  test("what is no range ends calico-node", () => {
    const lab = makeLab(hosts, "no-pool", { cni: "none", addons: ["calico-manifest"] });
    lab.sh("cp", uncomment("10.77.0.0"));
    const agents = () =>
      lab.api.list<Pod>("pods", "kube-system").filter(({ metadata }) => metadata.labels?.["k8s-app"] === "calico-node");
    lab.until(
      "it crashes",
      () => agents().some(({ metadata }) => lab.shown(metadata.name, "kube-system") === "0/1 CrashLoopBackOff"),
      180,
    );
    expect(lab.sh("cp", "kubectl -n kube-system logs ds/calico-node 2>/dev/null").stdout).toContain(
      "Invalid CIDR specified in CALICO_IPV4POOL_CIDR '10.77.0.0'; error=invalid CIDR address: 10.77.0.0",
    );
    // By then the CNI configuration lies on the disks.
    expect(readyNodes(lab)).toBe(3);
  });
  test("a full pool: the next pod gets no address", () => {
    const lab = makeLab(hosts, "full", { cni: "calico" });
    lab.sh(
      "cp",
      "kubectl get ippool default-ipv4-ippool -o yaml | sed s/default-ipv4-ippool/small/ | sed 's,cidr: .*,cidr: 10.50.0.0/30,; s/blockSize: 26/blockSize: 31/' | kubectl create -f -; kubectl delete ippool default-ipv4-ippool",
    );
    for (const name of ["a", "b", "c", "d", "e"])
      lab.apply(
        `{apiVersion: v1, kind: Pod, metadata: {name: ${name}}, spec: {nodeName: w1, containers: [{name: c, image: nginx}]}}`,
      );
    lab.until(
      "four run",
      () => ["a", "b", "c", "d", "e"].filter((name) => lab.shown(name) === "1/1 Running").length === 4,
      60,
    );
    lab.until(
      "one fails",
      () => ["a", "b", "c", "d", "e"].some((name) => lab.count(name, "FailedCreatePodSandBox") > 0),
      60,
    );
    const said = ["a", "b", "c", "d", "e"].flatMap((name) => lab.events(name)).join("\n");
    expect(said).toContain(
      'plugin type="calico" failed (add): failed to request IPv4 addresses: Assigned 0 out of 1 requested IPv4 addresses; No IPs available in pools: [10.50.0.0/30]',
    );
    lab.sh("cp", "kubectl delete ippool small");
    lab.apply(
      "{apiVersion: v1, kind: Pod, metadata: {name: f}, spec: {nodeName: w1, containers: [{name: c, image: nginx}]}}",
    );
    lab.until("it fails", () => lab.count("f", "FailedCreatePodSandBox") > 0, 60);
    expect(lab.events("f").join("\n")).toContain(
      'plugin type="calico" failed (add): no configured Calico pools for node w1',
    );
  });
});

test("a node that is deleted gives its blocks back", () => {
  const lab = makeLab(hosts, "gone", { cni: "calico" });
  const owners = () =>
    lab.api
      .list<Block>("ipamblocks.crd.projectcalico.org")
      .map(({ spec }) => spec.affinity)
      .sort();
  expect(owners()).toEqual(["host:cp", "host:w1", "host:w2"]);
  lab.sh("w2", "systemctl stop kubelet");
  lab.sh("cp", "kubectl delete node w2");
  lab.until("it is free", () => owners().length === 2, 60);
  expect(lab.api.list("blockaffinities.crd.projectcalico.org")).toHaveLength(2);
});
