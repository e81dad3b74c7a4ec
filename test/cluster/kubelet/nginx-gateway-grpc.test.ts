import { describe, expect, test } from "vitest";
import { storageLab } from "../storage/setup.ts";

// GRPCRoute (Gateway API 1.4, its specification) as NGINX Gateway Fabric 2.4 serves it. A call is a POST of
// /package.Service/Method with a content type of gRPC; curl plays the client, and a server of pages the backend: there is no
// HTTP/2 between the servers of this lab.

describe("GRPCRoutes", () => {
  const lab = storageLab("nginx-gateway");
  lab.pass(60);
  const sh = (line: string) => lab.sh("cp", line);
  const backend = (name: string) =>
    `kubectl create deployment ${name} --image=nginx
     kubectl create configmap ${name} --from-literal=default.conf='server { listen 80; location / { return 200 "${name} $request_uri\\n"; } }'
     kubectl patch deployment ${name} -p '{"spec":{"template":{"spec":{"volumes":[{"name":"c","configMap":{"name":"${name}"}}],"containers":[{"name":"nginx","volumeMounts":[{"name":"c","mountPath":"/etc/nginx/conf.d"}]}]}}}}'
     kubectl expose deployment ${name} --port=9000 --target-port=80`;
  sh(["foo", "bar", "canary"].map(backend).join("\n"));
  const apply = (text: string) => sh(`kubectl apply -f - <<'X'\n${text}\nX`);
  apply(`apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: calls}
spec:
  gatewayClassName: nginx
  listeners: [{name: http, port: 80, protocol: HTTP}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: pages}
spec:
  gatewayClassName: nginx
  listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {kinds: [{kind: HTTPRoute}]}}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: calls}]
  hostnames: [grpc.example.com]
  rules:
  - matches: [{method: {service: shop.Cart, method: Add}}]
    backendRefs: [{name: foo, port: 9000}]
  - matches: [{method: {service: shop.Cart}, headers: [{name: env, value: canary}]}]
    backendRefs: [{name: canary, port: 9000}]
  - matches: [{method: {service: shop.Cart}}]
    backendRefs: [{name: bar, port: 9000}]
  - matches: [{method: {type: RegularExpression, service: "shop[.]v[0-9]+", method: "Get.*"}}]
    filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {add: [{name: X-Seen, value: "yes"}]}}]
    backendRefs: [{name: foo, port: 9000}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: barred}
spec:
  parentRefs: [{name: pages}]
  rules: [{backendRefs: [{name: foo, port: 9000}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: lost}
spec:
  parentRefs: [{name: calls}]
  hostnames: [lost.example.com]
  rules: [{backendRefs: [{name: nowhere, port: 9000}]}]`);
  lab.pass(60);
  const address = sh("kubectl get gateway calls -o jsonpath='{.status.addresses[0].value}'");
  const call = (path: string, more = "", host = "grpc.example.com", type = "application/grpc") =>
    sh(
      `curl -s -w '%{http_code}' -X POST -H 'Content-Type: ${type}' -H 'Host: ${host}' ${more} http://${address}${path}`,
    )
      .trim()
      .split("\n")
      .filter((line) => !line.startsWith("<"));
  const conditions = (name: string) =>
    sh(
      `kubectl get grpcroute ${name} -o jsonpath='{range .status.parents[0].conditions[*]}{.type}={.status} {.reason}{"\\n"}{end}'`,
    )
      .trim()
      .split("\n")
      .sort();

  test("a method, a service, a header and an expression choose the backend; the most particular match wins", () => {
    expect(call("/shop.Cart/Add")).toEqual(["foo /shop.Cart/Add", "200"]);
    expect(call("/shop.Cart/Remove")).toEqual(["bar /shop.Cart/Remove", "200"]);
    expect(call("/shop.Cart/Remove", "-H 'env: canary'")).toEqual(["canary /shop.Cart/Remove", "200"]);
    expect(call("/shop.v2/GetItem")).toEqual(["foo /shop.v2/GetItem", "200"]);
    expect(call("/shop.v2/PutItem").at(-1)).toBe("404");
    expect(call("/other.Service/Add").at(-1)).toBe("404");
  });

  test("another host and what is no call get 404; a filter changes the answer", () => {
    expect(call("/shop.Cart/Add", "", "www.example.com").at(-1)).toBe("404");
    expect(call("/shop.Cart/Add", "", "grpc.example.com", "text/plain").at(-1)).toBe("404");
    expect(call("/shop.v1/Get", "-D /tmp/head")).toEqual(["foo /shop.v1/Get", "200"]);
    expect(sh("grep -i '^x-seen' /tmp/head").trim()).toBe("X-Seen: yes");
  });

  test("the statuses: accepted, not of the listener's kinds, a Service that there is not", () => {
    expect(conditions("shop")).toEqual(["Accepted=True Accepted", "ResolvedRefs=True ResolvedRefs"]);
    expect(conditions("barred")).toEqual(["Accepted=False NotAllowedByListeners", "ResolvedRefs=True ResolvedRefs"]);
    expect(conditions("lost")).toEqual(["Accepted=True Accepted", "ResolvedRefs=False BackendNotFound"]);
    expect(call("/a.B/C", "", "lost.example.com").at(-1)).toBe("500");
    expect(
      sh("kubectl get gateway -o custom-columns=N:.metadata.name,R:.status.listeners[*].attachedRoutes").trim(),
    ).toMatch(/^N +R\ncalls +2\npages +0$/);
  });

  test("get, describe and explain know the kind; a wrong method is refused", () => {
    expect(sh("kubectl get grpcroute shop").trim()).toMatch(
      /^NAME +HOSTNAMES +AGE\nshop +\["grpc.example.com"\] +\S+$/,
    );
    expect(sh("kubectl describe grpcroute shop")).toMatch(/Service: +shop\.Cart/);
    expect(sh("kubectl explain grpcroute.spec.rules.matches.method")).toMatch(/^KIND: +GRPCRoute$/m);
    expect(
      apply(`apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: wrong}
spec: {parentRefs: [{name: calls}], rules: [{matches: [{method: {type: Prefix, service: a}}]}]}`),
    ).toMatch(/spec\.rules\[0\]\.matches\[0\]\.method\.type: Unsupported value: "Prefix"/);
  });
});

test("a Gateway whose class is gone says so, and comes back with it (internal/controller/state/graph/gateway.go)", () => {
  const lab = storageLab("nginx-gateway");
  lab.pass(60);
  const sh = (line: string) => lab.sh("cp", line);
  sh("kubectl get gatewayclass nginx -o yaml > /tmp/class.yaml; kubectl delete gatewayclass nginx");
  sh(`kubectl apply -f - <<'X'
{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: g}, spec: {gatewayClassName: nginx, listeners: [{name: http, port: 80, protocol: HTTP}]}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r}, spec: {parentRefs: [{name: g}]}}
X`);
  lab.pass(20);
  const of = (what: string, path: string) => sh(`kubectl get ${what} -o jsonpath='{${path}}'`);
  expect(of("gateway g", ".status.conditions[*].message")).toBe(
    "GatewayClass doesn't exist GatewayClass doesn't exist",
  );
  expect(of("httproute r", '.status.parents[0].conditions[?(@.type=="Accepted")].status')).toBe("False");
  expect(sh("kubectl get gateway g --no-headers")).toMatch(/^g +nginx +False /);
  sh("kubectl create -f /tmp/class.yaml");
  lab.pass(60);
  expect(of("gateway g", ".status.conditions[*].reason")).toBe("Accepted Programmed");
  // A rule without backends is answered with 500.
  const code = () =>
    sh("curl -s -o /dev/null -w '%{http_code}' $(kubectl get svc g-nginx -o jsonpath='{.spec.clusterIP}')");
  expect(code()).toBe("500");
  sh("kubectl delete gatewayclass nginx");
  lab.pass(20);
  expect(of("gateway g", ".status.conditions[*].reason")).toBe("Invalid Invalid");
});

describe("a control plane without what it needs (internal/controller/manager.go, 2.4)", () => {
  const lab = storageLab("gateway-api-manifest", "nginx-gateway-manifest");
  const sh = (line: string) => lab.sh("cp", line);
  const lastWords = () => sh("kubectl -n nginx-gateway logs deploy/nginx-gateway").trim().split("\n").at(-1);

  test("says which, restarts, and starts once all is there", () => {
    expect(sh("kubectl apply -f /opt/nginx-gateway/deploy.yaml")).toContain("ensure CRDs are installed first");
    lab.pass(30);
    expect(lastWords()).toBe(
      'failed to start control loop: error setting initial control plane configuration: NginxGateway nginx-gateway/nginx-gateway-config not found: no matches for kind "NginxGateway" in version "gateway.nginx.org/v1alpha1"',
    );
    sh("kubectl apply -f /opt/nginx-gateway/crds.yaml");
    lab.pass(60);
    expect(lastWords()).toMatch(/nginx-gateway-config not found: context deadline exceeded$/);
    sh("kubectl apply -f /opt/nginx-gateway/deploy.yaml");
    lab.pass(120);
    expect(lastWords()).toBe(
      'failed to start control loop: failed to prepare the first batch: no matches for kind "HTTPRoute" in version "gateway.networking.k8s.io/v1"',
    );
    sh(
      "kubectl apply -f /opt/gateway-api/standard-install.yaml; sleep 5; kubectl apply -f /opt/nginx-gateway/deploy.yaml",
    );
    lab.pass(300);
    expect(sh("kubectl get gatewayclass nginx -o jsonpath='{.status.conditions[0].status}'")).toBe("True");
  });
});
