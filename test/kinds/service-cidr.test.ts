import { expect, test } from "vitest";
import type { KubeObject } from "../../src/kinds/types/meta.ts";
import { collectionOf, kindOfObject, type Served, served } from "./server.ts";

// pkg/registry/core/service/ipallocator and pkg/controlplane/controller/defaultservicecidr, kubernetes 1.35.

const ranges = collectionOf(kindOfObject({ apiVersion: "networking.k8s.io/v1", kind: "ServiceCIDR" }));
const addresses = collectionOf(kindOfObject({ apiVersion: "networking.k8s.io/v1", kind: "IPAddress" }));
const services = collectionOf(kindOfObject({ apiVersion: "v1", kind: "Service" }));

function made({ ask }: Served, name: string, spec: object = {}) {
  const reply = ask("POST", services, JSON.stringify({ metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } }));
  return { ...reply, ip: (reply.body as unknown as { spec?: { clusterIP?: string } }).spec?.clusterIP ?? "" };
}

function held({ ask }: Served): string[] {
  const { items } = ask("GET", addresses).body as unknown as { items: KubeObject[] };
  return items.map(({ metadata }) => metadata.name);
}

test("the server brings its own range, and takes the address of its own service", () => {
  const cluster = served();
  expect(cluster.ask("GET", `${ranges}/kubernetes`).body).toMatchObject({
    spec: { cidrs: ["10.96.0.0/12"] },
    status: { conditions: [{ type: "Ready", status: "True", message: "Kubernetes default Service CIDR is ready" }] },
  });
  expect(cluster.ask("GET", `${addresses}/10.96.0.1`).body).toMatchObject({
    metadata: {
      labels: {
        "ipaddress.kubernetes.io/ip-family": "IPv4",
        "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io",
      },
    },
    spec: { parentRef: { resource: "services", namespace: "default", name: "kubernetes" } },
  });
});

test("an address comes and goes with its service", () => {
  const cluster = served();
  const { ip } = made(cluster, "x");
  expect(held(cluster)).toEqual(["10.96.0.1", ip].sort());
  const change = '{"spec":{"type":"ExternalName","externalName":"a.example.com"}}';
  cluster.ask("PATCH", `${services}/x`, change, "application/merge-patch+json");
  expect(held(cluster)).toEqual(["10.96.0.1"]);
  cluster.ask(
    "PATCH",
    `${services}/x`,
    '{"spec":{"type":"ClusterIP","externalName":null}}',
    "application/merge-patch+json",
  );
  expect(held(cluster)).toHaveLength(2);
  cluster.ask("DELETE", `${services}/x`);
  expect(held(cluster)).toEqual(["10.96.0.1"]);
});

test("nothing is held by what was refused, tried only, or has no address", () => {
  const cluster = served();
  expect(made(cluster, "x", { ports: [{ port: 0 }] }).status).toBe(422);
  cluster.ask("POST", `${services}?dryRun=All`, '{"metadata":{"name":"x"},"spec":{"ports":[{"port":80}]}}');
  expect(made(cluster, "h", { clusterIP: "None" }).ip).toBe("None");
  expect(held(cluster)).toEqual(["10.96.0.1"]);
});

test("an address that somebody else has is not given", () => {
  const cluster = served();
  const parentRef = { resource: "gateways", group: "example.com", name: "g" };
  cluster.ask("POST", addresses, JSON.stringify({ metadata: { name: "10.96.0.7" }, spec: { parentRef } }));
  expect(made(cluster, "x", { clusterIP: "10.96.0.7" }).body.message).toBe(
    'Service "x" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.7"]: failed to allocate IP 10.96.0.7: provided IP is already allocated',
  );
});

test("another range gives addresses as soon as it is there", () => {
  const cluster = served();
  const asked = { clusterIP: "10.200.0.9" };
  expect(made(cluster, "x", asked).status).toBe(422);
  cluster.ask("POST", ranges, JSON.stringify({ metadata: { name: "more" }, spec: { cidrs: ["10.200.0.0/28"] } }));
  expect(made(cluster, "x", asked).ip).toBe("10.200.0.9");
});
