import type { Answer, Ask, DescribeOptions } from "../define.ts";
import { Status } from "../status.ts";
import type { Event } from "../types/core.ts";
import type { KubeObject } from "../types/meta.ts";
import type { Pod } from "../types/pod.ts";

type Asking<T> = Generator<Ask, T, Answer>;

/** The items of a list, or why there are none. */
export function* listOf<T extends KubeObject>(ask: Ask): Asking<readonly T[] | Status | undefined> {
  const answer = yield ask;
  if (answer === undefined || answer instanceof Status) return answer;
  return (answer.items ?? []) as readonly T[];
}

/** The items of a list without which the object cannot be described. */
export function* neededListOf<T extends KubeObject>(ask: Ask): Asking<readonly T[]> {
  const items = yield* listOf<T>(ask);
  if (items instanceof Status) throw items;
  return items ?? [];
}

/** What an event says it is about. */
export interface Subject {
  readonly kind?: string | undefined;
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly uid?: string | undefined;
}

/** The events of an object; undefined where none are wanted. Those that may not be read count as none. */
export function* eventsOf(object: KubeObject, options: DescribeOptions): Asking<readonly Event[] | undefined> {
  const { name, namespace, uid } = object.metadata;
  return yield* eventsAbout({ kind: object.kind, name, namespace, uid }, options);
}

/** The events about a subject, which may be known by name and uid only. */
export function* eventsAbout(subject: Subject, options: DescribeOptions): Asking<readonly Event[] | undefined> {
  if (!options.showEvents) return undefined;
  const { kind, name, namespace, uid } = subject;
  const terms = [`involvedObject.name=${name}`, `involvedObject.namespace=${namespace ?? ""}`];
  if (kind) terms.push(`involvedObject.kind=${kind}`);
  if (uid) terms.push(`involvedObject.uid=${uid}`);
  const ask = { apiVersion: "v1", resource: "events", fieldSelector: terms.join(",") };
  const events = yield* listOf<Event>(namespace ? { ...ask, namespace } : ask);
  return events === undefined || events instanceof Status ? [] : events;
}

/** How many of a controller's pods are in which phase, or why that is not known. */
export function* podCounts(object: KubeObject, labelSelector: string): Asking<string | Status> {
  const { namespace, uid } = object.metadata;
  const ask = { apiVersion: "v1", resource: "pods", labelSelector };
  const pods = yield* listOf<Pod>(namespace ? { ...ask, namespace } : ask);
  if (pods instanceof Status) return pods;
  const mine = (pods ?? []).filter(
    ({ metadata }) => metadata.ownerReferences?.find((owner) => owner.controller)?.uid === uid,
  );
  const count = (phase: string) => mine.filter(({ status }) => status?.phase === phase).length;
  const [running, waiting, succeeded, failed] = ["Running", "Pending", "Succeeded", "Failed"].map(count);
  return `${running} Running / ${waiting} Waiting / ${succeeded} Succeeded / ${failed} Failed`;
}
