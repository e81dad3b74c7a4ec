import { beforeAll, describe, expect, test } from "vitest";
import { busybox, type Lab, makeLab } from "../../cluster/kubelet/setup.ts";

let lab: Lab;

const pods = `apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec: { nodeName: w1, containers: [{ name: web, image: "nginx:1.29", ports: [{ containerPort: 80 }] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: tools }
spec: { nodeName: cp, hostNetwork: false, tolerations: [{ operator: Exists }], containers: [{ name: c, image: "nicolaka/netshoot", command: [sleep, "100000"] }] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`;

beforeAll(() => {
  lab = makeLab(
    [
      { name: "cp", role: "control-plane" },
      { name: "w1", role: "worker" },
    ],
    "net looking",
  );
  lab.apply(pods);
  lab.apply(busybox("client", "sleep 100000"));
  for (const name of ["web", "tools", "client"]) lab.wait(name, "1/1 Running", 60);
  lab.world.advance(3);
});

const sh = (line: string) => lab.sh("cp", line);
const exec = (pod: string, line: string) => sh(`KUBECONFIG=/etc/kubernetes/admin.conf kubectl exec ${pod} -- ${line}`);
const address = (pod: string) =>
  sh(`KUBECONFIG=/etc/kubernetes/admin.conf kubectl get pod ${pod} -o jsonpath={.status.podIP}`).stdout;

describe("links follow from the state of the world", () => {
  test("a pod's address stands on its eth0, with the node's bridge as its router", () => {
    const ip = address("web");
    const { stdout } = exec("tools", "ip route");
    expect(stdout).toMatch(
      /^default via 10\.244\.0\.1 dev eth0 \n10\.244\.0\.0\/16 via 10\.244\.0\.1 dev eth0 \n10\.244\.0\.0\/24 dev eth0 proto kernel scope link src 10\.244\.0\.\d+ \n$/,
    );
    expect(exec("client", "ip addr").stdout).toContain(
      `inet ${address("client")}/24 brd 10.244.1.255 scope global eth0`,
    );
    expect(lab.sh("w1", "ip neigh show dev cni0").stdout).toContain(`${ip} lladdr`);
  });

  test("a node has a link for each pod, and loses it with the pod", () => {
    const count = () => lab.sh("w1", "ip -o link show type veth").stdout.trim().split("\n").length;
    const before = count();
    lab.apply(busybox("another", "sleep 100000"));
    lab.wait("another", "1/1 Running", 60);
    expect(count()).toBe(before + 1);
    sh("KUBECONFIG=/etc/kubernetes/admin.conf kubectl delete pod another --now");
    lab.world.advance(5);
    expect(count()).toBe(before);
  });

  test("hostname -I tells all addresses of a node", () => {
    expect(lab.sh("w1", "hostname -I").stdout).toBe("192.168.56.11 10.244.1.0 10.244.1.1 \n");
  });

  test("ss shows who listens on a control plane", () => {
    const { stdout } = sh("ss -tlnp");
    for (const [port, name] of [
      ["*:6443", "kube-apiserver"],
      ["127.0.0.1:2379", "etcd"],
      ["*:10250", "kubelet"],
      ["127.0.0.1:10259", "kube-scheduler"],
    ])
      expect(stdout).toMatch(new RegExp(`${port?.replace("*", "\\*")} .*users:\\(\\("${name}",pid=\\d+,fd=\\d+\\)\\)`));
  });
});

describe("packets", () => {
  test("ping from a pod to one of another node passes two routers", () => {
    const ip = address("web");
    expect(exec("tools", `ping -c 1 ${ip}`).stdout).toContain(`64 bytes from ${ip}: icmp_seq=1 ttl=62 time=`);
    expect(exec("tools", `traceroute -n ${ip}`).stdout).toMatch(
      new RegExp(` 1 {2}10\\.244\\.0\\.1 .*\\n 2 {2}10\\.244\\.1\\.0 .*\\n 3 {2}${ip} `),
    );
  });

  test("nobody answers pings to a service address", () => {
    expect(exec("client", "ping -c 1 -W 1 web")).toMatchObject({ status: 1 });
  });

  test("a stopped server refuses: telnet says so", () => {
    expect(exec("client", `telnet ${address("client")} 80`).stderr).toContain("can't connect to remote host");
    expect(exec("tools", `telnet ${address("web")} 80`).stdout).toContain("Connected to");
  });

  test("tcpdump in a pod sees its question to cluster DNS", () => {
    const { stdout } = exec(
      "tools",
      "sh -c 'tcpdump -i eth0 -nn -c 2 udp port 53 & sleep 1; curl -s web >/dev/null; wait'",
    );
    expect(stdout).toMatch(
      /IP 10\.244\.0\.\d+\.\d+ > 10\.96\.0\.10\.53: \d+\+ A\? web\.default\.svc\.cluster\.local\. \(47\)/,
    );
  });
});

/** The words are those of Go's net package; thirty seconds are the dialer's of its DefaultTransport. */
describe("a link of a node that is down", () => {
  const raw = () =>
    sh("KUBECONFIG=/etc/kubernetes/admin.conf kubectl get --raw /api/v1/namespaces/default/pods/web:80/proxy/");
  const elapsed = () => lab.world.clock.now / 1_000_000;

  test("the API server's proxy gives up after thirty seconds", () => {
    expect(raw().stdout).toContain("Welcome to nginx!");
    lab.sh("w1", "ip link set flannel.1 down");
    const before = elapsed();
    expect(raw().stderr).toBe(
      `Error from server (ServiceUnavailable): error trying to reach service: dial tcp ${address("web")}:80: i/o timeout\n`,
    );
    expect(elapsed() - before).toBeGreaterThanOrEqual(30);
    lab.sh("w1", "ip link set flannel.1 up");
    expect(raw().stdout).toContain("Welcome to nginx!");
  });

  test("without its card a node is not ready, and comes back", () => {
    const ready = () =>
      sh("KUBECONFIG=/etc/kubernetes/admin.conf kubectl get node w1 --no-headers").stdout.trim().split(/ +/)[1];
    lab.sh("w1", "ip link set eth0 down");
    lab.world.advance(90);
    expect(ready()).toBe("NotReady");
    expect(sh("KUBECONFIG=/etc/kubernetes/admin.conf kubectl exec web -- true").stderr).toContain(
      "dial tcp 192.168.56.11:10250: connect: no route to host",
    );
    lab.sh("w1", "ip link set eth0 up");
    lab.world.advance(60);
    expect(ready()).toBe("Ready");
  });
});
