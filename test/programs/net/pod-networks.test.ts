import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Host } from "../../machine/harness.ts";
import { makeNodes } from "./node.ts";

const lines = (host: Host, line: string) =>
  host
    .run(line.split(" "))
    .stdout.trimEnd()
    .split("\n")
    .map((one) => one.trimEnd());

/** As felix and the CNI plugin of Calico 3.30 lay it (VethNameForWorkload, IPIPMODE Always), printed by iproute2 6.1. */
describe("Calico", () => {
  const nodes = makeNodes({
    plugin: "calico",
    pods: [["10.244.235.130"]],
    cidrs: [["10.244.235.128/26"], ["10.244.189.64/26"]],
  });
  const cali = `cali${createHash("sha1").update("default.pod-1").digest("hex").slice(0, 11)}`;

  test("a node has a route for each pod, and drops the rest of its block", () => {
    expect(lines(nodes.near, "ip route")).toEqual([
      "default via 192.168.56.1 dev eth0",
      "10.244.189.64/26 via 192.168.56.12 dev tunl0 proto bird onlink",
      "blackhole 10.244.235.128/26 proto bird",
      `10.244.235.130 dev ${cali} scope link`,
      "192.168.56.0/24 dev eth0 proto kernel scope link src 192.168.56.11",
    ]);
    expect(lines(nodes.near, "ip -br addr")).toContain("tunl0@NONE       UNKNOWN        10.244.235.128/32");
    expect(lines(nodes.near, `ip addr show ${cali}`)[1]).toBe(
      "    link/ether ee:ee:ee:ee:ee:ee brd ff:ff:ff:ff:ff:ff link-netns cni-11111111-1111-1111-1111-111111111111",
    );
    expect(nodes.near.run(["ip", "route", "get", "10.244.235.140"])).toMatchObject({
      status: 2,
      stderr: "RTNETLINK answers: Invalid argument\n",
    });
    expect(lines(nodes.near, "route -n")).toContain(
      "10.244.235.128  0.0.0.0         255.255.255.192 U     0      0        0 *",
    );
  });

  test("a pod has one address and a gateway that is nobody's", () => {
    expect(lines(nodes.pod(1), "ip route")).toEqual([
      "default via 169.254.1.1 dev eth0",
      "169.254.1.1 dev eth0 scope link",
    ]);
    expect(lines(nodes.pod(1), "ip -4 -br addr")[1]).toBe("eth0@if6         UP             10.244.235.130/32");
    expect(lines(nodes.pod(1), "ip neigh")[0]).toBe("169.254.1.1 dev eth0 lladdr ee:ee:ee:ee:ee:ee REACHABLE");
  });
});

/** As Cilium 1.18 lays it with tunnels, printed by iproute2 6.1. */
describe("Cilium", () => {
  const nodes = makeNodes({ plugin: "cilium" });

  test("a node has a route for each node", () => {
    expect(lines(nodes.near, "ip route")).toEqual([
      "default via 192.168.56.1 dev eth0",
      "10.244.1.0/24 via 10.244.1.1 dev cilium_host proto kernel src 10.244.1.1",
      "10.244.1.1 dev cilium_host proto kernel scope link",
      "10.244.2.0/24 via 10.244.1.1 dev cilium_host proto kernel src 10.244.1.1 mtu 1450",
      "192.168.56.0/24 dev eth0 proto kernel scope link src 192.168.56.11",
    ]);
    const names = lines(nodes.near, "ip -br link").map((line) => line.replace(/ .*/, ""));
    expect(names.slice(0, 6)).toEqual([
      "lo",
      "eth0",
      "cilium_net@cilium_host",
      "cilium_host@cilium_net",
      "cilium_vxlan",
      "lxc_health@if6",
    ]);
    expect(names.slice(6)).toEqual([
      expect.stringMatching(/^lxc[0-9a-f]{12}@if10$/),
      expect.stringMatching(/^lxc[0-9a-f]{12}@if12$/),
    ]);
  });

  test("a pod has one address, and the node as its router", () => {
    expect(lines(nodes.pod(1), "ip route")).toEqual([
      "default via 10.244.1.1 dev eth0 mtu 1450",
      "10.244.1.1 dev eth0 scope link",
    ]);
    expect(lines(nodes.pod(1), "ip -4 -br addr")[1]).toBe("eth0@if11        UP             10.244.1.2/32");
  });
});

describe("two families", () => {
  const nodes = makeNodes({
    six: true,
    pods: [["10.244.1.2", "fd00:10:244:1::2"]],
    cidrs: [
      ["10.244.1.0/24", "fd00:10:244:1::/64"],
      ["10.244.2.0/24", "fd00:10:244:2::/64"],
    ],
  });

  test("the routes of IPv6", () => {
    expect(lines(nodes.near, "ip -6 route").filter((line) => !line.startsWith("fe80"))).toEqual([
      "fd00:10:244:1::/64 dev cni0 proto kernel metric 256 pref medium",
      "fd00:10:244:2::/64 via fd00:10:244:2:: dev flannel-v6.1 metric 1024 onlink pref medium",
      "fd00:56::/64 dev eth0 proto kernel metric 256 pref medium",
      "default via fd00:56::1 dev eth0 metric 1024 pref medium",
    ]);
    expect(lines(nodes.near, "ip -6 route get fd00:56::12")).toEqual([
      "fd00:56::12 from :: dev eth0 proto kernel src fd00:56::11 metric 256 pref medium",
    ]);
    expect(lines(nodes.pod(1), "ip -br -6 addr")[1]).toMatch(/^eth0@if6 +UP +fd00:10:244:1::2\/64 fe80::/);
  });

  test("ping over IPv6", () => {
    expect(nodes.near.run(["ping", "-c", "1", "fd00:56::12"]).stdout).toMatch(
      /^PING fd00:56::12\(fd00:56::12\) 56 data bytes\n64 bytes from fd00:56::12: icmp_seq=1 ttl=64 time=/,
    );
  });
});
