import { type Micros, SECOND } from "../../base/clock.ts";
import type { JsonObject } from "../../base/json.ts";
import { conditionOf, isPodReady } from "../../kinds/labels.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import type { Container, Pod } from "../../kinds/types/pod.ts";
import type { Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import { CommandFault } from "./faults.ts";
import { kindOf } from "./kind-of.ts";
import type { Found } from "./selection.ts";

/** All pods that an object stands for: itself, or those that its selector finds. Throws CommandFault where it has none. */
export function* podsOf(
  context: Context,
  { resource, namespace, name, object }: Found,
  doing = "get the logs from",
): Task<readonly Pod[]> {
  const kind = kindOf(resource);
  if (kind?.templateAt === "") return [object as unknown as Pod];
  const type = `*${resource.version}.${resource.kind}`;
  if (!kind?.podsOf) throw new CommandFault(`cannot ${doing} ${type}: selector for ${type} not implemented`);
  const selector = kind.podsOf(object as unknown as KubeObject);
  if (selector === undefined)
    throw new CommandFault(
      `cannot ${doing} ${type}: invalid ${resource.kind.toLowerCase()} '${name}': ${resource.kind} is defined without a selector`,
    );
  const pods = (yield* context.mapper()).resourceFor("pods");
  const list = yield* context.client.list({ resource: pods, namespace, labelSelector: selector });
  return (list.items ?? []) as readonly JsonObject[] as unknown as readonly Pod[];
}

/** What a pod is picked for: of equals, logs are read from the one that restarted more, and sessions go to the other. */
type Purpose = "logs" | "session";

/** The best pod of an object, which may have none yet for `patience`: what logs, attach, exec and port-forward go to. */
export function* bestPodOf(context: Context, found: Found, patience: Micros, purpose: Purpose): Task<PickedPod> {
  const until = context.now + patience;
  for (;;) {
    const pods = yield* podsOf(context, found, purpose === "logs" ? undefined : "attach to");
    const pod = bestPod(pods, purpose);
    if (pod) return { pod, among: pods.length };
    const left = (until - context.now) / SECOND;
    if (left <= 0) throw new CommandFault("timed out waiting for the condition");
    yield* context.sleep(Math.min(1, left));
  }
}

/** The pod that a session goes to. */
export function* attachablePod(context: Context, found: Found, patience: Micros): Task<Pod> {
  return (yield* bestPodOf(context, found, patience, "session")).pod;
}

/** A pod, and how many there were to pick from. */
interface PickedPod {
  readonly pod: Pod;
  readonly among: number;
}

const phaseRanks: Readonly<Record<string, number>> = { Running: 0, Unknown: 1, Pending: 2 };

/**
 * Running before waiting, ready before not, longer ready, more or fewer restarts, older
 * (kubectl podutils ByLogging, and ActivePods reversed, 1.35).
 */
function bestPod(pods: readonly Pod[], purpose: Purpose): Pod | undefined {
  const rank = (pod: Pod): readonly (number | string)[] => [
    pod.spec.nodeName ? 0 : 1,
    phaseRanks[pod.status?.phase ?? ""] ?? 0,
    isPodReady(pod) ? 0 : 1,
    isPodReady(pod) ? (conditionOf(pod, "Ready")?.lastTransitionTime ?? "") : "",
    (purpose === "logs" ? -1 : 1) *
      Math.max(0, ...(pod.status?.containerStatuses ?? []).map((one) => one.restartCount)),
    pod.metadata.creationTimestamp ?? "",
    pod.metadata.name,
  ];
  return pods.map((pod) => ({ pod, rank: rank(pod) })).sort((a, b) => compare(a.rank, b.rank))[0]?.pod;
}

function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (const [i, one] of a.entries()) {
    const other = b[i] ?? 0;
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

const defaultContainer = "kubectl.kubernetes.io/default-container";

/** All containers of a pod: init, main, ephemeral. */
export function containersOf({ spec }: Pod): readonly Container[] {
  return [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])];
}

/** The container that is meant: by name, by the pod's annotation, or the first one, which is then said (unless `quiet`). */
export function containerOf(context: Context, pod: Pod, name: string, quiet = false, to = context.err): string {
  const all = containersOf(pod);
  if (name !== "") {
    if (all.some((c) => c.name === name)) return name;
    throw new CommandFault(`container ${name} is not valid for pod ${pod.metadata.name}`);
  }
  const annotated = pod.metadata.annotations?.[defaultContainer];
  if (annotated && all.some((c) => c.name === annotated)) return annotated;
  const first = pod.spec.containers[0]?.name ?? "";
  if (all.length > 1 && !quiet) {
    const others = all.map((c) => {
      const init = pod.spec.initContainers?.includes(c);
      const ephemeral = pod.spec.ephemeralContainers?.includes(c);
      return `${c.name}${init ? " (init)" : ephemeral ? " (ephem)" : ""}`;
    });
    const order = [
      ...others.slice(pod.spec.initContainers?.length ?? 0),
      ...others.slice(0, pod.spec.initContainers?.length ?? 0),
    ];
    to.line(`Defaulted container "${first}" out of: ${order.join(", ")}`);
  }
  return first;
}
