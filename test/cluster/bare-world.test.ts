import { describe, expect, test } from "vitest";
import { loadWorld } from "../../grader/load-world.ts";
import type { ApiServerPlan, WorldPart } from "../../src/cluster/define.ts";
import { makeWorld } from "../../src/lab/make-world.ts";
import { root } from "../../src/machine/define-files.ts";

const hosts = [{ name: "cp", role: "control-plane" as const }];
const make = (without: readonly WorldPart[], apiServer: ApiServerPlan = {}) =>
  makeWorld({ name: "bare", hosts, without, apiServer }, "1").world;

test("an API server alone: no node, no pod, and who shows the token may do everything", () => {
  const tokens = [
    { token: "t1", user: "ann", groups: ["system:masters"] },
    { token: "t2", user: "bob", uid: "7" },
  ];
  const world = make(["addons", "controller-manager", "nodes", "scheduler"], { tokens });
  const door = world.door();
  const ask = (path: string, token: string) =>
    door?.handle({ method: "GET", path, headers: { authorization: `Bearer ${token}` } });
  expect(ask("/api/v1/nodes", "t1")?.body).toMatchObject({ items: [] });
  expect(ask("/api/v1/pods", "t1")?.body).toMatchObject({ items: [] });
  expect(ask("/api/v1/pods", "t2")?.body).toMatchObject({
    message: 'pods is forbidden: User "bob" cannot list resource "pods" in API group "" at the cluster scope',
  });
  expect(ask("/api/v1/pods", "t3")?.status).toBe(401);
  expect(world.controlPlane.files.list("/etc/kubernetes/manifests", root)).toEqual([
    "etcd.yaml",
    "kube-apiserver.yaml",
  ]);
  world.advance(3600);
  expect(ask("/api/v1/nodes", "t1")?.body).toMatchObject({ items: [] });
  expect(ask("/readyz", "t1")?.body).toBe("ok");
});

test("without a scheduler pods wait, without a controller manager nobody makes them", () => {
  const waiting = make(["scheduler"]).admin();
  expect(waiting.list("nodes")).toHaveLength(1);
  expect(waiting.list("pods").some(({ metadata }) => metadata.name.startsWith("kube-scheduler"))).toBe(false);
  const unmade = make(["controller-manager"]).admin();
  expect(unmade.list("serviceaccounts").map(({ metadata }) => metadata.name)).not.toContain("default");
});

test("flags reach the manifest", () => {
  const world = make(["nodes", "addons"], {
    authorization: ["RBAC"],
    enableAdmission: ["AlwaysPullImages"],
    disableAdmission: ["ServiceAccount", "DefaultStorageClass"],
    flags: { v: "4" },
  });
  const text = world.controlPlane.files.read("/etc/kubernetes/manifests/kube-apiserver.yaml", root);
  for (const flag of [
    "--authorization-mode=RBAC\n",
    "--enable-admission-plugins=NodeRestriction,AlwaysPullImages\n",
    "--disable-admission-plugins=ServiceAccount,DefaultStorageClass\n",
    "--v=4\n",
  ])
    expect(text).toContain(`    - ${flag}`);
  expect(text).not.toContain("token-auth-file");
});

describe("a world's file", () => {
  const read = (more: string) => {
    const text = `description: d\n${more}hosts:\n  - name: \${host}\n    role: control-plane\n`;
    try {
      const { hosts: _hosts, description: _description, ...plan } = loadWorld(text, "w.yaml").plan("cp");
      return plan;
    } catch (error) {
      return (error as Error).message;
    }
  };
  const cases: readonly (readonly [string, string, unknown])[] = [
    ["says what is left out", "without: [nodes, addons]\n", { name: "w", without: ["nodes", "addons"] }],
    [
      "says how the API server starts",
      "apiServer:\n  authorization: [Node, RBAC]\n  tokens: [{token: a, user: b}]\n  flags: {v: '4'}\n",
      {
        name: "w",
        apiServer: { authorization: ["Node", "RBAC"], tokens: [{ token: "a", user: "b" }], flags: { v: "4" } },
      },
    ],
    ["leaves out only what there is", "without: [etcd]\n", expect.stringMatching(/w\.yaml:2:11.*addons/s)],
    ["knows the modes", "apiServer: {authorization: [Rbac]}\n", expect.stringMatching(/w\.yaml:2:\d+.*RBAC/s)],
    ["knows the flags", "apiServer: {flags: {etcd-servrs: x}}\n", expect.stringMatching(/w\.yaml:2.*etcd-servrs/s)],
    ["a token needs its user", "apiServer: {tokens: [{token: a}]}\n", expect.stringMatching(/w\.yaml:2.*user/s)],
  ];
  test.each(cases)("%s", (_, more, expected) => {
    expect(read(more)).toEqual(expected);
  });
});
