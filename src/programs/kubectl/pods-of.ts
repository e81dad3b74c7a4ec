import { type Micros, SECOND } from "../../base/clock.ts";
import type { JsonObject } from "../../base/json.ts";
import { isPodReady } from "../../kinds/labels.ts";
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
  { resource, namespace, object }: Found,
  doing = "get the logs from",
): Task<readonly Pod[]> {
  const kind = kindOf(resource);
  if (kind?.templateAt === "") return [object as unknown as Pod];
  const selector = kind?.podsOf?.(object as unknown as KubeObject);
  if (selector === undefined)
    throw new CommandFault(
      `cannot ${doing} *${resource.version}.${resource.kind}: selector for *${resource.version}.${resource.kind} not implemented`,
    );
  const pods = (yield* context.mapper()).resourceFor("pods");
  const list = yield* context.client.list({ resource: pods, namespace, labelSelector: selector });
  return (list.items ?? []) as readonly JsonObject[] as unknown as readonly Pod[];
}

/** The best pod of an object, which may have none yet for `patience`: what attach, exec and port-forward go to. */
export function* attachablePod(context: Context, found: Found, patience: Micros): Task<Pod> {
  const until = context.now + patience;
  for (;;) {
    const pod = bestPod(yield* podsOf(context, found, "attach to"));
    if (pod) return pod;
    const left = (until - context.now) / SECOND;
    if (left <= 0) throw new CommandFault("timed out waiting for the condition");
    yield* context.sleep(Math.min(1, left));
  }
}

const phaseRanks: Readonly<Record<string, number>> = { Running: 0, Unknown: 1, Pending: 2 };

/** The best of several pods to look into: running before waiting, ready before not, longer ready, fewer restarts (podutils.ByLogging). */
export function bestPod(pods: readonly Pod[]): Pod | undefined {
  const rank = (pod: Pod): readonly number[] => [
    pod.spec.nodeName ? 0 : 1,
    phaseRanks[pod.status?.phase ?? ""] ?? 0,
    isPodReady(pod) ? 0 : 1,
  ];
  return [...pods].sort((a, b) => compare(rank(a), rank(b)) || (a.metadata.name < b.metadata.name ? -1 : 1))[0];
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] ?? 0) - (b[i] ?? 0);
  return 0;
}

const defaultContainer = "kubectl.kubernetes.io/default-container";

/** All containers of a pod: init, main, ephemeral. */
export function containersOf({ spec }: Pod): readonly Container[] {
  return [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])];
}

/** The container that is meant: by name, by the pod's annotation, or the first one, which is then said (unless `quiet`). */
export function containerOf(context: Context, pod: Pod, name: string, quiet = false): string {
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
    context.err.line(`Defaulted container "${first}" out of: ${order.join(", ")}`);
  }
  return first;
}
