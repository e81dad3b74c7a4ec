import { describe, expect, test } from "vitest";
import { readManifests } from "../../../../src/base/yaml-in/read-manifests.ts";
import { PolicyTable } from "../../../../src/cluster/network/policy/policy-table.ts";
import { networkPolicy } from "../../../../src/kinds/network-policy.ts";
import type { Namespace } from "../../../../src/kinds/types/core.ts";
import type { NetworkPolicy } from "../../../../src/kinds/types/network.ts";
import type { Pod } from "../../../../src/kinds/types/pod.ts";
import { outside, pods, readTable, recipes } from "./recipes.ts";

const address = (index: number) => `10.244.${Math.floor(index / 3)}.${10 + index}`;

/** The table of a node that has heard of everything. */
function tableOf(policies: string): PolicyTable {
  const table = new PolicyTable({ blocksMeanMembers: true });
  for (const name of ["shop", "pay", "ops"])
    table.setNamespace({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: { "kubernetes.io/metadata.name": name, team: name } },
    } as Namespace);
  for (const [index, pod] of pods.entries()) {
    const [namespace = "", app = ""] = pod.split("/");
    table.setPod({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: app, namespace, labels: { app } },
      spec: { containers: [{ name: "c", ports: [{ name: "http", containerPort: 80 }, { containerPort: 81 }] }] },
      status: { phase: "Running", podIP: address(index) },
    } as Pod);
  }
  for (const { object } of readManifests(policies, "test")) {
    if (!object) continue;
    const made = object as unknown as NetworkPolicy;
    networkPolicy.defaults?.(made);
    expect(networkPolicy.problems?.(made)).toEqual([]);
    table.setPolicy(made);
  }
  return table;
}

/** Whether a connection is opened: the client's node is asked, then the server's. */
function connects(table: PolicyTable, from: string, to: string, port: number): boolean {
  const packet = { port, protocol: "TCP" as const, ownHost: false };
  return (
    table.refuses({ ...packet, direction: "egress", pod: from, peer: to }) === undefined &&
    table.refuses({ ...packet, direction: "ingress", pod: to, peer: from }) === undefined
  );
}

describe.each(recipes)("$name", ({ policies, port80, port81 = port80, fromOutside, toOutside }) => {
  const table = tableOf(policies);
  const everybody = pods.map((_, index) => address(index));
  const reached = (port: number) => everybody.map((from) => everybody.map((to) => connects(table, from, to, port)));

  test("who reaches whom on port 80", () => expect(reached(80)).toEqual(readTable(port80)));
  test("who reaches whom on port 81", () => expect(reached(81)).toEqual(readTable(port81)));
  test("from outside", () => {
    const [wanted] = readTable(fromOutside ?? ".........");
    expect(everybody.map((to) => connects(table, outside, to, 80))).toEqual(wanted);
  });
  test("to the outside", () => {
    const [wanted] = readTable(toOutside ?? ".........");
    expect(everybody.map((from) => connects(table, from, outside, 80))).toEqual(wanted);
  });
});
