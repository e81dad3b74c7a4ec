import { expect, test } from "vitest";
import { serviceRangeFault } from "../../../src/cluster/apiserver/service-range-fault.ts";
import { makeLab } from "../kubelet/setup.ts";

test.each([
  ["10.96.0.0/12", undefined],
  ["10.96.0.0/16,fd00:10:96::/112", undefined],
  ["10.96.0.0/33", "service-cluster-ip-range[0] is not a valid cidr"],
  ["10.96.0.0", "service-cluster-ip-range[0] is not a valid cidr"],
  ["10.96.0.0/16,x", "service-cluster-ip-range[1] is not an ip net"],
  [
    "10.96.0.0/30",
    "error determining service IP ranges for primary service cidr: the service cluster IP range must be at least 8 IP addresses",
  ],
  [
    "10.96.0.0/16,10.97.0.0/16",
    "--service-cluster-ip-range[0] and --service-cluster-ip-range[1] must be of different IP family",
  ],
  ["10.96.0.0/16,fd00::/112,10.97.0.0/16", "--service-cluster-ip-range must not contain more than two entries"],
])("--service-cluster-ip-range=%s", (range, fault) => {
  expect(serviceRangeFault({ "service-cluster-ip-range": range })).toBe(fault);
});

test("a server with such a flag ends, and says why", () => {
  const lab = makeLab();
  const manifest = "/etc/kubernetes/manifests/kube-apiserver.yaml";
  lab.sh("cp", `sed -i 's|service-cluster-ip-range=.*|service-cluster-ip-range=10.96.0.0/33|' ${manifest}`);
  const log = () => lab.sh("cp", "cat /var/log/pods/kube-system_kube-apiserver-cp_*/kube-apiserver/*.log").stdout;
  lab.until(
    "it says so",
    () => log().includes('"command failed" err="service-cluster-ip-range[0] is not a valid cidr"'),
    60,
  );
  expect(lab.world.door()).toBeUndefined();
});
