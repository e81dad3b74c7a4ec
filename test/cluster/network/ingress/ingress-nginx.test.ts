import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { readCertificate } from "../../../../src/base/x509/certificate.ts";
import {
  annotations as known,
  PREFIX,
} from "../../../../src/cluster/kubelet/images/ingress-nginx/annotation-values.ts";
import { type IngressLab, ingressLab, ingressOf, inShort } from "./setup.ts";

let lab: IngressLab;
beforeAll(() => {
  lab = ingressLab("ingress-nginx", "nginx", ["ingress-nginx", "ingress-nginx-controller"]);
});

const A = "nginx.ingress.kubernetes.io/";
/** The controller looks at the cluster at most once in 3.3 seconds. */
const settle = () => lab.world.advance(8);

afterEach(() => {
  for (const ingress of lab.api.list("ingresses.networking.k8s.io", "default")) lab.api.delete(ingress);
  settle();
});

interface Row {
  readonly what: string;
  readonly rules: string;
  readonly annotations?: string;
  readonly spec?: string;
  /** Request, headers after a bar; the answer in short. */
  readonly asks: readonly (readonly [request: string, answer: string])[];
}

// What nginx does with the blocks that the controller writes (internal/ingress/controller/template, 1.13) and the
// controller's own documentation of the annotations (docs/user-guide/nginx-configuration/annotations.md).
const rows: readonly Row[] = [
  {
    what: "hosts: exact, wildcard of one label, all others",
    rules: "a.example/ web\n*.wild.example/ api",
    asks: [
      ["GET a.example/x?y=1", "200 web /x?y=1"],
      ["GET A.Example:8080/", "200 web /"],
      ["GET b.example/", "404"],
      ["GET one.wild.example/", "200 api /"],
      ["GET two.one.wild.example/", "404"],
      ["GET wild.example/", "404"],
    ],
  },
  {
    what: "paths: prefixes by elements, exact ones, the longest wins",
    rules: "a.example/ web\na.example/api api\na.example/api/v1=Exact web",
    asks: [
      ["GET a.example/api", "200 api /api"],
      ["GET a.example/api/", "200 api /api/"],
      ["GET a.example/api/x", "200 api /api/x"],
      ["GET a.example/apix", "200 web /apix"],
      ["GET a.example/API", "200 web /API"],
      ["GET a.example/api/v1", "200 web /api/v1"],
      ["GET a.example/api/v1/", "200 api /api/v1/"],
    ],
  },
  {
    what: "no host, ImplementationSpecific is a prefix, a port by its name",
    rules: "/shop=ImplementationSpecific web:http",
    asks: [
      ["GET any.example/shop/x", "200 web /shop/x"],
      ["GET any.example/shopping", "404"],
      ["GET any.example/", "404"],
    ],
  },
  {
    what: "a default backend without rules takes all that is left",
    rules: "",
    spec: "defaultBackend: {service: {name: api, port: {number: 80}}}",
    asks: [["GET any.example/x", "200 api /x"]],
  },
  {
    what: "no endpoints, none that accepts, none that answers, no such Service, no such port",
    rules:
      "a.example/empty empty\na.example/refused refused\na.example/silent silent\na.example/none none\na.example/port web:81",
    asks: [
      ["GET a.example/empty", "503"],
      ["GET a.example/refused", "502"],
      ["GET a.example/silent", "504 after 15 s"],
      ["GET a.example/none", "503"],
      ["GET a.example/port", "503"],
    ],
  },
  {
    what: "proxy-connect-timeout and proxy-next-upstream-tries",
    rules: "a.example/ silent",
    annotations: `${A}proxy-connect-timeout: "2"\n${A}proxy-next-upstream-tries: "1"`,
    asks: [["GET a.example/", "504 after 2 s"]],
  },
  {
    what: "rewrite-target: the whole path is replaced",
    rules: "a.example/api api",
    annotations: `${A}rewrite-target: /`,
    asks: [
      ["GET a.example/api", "200 api /"],
      ["GET a.example/api/v1/users?x=1", "200 api /?x=1"],
    ],
  },
  {
    what: "rewrite-target with groups, use-regex",
    rules: "a.example/api(/|$)(.*)=ImplementationSpecific api",
    annotations: `${A}rewrite-target: /$2\n${A}use-regex: "true"`,
    asks: [
      ["GET a.example/api/v1/users", "200 api /v1/users"],
      ["GET a.example/api", "200 api /"],
      ["GET a.example/API/x", "200 api /x"],
      ["GET a.example/other", "404"],
    ],
  },
  {
    what: "one pattern makes patterns of all paths of the host",
    rules: "a.example/exact=Exact web",
    annotations: `${A}use-regex: "true"`,
    asks: [
      ["GET a.example/exactly", "200 web /exactly"],
      ["GET a.example/EXACT", "200 web /EXACT"],
    ],
  },
  {
    what: "app-root",
    rules: "a.example/ web",
    annotations: `${A}app-root: /app`,
    asks: [
      ["GET a.example/", "302 http://a.example/app"],
      ["GET a.example/app", "200 web /app"],
    ],
  },
  {
    what: "permanent-redirect and its code",
    rules: "a.example/ web",
    annotations: `${A}permanent-redirect: https://new.example\n${A}permanent-redirect-code: "308"`,
    asks: [["GET a.example/x", "308 https://new.example"]],
  },
  {
    what: "temporal-redirect",
    rules: "a.example/ web",
    annotations: `${A}temporal-redirect: https://new.example`,
    asks: [["GET a.example/x", "302 https://new.example"]],
  },
  {
    what: "force-ssl-redirect without a certificate",
    rules: "a.example/ web",
    annotations: `${A}force-ssl-redirect: "true"`,
    asks: [["GET a.example:30080/x?y", "308 https://a.example/x?y"]],
  },
  {
    what: "TLS sends plain requests to HTTPS",
    rules: "a.example/ web",
    spec: "tls: [{hosts: [a.example], secretName: none}]",
    asks: [["GET a.example/x", "308 https://a.example/x"]],
  },
  {
    what: "ssl-redirect false",
    rules: "a.example/ web",
    spec: "tls: [{hosts: [a.example], secretName: none}]",
    annotations: `${A}ssl-redirect: "false"`,
    asks: [["GET a.example/x", "200 web /x"]],
  },
  {
    what: "whitelist-source-range: others are forbidden",
    rules: "a.example/ web",
    annotations: `${A}whitelist-source-range: 172.16.0.0/12`,
    asks: [["GET a.example/", "403"]],
  },
  {
    what: "whitelist-source-range: the cluster's own addresses",
    rules: "a.example/ web",
    annotations: `${A}whitelist-source-range: 192.168.0.0/16,10.244.0.0/16`,
    asks: [["GET a.example/", "200 web /"]],
  },
  {
    what: "a source range that is none denies everything",
    rules: "a.example/ web",
    annotations: `${A}whitelist-source-range: 10.0.0.0/99`,
    asks: [["GET a.example/", "503"]],
  },
  {
    what: "server-alias and upstream-vhost",
    rules: "a.example/ web",
    annotations: `${A}server-alias: "other.example,*.more.example"`,
    asks: [
      ["GET other.example/", "200 web /"],
      ["GET x.more.example/", "200 web /"],
      ["GET y.example/", "404"],
    ],
  },
  {
    what: "default-backend answers where the Service has no endpoints",
    rules: "a.example/ empty",
    annotations: `${A}default-backend: api`,
    asks: [["GET a.example/x", "200 api /x"]],
  },
  {
    what: "custom-http-errors: the default backend words them",
    rules: "a.example/ refused",
    annotations: `${A}custom-http-errors: "502,503"\n${A}default-backend: api`,
    asks: [["GET a.example/x", "200 api /"]],
  },
  {
    what: "backend-protocol HTTPS with a server that speaks plainly",
    rules: "a.example/ web",
    annotations: `${A}backend-protocol: HTTPS`,
    asks: [["GET a.example/", "502"]],
  },
  {
    what: "what is malformed is ignored",
    rules: "a.example/ web",
    annotations: `${A}ssl-redirect: "perhaps"\n${A}proxy-read-timeout: soon\n${A}rewrite-target: "/x;{}"\n${A}no-such-annotation: x`,
    asks: [["GET a.example/x", "200 web /x"]],
  },
];

describe("requests", () => {
  test.each(rows)("$what", ({ rules, annotations, spec, asks }) => {
    lab.apply(ingressOf("it", rules, { ...(annotations ? { annotations } : {}), ...(spec ? { spec } : {}) }));
    settle();
    expect(asks.map(([request]) => [request, inShort(lab.ask(request))])).toEqual(asks);
  });
});

test("what an application sees of the client, and what nginx notes", () => {
  lab.apply(ingressOf("it", "a.example/ web", { annotations: `${A}upstream-vhost: inner.example` }));
  settle();
  const { body, headers } = lab.ask("GET a.example/x", {
    "x-forwarded-for": "1.2.3.4",
    connection: "keep-alive, x-own",
    "x-own": "1",
    "user-agent": "curl/8",
  });
  const seen = String(body);
  expect(seen).toContain("\nHost: inner.example\n");
  expect(seen).toMatch(/\nX-Real-Ip: 10\.244\.\d+\.\d+\n/);
  expect(seen).toMatch(/\nX-Forwarded-For: 10\.244\.\d+\.\d+\nX-Forwarded-Host: a\.example\nX-Forwarded-Port: 80\n/);
  expect(seen).toContain("\nX-Original-Forwarded-For: 1.2.3.4\n");
  expect(seen).toMatch(/\nX-Request-Id: [0-9a-f]{32}\n/);
  expect(seen).not.toContain("X-Own");
  expect(Object.keys(headers).slice(1)).toEqual(["date", "content-type", "content-length", "connection"]);
  // The form of log_format upstreaminfo (docs/user-guide/nginx-configuration/log-format.md).
  expect(lab.log().trim().split("\n").at(-1)).toMatch(
    /^10\.244\.\S+ - - \[[^\]]+\] "GET \/x HTTP\/1\.1" 200 \d+ "-" "curl\/8" \d+ 0\.000 \[default-web-80\] \[\] 10\.244\.\S+:80 \d+ 0\.000 200 [0-9a-f]{32}$/,
  );
});

test("an endpoint that refuses is tried three times, and each time is noted", () => {
  lab.apply(ingressOf("it", "a.example/ refused"));
  settle();
  expect(lab.ask("GET a.example/").status).toBe(502);
  const log = lab.log();
  expect(log).toMatch(
    /\[error\] .* connect\(\) failed \(111: Connection refused\) while connecting to upstream, client: /,
  );
  expect(log).toMatch(
    /"GET \/ HTTP\/1\.1" 502 150 "-" "-" \d+ 0\.000 \[default-refused-80\] \[\] (\S+:9999), \1, \1 0, 0, 0 0\.000, 0\.000, 0\.000 502, 502, 502 /,
  );
});

test("the endpoints take turns", () => {
  lab.apply(ingressOf("it", "a.example/ web"));
  settle();
  const names = [1, 2, 3, 4].map(() => /Hostname: (\S+)/.exec(String(lab.ask("GET a.example/").body))?.[1]);
  expect(new Set(names).size).toBe(2);
  expect(names[0]).toBe(names[2]);
});

test("basic authentication by a Secret of htpasswd lines", () => {
  // openssl passwd -apr1 -salt abcdefgh bar
  lab.apply(
    `apiVersion: v1\nkind: Secret\nmetadata: {name: users}\nstringData: {auth: "foo:$apr1$abcdefgh$bGLO42WqKpmLoPH9uGWTg1\\n"}\n`,
  );
  const annotations = `${A}auth-type: basic\n${A}auth-secret: users\n${A}auth-realm: "Authentication Required"`;
  lab.apply(ingressOf("it", "a.example/ web", { annotations }));
  lab.apply(ingressOf("lost", "b.example/ web", { annotations: annotations.replace("users", "nobody") }));
  settle();
  const none = lab.ask("GET a.example/");
  expect(none.status).toBe(401);
  expect(none.headers["www-authenticate"]).toBe('Basic realm="Authentication Required"');
  expect(lab.ask("GET a.example/", { authorization: "Basic Zm9vOmJheg==" }).status).toBe(401);
  expect(inShort(lab.ask("GET a.example/", { authorization: "Basic Zm9vOmJhcg==" }))).toBe("200 web /");
  expect(lab.ask("GET b.example/").status).toBe(503);
});

test("a canary takes requests by header, by cookie and by weight", () => {
  lab.apply(ingressOf("it", "a.example/ web"));
  const canary = `${A}canary: "true"\n${A}canary-by-header: X-New\n${A}canary-by-cookie: fresh\n${A}canary-weight: "30"`;
  lab.apply(ingressOf("canary", "a.example/ api", { annotations: canary }));
  settle();
  const who = (headers: Record<string, string>) => inShort(lab.ask("GET a.example/", headers));
  expect(who({ "x-new": "always" })).toBe("200 api /");
  expect(who({ "x-new": "never" })).toBe("200 web /");
  expect(who({ cookie: "a=b; fresh=always" })).toBe("200 api /");
  const all = Array.from({ length: 200 }, () => who({ "user-agent": "x" }));
  const share = all.filter((one) => one === "200 api /").length;
  expect(share).toBeGreaterThan(40);
  expect(share).toBeLessThan(80);
});

test("a cookie keeps a client with its endpoint", () => {
  lab.apply(ingressOf("it", "a.example/ web", { annotations: `${A}affinity: cookie` }));
  settle();
  const first = lab.ask("GET a.example/");
  const cookie = first.headers["set-cookie"] ?? "";
  expect(cookie).toMatch(/^INGRESSCOOKIE=[\d.]+\|[0-9a-f]{32}; Path=\/; HttpOnly$/);
  const sent = { cookie: cookie.split(";")[0] ?? "" };
  const names = [1, 2, 3, 4].map(() => /Hostname: (\S+)/.exec(String(lab.ask("GET a.example/", sent).body))?.[1]);
  expect(new Set(names).size).toBe(1);
});

test("CORS: a preflight is answered, answers carry the headers", () => {
  lab.apply(ingressOf("it", "a.example/ web", { annotations: `${A}enable-cors: "true"` }));
  settle();
  expect(lab.ask("OPTIONS a.example/").status).toBe(204);
  const { headers } = lab.ask("GET a.example/");
  expect(headers["access-control-allow-origin"]).toBe("*");
  expect(headers["access-control-allow-methods"]).toBe("GET, PUT, POST, DELETE, PATCH, OPTIONS");
});

test("limit-rps: more than five times the rate at once is refused", () => {
  lab.apply(ingressOf("it", "a.example/ web", { annotations: `${A}limit-rps: "2"` }));
  settle();
  const statuses = Array.from({ length: 12 }, () => lab.ask("GET a.example/").status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(11);
  expect(statuses.at(-1)).toBe(503);
  lab.world.advance(3);
  expect(lab.ask("GET a.example/").status).toBe(200);
});

test("certificates by the name that the client asks for", () => {
  const made = lab.sh(
    "cp",
    `openssl req -x509 -nodes -newkey rsa:2048 -days 90 -keyout t.key -out t.crt -subj /CN=a.example 2>/dev/null
     kubectl create secret tls a-tls --cert=t.crt --key=t.key
     openssl req -x509 -nodes -newkey rsa:2048 -days 90 -keyout o.key -out o.crt -subj /CN=other.example -addext subjectAltName=DNS:other.example 2>/dev/null
     kubectl create secret tls other-tls --cert=o.crt --key=o.key
     kubectl create secret generic half --type=kubernetes.io/tls --from-file=tls.crt=t.crt --from-file=tls.key=o.key`,
  );
  expect(made.stderr).toBe("");
  const tls = (host: string, secretName: string) => ({ spec: `tls: [{hosts: [${host}], secretName: ${secretName}}]` });
  lab.apply(ingressOf("a", "a.example/ web", tls("a.example", "a-tls")));
  lab.apply(ingressOf("b", "b.example/ web", tls("b.example", "other-tls")));
  lab.apply(ingressOf("c", "c.example/ web", tls("c.example", "half")));
  lab.apply(ingressOf("d", "d.example/ web", tls("d.example", "none")));
  settle();
  const subject = (name?: string) => readCertificate(lab.certificate(name))?.subject.commonName;
  const fake = "Kubernetes Ingress Controller Fake Certificate";
  expect([subject("a.example"), subject("b.example"), subject("c.example"), subject("d.example"), subject()]).toEqual([
    "a.example",
    fake,
    fake,
    fake,
    fake,
  ]);
  const answer = lab.ask("GET a.example/", {}, true);
  expect(inShort(answer)).toBe("200 web /");
  expect(answer.headers["strict-transport-security"]).toBe("max-age=31536000; includeSubDomains");
  const log = lab.log();
  expect(log).toContain(
    'Error getting SSL certificate "default/none": local SSL certificate default/none was not found. Using default certificate',
  );
  expect(log).toContain(
    'SSL certificate "default/other-tls" does not contain a Common Name or Subject Alternative Name for server "b.example": x509: certificate is valid for other.example, not b.example',
  );
  expect(log).toContain("unexpected error creating SSL Cert: tls: private key does not match public key");
});

// Messages as the admission webhook words them (recorded on clusters with controller 1.12 and 1.13).
const denials: readonly (readonly [what: string, manifest: string, message: string])[] = [
  [
    "a host and path that another has",
    ingressOf("dup", "taken.example/ api"),
    'host "taken.example" and path "/" is already defined in ingress default/first',
  ],
  [
    "no host and a path that another has",
    ingressOf("dup", "/pay api"),
    'host "_" and path "/pay" is already defined in ingress default/first',
  ],
  [
    "a snippet",
    ingressOf("snip", "b.example/ api", { annotations: `${A}configuration-snippet: "return 200;"` }),
    `${A}configuration-snippet annotation cannot be used. Snippet directives are disabled by the Ingress administrator`,
  ],
  [
    "a pattern as a prefix",
    ingressOf("pattern", "b.example/x(/|$)(.*) api"),
    "ingress contains invalid paths: path /x(/|$)(.*) cannot be used with pathType Prefix",
  ],
  [
    "a value that is not valid",
    ingressOf("auth", "b.example/ api", { annotations: `${A}auth-type: secret` }),
    `annotation ${A}auth-type contains invalid value`,
  ],
];

test.each(denials)("the webhook refuses %s", (_what, manifest, message) => {
  lab.apply(ingressOf("first", "taken.example/ web\n/pay web"));
  const { stderr, status } = lab.sh("cp", `kubectl apply -f - <<'EOF'\n${manifest}\nEOF`);
  const denied = 'admission webhook "validate.nginx.ingress.kubernetes.io" denied the request: ';
  expect(stderr).toContain(`Error from server (BadRequest): error when creating "STDIN": ${denied}${message}\n`);
  expect(status).toBe(1);
});

test("with snippets allowed their risk is still too high", () => {
  lab.sh(
    "cp",
    `kubectl patch cm -n ingress-nginx ingress-nginx-controller -p '{"data":{"allow-snippet-annotations":"true"}}'`,
  );
  settle();
  const manifest = ingressOf("snip", "b.example/ api", { annotations: `${A}configuration-snippet: "return 200;"` });
  const { stderr } = lab.sh("cp", `kubectl apply -f - <<'EOF'\n${manifest}\nEOF`);
  expect(stderr).toContain(
    "annotation group ConfigurationSnippet contains risky annotation based on ingress configuration",
  );
  lab.sh(
    "cp",
    `kubectl patch cm -n ingress-nginx ingress-nginx-controller --type=json -p '[{"op":"remove","path":"/data"}]'`,
  );
});

test("what is of another class, or of none, is not served and gets no address", () => {
  lab.apply(ingressOf("none", "none.example/ web", { className: "" }));
  lab.apply(ingressOf("other", "other.example/ web", { className: "traefik" }));
  lab.apply(ingressOf("old", "old.example/ web", { className: "", annotations: "kubernetes.io/ingress.class: nginx" }));
  lab.apply(ingressOf("own", "own.example/ web"));
  lab.world.advance(70);
  expect(["none", "other", "old", "own"].map((name) => lab.ask(`GET ${name}.example/`).status)).toEqual([
    404, 404, 200, 200,
  ]);
  const addresses = (name: string) => lab.ingress(name)?.status?.loadBalancer?.ingress;
  expect(addresses("none")).toBeUndefined();
  expect(addresses("other")).toBeUndefined();
  // Without --publish-service: the addresses of the nodes where controllers run.
  const [pod] = lab.api
    .list<{ apiVersion: string; kind: string; metadata: { name: string }; status?: { hostIP?: string } }>(
      "pods",
      "ingress-nginx",
    )
    .filter(({ metadata }) => metadata.name.startsWith("ingress-nginx-controller-"));
  expect(addresses("own")).toEqual([{ ip: pod?.status?.hostIP }]);
  const log = lab.log();
  const ignoring = '"Ignoring ingress because of error while validating ingress class"';
  expect(log).toContain(`${ignoring} ingress="default/none" error="ingress does not contain a valid IngressClass"`);
  expect(log).toContain(
    `${ignoring} ingress="default/other" error="no object matching key \\"traefik\\" in local store"`,
  );
  expect(lab.events("own", "Ingress")).toContain("Normal Sync Scheduled for sync");
});

test("a class that is repaired is taken up", () => {
  lab.apply(ingressOf("late", "late.example/ web", { className: "ngnix" }));
  settle();
  expect(lab.ask("GET late.example/").status).toBe(404);
  lab.sh("cp", `kubectl patch ingress late -p '{"spec":{"ingressClassName":"nginx"}}'`);
  settle();
  expect(lab.ask("GET late.example/").status).toBe(200);
});

test("a pattern that nginx cannot read keeps everything as it was, until it is mended", () => {
  lab.apply(ingressOf("good", "good.example/ web"));
  settle();
  lab.apply(ingressOf("bad", "bad.example/x(=ImplementationSpecific web", { annotations: `${A}use-regex: "true"` }));
  lab.apply(ingressOf("more", "more.example/ web"));
  settle();
  expect(["good", "more"].map((name) => lab.ask(`GET ${name}.example/`).status)).toEqual([200, 404]);
  expect(lab.log()).toContain('nginx: [emerg] pcre2_compile() failed: missing closing parenthesis in "^/x("');
  lab.sh("cp", "kubectl delete ingress bad");
  settle();
  expect(lab.ask("GET more.example/").status).toBe(200);
});

test("whatever an annotation says, every request has an answer", () => {
  const values = ["-1", "99999999999", "((", "ä b;{}"];
  const all = Object.keys(known).flatMap((name) => values.map((value) => [name, value] as const));
  const hostOf = (i: number) => `odd-${i}.example`;
  for (const [i, [name, value]] of all.entries()) {
    const manifest = ingressOf(`odd-${i}`, `${hostOf(i)}/ refused\n${hostOf(i)}/x(.*)=ImplementationSpecific api`, {
      annotations: `${PREFIX}${name}: ${JSON.stringify(value)}`,
    });
    // What the webhook refuses is not there, and its host is nobody's.
    lab.sh("cp", `kubectl create -f - <<'EOF'\n${manifest}\nEOF`);
  }
  settle();
  const statuses = all.map((_, i) => lab.ask(`GET ${hostOf(i)}/`, { cookie: "a", authorization: "Basic !" }).status);
  expect(new Set(statuses)).toEqual(new Set([404, 502, 503]));
});
