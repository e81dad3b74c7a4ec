import { beforeAll, describe, expect, test } from "vitest";
import { busybox, type Lab, makeLab } from "../../cluster/kubelet/setup.ts";

let lab: Lab;

const web = `apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec: { containers: [{ name: web, image: "nginx:1.29", ports: [{ containerPort: 80 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ name: http, port: 8080, targetPort: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: nobody }
spec: { selector: { app: nobody }, ports: [{ port: 80 }] }
`;

beforeAll(() => {
  lab = makeLab(
    [
      { name: "cp", role: "control-plane" },
      { name: "w1", role: "worker" },
    ],
    "net sessions",
  );
  lab.apply(web);
  lab.apply(busybox("client", "sleep 100000"));
  lab.wait("web", "1/1 Running", 60);
  lab.wait("client", "1/1 Running", 60);
  lab.world.advance(3);
});

const sh = (line: string) => lab.sh("cp", line);
const K = "export KUBECONFIG=/etc/kubernetes/admin.conf;";
const kubectl = (line: string) => sh(`${K} kubectl ${line}`);

describe("from a pod with busybox", () => {
  test("wget gets a service by its name", () => {
    expect(kubectl("exec client -- wget -qO- web:8080")).toMatchObject({ status: 0, stderr: "" });
    expect(kubectl("exec client -- wget -qO- web:8080").stdout).toContain("Welcome to nginx!");
  });

  test("a service without endpoints refuses", () => {
    const { stderr, status } = kubectl("exec client -- wget -qO- nobody");
    expect(stderr).toMatch(
      /^wget: can't connect to remote host \(10\.\d+\.\d+\.\d+\): Connection refused\ncommand terminated with exit code 1\n$/,
    );
    expect(status).toBe(1);
  });

  test("an unknown name is a bad address; nobody's address times out", () => {
    expect(kubectl("exec client -- wget -qO- nosuch").stderr).toContain("wget: bad address 'nosuch'\n");
    expect(kubectl("exec client -- wget -T 2 -qO- 10.244.9.9").stderr).toContain("wget: download timed out\n");
  });

  test("nc tells of an open port, and of nobody only with two -v", () => {
    expect(kubectl("exec client -- nc -zv web 8080").stderr).toMatch(/^web \(10\.\d+\.\d+\.\d+:8080\) open\n$/);
    expect(kubectl("exec client -- nc -zv nobody 80").stderr).toBe("command terminated with exit code 1\n");
    expect(kubectl("exec client -- nc -zvv nobody 80").stderr).toMatch(/nc: nobody \(.*:80\): Connection refused\n/);
  });

  test("nslookup asks cluster DNS", () => {
    const dns = "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n";
    expect(kubectl("exec client -- nslookup kubernetes.default.svc.cluster.local").stdout).toBe(
      `${dns}Name:\tkubernetes.default.svc.cluster.local\nAddress: 10.96.0.1\n\n\n`,
    );
    expect(kubectl("exec client -- nslookup kubernetes.default").stdout).toBe(
      `${dns}${"** server can't find kubernetes.default: NXDOMAIN\n\n".repeat(2)}`,
    );
  });

  test("kubectl run with a command of its own", () => {
    const { stdout } = kubectl("run tmp --rm -i --restart=Never --image=busybox -- wget -qO- web:8080");
    expect(stdout).toContain("Welcome to nginx!");
    expect(stdout).toContain('pod "tmp" deleted');
  });

  test("the API server refuses a service account without rights, in indented JSON for curl alone", () => {
    const line = `exec web -- sh -c 'T=$(cat /var/run/secrets/kubernetes.io/serviceaccount/token); curl -s --cacert /var/run/secrets/kubernetes.io/serviceaccount/ca.crt -H "Authorization: Bearer $T" https://kubernetes.default.svc/api/v1/namespaces/default/pods'`;
    const { stdout } = kubectl(line);
    expect(stdout).toContain(
      '  "message": "pods is forbidden: User \\"system:serviceaccount:default:default\\" cannot list',
    );
    expect(stdout.startsWith('{\n  "kind": "Status",\n')).toBe(true);
    expect(kubectl("exec client -- wget -qO- --no-check-certificate https://10.96.0.1/healthz").stdout).toBe("ok");
    expect(kubectl("exec client -- wget -qO- https://10.96.0.1/healthz").stderr).toBe(
      "wget: note: TLS certificate validation not implemented\n",
    );
  });

  test("images have what they really have", () => {
    expect(kubectl("exec web -- curl -s localhost").stdout).toContain("Welcome to nginx!");
    expect(kubectl("exec web -- wget localhost").status).not.toBe(0);
    expect(kubectl("exec client -- curl localhost").status).not.toBe(0);
  });
});

describe("the documentation's pod for DNS (agnhost) and older busybox", () => {
  beforeAll(() => {
    lab.apply(`apiVersion: v1
kind: Pod
metadata: { name: dnsutils }
spec: { containers: [{ name: c, image: "registry.k8s.io/e2e-test-images/agnhost:2.39" }] }
---
apiVersion: v1
kind: Pod
metadata: { name: old }
spec: { containers: [{ name: c, image: "busybox:1.28", command: [sleep, "9999"] }] }
`);
    lab.wait("dnsutils", "1/1 Running", 90);
    lab.wait("old", "1/1 Running", 90);
  });

  test("nslookup, dig and host of BIND follow the search domains", () => {
    const lacks = ";; Got recursion not available from 10.96.0.10\n";
    expect(kubectl("exec dnsutils -- nslookup kubernetes.default").stdout).toBe(
      `${lacks}${lacks}Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\nName:\tkubernetes.default.svc.cluster.local\nAddress: 10.96.0.1\n${lacks}\n`,
    );
    expect(kubectl("exec dnsutils -- nslookup nosuch")).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("** server can't find nosuch: NXDOMAIN\n"),
    });
    expect(kubectl("exec dnsutils -- dig +short kubernetes.default.svc.cluster.local").stdout).toBe("10.96.0.1\n");
    expect(kubectl("exec dnsutils -- dig kubernetes.default").stdout).toContain("status: NXDOMAIN");
    expect(kubectl("exec dnsutils -- host kubernetes.default").stdout).toBe(
      "kubernetes.default.svc.cluster.local has address 10.96.0.1\n",
    );
  });

  test("busybox 1.28 asks through the C library", () => {
    expect(kubectl("exec old -- nslookup kubernetes.default").stdout).toBe(
      "Server:    10.96.0.10\nAddress 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local\n\n" +
        "Name:      kubernetes.default\nAddress 1: 10.96.0.1 kubernetes.default.svc.cluster.local\n",
    );
    expect(kubectl("exec old -- nslookup nosuch").stderr).toContain("nslookup: can't resolve 'nosuch'\n");
  });

  test("without DNS servers, look-ups time out", () => {
    kubectl("-n kube-system scale deployment coredns --replicas=0");
    lab.world.advance(10);
    expect(kubectl("exec old -- wget -qO- web:8080").stderr).toContain("wget: bad address 'web:8080'\n");
    kubectl("-n kube-system scale deployment coredns --replicas=2");
    lab.world.advance(20);
    expect(kubectl("exec old -- wget -qO- web:8080").stdout).toContain("Welcome to nginx!");
  });

  test("the image of curl's authors", () => {
    const { stdout } = kubectl("run tmp --rm -i --restart=Never --image=curlimages/curl -- -s web:8080");
    expect(stdout).toContain("Welcome to nginx!");
  });
});

describe("from a host", () => {
  test("the API server's own pages", () => {
    expect(sh("curl -sk https://localhost:6443/healthz").stdout).toBe("ok");
    expect(sh("curl -s --cacert /etc/kubernetes/pki/ca.crt https://localhost:6443/livez").stdout).toBe("ok");
    expect(sh("curl -sk https://localhost:6443/api").stdout).toContain(
      'forbidden: User \\"system:anonymous\\" cannot get path \\"/api\\"',
    );
    expect(sh("curl -sS https://localhost:6443/healthz")).toMatchObject({
      status: 60,
      stderr: expect.stringMatching(
        /^curl: \(60\) SSL certificate problem: unable to get local issuer certificate\nMore/,
      ),
    });
    expect(
      sh("curl -sS --cacert /etc/kubernetes/pki/ca.crt --resolve x.y:6443:127.0.0.1 https://x.y:6443/healthz").stderr,
    ).toContain("curl: (60) SSL: no alternative certificate subject name matches target host name 'x.y'\n");
    expect(sh("curl -s localhost:6443").stdout).toBe("Client sent an HTTP request to an HTTPS server.\n");
    expect(sh("curl -sk -o /dev/null -w '%{http_version} %{http_code}' https://localhost:6443/version").stdout).toBe(
      "2 200",
    );
  });

  test("with the administrator's certificate", () => {
    const files = "--cacert /etc/kubernetes/pki/ca.crt --cert /etc/kubernetes/pki/apiserver-kubelet-client.crt";
    const key = "--key /etc/kubernetes/pki/apiserver-kubelet-client.key";
    expect(sh(`curl -s ${files} ${key} https://localhost:6443/api/v1/namespaces/default`).stdout).toContain(
      '"name": "default"',
    );
    expect(sh(`curl -sS ${files} --key /etc/kubernetes/pki/ca.key https://localhost:6443/api`).stderr).toContain(
      "curl: (58)",
    );
    expect(sh(`curl -sk ${files} ${key} https://localhost:10250/healthz`).stdout).toBe("ok");
    expect(sh("curl -sk https://localhost:10250/pods").stdout).toBe("Unauthorized");
  });

  test("time passes while nobody answers", () => {
    const start = lab.now();
    expect(sh("curl -sS --connect-timeout 3 10.244.7.7").stderr).toBe(
      "curl: (28) Failed to connect to 10.244.7.7 port 80 after 3000 ms: Timeout was reached\n",
    );
    expect(lab.now() - start).toBeGreaterThanOrEqual(3);
    expect(sh("nc -zv -w 1 10.244.7.7 80").stderr).toBe(
      "nc: connect to 10.244.7.7 port 80 (tcp) timed out: Operation now in progress\n",
    );
  });

  test("a watch through curl goes on until its time is up", () => {
    const files =
      "--cert /etc/kubernetes/pki/apiserver-kubelet-client.crt --key /etc/kubernetes/pki/apiserver-kubelet-client.key";
    const { stdout, stderr } = sh(
      `curl -sSk -m 5 ${files} 'https://localhost:6443/api/v1/namespaces/default/pods?watch=1'`,
    );
    expect(stdout).toContain('"type":"ADDED"');
    expect(stderr).toMatch(/^curl: \(28\) Operation timed out after 5000 milliseconds with \d+ bytes received\n$/);
  });

  test("beside kubectl proxy and port-forward", () => {
    const proxied = sh(`${K} kubectl proxy & sleep 1; curl -s localhost:8001/version; kill %1`).stdout;
    expect(proxied).toContain('"major": "1"');
    const forwarded = sh(
      `${K} kubectl port-forward pod/web 8088:80 >/dev/null & sleep 1; curl -s localhost:8088; kill %1`,
    );
    expect(forwarded.stdout).toContain("Welcome to nginx!");
    const socket = sh(
      `${K} kubectl proxy --unix-socket=/tmp/k.sock & sleep 1; curl -s --unix-socket /tmp/k.sock http://localhost/api; kill %1`,
    );
    expect(socket.stdout).toContain("Starting to serve on /tmp/k.sock\n");
    expect(socket.stdout).toContain('"kind": "APIVersions"');
  });
});
