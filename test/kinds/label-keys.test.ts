import { describe, expect, test } from "vitest";
import type { Pod } from "../../src/kinds/types/pod.ts";
import type { Deployment } from "../../src/kinds/types/workload.ts";
import { podNamed, type World, world } from "../cluster/controllers/setup.ts";
import { problemsOf } from "./tools.ts";

// kubernetes pkg/registry/core/pod strategy.go and core validation, 1.35.

const labelSelector = { matchLabels: { app: "x" } };
const term = (more: object) => ({ topologyKey: "zone", labelSelector, ...more });
const near = (more: object) => ({
  affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(more)] } },
});
const spread = (more: object) => ({
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule", ...more }],
});
const labels = { app: "x", rev: "2", tenant: "t" };
const created = (w: World, spec: object) =>
  w.api.create<Pod>(podNamed("p", JSON.parse(JSON.stringify(spec)), { labels }));

describe("a new pod's own labels stand in its selectors", () => {
  test("of a spread constraint", () => {
    const { spec } = created(world({ only: [] }), spread({ labelSelector, matchLabelKeys: ["rev", "none"] }));
    expect(spec.topologySpreadConstraints?.[0]).toMatchObject({
      matchLabelKeys: ["rev", "none"],
      labelSelector: { ...labelSelector, matchExpressions: [{ key: "rev", operator: "In", values: ["2"] }] },
    });
  });

  test("of terms of affinity and anti-affinity, required and preferred", () => {
    const keyed = term({ matchLabelKeys: ["rev"], mismatchLabelKeys: ["tenant"] });
    const affinity = {
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [keyed] },
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: keyed }],
      },
    };
    const { spec } = created(world({ only: [] }), { affinity });
    const matchExpressions = [
      { key: "rev", operator: "In", values: ["2"] },
      { key: "tenant", operator: "NotIn", values: ["t"] },
    ];
    const written = { ...keyed, labelSelector: { ...labelSelector, matchExpressions } };
    expect(spec.affinity).toEqual({
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [written] },
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: written }],
      },
    });
  });

  test("not of a template, and each pod of a set has its own", () => {
    const w = world({ only: ["deployment-controller", "replicaset-controller"] });
    const keys = { labelSelector, matchLabelKeys: ["pod-template-hash"] };
    const spec = { containers: [{ name: "c", image: "nginx" }], ...spread(keys) };
    const deployed = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "d", namespace: "default" },
      spec: {
        replicas: 2,
        selector: labelSelector,
        template: { metadata: { labels: { ...labelSelector.matchLabels } }, spec },
      },
    };
    w.api.create(JSON.parse(JSON.stringify(deployed)) as Deployment);
    w.settle();
    const [deployment] = w.api.list<Deployment>("deployments.apps", "default");
    expect(deployment?.spec.template.spec?.topologySpreadConstraints?.[0]).toMatchObject({ labelSelector });
    const pods = w.api.list<Pod>("pods", "default");
    expect(pods).toHaveLength(2);
    for (const { metadata, spec: own } of pods) {
      const values = [metadata.labels?.["pod-template-hash"]];
      expect(own.topologySpreadConstraints?.[0]).toMatchObject({
        labelSelector: { ...labelSelector, matchExpressions: [{ key: "pod-template-hash", operator: "In", values }] },
      });
    }
  });
});

const refused: readonly { what: string; spec: object; says: string }[] = [
  {
    what: "keys without a selector",
    spec: spread({ matchLabelKeys: ["rev"] }),
    says: "spec.topologySpreadConstraints[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set",
  },
  {
    what: "a key that is no key",
    spec: near({ matchLabelKeys: ["/rev"] }),
    says: 'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys[0]: Invalid value: "/rev": prefix part must be non-empty',
  },
  {
    what: "a key in both lists",
    spec: near({ matchLabelKeys: ["rev"], mismatchLabelKeys: ["rev"] }),
    says: 'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys[0]: Invalid value: "rev": exists in both matchLabelKeys and mismatchLabelKeys',
  },
];
describe("the server refuses", () => {
  for (const { what, spec, says } of refused)
    test(what, () => {
      const containers = [{ name: "c", image: "nginx" }];
      expect(problemsOf("pods", { spec: { containers, ...spec } })).toContain(says);
    });

  test("a key that the selector of a new pod has already", () => {
    const twice = spread({ labelSelector, matchLabelKeys: ["app"] });
    expect(() => created(world({ only: [] }), twice)).toThrow(
      'spec.topologySpreadConstraints[0][0]: Invalid value: "app": exists in both matchLabelKeys and labelSelector',
    );
  });
});
