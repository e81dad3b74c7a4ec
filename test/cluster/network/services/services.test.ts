import { describe, expect, test } from "vitest";
import { chooseEndpoints } from "../../../../src/cluster/network/services/choose-endpoints.ts";
import { endpointsOf, servedPorts } from "../../../../src/cluster/network/services/served-port.ts";
import { ServiceTable } from "../../../../src/cluster/network/services/service-table.ts";
import type { Service } from "../../../../src/kinds/types/core.ts";
import { service, slice, smallWorld } from "../small-world.ts";

const pods = { client: "w1/2", other: "w2/9", a: "w1/3 8080", b: "w2/2 8080", c: "w2/3 8080" };
const three = slice("web", ["10.244.1.3@w1", "10.244.2.2@w2", "10.244.2.3@w2"]);
const web = (more: Partial<Service["spec"]> = {}) =>
  service("web", { clusterIP: "10.96.0.5", ports: [{ port: 80 }], ...more });

/** Who answers so many connections. */
function answers(world: ReturnType<typeof smallWorld>, from: string, times: number): string[] {
  return Array.from({ length: times }, () => world.ask(from, "10.96.0.5", 80).split(" ")[0] ?? "");
}

describe("who answers", () => {
  test("each endpoint gets its share by chance", () => {
    const world = smallWorld({ pods, services: [web()], slices: [three] });
    const all = answers(world, "client", 900);
    for (const name of ["a", "b", "c"]) {
      const share = all.filter((one) => one === name).length;
      expect(share).toBeGreaterThan(230);
      expect(share).toBeLessThan(370);
    }
  });

  test("mode ipvs goes round", () => {
    const world = smallWorld({ pods, services: [web()], slices: [three], settings: { mode: "ipvs" } });
    expect(answers(world, "client", 7)).toEqual(["a", "b", "c", "a", "b", "c", "a"]);
  });

  test("sessionAffinity ClientIP: a client stays, each connection anew, until it was away for too long", () => {
    const sessionAffinityConfig = { clientIP: { timeoutSeconds: 60 } };
    const world = smallWorld({
      pods,
      services: [web({ sessionAffinity: "ClientIP", sessionAffinityConfig })],
      slices: [three],
    });
    const [first] = answers(world, "client", 1);
    for (let i = 0; i < 5; i++) {
      world.wait(50);
      expect(answers(world, "client", 3)).toEqual([first, first, first]);
    }
    const later = new Set<string>();
    for (let i = 0; i < 30; i++) {
      world.wait(61);
      later.add(answers(world, "client", 1)[0] ?? "");
    }
    expect(later.size).toBe(3);
  });

  test("sessionAffinity: clients are apart, and another endpoint takes over where theirs is gone", () => {
    const world = smallWorld({ pods, services: [web({ sessionAffinity: "ClientIP" })], slices: [three] });
    const [mine = ""] = answers(world, "client", 1);
    const left = (three.endpoints ?? []).filter(
      ({ addresses }) => addresses[0] !== world.machine(mine).net.addresses[0],
    );
    world.table("w1").setSlice({ ...three, endpoints: left });
    const [next] = answers(world, "client", 1);
    expect(next).not.toBe(mine);
    expect(answers(world, "client", 5)).toEqual(Array(5).fill(next));
  });
});

describe("near endpoints (KEP-2433, KEP-3015)", () => {
  const zones = { w1: "east", w2: "west" };
  const near = (text: readonly string[]) => slice("web", text);
  test.each([
    ["all in the node's zone", ["10.244.1.3@w1~east", "10.244.2.2@w2~west", "10.244.2.3@w2~west"], ["a"]],
    ["the hints stand for nothing where one endpoint has none", ["10.244.1.3@w1~east", "10.244.2.2@w2"], ["a", "b"]],
    ["nor where none is for the node's zone", ["10.244.2.2@w2~west", "10.244.2.3@w2~west"], ["b", "c"]],
    ["the node's own before its zone", ["10.244.1.3@w1~east%w1", "10.244.2.2@w2~east%w2"], ["a"]],
    ["the zone where no endpoint is for the node", ["10.244.2.2@w2~east%w2", "10.244.2.3@w2~west%w2"], ["b"]],
  ])("%s", (_, endpoints, expected) => {
    const world = smallWorld({ pods, zones, services: [web()], slices: [near(endpoints)] });
    expect([...new Set(answers(world, "client", 60))].sort()).toEqual(expected);
  });
  test("a node without a zone uses all", () => {
    const world = smallWorld({ pods, services: [web()], slices: [near(["10.244.1.3@w1~east", "10.244.2.2@w2~west"])] });
    expect(new Set(answers(world, "client", 60)).size).toBe(2);
  });
});

describe("which endpoints count (pkg/proxy/topology.go, 1.35)", () => {
  const choose = (spec: Partial<Service["spec"]>, endpoints: readonly string[]) => {
    const [port] = servedPorts(web(spec));
    if (!port) throw new Error("no port");
    const { cluster, local, any } = chooseEndpoints(
      port,
      endpointsOf(port, [slice("web", endpoints)]),
      "w1",
      undefined,
    );
    const names = (list: typeof cluster) => list.map(({ address }) => address.replace("10.244.", "")).join(" ");
    return `${names(cluster)}|${names(local)}|${any}`;
  };
  const nodePort: Partial<Service["spec"]> = { type: "NodePort", ports: [{ port: 80, nodePort: 30080 }] };
  test.each<readonly [Partial<Service["spec"]>, readonly string[], string]>([
    [{}, ["10.244.1.3@w1", "10.244.2.2@w2"], "1.3 2.2||true"],
    [{}, ["10.244.1.3@w1!unready"], "||false"],
    [{}, ["10.244.1.3@w1!ending", "10.244.2.2@w2!ending"], "1.3 2.2||true"],
    [{}, ["10.244.1.3@w1!gone"], "||false"],
    [{ internalTrafficPolicy: "Local" }, ["10.244.1.3@w1", "10.244.2.2@w2"], "|1.3|true"],
    [{ internalTrafficPolicy: "Local" }, ["10.244.2.2@w2"], "||true"],
    [{ ...nodePort, externalTrafficPolicy: "Local" }, ["10.244.1.3@w1!ending", "10.244.2.2@w2"], "2.2|1.3|true"],
    [{ ...nodePort, externalTrafficPolicy: "Local" }, ["10.244.1.3@w1", "10.244.2.2@w2!ending"], "1.3|1.3|true"],
    [{ externalTrafficPolicy: "Local" }, ["10.244.1.3@w1"], "1.3||true"],
  ])("%o %j: %s", (spec, endpoints, expected) => expect(choose(spec, endpoints)).toBe(expected));
});

describe("the table", () => {
  test("an address in two slices counts once, and as ready where one says so", () => {
    const [port] = servedPorts(web());
    const found =
      port &&
      endpointsOf(port, [slice("web", ["10.244.1.3@w1!unready"]), slice("web", ["10.244.1.3@w1", "10.244.0.9@cp"])]);
    expect(found?.map(({ address, ready }) => `${address} ${ready}`)).toEqual(["10.244.0.9 true", "10.244.1.3 true"]);
  });

  test("headless Services and other names have no rules", () => {
    expect(servedPorts(service("db", { clusterIP: "None", ports: [{ port: 80 }] }))).toEqual([]);
    expect(servedPorts(service("out", { type: "ExternalName", externalName: "x.org", ports: [{ port: 80 }] }))).toEqual(
      [],
    );
    expect(servedPorts(service("new", { ports: [{ port: 80 }] }))).toEqual([]);
  });

  test("a Service's endpoints by hand: a slice of somebody's, or what mirrors Endpoints", () => {
    const world = smallWorld({
      services: [service("out", { clusterIP: "10.96.0.8", ports: [{ port: 80 }] })],
      listens: { cp: "8080" },
      slices: [slice("out", ["192.168.56.10"])],
    });
    expect(world.ask("w1", "10.96.0.8", 80)).toBe("cp 192.168.56.10 sees 192.168.56.11");
  });

  test("changes: of a slice, of a Service, of an address; and what is gone is gone", () => {
    const table = new ServiceTable("w1");
    const reached = (address: string, port = 80) => {
      const found = table.at(address, port, "TCP");
      return found && table.choice(found).cluster.map((one) => one.address);
    };
    table.setSlice(three);
    expect(reached("10.96.0.5")).toBeUndefined();
    table.setService(web());
    expect(reached("10.96.0.5")).toEqual(["10.244.1.3", "10.244.2.2", "10.244.2.3"]);
    table.setSlice({ ...three, endpoints: (three.endpoints ?? []).slice(1) });
    expect(reached("10.96.0.5")).toEqual(["10.244.2.2", "10.244.2.3"]);
    table.setService(web({ ports: [{ port: 81 }], externalIPs: ["203.0.113.7"] }));
    expect([reached("10.96.0.5"), reached("10.96.0.5", 81), reached("203.0.113.7", 81)]).toEqual([
      undefined,
      ["10.244.2.2", "10.244.2.3"],
      ["10.244.2.2", "10.244.2.3"],
    ]);
    table.removeSlice(three);
    expect(reached("10.96.0.5", 81)).toEqual([]);
    table.removeService(web());
    expect([reached("10.96.0.5", 81), table.owner("10.96.0.5"), table.owner("203.0.113.7")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("two Services with one external address: the second takes over when the first goes", () => {
    const table = new ServiceTable("w1");
    const one = service("one", { clusterIP: "10.96.0.1", externalIPs: ["203.0.113.7"], ports: [{ port: 80 }] });
    const two = service("two", { clusterIP: "10.96.0.2", externalIPs: ["203.0.113.7"], ports: [{ port: 80 }] });
    table.setService(one);
    table.setService(two);
    expect(table.at("203.0.113.7", 80, "TCP")?.service).toBe("shop/one");
    table.removeService(one);
    expect(table.at("203.0.113.7", 80, "TCP")?.service).toBe("shop/two");
    expect(table.owner("203.0.113.7")).toMatchObject({ count: 1 });
  });

  test("the API server is back: everything is heard of anew", () => {
    const table = new ServiceTable("w1");
    table.setService(web());
    table.setSlice(three);
    table.clearServices();
    expect(table.at("10.96.0.5", 80, "TCP")).toBeUndefined();
    table.setService(web());
    table.clearSlices();
    const port = table.at("10.96.0.5", 80, "TCP");
    expect(port && table.choice(port).any).toBe(false);
  });
});
