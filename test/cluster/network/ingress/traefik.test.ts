import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { readCertificate } from "../../../../src/base/x509/certificate.ts";
import { type IngressLab, ingressLab, ingressOf, inShort } from "./setup.ts";

let lab: IngressLab;
beforeAll(() => {
  lab = ingressLab("traefik", "traefik", ["traefik", "traefik"]);
});

const T = "traefik.ingress.kubernetes.io/";
/** Traefik looks at most once in two seconds. */
const settle = () => lab.world.advance(5);

afterEach(() => {
  for (const resource of ["ingresses.networking.k8s.io", "ingressroutes.traefik.io", "middlewares.traefik.io"])
    for (const object of lab.api.list(resource, "default")) lab.api.delete(object);
  settle();
});

interface Row {
  readonly what: string;
  readonly rules: string;
  readonly annotations?: string;
  readonly spec?: string;
  readonly more?: string;
  readonly asks: readonly (readonly [request: string, answer: string])[];
}

const middleware = (name: string, spec: string) =>
  `{apiVersion: traefik.io/v1alpha1, kind: Middleware, metadata: {name: ${name}}, spec: ${spec}}\n`;

// Measured by others on Traefik 3.7 (a course's laboratory) and the provider's source (pkg/provider/kubernetes, 3.6).
const rows: readonly Row[] = [
  {
    what: "hosts and paths; a prefix is a prefix of the text",
    rules: "a.example/ web\na.example/api api\na.example/exactly-this=Exact api\n*.wild.example/ api",
    asks: [
      ["GET a.example/", "200 web /"],
      ["GET A.EXAMPLE:8080/", "200 web /"],
      ["GET a.example/api/x", "200 api /api/x"],
      ["GET a.example/apix", "200 api /apix"],
      ["GET a.example/exactly-this", "200 api /exactly-this"],
      ["GET a.example/exactly-this/", "200 web /exactly-this/"],
      ["GET one.wild.example/", "200 api /"],
      ["GET two.one.wild.example/", "404"],
      ["GET b.example/", "404"],
    ],
  },
  {
    what: "no endpoints, none that accepts, none that answers, no such Service, no such port",
    rules:
      "a.example/empty empty\na.example/refused refused\na.example/silent silent\na.example/none none\na.example/port web:81",
    asks: [
      ["GET a.example/empty", "503"],
      ["GET a.example/refused", "502"],
      ["GET a.example/silent", "504 after 30 s"],
      ["GET a.example/none", "404"],
      ["GET a.example/port", "404"],
    ],
  },
  {
    what: "an Ingress with nothing but a default backend takes all that is left",
    rules: "",
    spec: "defaultBackend: {service: {name: api, port: {number: 80}}}",
    asks: [["GET any.example/x", "200 api /x"]],
  },
  {
    what: "a middleware takes a prefix away",
    rules: "a.example/api api",
    annotations: `${T}router.middlewares: default-strip@kubernetescrd`,
    more: middleware("strip", "{stripPrefix: {prefixes: [/api]}}"),
    asks: [
      ["GET a.example/api/users?x=1", "200 api /users?x=1"],
      ["GET a.example/api", "200 api /"],
    ],
  },
  {
    what: "a middleware replaces by a pattern",
    rules: "a.example/ api",
    annotations: `${T}router.middlewares: default-replace@kubernetescrd`,
    more: middleware("replace", '{replacePathRegex: {regex: "^/old/(.*)", replacement: "/new/$1"}}'),
    asks: [["GET a.example/old/x", "200 api /new/x"]],
  },
  {
    what: "a middleware that is not there takes the route away",
    rules: "a.example/ api",
    annotations: `${T}router.middlewares: default-nobody@kubernetescrd`,
    asks: [["GET a.example/", "404"]],
  },
  {
    what: "a middleware sends to HTTPS, at another port",
    rules: "a.example/ web",
    annotations: `${T}router.middlewares: default-secure@kubernetescrd`,
    more: middleware("secure", '{redirectScheme: {scheme: https, port: "30081", permanent: true}}'),
    asks: [["GET a.example:30080/x?y=1", "301 https://a.example:30081/x?y=1"]],
  },
  {
    what: "addPrefix, ipAllowList and a chain of both",
    rules: "a.example/ web",
    annotations: `${T}router.middlewares: default-both@kubernetescrd`,
    more: `${middleware("add", "{addPrefix: {prefix: /in}}")}---\n${middleware("allow", "{ipAllowList: {sourceRange: [10.244.0.0/16, 192.168.0.0/16]}}")}---\n${middleware("both", "{chain: {middlewares: [{name: allow}, {name: add}]}}")}`,
    asks: [["GET a.example/x", "200 web /in/x"]],
  },
  {
    what: "a router for one entry point only",
    rules: "a.example/ web",
    annotations: `${T}router.entrypoints: websecure`,
    asks: [["GET a.example/", "404"]],
  },
];

describe("requests", () => {
  test.each(rows)("$what", ({ rules, annotations, spec, more, asks }) => {
    if (more) lab.apply(more);
    const own = { className: "traefik", ...(annotations ? { annotations } : {}), ...(spec ? { spec } : {}) };
    lab.apply(ingressOf("it", rules, own));
    settle();
    expect(asks.map(([request]) => [request, inShort(lab.ask(request))])).toEqual(asks);
  });
});

test("Traefik's own words", () => {
  lab.apply(
    ingressOf("it", "a.example/empty empty\na.example/refused refused\na.example/silent silent", {
      className: "traefik",
    }),
  );
  settle();
  const words = (line: string) => String(lab.ask(line).body);
  expect(words("GET nobody.example/")).toBe("404 page not found\n");
  expect(words("GET a.example/empty")).toBe("no available server\n");
  expect(words("GET a.example/refused")).toBe("Bad Gateway");
  expect(words("GET a.example/silent")).toBe("Gateway Timeout");
});

test("what an application sees of the client", () => {
  lab.apply(ingressOf("it", "a.example/ web", { className: "traefik" }));
  settle();
  const seen = String(lab.ask("GET a.example:30080/x", { "x-forwarded-for": "1.2.3.4" }).body);
  expect(seen).toContain("\nHost: a.example:30080\n");
  expect(seen).toMatch(
    /\nX-Forwarded-For: 10\.244\.\d+\.\d+\nX-Forwarded-Host: a\.example:30080\nX-Forwarded-Port: 30080\nX-Forwarded-Proto: http\nX-Forwarded-Server: traefik-\S+\nX-Real-Ip: 10\.244\.\d+\.\d+\n/,
  );
});

test("TLS: the entry point has it, certificates are chosen by name", () => {
  lab.sh(
    "cp",
    `openssl req -x509 -nodes -newkey rsa:2048 -days 90 -keyout t.key -out t.crt -subj /CN=a.example -addext subjectAltName=DNS:a.example 2>/dev/null
     kubectl create secret tls a-tls --cert=t.crt --key=t.key`,
  );
  lab.apply(
    ingressOf("it", "a.example/ web\nb.example/ web", {
      className: "traefik",
      spec: "tls: [{hosts: [a.example], secretName: a-tls}]",
    }),
  );
  settle();
  const subject = (name?: string) => readCertificate(lab.certificate(name))?.subject.commonName;
  expect([subject("a.example"), subject("b.example"), subject()]).toEqual([
    "a.example",
    "TRAEFIK DEFAULT CERT",
    "TRAEFIK DEFAULT CERT",
  ]);
  expect(inShort(lab.ask("GET a.example/", {}, true))).toBe("200 web /");
  expect(inShort(lab.ask("GET b.example/", {}, true))).toBe("200 web /");
  expect(inShort(lab.ask("GET a.example/"))).toBe("200 web /");
});

test("basic authentication by a middleware", () => {
  lab.apply(
    "{apiVersion: v1, kind: Secret, metadata: {name: users}, type: kubernetes.io/basic-auth, stringData: {username: foo, password: bar}}",
  );
  lab.apply(middleware("auth", "{basicAuth: {secret: users, removeHeader: true}}"));
  lab.apply(
    ingressOf("it", "a.example/ web", {
      className: "traefik",
      annotations: `${T}router.middlewares: default-auth@kubernetescrd`,
    }),
  );
  settle();
  const none = lab.ask("GET a.example/");
  expect(none.status).toBe(401);
  expect(none.headers["www-authenticate"]).toBe('Basic realm="traefik"');
  const { body, status } = lab.ask("GET a.example/", { authorization: "Basic Zm9vOmJhcg==" });
  expect(status).toBe(200);
  expect(String(body)).not.toContain("Authorization");
});

test("an IngressRoute: rules, middlewares, weights, TLS", () => {
  lab.apply(middleware("strip", "{stripPrefix: {prefixes: [/v1]}}"));
  lab.apply(`apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: it}
spec:
  entryPoints: [web]
  routes:
  - match: Host(\`r.example\`) && PathPrefix(\`/v1\`)
    kind: Rule
    middlewares: [{name: strip}]
    services: [{name: api, port: 80}]
  - match: (Host(\`r.example\`) || Host(\`s.example\`)) && !Method(\`POST\`)
    kind: Rule
    priority: 5
    services: [{name: web, port: http, weight: 3}, {name: api, port: 80, weight: 1}]
`);
  lab.apply(`apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: broken}
spec:
  routes:
  - {match: "Hots(\`x.example\`)", kind: Rule, services: [{name: api, port: 80}]}
`);
  settle();
  expect(inShort(lab.ask("GET r.example/v1/x"))).toBe("200 api /x");
  expect(lab.ask("POST s.example/").status).toBe(404);
  const who = Array.from({ length: 8 }, () => inShort(lab.ask("GET s.example/")).split(" ")[1]);
  expect(who.filter((one) => one === "web")).toHaveLength(6);
  expect(lab.ask("GET x.example/").status).toBe(404);
  expect(lab.log()).toContain("error while parsing rule Hots(`x.example`): unsupported function: Hots");
});

test("a chain that leads back to itself, and a range that is none, take their routes away", () => {
  lab.apply(middleware("loop", "{chain: {middlewares: [{name: loop}]}}"));
  lab.apply(middleware("range", "{ipAllowList: {sourceRange: [10.0.0.0/99]}}"));
  for (const name of ["loop", "range"])
    lab.apply(
      ingressOf(name, `${name}.example/ web`, {
        className: "traefik",
        annotations: `${T}router.middlewares: default-${name}@kubernetescrd`,
      }),
    );
  settle();
  expect(["loop", "range"].map((name) => lab.ask(`GET ${name}.example/`).status)).toEqual([404, 404]);
  expect(lab.log()).toContain("recursion detected in default-loop@kubernetescrd");
});

test("what is wrong with backends stands in the log", () => {
  lab.apply(ingressOf("typo", "a.example/ menuu\na.example/port web:8080", { className: "traefik" }));
  settle();
  const log = lab.log();
  const tail = "ingress=typo namespace=default providerName=kubernetes";
  expect(log).toContain(
    `ERR Cannot create service error="service not found" ${tail} serviceName=menuu servicePort=&ServiceBackendPort{Name:,Number:80,}\n`,
  );
  expect(log).toContain(
    `ERR Cannot create service error="service port not found" ${tail} serviceName=web servicePort=&ServiceBackendPort{Name:,Number:8080,}\n`,
  );
});

test("the class: the default one is filled in, another is left alone; the address is that of the published Service", () => {
  lab.apply(ingressOf("none", "none.example/ web", { className: "" }));
  lab.apply(ingressOf("other", "other.example/ web", { className: "nginx" }));
  settle();
  expect(lab.ingress("none")?.spec?.ingressClassName).toBe("traefik");
  expect(lab.sh("cp", "kubectl get ingressclass --no-headers").stdout).toMatch(
    /^traefik \(default\) +traefik\.io\/ingress-controller /,
  );
  expect(["none", "other"].map((name) => lab.ask(`GET ${name}.example/`).status)).toEqual([200, 404]);
  expect(lab.ingress("none")?.status?.loadBalancer).toEqual({});
  lab.sh(
    "cp",
    `kubectl patch svc -n traefik traefik --subresource=status --type=merge -p '{"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.7"}]}}}'`,
  );
  settle();
  expect(lab.ingress("none")?.status?.loadBalancer?.ingress).toEqual([{ ip: "192.0.2.7" }]);
  expect(lab.ingress("other")?.status?.loadBalancer?.ingress).toBeUndefined();
});
