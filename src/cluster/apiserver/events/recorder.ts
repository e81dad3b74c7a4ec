import { SECOND } from "../../../base/clock.ts";
import { rfc3339, rfc3339Micro } from "../../../base/time.ts";
import { Status } from "../../../kinds/status.ts";
import type { Event, Namespace } from "../../../kinds/types/core.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Context } from "../context.ts";
import type { EventText } from "../define.ts";
import type { Writing } from "../registry/writing.ts";
import { Correlator, type Sighting } from "./correlator.ts";

/** How long after its last sighting an event of events.k8s.io goes on as a series (client-go tools/events: six minutes). */
const seriesEnds = 360 * SECOND;

/** Records events as client-go does: the core recorder, or that of events.k8s.io for those who name an action. */
export class EventRecorder {
  private readonly component: string;
  private readonly correlator = new Correlator();

  constructor(component: string) {
    this.component = component;
  }

  /** An event that the server refuses is lost, as in life. */
  record(context: Context, writing: Writing, about: KubeObject, text: EventText): void {
    const namespace = about.metadata.namespace ?? "default";
    const home = context.storage.store.get("namespaces", undefined, namespace) as Namespace | undefined;
    if (!home || home.metadata.deletionTimestamp) return;
    const { user } = writing.attributes;
    const host = user.name.startsWith("system:node:") ? user.name.slice("system:node:".length) : undefined;
    try {
      if (text.action !== undefined) this.recordSeries(context, writing, about, text);
      else this.recordCount(context, writing, about, text, host);
    } catch (error) {
      if (!(error instanceof Status)) throw error;
    }
  }

  private recordCount(context: Context, writing: Writing, about: KubeObject, text: EventText, host: string | undefined) {
    const { storage, clock } = context;
    const seen = this.correlator.see(this.component, about, text, clock.now);
    if (!seen.send) return;
    const lastTimestamp = rfc3339(clock.now);
    const old = this.newest(context, about, seen);
    if (old) {
      const changed = { ...old, count: seen.count, lastTimestamp, message: seen.message };
      storage.put(writing.kind, { ...changed, metadata: { ...old.metadata } });
      return;
    }
    const event: Event = {
      ...this.base(context, about, text, seen),
      source: { component: this.component, ...(host ? { host } : {}) },
      firstTimestamp: rfc3339(seen.first),
      lastTimestamp,
      count: seen.count,
      eventTime: null,
      reportingComponent: this.component,
      reportingInstance: host ?? "",
    };
    storage.put(writing.kind, event);
  }

  private recordSeries(context: Context, writing: Writing, about: KubeObject, text: EventText): void {
    const { storage, clock } = context;
    const seen = this.correlator.seeSeries(this.component, about, text, clock.now, seriesEnds);
    const old = this.newest(context, about, seen);
    if (old) {
      const series = { count: seen.count, lastObservedTime: rfc3339Micro(clock.now) };
      storage.put(writing.kind, { ...old, series, metadata: { ...old.metadata } } as KubeObject);
      return;
    }
    const event: Event = {
      ...this.base(context, about, text, seen),
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      eventTime: rfc3339Micro(seen.first),
      action: text.action ?? "",
      reportingComponent: this.component,
      reportingInstance: `${this.component}-${text.instance ?? "controlplane"}`,
    };
    storage.put(writing.kind, event);
  }

  /** The event as it is stored, if this is not its first sighting and it has not ended since. */
  private newest(context: Context, about: KubeObject, seen: Sighting): KubeObject | undefined {
    const namespace = about.metadata.namespace ?? "default";
    if (seen.name !== "") {
      const old = context.storage.store.get("events", namespace, seen.name);
      if (old) return old;
    }
    seen.name = freeName(context, namespace, about.metadata.name);
    return undefined;
  }

  private base({ clock, random }: Context, about: KubeObject, text: EventText, seen: Sighting): Event {
    const { name, namespace, uid, resourceVersion } = about.metadata;
    return {
      kind: "Event",
      apiVersion: "v1",
      metadata: {
        name: seen.name,
        namespace: namespace ?? "default",
        uid: random.uuid(),
        creationTimestamp: rfc3339(clock.now),
      },
      involvedObject: {
        kind: about.kind,
        ...(namespace ? { namespace } : {}),
        name,
        ...(uid ? { uid } : {}),
        apiVersion: about.apiVersion,
        ...(resourceVersion ? { resourceVersion } : {}),
        ...(text.fieldPath ? { fieldPath: text.fieldPath } : {}),
      },
      reason: text.reason,
      message: seen.message,
      type: text.type,
    };
  }
}

/** The name of the object and the time in nanoseconds, in hexadecimal. */
function freeName({ clock, storage }: Context, namespace: string, name: string): string {
  for (let nanos = BigInt(clock.now) * 1000n; ; nanos++) {
    const full = `${name}.${nanos.toString(16)}`;
    if (!storage.store.get("events", namespace, full)) return full;
  }
}
