import { describe, expect, test } from "vitest";
import { Random } from "../../src/base/random.ts";
import type { AdmitTools } from "../../src/kinds/define.ts";
import { Status } from "../../src/kinds/status.ts";
import type { Service } from "../../src/kinds/types/core.ts";
import type { KubeObject } from "../../src/kinds/types/meta.ts";
import { filled, kindOf } from "./tools.ts";

const kind = kindOf("services");

function tools(others: readonly KubeObject[] = [], flags: Record<string, string> = {}, seed = 1): AdmitTools {
  const held = others.flatMap((other) => kind.holds?.(other) ?? []);
  return {
    list: (_apiVersion, resource) => (resource === "services" ? others : []),
    get: (_apiVersion, resource, _namespace, name) =>
      resource === "ipaddresses" ? held.find(({ metadata }) => metadata.name === name) : undefined,
    random: new Random(seed),
    now: 0,
    flags,
  };
}

/** A service as the server makes it: defaults, preparation, allocation. */
function created(spec: object, name = "x", using: AdmitTools = tools()): Service {
  const object = filled("services", { spec }, name) as Service;
  kind.prepareForCreate?.(object);
  kind.allocate?.(object, undefined, using);
  return object;
}

function changed(old: Service, spec: object, using: AdmitTools = tools([old])): Service {
  const object = filled("services", { spec }, old.metadata.name) as Service;
  kind.prepareForUpdate?.(object, old);
  kind.allocate?.(object, old, using);
  return object;
}

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Status) return error.message;
    throw error;
  }
  return "no refusal";
}

const ports = [{ port: 80 }];

test("a new service", () => {
  const { spec, status } = created({ ports });
  expect(spec).toMatchObject({ type: "ClusterIP", ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" });
  expect(spec.clusterIPs).toEqual([spec.clusterIP]);
  expect(spec.clusterIP).toMatch(/^10\.(9[6-9]|10\d|11[01])\./);
  expect(spec.ports).toEqual([{ port: 80, targetPort: 80, protocol: "TCP" }]);
  expect(status).toEqual({ loadBalancer: {} });
});

describe("cluster IPs", () => {
  const range = { "service-cluster-ip-range": "10.0.0.0/24" };

  test("the upper part of the range first, the lower when that is full", () => {
    const given: Service[] = [];
    for (let i = 0; i < 254; i++) given.push(created({ ports }, `s${i}`, tools(given, range, i)));
    const numbers = given.map(({ spec }) => Number(spec.clusterIP?.split(".")[3]));
    expect(Math.min(...numbers.slice(0, 238))).toBe(17);
    expect(numbers.slice(238).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
    expect(new Set(numbers).size).toBe(254);
    expect(refusal(() => created({ ports }, "one-more", tools(given, range)))).toBe(
      "Internal error occurred: failed to allocate a serviceIP: range is full",
    );
  });

  test("chosen ones", () => {
    const dns = created({ clusterIP: "10.0.0.10", ports }, "dns", tools([], range));
    expect(dns.spec.clusterIPs).toEqual(["10.0.0.10"]);
    const ask = (clusterIP: string) => refusal(() => created({ clusterIP, ports }, "y", tools([dns], range)));
    const says = (ip: string, why: string) =>
      `Service "y" is invalid: spec.clusterIPs: Invalid value: ["${ip}"]: failed to allocate IP ${ip}: ${why}`;
    expect(ask("10.0.0.10")).toBe(says("10.0.0.10", "provided IP is already allocated"));
    expect(ask("10.1.0.1")).toBe(says("10.1.0.1", "the provided network does not match the current range"));
    expect(ask("10.0.0.0")).toBe(
      says("10.0.0.0", "the provided IP (10.0.0.0) is not in the valid range. The range of valid IPs is 10.0.0.0/24"),
    );
    expect(ask("10.0.0.255")).toContain("is not in the valid range");
  });

  test("none: headless, and names elsewhere", () => {
    expect(created({ clusterIP: "None", selector: { a: "b" } }).spec).toMatchObject({
      clusterIPs: ["None"],
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
    });
    expect(created({ clusterIP: "None" }).spec).toMatchObject({
      ipFamilies: ["IPv4", "IPv6"],
      ipFamilyPolicy: "RequireDualStack",
    });
    expect(created({ type: "ExternalName", externalName: "a.b" }).spec).not.toHaveProperty("clusterIPs");
  });

  test("two families", () => {
    const both = { "service-cluster-ip-range": "10.0.0.0/24,fd00::/112" };
    const { spec } = created({ ports, ipFamilyPolicy: "PreferDualStack" }, "x", tools([], both));
    expect(spec.ipFamilies).toEqual(["IPv4", "IPv6"]);
    expect(spec.clusterIPs?.[1]).toMatch(/^fd00::/);
    expect(created({ ports, ipFamilyPolicy: "PreferDualStack" }).spec.ipFamilies).toEqual(["IPv4"]);
    expect(refusal(() => created({ ports, ipFamilyPolicy: "RequireDualStack" }))).toBe(
      'Service "x" is invalid: spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
    );
    expect(refusal(() => created({ ports, ipFamilies: ["IPv6"] }))).toBe(
      'Service "x" is invalid: spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster',
    );
  });
});

describe("node ports", () => {
  test("from the upper part of the range", () => {
    for (let seed = 0; seed < 200; seed++) {
      const port = created({ type: "NodePort", ports }, "x", tools([], {}, seed)).spec.ports?.[0]?.nodePort ?? 0;
      expect(port).toBeGreaterThanOrEqual(30086);
      expect(port).toBeLessThanOrEqual(32767);
    }
  });

  test("chosen ones", () => {
    const web = created({ type: "NodePort", ports: [{ port: 80, nodePort: 30080 }] }, "web");
    const ask = (nodePort: number) =>
      refusal(() => created({ type: "NodePort", ports: [{ port: 80, nodePort }] }, "y", tools([web])));
    const path = 'Service "y" is invalid: spec.ports[0].nodePort: Invalid value';
    expect(ask(30080)).toBe(`${path}: 30080: provided port is already allocated`);
    expect(ask(80)).toBe(
      `${path}: 80: provided port is not in the valid range. The range of valid ports is 30000-32767`,
    );
    expect(ask(30081)).toBe("no refusal");
    const own = tools([], { "service-node-port-range": "80-90" });
    expect(created({ type: "NodePort", ports: [{ port: 80, nodePort: 80 }] }, "x", own).spec.ports?.[0]?.nodePort).toBe(
      80,
    );
  });

  test("both protocols of a port share one", () => {
    const dns = [
      { name: "a", port: 53, protocol: "UDP" },
      { name: "b", port: 53, protocol: "TCP" },
      { name: "c", port: 54 },
    ];
    const [a, b, c] = created({ type: "NodePort", ports: dns }).spec.ports ?? [];
    expect(a?.nodePort).toBe(b?.nodePort);
    expect(c?.nodePort).not.toBe(a?.nodePort);
  });

  test("a load balancer has them too, and one for its health", () => {
    const { spec } = created({ type: "LoadBalancer", externalTrafficPolicy: "Local", ports });
    expect(spec.ports?.[0]?.nodePort).toBeGreaterThan(30000);
    expect(spec.healthCheckNodePort).toBeGreaterThan(30000);
  });
});

describe("changes", () => {
  test("allocated values left out are kept", () => {
    const old = created({ type: "NodePort", ports });
    const { spec } = changed(old, { type: "NodePort", ports: [{ port: 80 }, { name: "b", port: 81 }] });
    expect(spec.clusterIPs).toEqual(old.spec.clusterIPs);
    expect(spec.ports?.[0]?.nodePort).toBe(old.spec.ports?.[0]?.nodePort);
    expect(spec.ports?.[1]?.nodePort).toBeGreaterThan(30000);
  });

  test("to a node port and back", () => {
    const old = created({ ports });
    const open = changed(old, { ...old.spec, type: "NodePort", ports });
    expect(open.spec.ports?.[0]?.nodePort).toBeGreaterThan(30000);
    expect(open.spec.externalTrafficPolicy).toBe("Cluster");
    const closed = changed(open, { ...structuredClone(open.spec), type: "ClusterIP" });
    expect(closed.spec.ports?.[0]).not.toHaveProperty("nodePort");
    expect(closed.spec).not.toHaveProperty("externalTrafficPolicy");
    expect(kind.problems?.(closed)).toEqual([]);
  });

  test("the port for its health goes with the traffic policy", () => {
    const old = created({ type: "LoadBalancer", externalTrafficPolicy: "Local", ports });
    const open = changed(old, { ...structuredClone(old.spec), externalTrafficPolicy: "Cluster" });
    expect(open.spec).not.toHaveProperty("healthCheckNodePort");
    expect(kind.problems?.(open)).toEqual([]);
  });

  test("to a name elsewhere the address is given back", () => {
    const old = created({ ports });
    const { spec } = changed(old, { ...structuredClone(old.spec), type: "ExternalName", externalName: "a.b" });
    expect(spec).not.toHaveProperty("clusterIP");
    expect(spec).not.toHaveProperty("ipFamilies");
  });

  test("an address that is changed is seen to be", () => {
    const old = created({ ports });
    const object = filled("services", { spec: { ...structuredClone(old.spec), clusterIP: "10.96.9.9" } }) as Service;
    kind.prepareForUpdate?.(object, old);
    expect(object.spec.clusterIPs).toEqual(["10.96.9.9"]);
    expect(kind.problemsOfUpdate?.(object, old)).toMatchObject([
      { path: "spec.clusterIPs[0]", detail: "may not change once set" },
    ]);
  });
});
