import { expect, test } from "vitest";
import { conditionOf } from "../../../src/kinds/labels.ts";
import type { Event } from "../../../src/kinds/types/core.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import type { World } from "../controllers/setup.ts";
import { aPod, asks, type Nodes, outcome, place, podIn, priorityClass, run, scheduling } from "./setup.ts";

const HOST = "kubernetes.io/hostname";
const two: Nodes = { w1: {}, w2: {} };
const on = (node: string) => ({ nodeSelector: { [HOST]: node } });
const as = (priorityClassName: string, cpu = "1500m") => ({ ...asks(cpu), priorityClassName });

function withPriorities(nodes: Nodes, config?: string): World {
  const w = scheduling(nodes, config);
  for (const [name, value] of [
    ["low", 10],
    ["mid", 50],
    ["high", 100],
  ] as const)
    w.api.create(priorityClass(name, value));
  w.api.create(priorityClass("polite", 100, "Never"));
  return w;
}

const message = (w: World, name: string) => conditionOf(podIn(w, name), "PodScheduled")?.message;
/** The kubelet ends a pod that is being deleted. */
const end = (w: World, name: string) => w.api.delete(podIn(w, name), { gracePeriodSeconds: 0 });
const leaving = (w: World) =>
  w.api
    .list<Pod>("pods", "default")
    .filter(({ metadata }) => metadata.deletionTimestamp)
    .map(({ metadata }) => metadata.name);

/** What is written, and in which order (pkg/scheduler/framework/preemption, 1.35). */
test("a victim leaves by its grace period, and the room is the preemptor's", () => {
  const w = withPriorities({ w1: {} });
  place(w, aPod("victim", as("low")));
  run(w, "victim");
  place(w, aPod("p", as("high")));
  expect(leaving(w)).toEqual(["victim"]);
  expect(podIn(w, "p").status?.nominatedNodeName).toBe("w1");
  // With a node promised, the message ends after the reasons.
  expect(message(w, "p")).toBe("0/1 nodes are available: 1 Insufficient cpu.");
  expect(conditionOf(podIn(w, "victim"), "DisruptionTarget")).toMatchObject({
    status: "True",
    reason: "PreemptionByScheduler",
    message: "default-scheduler: preempting to accommodate a higher priority pod",
  });
  const event = w.api.list<Event>("events").find(({ reason }) => reason === "Preempted");
  expect(event).toMatchObject({
    type: "Normal",
    action: "Preempting",
    message: `Preempted by pod ${podIn(w, "p").metadata.uid} on node w1`,
    involvedObject: { name: "victim" },
    related: { kind: "Pod", name: "p" },
    reportingComponent: "default-scheduler",
  });
  w.pass(20);
  expect(podIn(w, "p").spec.nodeName).toBeUndefined();
  end(w, "victim");
  w.settle();
  expect(podIn(w, "p").spec.nodeName).toBe("w1");
  expect(podIn(w, "p").status?.nominatedNodeName).toBeUndefined();
});

const budget = (app: string): KubeObject => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: app, namespace: "default" },
  spec: { minAvailable: 1, selector: { matchLabels: { app } } },
});

interface Case {
  readonly what: string;
  readonly nodes: Nodes;
  readonly objects?: readonly KubeObject[];
  readonly there: readonly Pod[];
  readonly pod: Pod;
  readonly victims: readonly string[];
  readonly message: string;
}

const says = (n: number, why: string, preemption: string) =>
  `0/${n} nodes are available: ${why}. no new claims to deallocate, preemption: ${preemption}`;

/** default_preemption_test.go and preemption_test.go, 1.35. */
const cases: readonly Case[] = [
  {
    what: "nobody below",
    nodes: two,
    there: [aPod("a", { ...as("high"), ...on("w1") }), aPod("b", { ...as("high"), ...on("w2") })],
    pod: aPod("p", as("high")),
    victims: [],
    message: says(2, "2 Insufficient cpu", "0/2 nodes are available: 2 No preemption victims found for incoming pod."),
  },
  {
    what: "nothing that would help",
    nodes: { w1: { unschedulable: true }, w2: { unschedulable: true } },
    there: [],
    pod: aPod("p", as("high")),
    victims: [],
    message: says(
      2,
      "2 node(s) were unschedulable",
      "0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
    ),
  },
  {
    what: "more than the node has",
    nodes: { w1: {} },
    there: [aPod("a", as("low"))],
    pod: aPod("p", as("high", "3")),
    victims: [],
    message: says(1, "1 Insufficient cpu", "0/1 nodes are available: 1 Preemption is not helpful for scheduling."),
  },
  {
    what: "those below are too small",
    nodes: { w1: {} },
    there: [aPod("a", as("low", "500m")), aPod("b", as("high", "1"))],
    pod: aPod("p", as("mid", "1500m")),
    victims: [],
    message: says(1, "1 Insufficient cpu", "0/1 nodes are available: 1 Insufficient cpu."),
  },
  {
    what: "preemptionPolicy Never",
    nodes: { w1: {} },
    there: [aPod("a", as("low"))],
    pod: aPod("p", as("polite")),
    victims: [],
    message: says(1, "1 Insufficient cpu", "not eligible due to preemptionPolicy=Never."),
  },
  {
    what: "no more victims than needed: the most important are spared",
    nodes: { w1: {} },
    there: [aPod("a", as("mid", "700m")), aPod("b", as("low", "700m")), aPod("c", as("low", "500m"))],
    pod: aPod("p", as("high", "1200m")),
    victims: ["b", "c"],
    message: "0/1 nodes are available: 1 Insufficient cpu.",
  },
  {
    what: "the node with the less important victim",
    nodes: two,
    there: [aPod("a", { ...as("mid"), ...on("w1") }), aPod("b", { ...as("low"), ...on("w2") })],
    pod: aPod("p", as("high")),
    victims: ["b"],
    message: "0/2 nodes are available: 2 Insufficient cpu.",
  },
  {
    what: "the node with fewer victims",
    nodes: two,
    there: [
      aPod("a", { ...as("low", "900m"), ...on("w1") }),
      aPod("b", { ...as("low", "900m"), ...on("w1") }),
      aPod("c", { ...as("low", "1800m"), ...on("w2") }),
    ],
    pod: aPod("p", as("high", "1900m")),
    victims: ["c"],
    message: "0/2 nodes are available: 2 Insufficient cpu.",
  },
  {
    what: "a budget is kept where there is a choice",
    nodes: two,
    objects: [budget("web")],
    there: [
      aPod("a", { ...as("low"), ...on("w1") }, { app: "web" }),
      aPod("b", { ...as("mid"), ...on("w2") }, { app: "db" }),
    ],
    pod: aPod("p", as("high")),
    victims: ["b"],
    message: "0/2 nodes are available: 2 Insufficient cpu.",
  },
  {
    what: "a budget is broken where there is none",
    nodes: { w1: {} },
    objects: [budget("web")],
    there: [aPod("a", as("low"), { app: "web" })],
    pod: aPod("p", as("high")),
    victims: ["a"],
    message: "0/1 nodes are available: 1 Insufficient cpu.",
  },
  {
    what: "one whose anti-affinity keeps it away",
    nodes: { w1: {} },
    there: [
      aPod("a", {
        priorityClassName: "low",
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { labelSelector: { matchLabels: { app: "p" } }, topologyKey: HOST },
            ],
          },
        },
      }),
    ],
    pod: aPod("p", { priorityClassName: "high" }, { app: "p" }),
    victims: ["a"],
    message: "0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules.",
  },
  {
    what: "one of a crowded domain",
    nodes: { w1: {}, w2: { unschedulable: true } },
    there: [aPod("a", { priorityClassName: "low" }, { app: "p" })],
    pod: aPod(
      "p",
      {
        priorityClassName: "high",
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: HOST,
            whenUnsatisfiable: "DoNotSchedule",
            labelSelector: { matchLabels: { app: "p" } },
          },
        ],
      },
      { app: "p" },
    ),
    victims: ["a"],
    message:
      "0/2 nodes are available: 1 node(s) didn't match pod topology spread constraints, 1 node(s) were unschedulable.",
  },
];

test.each(cases.map((one) => [one.what, one] as const))(
  "%s",
  (_what, { nodes, objects = [], there, pod, ...wants }) => {
    const w = withPriorities(nodes);
    for (const object of objects) w.api.create(object);
    place(w, ...there);
    run(w, ...there.map(({ metadata }) => metadata.name));
    place(w, pod);
    expect(leaving(w)).toEqual(wants.victims);
    expect(message(w, "p")).toBe(wants.message);
  },
);

/** default_preemption.go PodEligibleToPreemptOthers, 1.35. */
test("while its victims are leaving, it takes no others", () => {
  const w = withPriorities({ w1: {} });
  place(w, aPod("a", as("low", "1")), aPod("b", as("mid", "1")));
  run(w, "a", "b");
  place(w, aPod("p", as("high", "500m")));
  expect(leaving(w)).toEqual(["a"]);
  w.api.create(aPod("other", asks("0"), {}));
  w.pass(301);
  expect(leaving(w)).toEqual(["a"]);
  expect(message(w, "p")).toBe(
    says(1, "1 Insufficient cpu", "not eligible due to a terminating pod on the nominated node."),
  );
});

/** schedule_one.go RunFilterPluginsWithNominatedPods, 1.35. */
test("room that was promised is not for the less important, and is for the more important", () => {
  const w = withPriorities({ w1: {} });
  place(w, aPod("a", as("low")));
  run(w, "a");
  place(w, aPod("p", as("mid")));
  place(w, aPod("small", as("low", "400m")));
  expect(outcome(w, "small")).toBe("0/1 nodes are available: 1 Insufficient cpu.");
  place(w, aPod("top", as("high")));
  expect(podIn(w, "top").status?.nominatedNodeName).toBe("w1");
  expect(podIn(w, "p").status?.nominatedNodeName).toBeUndefined();
  end(w, "a");
  w.settle();
  expect(outcome(w, "top")).toBe("w1");
});

test("without the plugin nobody is preempted, and the message ends sooner", () => {
  const off = "profiles:\n- plugins:\n    postFilter:\n      disabled:\n      - name: DefaultPreemption\n";
  const w = withPriorities({ w1: {} }, off);
  place(w, aPod("a", as("low")), aPod("p", as("high")));
  expect(leaving(w)).toEqual([]);
  expect(message(w, "p")).toBe("0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate");
});
