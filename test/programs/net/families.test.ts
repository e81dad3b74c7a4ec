import { expect, test } from "vitest";
import type { Service } from "../../../src/kinds/types/core.ts";
import { makeLab } from "../../cluster/kubelet/setup.ts";

const manifests = `apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec: { containers: [{ name: c, image: registry.k8s.io/e2e-test-images/agnhost:2.53, args: [netexec, --http-port=8080] }] }
---
apiVersion: v1
kind: Service
metadata: { name: both }
spec: { ipFamilyPolicy: RequireDualStack, selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: four }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: client }
spec: { containers: [{ name: c, image: nicolaka/netshoot, command: [sleep, "9999"] }] }
`;

test("a name of two families answers by the one that is asked for, and backwards by its IPv6 address", () => {
  const dual = { podCIDR: "10.244.0.0/16,fd00:10:244::/56", serviceCIDR: "10.96.0.0/16,fd00:10:96::/112" };
  const lab = makeLab(undefined, "families", dual);
  lab.apply(manifests);
  for (const name of ["web", "client"]) lab.wait(name, "1/1 Running", 60);
  const run = (line: string) => lab.sh("cp", `kubectl exec client -- ${line}`);
  expect(run("curl -s http://both/clientip").stdout).toMatch(/^10\.244\.[\d.]+:\d+$/);
  expect(run("curl -s -6 http://both/clientip").stdout).toMatch(/^\[fd00:10:244:[\da-f:]+\]:\d+$/);
  expect(run("curl -sS -6 http://four/clientip").stderr).toContain("curl: (6) Could not resolve host: four\n");
  const { clusterIPs = [] } = lab.api.get<Service>("services", "default", "both")?.spec ?? {};
  expect(run(`dig +short -x ${clusterIPs[1]}`).stdout).toBe("both.default.svc.cluster.local.\n");
});
