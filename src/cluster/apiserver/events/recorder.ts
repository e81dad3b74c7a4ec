import { type Micros, SECOND } from "../../../base/clock.ts";
import { rfc3339Micro } from "../../../base/time.ts";
import { Status } from "../../../kinds/status.ts";
import type { Event, Namespace } from "../../../kinds/types/core.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Context } from "../context.ts";
import type { EventText } from "../define.ts";
import type { Writing } from "../registry/writing.ts";
import { timeText } from "../time-text.ts";
import { Correlator, type Seen } from "./correlator.ts";

/** How long after its last sighting an event of events.k8s.io goes on as a series (client-go tools/events: six minutes). */
const seriesEnds = 360 * SECOND;

/** Records events as client-go does: the core recorder, or that of events.k8s.io for those who name an action. */
export class EventRecorder {
  private readonly component: string;
  private readonly correlator = new Correlator();
  private source: { component: string; host?: string } | undefined;

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

  private recordCount(
    context: Context,
    writing: Writing,
    about: KubeObject,
    text: EventText,
    host: string | undefined,
  ) {
    const { storage, clock } = context;
    const seen = this.correlator.see(about, text, clock.now);
    if (!seen.send) return;
    const lastTimestamp = timeText(clock.now);
    const old = this.newest(context, about, seen);
    if (old) {
      const changed = { ...old, count: seen.sighting.count, lastTimestamp, message: seen.message };
      storage.put(writing.kind, { ...changed, metadata: { ...old.metadata } });
      return;
    }
    const event = this.base(context, about, text, seen);
    event.source = this.sourceOn(host);
    event.firstTimestamp = seen.sighting.first;
    event.lastTimestamp = lastTimestamp;
    event.count = seen.sighting.count;
    event.eventTime = null;
    event.reportingComponent = this.component;
    event.reportingInstance = host ?? "";
    storage.put(writing.kind, event);
  }

  /** The same for all events of the recorder. */
  private sourceOn(host: string | undefined): { component: string; host?: string } {
    this.source ??= Object.freeze({ component: this.component, ...(host ? { host } : {}) });
    return this.source;
  }

  private recordSeries(context: Context, writing: Writing, about: KubeObject, text: EventText): void {
    const { storage, clock } = context;
    const seen = this.correlator.seeSeries(about, text, clock.now, seriesEnds);
    const old = this.newest(context, about, seen);
    if (old) {
      const series = { count: seen.sighting.count, lastObservedTime: rfc3339Micro(clock.now) };
      storage.put(writing.kind, { ...old, series, metadata: { ...old.metadata } } as KubeObject);
      return;
    }
    const event = this.base(context, about, text, seen);
    event.source = {};
    event.firstTimestamp = null;
    event.lastTimestamp = null;
    event.eventTime = rfc3339Micro(clock.now);
    event.action = text.action ?? "";
    const reporter = text.reporter ?? this.component;
    event.reportingComponent = reporter;
    event.reportingInstance = `${reporter}-${text.instance ?? "controlplane"}`;
    if (text.related) event.related = referenceTo(text.related);
    storage.put(writing.kind, event);
  }

  /** The event as it is stored, if this is not its first sighting and it has not ended since. */
  private newest(context: Context, about: KubeObject, seen: Seen): KubeObject | undefined {
    const namespace = about.metadata.namespace ?? "default";
    const { sighting } = seen;
    if (sighting.name !== "") {
      const old = context.storage.store.get("events", namespace, sighting.name);
      if (old) return old;
    }
    sighting.name = freeName(context, namespace, about.metadata.name);
    return undefined;
  }

  private base({ clock, random }: Context, about: KubeObject, text: EventText, seen: Seen): Event {
    const { name, namespace, uid, resourceVersion } = about.metadata;
    // Fields are added one by one: V8 is slow where literals go on after a spread.
    const involvedObject: Event["involvedObject"] = { kind: about.kind };
    if (namespace) involvedObject.namespace = namespace;
    involvedObject.name = name;
    if (uid) involvedObject.uid = uid;
    involvedObject.apiVersion = about.apiVersion;
    if (resourceVersion) involvedObject.resourceVersion = resourceVersion;
    if (text.fieldPath) involvedObject.fieldPath = text.fieldPath;
    return {
      kind: "Event",
      apiVersion: "v1",
      metadata: {
        name: seen.sighting.name,
        namespace: namespace ?? "default",
        uid: random.uuid(),
        creationTimestamp: timeText(clock.now),
      },
      involvedObject,
      reason: text.reason,
      message: seen.message,
      type: text.type,
    };
  }
}

function referenceTo({ kind, apiVersion, metadata }: KubeObject): NonNullable<Event["related"]> {
  const { namespace, name, uid, resourceVersion } = metadata;
  return { kind, ...(namespace ? { namespace } : {}), name, uid, apiVersion, resourceVersion } as NonNullable<
    Event["related"]
  >;
}

/** The name of the object and the time in nanoseconds, in hexadecimal. */
function freeName({ clock, storage }: Context, namespace: string, name: string): string {
  for (let more = 0; ; more++) {
    const full = `${name}.${nanosecondsInHex(clock.now, more)}`;
    if (!storage.store.get("events", namespace, full)) return full;
  }
}

const WORD = 2 ** 32;

/** 1000 × micros + more, which has more bits than a number: worked out in two halves. */
function nanosecondsInHex(micros: Micros, more: number): string {
  const low = (micros % WORD) * 1000 + more;
  const high = Math.floor(micros / WORD) * 1000 + Math.floor(low / WORD);
  return high.toString(16) + (low % WORD).toString(16).padStart(8, "0");
}
