import { describe, expect, test } from "vitest";
import { readSchedulerConfig } from "../../../src/cluster/scheduler/config/read-config.ts";
import { profilesOf } from "../../../src/cluster/scheduler/profile.ts";
import { CONFIG } from "./setup.ts";

/** What a file is refused with; "" where it is not. */
function refusal(text: string): string {
  try {
    profilesOf(readSchedulerConfig(text));
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

const plugin = (name: string, args: string) =>
  `${CONFIG}profiles:\n- pluginConfig:\n  - name: ${name}\n    args:\n${args.replace(/^/gm, "      ")}\n`;
const strict = (name: string, fields: string) =>
  `strict decoding error: decoding .profiles[0].pluginConfig[0]: strict decoding error: decoding args for plugin ${name}: strict decoding error: ${fields}`;
const at = "profiles[0].pluginConfig[0].args";
const scheme = `in scheme "pkg/scheduler/apis/config/scheme/scheme.go:30"`;
const profile = "initializing profiles: creating profile for scheduler name default-scheduler:";

/** What, the file, what kube-scheduler says. Words: scheme_test.go, validation_test.go, framework.go and recorded logs. */
const refused: readonly (readonly [string, string, string])[] = [
  // scheme_test.go of 1.35
  [
    "a field of a shape with a capital",
    plugin(
      "NodeResourcesFit",
      "scoringStrategy:\n  requestedToCapacityRatio:\n    shape:\n    - Score: 2\n      Utilization: 1",
    ),
    strict(
      "NodeResourcesFit",
      `unknown field "scoringStrategy.requestedToCapacityRatio.shape[0].Score", unknown field "scoringStrategy.requestedToCapacityRatio.shape[0].Utilization"`,
    ),
  ],
  [
    "a field of a resource with a capital",
    plugin("NodeResourcesFit", "scoringStrategy:\n  resources:\n  - Name: cpu\n    Weight: 1"),
    strict(
      "NodeResourcesFit",
      `unknown field "scoringStrategy.resources[0].Name", unknown field "scoringStrategy.resources[0].Weight"`,
    ),
  ],
  [
    "arguments of another kind",
    plugin("DefaultPreemption", "apiVersion: kubescheduler.config.k8s.io/v1\nkind: InterPodAffinityArgs"),
    "decoding .profiles[0].pluginConfig[0]: args for plugin DefaultPreemption were not of type DefaultPreemptionArgs.kubescheduler.config.k8s.io, got InterPodAffinityArgs.kubescheduler.config.k8s.io",
  ],
  // recorded logs of kube-scheduler
  [
    "a version of old",
    "apiVersion: kubescheduler.config.k8s.io/v1beta2\nkind: KubeSchedulerConfiguration\n",
    `no kind "KubeSchedulerConfiguration" is registered for version "kubescheduler.config.k8s.io/v1beta2" ${scheme}`,
  ],
  [
    "an unknown field",
    `${CONFIG}percentageOfNodeToScore: 100\n`,
    `strict decoding error: unknown field "percentageOfNodeToScore"`,
  ],
  [
    "no queue sort",
    `${CONFIG}profiles:\n- schedulerName: bin-packing\n  plugins:\n    queueSort:\n      disabled:\n      - name: "*"\n`,
    `initializing profiles: creating profile for scheduler name bin-packing: only one queue sort plugin required for profile with scheduler name "bin-packing", but got 0`,
  ],
  [
    "one name twice",
    `${CONFIG}profiles:\n- schedulerName: a\n- schedulerName: a\n`,
    "profiles[1].schedulerName: Duplicate value: {}",
  ],
  // apimachinery runtime/error.go
  ["no kind", "apiVersion: v1\n", "Object 'Kind' is missing in 'apiVersion: v1\n'"],
  ["no version", "kind: Foo\n", "Object 'apiVersion' is missing in 'kind: Foo\n'"],
  ["nothing", "", "Object 'Kind' is missing in ''"],
  [
    "another kind",
    "apiVersion: kubescheduler.config.k8s.io/v1\nkind: Scheduler\n",
    `no kind "Scheduler" is registered for version "kubescheduler.config.k8s.io/v1" ${scheme}`,
  ],
  [
    "a kind of arguments",
    "apiVersion: kubescheduler.config.k8s.io/v1\nkind: NodeAffinityArgs\n",
    "couldn't decode as KubeSchedulerConfiguration, got kubescheduler.config.k8s.io/v1, Kind=NodeAffinityArgs: ",
  ],
  [
    "a text for a number",
    `${CONFIG}parallelism: many\n`,
    "json: cannot unmarshal string into Go struct field KubeSchedulerConfiguration.parallelism of type int32",
  ],
  // validation.go
  [
    "no parallelism",
    `${CONFIG}parallelism: 0\n`,
    "parallelism: Invalid value: 0: should be an integer value greater than zero",
  ],
  [
    "too many nodes",
    `${CONFIG}percentageOfNodesToScore: 101\n`,
    "percentageOfNodesToScore: Invalid value: 101: not in valid range [0-100]",
  ],
  [
    "no back-off",
    `${CONFIG}podInitialBackoffSeconds: 0\n`,
    "podInitialBackoffSeconds: Invalid value: 0: must be greater than 0",
  ],
  [
    "a back-off that shrinks",
    `${CONFIG}podInitialBackoffSeconds: 5\npodMaxBackoffSeconds: 2\n`,
    "podMaxBackoffSeconds: Invalid value: 2: must be greater than or equal to PodInitialBackoffSeconds",
  ],
  [
    "two faults",
    `${CONFIG}podInitialBackoffSeconds: 0\npercentageOfNodesToScore: -1\n`,
    "[percentageOfNodesToScore: Invalid value: -1: not in valid range [0-100], podInitialBackoffSeconds: Invalid value: 0: must be greater than 0]",
  ],
  [
    "two profiles without names",
    `${CONFIG}profiles:\n- {}\n- schedulerName: b\n`,
    "profiles[0].schedulerName: Required value",
  ],
  [
    "a lock of old",
    `${CONFIG}leaderElection:\n  resourceLock: endpoints\n`,
    `leaderElection.resourceLock: Invalid value: "endpoints": resourceLock value must be "leases"`,
  ],
  // validation_pluginargs.go
  [
    "an unknown strategy",
    plugin("NodeResourcesFit", "scoringStrategy:\n  type: Random"),
    `${at}.scoringStrategy.type: Unsupported value: "Random": supported values: "LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"`,
  ],
  [
    "a ratio without a shape",
    plugin("NodeResourcesFit", "scoringStrategy:\n  type: RequestedToCapacityRatio"),
    `${at}.scoringStrategy.requestedToCapacityRatio: Required value: must be specified when type is RequestedToCapacityRatio`,
  ],
  [
    "a weight beyond all",
    plugin("NodeResourcesFit", "scoringStrategy:\n  type: MostAllocated\n  resources:\n  - {name: cpu, weight: 101}"),
    `${at}.scoringStrategy.resources[0].weight: Invalid value: 101: resource weight of cpu not in valid range (0, 100]`,
  ],
  [
    "default constraints without List",
    plugin(
      "PodTopologySpread",
      "defaultConstraints:\n- {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}",
    ),
    `${at}.defaultingType: Invalid value: "System": when .defaultConstraints are not empty`,
  ],
  [
    "no skew",
    plugin(
      "PodTopologySpread",
      "defaultingType: List\ndefaultConstraints:\n- {maxSkew: 0, topologyKey: zone, whenUnsatisfiable: DoNotSchedule}",
    ),
    `${at}.defaultConstraints[0].maxSkew: Invalid value: 0: not in valid range (0, inf)`,
  ],
  [
    "a hard weight beyond all",
    plugin("InterPodAffinity", "hardPodAffinityWeight: 101"),
    `${at}.hardPodAffinityWeight: Invalid value: 101: not in valid range [0, 100]`,
  ],
  [
    "too many candidates",
    plugin("DefaultPreemption", "minCandidateNodesPercentage: 200"),
    `${at}.minCandidateNodesPercentage: Invalid value: 200: not in valid range [0, 100]`,
  ],
  // framework/runtime/framework.go
  [
    "an unknown plugin at multiPoint",
    `${CONFIG}profiles:\n- plugins:\n    multiPoint:\n      enabled:\n      - name: Coscheduling\n`,
    `${profile} PreFilterPlugin "Coscheduling" does not exist`,
  ],
  [
    "an unknown plugin at score",
    `${CONFIG}profiles:\n- plugins:\n    score:\n      enabled:\n      - name: Foo\n`,
    `${profile} ScorePlugin "Foo" does not exist`,
  ],
  [
    "a plugin where it does not belong",
    `${CONFIG}profiles:\n- plugins:\n    score:\n      enabled:\n      - name: NodePorts\n`,
    `${profile} plugin "NodePorts" does not extend ScorePlugin plugin`,
  ],
  [
    "a plugin twice",
    `${CONFIG}profiles:\n- plugins:\n    filter:\n      enabled:\n      - name: NodePorts\n      - name: NodePorts\n`,
    `${profile} plugin "NodePorts" already registered as "FilterPlugin"`,
  ],
  [
    "nothing that binds",
    `${CONFIG}profiles:\n- plugins:\n    bind:\n      disabled:\n      - name: DefaultBinder\n`,
    `${profile} at least one bind plugin is needed for profile with scheduler name "default-scheduler"`,
  ],
  // not simulated, and says so
  ["extenders", `${CONFIG}extenders:\n- urlPrefix: http://localhost\n`, "extenders: not simulated in cka-lab"],
];

describe("configurations with which the scheduler does not start", () => {
  test.each(refused)("%s", (_what, text, message) => {
    expect(refusal(text)).toBe(message);
  });

  test("no YAML", () => {
    expect(refusal("a: b: c\n")).toMatch(/^yaml: /);
  });
});

describe("configurations", () => {
  test.each([
    // scheme_test.go: "empty and no plugin args", "out-of-tree plugin args"
    ["nothing but its head", CONFIG],
    [
      "no arguments",
      `${CONFIG}profiles:\n- pluginConfig:\n  - name: DefaultPreemption\n    args:\n  - name: NodeAffinity\n`,
    ],
    ["arguments of a plugin of others", plugin("OutOfTree", "foo: bar")],
    [
      "arguments with their kind",
      plugin("DefaultPreemption", "kind: DefaultPreemptionArgs\nminCandidateNodesPercentage: 50"),
    ],
  ])("%s", (_what, text) => {
    expect(refusal(text)).toBe("");
    expect([...profilesOf(readSchedulerConfig(text)).keys()]).toEqual(["default-scheduler"]);
  });

  test("plugins by extension point: order, weights, switched off and on (default_plugins_test.go, framework_test.go)", () => {
    const text = `${CONFIG}percentageOfNodesToScore: 10
profiles:
- schedulerName: a
  percentageOfNodesToScore: 20
  plugins:
    multiPoint:
      disabled:
      - name: ImageLocality
    score:
      enabled:
      - name: NodeResourcesFit
        weight: 7
      disabled:
      - name: TaintToleration
    filter:
      disabled:
      - name: NodePorts
- schedulerName: b
  plugins:
    score:
      disabled:
      - name: "*"
`;
    const profiles = profilesOf(readSchedulerConfig(text));
    const [a, b] = [profiles.get("a"), profiles.get("b")];
    expect(a?.score.map(({ plugin: one, weight }) => `${one.name} ${weight}`)).toEqual([
      "NodeResourcesFit 7",
      "NodeAffinity 2",
      "PodTopologySpread 2",
      "InterPodAffinity 2",
      "NodeResourcesBalancedAllocation 1",
    ]);
    expect(a?.filter.map(({ name }) => name)).not.toContain("NodePorts");
    expect(a?.filter.map(({ name }) => name)).toContain("TaintToleration");
    expect([a?.percentageOfNodesToScore, b?.percentageOfNodesToScore]).toEqual([20, 10]);
    expect(b?.score).toEqual([]);
  });
});
