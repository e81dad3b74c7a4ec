import { expect, test } from "vitest";
import { nodeRangeProblem } from "../../../src/cluster/controllers/node-ipam.ts";
import type { Node } from "../../../src/kinds/types/core.ts";
import { busybox, makeLab } from "../kubelet/setup.ts";
import { world } from "./setup.ts";

const node = (name: string, ...podCIDRs: string[]): Node => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name },
  spec: podCIDRs.length > 0 ? { podCIDR: podCIDRs[0] ?? "", podCIDRs } : {},
});
const nodes = () => [node("cp", "10.244.0.0/24"), node("w1")];
const flags = (range: string, more: Record<string, string> = {}) => ({
  "allocate-node-cidrs": "true",
  "cluster-cidr": range,
  ...more,
});

test.each([
  ["10.244.0.0/16", undefined],
  ["10.244.0.0/33", "invalid CIDR[0]: <nil> (invalid CIDR address: 10.244.0.0/33)"],
  ["10.244.0.0/16,fd00::/x", "invalid CIDR[1]: <nil> (invalid CIDR address: fd00::/x)"],
  [
    "10.244.0.0/28",
    "Controller: Invalid --cluster-cidr, mask size of cluster CIDR must be less than or equal to --node-cidr-mask-size configured for CIDR family",
  ],
  [
    "10.99.0.0/16",
    "failed to mark cidr[10.244.0.0/24] at idx [0] as occupied for node: cp: cidr 10.244.0.0/24 is out the range of cluster cidr 10.99.0.0/16",
  ],
])("--cluster-cidr=%s of nodes that have parts of 10.244.0.0/16", (range, problem) => {
  expect(nodeRangeProblem(flags(range), nodes)).toBe(problem);
  expect(nodeRangeProblem({ ...flags(range), "allocate-node-cidrs": "false" }, nodes)).toBeUndefined();
});

test("no node gets a part in which cluster IPs lie", () => {
  const w = world({ flags: flags("10.96.0.0/22", { "service-cluster-ip-range": "10.96.0.0/23" }) });
  w.api.create(node("w1"));
  w.settle();
  expect(w.api.get<Node>("nodes", undefined, "w1")?.spec.podCIDR).toBe("10.96.2.0/24");
});

test("the controller manager does not begin with another range than the nodes have; mended, it does", () => {
  const lab = makeLab();
  const manifest = "/etc/kubernetes/manifests/kube-controller-manager.yaml";
  lab.sh("cp", `sed -i s,cluster-cidr=10.244.0.0/16,cluster-cidr=10.99.0.0/16, ${manifest}`);
  const log = () => lab.sh("cp", "kubectl -n kube-system logs kube-controller-manager-cp").stdout;
  lab.until(
    "it says so",
    () => log().includes('"Error building controllers" err="failed to mark cidr[10.244.0.0/24]'),
    90,
  );
  lab.sh("cp", `sed -i s,cluster-cidr=10.99.0.0/16,cluster-cidr=10.244.0.0/16, ${manifest}`);
  lab.until(
    "it leads",
    () => log().includes("successfully acquired lease") || log().includes("Successfully acquired"),
    120,
  );
  lab.apply(busybox("p", "sleep 1000"));
  lab.wait("p", "1/1 Running", 60);
});
