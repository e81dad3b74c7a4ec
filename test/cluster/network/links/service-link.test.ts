import { expect, test } from "vitest";
import { linksOf } from "../../../../src/cluster/network/links/links.ts";
import { service, smallWorld } from "../small-world.ts";

const services = [
  service("web", { clusterIP: "10.96.0.5", externalIPs: ["203.0.113.7"], ports: [{ port: 80 }, { port: 81 }] }),
];
const links = (mode: "ipvs" | "iptables" | "nftables") =>
  linksOf(smallWorld({ services, settings: { mode } }).machine("cp"));

test("mode ipvs gives addresses of Services to a link of its own, which is down", () => {
  const last = links("ipvs").at(-1);
  expect(last).toMatchObject({ name: "kube-ipvs0", kind: "dummy", flags: ["BROADCAST", "NOARP"], state: "DOWN" });
  expect(last?.addresses.map(({ address, prefix }) => `${address}/${prefix}`)).toEqual([
    "10.96.0.5/32",
    "203.0.113.7/32",
  ]);
  expect(links("ipvs").map(({ index }) => index)).toEqual(links("ipvs").map((_, place) => place + 1));
});

test.each(["iptables", "nftables"] as const)("mode %s has none", (mode) => {
  expect(links(mode).map(({ name }) => name)).not.toContain("kube-ipvs0");
});
