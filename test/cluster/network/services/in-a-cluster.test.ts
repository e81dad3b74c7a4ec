import { describe, expect, test } from "vitest";
import type { EndpointSlice, Node, Service } from "../../../../src/kinds/types/core.ts";
import { makeLab } from "../../kubelet/setup.ts";

type Lab = ReturnType<typeof makeLab>;
const hosts = [
  { name: "cp", role: "control-plane" },
  { name: "w1", role: "worker" },
  { name: "w2", role: "worker" },
  { name: "base", role: "none" },
] as const;

const agnhost = (name: string, node: string, more = "", container = "") => `apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: web } }
spec:
  nodeName: ${node}
${more}
  containers:
  - { name: c, image: "registry.k8s.io/e2e-test-images/agnhost:2.53", args: [netexec, --http-port=8080]${container} }
`;
const client = (name: string, node: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\nspec: { nodeName: ${node}, containers: [{ name: c, image: curlimages/curl:8.10.1, command: [sleep, "100000"] }] }\n`;
const serviceOf = (name: string, spec: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: ${name} }\nspec: { ${spec} }\n`;
const selected = "selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }]";

function settled(seed: string): Lab {
  const lab = makeLab(hosts, seed);
  for (const text of [agnhost("a", "w1"), agnhost("b", "w2"), client("c1", "w1"), client("c2", "w2")]) lab.apply(text);
  for (const name of ["a", "b", "c1", "c2"]) lab.wait(name, "1/1 Running", 90);
  return lab;
}

const clusterIp = (lab: Lab, name: string) => lab.api.get<Service>("services", "default", name)?.spec.clusterIP ?? "";
const podIp = (lab: Lab, name: string) => lab.pod(name).status?.podIP ?? "";
const from = (lab: Lab, pod: string, url: string) => lab.sh("cp", `kubectl exec ${pod} -- curl -s -m 5 ${url}`).stdout;
const names = (lab: Lab, pod: string, url: string) =>
  [...new Set(Array.from({ length: 12 }, () => from(lab, pod, url)))].sort().join(" ");

describe("a cluster with pods on two nodes", () => {
  const lab = settled("services");
  const address = (text: string) => text.replace(/:\d+$/, "");

  test("what servers see: pods as they are, nodes by the interface on the way", () => {
    lab.apply(serviceOf("web", `type: NodePort, ${selected.replace("port: 80,", "port: 80, nodePort: 30080,")}`));
    lab.api.create({
      ...(lab.api.get<Service>("services", "default", "web") as Service),
      metadata: { name: "only-b", namespace: "default" },
      spec: { ports: [{ port: 80, targetPort: 8080, protocol: "TCP" }] },
    } as Service);
    lab.sh(
      "cp",
      `kubectl apply -f - <<'EOF'
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: only-b-1, labels: { kubernetes.io/service-name: only-b } }
addressType: IPv4
endpoints: [{ addresses: [${podIp(lab, "b")}], nodeName: w2 }]
ports: [{ port: 8080, protocol: TCP }]
EOF`,
    );
    lab.world.advance(2);
    const url = `http://${clusterIp(lab, "only-b")}/clientip`;
    expect(address(from(lab, "c1", url))).toBe(podIp(lab, "c1"));
    expect(address(lab.sh("w1", `curl -s ${url}`).stdout)).toMatch(/^10\.244\.\d\.0$/);
    expect(address(lab.sh("w2", `curl -s ${url}`).stdout)).toMatch(/^10\.244\.\d\.1$/);
    expect(address(lab.sh("base", "curl -s http://192.168.56.11:30080/clientip").stdout)).toMatch(
      /^10\.244\.\d\.[01]$/,
    );
    expect(address(from(lab, "c1", `http://${podIp(lab, "b")}:8080/clientip`))).toBe(podIp(lab, "c1"));
  });

  test("Endpoints by hand for a Service without a selector", () => {
    lab.apply(serviceOf("outside", "ports: [{ port: 80, targetPort: 8080 }]"));
    expect(lab.sh("w1", `curl -s -o /dev/null http://${clusterIp(lab, "outside")}/`).status).toBe(7);
    lab.sh(
      "cp",
      `kubectl apply -f - <<'EOF'
apiVersion: v1
kind: Endpoints
metadata: { name: outside }
subsets: [{ addresses: [{ ip: ${podIp(lab, "a")} }], ports: [{ port: 8080 }] }]
EOF`,
    );
    lab.world.advance(3);
    expect(from(lab, "c2", `http://${clusterIp(lab, "outside")}/hostname`)).toBe("a");
  });

  test("trafficDistribution: hints are written, and each node keeps to its own", () => {
    for (const [node, zone] of [
      ["w1", "east"],
      ["w2", "west"],
    ] as const)
      lab.api.modify<Node>(lab.api.get<Node>("nodes", undefined, node) as Node, (now) => ({
        ...now,
        metadata: { ...now.metadata, labels: { ...now.metadata.labels, "topology.kubernetes.io/zone": zone } },
      }));
    lab.apply(serviceOf("near", `${selected}, trafficDistribution: PreferSameZone`));
    lab.apply(serviceOf("own", `${selected}, trafficDistribution: PreferSameNode`));
    lab.world.advance(3);
    const hints = (name: string) =>
      lab.api
        .list<EndpointSlice>("endpointslices.discovery.k8s.io", "default")
        .filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === name)
        .flatMap(({ endpoints }) => (endpoints ?? []).map((one) => `${one.nodeName} ${JSON.stringify(one.hints)}`))
        .sort();
    expect(hints("near")).toEqual(['w1 {"forZones":[{"name":"east"}]}', 'w2 {"forZones":[{"name":"west"}]}']);
    expect(hints("own")).toEqual([
      'w1 {"forZones":[{"name":"east"}],"forNodes":[{"name":"w1"}]}',
      'w2 {"forZones":[{"name":"west"}],"forNodes":[{"name":"w2"}]}',
    ]);
    for (const name of ["near", "own"]) {
      const url = `http://${clusterIp(lab, name)}/hostname`;
      expect([names(lab, "c1", url), names(lab, "c2", url)]).toEqual(["a", "b"]);
    }
    expect(names(lab, "c1", `http://${clusterIp(lab, "web")}/hostname`)).toBe("a b");
  });

  test("publishNotReadyAddresses: what is not ready answers, too", () => {
    lab.apply(
      agnhost("slow", "w1", "", ', readinessProbe: { exec: { command: ["false"] } }').replace("app: web", "app: slow"),
    );
    lab.wait("slow", "0/1 Running", 60);
    lab.apply(serviceOf("ready-only", selected.replace("app: web", "app: slow")));
    lab.apply(serviceOf("all", `${selected.replace("app: web", "app: slow")}, publishNotReadyAddresses: true`));
    lab.world.advance(2);
    expect(lab.sh("w2", `curl -s http://${clusterIp(lab, "ready-only")}/`).status).toBe(7);
    expect(lab.sh("w2", `curl -s http://${clusterIp(lab, "all")}/hostname`).stdout).toBe("slow");
  });

  test("ports by name, to ports that pods name themselves", () => {
    lab.apply(
      agnhost("named", "w2", "", ", ports: [{ name: api, containerPort: 8080 }]").replace("app: web", "app: named"),
    );
    lab.wait("named", "1/1 Running", 60);
    lab.apply(
      serviceOf(
        "named",
        "selector: { app: named }, ports: [{ name: http, port: 80, targetPort: api }, { name: none, port: 81, targetPort: missing }]",
      ),
    );
    lab.world.advance(2);
    expect(from(lab, "c1", `http://${clusterIp(lab, "named")}/hostname`)).toBe("named");
    expect(lab.sh("w1", `curl -s http://${clusterIp(lab, "named")}:81/`).status).toBe(7);
  });

  test("the kubelet's probes come from the node's bridge", () => {
    lab.apply(`apiVersion: v1
kind: Pod
metadata: { name: probed }
spec: { nodeName: w1, containers: [{ name: c, image: nginx:1.27, readinessProbe: { httpGet: { path: /, port: 80 } } }] }
`);
    lab.wait("probed", "1/1 Running", 60);
    const gateway = podIp(lab, "probed").replace(/\.\d+$/, ".1");
    expect(lab.sh("cp", "kubectl logs probed").stdout).toContain(`${gateway} - - `);
  });

  test("a pod that ends still serves where it is the last (KEP-1669)", () => {
    lab.apply(
      agnhost(
        "last",
        "w1",
        "  terminationGracePeriodSeconds: 60",
        ', lifecycle: { preStop: { exec: { command: ["sleep", "50"] } } }',
      ).replace("app: web", "app: last"),
    );
    lab.wait("last", "1/1 Running", 60);
    lab.apply(serviceOf("last", selected.replace("app: web", "app: last")));
    lab.world.advance(2);
    lab.delete("last");
    lab.world.advance(5);
    expect(from(lab, "c2", `http://${clusterIp(lab, "last")}/hostname`)).toBe("last");
    lab.world.advance(60);
    expect(lab.sh("w2", `curl -s http://${clusterIp(lab, "last")}/`).status).toBe(7);
  });

  test("a node port that another Service has, and one out of range", () => {
    const make = (port: number) =>
      lab.sh("cp", `kubectl create service nodeport again --tcp=80:8080 --node-port=${port}`).stderr;
    expect(make(30080)).toBe(
      'error: failed to create NodePort service: Service "again" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated\n',
    );
    expect(make(80)).toBe(
      'error: failed to create NodePort service: Service "again" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767\n',
    );
  });

  test("another range of cluster IPs: new Services take from it, and are served; it cannot go while it is in use", () => {
    lab.sh(
      "cp",
      `kubectl apply -f - <<'EOF'
apiVersion: networking.k8s.io/v1
kind: ServiceCIDR
metadata: { name: more }
spec: { cidrs: [10.200.0.0/24] }
EOF`,
    );
    lab.world.advance(2);
    lab.apply(serviceOf("other-range", `${selected}, clusterIP: 10.200.0.50`));
    lab.world.advance(2);
    expect(from(lab, "c1", "http://10.200.0.50/hostname")).toMatch(/^[ab]$/);
    lab.sh("cp", "kubectl delete servicecidr more --wait=false");
    lab.world.advance(30);
    expect(lab.sh("cp", "kubectl get servicecidr more").stdout).toContain("more");
    lab.sh("cp", "kubectl delete service other-range");
    lab.world.advance(12);
    expect(lab.sh("cp", "kubectl get servicecidr more").stderr).toContain("not found");
  });

  test("kube-proxy is gone: the rules stay as they were, on iptables-save, too", () => {
    const before = lab.sh("w1", "iptables-save -t nat").stdout.replace(/^#.*$/gm, "");
    lab.sh("cp", "kubectl -n kube-system delete daemonset kube-proxy");
    lab.world.advance(40);
    lab.apply(serviceOf("late", selected));
    lab.world.advance(2);
    expect(lab.sh("w1", "iptables-save -t nat").stdout.replace(/^#.*$/gm, "")).toBe(before);
    expect(before).toContain('--comment "default/web cluster IP"');
    expect(from(lab, "c1", `http://${clusterIp(lab, "web")}/hostname`)).toMatch(/^[ab]$/);
    expect(lab.sh("w1", `curl -m 5 -s http://${clusterIp(lab, "late")}/`).status).toBe(28);
  });
});

test("--service-node-port-range and --service-cluster-ip-range", () => {
  const lab = makeLab(hosts.slice(0, 2), "ranges");
  lab.sh(
    "cp",
    "sed -i 's|- --service-cluster-ip-range=.*|&\\n    - --service-node-port-range=80-32767|' /etc/kubernetes/manifests/kube-apiserver.yaml",
  );
  lab.world.advance(60);
  expect(lab.sh("cp", "kubectl create service nodeport low --tcp=80 --node-port=80").stdout).toBe(
    "service/low created\n",
  );
  expect(
    lab.sh(
      "cp",
      "kubectl create service nodeport free --tcp=81; kubectl get svc free -o jsonpath={.spec.ports[0].nodePort}",
    ).stdout,
  ).toMatch(/created\n\d+$/);
});
