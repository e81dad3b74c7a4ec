import { describe, expect, test } from "vitest";
import type { HttpRequest, HttpResponse } from "../../../../src/base/http.ts";
import type { JsonObject } from "../../../../src/base/json.ts";
import type { KubeObject } from "../../../../src/kinds/types/meta.ts";
import type { Dialled, Listener } from "../../../../src/machine/define-network.ts";
import { configMapNamed, podNamed, refusal, world } from "../setup.ts";

// Texts by k8s.io/apiserver 0.35: pkg/admission/plugin/webhook, pkg/util/webhook.

const group = "admissionregistration.k8s.io/v1";
const configMaps = { operations: ["*"], apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"] };
const url = 'Post "https://hook.web.svc:443/check?timeout=10s"';

function configuration(kind: "Mutating" | "Validating", hooks: readonly object[], name = "w"): KubeObject {
  const webhooks = hooks.map((hook, i) => ({
    name: `h${i}.example.com`,
    clientConfig: { service: { namespace: "web", name: "hook", path: "/check" } },
    rules: [configMaps],
    sideEffects: "None",
    admissionReviewVersions: ["v1"],
    ...hook,
  }));
  return { apiVersion: group, kind: `${kind}WebhookConfiguration`, metadata: { name }, webhooks };
}

/** What the webhook's server answers to a review, in the response. */
type Says = (request: JsonObject) => JsonObject;

interface Lab {
  readonly says?: Says;
  readonly dial?: Dialled;
  readonly answer?: HttpResponse;
  readonly problem?: string;
  readonly flags?: Record<string, string>;
  readonly noService?: boolean;
}

function lab(
  { says = () => ({ allowed: true }), dial, answer, problem, flags = {}, noService }: Lab,
  objects: readonly KubeObject[],
) {
  const seen: JsonObject[] = [];
  const http = (request: HttpRequest): HttpResponse => {
    const review = JSON.parse(String(request.body)) as { request: JsonObject };
    seen.push({ ...review.request, path: request.path });
    const response = { uid: review.request.uid ?? "", ...says(review.request) };
    const body = JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response });
    return answer ?? { status: 200, headers: {}, body };
  };
  const listener = { address: "10.96.0.5", port: 443, protocol: "TCP", http, tls: { certificate: () => "" } };
  const made = world({
    flags,
    dial: () => dial ?? { listener: listener as unknown as Listener, address: "10.96.0.5", source: "10.0.0.1" },
    serverProblem: () => problem,
  });
  made.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "web" } });
  if (!noService)
    made.api.create({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "hook", namespace: "web" },
      spec: { clusterIP: "10.96.0.5", selector: { a: "b" }, ports: [{ port: 443 }] },
    });
  for (const object of objects) made.api.create(object);
  made.server.warnings = [];
  return { ...made, seen };
}

const called = (why: string) => `Internal error occurred: failed calling webhook "h0.example.com": ${why}`;
const listening = (more: Partial<Listener>): Dialled => ({
  listener: { address: "", port: 443, ...more } as Listener,
  address: "10.96.0.5",
  source: "10.0.0.1",
});

const calls: readonly (readonly [name: string, given: Lab, hook: object, why: string | undefined])[] = [
  ["allowed", {}, {}, undefined],
  [
    "denied",
    { says: () => ({ allowed: false, status: { message: "no" } }) },
    {},
    'admission webhook "h0.example.com" denied the request: no',
  ],
  [
    "denied with a reason",
    { says: () => ({ allowed: false, status: { reason: "Conflict", code: 409 } }) },
    {},
    'admission webhook "h0.example.com" denied the request: Conflict',
  ],
  [
    "denied without a word",
    { says: () => ({ allowed: false }) },
    {},
    'admission webhook "h0.example.com" denied the request without explanation',
  ],
  ["no service", { noService: true }, {}, called(`failed to call webhook: ${url}: service "hook" not found`)],
  [
    "no such port",
    {},
    { clientConfig: { service: { namespace: "web", name: "hook", path: "/check", port: 8443 } } },
    called(
      'failed to call webhook: Post "https://hook.web.svc:8443/check?timeout=10s": no service port 8443 found for service "hook"',
    ),
  ],
  [
    "nobody listens",
    { dial: { failed: "refused", because: "" } },
    {},
    called(`failed to call webhook: ${url}: dial tcp 10.96.0.5:443: connect: connection refused`),
  ],
  [
    "nobody answers",
    { dial: { failed: "timeout", because: "" } },
    {},
    called(`failed to call webhook: ${url}: context deadline exceeded`),
  ],
  [
    "no route",
    { dial: { failed: "unreachable", because: "" } },
    {},
    called(`failed to call webhook: ${url}: dial tcp 10.96.0.5:443: connect: no route to host`),
  ],
  [
    "no endpoints, with aggregator routing",
    { flags: { "enable-aggregator-routing": "true" } },
    {},
    called(`failed to call webhook: ${url}: no endpoints available for service "hook"`),
  ],
  [
    "plain HTTP",
    { dial: listening({ http: () => ({ status: 200, headers: {} }) }) },
    {},
    called(`failed to call webhook: ${url}: http: server gave HTTP response to HTTPS client`),
  ],
  [
    "an unknown authority",
    { problem: "x509: certificate signed by unknown authority" },
    {},
    called(
      `failed to call webhook: ${url}: tls: failed to verify certificate: x509: certificate signed by unknown authority`,
    ),
  ],
  [
    "a bundle that is none",
    {},
    { clientConfig: { service: { namespace: "web", name: "hook" }, caBundle: "aGVsbG8=" } },
    called("could not get REST client: unable to load root certificates: unable to parse bytes as PEM block"),
  ],
  [
    "not found",
    { answer: { status: 404, headers: {}, body: "404 page not found" } },
    {},
    called("failed to call webhook: the server could not find the requested resource"),
  ],
  [
    "a failing server",
    { answer: { status: 500, headers: {}, body: "oops" } },
    {},
    called('failed to call webhook: an error on the server ("oops") has prevented the request from succeeding'),
  ],
  [
    "no review",
    { answer: { status: 200, headers: {}, body: "<html>" } },
    {},
    called(
      "failed to call webhook: couldn't get version/kind; json parse error: invalid character '<' looking for beginning of value",
    ),
  ],
  [
    "another uid",
    { says: () => ({ uid: "x", allowed: true }) },
    {},
    'received invalid webhook response: expected response.uid="',
  ],
  [
    "a patch of a validating one",
    { says: () => ({ allowed: true, patch: "W10=", patchType: "JSONPatch" }) },
    {},
    called("received invalid webhook response: validating webhook may not return response.patch"),
  ],
  [
    "a URL",
    { dial: { failed: "refused", because: "" } },
    { clientConfig: { url: "https://10.1.2.3:8443/x" }, timeoutSeconds: 3 },
    called(
      'failed to call webhook: Post "https://10.1.2.3:8443/x?timeout=3s": dial tcp 10.1.2.3:8443: connect: connection refused',
    ),
  ],
  [
    "nobody listens, which does not matter",
    { dial: { failed: "refused", because: "" } },
    { failurePolicy: "Ignore" },
    undefined,
  ],
  [
    "denied although failures do not matter",
    { says: () => ({ allowed: false }) },
    { failurePolicy: "Ignore" },
    "denied the request without explanation",
  ],
];

const notAsked: readonly (readonly [name: string, hook: object])[] = [
  ["another resource", { rules: [{ ...configMaps, resources: ["secrets"] }] }],
  ["another group", { rules: [{ ...configMaps, apiGroups: ["apps"] }] }],
  ["another version", { rules: [{ ...configMaps, apiVersions: ["v2"] }] }],
  ["another operation", { rules: [{ ...configMaps, operations: ["DELETE"] }] }],
  ["a subresource", { rules: [{ ...configMaps, resources: ["configmaps/status"] }] }],
  ["cluster scope", { rules: [{ ...configMaps, scope: "Cluster" }] }],
  ["other objects", { objectSelector: { matchLabels: { a: "b" } } }],
  [
    "other namespaces",
    {
      namespaceSelector: {
        matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["default"] }],
      },
    },
  ],
  ["a condition", { matchConditions: [{ name: "c", expression: "request.operation == 'DELETE'" }] }],
  ["no rules", { rules: [] }],
];

describe("ValidatingAdmissionWebhook", () => {
  test.each(calls)("%s", (_name, given, hook, why) => {
    const { api } = lab(given, [configuration("Validating", [hook])]);
    const run = () => api.create(configMapNamed("a"));
    if (why === undefined) expect(run).not.toThrow();
    else expect(refusal(run).message).toContain(why);
  });

  test.each(notAsked)("is not asked: %s", (_name, hook) => {
    const { api, seen } = lab({}, [configuration("Validating", [hook])]);
    api.create(configMapNamed("a"));
    expect(seen).toEqual([]);
  });

  test("what it is asked", () => {
    const { api, seen } = lab({}, [configuration("Validating", [{}])]);
    api.create(configMapNamed("a"));
    expect(seen).toMatchObject([
      {
        path: "/check?timeout=10s",
        kind: { group: "", version: "v1", kind: "ConfigMap" },
        resource: { group: "", version: "v1", resource: "configmaps" },
        name: "a",
        namespace: "default",
        operation: "CREATE",
        userInfo: { username: "kubernetes-admin", groups: ["system:masters", "system:authenticated"] },
        object: { kind: "ConfigMap", metadata: { name: "a", namespace: "default" }, data: { a: "1" } },
        oldObject: null,
        dryRun: false,
      },
    ]);
  });

  test("its warnings go on", () => {
    const { api, server } = lab({ says: () => ({ allowed: true, warnings: ["mind the gap"] }) }, [
      configuration("Validating", [{}]),
    ]);
    api.create(configMapNamed("a"));
    expect(server.warnings).toEqual(["mind the gap"]);
  });

  test("is not asked about webhooks", () => {
    const all = { rules: [{ operations: ["*"], apiGroups: ["*"], apiVersions: ["*"], resources: ["*/*"] }] };
    const { api } = lab({ dial: { failed: "refused", because: "" } }, [configuration("Validating", [all])]);
    expect(refusal(() => api.create(configMapNamed("a"))).code).toBe(500);
    const found = api.get("validatingwebhookconfigurations.admissionregistration.k8s.io", undefined, "w")!;
    expect(() => api.delete(found)).not.toThrow();
    expect(() => api.create(configMapNamed("a"))).not.toThrow();
  });

  test("the same objects in another group, where that is as good", () => {
    const events = { ...configMaps, apiGroups: ["events.k8s.io"], resources: ["events"] };
    const event = {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: "e", namespace: "default" },
      involvedObject: { kind: "Pod", name: "p", namespace: "default" },
      reason: "r",
      message: "m",
      type: "Normal",
    };
    for (const [matchPolicy, count] of [
      ["Equivalent", 1],
      ["Exact", 0],
    ] as const) {
      const { api, seen } = lab({}, [configuration("Validating", [{ rules: [events], matchPolicy }])]);
      api.create(structuredClone(event));
      expect(seen).toHaveLength(count);
      if (count)
        expect(seen[0]).toMatchObject({
          kind: { group: "events.k8s.io" },
          requestKind: { group: "" },
          object: { note: "m" },
        });
    }
  });
});

const patch = (operations: object[]) => ({
  allowed: true,
  patchType: "JSONPatch",
  patch: btoa(JSON.stringify(operations)),
});

describe("MutatingAdmissionWebhook", () => {
  const labelled =
    (labels: Record<string, string>): Says =>
    () =>
      patch([{ op: "add", path: "/metadata/labels", value: labels }]);

  test("changes what is made", () => {
    const { api } = lab({ says: labelled({ a: "b" }) }, [configuration("Mutating", [{}])]);
    expect(api.create(configMapNamed("a")).metadata.labels).toEqual({ a: "b" });
  });

  test("what it makes is checked as any other", () => {
    const { api } = lab({ says: labelled({ a: "-" }) }, [configuration("Mutating", [{}])]);
    expect(refusal(() => api.create(configMapNamed("a"))).message).toMatch(
      'ConfigMap "a" is invalid: metadata.labels: Invalid value: "-"',
    );
  });

  test("a container that it adds gets its defaults, and the plugins see it", () => {
    const rules = [{ ...configMaps, resources: ["pods"] }];
    const says: Says = () =>
      patch([{ op: "add", path: "/spec/containers/-", value: { name: "side", image: "busybox" } }]);
    const { api } = lab({ says }, [configuration("Mutating", [{ rules }])]);
    const pod = api.create(podNamed("p"));
    expect(pod.spec).toMatchObject({
      containers: [
        { name: "web" },
        {
          name: "side",
          imagePullPolicy: "Always",
          volumeMounts: [{ mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" }],
        },
      ],
    });
  });

  test("one after the other, by the names of their configurations; again only who wants to be", () => {
    const says: Says = ({ object }) => {
      const data = (object as { data: Record<string, string> }).data;
      const next = String(Object.keys(data).length);
      return Object.keys(data).length > 2
        ? { allowed: true }
        : patch([{ op: "add", path: `/data/k${next}`, value: next }]);
    };
    const { api, seen } = lab({ says }, [
      configuration("Mutating", [{ name: "second.example.com" }], "b"),
      configuration("Mutating", [{ name: "first.example.com", reinvocationPolicy: "IfNeeded" }], "a"),
    ]);
    api.create(configMapNamed("x"));
    expect(seen.map(({ object }) => Object.keys((object as { data: object }).data).length)).toEqual([1, 2, 3]);
  });

  test("a patch that does not fit", () => {
    const { api } = lab({ says: () => patch([{ op: "remove", path: "/data/none" }]) }, [
      configuration("Mutating", [{}]),
    ]);
    expect(refusal(() => api.create(configMapNamed("a")))).toMatchObject({ code: 500, reason: "InternalError" });
  });

  test("a patch of a deletion", () => {
    const { api } = lab(
      {
        says: ({ operation }) =>
          operation === "DELETE" ? patch([{ op: "add", path: "/data", value: {} }]) : { allowed: true },
      },
      [configuration("Mutating", [{}])],
    );
    const made = api.create(configMapNamed("a"));
    expect(refusal(() => api.delete(made)).message).toBe(
      'Internal error occurred: admission webhook "h0.example.com" attempted to modify the object, which is not supported for this operation',
    );
  });

  test("nobody listens", () => {
    const { api } = lab({ dial: { failed: "refused", because: "" } }, [configuration("Mutating", [{}])]);
    expect(refusal(() => api.create(configMapNamed("a"))).message).toBe(
      called(`failed to call webhook: ${url}: dial tcp 10.96.0.5:443: connect: connection refused`),
    );
  });
});
