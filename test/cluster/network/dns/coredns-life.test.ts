import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ConfigMap } from "../../../../src/kinds/types/core.ts";
import { busybox, type Lab, makeLab } from "../../kubelet/setup.ts";

/** CoreDNS as a candidate breaks and repairs it: texts of CoreDNS 1.13.1, run with the same Corefiles. */

const K = "export KUBECONFIG=/etc/kubernetes/admin.conf;";
let lab: Lab;
let usual = "";
const kubectl = (line: string) => lab.sh("cp", `${K} kubectl ${line}`);
const dig = (words: string) => kubectl(`exec tools -- dig ${words}`).stdout;
const map = () => lab.api.get<ConfigMap>("configmaps", "kube-system", "coredns") as ConfigMap;
const write = (Corefile: string) => lab.api.update<ConfigMap>({ ...map(), data: { ...map().data, Corefile } });
const pods = () =>
  lab.api
    .list("pods", "kube-system")
    .filter((pod) => pod.metadata.labels?.["k8s-app"] === "kube-dns")
    .map((pod) => pod.metadata.name);
const shown = () => pods().map((name) => lab.shown(name, "kube-system"));
const logs = () => kubectl("-n kube-system logs -l k8s-app=kube-dns --tail=-1").stdout;
function restarted(state = "1/1 Running"): void {
  for (const name of pods()) lab.api.delete(lab.pod(name, "kube-system"));
  lab.until(`CoreDNS is ${state}`, () => pods().length === 2 && shown().every((one) => one === state), 120);
  lab.world.advance(2);
}

beforeAll(() => {
  lab = makeLab(undefined, "coredns life");
  lab.apply(`apiVersion: v1
kind: Pod
metadata: { name: tools, labels: { app: tools } }
spec: { containers: [{ name: c, image: "registry.k8s.io/e2e-test-images/agnhost:2.53", command: [sleep, "1000000"] }] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: tools }, ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: alpine }
spec: { containers: [{ name: c, image: "alpine:3.22", command: [sleep, "1000000"] }] }
`);
  lab.apply(busybox("client", "sleep 1000000"));
  for (const name of ["tools", "alpine", "client"]) lab.wait(name, "1/1 Running", 90);
  usual = map().data?.Corefile ?? "";
  lab.world.advance(3);
});

describe("the Corefile changes", () => {
  beforeEach(() => {
    write(usual);
    restarted();
  });

  test("the first words are those of CoreDNS with kubeadm's Corefile", () => {
    const hash =
      "1b226df79860026c6a52e67daa10d7f0d57ec5b023288ec00c5e05f93523c894564e15b91770d3a07ae1cfbe861d15b37d4a0027e69c546ab112970993a3b03b";
    const [pod] = pods();
    expect(kubectl(`-n kube-system logs ${pod}`).stdout).toBe(
      `maxprocs: Leaving GOMAXPROCS=2: CPU quota undefined\n.:53\n[INFO] plugin/reload: Running configuration SHA512 = ${hash}\nCoreDNS-1.13.1\nlinux/amd64, go1.25.2, 1db4568\n`,
    );
  });

  test("a broken one is logged and the old one stays; a good one is taken", () => {
    write(usual.replace("cache 30", "cache 0"));
    lab.world.advance(120);
    expect(logs()).toContain(`[INFO] Reloading
[ERROR] Restart failed: plugin/cache: cache TTL can not be zero or negative: 0
[ERROR] plugin/reload: Corefile changed but reload failed: starting with listener file descriptors: plugin/cache: cache TTL can not be zero or negative: 0
`);
    expect(dig("+short web.default.svc.cluster.local")).not.toBe("");
    write(usual.replace("ttl 30", "ttl 7"));
    lab.world.advance(120);
    expect(logs()).toMatch(
      /\[INFO\] Reloading\n\[INFO\] plugin\/reload: Running configuration SHA512 = [0-9a-f]{128}\n\[INFO\] Reloading complete\n/,
    );
    expect(dig("+noall +answer web.default.svc.cluster.local")).toMatch(
      /^web\.default\.svc\.cluster\.local\. 7 IN\tA\t/,
    );
  });

  test("one that is no Corefile at all is not even tried", () => {
    write(usual.trimEnd().slice(0, -1));
    lab.world.advance(200);
    const said = logs()
      .split("\n")
      .filter((line) => line.includes("Corefile parse failed"));
    expect(said.length).toBeGreaterThan(2);
    expect(new Set(said)).toEqual(
      new Set([
        "[WARNING] plugin/reload: Corefile parse failed: /etc/coredns/Corefile:22 - Syntax error: Unexpected token 'loadbalance', expecting '}'",
      ]),
    );
    expect(logs()).not.toContain("Reloading");
    write(usual.replace("cache 30 {", "cache 30 { # as before"));
    lab.world.advance(120);
    expect(logs()).not.toContain("Reloading");
  });

  test("a broken one does not survive a restart", () => {
    write(usual.replace("kubernetes cluster", "kubernetess cluster"));
    restarted("0/1 CrashLoopBackOff");
    expect(logs()).toContain("\n/etc/coredns/Corefile:7 - Error during parsing: Unknown directive 'kubernetess'\n");
    expect(kubectl("exec tools -- nslookup web")).toMatchObject({
      status: 1,
      stdout: `${";; communications error to 10.96.0.10#53: connection refused\n".repeat(3)};; no servers could be reached\n\n`,
    });
  });

  test("a map without a Corefile", () => {
    lab.api.update<ConfigMap>({ ...map(), data: { corefile: usual } });
    for (const name of pods()) lab.api.delete(lab.pod(name, "kube-system"));
    lab.world.advance(30);
    const [pod = ""] = pods();
    expect(kubectl(`-n kube-system get events --field-selector involvedObject.name=${pod}`).stdout).toContain(
      "references non-existent config key: Corefile",
    );
  });

  test("an upstream that is silent: two seconds and SERVFAIL once it is known to be down", () => {
    write(usual.replace("forward . /etc/resolv.conf", "forward . 10.99.99.99").replace("errors", "errors\n    log"));
    restarted();
    lab.world.advance(10);
    const began = lab.now();
    expect(dig("example.com")).toContain("status: SERVFAIL");
    expect(lab.now() - began).toBeCloseTo(2, 0);
    expect(logs()).toMatch(
      /\[INFO\] 10\.244\.\d\.\d+:\d+ - \d+ "A IN example\.com\. udp 52 false 1232" - - 0 2\.0\d+s\n\[ERROR\] plugin\/errors: 2 example\.com\. A: read udp 10\.244\.\d\.\d+:\d+->10\.99\.99\.99:53: i\/o timeout\n/,
    );
    expect(dig("+short web.default.svc.cluster.local")).not.toBe("");
  });

  test("a loop ends it", () => {
    write(usual.replace("forward . /etc/resolv.conf", "forward . 127.0.0.1"));
    restarted("0/1 CrashLoopBackOff");
    expect(logs()).toMatch(
      /\[FATAL\] plugin\/loop: Loop \(127\.0\.0\.1:\d+ -> :53\) detected for zone "\.", see https:\/\/coredns\.io\/plugins\/loop#troubleshooting\. Query: "HINFO \d+\.\d+\."\n/,
    );
  });

  test("without rights it answers SERVFAIL and is not ready", () => {
    kubectl("delete clusterrolebinding system:coredns");
    for (const name of pods()) lab.api.delete(lab.pod(name, "kube-system"));
    lab.world.advance(40);
    expect(shown()).toEqual(["0/1 Running", "0/1 Running"]);
    const [pod = ""] = pods();
    const said = kubectl(`-n kube-system logs ${pod}`).stdout;
    expect(said).toContain(
      "[ERROR] plugin/kubernetes: Failed to watch\n[INFO] plugin/kubernetes: waiting for Kubernetes API before starting server\n",
    );
    expect(said).toContain("[WARNING] plugin/kubernetes: starting server with unsynced Kubernetes API\n.:53\n");
    expect(said).toContain('[INFO] plugin/ready: Plugins not ready: "kubernetes"\n');
    const { podIP } = lab.pod(pod, "kube-system").status ?? {};
    expect(dig(`@${podIP} web.default.svc.cluster.local`)).toContain("status: SERVFAIL");
    kubectl(
      "create clusterrolebinding system:coredns --clusterrole=system:coredns --serviceaccount=kube-system:coredns",
    );
    lab.until("it is ready", () => shown().every((one) => one === "1/1 Running"), 60);
  });

  test("names of its own, and a stub domain that another server in the cluster has", () => {
    lab.apply(`apiVersion: v1
kind: ConfigMap
metadata: { name: stub }
data:
  Corefile: |
    corp.example:53 {
        file /etc/stub/corp.db
    }
  corp.db: |
    $TTL 60
    @ IN SOA ns.corp.example. admin.corp.example. 1 60 60 60 60
    @ IN NS ns.corp.example.
    db IN A 172.16.0.7
---
apiVersion: v1
kind: Pod
metadata: { name: stub, labels: { app: stub } }
spec:
  containers:
  - { name: c, image: "registry.k8s.io/coredns/coredns:v1.13.1", args: [-conf, /etc/stub/Corefile], volumeMounts: [{ name: c, mountPath: /etc/stub }] }
  volumes: [{ name: c, configMap: { name: stub } }]
---
apiVersion: v1
kind: Service
metadata: { name: stub }
spec: { clusterIP: 10.96.9.9, selector: { app: stub }, ports: [{ port: 53, protocol: UDP }] }
`);
    lab.wait("stub", "1/1 Running", 90);
    const hosts =
      "hosts {\n       10.1.1.1 shop.example\n       fallthrough\n    }\n    rewrite name old.default.svc.cluster.local web.default.svc.cluster.local\n    cache 30";
    write(
      `${usual.replace("cache 30", hosts)}corp.example:53 {\n    errors\n    cache 30\n    forward . 10.96.9.9\n}\n`,
    );
    restarted();
    expect(dig("+short shop.example")).toBe("10.1.1.1\n");
    expect(dig("+short db.corp.example")).toBe("172.16.0.7\n");
    expect(dig("+short old.default.svc.cluster.local")).toBe(dig("+short web.default.svc.cluster.local"));
    expect(kubectl("exec client -- nslookup db.corp.example").stdout).toContain("Address: 172.16.0.7\n");
    expect(dig("+short nosuch.corp.example")).toBe("");
    expect(dig("db.other.example")).toContain("status: NXDOMAIN");
  });

  test("what a record was stays in the cache as long as its TTL says", () => {
    const zone = (address: string) =>
      `hosts {\n       ttl 60\n       ${address} shop.example\n       fallthrough\n    }\n    cache 30`;
    write(usual.replace("cache 30", zone("10.1.1.1")).replace("reload", "reload 5s 1s"));
    restarted();
    expect(dig("+noall +answer shop.example")).toBe("shop.example.\t\t30\tIN\tA\t10.1.1.1\n");
    lab.world.advance(12);
    expect(dig("+noall +answer shop.example")).toMatch(/^shop\.example\.\t\t(18|17|30)\tIN\tA\t10\.1\.1\.1\n$/);
  });
});

describe("how a pod asks", () => {
  beforeAll(() => {
    write(usual);
    restarted();
  });

  const pod = (name: string, spec: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\nspec: { containers: [{ name: c, image: busybox, command: [sleep, "99999"] }], ${spec} }\n`;
  const resolv = (name: string) => kubectl(`exec ${name} -- cat /etc/resolv.conf`).stdout;

  test("dnsPolicy and dnsConfig", () => {
    lab.apply(pod("p-default", "dnsPolicy: Default"));
    lab.apply(pod("p-host", "hostNetwork: true"));
    lab.apply(pod("p-hostnet", "hostNetwork: true, dnsPolicy: ClusterFirstWithHostNet"));
    lab.apply(
      pod(
        "p-none",
        "dnsPolicy: None, dnsConfig: { nameservers: [192.0.2.1], searches: [ns1.example], options: [{ name: ndots, value: '2' }, { name: edns0 }] }",
      ),
    );
    lab.apply(
      pod(
        "p-more",
        "dnsConfig: { nameservers: [192.0.2.1, 192.0.2.2, 192.0.2.3], searches: [corp.example, cluster.local], options: [{ name: ndots, value: '1' }, { name: timeout, value: '1' }] }",
      ),
    );
    for (const name of ["p-default", "p-host", "p-hostnet", "p-none", "p-more"]) lab.wait(name, "1/1 Running", 60);
    const cluster = "search default.svc.cluster.local svc.cluster.local cluster.local";
    expect(resolv("p-default")).toBe("nameserver 192.168.56.1\n");
    expect(resolv("p-host")).toBe("nameserver 192.168.56.1\n");
    expect(resolv("p-hostnet")).toBe(`${cluster}\nnameserver 10.96.0.10\noptions ndots:5\n`);
    expect(resolv("p-none")).toBe("search ns1.example\nnameserver 192.0.2.1\noptions ndots:2 edns0\n");
    expect(resolv("p-more")).toBe(
      `${cluster} corp.example\nnameserver 10.96.0.10\nnameserver 192.0.2.1\nnameserver 192.0.2.2\noptions ndots:1 timeout:1\n`,
    );
    expect(lab.events("p-more")).toContain(
      "Warning DNSConfigForming Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: 10.96.0.10 192.0.2.1 192.0.2.2",
    );
  });

  test("a dead first server costs its time before the second answers", () => {
    lab.apply(
      pod(
        "p-dead",
        "dnsPolicy: None, dnsConfig: { nameservers: [10.244.200.1, 10.96.0.10], searches: [default.svc.cluster.local] }",
      ),
    );
    lab.wait("p-dead", "1/1 Running", 60);
    const began = lab.now();
    expect(kubectl("exec p-dead -- wget -qO- -T 20 web").stderr).toContain("Connection refused");
    expect(lab.now() - began).toBeCloseTo(5, 0);
  });

  test("hostname, subdomain and the whole name", () => {
    lab.apply(
      "apiVersion: v1\nkind: Service\nmetadata: { name: sub }\nspec: { clusterIP: None, selector: { a: b }, ports: [{ port: 80 }] }\n",
    );
    const named = (name: string, more: string) =>
      pod(name, `hostname: one, subdomain: sub${more}`).replace(`name: ${name} }`, `name: ${name}, labels: { a: b } }`);
    lab.apply(named("h-short", ""));
    lab.apply(named("h-full", ", setHostnameAsFQDN: true, hostAliases: [{ ip: 10.9.9.9, hostnames: [foo, bar] }]"));
    for (const name of ["h-short", "h-full"]) lab.wait(name, "1/1 Running", 60);
    expect(kubectl("exec h-short -- hostname").stdout).toBe("one\n");
    expect(kubectl("exec h-full -- hostname").stdout).toBe("one.sub.default.svc.cluster.local\n");
    const { podIP } = lab.pod("h-full").status ?? {};
    expect(kubectl("exec h-full -- cat /etc/hosts").stdout).toContain(
      `${podIP}\tone.sub.default.svc.cluster.local\tone\n\n# Entries added by HostAliases.\n10.9.9.9\tfoo\tbar\n`,
    );
    lab.world.advance(3);
    expect(dig("+short one.sub.default.svc.cluster.local").trim().split("\n")).toContain(podIP);
  });

  test("refused at once, glibc gives up; musl waits for another server", () => {
    const time = (name: string, line: string) => {
      const began = lab.now();
      kubectl(`exec ${name} -- ${line}`);
      return lab.now() - began;
    };
    kubectl("-n kube-system scale deployment coredns --replicas=0");
    lab.world.advance(15);
    expect(time("client", "wget -qO- web")).toBeLessThan(1);
    expect(time("alpine", "wget -qO- web")).toBeCloseTo(5, 0);
    expect(kubectl("exec client -- wget -qO- web").stderr).toContain("bad address 'web'");
    kubectl("-n kube-system scale deployment coredns --replicas=2");
  });

  test("a node without the resolv.conf that its kubelet is told of makes no sandbox", () => {
    lab.sh(
      "w1",
      "echo 'resolvConf: /run/systemd/resolve/resolv.conf' >> /var/lib/kubelet/config.yaml; systemctl restart kubelet",
    );
    lab.world.advance(5);
    lab.apply(pod("p-lost", "nodeName: w1"));
    lab.world.advance(20);
    expect(lab.events("p-lost")).toContain(
      "Warning FailedCreatePodSandBox Failed to create pod sandbox: open /run/systemd/resolve/resolv.conf: no such file or directory",
    );
    lab.sh("w1", "sed -i /resolvConf/d /var/lib/kubelet/config.yaml; systemctl restart kubelet");
    lab.wait("p-lost", "1/1 Running", 60);
  });
});
