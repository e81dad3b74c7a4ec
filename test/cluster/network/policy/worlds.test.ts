import { describe, expect, test } from "vitest";
import { readManifests } from "../../../../src/base/yaml-in/read-manifests.ts";
import { RUNTIME_PART, type Runtime } from "../../../../src/cluster/kubelet/runtime/runtime.ts";
import type { KubeObject } from "../../../../src/kinds/types/meta.ts";
import type { Machine } from "../../../../src/machine/machine.ts";
import { type Lab, makeLab } from "../../kubelet/setup.ts";
import { pods, readTable, recipes } from "./recipes.ts";

const hosts = [
  { name: "cp", role: "control-plane" },
  { name: "w1", role: "worker" },
  { name: "w2", role: "worker" },
] as const;
const nodes = ["w1", "w2"];

/** Nine pods in three namespaces over two nodes, each with servers on port 80 (called http) and 81. */
function settled(cni: "flannel" | "calico" | "cilium"): {
  lab: Lab;
  machines: readonly Machine[];
  ips: readonly string[];
} {
  const lab = makeLab(hosts, cni, { cni });
  for (const name of ["shop", "pay", "ops"])
    lab.apply(`{apiVersion: v1, kind: Namespace, metadata: {name: ${name}, labels: {team: ${name}}}}`);
  lab.world.advance(2);
  const server = (name: string, port: number, more: string) =>
    `{name: ${name}, image: "registry.k8s.io/e2e-test-images/agnhost:2.53", args: [netexec, --http-port=${port}, --udp-port=-1], ports: [{${more}containerPort: ${port}}]}`;
  for (const [index, pod] of pods.entries()) {
    const [namespace = "", app = ""] = pod.split("/");
    lab.apply(
      `{apiVersion: v1, kind: Pod, metadata: {name: ${app}, namespace: ${namespace}, labels: {app: ${app}}}, spec: {nodeName: ${nodes[index % 2]}, containers: [${server("a", 80, "name: http, ")}, ${server("b", 81, "")}]}}`,
    );
  }
  const found = () => pods.map((pod) => lab.pod(pod.split("/")[1] ?? "", pod.split("/")[0]));
  lab.until(
    "all run",
    () => found().every(({ metadata }) => lab.shown(metadata.name, metadata.namespace) === "2/2 Running"),
    120,
  );
  lab.world.advance(1);
  const machines = found().map((pod, index) => {
    const runtime = lab.host(nodes[index % 2] ?? "").parts.get(RUNTIME_PART) as Runtime;
    return runtime.containersOf(pod.metadata.uid ?? "")[0]?.machine as Machine;
  });
  return { lab, machines, ips: found().map(({ status }) => status?.podIP ?? "") };
}

type World = ReturnType<typeof settled>;

function reached({ lab, machines, ips }: World, port: number): boolean[][] {
  return machines.map((from) => ips.map((ip) => "listener" in lab.world.network.dial(from, ip, port)));
}

function withPolicies({ lab }: World, text: string, look: () => void): void {
  const made = [...readManifests(text, "test")].flatMap(({ object }) =>
    object ? [lab.api.create(object as unknown as KubeObject)] : [],
  );
  lab.world.advance(0.1);
  look();
  for (const one of made) lab.api.delete(one);
  lab.world.advance(0.1);
}

const everybody = pods.map(() => pods.map(() => true));

describe("Calico", () => {
  const world = settled("calico");
  test("pods have addresses out of the blocks of their nodes", () => {
    const blocks = world.lab.api.list<KubeObject & { spec: { affinity: string; cidr: string } }>(
      "ipamblocks.crd.projectcalico.org",
    );
    expect(blocks.map(({ spec }) => spec.affinity).sort()).toEqual(["host:cp", "host:w1", "host:w2"]);
    expect(blocks.every(({ spec }) => /^10\.244\.\d+\.\d+\/26$/.test(spec.cidr))).toBe(true);
    expect(new Set(world.ips).size).toBe(9);
  });
  test.each(recipes)("$name", ({ policies, port80, port81 = port80 }) => {
    withPolicies(world, policies, () => {
      expect(reached(world, 80)).toEqual(readTable(port80));
      expect(reached(world, 81)).toEqual(readTable(port81));
    });
    expect(reached(world, 80)).toEqual(everybody);
  });
});

describe("Cilium", () => {
  const world = settled("cilium");
  test.each(recipes)("$name", ({ policies, port80, port81 = port80 }) => {
    withPolicies(world, policies, () => {
      expect(reached(world, 80)).toEqual(readTable(port80));
      expect(reached(world, 81)).toEqual(readTable(port81));
    });
  });
});

describe("flannel enforces nothing", () => {
  const world = settled("flannel");
  test.each(recipes)("$name", ({ policies }) => {
    withPolicies(world, policies, () => expect(reached(world, 80)).toEqual(everybody));
  });
});
