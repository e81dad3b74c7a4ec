import { annotatedRevision } from "../../../kinds/rollouts.ts";
import type { Deployment, ReplicaSet } from "../../../kinds/types/workload.ts";

export const REVISION = "deployment.kubernetes.io/revision";
const HISTORY = "deployment.kubernetes.io/revision-history";
const MOST_HISTORY = 2000;
export const DESIRED = "deployment.kubernetes.io/desired-replicas";
export const MOST = "deployment.kubernetes.io/max-replicas";

/** What a Deployment does not hand on to its ReplicaSets (deployment_util.go annotationsToSkip, 1.35). */
const own = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  REVISION,
  HISTORY,
  DESIRED,
  MOST,
  "deprecated.deployment.rollback.to",
]);

type Annotations = Readonly<Record<string, string>>;

/** The annotations of the newest ReplicaSet: the Deployment's, its revision, and the revisions it had before. */
export function newAnnotations(object: Deployment, rs: ReplicaSet | undefined, revision: number): Annotations {
  const next: Record<string, string> = { ...rs?.metadata.annotations };
  for (const [name, value] of Object.entries(object.metadata.annotations ?? {})) if (!own.has(name)) next[name] = value;
  const old = rs ? annotatedRevision(rs) : 0;
  if (old >= revision) return next;
  next[REVISION] = String(revision);
  // Revisions that this ReplicaSet had before it was rolled back to.
  if (old > 0) next[HISTORY] = historyWith(next[HISTORY], String(old));
  return next;
}

/** The revisions before, with one more; the oldest are left out lest the text get too long (maxRevHistoryLengthInChars, 1.35). */
function historyWith(before: string | undefined, last: string): string {
  if (!before) return last;
  const revisions = [...before.split(","), last];
  while (revisions.length > 1 && revisions.join(",").length > MOST_HISTORY) revisions.shift();
  return revisions.join(",");
}

/** The annotations with how many pods were wanted and allowed: by them a change of scale is told from a rollout. */
export function withSizes(annotations: Annotations | undefined, desired: number, most: number): Annotations {
  return { ...annotations, [DESIRED]: String(desired), [MOST]: String(most) };
}

/** A whole number in an annotation. */
export function numberIn(rs: ReplicaSet, name: string): number | undefined {
  const text = rs.metadata.annotations?.[name];
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
}
