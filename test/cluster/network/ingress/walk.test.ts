import { expect, test } from "vitest";
import { installAddon } from "../../../../src/cluster/kubeadm/addons/index.ts";
import { makeLab } from "../../kubelet/setup.ts";
import { ingressOf } from "./setup.ts";

const hosts = [
  { name: "cp", role: "control-plane" },
  { name: "w1", role: "worker" },
  { name: "w2", role: "worker" },
] as const;

/** A shell on the control plane: gives what a line says, both streams. */
function shellOf(lab: ReturnType<typeof makeLab>) {
  const sh = (line: string) => {
    const { stdout, stderr } = lab.sh("cp", line);
    return `${stdout}${stderr}`;
  };
  const apply = (manifest: string) => sh(`kubectl apply -f - <<'EOF'\n${manifest}\nEOF`);
  return { sh, apply };
}

const app = (name: string) =>
  `{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${name}}, spec: {selector: {matchLabels: {app: ${name}}}, template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: c, image: traefik/whoami, env: [{name: WHOAMI_NAME, value: ${name}}]}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: ${name}}, spec: {selector: {app: ${name}}, ports: [{port: 80}]}}`;

test("from the manifest on disk to TLS, as a candidate does it", () => {
  const lab = makeLab(hosts, "ingress-walk");
  installAddon(lab.api, lab.host("cp"), "ingress-nginx-manifest");
  const { sh, apply } = shellOf(lab);
  apply(app("web"));
  apply(app("beta"));
  // Without a controller an Ingress stays as it is.
  apply(ingressOf("web", "a.example/ web", { className: "ngnix" }));
  lab.world.advance(90);
  expect(sh("kubectl get ingress web --no-headers")).toMatch(/^web +ngnix +a\.example +80 +\S+\n$/);

  const applied = sh("kubectl apply -f /opt/ingress-nginx/deploy.yaml");
  lab.world.advance(1);
  expect(applied).toContain(
    "validatingwebhookconfiguration.admissionregistration.k8s.io/ingress-nginx-admission created",
  );
  expect(
    sh(
      "kubectl wait -n ingress-nginx --for=condition=ready pod -l app.kubernetes.io/component=controller --timeout=120s",
    ),
  ).toMatch(/condition met\n$/);
  expect(sh("kubectl get jobs -n ingress-nginx --no-headers")).toMatch(/create +Complete[\s\S]*patch +Complete/);
  sh(
    "echo N=$(kubectl get svc -n ingress-nginx ingress-nginx-controller -o jsonpath='{.spec.ports[0].nodePort}') > ports",
  );
  sh(
    "echo T=$(kubectl get svc -n ingress-nginx ingress-nginx-controller -o jsonpath='{.spec.ports[1].nodePort}') >> ports",
  );
  const curl = (words: string) => sh(`. ./ports; curl -s ${words}`);
  const code = (words: string) => curl(`-o /dev/null -w '%{http_code}' ${words}`);

  expect(code("-H 'Host: a.example' http://w1:$N/")).toBe("404");
  expect(sh(`kubectl patch ingress web -p '{"spec":{"ingressClassName":"nginx"}}'`)).toBe(
    "ingress.networking.k8s.io/web patched\n",
  );
  lab.world.advance(5);
  expect(curl("-H 'Host: a.example' http://w1:$N/hello")).toMatch(
    /^Name: web\n[\s\S]*GET \/hello HTTP\/1\.1\nHost: a\.example\n/,
  );
  expect(code("http://w1:$N/")).toBe("404");

  const refused = apply(ingressOf("second", "a.example/ beta"));
  expect(refused).toContain('host "a.example" and path "/" is already defined in ingress default/web');
  apply(
    ingressOf("second", "a.example/ beta", {
      annotations: 'nginx.ingress.kubernetes.io/canary: "true"\nnginx.ingress.kubernetes.io/canary-by-header: x-beta',
    }),
  );
  lab.world.advance(5);
  expect(curl("-H 'Host: a.example' -H 'X-Beta: always' http://w1:$N/ | head -1")).toBe("Name: beta\n");
  expect(curl("-H 'Host: a.example' http://w1:$N/ | head -1")).toBe("Name: web\n");

  sh(
    "openssl req -x509 -nodes -days 30 -newkey rsa:2048 -keyout tls.key -out tls.crt -subj /CN=a.example -addext subjectAltName=DNS:a.example 2>/dev/null",
  );
  sh("kubectl create secret tls a-tls --cert=tls.crt --key=tls.key");
  sh(`kubectl patch ingress web -p '{"spec":{"tls":[{"hosts":["a.example"],"secretName":"a-tls"}]}}'`);
  lab.world.advance(5);
  sh("echo W=$(kubectl get node w1 -o jsonpath='{.status.addresses[0].address}') >> ports");
  const secure = "--resolve a.example:$T:$W https://a.example:$T/";
  expect(curl(`--cacert tls.crt ${secure} | head -1`)).toBe("Name: web\n");
  expect(sh(`. ./ports; curl -s ${secure}; echo $?`)).toBe("60\n");
  expect(curl(`-kv ${secure} 2>&1 | grep subject:`)).toBe("*  subject: CN=a.example\n");
  expect(curl("-kv https://w1:$T/ 2>&1 | grep subject:")).toBe(
    "*  subject: O=Acme Co; CN=Kubernetes Ingress Controller Fake Certificate\n",
  );
  expect(
    sh(". ./ports; openssl s_client -connect w1:$T -servername a.example </dev/null 2>/dev/null | grep subject"),
  ).toBe("subject=CN = a.example\n");
  expect(code("-H 'Host: a.example' http://w1:$N/x")).toBe("308");
  expect(curl("-i -H 'Host: a.example' http://w1:$N/x | head -1")).toBe("HTTP/1.1 308 Permanent Redirect\r\n");
  // curl 7.88 with -v: what it does with the body of a redirection, and the handshake of a server that asks for no certificate.
  const pins = "--resolve a.example:80:$C --resolve a.example:443:$C";
  sh("echo C=$(kubectl get svc -n ingress-nginx ingress-nginx-controller -o jsonpath='{.spec.clusterIP}') >> ports");
  const followed = curl(`-kvL ${pins} http://a.example/x 2>&1`);
  expect(followed).toContain(
    "* Ignoring the response-body\n{ [164 bytes data]\n* Connection #0 to host a.example left intact\n* Clear auth, redirects to port from 80 to 443\n* Issue another request to this URL: 'https://a.example/x'\n",
  );
  expect(followed).not.toMatch(/Request CERT|\(OUT\), TLS handshake, Certificate/);
  expect(sh("curl -skv https://cp:6443/version 2>&1")).toMatch(/Request CERT \(13\):\n/);

  lab.world.advance(70);
  const address = sh("kubectl get ingress web -o jsonpath='{.status.loadBalancer.ingress[0].ip}'");
  expect(
    sh(
      "kubectl get pod -n ingress-nginx -l app.kubernetes.io/component=controller -o jsonpath='{.items[0].status.hostIP}'",
    ),
  ).toBe(address);
  expect(sh("kubectl describe ingress web")).toMatch(
    /Address: +[\d.]+\n[\s\S]*a-tls terminates a\.example\n[\s\S]* \/ +web:80 \(10\.244\.\d+\.\d+:80\)/,
  );
  expect(
    sh("kubectl exec -n ingress-nginx deploy/ingress-nginx-controller -- grep server_name /etc/nginx/nginx.conf"),
  ).toContain("server_name a.example ;");
});

test("agnhost connect says in one word how a connection goes (test/images/agnhost/connect)", () => {
  const lab = makeLab(hosts, "connect-walk");
  const { sh, apply } = shellOf(lab);
  apply(app("web"));
  sh(
    "kubectl create service clusterip none --tcp=80; kubectl run agn --image=registry.k8s.io/e2e-test-images/agnhost:2.53",
  );
  lab.world.advance(30);
  const connect = (words: string) => {
    const before = lab.world.clock.now;
    const said = sh(`kubectl exec agn -- /agnhost connect ${words} 2>&1; echo $?`);
    return [
      said.replace("command terminated with exit code 1\n", ""),
      Math.round((lab.world.clock.now - before) / 1e6),
    ];
  };
  expect(connect("web:80")).toEqual(["0\n", 0]);
  expect(connect("none:80 --timeout=2s")).toEqual(["REFUSED\n1\n", 0]);
  expect(connect("--timeout=2s web:81")).toEqual(["TIMEOUT\n1\n", 2]);
  expect(connect("nohost:80")).toEqual(["DNS: lookup nohost: no such host\n1\n", 0]);
  expect(connect("web:80 --timeout=x")[0]).toBe(
    'Error: invalid argument "x" for "--timeout" flag: time: invalid duration "x"\n1\n',
  );
  expect(connect("web:80 --protocol=sctp")[0]).toBe("agnhost connect --protocol=sctp is not simulated\n1\n");
});

test("a client waits as long as the proxy does, and gives up by its own limits", () => {
  const lab = makeLab(hosts, "ingress-slow");
  installAddon(lab.api, lab.host("cp"), "ingress-nginx");
  lab.world.advance(1);
  const { sh, apply } = shellOf(lab);
  apply(`{apiVersion: v1, kind: Service, metadata: {name: silent}, spec: {ports: [{port: 80}]}}
---
{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: silent-1, labels: {kubernetes.io/service-name: silent}}, addressType: IPv4, ports: [{name: "", port: 80, protocol: TCP}], endpoints: [{addresses: [10.244.9.9], conditions: {ready: true}}]}`);
  sh(
    "kubectl wait -n ingress-nginx --for=condition=ready pod -l app.kubernetes.io/component=controller --timeout=120s",
  );
  apply(ingressOf("slow", "a.example/ silent"));
  lab.world.advance(5);
  sh(
    "echo N=$(kubectl get svc -n ingress-nginx ingress-nginx-controller -o jsonpath='{.spec.ports[0].nodePort}') > ports",
  );
  expect(
    sh(". ./ports; curl -s -o /dev/null -w '%{http_code} %{time_total}' -H 'Host: a.example' http://w1:$N/"),
  ).toMatch(/^504 15\.0/);
  expect(sh(". ./ports; curl -sS --max-time 3 -H 'Host: a.example' http://w1:$N/")).toMatch(
    /^curl: \(28\) Operation timed out after 300\d milliseconds with 0 bytes received\n$/,
  );
  expect(sh(". ./ports; wget -q -T 2 -t 1 -O- --header 'Host: a.example' http://w1:$N/; echo $?")).toBe("4\n");
});

test("the controller's own account counts, its end is orderly, and nobody is let in while its webhook is away", () => {
  const lab = makeLab(hosts, "ingress-end");
  installAddon(lab.api, lab.host("cp"), "ingress-nginx");
  lab.world.advance(1);
  const { sh, apply } = shellOf(lab);
  sh(
    "kubectl wait -n ingress-nginx --for=condition=ready pod -l app.kubernetes.io/component=controller --timeout=120s",
  );
  apply(app("web"));
  apply(ingressOf("web", "a.example/ web"));
  lab.world.advance(75);
  expect(sh("kubectl get ingress web -o jsonpath='{.status.loadBalancer.ingress}'")).not.toBe("");
  expect(sh("kubectl get lease -n ingress-nginx ingress-nginx-leader -o jsonpath='{.spec.holderIdentity}'")).toMatch(
    /^ingress-nginx-controller-/,
  );
  sh("kubectl scale -n ingress-nginx deploy/ingress-nginx-controller --replicas=0");
  lab.world.advance(20);
  expect(sh("kubectl get pods -n ingress-nginx -l app.kubernetes.io/component=controller")).toContain(
    "No resources found",
  );
  expect(sh("kubectl get ingress web -o jsonpath='{.status.loadBalancer.ingress}'")).toBe("");
  expect(apply(ingressOf("more", "b.example/ web"))).toMatch(
    /failed calling webhook "validate\.nginx\.ingress\.kubernetes\.io": failed to call webhook: Post "https:\/\/ingress-nginx-controller-admission\.ingress-nginx\.svc:443\/networking\/v1\/ingresses\?timeout=10s": .*connection refused/,
  );
  sh("kubectl delete clusterrolebinding ingress-nginx");
  sh("kubectl scale -n ingress-nginx deploy/ingress-nginx-controller --replicas=1");
  lab.world.advance(30);
  expect(sh("kubectl get pods -n ingress-nginx -l app.kubernetes.io/component=controller --no-headers")).toMatch(
    / 0\/1 +Running /,
  );
  expect(sh("kubectl logs -n ingress-nginx deploy/ingress-nginx-controller")).toContain(
    'cannot list resource \\"ingresses\\" in API group \\"networking.k8s.io\\" at the cluster scope',
  );
});

test("for a cloud: Ingresses get the address of the Service, and only the controller's own node answers", () => {
  const lab = makeLab(hosts, "ingress-cloud");
  installAddon(lab.api, lab.host("cp"), "ingress-nginx-cloud");
  lab.world.advance(1);
  const { sh, apply } = shellOf(lab);
  sh(
    "kubectl wait -n ingress-nginx --for=condition=ready pod -l app.kubernetes.io/component=controller --timeout=120s",
  );
  expect(sh("kubectl get svc -n ingress-nginx ingress-nginx-controller --no-headers")).toMatch(
    / LoadBalancer .* <pending> /,
  );
  apply(app("web"));
  apply(ingressOf("web", "a.example/ web"));
  lab.world.advance(70);
  expect(sh("kubectl get ingress web -o jsonpath='{.status.loadBalancer.ingress}'")).toBe("");
  sh(
    `kubectl patch svc -n ingress-nginx ingress-nginx-controller --subresource=status --type=merge -p '{"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.7"}]}}}'`,
  );
  lab.world.advance(70);
  expect(sh("kubectl get ingress web -o jsonpath='{.status.loadBalancer.ingress[*].ip}'")).toBe("192.0.2.7");
  const node = sh(
    "kubectl get pod -n ingress-nginx -l app.kubernetes.io/component=controller -o jsonpath='{.items[0].spec.nodeName}'",
  );
  sh(
    "echo N=$(kubectl get svc -n ingress-nginx ingress-nginx-controller -o jsonpath='{.spec.ports[0].nodePort}') > ports",
  );
  const ask = (host: string) =>
    sh(`. ./ports; curl -s -m 3 -o /dev/null -w '%{http_code}' -H 'Host: a.example' http://${host}:$N/; echo " $?"`);
  expect(ask(node)).toBe("200 0\n");
  expect(ask(node === "w1" ? "w2" : "w1")).toBe("000 28\n");
});
