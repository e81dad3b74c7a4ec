import { describe, expect, test } from "vitest";
import { makeLab } from "../../kubelet/setup.ts";

const hosts = [
  { name: "cp", role: "control-plane" },
  { name: "w1", role: "worker" },
  { name: "w2", role: "worker" },
] as const;

const manifest = `{apiVersion: v1, kind: Pod, metadata: {name: web, labels: {app: web}}, spec: {nodeName: w2, containers: [{name: c, image: nginx, readinessProbe: {httpGet: {port: 80}, periodSeconds: 2}}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, nodePort: 30080}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: client, labels: {app: client}}, spec: {nodeName: w1, containers: [{name: c, image: "busybox:1.36", command: [sleep, "10000"]}]}}
`;

describe.each(["calico", "cilium"] as const)("what a candidate sees with %s", (cni) => {
  const lab = makeLab(hosts, `candidate-${cni}`, { cni });
  lab.apply(manifest);
  lab.wait("web", "1/1 Running", 60);
  lab.wait("client", "1/1 Running", 60);
  lab.world.advance(2);

  const policy = (name: string, spec: string) => {
    lab.apply(
      `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: ${name}, namespace: default}, spec: ${spec}}`,
    );
    lab.world.advance(0.1);
  };
  /** What a line prints in the client, its errors, and the seconds that it takes. */
  const client = (...words: string[]): readonly [stdout: string, stderr: string, seconds: number] => {
    const before = lab.now();
    const { stdout, stderr } = lab.exec("client", words);
    return [stdout, stderr, Math.round(lab.now() - before)];
  };
  const page = (): string => {
    const [stdout, stderr, seconds] = client("wget", "-q", "-T", "3", "-O", "-", "http://web");
    return stdout.includes("Welcome to nginx") ? "page" : `${stderr.trim()} after ${seconds} s`;
  };
  const fromHost = (host: string, url: string) =>
    lab.sh(host, `curl -s -m 3 -o /dev/null -w '%{http_code}' ${url}`).stdout;

  test("without policies the page comes", () => {
    expect(page()).toBe("page");
    expect(fromHost("cp", "http://192.168.56.12:30080")).toBe("200");
  });
  test("denied ingress: silence, as long as the client waits; the pod's own node still gets in", () => {
    policy("deny-ingress", "{podSelector: {matchLabels: {app: web}}}");
    expect(page()).toBe("wget: download timed out after 3 s");
    expect(fromHost("cp", "http://192.168.56.11:30080")).toBe("000");
    expect(fromHost("w2", `http://${lab.pod("web").status?.podIP}`)).toBe("200");
    lab.world.advance(20);
    expect(lab.shown("web")).toBe("1/1 Running");
  });
  test("an address that nobody has refuses nobody: the reason tells the policy", () => {
    const found = lab.world.network.dial(lab.host("w1"), lab.pod("web").status?.podIP ?? "", 80);
    expect("because" in found && found.because).toBe(
      "NetworkPolicy default/deny-ingress selects pod default/web and allows no ingress",
    );
  });
  test("ingress from the client is allowed", () => {
    policy(
      "from-client",
      "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: client}}}], ports: [{port: 80}]}]}",
    );
    expect(page()).toBe("page");
  });
  test("denied egress: names are not found, after the resolver has waited", () => {
    policy("deny-egress", "{podSelector: {matchLabels: {app: client}}, policyTypes: [Egress]}");
    const [, stderr, seconds] = client("wget", "-q", "-T", "3", "-O", "-", "http://web");
    expect(stderr).toContain("bad address 'web'");
    expect(seconds).toBeGreaterThanOrEqual(5);
  });
  test("DNS alone helps to the name, not to the page", () => {
    policy(
      "dns",
      "{podSelector: {matchLabels: {app: client}}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}], ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]}]}",
    );
    expect(page()).toBe("wget: download timed out after 3 s");
    const [stdout] = client("nslookup", "web.default.svc.cluster.local");
    expect(stdout).toContain("Name:\tweb.default.svc.cluster.local");
  });
  test("egress to the service's pods, at their port, opens the way", () => {
    policy(
      "to-web",
      "{podSelector: {matchLabels: {app: client}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]}",
    );
    expect(page()).toBe("page");
  });
  test("a label that is taken away closes it", () => {
    lab.sh("cp", "kubectl label pod web app-");
    lab.sh("cp", "kubectl label pod client app=other --overwrite");
    lab.world.advance(0.1);
    // No policy selects them any more; but the service has lost its endpoint.
    expect(lab.world.network.dial(lab.host("w1"), lab.pod("web").status?.podIP ?? "", 80)).toHaveProperty("listener");
    expect(page()).toMatch(/^wget: can't connect to remote host .*: Connection refused after 0 s$/);
  });
});

test("blocks of Cilium mean nobody of the cluster, those of Calico everybody", () => {
  for (const cni of ["calico", "cilium"] as const) {
    const lab = makeLab(hosts, `blocks-${cni}`, { cni });
    lab.apply(manifest);
    lab.wait("web", "1/1 Running", 60);
    lab.wait("client", "1/1 Running", 60);
    lab.apply(
      "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: all, namespace: default}, spec: {podSelector: {matchLabels: {app: web}}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}}",
    );
    lab.world.advance(2);
    const { stdout } = lab.exec("client", ["wget", "-q", "-T", "3", "-O", "-", "http://web"]);
    expect(stdout.includes("Welcome to nginx")).toBe(cni === "calico");
    const { stdout: code } = lab.sh(
      "cp",
      `curl -s -m 3 -o /dev/null -w '%{http_code}' http://${lab.pod("web").status?.podIP}`,
    );
    expect(code).toBe(cni === "calico" ? "200" : "000");
  }
});

test("a block of clients outside: what the service's traffic policy leaves of their addresses", () => {
  const lab = makeLab([...hosts, { name: "outside", role: "none" }], "outside", { cni: "calico" });
  lab.apply(manifest);
  lab.wait("web", "1/1 Running", 60);
  const policy = (cidr: string) =>
    lab.sh(
      "cp",
      `kubectl apply -f - <<X\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: outside}, spec: {podSelector: {matchLabels: {app: web}}, ingress: [{from: [{ipBlock: {cidr: ${cidr}}}]}]}}\nX`,
    );
  const asked = () =>
    ["192.168.56.11", "192.168.56.12"].map(
      (node) => lab.sh("outside", `curl -s -m 2 -o /dev/null -w '%{http_code}' http://${node}:30080`).stdout,
    );
  expect(policy("192.168.56.13/32").status).toBe(0);
  lab.world.advance(1);
  // The other node hides the client behind its own address; on the pod's own node the policy comes first.
  expect(asked()).toEqual(["000", "200"]);
  lab.sh("cp", `kubectl patch svc web -p '{"spec":{"externalTrafficPolicy":"Local"}}'`);
  lab.world.advance(1);
  expect(asked()).toEqual(["000", "200"]);
  policy("192.168.56.13/32, except: []}}, {ipBlock: {cidr: 10.244.0.0/16");
  lab.sh("cp", `kubectl patch svc web -p '{"spec":{"externalTrafficPolicy":"Cluster"}}'`);
  lab.world.advance(1);
  // The other node speaks by its tunnel's address, which is one of the pods' range.
  expect(asked()).toEqual(["200", "200"]);
  policy("203.0.113.0/24");
  lab.world.advance(1);
  expect(asked()).toEqual(["000", "000"]);
});
