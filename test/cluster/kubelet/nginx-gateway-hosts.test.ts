import { describe, expect, test } from "vitest";
import { acceptedHosts, hostFor, overlap } from "../../../src/cluster/kubelet/images/nginx-gateway/hostnames.ts";

// Gateway API 1.4: HTTPRouteSpec.hostnames and the examples of its documentation.

describe("hosts of listeners and routes", () => {
  // HTTPRouteSpec.hostnames, with the examples of its documentation.
  test.each<[string | undefined, string[] | undefined, string[]]>([
    [undefined, undefined, [""]],
    ["a.example", undefined, ["a.example"]],
    [undefined, ["a.example", "*.b.example"], ["a.example", "*.b.example"]],
    ["test.example.com", ["*.example.com"], ["test.example.com"]],
    [
      "*.example.com",
      ["*.example.com", "test.example.com", "foo.test.example.com", "example.com", "test.example.net"],
      ["*.example.com", "test.example.com", "foo.test.example.com"],
    ],
    ["a.example", ["b.example"], []],
    ["*.a.example", ["*.b.a.example"], ["*.b.a.example"]],
  ])("a listener for %s and a route for %j have in common %j", (listener, route, common) => {
    expect(acceptedHosts(listener, route)).toEqual(common);
  });

  test("the most specific host gets the request", () => {
    const hosts = ["", "*.example.com", "*.shop.example.com", "a.shop.example.com"];
    const asked = ["a.shop.example.com", "b.shop.example.com", "c.example.com", "example.com", "other.net"];
    expect(asked.map((host) => hostFor(hosts, host))).toEqual([
      "a.shop.example.com",
      "*.shop.example.com",
      "*.example.com",
      "",
      "",
    ]);
    expect(hostFor(["a.example"], "b.example")).toBeUndefined();
  });

  test("overlaps", () => {
    expect(overlap("*.example.com", "a.example.com")).toBe(true);
    expect(overlap(undefined, "a.example.com")).toBe(true);
    expect(overlap("a.example.com", "b.example.com")).toBe(false);
  });
});
