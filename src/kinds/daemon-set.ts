import { ageColumn, column, count, nameColumn, templateColumns } from "./cells.ts";
import { describeDaemonSet } from "./daemon-set/describe.ts";
import { podTemplateDefaults } from "./defaults/pod-spec.ts";
import type { Kind, Problem, Rollout } from "./define.ts";
import { equal } from "./equal.ts";
import { labelsText, selectorText } from "./label-selector.ts";
import { required, unsupported, wrong } from "./problem.ts";
import { isObserved } from "./rollouts.ts";
import type { PodTemplateSpec } from "./types/pod.ts";
import type { ControllerRevision, DaemonSet } from "./types/workload.ts";
import { podWarnings } from "./validation/pod-warnings.ts";
import {
  checkAtMostAll,
  checkCount,
  checkShare,
  checkWorkload,
  selectorProblemsOfUpdate,
  shareValue,
} from "./validation/workload.ts";

const rollout: Rollout<DaemonSet> = {
  revisions: {
    apiVersion: "apps/v1",
    resource: "controllerrevisions",
    revisionOf: (object) => (object as ControllerRevision).revision,
    unreadable: "unable to find history controlled by DaemonSet",
  },
  status: rolloutStatus,
  templateOf: (revision) =>
    ((revision as ControllerRevision).data as { spec: { template: PodTemplateSpec } }).spec.template,
};

/** Keeps one pod on every node that fits. */
export const daemonSet: Kind<DaemonSet> = {
  kind: "DaemonSet",
  plural: "daemonsets",
  group: "apps",
  version: "v1",
  namespaced: true,
  short: ["ds"],
  categories: ["all"],
  subresources: [{ name: "status", kind: "DaemonSet", verbs: ["get", "patch", "update"] }],
  countsGenerations: true,
  defaults,
  prepareForCreate(object) {
    object.status = { ...nothingYet };
    setTemplateGeneration(object, 1);
  },
  prepareForUpdate(object, old) {
    const before = Number(old.metadata.annotations?.[TEMPLATE_GENERATION] ?? 1);
    setTemplateGeneration(object, equal(object.spec.template, old.spec.template) ? before : before + 1);
  },
  problems: problemsOf,
  problemsOfUpdate: selectorProblemsOfUpdate,
  warnings: ({ metadata, spec }, old) =>
    old?.metadata.generation === metadata.generation ? [] : podWarnings(spec.template, "spec.template"),
  columns: [
    nameColumn,
    count("Desired", (object) => object.status?.desiredNumberScheduled),
    count("Current", (object) => object.status?.currentNumberScheduled),
    count("Ready", (object) => object.status?.numberReady),
    count("Up-to-date", (object) => object.status?.updatedNumberScheduled),
    count("Available", (object) => object.status?.numberAvailable),
    column("Node Selector", (object) => labelsText(object.spec.template.spec.nodeSelector) || "<none>"),
    ageColumn,
    ...templateColumns<DaemonSet>(
      (object) => object.spec.template,
      (object) => object.spec.selector,
    ),
  ],
  templateAt: "spec.template",
  templateOf: (object) => object.spec.template,
  podsOf: (object) => selectorText(object.spec.selector) || undefined,
  rollout,
  describe: describeDaemonSet,
};

const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

/** How often the template has changed: a field of the internal type, shown as annotation (apps/v1 conversion, 1.35). */
function setTemplateGeneration({ metadata }: DaemonSet, generation: number): void {
  metadata.annotations = { ...metadata.annotations, [TEMPLATE_GENERATION]: String(generation) };
}

const nothingYet = { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 };

/** Fills in what was left out (apps/v1 SetDefaults_DaemonSet, 1.35). */
function defaults(object: DaemonSet): void {
  object.spec ??= {} as DaemonSet["spec"];
  const { spec } = object;
  spec.updateStrategy ??= {};
  spec.updateStrategy.type ||= "RollingUpdate";
  if (spec.updateStrategy.type === "RollingUpdate") {
    spec.updateStrategy.rollingUpdate ??= {};
    spec.updateStrategy.rollingUpdate.maxUnavailable ??= 1;
    spec.updateStrategy.rollingUpdate.maxSurge ??= 0;
  }
  spec.revisionHistoryLimit ??= 10;
  podTemplateDefaults(spec);
  object.status = { ...nothingYet, ...object.status };
}

function problemsOf({ spec }: DaemonSet): readonly Problem[] {
  const problems: Problem[] = [];
  checkWorkload(spec, "DaemonSet", problems);
  checkCount(spec.minReadySeconds, "spec.minReadySeconds", problems);
  checkStrategy(spec, problems);
  checkCount(spec.revisionHistoryLimit, "spec.revisionHistoryLimit", problems);
  return problems;
}

/** How pods are replaced (apps validation ValidateDaemonSetUpdateStrategy, 1.35). */
function checkStrategy({ updateStrategy }: DaemonSet["spec"], problems: Problem[]): void {
  const { type = "", rollingUpdate } = updateStrategy ?? {};
  if (type === "OnDelete") return;
  if (type !== "RollingUpdate") {
    // Kubernetes prints its internal type here: fields as Go names them.
    const value = { Type: type, RollingUpdate: rollingUpdate ?? null };
    problems.push(unsupported("spec.updateStrategy", value, ["RollingUpdate", "OnDelete"]));
    return;
  }
  const { maxUnavailable, maxSurge } = rollingUpdate ?? {};
  const path = "spec.updateStrategy.rollingUpdate";
  for (const [field, value] of [
    ["maxUnavailable", maxUnavailable],
    ["maxSurge", maxSurge],
  ] as const) {
    checkShare(value, `${path}.${field}`, problems);
    checkAtMostAll(value, `${path}.${field}`, problems);
  }
  const [unavailable, surge] = [shareValue(maxUnavailable) !== 0, shareValue(maxSurge) !== 0];
  if (unavailable && surge)
    problems.push(wrong(`${path}.maxSurge`, maxSurge, "may not be set when maxUnavailable is non-zero"));
  if (!unavailable && !surge) problems.push(required(`${path}.maxUnavailable`, "cannot be 0 when maxSurge is 0"));
}

/** The lines of kubectl rollout status (kubectl pkg/polymorphichelpers/rollout_status.go, 1.35). */
function rolloutStatus(object: DaemonSet): { text: string; done: boolean } {
  if (object.spec.updateStrategy?.type !== "RollingUpdate")
    throw new Error("rollout status is only available for RollingUpdate strategy type");
  const { name } = object.metadata;
  const status = object.status;
  if (!isObserved(object, status?.observedGeneration))
    return { text: "Waiting for daemon set spec update to be observed...", done: false };
  const desired = status?.desiredNumberScheduled ?? 0;
  const updated = status?.updatedNumberScheduled ?? 0;
  const available = status?.numberAvailable ?? 0;
  const waiting = (what: string) => ({
    text: `Waiting for daemon set "${name}" rollout to finish: ${what}...`,
    done: false,
  });
  if (updated < desired) return waiting(`${updated} out of ${desired} new pods have been updated`);
  if (available < desired) return waiting(`${available} of ${desired} updated pods are available`);
  return { text: `daemon set "${name}" successfully rolled out`, done: true };
}
