import { expect, test } from "vitest";
import { RUNTIME_PART, type Runtime } from "../../../src/cluster/kubelet/runtime/runtime.ts";
import type { ConfigMap, Service } from "../../../src/kinds/types/core.ts";
import type { Machine } from "../../../src/machine/machine.ts";
import { busybox, makeLab } from "../kubelet/setup.ts";

type Lab = ReturnType<typeof makeLab>;
const hosts = [
  { name: "cp", role: "control-plane" },
  { name: "w1", role: "worker" },
  { name: "w2", role: "worker" },
] as const;

const web = (replicas = 2, name = "web") => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec: { replicas: ${replicas}, selector: { matchLabels: { app: ${name} } }, template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: c, image: registry.k8s.io/e2e-test-images/agnhost:2.53, args: [netexec, --http-port=8080] }] } } }
`;
const serviceOf = (name: string, spec: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: ${name} }\nspec: ${spec}\n`;

/** The machine of a pod's first container. */
function inside(lab: Lab, node: string, pod: string): Machine {
  const runtime = lab.host(node).parts.get(RUNTIME_PART) as Runtime;
  const machine = runtime.containersOf(lab.pod(pod).metadata.uid ?? "").at(-1)?.machine;
  if (!machine) throw new Error(`no container of ${pod}`);
  return machine;
}

/** What GET answers, or why nobody does. */
function get(lab: Lab, from: Machine, address: string, port: number, path = "/hostname"): string {
  const dialled = lab.world.network.dial(from, address, port);
  if ("failed" in dialled) return dialled.failed;
  const answer = dialled.listener.http?.({ method: "GET", path, headers: { host: address } });
  return `${answer?.status} ${answer?.body}`;
}

function settled(): Lab {
  const lab = makeLab(hosts, "traffic");
  lab.apply(web());
  lab.apply(
    serviceOf(
      "web",
      "{ selector: { app: web }, type: NodePort, ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }] }",
    ),
  );
  lab.apply(
    serviceOf("headless", "{ selector: { app: web }, clusterIP: None, ports: [{ port: 80, targetPort: 8080 }] }"),
  );
  lab.apply(serviceOf("nobody", "{ selector: { app: nobody }, ports: [{ port: 80 }] }"));
  lab.apply(busybox("client", "sleep 100000"));
  lab.wait("client", "1/1 Running", 60);
  lab.until(
    "web runs",
    () =>
      lab.api
        .list("pods", "default")
        .filter((p) => p.metadata.labels?.app === "web" && lab.shown(p.metadata.name) === "1/1 Running").length === 2,
  );
  lab.world.advance(2);
  return lab;
}

const ip = (lab: Lab, name: string) => lab.api.get<Service>("services", "default", name)?.spec.clusterIP ?? "";

test("a service by its address, from pods and nodes; both endpoints get their share", () => {
  const lab = settled();
  const names = new Set<string>();
  for (let i = 0; i < 40; i++) names.add(get(lab, inside(lab, "w1", "client"), ip(lab, "web"), 80));
  expect([...names].sort()).toHaveLength(2);
  for (const name of names) expect(name).toMatch(/^200 web-/);
  for (const host of ["cp", "w1", "w2"]) expect(get(lab, lab.host(host), ip(lab, "web"), 80)).toMatch(/^200 web-/);
  expect(get(lab, lab.host("cp"), ip(lab, "web"), 81)).toBe("timeout");
});

test("a node port answers on every node, by a pod of any", () => {
  const lab = settled();
  for (const address of ["192.168.56.10", "192.168.56.11", "192.168.56.12"])
    expect(get(lab, lab.host("cp"), address, 30080)).toMatch(/^200 web-/);
  expect(get(lab, lab.host("cp"), "192.168.56.11", 30081)).toBe("refused");
});

test("a service without endpoints is refused", () => {
  const lab = settled();
  expect(get(lab, lab.host("cp"), ip(lab, "nobody"), 80)).toBe("refused");
  lab.apply(busybox("nobody", "sleep 1000"));
  lab.wait("nobody", "1/1 Running", 30);
  lab.world.advance(2);
  // The pod is there, but nothing listens.
  expect(get(lab, lab.host("cp"), ip(lab, "nobody"), 80)).toBe("refused");
});

test("pods reach each other over the nodes, and the nodes reach them", () => {
  const lab = settled();
  const pods = lab.api.list("pods", "default").filter((p) => p.metadata.labels?.app === "web");
  for (const { metadata } of pods) {
    const address = lab.pod(metadata.name).status?.podIP ?? "";
    expect(get(lab, inside(lab, "w1", "client"), address, 8080)).toBe(`200 ${metadata.name}`);
    expect(get(lab, lab.host("cp"), address, 8080)).toBe(`200 ${metadata.name}`);
    expect(get(lab, lab.host("cp"), address, 81)).toBe("refused");
  }
});

test("names: services, headless ones, pods, the outside", () => {
  const lab = settled();
  const client = inside(lab, "w1", "client");
  const resolve = (name: string) => {
    const found = lab.world.network.resolve(client, name);
    return "failed" in found ? found.failed : [...found.addresses].sort();
  };
  expect(resolve("web")).toEqual([ip(lab, "web")]);
  expect(resolve("web.default")).toEqual([ip(lab, "web")]);
  expect(resolve("web.default.svc.cluster.local")).toEqual([ip(lab, "web")]);
  expect(resolve("kubernetes.default.svc")).toEqual(["10.96.0.1"]);
  const addresses = lab.api
    .list("pods", "default")
    .filter((p) => p.metadata.labels?.app === "web")
    .map((p) => lab.pod(p.metadata.name).status?.podIP ?? "")
    .sort();
  expect(resolve("headless")).toEqual(addresses);
  expect(resolve(`${addresses[0]?.replaceAll(".", "-")}.default.pod.cluster.local`)).toEqual([addresses[0]]);
  expect(resolve("nope")).toBe("not found");
  expect(resolve("web.kube-system")).toBe("not found");
  expect(resolve("client")).toEqual([lab.pod("client").status?.podIP]);
});

test("without CoreDNS no name is known; addresses still work", () => {
  const lab = settled();
  const client = inside(lab, "w1", "client");
  lab.sh("cp", "kubectl -n kube-system scale deployment coredns --replicas=0");
  lab.until(
    "it is gone",
    () => lab.api.list("pods", "kube-system").every((p) => !p.metadata.name.startsWith("coredns")),
    60,
  );
  lab.world.advance(1);
  expect(lab.world.network.resolve(client, "web")).toMatchObject({ failed: "timeout" });
  expect(get(lab, client, ip(lab, "web"), 80)).toMatch(/^200 web-/);
});

test("a broken Corefile makes CoreDNS crash; the mended one heals it", () => {
  const lab = settled();
  const map = () => lab.api.get<ConfigMap>("configmaps", "kube-system", "coredns") as ConfigMap;
  const { Corefile = "" } = map().data ?? {};
  const coredns = () =>
    lab.api
      .list("pods", "kube-system")
      .filter((p) => p.metadata.labels?.["k8s-app"] === "kube-dns")
      .map((p) => p.metadata.name);
  const write = (text: string) => lab.api.update<ConfigMap>({ ...map(), data: { Corefile: text } });
  write(Corefile.replace("kubernetes cluster.local", "kubernets cluster.local"));
  for (const name of coredns()) lab.api.delete(lab.pod(name, "kube-system"));
  lab.until(
    "it crashes",
    () =>
      coredns().length === 2 && coredns().every((name) => lab.shown(name, "kube-system") === "0/1 CrashLoopBackOff"),
    120,
  );
  write(Corefile);
  for (const name of coredns()) lab.api.delete(lab.pod(name, "kube-system"));
  lab.until(
    "it runs",
    () => coredns().length === 2 && coredns().every((name) => lab.shown(name, "kube-system") === "1/1 Running"),
    120,
  );
  expect(lab.world.network.resolve(inside(lab, "w1", "client"), "web")).toMatchObject({ addresses: [ip(lab, "web")] });
});

test("a stub domain in the Corefile does not disturb the cluster's own", () => {
  const lab = settled();
  const map = lab.api.get<ConfigMap>("configmaps", "kube-system", "coredns") as ConfigMap;
  const Corefile = `${map.data?.Corefile}\nexample.org:53 {\n    errors\n    cache 30\n    forward . 10.150.0.1\n}\n`;
  lab.api.update<ConfigMap>({ ...map, data: { Corefile } });
  lab.sh("cp", "kubectl -n kube-system rollout restart deployment coredns");
  lab.world.advance(60);
  expect(lab.world.network.resolve(inside(lab, "w1", "client"), "web")).toMatchObject({ addresses: [ip(lab, "web")] });
  // Its server does not exist: nobody answers within the time that a client has.
  expect(lab.world.network.resolve(inside(lab, "w1", "client"), "www.example.org")).toMatchObject({
    failed: "timeout",
    words: "Temporary failure in name resolution",
  });
});

test("CoreDNS without its role is not ready", () => {
  const lab = settled();
  lab.sh(
    "cp",
    "kubectl delete clusterrolebinding system:coredns; kubectl -n kube-system rollout restart deployment coredns",
  );
  lab.world.advance(60);
  const names = lab.api
    .list("pods", "kube-system")
    .map((p) => p.metadata.name)
    .filter((name) => name.startsWith("coredns"));
  expect(names.map((name) => lab.shown(name, "kube-system"))).toContain("0/1 Running");
});

test("kube-proxy gone: the old rules stay, new services are not known", () => {
  const lab = settled();
  lab.sh("cp", "kubectl -n kube-system delete daemonset kube-proxy");
  lab.until(
    "its pods are gone",
    () => lab.api.list("pods", "kube-system").every((p) => !p.metadata.name.startsWith("kube-proxy")),
    60,
  );
  lab.apply(serviceOf("late", "{ selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }"));
  lab.world.advance(10);
  expect(get(lab, lab.host("w1"), ip(lab, "web"), 80)).toMatch(/^200 web-/);
  expect(get(lab, lab.host("w1"), ip(lab, "late"), 80)).toBe("timeout");
});

test("the API server is down: services work on", () => {
  const lab = settled();
  const address = ip(lab, "web");
  const client = inside(lab, "w1", "client");
  lab.sh("cp", "mv /etc/kubernetes/manifests/kube-apiserver.yaml /root/");
  lab.until("it is down", () => lab.world.door() === undefined, 40);
  lab.world.advance(30);
  expect(lab.world.network.resolve(client, "web")).toMatchObject({ addresses: [address] });
  expect(get(lab, lab.host("w1"), address, 80)).toMatch(/^200 web-/);
  expect(lab.world.network.resolve(lab.host("w1"), "w2")).toMatchObject({ addresses: ["192.168.56.12"] });
});

test("traffic policy Local: a node without a pod of the service does not answer", () => {
  const lab = makeLab(hosts, "local");
  lab.apply(web(1).replace("spec: { containers", "spec: { nodeName: w1, containers"));
  lab.apply(
    serviceOf(
      "web",
      "{ selector: { app: web }, type: NodePort, externalTrafficPolicy: Local, internalTrafficPolicy: Local, ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }] }",
    ),
  );
  lab.until("web runs", () =>
    lab.api.list("pods", "default").some((p) => lab.shown(p.metadata.name) === "1/1 Running"),
  );
  lab.world.advance(2);
  expect(get(lab, lab.host("cp"), "192.168.56.11", 30080)).toMatch(/^200 web-/);
  expect(get(lab, lab.host("cp"), "192.168.56.12", 30080)).toBe("timeout");
  expect(get(lab, lab.host("w1"), ip(lab, "web"), 80)).toMatch(/^200 web-/);
  expect(get(lab, lab.host("w2"), ip(lab, "web"), 80)).toBe("timeout");
});
