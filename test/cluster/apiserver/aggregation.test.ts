import { beforeAll, describe, expect, test } from "vitest";
import { metricsServer } from "../../../src/cluster/kubeadm/addons/metrics-server.ts";
import { conditionOf } from "../../../src/kinds/labels.ts";
import type { ApiService } from "../../../src/kinds/types/aggregation.ts";
import { root } from "../../../src/machine/define-files.ts";
import { type Lab, makeLab } from "../kubelet/setup.ts";

const NAME = "v1beta1.metrics.k8s.io";

function available(lab: Lab): string {
  const service = lab.api.get<ApiService>("apiservices.apiregistration.k8s.io", undefined, NAME);
  const condition = service && conditionOf(service, "Available");
  return `${condition?.status} ${condition?.reason}: ${condition?.message}`;
}

function installed(insecure: boolean): Lab {
  const lab = makeLab();
  lab.host("cp").files.write("/root/components.yaml", metricsServer(insecure), root);
  lab.sh("cp", "kubectl apply -f /root/components.yaml");
  return lab;
}

describe("what a fresh API server registers (kubectl get apiservices, 1.35)", () => {
  test("one local APIService for each version it serves, which is available at once", () => {
    const lab = makeLab();
    const services = lab.api.list<ApiService>("apiservices.apiregistration.k8s.io");
    const versions = new Set(lab.api.kinds().map(({ group, version }) => `${version}.${group}`));
    for (const { metadata } of services) expect(versions).toContain(metadata.name);
    for (const name of ["v1.", "v1.apps", "v1.rbac.authorization.k8s.io", "v2.autoscaling"])
      expect(services.map(({ metadata }) => metadata.name)).toContain(name);
    expect(services.map(({ metadata }) => metadata.name)).not.toContain("v1.apiregistration.k8s.io");
    for (const service of services) expect(conditionOf(service, "Available")?.reason).toBe("Local");
  });
});

describe("availability (kube-aggregator remote_available_controller.go, 1.35)", () => {
  test("follows the Service, its port, its endpoints, and what its server answers", () => {
    const lab = makeLab();
    const spec = { group: "metrics.k8s.io", version: "v1beta1", groupPriorityMinimum: 100, versionPriority: 100 };
    lab.api.create<ApiService>({
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      metadata: { name: NAME },
      spec: { ...spec, insecureSkipTLSVerify: true, service: { name: "ms", namespace: "default" } },
    });
    lab.world.advance(1);
    expect(available(lab)).toBe('False ServiceNotFound: service/ms in "default" is not present');
    lab.apply(`apiVersion: v1
kind: Service
metadata: {name: ms}
spec: {selector: {app: ms}, ports: [{name: web, port: 8443, targetPort: 80}]}`);
    lab.world.advance(1);
    expect(available(lab)).toBe('False ServicePortError: service/ms in "default" is not listening on port 443');
    lab.sh("cp", `kubectl patch svc ms --type json -p '[{"op":"replace","path":"/spec/ports/0/port","value":443}]'`);
    lab.world.advance(1);
    expect(available(lab)).toBe(
      'False MissingEndpoints: endpointslices for service/ms in "default" have no addresses with port name "web"',
    );
    lab.sh("cp", "kubectl run ms --image=nginx --labels=app=ms");
    lab.wait("ms", "1/1 Running");
    lab.world.advance(2);
    expect(available(lab)).toMatch(
      /^False FailedDiscoveryCheck: failing or missing response from (https:\/\/[\d.]+:443\/apis\/metrics\.k8s\.io\/v1beta1): Get "\1": http: server gave HTTP response to HTTPS client$/,
    );
    expect(lab.sh("cp", "kubectl top node").stderr).toBe("error: Metrics API not available\n");
  });
});

describe("metrics-server 0.8", () => {
  let lab: Lab;
  beforeAll(() => {
    lab = installed(true);
    lab.until("its API is available", () => available(lab).startsWith("True Passed: all checks passed"), 90);
  });

  test("measures nodes: what runs on them, and the system", () => {
    const [, cp = "", w1 = ""] = lab.sh("cp", "kubectl top node").stdout.split("\n");
    expect(cp).toMatch(/^cp {5}\d+m {9}\d+% +\d+Mi +\d+%$/);
    expect(w1).toMatch(/^w1 {5}\d+m {10}\d+% +\d+Mi +\d+%$/);
    expect(Number(/(\d+)m/.exec(cp)?.[1])).toBeGreaterThan(Number(/(\d+)m/.exec(w1)?.[1]));
  });

  test("a loop takes a core, or what its limit leaves it; an idle pod takes nothing", () => {
    lab.apply(`apiVersion: v1
kind: Pod
metadata: {name: limited}
spec: {containers: [{name: c, image: busybox, command: [sh, -c, "while :; do :; done"], resources: {limits: {cpu: 100m}}}]}`);
    lab.sh("cp", "kubectl run idle --image=busybox -- sleep 3600");
    lab.wait("limited", "1/1 Running");
    lab.wait("idle", "1/1 Running");
    expect(lab.sh("cp", "kubectl top pod").stderr).toBe("error: metrics not available yet\n");
    expect(lab.sh("cp", "kubectl top pod idle").stderr).toBe(
      'Error from server (NotFound): podmetrics.metrics.k8s.io "default/idle" not found\n',
    );
    lab.world.advance(31);
    expect(lab.sh("cp", "kubectl top pod --sort-by=cpu").stdout).toBe(
      "NAME      CPU(cores)   MEMORY(bytes)\nlimited   100m         0Mi\nidle      0m           0Mi\n",
    );
    expect(lab.sh("cp", "kubectl top pod -l run=idle --containers --no-headers").stdout).toBe(
      "idle   idle   0m    0Mi\n",
    );
  });

  test("what it may not read it does not know; the API server refuses in its place whoever may not ask", () => {
    expect(lab.sh("cp", "kubectl top node --as ann").stderr).toMatch(
      /^Error from server \(Forbidden\): nodes\.metrics\.k8s\.io is forbidden: User "ann" cannot list resource "nodes"/,
    );
    const page = "curl -sk https://192.168.56.11:10250/metrics/resource";
    expect(lab.sh("cp", page).stdout).toBe("Unauthorized");
  });

  test("without its pod the API is not there", () => {
    lab.sh("cp", "kubectl -n kube-system scale deploy metrics-server --replicas=0");
    lab.until("its API is away", () => available(lab).startsWith("False MissingEndpoints"), 60);
    expect(lab.sh("cp", "kubectl top pod -A").stderr).toBe("error: Metrics API not available\n");
    expect(lab.sh("cp", "kubectl get --raw /apis/metrics.k8s.io/v1beta1/nodes").stderr).toBe(
      "Error from server (ServiceUnavailable): the server is currently unable to handle the request\n",
    );
  });
});

test("without --kubelet-insecure-tls it does not trust kubeadm's kubelets, and never gets ready", () => {
  const lab = installed(false);
  lab.world.advance(90);
  const pods = "kubectl -n kube-system get pods -l k8s-app=metrics-server --no-headers";
  expect(lab.sh("cp", pods).stdout).toMatch(/^metrics-server-\S+ +0\/1 +Running +0 +90s\n$/);
  const log = lab.sh("cp", "kubectl -n kube-system logs deploy/metrics-server").stdout;
  expect(log).toContain(
    '"Failed to scrape node" err="Get \\"https://192.168.56.10:10250/metrics/resource\\": tls: failed to verify certificate: x509: cannot validate certificate for 192.168.56.10 because it doesn\'t contain any IP SANs" node="cp"',
  );
  expect(log).toContain('"Failed probe" probe="metric-storage-ready" err="no metrics to serve"');
  lab.sh(
    "cp",
    `kubectl -n kube-system patch deploy metrics-server --type json -p '[{"op":"add","path":"/spec/template/spec/containers/0/args/-","value":"--kubelet-insecure-tls"}]'`,
  );
  lab.until("its API is available", () => available(lab).startsWith("True"), 90);
});
