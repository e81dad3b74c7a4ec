import { ageColumn, column, nameColumn, templateColumns } from "./cells.ts";
import { podTemplateDefaults } from "./defaults/pod-spec.ts";
import type { Kind, Problem, Rollout } from "./define.ts";
import { describeDeployment } from "./deployment/describe.ts";
import { selectorText } from "./label-selector.ts";
import { conditionOf } from "./labels.ts";
import { forbidden, unsupported, wrong } from "./problem.ts";
import { annotatedRevision, isObserved } from "./rollouts.ts";
import { portsOfTemplate } from "./templates.ts";
import type { Deployment, ReplicaSet } from "./types/workload.ts";
import { templateWarnings } from "./validation/pod-warnings.ts";
import {
  checkAtMostAll,
  checkCount,
  checkShare,
  checkWorkload,
  selectorProblemsOfUpdate,
  shareValue,
} from "./validation/workload.ts";

const rollout: Rollout<Deployment> = {
  revisions: {
    apiVersion: "apps/v1",
    resource: "replicasets",
    revisionOf: annotatedRevision,
    unreadable: "failed to retrieve replica sets from deployment",
  },
  status: rolloutStatus,
  pausedAt: "spec.paused",
  templateOf: (revision) => (revision as ReplicaSet).spec.template,
};

/** Replaces pods little by little when their template changes. */
export const deployment: Kind<Deployment> = {
  kind: "Deployment",
  plural: "deployments",
  group: "apps",
  version: "v1",
  namespaced: true,
  short: ["deploy"],
  categories: ["all"],
  subresources: [
    { name: "scale", kind: "Scale", group: "autoscaling", version: "v1", verbs: ["get", "patch", "update"] },
    { name: "status", kind: "Deployment", verbs: ["get", "patch", "update"] },
  ],
  countsGenerations: true,
  defaults,
  prepareForCreate(object) {
    object.status = {};
  },
  problems: problemsOf,
  problemsOfUpdate: selectorProblemsOfUpdate,
  warnings: (object, old) => templateWarnings(object, old, object.spec.template, "spec.template"),
  columns: [
    nameColumn,
    column("Ready", ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`),
    column("Up-to-date", (object) => object.status?.updatedReplicas ?? 0),
    column("Available", (object) => object.status?.availableReplicas ?? 0),
    ageColumn,
    ...templateColumns<Deployment>(
      (object) => object.spec.template,
      (object) => object.spec.selector,
      "",
    ),
  ],
  replicasAt: "spec.replicas",
  templateAt: "spec.template",
  templateOf: (object) => object.spec.template,
  podsOf: (object) => selectorText(object.spec.selector) || undefined,
  portsOf: (object) => portsOfTemplate(object.spec.template),
  rollout,
  describe: describeDeployment,
};

/** Fills in what was left out (apps/v1 SetDefaults_Deployment, 1.35). */
function defaults(object: Deployment): void {
  object.spec ??= {} as Deployment["spec"];
  const { spec } = object;
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  spec.progressDeadlineSeconds ??= 600;
  spec.strategy ??= {};
  spec.strategy.type ||= "RollingUpdate";
  if (spec.strategy.type === "RollingUpdate") {
    spec.strategy.rollingUpdate ??= {};
    spec.strategy.rollingUpdate.maxUnavailable ??= "25%";
    spec.strategy.rollingUpdate.maxSurge ??= "25%";
  }
  podTemplateDefaults(spec);
  object.status ??= {};
}

function problemsOf({ spec }: Deployment): readonly Problem[] {
  const problems: Problem[] = [];
  checkCount(spec.replicas, "spec.replicas", problems);
  checkWorkload(spec, "Deployment", problems);
  checkStrategy(spec, problems);
  checkCount(spec.minReadySeconds, "spec.minReadySeconds", problems);
  checkCount(spec.revisionHistoryLimit, "spec.revisionHistoryLimit", problems);
  const deadline = spec.progressDeadlineSeconds;
  checkCount(deadline, "spec.progressDeadlineSeconds", problems);
  if (deadline !== undefined && deadline <= (spec.minReadySeconds ?? 0))
    problems.push(wrong("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds"));
  return problems;
}

/** How pods are replaced (apps validation ValidateDeploymentStrategy, 1.35). */
function checkStrategy({ strategy }: Deployment["spec"], problems: Problem[]): void {
  const { type = "", rollingUpdate } = strategy ?? {};
  if (type === "Recreate") {
    const detail = "may not be specified when strategy `type` is 'Recreate'";
    if (rollingUpdate) problems.push(forbidden("spec.strategy.rollingUpdate", detail));
  } else if (type === "RollingUpdate") {
    const { maxUnavailable, maxSurge } = rollingUpdate ?? {};
    const path = "spec.strategy.rollingUpdate";
    checkShare(maxUnavailable, `${path}.maxUnavailable`, problems);
    checkShare(maxSurge, `${path}.maxSurge`, problems);
    if (shareValue(maxUnavailable) === 0 && shareValue(maxSurge) === 0)
      problems.push(wrong(`${path}.maxUnavailable`, maxUnavailable, "may not be 0 when `maxSurge` is 0"));
    checkAtMostAll(maxUnavailable, `${path}.maxUnavailable`, problems);
  } else {
    // Kubernetes prints its internal type here: fields as Go names them.
    const value = { Type: type, RollingUpdate: rollingUpdate ?? null };
    problems.push(unsupported("spec.strategy", value, ["Recreate", "RollingUpdate"]));
  }
}

/** The lines of kubectl rollout status (kubectl pkg/polymorphichelpers/rollout_status.go, 1.35). */
function rolloutStatus(object: Deployment, revision = 0): { text: string; done: boolean } {
  if (revision > 0) {
    const running = annotatedRevision(object);
    if (revision !== running)
      throw new Error(`desired revision (${revision}) is different from the running revision (${running})`);
  }
  const { name } = object.metadata;
  const { observedGeneration, replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = object.status ?? {};
  if (!isObserved(object, observedGeneration))
    return { text: "Waiting for deployment spec update to be observed...", done: false };
  if (conditionOf(object, "Progressing")?.reason === "ProgressDeadlineExceeded")
    throw new Error(`deployment "${name}" exceeded its progress deadline`);
  const waiting = (what: string) => ({
    text: `Waiting for deployment "${name}" rollout to finish: ${what}...`,
    done: false,
  });
  if (object.spec.replicas !== undefined && updatedReplicas < object.spec.replicas)
    return waiting(`${updatedReplicas} out of ${object.spec.replicas} new replicas have been updated`);
  if (replicas > updatedReplicas) return waiting(`${replicas - updatedReplicas} old replicas are pending termination`);
  if (availableReplicas < updatedReplicas)
    return waiting(`${availableReplicas} of ${updatedReplicas} updated replicas are available`);
  return { text: `deployment "${name}" successfully rolled out`, done: true };
}
