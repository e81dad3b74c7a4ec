import { type Micros, SECOND } from "../../../base/clock.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { EventText } from "../define.ts";

// client-go tools/record/events_cache.go, 1.35.
/** So many different messages of one reason about one object within `aggregateWithin` are combined. */
const maxSimilar = 10;
const aggregateWithin = 600 * SECOND;
/** An object may have so many events of one source at once, and one more every five minutes. */
const spamBurst = 25;
const spamRefill = 300 * SECOND;
const cacheSize = 4096;

/** What is known of an event: how often it was seen, and under which name it is stored ("" before it is). */
export interface Sighting {
  name: string;
  first: Micros;
  last: Micros;
  count: number;
  message: string;
  send: boolean;
}

/** Tells what is the same event again, what is to be combined with others, and what is too much. */
export class Correlator {
  private readonly similar = new Map<string, { messages: Set<string>; last: Micros }>();
  private readonly sightings = new Map<string, Sighting>();
  private readonly buckets = new Map<string, { tokens: number; at: Micros }>();

  see(component: string, about: KubeObject, text: EventText, now: Micros): Sighting {
    const object = `${component}/${about.kind}/${about.metadata.namespace ?? ""}/${about.metadata.name}/${about.metadata.uid ?? ""}`;
    const group = `${object}/${about.apiVersion}/${text.type}/${text.reason}`;
    const combined = this.isCombined(group, text.message, now);
    const key = combined ? group : `${group}/${text.fieldPath ?? ""}/${text.message}`;
    const message = combined ? `(combined from similar events): ${text.message}` : text.message;
    const known = recall(this.sightings, key);
    const seen = known ?? { name: "", first: now, last: now, count: 0, message, send: true };
    seen.count++;
    seen.last = now;
    seen.message = message;
    seen.send = this.mayPass(object, now);
    remember(this.sightings, key, seen);
    return seen;
  }

  /** The same event again within `ends` is one more of its series. */
  seeSeries(component: string, about: KubeObject, text: EventText, now: Micros, ends: Micros): Sighting {
    const key = `${component}/${about.metadata.uid ?? about.metadata.name}/${text.type}/${text.reason}/${text.action ?? ""}/${text.message}`;
    let seen = recall(this.sightings, key);
    if (!seen || now - seen.last > ends) {
      seen = { name: "", first: now, last: now, count: 0, message: text.message, send: true };
    }
    seen.count++;
    seen.last = now;
    remember(this.sightings, key, seen);
    return seen;
  }

  private isCombined(group: string, message: string, now: Micros): boolean {
    let record = recall(this.similar, group);
    if (!record || now - record.last > aggregateWithin) record = { messages: new Set(), last: now };
    record.messages.add(message);
    record.last = now;
    remember(this.similar, group, record);
    if (record.messages.size < maxSimilar) return false;
    for (const oldest of record.messages) {
      record.messages.delete(oldest);
      break;
    }
    return true;
  }

  private mayPass(object: string, now: Micros): boolean {
    const bucket = recall(this.buckets, object) ?? { tokens: spamBurst, at: now };
    bucket.tokens = Math.min(spamBurst, bucket.tokens + (now - bucket.at) / spamRefill);
    bucket.at = now;
    remember(this.buckets, object, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }
}

function recall<T>(cache: Map<string, T>, key: string): T | undefined {
  const value = cache.get(key);
  if (value !== undefined) cache.delete(key);
  return value;
}

/** Puts a value at the young end; the one unused for longest goes when there are too many. */
function remember<T>(cache: Map<string, T>, key: string, value: T): void {
  cache.set(key, value);
  if (cache.size <= cacheSize) return;
  for (const oldest of cache.keys()) {
    cache.delete(oldest);
    return;
  }
}
