import { describe, expect, test } from "vitest";
import { ConfigFault, readProxyConfig } from "../../../../src/cluster/kubelet/images/kube-proxy/config.ts";
import type { ConfigMap, Event, Service } from "../../../../src/kinds/types/core.ts";
import { makeLab } from "../setup.ts";

type Lab = ReturnType<typeof makeLab>;
const hosts = [
  { name: "cp", role: "control-plane" },
  { name: "w1", role: "worker" },
] as const;

const head = "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n";

function configMap(lab: Lab): ConfigMap {
  const found = lab.api.get<ConfigMap>("configmaps", "kube-system", "kube-proxy");
  if (!found) throw new Error("no ConfigMap");
  return found;
}

/** Changes config.conf and makes all pods of kube-proxy anew. */
function reconfigure(lab: Lab, change: (text: string) => string): void {
  const map = configMap(lab);
  const { "config.conf": text = "", ...rest } = map.data ?? {};
  lab.api.update({ ...map, data: { ...rest, "config.conf": change(text) } });
  for (const pod of proxies(lab)) lab.api.delete(pod);
}

const proxies = (lab: Lab) =>
  lab.api
    .list<ReturnType<Lab["pod"]>>("pods", "kube-system")
    .filter(({ metadata }) => metadata.labels?.["k8s-app"] === "kube-proxy");

const shown = (lab: Lab) => proxies(lab).map(({ metadata }) => lab.shown(metadata.name, "kube-system"));
const until = (lab: Lab, status: string) =>
  lab.until(`kube-proxy is ${status}`, () => shown(lab).length === 2 && shown(lab).every((one) => one === status), 120);

function logs(lab: Lab): string {
  const [pod] = proxies(lab);
  return lab
    .sh("cp", `kubectl -n kube-system logs ${pod?.metadata.name}`)
    .stdout.replace(/^([IWEF])\d{4} [\d:.]+ +1 /gm, "$1 ");
}

describe("modes", () => {
  const lab = makeLab(hosts, "proxy");
  test("iptables, where nothing is said", () => {
    const lines = logs(lab).split("\n");
    expect(lines.slice(0, 4)).toEqual([
      'I server_linux.go:53] "Using iptables proxy"',
      'I shared_informer.go:349] "Waiting for caches to sync" controller="node informer cache"',
      'I shared_informer.go:356] "Caches are synced" controller="node informer cache"',
      expect.stringMatching(/^I server\.go:219\] "Successfully retrieved NodeIPs" NodeIPs=\["192\.168\.56\.1\d"\]$/),
    ]);
    expect(logs(lab)).toContain('I server_linux.go:132] "Using iptables Proxier"');
    expect(logs(lab)).toContain('I server.go:527] "Version info" version="v1.35.');
    expect(lab.sh("w1", "curl -s localhost:10249/proxyMode").stdout).toBe("iptables");
    expect(lab.sh("w1", "iptables-save -t nat").stdout).toContain("-j KUBE-SVC-NPX46M4PTMTKRN6Y");
    expect(lab.sh("w1", "nft list ruleset")).toMatchObject({
      stdout: "",
      stderr: "cka-lab: nft: the tables that iptables writes are shown by iptables-save alone\n",
    });
  });

  test("healthz on all of the node's addresses, metrics on its loopback alone", () => {
    expect(lab.sh("cp", "curl -s http://192.168.56.11:10256/healthz").stdout).toMatch(
      /^\{"lastUpdated": "2\d{3}-\d\d-\d\d [\d:.]+ \+0000 UTC m=\+[\d.]+","currentTime": "[^"]+", "nodeEligible": true\}$/,
    );
    expect(lab.sh("cp", "curl -s http://192.168.56.11:10249/proxyMode").status).toBe(7);
    expect(lab.sh("w1", "curl -s localhost:10249/metrics").stdout).toBe(
      "cka-lab: the metrics of kube-proxy are not simulated\n",
    );
  });

  test("nftables: its table, and none of iptables'; node ports at the first address alone", () => {
    reconfigure(lab, (text) => text.replace('mode: ""', "mode: nftables"));
    until(lab, "1/1 Running");
    lab.world.advance(2);
    expect(logs(lab)).toMatch(/^I shared_informer.*\n/);
    expect(logs(lab)).toContain('I server_linux.go:231] "Using nftables Proxier"');
    expect(logs(lab)).not.toContain("nodePortAddresses is unset");
    expect(lab.sh("w1", "nft list tables").stdout).toBe("table ip kube-proxy\ntable ip6 kube-proxy\n");
    expect(lab.sh("w1", "nft list table ip kube-proxy").stdout).toContain(
      '\t\tip daddr 10.96.0.0/12 drop comment "Drop traffic to unallocated ClusterIPs"\n',
    );
    expect(lab.sh("w1", "nft list map ip kube-proxy service-ips").stdout).toContain(
      "10.96.0.1 . tcp . 443 : goto service-2QRHZV4L-default/kubernetes/tcp/https",
    );
    expect(lab.sh("w1", "iptables-save").stdout).not.toContain("KUBE-SVC");
    expect(lab.sh("w1", "curl -sk https://10.96.0.1/healthz").stdout).toBe("ok");
  });

  test("ipvs: it says that it is deprecated, in an event of the node, too", () => {
    reconfigure(lab, (text) => text.replace("mode: nftables", "mode: ipvs"));
    until(lab, "1/1 Running");
    lab.world.advance(2);
    expect(logs(lab)).toContain(
      `I server_linux.go:194] "Using ipvs Proxier"\nE server_linux.go:196] "The ipvs proxier is now deprecated and may be removed in a future release. Please use 'nftables' instead."`,
    );
    const events = lab.api.list<Event>("events").filter(({ reason }) => reason === "IPVSDeprecation");
    expect(events[0]).toMatchObject({ type: "Warning", involvedObject: { kind: "Node" } });
    const { stdout } = lab.sh("w1", "ipvsadm -Ln");
    expect(stdout.split("\n").slice(0, 3)).toEqual([
      "IP Virtual Server version 1.2.1 (size=4096)",
      "Prot LocalAddress:Port Scheduler Flags",
      "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn",
    ]);
    expect(stdout).toContain(
      "TCP  10.96.0.1:443 rr\n  -> 192.168.56.10:6443           Masq    1      0          0         \n",
    );
    expect(lab.sh("w1", "curl -sk https://10.96.0.1/healthz").stdout).toBe("ok");
  });
});

describe("what a configuration says", () => {
  test.each<readonly [string, object]>([
    [
      "",
      {
        settings: { mode: "iptables", clusterCIDRs: [], nodePortAddresses: undefined },
        isModeGiven: false,
        hostname: "",
      },
    ],
    [
      "clusterCIDR: 10.244.0.0/16,fd00:10:244::/56\n",
      { settings: { clusterCIDRs: ["10.244.0.0/16", "fd00:10:244::/56"] } },
    ],
    ["clusterCIDR: 10.244.0.0/16\ndetectLocalMode: NodeCIDR\n", { settings: { clusterCIDRs: [] } }],
    ["mode: ipvs\nipvs: { scheduler: lc }\n", { settings: { mode: "ipvs", scheduler: "lc" }, isModeGiven: true }],
    [
      "iptables: { masqueradeAll: true, localhostNodePorts: false }\n",
      { settings: { masqueradeAll: true, localhostNodePorts: false } },
    ],
    [
      "mode: nftables\niptables: { masqueradeAll: true }\n",
      { settings: { masqueradeAll: false, nodePortAddresses: "primary" } },
    ],
    ["nodePortAddresses: [192.168.56.0/24]\n", { settings: { nodePortAddresses: ["192.168.56.0/24"] } }],
    ["nodePortAddresses: [primary]\n", { settings: { nodePortAddresses: "primary" } }],
    ["", { healthz: { address: "0.0.0.0", port: 10256 }, metrics: { address: "127.0.0.1", port: 10249 } }],
    [
      'healthzBindAddress: "127.0.0.1:1"\nmetricsBindAddress: 0.0.0.0\n',
      { healthz: { address: "127.0.0.1", port: 1 }, metrics: { address: "0.0.0.0", port: 10249 } },
    ],
    ['healthzBindAddress: "[::]:10256"\n', { healthz: { address: "::", port: 10256 } }],
  ])("%j", (text, says) => expect(readProxyConfig(head + text)).toMatchObject(says));
});

describe("a configuration that is wrong", () => {
  test.each<readonly [string, string, RegExp | string]>([
    [
      "another mode",
      `${head}mode: userspace\n`,
      'failed validate: KubeProxyConfiguration.Mode.ProxyMode: Invalid value: "userspace": must be iptables, ipvs, nftables or blank (blank means the best-available proxy [currently iptables])',
    ],
    ["no YAML", `${head}mode: "\n  a: b: c\n`, /^failed complete: failed to decode: yaml: /],
    ["no kind", "mode: ipvs\n", /^failed complete: failed to decode: Object 'Kind' is missing in 'mode: ipvs\n'$/],
    [
      "another kind",
      "apiVersion: kubeproxy.config.k8s.io/v1\nkind: KubeProxyConfiguration\n",
      'failed complete: failed to decode: no kind "KubeProxyConfiguration" is registered for version "kubeproxy.config.k8s.io/v1" in scheme "pkg/proxy/apis/config/scheme/scheme.go:29"',
    ],
    [
      "a number as mode",
      `${head}mode: 5\n`,
      "failed complete: failed to decode: json: cannot unmarshal number into Go struct field KubeProxyConfiguration.mode of type v1alpha1.ProxyMode",
    ],
    [
      "a cluster CIDR that is none",
      `${head}clusterCIDR: 10.244.0.0\n`,
      'failed validate: KubeProxyConfiguration.ClusterCIDR: Invalid value: "10.244.0.0": must be a valid CIDR block (e.g. 10.100.0.0/16 or FD02::0:0:0/96)',
    ],
    [
      "a cluster CIDR with too long a prefix",
      `${head}clusterCIDR: 10.244.0.0/40\n`,
      'failed validate: KubeProxyConfiguration.ClusterCIDR: Invalid value: "10.244.0.0/40": must be a valid CIDR block',
    ],
    [
      "an address that is none, and another way to know pods",
      `${head}bindAddress: x\ndetectLocalMode: Foo\n`,
      'failed validate: [KubeProxyConfiguration.DetectLocalMode: Unsupported value: "Foo": supported values: "ClusterCIDR", "NodeCIDR", "BridgeInterface", "InterfaceNamePrefix", "", KubeProxyConfiguration.BindAddress: Invalid value: "x": not a valid textual representation of an IP address]',
    ],
  ])("%s", (_, text, why) => {
    const read = () => readProxyConfig(text);
    expect(read).toThrow(ConfigFault);
    expect(read).toThrow(why);
  });

  test("an unknown field is told, and no more", () => {
    expect(readProxyConfig(`${head}mod: ipvs\n`)).toMatchObject({
      lenient: 'strict decoding error: unknown field "mod"',
      settings: { mode: "iptables" },
    });
  });

  test("a bad mode: it crashes, with the reason in its log; the node's rules stay as they were", () => {
    const lab = makeLab(hosts, "bad-mode");
    reconfigure(lab, (text) => text.replace('mode: ""', "mode: iptable"));
    until(lab, "0/1 CrashLoopBackOff");
    expect(logs(lab)).toBe(
      'E run.go:72] "command failed" err="failed validate: KubeProxyConfiguration.Mode.ProxyMode: Invalid value: \\"iptable\\": must be iptables, ipvs, nftables or blank (blank means the best-available proxy [currently iptables])"\n',
    );
    expect(lab.sh("w1", "curl -sk https://10.96.0.1/healthz").stdout).toBe("ok");
    expect(lab.sh("w1", "curl -s localhost:10256/healthz").status).toBe(7);
    reconfigure(lab, (text) => text.replace("mode: iptable\n", "mode: iptables\n"));
    until(lab, "1/1 Running");
  });

  test("the ConfigMap without its key: the file is not there", () => {
    const lab = makeLab(hosts, "no-file");
    const map = configMap(lab);
    const { "config.conf": _, ...rest } = map.data ?? {};
    lab.api.update({ ...map, data: rest });
    for (const pod of proxies(lab)) lab.api.delete(pod);
    until(lab, "0/1 CrashLoopBackOff");
    expect(logs(lab)).toContain(
      '"command failed" err="failed complete: open /var/lib/kube-proxy/config.conf: no such file or directory"',
    );
  });
});

test("it may not read its node: it waits and says so; the node's rules are those of before", () => {
  const lab = makeLab(hosts, "refused");
  lab.sh("cp", "kubectl get clusterrolebinding kubeadm:node-proxier -o yaml > /tmp/b; kubectl delete -f /tmp/b");
  const rules = () => lab.sh("w1", "iptables-save -t nat").stdout.split("\n").slice(1, -2);
  const before = rules();
  for (const pod of proxies(lab)) lab.api.delete(pod);
  until(lab, "1/1 Running");
  lab.world.advance(5);
  expect(logs(lab)).toMatch(
    /^I server_linux.*\nI shared_informer.*\nE reflector\.go:205\] "Failed to watch" err="failed to list \*v1\.Node: nodes \\"(cp|w1)\\" is forbidden: User \\"system:serviceaccount:kube-system:kube-proxy\\" cannot list resource \\"nodes\\" in API group \\"\\" at the cluster scope"/,
  );
  expect(logs(lab)).not.toContain("Using iptables Proxier");
  expect(rules()).toEqual(before);
  expect(lab.sh("w1", "curl -s localhost:10256/healthz").status).toBe(7);
  lab.sh("cp", "kubectl apply -f /tmp/b");
  lab.world.advance(10);
  expect(logs(lab)).toContain("Using iptables Proxier");
  expect(lab.sh("w1", "curl -s localhost:10256/healthz").stdout).toContain('"nodeEligible": true');
});

describe("a load balancer's health check", () => {
  const lab = makeLab(hosts, "health-check");
  lab.apply(`apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec: { nodeName: w1, containers: [{ name: c, image: registry.k8s.io/e2e-test-images/agnhost:2.53, args: [netexec, --http-port=8080] }] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { type: LoadBalancer, externalTrafficPolicy: Local, selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
`);
  lab.wait("web", "1/1 Running", 60);
  lab.world.advance(2);
  const port = () => lab.api.get<Service>("services", "default", "web")?.spec.healthCheckNodePort;

  test("the node with the pod is well, the other is not; without the policy nobody listens", () => {
    const mine = lab.sh("cp", `curl -si http://192.168.56.11:${port()}/healthz`).stdout;
    expect(mine).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(mine).toContain("X-Load-Balancing-Endpoint-Weight: 1\r\n");
    expect(mine.split("\r\n\r\n")[1]).toBe(
      '{\n\t"service": {\n\t\t"namespace": "default",\n\t\t"name": "web"\n\t},\n\t"localEndpoints": 1,\n\t"serviceProxyHealthy": true\n}',
    );
    const other = lab.sh("cp", `curl -si http://192.168.56.10:${port()}/healthz`).stdout;
    expect(other).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/);
    expect(other).toContain('"localEndpoints": 0');
    const number = port();
    lab.sh("cp", `kubectl patch svc web -p '{"spec":{"externalTrafficPolicy":"Cluster"}}'`);
    lab.world.advance(2);
    expect(lab.sh("cp", `curl -s http://192.168.56.11:${number}/healthz`).status).toBe(7);
  });
});
