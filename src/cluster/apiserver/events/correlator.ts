import { type Micros, SECOND } from "../../../base/clock.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { EventText } from "../define.ts";
import { timeText } from "../time-text.ts";

// client-go tools/record/events_cache.go, 1.35. Times are whole seconds, which take no memory of their own.
/** So many different messages of one reason about one object within `combinedWithin` are combined. */
const maxSimilar = 10;
const combinedWithin = 600;
/** An object may have so many events of one source at once, and one more every five minutes. */
const spamBurst = 25;
const spamRefill = 300;
/** So many objects are remembered; the one that came first is forgotten. */
const cacheSize = 4096;

/** What is known of an event: how often it was seen, and under which name it is stored ("" before it is). */
export interface Sighting {
  readonly type: string;
  readonly reason: string;
  readonly action: string | undefined;
  readonly fieldPath: string | undefined;
  /** undefined: those that are combined into one. */
  readonly message: string | undefined;
  name: string;
  first: string;
  last: number;
  count: number;
  /** Is one of the different messages since the last pause of ten minutes. */
  counted: boolean;
}

interface Subject {
  tokens: number;
  at: number;
  readonly sightings: Sighting[];
}

/** A sighting as it is to be recorded; `send` is false where there are too many. */
export interface Seen {
  readonly sighting: Sighting;
  readonly message: string;
  readonly send: boolean;
}

/** Tells what is the same event again, what is to be combined with others, and what is too much. */
export class Correlator {
  private readonly subjects = new Map<string, Subject>();

  see(about: KubeObject, text: EventText, at: Micros): Seen {
    const now = Math.floor(at / SECOND);
    const subject = this.subjectOf(about, now);
    const own = sightingOf(subject, text, text.message, at);
    const isCombined = countMessages(subject.sightings, own, now) >= maxSimilar;
    const sighting = isCombined ? sightingOf(subject, text, undefined, at) : own;
    sighting.count++;
    own.last = now;
    sighting.last = now;
    const message = isCombined ? `(combined from similar events): ${text.message}` : text.message;
    return { sighting, message, send: mayPass(subject, now) };
  }

  /** The same event again within `pause` is one more of its series; after it, a new one. */
  seeSeries(about: KubeObject, text: EventText, at: Micros, pause: Micros): Seen {
    const now = Math.floor(at / SECOND);
    const sighting = sightingOf(this.subjectOf(about, now), text, text.message, at);
    if ((now - sighting.last) * SECOND > pause) {
      sighting.name = "";
      sighting.first = timeText(at);
      sighting.count = 0;
    }
    sighting.count++;
    sighting.last = now;
    return { sighting, message: text.message, send: true };
  }

  private subjectOf({ kind, metadata }: KubeObject, now: number): Subject {
    const key = metadata.uid ?? `${kind}/${metadata.namespace ?? ""}/${metadata.name}`;
    const known = this.subjects.get(key);
    if (known) return known;
    const subject: Subject = { tokens: spamBurst, at: now, sightings: [] };
    this.subjects.set(key, subject);
    if (this.subjects.size > cacheSize) {
      for (const oldest of this.subjects.keys()) {
        this.subjects.delete(oldest);
        break;
      }
    }
    return subject;
  }
}

function sightingOf({ sightings }: Subject, text: EventText, message: string | undefined, at: Micros): Sighting {
  const { type, reason, action, fieldPath } = text;
  for (const known of sightings) {
    const same = known.message === message && known.reason === reason && known.type === type && known.action === action;
    if (same && (message === undefined || known.fieldPath === fieldPath)) return known;
  }
  const now = Math.floor(at / SECOND);
  const first = timeText(at);
  const sighting = { type, reason, action, fieldPath, message, name: "", first, last: now, count: 0, counted: false };
  sightings.push(sighting);
  return sighting;
}

/** How many different messages there were since the last pause, this one included; of ten, one is forgotten. */
function countMessages(sightings: readonly Sighting[], own: Sighting, now: number): number {
  const { type, reason } = own;
  let latest = 0;
  for (const one of sightings)
    if (one.count > 0 && one.last > latest && one.reason === reason && one.type === type) latest = one.last;
  const isPaused = latest > 0 && now - latest > combinedWithin;
  own.counted = true;
  let counted = 0;
  let oldest: Sighting | undefined;
  for (const one of sightings) {
    if (one.reason !== reason || one.type !== type) continue;
    if (isPaused && one !== own) one.counted = false;
    if (!one.counted) continue;
    counted++;
    oldest ??= one;
  }
  if (counted >= maxSimilar && oldest) oldest.counted = false;
  return counted;
}

function mayPass(subject: Subject, now: number): boolean {
  if (now > subject.at) {
    // Whole tokens only; the rest of the time is kept for the next one.
    const refilled = Math.floor((now - subject.at) / spamRefill);
    if (subject.tokens + refilled >= spamBurst) {
      subject.tokens = spamBurst;
      subject.at = now;
    } else {
      subject.tokens += refilled;
      subject.at += refilled * spamRefill;
    }
  }
  if (subject.tokens < 1) return false;
  subject.tokens--;
  return true;
}
