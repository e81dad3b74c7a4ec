import { beforeAll, expect, test } from "vitest";
import { type Lab, makeLab } from "../kubelet/setup.ts";

let lab: Lab;

beforeAll(() => {
  lab = makeLab(
    [
      { name: "cp", role: "control-plane" },
      { name: "w1", role: "worker" },
    ],
    "proxy",
  );
  lab.apply(`apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec: { containers: [{ name: web, image: "nginx:1.29", ports: [{ containerPort: 80 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ name: http, port: 8080, targetPort: 80 }, { name: closed, port: 5, targetPort: 5 }] }
---
apiVersion: v1
kind: Service
metadata: { name: nobody }
spec: { selector: { app: nobody }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: pending }
spec: { nodeSelector: { no: where }, containers: [{ name: web, image: "nginx:1.29" }] }
`);
  lab.wait("web", "1/1 Running", 60);
  lab.world.advance(3);
});

const raw = (path: string) => lab.sh("cp", `KUBECONFIG=/etc/kubernetes/admin.conf kubectl get --raw '/api/v1/${path}'`);
const ns = "namespaces/default";

test.each([
  `${ns}/pods/web/proxy/`,
  `${ns}/pods/web:80/proxy/`,
  `${ns}/pods/web/proxy`,
  `${ns}/services/web:8080/proxy/`,
  `${ns}/services/web:http/proxy/`,
  `${ns}/services/http:web:8080/proxy/index.html?a=b`,
])("%s is answered by nginx", (path) => expect(raw(path).stdout).toContain("Welcome to nginx!"));

/** The words of pkg/registry/core, apimachinery util/proxy and Go's net, 1.35. */
const refused: readonly [string, string][] = [
  [
    `${ns}/pods/web:5/proxy/`,
    "(ServiceUnavailable): error trying to reach service: dial tcp IP:5: connect: connection refused",
  ],
  [`${ns}/pods/pending/proxy/`, "(BadRequest): address not allowed"],
  [`${ns}/pods/nosuch/proxy/`, '(NotFound): pods "nosuch" not found'],
  [`${ns}/pods/a:b:c:d/proxy/`, '(BadRequest): invalid pod request "a:b:c:d"'],
  [
    `${ns}/pods/https:web:80/proxy/`,
    "(ServiceUnavailable): error trying to reach service: http: server gave HTTP response to HTTPS client",
  ],
  [
    `${ns}/services/web:closed/proxy/`,
    "(ServiceUnavailable): error trying to reach service: dial tcp IP:5: connect: connection refused",
  ],
  [`${ns}/services/web:81/proxy/`, '(ServiceUnavailable): no service port 81 found for service "web"'],
  [`${ns}/services/web/proxy/`, '(ServiceUnavailable): no endpoints available for service "web"'],
  [`${ns}/services/nobody:80/proxy/`, '(ServiceUnavailable): no endpoints available for service "nobody"'],
  [`${ns}/services/nosuch:80/proxy/`, '(NotFound): services "nosuch" not found'],
  [`${ns}/services/nosuch/proxy/`, '(NotFound): endpoints "nosuch" not found'],
  ["nodes/nosuch/proxy/healthz", '(NotFound): nodes "nosuch" not found'],
];

test.each(refused)("%s: %s", (path, words) => {
  const { stderr, status } = raw(path);
  expect(stderr.replace(/10\.244\.\d+\.\d+/, "IP")).toBe(`Error from server ${words}\n`);
  expect(status).toBe(1);
});

test("a node's kubelet answers", () => {
  expect(raw("nodes/w1/proxy/healthz").stdout).toBe("ok");
  const pods = JSON.parse(raw("nodes/w1/proxy/pods").stdout);
  expect(pods.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)).toContain("web");
  expect(
    lab.sh("cp", "kubectl get --raw /api/v1/nodes/w1/proxy/metrics --kubeconfig /etc/kubernetes/admin.conf").status,
  ).toBe(1);
});

test("a stopped kubelet does not", () => {
  lab.sh("w1", "systemctl stop kubelet");
  expect(raw("nodes/w1/proxy/healthz").stderr).toMatch(
    /^Error from server \(ServiceUnavailable\): error trying to reach service: dial tcp [\d.]+:10250: connect: connection refused\n$/,
  );
  lab.sh("w1", "systemctl start kubelet");
});

test("rights are those on the subresource, by the whole name", () => {
  const may = (what: string) => lab.sh("cp", `KUBECONFIG=/etc/kubernetes/admin.conf kubectl ${what}`);
  may("create role r --verb=get --resource=services/proxy --resource-name=web:8080");
  may("create rolebinding r --role=r --user=joe");
  expect(may(`get --as joe --raw /api/v1/${ns}/services/web:8080/proxy/`).stdout).toContain("Welcome");
  expect(may(`get --as joe --raw /api/v1/${ns}/services/web:http/proxy/`).stderr).toBe(
    'Error from server (Forbidden): services "web:http" is forbidden: User "joe" cannot get resource "services/proxy" in API group "" in the namespace "default"\n',
  );
});

test("links and redirects lead through the proxy", () => {
  const door = lab.world.door();
  const ask = (path: string, method = "GET") =>
    door?.handle({ method, path, headers: {}, clientCertificate: lab.world.pki.certificate("super-admin") });
  expect(ask(`/api/v1/${ns}/pods/web/proxy?x=1`)).toMatchObject({
    status: 301,
    headers: { location: `/api/v1/${ns}/pods/web/proxy/?x=1` },
  });
  expect(ask(`/api/v1/${ns}/pods/web/proxy/`, "POST")).toMatchObject({ status: 405 });
  lab.exec("web", ["sh", "-c", `echo '<a href="/x/y">x</a>' >/usr/share/nginx/html/links.html`]);
  expect(ask(`/api/v1/${ns}/pods/web/proxy/links.html`)?.body).toBe(
    `<a href="/api/v1/${ns}/pods/web/proxy/x/y">x</a>\n`,
  );
});
