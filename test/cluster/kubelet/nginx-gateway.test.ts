import { describe, expect, test } from "vitest";
import { storageLab } from "../storage/setup.ts";

// Gateway API 1.4 (its specification and conformance tests) as NGINX Gateway Fabric 2.4 does it; its conditions' words.

describe("a Gateway and its routes", () => {
  const lab = storageLab("nginx-gateway");
  lab.pass(60);
  const sh = (line: string) => lab.sh("cp", line);
  const echo = (name: string, namespace = "default") =>
    `kubectl -n ${namespace} create deployment ${name} --image=registry.k8s.io/e2e-test-images/agnhost:2.53 -- /agnhost netexec --http-port=8080
     kubectl -n ${namespace} expose deployment ${name} --port=80 --target-port=8080`;
  sh(`kubectl create namespace shop; kubectl label namespace shop team=blue
      ${echo("one")}
      ${echo("two")}
      ${echo("cart", "shop")}
      kubectl create service clusterip empty --tcp=80
      openssl req -x509 -newkey rsa:2048 -nodes -keyout /tmp/k -out /tmp/c -days 30 -subj /CN=secure.example.com -addext subjectAltName=DNS:secure.example.com 2>/dev/null
      kubectl create secret tls secure --cert=/tmp/c --key=/tmp/k
      kubectl -n shop create secret tls theirs --cert=/tmp/c --key=/tmp/k
      kubectl create secret generic plain --from-literal=a=b`);
  const apply = (text: string) => {
    expect(sh(`kubectl apply -f - <<'X'\n${text}\nX`)).not.toMatch(/error|invalid/i);
    lab.pass(15);
  };
  const gateway = (name: string, listeners: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ${name}}
spec: {gatewayClassName: nginx, listeners: [${listeners}]}
---
`;
  const route = (
    name: string,
    of: string,
    spec: string,
    namespace = "default",
  ) => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${name}, namespace: ${namespace}}
spec: {parentRefs: [${of}], ${spec}}
---
`;
  const to = (name: string, more = "") => `{name: ${name}, port: 80${more}}`;
  const conditions = (what: string) =>
    sh(
      `kubectl get ${what} -o jsonpath='{range .status.parents[0].conditions[*]}{.type}={.status} {.reason}: {.message}{"\\n"}{end}'`,
    )
      .trim()
      .split("\n");
  const listenerConditions = (name: string, at = 0) =>
    sh(
      `kubectl get gateway ${name} -o jsonpath='{range .status.listeners[${at}].conditions[*]}{.type}={.status} {.reason}: {.message}{"\\n"}{end}'`,
    )
      .trim()
      .split("\n");
  const addressOf = (name: string) => sh(`kubectl get gateway ${name} -o jsonpath='{.status.addresses[0].value}'`);
  const get = (gw: string, host: string, path: string, more = "") =>
    sh(
      `curl -s -o /tmp/body -D /tmp/head -w '%{http_code}' ${more} -H 'Host: ${host}' http://${addressOf(gw)}${path}; echo; grep -i '^location' /tmp/head | tr -d '\\r'; true`,
    )
      .trim()
      .split("\n");
  const who = (gw: string, host: string, more = "", path = "/hostname") => {
    const name = sh(`curl -s ${more} -H 'Host: ${host}' http://${addressOf(gw)}${path}`);
    return name.replace(/-[a-z0-9]+-[a-z0-9]{5}$/, "");
  };

  apply(
    gateway("main", "{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}") +
      route(
        "paths",
        "{name: main}",
        `hostnames: [paths.example.com], rules: [
        {matches: [{path: {type: Exact, value: /hostname}}], backendRefs: [${to("one")}]},
        {matches: [{path: {value: /}}], backendRefs: [${to("two")}]},
        {matches: [{path: {value: /go}}], filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /}}}], backendRefs: [${to("one")}]},
        {matches: [{path: {value: /full}}], filters: [{type: URLRewrite, urlRewrite: {hostname: inner, path: {type: ReplaceFullPath, replaceFullPath: /header}}}], backendRefs: [${to("one")}]},
        {matches: [{path: {value: /old}}], filters: [{type: RequestRedirect, requestRedirect: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /new}, statusCode: 301}}]},
        {matches: [{path: {value: /secure}}], filters: [{type: RequestRedirect, requestRedirect: {scheme: https, hostname: s.example.com}}]},
        {matches: [{path: {value: /gone}}], backendRefs: [${to("missing")}]},
        {matches: [{path: {value: /empty}}], backendRefs: [${to("empty")}]},
        {matches: [{path: {value: /zero}}], backendRefs: [${to("one", ", weight: 0")}]},
        {matches: [{path: {value: /v}, headers: [{name: X-Version, value: "2"}]}, {path: {value: /v}, queryParams: [{name: v, value: "2"}]}], filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplaceFullPath, replaceFullPath: /hostname}}}], backendRefs: [${to("two")}]},
        {matches: [{path: {value: /v}}], filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplaceFullPath, replaceFullPath: /hostname}}}], backendRefs: [${to("one")}]},
        {matches: [{path: {value: /post}, method: POST}], filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplaceFullPath, replaceFullPath: /hostname}}}], backendRefs: [${to("one")}]}]`,
      ) +
      route(
        "headers",
        "{name: main}",
        `hostnames: [headers.example.com], rules: [{filters: [
        {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: X-Set, value: new}], add: [{name: X-Add, value: b}], remove: [X-Gone]}},
        {type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: X-Answer, value: "yes"}], remove: [Content-Type]}}], backendRefs: [${to("one")}]}]`,
      ) +
      route(
        "split",
        "{name: main}",
        `hostnames: [split.example.com], rules: [{backendRefs: [${to("one", ", weight: 9")}, ${to("two")}]}]`,
      ),
  );

  test("the data plane is made, and the Gateway gets its address", () => {
    expect(sh("kubectl get deploy,svc,sa main-nginx -o name").trim().split("\n")).toEqual([
      "deployment.apps/main-nginx",
      "service/main-nginx",
      "serviceaccount/main-nginx",
    ]);
    expect(sh("kubectl get gateway main --no-headers").trim().split(/ +/).slice(0, 4)).toEqual([
      "main",
      "nginx",
      sh("kubectl get svc main-nginx -o jsonpath='{.spec.clusterIP}'"),
      "True",
    ]);
    expect(
      sh(
        "kubectl get deploy main-nginx -o jsonpath='{.metadata.ownerReferences[0].kind}/{.metadata.ownerReferences[0].name}'",
      ),
    ).toBe("Gateway/main");
  });

  // Host, path → status and, of a redirection, where to.
  test.each<[string, string, string[]]>([
    ["paths.example.com", "/other", ["404"]],
    ["paths.example.com", "/", ["200"]],
    ["paths.example.com", "/go/hostname", ["200"]],
    ["paths.example.com", "/old/a?b=c", ["301", "Location: http://paths.example.com/new/a?b=c"]],
    ["paths.example.com", "/older", ["404"]],
    ["paths.example.com", "/secure/x", ["302", "Location: https://s.example.com/secure/x"]],
    ["paths.example.com", "/gone", ["500"]],
    ["paths.example.com", "/empty", ["503"]],
    ["paths.example.com", "/zero", ["500"]],
    ["unknown.example.com", "/", ["404"]],
  ])("%s%s is answered with %j", (host, path, answer) => {
    expect(get("main", host, path)).toEqual(answer);
  });

  test("the best match answers: exact before prefix, the longer prefix, more headers and parameters, a method", () => {
    expect(who("main", "paths.example.com")).toBe("one");
    expect(who("main", "paths.example.com", "", "/v")).toBe("one");
    expect(who("main", "paths.example.com", "-H 'X-Version: 2'", "/v")).toBe("two");
    expect(who("main", "paths.example.com", "", "/v?v=2")).toBe("two");
    expect(who("main", "paths.example.com", "-X POST", "/post")).toBe("one");
  });

  test("a rewritten host and path, and what a proxy adds", () => {
    expect(sh(`curl -s -H 'Host: paths.example.com' http://${addressOf("main")}/full?key=Host`)).toBe("inner");
    expect(sh(`curl -s -H 'Host: headers.example.com' 'http://${addressOf("main")}/header?key=X-Forwarded-Host'`)).toBe(
      "headers.example.com",
    );
  });

  test("headers are changed on both ways", () => {
    const asked = (key: string) =>
      sh(
        `curl -s -H 'Host: headers.example.com' -H 'X-Set: old' -H 'X-Add: a' -H 'X-Gone: here' 'http://${addressOf("main")}/header?key=${key}'`,
      );
    expect(["X-Set", "X-Add", "X-Gone"].map(asked)).toEqual(["new", "a,b", ""]);
    const head = sh(`curl -sI -H 'Host: headers.example.com' http://${addressOf("main")}/hostname`).toLowerCase();
    expect(head).toContain("x-answer: yes");
    expect(head).toContain("server: nginx");
    expect(head).not.toContain("content-type");
  });

  test("weights split the requests", () => {
    const counts = sh(
      `for i in $(seq 200); do curl -s -H 'Host: split.example.com' http://${addressOf("main")}/hostname; echo; done | cut -d- -f1 | sort | uniq -c`,
    );
    const [one, two] = ["one", "two"].map((name) => Number(new RegExp(`(\\d+) ${name}`).exec(counts)?.[1] ?? 0));
    expect(one).toBeGreaterThan(150);
    expect(two).toBeGreaterThan(5);
    expect((one ?? 0) + (two ?? 0)).toBe(200);
  });

  test("what cannot be resolved is said in the route's status", () => {
    expect(conditions("httproute paths")).toEqual([
      "Accepted=True Accepted: The route is accepted",
      'ResolvedRefs=False BackendNotFound: spec.rules[6].backendRefs[0].name: Not found: "missing"',
    ]);
  });

  test("a Service of another namespace needs a ReferenceGrant there", () => {
    apply(
      route(
        "cross",
        "{name: main}",
        "hostnames: [cross.example.com], rules: [{backendRefs: [{name: cart, namespace: shop, port: 80}]}]",
      ),
    );
    expect(conditions("httproute cross")[1]).toBe(
      "ResolvedRefs=False RefNotPermitted: spec.rules[0].backendRefs[0].namespace: Forbidden: Backend ref to Service shop/cart not permitted by any ReferenceGrant",
    );
    expect(get("main", "cross.example.com", "/")).toEqual(["500"]);
    apply(`apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: routes, namespace: shop}
spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: default}], to: [{group: "", kind: Service, name: cart}]}`);
    expect(conditions("httproute cross")[1]).toBe("ResolvedRefs=True ResolvedRefs: All references are resolved");
    expect(who("main", "cross.example.com")).toBe("cart");
  });

  test("which routes a listener takes", () => {
    apply(
      gateway(
        "strict",
        `{name: same, port: 80, protocol: HTTP, hostname: "*.same.example"}, {name: blue, port: 8080, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: blue}}}}}`,
      ) +
        route(
          "theirs",
          "{name: strict, namespace: default, sectionName: same}",
          `rules: [{backendRefs: [${to("cart")}]}]`,
          "shop",
        ) +
        route(
          "blue",
          "{name: strict, namespace: default, sectionName: blue}",
          `rules: [{backendRefs: [${to("cart")}]}]`,
          "shop",
        ) +
        route(
          "host",
          "{name: strict, sectionName: same}",
          `hostnames: [other.example], rules: [{backendRefs: [${to("one")}]}]`,
        ) +
        route("nowhere", "{name: strict, sectionName: tls}", `rules: [{backendRefs: [${to("one")}]}]`),
    );
    expect(
      ["theirs -n shop", "blue -n shop", "host", "nowhere"].map((name) =>
        conditions(`httproute ${name}`).find((line) => line.startsWith("Accepted")),
      ),
    ).toEqual([
      "Accepted=False NotAllowedByListeners: Route is not allowed by any listener",
      "Accepted=True Accepted: The route is accepted",
      "Accepted=False NoMatchingListenerHostname: Listener hostname does not match the Route hostnames",
      "Accepted=False NoMatchingParent: Listener is not found for this parent ref",
    ]);
    expect(sh("kubectl get gateway strict -o jsonpath='{.status.listeners[*].attachedRoutes}'")).toBe("0 1");
    expect(sh(`curl -s http://${addressOf("strict")}:8080/hostname`)).toMatch(/^cart-/);
  });

  test("HTTPS with the Secret's certificate; a redirection to it", () => {
    apply(
      gateway(
        "tls",
        `{name: http, port: 80, protocol: HTTP, hostname: secure.example.com}, {name: https, port: 443, protocol: HTTPS, hostname: secure.example.com, tls: {certificateRefs: [{name: secure}]}}`,
      ) +
        route(
          "upgrade",
          "{name: tls, sectionName: http}",
          "rules: [{filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]}]",
        ) +
        route("safe", "{name: tls, sectionName: https}", `rules: [{backendRefs: [${to("two")}]}]`),
    );
    const resolve = `--resolve secure.example.com:443:${addressOf("tls")} --resolve secure.example.com:80:${addressOf("tls")}`;
    expect(sh(`curl -s ${resolve} --cacert /tmp/c https://secure.example.com/hostname`)).toMatch(/^two-/);
    expect(sh(`curl -sL ${resolve} --cacert /tmp/c http://secure.example.com/hostname`)).toMatch(/^two-/);
    expect(sh(`curl -skS https://${addressOf("tls")}/ 2>&1`)).toContain("tlsv1 unrecognized name");
    expect(sh(`curl -sS ${resolve} https://secure.example.com/ 2>&1`)).toContain(
      "SSL certificate problem: self-signed certificate",
    );
  });

  test("listeners that cannot be served say why, and the others are", () => {
    apply(
      gateway(
        "faults",
        `{name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: nope}]}}, {name: b, port: 444, protocol: HTTPS, tls: {certificateRefs: [{name: plain}]}}, {name: c, port: 445, protocol: HTTPS, tls: {certificateRefs: [{name: theirs, namespace: shop}]}}, {name: d, port: 9113, protocol: HTTP}, {name: e, port: 81, protocol: HTTP, allowedRoutes: {kinds: [{kind: TLSRoute}]}}, {name: f, port: 82, protocol: TCP}, {name: ok, port: 83, protocol: HTTP}, {name: g, port: 90, protocol: HTTP}, {name: h, port: 90, protocol: HTTPS, tls: {certificateRefs: [{name: secure}]}}`,
      ),
    );
    expect(
      [0, 1, 2, 3, 4, 5, 6, 7].map((at) =>
        listenerConditions("faults", at).find((line) => /Programmed|ResolvedRefs=False/.test(line)),
      ),
    ).toEqual([
      'ResolvedRefs=False InvalidCertificateRef: tls.certificateRefs[0]: Invalid value: "default/nope": secret does not exist',
      'ResolvedRefs=False InvalidCertificateRef: tls.certificateRefs[0]: Invalid value: "default/plain": unsupported secret type "Opaque"',
      "ResolvedRefs=False RefNotPermitted: Certificate ref to secret shop/theirs not permitted by any ReferenceGrant",
      "Programmed=False Invalid: port: Invalid value: 9113: port is already in use as MetricsPort",
      'ResolvedRefs=False InvalidRouteKinds: Unsupported route kind for protocol HTTP "gateway.networking.k8s.io/TLSRoute"',
      'Programmed=False Invalid: protocol: Unsupported value: "TCP": supported values: "HTTP", "HTTPS"',
      "Programmed=True Programmed: Listener is programmed",
      "Programmed=False Invalid: Multiple listeners for the same port 90 specify incompatible protocols; ensure only one protocol per port",
    ]);
    expect(sh("kubectl get gateway faults -o jsonpath='{.status.conditions[?(@.type==\"Accepted\")].reason}'")).toBe(
      "ListenersNotValid",
    );
  });

  test("a Gateway of a class that nobody serves stays pending", () => {
    apply(
      gateway("lost", "{name: http, port: 80, protocol: HTTP}").replace(
        "gatewayClassName: nginx",
        "gatewayClassName: other",
      ),
    );
    expect(sh("kubectl get gateway lost -o jsonpath='{.status.conditions[*].reason}'")).toBe("Pending Pending");
    expect(sh("kubectl get deploy lost-other 2>&1")).toContain("not found");
  });

  test("without its control plane a Gateway goes on as it was", () => {
    sh("kubectl -n nginx-gateway scale deployment nginx-gateway --replicas=0");
    lab.pass(40);
    sh(
      'kubectl patch httproute split --type=json -p \'[{"op":"replace","path":"/spec/hostnames/0","value":"moved.example.com"}]\'',
    );
    lab.pass(20);
    expect(get("main", "split.example.com", "/hostname")).toEqual(["200"]);
    expect(get("main", "moved.example.com", "/hostname")).toEqual(["404"]);
    sh("kubectl -n nginx-gateway scale deployment nginx-gateway --replicas=1");
    lab.pass(40);
    expect(get("main", "split.example.com", "/hostname")).toEqual(["404"]);
    expect(get("main", "moved.example.com", "/hostname")).toEqual(["200"]);
  });

  test("what was made for a Gateway goes with it", () => {
    sh("kubectl delete gateway strict");
    lab.pass(60);
    expect(sh("kubectl get deploy,svc,cm,secret,sa -o name")).not.toContain("strict-nginx");
    expect(sh("kubectl get httproute host -o jsonpath='{.status.parents}'")).toBe("[]");
  });
});
