import { describe, expect, test } from "vitest";
import { byHost, hostFits, hostOf, pathAndQuery, prefixFits } from "../../../../src/cluster/network/http/match.ts";
import { endToEnd } from "../../../../src/cluster/network/http/reverse-proxy.ts";
import { readyEndpoints, servicePort } from "../../../../src/cluster/network/http/service-endpoints.ts";
import type { EndpointSlice, Service } from "../../../../src/kinds/types/core.ts";

// The examples of the documentation (concepts/services-networking/ingress, Path types and Hostname wildcards).
const prefixes: readonly (readonly [prefix: string, path: string, fits: boolean])[] = [
  ["/", "/anything", true],
  ["/foo", "/foo", true],
  ["/foo", "/foo/", true],
  ["/foo/", "/foo", true],
  ["/foo/", "/foo/", true],
  ["/aaa/bb", "/aaa/bbb", false],
  ["/aaa/bbb", "/aaa/bbb", true],
  ["/aaa/bbb/", "/aaa/bbb", true],
  ["/aaa/bbb", "/aaa/bbb/", true],
  ["/aaa/bbb", "/aaa/bbb/ccc", true],
  ["/aaa/bbb", "/aaa/bbbxyz", false],
];

const hosts: readonly (readonly [pattern: string | undefined, host: string, fits: boolean])[] = [
  ["*.foo.com", "bar.foo.com", true],
  ["*.foo.com", "baz.bar.foo.com", false],
  ["*.foo.com", "foo.com", false],
  ["foo.com", "foo.com", true],
  ["Foo.com", "foo.com", true],
  [undefined, "foo.com", true],
];

describe("hosts and paths", () => {
  test.each(prefixes)("prefix %s, path %s", (prefix, path, fits) => expect(prefixFits(prefix, path)).toBe(fits));
  test.each(hosts)("host %s, asked for %s", (pattern, host, fits) => expect(hostFits(pattern, host)).toBe(fits));
  test("the host of a request, and what is kept for it", () => {
    expect([hostOf("A.example:8080"), hostOf(undefined), hostOf("a.example")]).toEqual(["a.example", "", "a.example"]);
    const all = new Map([
      ["a.example", 1],
      ["*.example", 2],
    ]);
    expect([byHost(all, "a.example"), byHost(all, "b.example"), byHost(all, "c.b.example")]).toEqual([1, 2, undefined]);
    expect(pathAndQuery("/a?b=c?d")).toEqual({ path: "/a", query: "b=c?d" });
  });
});

test("headers that are for one connection only are not passed on", () => {
  const sent = { connection: "keep-alive, X-Own", "x-own": "1", te: "trailers", host: "a", accept: "*/*" };
  expect(endToEnd(sent)).toEqual({ host: "a", accept: "*/*" });
});

const slice = (name: string, ports: EndpointSlice["ports"], endpoints: EndpointSlice["endpoints"]): EndpointSlice => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { name },
  addressType: "IPv4",
  endpoints,
  ...(ports ? { ports } : {}),
});

test("the endpoints of a Service's port: ready ones of all slices, each once, by the port's name", () => {
  const service = {
    spec: {
      ports: [
        { name: "web", port: 80, targetPort: "http" },
        { name: "admin", port: 81 },
      ],
    },
  } as Service;
  const port = servicePort(service, { name: "web" });
  expect(port).toBe(servicePort(service, { number: 80 }));
  expect(servicePort(service, { number: 8080 })).toBeUndefined();
  const web = { name: "web", port: 8080, protocol: "TCP" };
  const slices = [
    slice("a", [web, { name: "admin", port: 9090 }], [{ addresses: ["10.0.0.2"] }, { addresses: ["10.0.0.1"] }]),
    slice("b", [web], [{ addresses: ["10.0.0.2"] }, { addresses: ["10.0.0.3"], conditions: { ready: false } }]),
    slice("c", [], null as unknown as EndpointSlice["endpoints"]),
  ];
  expect(port && readyEndpoints(slices, port)).toEqual([
    { address: "10.0.0.1", port: 8080 },
    { address: "10.0.0.2", port: 8080 },
  ]);
});
