import { beforeAll, describe, expect, test } from "vitest";
import { SECOND } from "../../../src/base/clock.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import { itemsOf, readManifests } from "../../../src/base/yaml-in/read-manifests.ts";
import { gatewayApi } from "../../../src/cluster/kubeadm/addons/gateway-api/index.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import { refusal, type World, world } from "../apiserver/setup.ts";

// Gateway API 1.4, standard channel: the fields, defaults and rules of apis/v1, and the cases of its pkg/test/cel.

function objectsOf(text: string): KubeObject[] {
  return [...readManifests(text, "test")].flatMap(({ object, fault }) => {
    if (!object) throw new Error(String(fault));
    return (itemsOf(object) ?? [object]) as unknown as KubeObject[];
  });
}

const listener = (more: string) => `{name: http, port: 80, protocol: HTTP${more}}`;
const gateway = (listeners: string, more = "") => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: default}
spec:
  gatewayClassName: nginx
  listeners: [${listeners}]
${more}`;
const route = (rules: string, kind = "HTTPRoute") => `apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: {name: r, namespace: default}
spec:
  parentRefs: [{name: gw}]
  rules: ${rules}
`;
const withParents = (parents: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: default}
spec: {parentRefs: ${parents}}
`;
const web = "{name: web, port: 80}";

describe("the definitions of Gateway API", () => {
  let made: World;
  beforeAll(() => {
    made = world();
    for (const object of objectsOf(gatewayApi())) made.api.create(object);
    made.clock.run(made.clock.now + SECOND);
  });

  const created = (text: string): JsonObject => {
    const [object] = objectsOf(text);
    if (!object) throw new Error("no object");
    const stored = made.api.create(object);
    made.api.delete(stored);
    return stored as unknown as JsonObject;
  };

  test("are established, and served under their names", () => {
    const newest = (kind: { kind: string; version: string }) =>
      kind.version === (kind.kind === "ReferenceGrant" ? "v1beta1" : "v1");
    const served = made.api.kinds().filter((kind) => kind.group === "gateway.networking.k8s.io" && newest(kind));
    const rows = served.map(({ kind, plural, short, namespaced }) => [kind, plural, short, namespaced]);
    expect(rows.sort()).toEqual([
      ["GRPCRoute", "grpcroutes", [], true],
      ["Gateway", "gateways", ["gtw"], true],
      ["GatewayClass", "gatewayclasses", ["gc"], false],
      ["HTTPRoute", "httproutes", [], true],
      ["ReferenceGrant", "referencegrants", ["refgrant"], true],
    ]);
  });

  test("a Gateway gets its defaults, and waits for a controller", () => {
    const { spec, status } = created(gateway(listener(""))) as { spec: JsonObject; status: JsonObject };
    expect(spec.listeners).toEqual([
      { name: "http", port: 80, protocol: "HTTP", allowedRoutes: { namespaces: { from: "Same" } } },
    ]);
    expect(
      (status.conditions as JsonObject[]).map(({ type, status: is, reason, message }) => [type, is, reason, message]),
    ).toEqual(["Accepted", "Programmed"].map((type) => [type, "Unknown", "Pending", "Waiting for controller"]));
  });

  test("a route gets its defaults", () => {
    const { spec } = created(route(`[{backendRefs: [${web}]}]`)) as { spec: JsonObject };
    expect(spec).toEqual({
      parentRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "gw" }],
      rules: [
        {
          backendRefs: [{ group: "", kind: "Service", name: "web", port: 80, weight: 1 }],
          matches: [{ path: { type: "PathPrefix", value: "/" } }],
        },
      ],
    });
  });

  const redirect = "{type: RequestRedirect, requestRedirect: {scheme: https}}";
  const prefix = "{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /new}}}";
  const accepted: [string, string][] = [
    ["HTTPS with a certificate", gateway("{name: s, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: c}]}}")],
    [
      "two hosts on one port",
      gateway(`${listener(", hostname: a.example")}, {name: b, port: 80, protocol: HTTP, hostname: "*.b.example"}`),
    ],
    ["a redirection without backends", route(`[{filters: [${redirect}]}]`)],
    [
      "a prefix rewritten where it matched",
      route(`[{matches: [{path: {type: PathPrefix, value: /old}}], filters: [${prefix}], backendRefs: [${web}]}]`),
    ],
    ["two sections of one parent", withParents("[{name: gw, sectionName: a}, {name: gw, sectionName: b}]")],
    [
      "a gRPC method",
      route(`[{matches: [{method: {service: shop.Cart, method: Add}}], backendRefs: [${web}]}]`, "GRPCRoute"),
    ],
    [
      "a grant",
      "apiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: {name: g, namespace: default}\nspec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: a}], to: [{group: '', kind: Service}]}\n",
    ],
  ];
  test.each(accepted)("taken: %s", (_, text) => {
    expect(created(text)).toBeTruthy();
  });

  const refused: [string, string][] = [
    [
      gateway(listener(", tls: {certificateRefs: [{name: c}]}")),
      "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']",
    ],
    [
      gateway("{name: s, port: 443, protocol: HTTPS, tls: {mode: Passthrough}}"),
      "tls mode must be Terminate for protocol HTTPS",
    ],
    [
      gateway("{name: s, port: 443, protocol: HTTPS, tls: {mode: Terminate}}"),
      "certificateRefs or options must be specified when mode is Terminate",
    ],
    [
      gateway("{name: t, port: 53, protocol: TCP, hostname: a.example}"),
      "hostname must not be specified for protocols ['TCP', 'UDP']",
    ],
    [
      gateway(`${listener("")}, {name: other, port: 80, protocol: HTTP}`),
      "Combination of port, protocol and hostname must be unique for each listener",
    ],
    [
      gateway(`${listener("")}, ${listener(", hostname: a.example")}`),
      'spec.listeners[1]: Duplicate value: {"name":"http"}',
    ],
    [
      gateway("{name: http, port: 0, protocol: HTTP}"),
      "spec.listeners[0].port: Invalid value: 0: spec.listeners[0].port in body should be greater than or equal to 1",
    ],
    [gateway(listener(', hostname: "a.*.example"')), "spec.listeners[0].hostname in body should match"],
    [gateway(""), "spec.listeners: Invalid value: 0: spec.listeners in body should have at least 1 items"],
    [
      route(`[{filters: [${redirect}], backendRefs: [${web}]}]`),
      "RequestRedirect filter must not be used together with backendRefs",
    ],
    [
      route(`[{matches: [{path: {type: Exact, value: /old}}], filters: [${prefix}], backendRefs: [${web}]}]`),
      "When using URLRewrite filter with path.replacePrefixMatch, exactly one PathPrefix match must be specified",
    ],
    [
      route(`[{filters: [${redirect}, ${prefix}]}]`),
      "May specify either httpRouteFilterRequestRedirect or httpRouteFilterRequestRewrite, but not both",
    ],
    [route(`[{filters: [${redirect}, ${redirect}]}]`), "RequestRedirect filter cannot be repeated"],
    [
      route("[{filters: [{type: RequestHeaderModifier, requestMirror: {backendRef: {name: web, port: 80}}}]}]"),
      "filter.requestHeaderModifier must be specified for RequestHeaderModifier filter.type",
    ],
    [
      route("[{filters: [{type: RequestHeaderModifier, requestMirror: {backendRef: {name: web, port: 80}}}]}]"),
      "filter.requestMirror must be nil if the filter.type is not RequestMirror",
    ],
    [route("[{backendRefs: [{name: web}]}]"), "Must have port for Service reference"],
    [
      route("[{matches: [{path: {value: foo}}]}]"),
      "value must be an absolute path and start with '/' when type one of ['Exact', 'PathPrefix']",
    ],
    [route("[{matches: [{path: {value: /a//b}}]}]"), "must not contain '//' when type one of ['Exact', 'PathPrefix']"],
    [route("[{matches: [{path: {value: /.}}]}]"), "must not end with '/.' when type one of ['Exact', 'PathPrefix']"],
    [
      route("[{matches: [{path: {type: Regex, value: /a}}]}]"),
      'Unsupported value: "Regex": supported values: "Exact", "PathPrefix", "RegularExpression"',
    ],
    [route("[{matches: [{method: get}]}]"), 'spec.rules[0].matches[0].method: Unsupported value: "get"'],
    [
      route("[{timeouts: {request: 1s, backendRequest: 2s}}]"),
      "backendRequest timeout cannot be longer than request timeout",
    ],
    [
      route("[{matches: [{method: {type: Exact}}]}]", "GRPCRoute"),
      "One or both of 'service' or 'method' must be specified",
    ],
    [
      route("[{matches: [{method: {service: a-b}}]}]", "GRPCRoute"),
      "service must only contain valid characters (matching ^(?i)\\.?[a-z_][a-z_0-9]*(\\.[a-z_][a-z_0-9]*)*$)",
    ],
    [
      withParents("[{name: gw}, {name: gw}]"),
      "sectionName must be unique when parentRefs includes 2 or more references to the same parent",
    ],
    [
      withParents("[{name: gw}, {name: gw, sectionName: a}]"),
      "sectionName must be specified when parentRefs includes 2 or more references to the same parent",
    ],
    [
      withParents("[{name: gw, port: 70000}]"),
      "spec.parentRefs[0].port: Invalid value: 70000: spec.parentRefs[0].port in body should be less than or equal to 65535",
    ],
  ];
  test.each(refused.map(([text, words]) => [words, text]))("refused: %s", (words, text) => {
    expect(refusal(() => created(text)).message).toContain(words);
  });

  test("the controller of a class cannot be changed", () => {
    const [object] = objectsOf(
      "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: c}\nspec: {controllerName: a.example/one}\n",
    );
    const stored = made.api.create(object as KubeObject) as KubeObject & { spec: JsonObject };
    const changed = { ...stored, spec: { controllerName: "a.example/two" } };
    const { message } = refusal(() => made.api.update(changed));
    expect(message).toContain('spec.controllerName: Invalid value: "string": Value is immutable');
  });
});
