import { expect, test } from "vitest";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import type { ServiceCidr } from "../../../src/kinds/types/service-cidr.ts";
import { makeLab } from "../kubelet/setup.ts";
import { type World, world } from "./setup.ts";

// Words and times of kubernetes pkg/controller/servicecidrs, 1.35.

const resource = "servicecidrs.networking.k8s.io";
const only = ["service-cidr-controller"];
const FINALIZER = "networking.k8s.io/service-cidr-finalizer";

const range = (name: string, ...cidrs: string[]): KubeObject => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "ServiceCIDR",
  metadata: { name },
  spec: { cidrs },
});
const service = (clusterIP: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "x", namespace: "default" },
  spec: { clusterIP, ports: [{ port: 80 }] },
});
const get = (w: World, name: string) => w.api.get<ServiceCidr>(resource, undefined, name);

test("a new range is kept and ready", () => {
  const w = world({ only });
  w.api.create(range("more", "10.200.0.0/24"));
  w.settle();
  expect(get(w, "more")).toMatchObject({
    metadata: { finalizers: [FINALIZER] },
    status: {
      conditions: [{ type: "Ready", status: "True", reason: "", message: "Kubernetes Service CIDR is ready" }],
    },
  });
});

test("a deleted range stays while an address of it is in use, and ten seconds", () => {
  const w = world({ only });
  w.api.create(range("more", "10.200.0.0/24"));
  w.settle();
  const made = w.api.create(service("10.200.0.9"));
  w.api.delete(get(w, "more") as KubeObject);
  w.pass(60);
  expect(get(w, "more")).toMatchObject({
    status: {
      conditions: [
        {
          type: "Ready",
          status: "False",
          reason: "Terminating",
          message:
            "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR",
        },
      ],
    },
  });
  w.api.delete(made);
  w.pass(1);
  expect(get(w, "more")).toBeUndefined();
});

test("a range that lies in another goes after ten seconds, with addresses in use", () => {
  const w = world({ only });
  w.api.create(range("large", "10.200.0.0/16"));
  w.api.create(range("small", "10.200.0.0/24"));
  w.settle();
  w.api.create(service("10.200.0.9"));
  w.api.delete(get(w, "small") as KubeObject);
  w.pass(9);
  expect(get(w, "small")).toBeDefined();
  w.pass(2);
  expect(get(w, "small")).toBeUndefined();
});

test("a server with another range in its flag than the cluster's says so and leaves it; a second family it takes over", () => {
  const lab = makeLab();
  const start = (flag: string) => {
    const edit = `sed -i 's|service-cluster-ip-range=.*|service-cluster-ip-range=${flag}|'`;
    lab.sh("cp", `${edit} /etc/kubernetes/manifests/kube-apiserver.yaml`);
    lab.until("it is down", () => lab.world.door() === undefined, 40);
    lab.until("it is up", () => lab.world.door() !== undefined, 90);
    lab.world.advance(2);
  };
  const cidrs = () => lab.api.get<ServiceCidr>(resource, undefined, "kubernetes")?.spec.cidrs;
  const [before = ""] = cidrs() ?? [];
  start("10.97.0.0/16");
  expect(cidrs()).toEqual([before]);
  expect(lab.sh("cp", "kubectl describe servicecidr kubernetes").stdout).toMatch(
    /Warning {2}KubernetesDefaultServiceCIDRInconsistent .*kubernetes-service-cidr-controller +The default ServiceCIDR \[\S+\] does not match the controller flag configurations \[10\.97\.0\.0\/16\]\n/,
  );
  start(`${before},fd00:10:96::/112`);
  expect(cidrs()).toEqual([before, "fd00:10:96::/112"]);
});
