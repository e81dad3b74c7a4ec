import { describe, expect, test } from "vitest";
import { installAddon } from "../../../../src/cluster/kubeadm/addons/index.ts";
import type { IPAddressPool } from "../../../../src/cluster/kubelet/images/metallb/define.ts";
import { addressesOf, type Pool, poolHas, readPools } from "../../../../src/cluster/kubelet/images/metallb/pools.ts";
import type { Service } from "../../../../src/kinds/types/core.ts";
import { makeLab } from "../setup.ts";

type Lab = ReturnType<typeof makeLab>;
const hosts = [
  { name: "cp", role: "control-plane" },
  { name: "w1", role: "worker" },
  { name: "w2", role: "worker" },
  { name: "base", role: "none" },
] as const;

const web = `apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec: { nodeName: w1, containers: [{ name: c, image: registry.k8s.io/e2e-test-images/agnhost:2.53, args: [netexec, --http-port=8080] }] }
`;
const balancer = (name: string, spec = "", annotations = "{}") => `apiVersion: v1
kind: Service
metadata: { name: ${name}, annotations: ${annotations} }
spec: { type: LoadBalancer, selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }]${spec && `, ${spec}`} }
`;
const pool = (name: string, addresses: string, more = "") =>
  `apiVersion: metallb.io/v1beta1\nkind: IPAddressPool\nmetadata: { name: ${name}, namespace: metallb-system }\nspec: { addresses: [${addresses}]${more} }\n`;

function lab(seed: string, addon = "metallb"): Lab {
  const made = makeLab(hosts, seed);
  installAddon(made.api, made.host("cp"), addon);
  made.apply(web);
  made.wait("web", "1/1 Running", 60);
  if (addon === "metallb")
    made.until("MetalLB runs", () => {
      const pods = made.api.list<ReturnType<Lab["pod"]>>("pods", "metallb-system");
      return (
        pods.length === 4 && pods.every(({ metadata }) => made.shown(metadata.name, "metallb-system") === "1/1 Running")
      );
    });
  return made;
}

const address = (made: Lab, name: string) =>
  made.api
    .get<Service>("services", "default", name)
    ?.status?.loadBalancer?.ingress?.map(({ ip }) => ip)
    .join() ?? "";
const events = (made: Lab, name: string) => made.events(name, "Service");

describe("with a pool", () => {
  const made = lab("pool");
  test("a Service gets the first address, and answers at it, from a host outside of the cluster, too", () => {
    made.apply(balancer("web"));
    made.world.advance(3);
    expect(address(made, "web")).toBe("192.168.56.240");
    expect(events(made, "web")).toEqual([
      'Normal IPAllocated Assigned IP ["192.168.56.240"]',
      expect.stringMatching(/^Normal nodeAssigned announcing from node "w[12]" with protocol "layer2"$/),
    ]);
    for (const from of ["base", "cp", "w1", "w2"])
      expect(made.sh(from, "curl -s http://192.168.56.240/hostname").stdout).toBe("web");
    expect(made.sh("cp", "kubectl get svc web --no-headers").stdout).toMatch(
      /^web +LoadBalancer +\S+ +192\.168\.56\.240 +80:\d+\/TCP/,
    );
    expect(made.api.get<Service>("services", "default", "web")?.metadata.annotations).toEqual({
      "metallb.io/ip-allocated-from-pool": "default",
    });
  });

  test("the server sees who asked where traffic policy is Local, and the node elsewhere", () => {
    made.apply(balancer("local", "externalTrafficPolicy: Local"));
    made.world.advance(3);
    const clientIp = (name: string) =>
      made.sh("base", `curl -s http://${address(made, name)}/clientip`).stdout.split(":")[0];
    expect(clientIp("local")).toBe("192.168.56.13");
    expect(clientIp("web")).toMatch(/^10\.244\.[12]\.[01]$/);
    // The node with the pod is the one that announces.
    expect(events(made, "local").at(-1)).toBe('Normal nodeAssigned announcing from node "w1" with protocol "layer2"');
  });

  test.each<readonly [string, string, string, string, string]>([
    [
      "an address that is asked for",
      "asked",
      "",
      "{ metallb.io/loadBalancerIPs: 192.168.56.245 }",
      'Normal IPAllocated Assigned IP ["192.168.56.245"]',
    ],
    [
      "one that no pool has",
      "foreign",
      "",
      "{ metallb.io/loadBalancerIPs: 203.0.113.9 }",
      'Warning AllocationFailed Failed to allocate IP for "default/foreign": ["203.0.113.9"] is not allowed in config',
    ],
    [
      "one that is no address",
      "none",
      "",
      "{ metallb.io/loadBalancerIPs: here }",
      'Warning AllocationFailed Failed to allocate IP for "default/none": invalid metallb.io/loadBalancerIPs: "here"',
    ],
    [
      "one that another has",
      "taken",
      "",
      "{ metallb.io/loadBalancerIPs: 192.168.56.240 }",
      `Warning AllocationFailed Failed to allocate IP for "default/taken": can't change sharing key for "default/taken", address also in use by default/web`,
    ],
    [
      "by the old field",
      "field",
      "loadBalancerIP: 192.168.56.246",
      "{}",
      'Normal IPAllocated Assigned IP ["192.168.56.246"]',
    ],
    [
      "a pool that there is not",
      "nopool",
      "",
      "{ metallb.io/address-pool: other }",
      'Warning AllocationFailed Failed to allocate IP for "default/nopool": unknown pool "other"',
    ],
    ["another class of load balancers", "class", "loadBalancerClass: example.com/mine", "{}", ""],
  ])("%s", (_, name, spec, annotations, says) => {
    made.apply(balancer(name, spec, annotations));
    made.world.advance(3);
    expect(events(made, name)[0] ?? "").toBe(says);
    expect(address(made, name)).toBe(/"([\d.]+)"\]$/.exec(says)?.[1] ?? "");
  });

  test("shared by two that name the same key and other ports", () => {
    const key = "{ metallb.io/allow-shared-ip: shop, metallb.io/loadBalancerIPs: 192.168.56.247 }";
    made.apply(balancer("one", "", key));
    made.apply(balancer("two", "", key).replace("port: 80,", "port: 81,"));
    made.apply(balancer("three", "", key));
    made.world.advance(3);
    expect([address(made, "one"), address(made, "two"), address(made, "three")]).toEqual([
      "192.168.56.247",
      "192.168.56.247",
      "",
    ]);
    expect(events(made, "three")[0]).toBe(
      'Warning AllocationFailed Failed to allocate IP for "default/three": port TCP/80 is already in use on "192.168.56.247"',
    );
    expect(made.sh("base", "curl -s http://192.168.56.247:81/hostname").stdout).toBe("web");
  });

  test("no endpoint: nobody announces the address", () => {
    made.apply(balancer("empty").replace("app: web", "app: nobody"));
    made.world.advance(3);
    const before = made.now();
    const { status, stderr } = made.sh("base", `curl http://${address(made, "empty")}/`);
    expect(status).toBe(7);
    expect(stderr).toContain("after 3000 ms: Couldn't connect to server");
    expect(made.now() - before).toBeGreaterThanOrEqual(3);
  });

  test("the pool is used up; an address comes free when a Service goes", () => {
    for (let n = 0; n < 10; n++) made.apply(balancer(`more-${n}`));
    made.world.advance(3);
    const waiting = made.api
      .list<Service>("services", "default")
      .filter(({ metadata }) => metadata.name.startsWith("more") && address(made, metadata.name) === "");
    expect(waiting.length).toBeGreaterThan(0);
    const [first] = waiting;
    const name = first?.metadata.name ?? "";
    expect(events(made, name)).toEqual([
      `Warning AllocationFailed Failed to allocate IP for "default/${name}": no available IPs`,
    ]);
    made.sh("cp", "kubectl delete svc local");
    made.world.advance(3);
    expect(address(made, name)).not.toBe("");
  });

  test("what is no load balancer any more loses its address", () => {
    made.sh("cp", `kubectl patch svc asked -p '{"spec":{"type":"ClusterIP"}}'`);
    made.world.advance(3);
    expect(address(made, "asked")).toBe("");
  });

  test("the controller's log", () => {
    const { stdout } = made.sh("cp", "kubectl -n metallb-system logs deploy/controller");
    const [first = ""] = stdout.split("\n");
    expect(JSON.parse(first)).toMatchObject({ level: "info", msg: "MetalLB controller starting version 0.15.2" });
    expect(stdout).toContain(
      '"event":"ipAllocated","ip":["192.168.56.240"],"level":"info","msg":"IP address assigned by controller"',
    );
  });
});

test("without a provider a Service waits for ever; MetalLB from the manifest on disk, then a pool, then an advertisement", () => {
  const made = lab("manifest", "metallb-manifest");
  made.apply(balancer("web"));
  made.world.advance(60);
  expect(made.sh("cp", "kubectl get svc web --no-headers").stdout).toContain("<pending>");
  expect(made.sh("cp", "kubectl apply -f /opt/metallb/metallb-native.yaml").status).toBe(0);
  made.until(
    "MetalLB runs",
    () =>
      made.api
        .list<ReturnType<Lab["pod"]>>("pods", "metallb-system")
        .filter(({ metadata }) => made.shown(metadata.name, "metallb-system") === "1/1 Running").length === 4,
  );
  expect(address(made, "web")).toBe("");
  made.sh("cp", `kubectl apply -f - <<'EOF'\n${pool("first", "192.168.56.200/30", ", avoidBuggyIPs: true")}EOF`);
  made.world.advance(3);
  expect(address(made, "web")).toBe("192.168.56.200");
  // The nodes' own rules take it; from outside nobody answers for it.
  expect(made.sh("w2", "curl -s http://192.168.56.200/hostname").stdout).toBe("web");
  expect(made.sh("base", "curl -s http://192.168.56.200/hostname").status).toBe(7);
  made.sh(
    "cp",
    `kubectl apply -f - <<'EOF'\napiVersion: metallb.io/v1beta1\nkind: L2Advertisement\nmetadata: { name: all, namespace: metallb-system }\nEOF`,
  );
  made.world.advance(3);
  expect(made.sh("base", "curl -s http://192.168.56.200/hostname").stdout).toBe("web");
  // The speaker that announces is gone: another takes over, where there is one.
  made.sh("cp", "kubectl -n metallb-system delete daemonset speaker");
  made.world.advance(20);
  expect(made.sh("base", "curl -s http://192.168.56.200/hostname").status).toBe(7);
});

describe("pools", () => {
  const read = (...addresses: string[]) =>
    readPools(
      addresses.map((text, n) => ({ metadata: { name: `p${n}` }, spec: { addresses: [text] } }) as IPAddressPool),
    );
  test.each([
    [
      "192.168.1.0/24-",
      'parsing address pool p0: invalid IP range "192.168.1.0/24-": invalid start IP "192.168.1.0/24" in pool "p0"',
    ],
    ["192.168.1.300/24", 'parsing address pool p0: invalid CIDR "192.168.1.300/24" in pool "p0"'],
    [
      "192.168.1.9-192.168.1.1",
      'parsing address pool p0: invalid IP range "192.168.1.9-192.168.1.1": start IP "192.168.1.9" is after the end IP "192.168.1.1" in pool "p0"',
    ],
  ])("%s", (text, why) => expect(read(text)).toBe(why));
  test("two that overlap", () => {
    expect(read("10.0.0.0/24", "10.0.0.255-10.0.1.1")).toBe(
      'CIDR "10.0.0.255-10.0.1.1" in pool "p1" overlaps with already defined CIDR of pool "p0"',
    );
  });
  test("both families, and addresses that old firmware confuses", () => {
    const [four, six] = read("10.0.0.254-10.0.1.1", "fd00::1-fd00::2") as readonly Pool[];
    if (!four || !six) throw new Error("no pools");
    expect([...addressesOf(four, 4)]).toEqual(["10.0.0.254", "10.0.0.255", "10.0.1.0", "10.0.1.1"]);
    expect([...addressesOf(six, 6)]).toEqual(["fd00::1", "fd00::2"]);
    expect([...addressesOf(six, 4)]).toEqual([]);
    const careful = { ...four, object: { ...four.object, spec: { ...four.object.spec, avoidBuggyIPs: true } } };
    expect([...addressesOf(careful, 4)]).toEqual(["10.0.0.254", "10.0.1.1"]);
    expect([poolHas(careful, "10.0.0.255"), poolHas(careful, "10.0.1.1")]).toEqual([false, true]);
  });
});

test("a pool that cannot be used leaves those of before in force", () => {
  const made = lab("kept");
  made.apply(pool("more", "192.168.56.250-192.168.56.255"));
  made.apply(balancer("later"));
  made.world.advance(3);
  expect(address(made, "later")).toBe("192.168.56.240");
  expect(made.sh("cp", "kubectl -n metallb-system logs deploy/controller").stdout).toContain(
    'overlaps with already defined CIDR of pool \\"default\\"","level":"error","msg":"failed to parse the configuration"',
  );
});
