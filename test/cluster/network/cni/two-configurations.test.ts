import { expect, test } from "vitest";
import { makeLab } from "../../kubelet/setup.ts";

const hosts = [
  { name: "cp", role: "control-plane" },
  { name: "w1", role: "worker" },
  { name: "w2", role: "worker" },
] as const;
const other = `cat > /etc/cni/net.d/05-other.conflist <<'END'
{"name":"other","cniVersion":"1.0.0","plugins":[{"type":"bridge","bridge":"cni9","isGateway":true,"ipam":{"type":"host-local","ranges":[[{"subnet":"10.99.0.0/24"}]]}}]}
END`;
const pod = (name: string, node: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\nspec: { nodeName: ${node}, containers: [{ name: c, image: nginx }] }\n`;

test("the first of two configurations is taken; what it gives is known on its own node alone", () => {
  const lab = makeLab(hosts, "two");
  lab.apply(pod("before", "w1"));
  lab.wait("before", "1/1 Running", 60);
  lab.sh("w1", other);
  lab.apply(pod("behind", "w1"));
  lab.apply(pod("far", "w2"));
  for (const name of ["behind", "far"]) lab.wait(name, "1/1 Running", 60);
  const { podIP = "" } = lab.pod("behind").status ?? {};
  expect(podIP).toMatch(/^10\.99\.0\.\d+$/);
  const ask = `curl -s -m 2 -o /dev/null -w '%{http_code}' http://${podIP}`;
  expect(lab.sh("w1", ask).stdout).toBe("200");
  expect(lab.sh("cp", `kubectl exec before -- ${ask}`).stdout).toBe("200");
  expect(lab.sh("w2", ask)).toMatchObject({ stdout: "000", status: 28 });
  expect(lab.sh("cp", `kubectl exec far -- ${ask}`).stdout).toBe("000");
});
