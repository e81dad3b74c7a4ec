import { describe, expect, test } from "vitest";
import type { EndpointSlice, Endpoints, Service } from "../../../src/kinds/types/core.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import { addNode, podNamed, reportPod, type World, world } from "./setup.ts";

const only = [
  "endpoints-controller",
  "endpointslice-controller",
  "endpointslice-mirroring-controller",
  "garbage-collector-controller",
];
const slices = (w: World) => w.api.list<EndpointSlice>("endpointslices.discovery.k8s.io", "default");
const endpointsOf = (w: World, name = "web") => w.api.get<Endpoints>("endpoints", "default", name);

function service(spec: Partial<Service["spec"]>, name = "web", labels?: Record<string, string>): Service {
  const metadata = { name, namespace: "default", ...(labels ? { labels } : {}) };
  return { apiVersion: "v1", kind: "Service", metadata, spec: { selector: { app: "web" }, ...spec } };
}

function pod(w: World, name: string, ready = true, port = { name: "http", containerPort: 8080 }, node = "w1"): Pod {
  const made = w.api.create(
    podNamed(name, { containers: [{ name: "web", image: "nginx", ports: [port] }] }, { labels: { app: "web" } }),
  );
  w.api.createAt("pods", "default", name, "binding", { target: { kind: "Node", name: node } });
  reportPod(w, made, "Running", ready);
  w.settle();
  return w.api.get<Pod>("pods", "default", name) as Pod;
}

describe("endpoints and endpoint slices", () => {
  test("ready and unready pods of a selector, with named target ports", () => {
    const w = world({ only });
    addNode(w, "w1", { labels: { "topology.kubernetes.io/zone": "a" } });
    const [a, b] = [pod(w, "a"), pod(w, "b", false)];
    w.api.create(service({ ports: [{ name: "web", port: 80, targetPort: "http" }] }, "web", { team: "blue" }));
    w.settle();
    const [slice] = slices(w);
    expect(slice?.metadata.name).toMatch(/^web-[a-z0-9]{5}$/);
    expect(slice?.metadata.labels).toEqual({
      team: "blue",
      "kubernetes.io/service-name": "web",
      "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
    });
    expect(slice?.metadata.ownerReferences).toMatchObject([
      { apiVersion: "v1", kind: "Service", name: "web", controller: true },
    ]);
    expect(slice?.metadata.annotations).toEqual({
      "endpoints.kubernetes.io/last-change-trigger-time": "2026-01-02T03:04:05Z",
    });
    expect(slice?.ports).toEqual([{ name: "web", port: 8080, protocol: "TCP" }]);
    expect(slice?.endpoints).toEqual(
      [
        { one: a, ready: true },
        { one: b, ready: false },
      ].map(({ one, ready }) => ({
        addresses: [one.status?.podIP],
        conditions: { ready, serving: ready, terminating: false },
        targetRef: { kind: "Pod", namespace: "default", name: one.metadata.name, uid: one.metadata.uid },
        nodeName: "w1",
        zone: "a",
      })),
    );
    expect(endpointsOf(w)?.metadata.labels).toEqual({
      team: "blue",
      "endpoints.kubernetes.io/managed-by": "endpoint-controller",
    });
    expect(endpointsOf(w)?.subsets).toMatchObject([
      {
        addresses: [{ ip: a.status?.podIP, nodeName: "w1", targetRef: { kind: "Pod", name: "a" } }],
        notReadyAddresses: [{ ip: b.status?.podIP }],
        ports: [{ name: "web", port: 8080, protocol: "TCP" }],
      },
    ]);
    const { revision } = w.store;
    w.pass(600);
    expect(w.store.revision).toBe(revision);
  });

  test("a selector that matches nothing: no addresses, one empty slice", () => {
    const w = world({ only });
    w.api.create(service({ ports: [{ port: 80 }] }));
    w.settle();
    expect(endpointsOf(w)?.subsets).toBeUndefined();
    expect(slices(w)).toMatchObject([{ endpoints: null, ports: null, addressType: "IPv4" }]);
    pod(w, "a");
    expect(slices(w)).toMatchObject([{ endpoints: [{}], ports: [{ port: 80 }] }]);
  });

  test("follows labels, readiness, deletion and end of pods", () => {
    const w = world({ only });
    w.api.create(service({ ports: [{ port: 80 }] }));
    const a = pod(w, "a");
    const b = pod(w, "b");
    const shown = () =>
      (slices(w)[0]?.endpoints ?? []).map(({ targetRef, conditions }) => [targetRef?.name, conditions]);
    const addresses = () =>
      (endpointsOf(w)?.subsets ?? [])
        .flatMap(({ addresses: list = [] }) => list.map(({ targetRef }) => targetRef?.name))
        .sort();
    expect(addresses()).toEqual(["a", "b"]);
    reportPod(w, a, "Running", false);
    w.settle();
    expect(addresses()).toEqual(["b"]);
    reportPod(w, a, "Running", true);
    w.api.modify<Pod>(b, (p) => ({ ...p, metadata: { ...p.metadata, labels: { app: "other" } } }));
    w.settle();
    expect(addresses()).toEqual(["a"]);
    w.api.delete(a);
    w.settle();
    expect(addresses()).toEqual([]);
    expect(shown()).toEqual([["a", { ready: false, serving: true, terminating: true }]]);
    w.api.delete(a, { gracePeriodSeconds: 0 });
    w.settle();
    expect(shown()).toEqual([]);
  });

  test("headless, and pods that are published before they are ready", () => {
    const w = world({ only });
    w.api.create(service({ clusterIP: "None", publishNotReadyAddresses: true }));
    const made = w.api.create(podNamed("a", { hostname: "db-0", subdomain: "web" }, { labels: { app: "web" } }));
    reportPod(w, made, "Running", false);
    w.settle();
    expect(slices(w)[0]?.metadata.labels).toMatchObject({ "service.kubernetes.io/headless": "" });
    expect(slices(w)[0]?.endpoints).toMatchObject([{ hostname: "db-0", conditions: { ready: true, serving: false } }]);
    expect(endpointsOf(w)?.subsets).toMatchObject([{ addresses: [{ hostname: "db-0" }] }]);
  });

  test("pods that name a port otherwise stand in slices of their own", () => {
    const w = world({ only });
    w.api.create(service({ ports: [{ port: 80, targetPort: "http" }] }));
    pod(w, "a", true, { name: "http", containerPort: 8080 });
    pod(w, "b", true, { name: "http", containerPort: 9090 });
    pod(w, "c", true, { name: "admin", containerPort: 1 });
    expect(
      slices(w)
        .map(({ ports }) => ports?.[0]?.port)
        .sort(),
    ).toEqual([8080, 9090, undefined]);
    expect(endpointsOf(w)?.subsets).toHaveLength(2);
  });

  test("slices of at most a hundred", () => {
    const w = world({ only });
    for (let i = 0; i < 250; i++) pod(w, `p${i}`);
    w.api.create(service({ ports: [{ port: 80 }] }));
    w.settle();
    expect(
      slices(w)
        .map(({ endpoints }) => (endpoints ?? []).length)
        .sort((a, b) => a - b),
    ).toEqual([50, 100, 100]);
    pod(w, "more");
    expect(
      slices(w)
        .map(({ endpoints }) => (endpoints ?? []).length)
        .sort((a, b) => a - b),
    ).toEqual([51, 100, 100]);
    for (let i = 0; i < 250; i++) w.api.delete(w.api.get("pods", "default", `p${i}`) as Pod, { gracePeriodSeconds: 0 });
    w.settle();
    expect(slices(w).map(({ endpoints }) => endpoints?.length)).toEqual([1]);
  });

  test("what somebody wrote by hand is mirrored, and goes with its Endpoints", () => {
    const w = world({ only });
    w.api.create({ ...service({ ports: [{ port: 80 }] }, "ext"), spec: { ports: [{ port: 80 }] } });
    const made = w.api.create<Endpoints>({
      apiVersion: "v1",
      kind: "Endpoints",
      metadata: { name: "ext", namespace: "default" },
      subsets: [
        { addresses: [{ ip: "192.0.2.7" }], notReadyAddresses: [{ ip: "192.0.2.8" }], ports: [{ port: 8080 }] },
      ],
    });
    w.settle();
    expect(slices(w)).toMatchObject([
      {
        metadata: {
          labels: {
            "kubernetes.io/service-name": "ext",
            "endpointslice.kubernetes.io/managed-by": "endpointslicemirroring-controller.k8s.io",
          },
          ownerReferences: [{ kind: "Endpoints", name: "ext" }],
        },
        endpoints: [
          { addresses: ["192.0.2.7"], conditions: { ready: true } },
          { addresses: ["192.0.2.8"], conditions: { ready: false } },
        ],
        ports: [{ name: "", port: 8080, protocol: "TCP" }],
      },
    ]);
    const { revision } = w.store;
    w.pass(600);
    expect(w.store.revision).toBe(revision);
    w.api.delete(made);
    w.settle();
    expect(slices(w)).toEqual([]);
  });

  test("a Service without a selector and without Endpoints has nothing; ExternalName neither", () => {
    const w = world({ only });
    w.api.create({ ...service({}, "none"), spec: { ports: [{ port: 80 }] } });
    w.api.create({ ...service({}, "alias"), spec: { type: "ExternalName", externalName: "example.com" } });
    w.settle();
    expect(slices(w)).toEqual([]);
    expect(w.api.list("endpoints", "default")).toEqual([]);
  });
});

// k8s.io/endpointslice/trafficdist (1.35).
test.each([
  [undefined, undefined, undefined],
  ["PreferClose", { forZones: [{ name: "a" }] }, {}],
  ["PreferSameZone", { forZones: [{ name: "a" }] }, {}],
  ["PreferSameNode", { forZones: [{ name: "a" }], forNodes: [{ name: "w1" }] }, { forNodes: [{ name: "w2" }] }],
])("hints of trafficDistribution %s, with a zone and without", (trafficDistribution, near, zoneless) => {
  const w = world({ only });
  addNode(w, "w1", { labels: { "topology.kubernetes.io/zone": "a" } });
  addNode(w, "w2");
  pod(w, "a");
  pod(w, "b", true, undefined, "w2");
  pod(w, "c", false);
  w.api.create(service({ ports: [{ port: 80 }], ...(trafficDistribution ? { trafficDistribution } : {}) }));
  w.settle();
  expect(slices(w)[0]?.endpoints?.map(({ hints }) => hints)).toEqual([near, zoneless, undefined]);
});

test("--max-endpoints-per-slice", () => {
  const w = world({ only, flags: { "max-endpoints-per-slice": "2" } });
  addNode(w, "w1");
  for (const name of ["a", "b", "c", "d", "e"]) pod(w, name);
  w.api.create(service({ ports: [{ port: 80 }] }));
  w.settle();
  expect(
    slices(w)
      .map(({ endpoints }) => endpoints?.length)
      .sort(),
  ).toEqual([1, 2, 2]);
});
