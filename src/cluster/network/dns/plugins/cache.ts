import { SECOND } from "../../../../base/clock.ts";
import type { DnsReply } from "../../../../machine/define-network.ts";
import type { DnsHost, DnsRequest, Handler, Next, Outcome, Plugin, SetupContext } from "../define.ts";
import { zoneOf, zonesOf } from "../names.ts";
import { mapRecords } from "../reply.ts";
import { duration, onlyOnce, settingFault, wholeNumber } from "./define.ts";

/** Seconds that replies are kept at least, and at most where the Corefile does not say (plugin/pkg/dnsutil, 1.13). */
const LEAST = 5;
const MOST = 3600;
const MOST_DENIAL = 1800;
const CAPACITY = 9984;

interface Settings {
  zones: readonly string[];
  success: { most: number; least: number; except: readonly string[] };
  denial: { most: number; least: number; except: readonly string[] };
  failure: number;
  stale: number;
}

interface Item {
  readonly reply: DnsReply;
  readonly until: number;
}

type Kind = "success" | "denial" | "failure";

function positive(text: string | undefined, what = "TTL can not be zero or negative"): number {
  const ttl = wholeNumber(text);
  if (ttl <= 0) throw settingFault(`cache ${what}: ${ttl}`);
  return ttl;
}

const lines = new Set(["success", "denial", "disable", "keepttl", "prefetch", "serve_stale", "servfail"]);

function readLine({ words }: SetupContext, settings: Settings): void {
  const name = words.value;
  if (!lines.has(name)) throw words.argumentFault();
  const args = words.remainingArgs();
  if (name === "success" || name === "denial") {
    if (args.length === 0) throw words.argumentFault();
    wholeNumber(args[0]);
    if (args.length > 1) settings[name].most = positive(args[1]);
    if (args.length > 2) settings[name].least = wholeNumber(args[2]);
    if (settings[name].least < 0) throw settingFault(`cache min TTL can not be negative: ${settings[name].least}`);
  } else if (name === "disable") {
    const [which, ...zones] = args;
    if (which === undefined) throw words.argumentFault();
    if (which !== "success" && which !== "denial")
      throw settingFault('cache type for disable must be "success" or "denial"');
    const except = zones.length > 0 ? zones.flatMap(zonesOf) : settings.zones;
    settings[which].except = [...settings[which].except, ...except];
  } else if (name === "servfail") {
    if (args.length !== 1) throw words.argumentFault();
    const span = duration(args[0] ?? "") / SECOND;
    if (span < 0) throw settingFault("invalid negative ttl for servfail");
    if (span > 300) throw settingFault("caching SERVFAIL responses over 5 minutes is not permitted");
    settings.failure = span;
  } else if (name === "serve_stale") {
    settings.stale = args[0] === undefined ? 3600 : duration(args[0]) / SECOND;
  } else if (name === "prefetch") {
    if (args.length === 0 || args.length > 3) throw words.argumentFault();
    const amount = wholeNumber(args[0]);
    if (amount < 0) throw settingFault(`prefetch amount should be positive: ${amount}`);
    if (args[1] !== undefined) duration(args[1]);
  }
}

function settingsOf(context: SetupContext): Settings {
  const args = context.words.remainingArgs();
  const [first = ""] = args;
  const isTtl = /^[+-]?\d+$/.test(first);
  const zones = isTtl ? args.slice(1) : args;
  const ttl = isTtl ? positive(first) : undefined;
  const settings: Settings = {
    zones: zones.length > 0 ? zones.flatMap(zonesOf) : context.zones,
    success: { most: ttl ?? MOST, least: LEAST, except: [] },
    denial: { most: ttl ?? MOST_DENIAL, least: LEAST, except: [] },
    failure: LEAST,
    stale: 0,
  };
  while (context.words.nextBlock()) readLine(context, settings);
  return settings;
}

/** cache: keeps replies for as long as their TTL allows; what changes meanwhile is not seen. */
export const cache: Plugin = {
  name: "cache",
  setup(context) {
    let settings: Settings | undefined;
    for (const _ of onlyOnce(context.words)) settings = settingsOf(context);
    return settings && new Cache(settings, context);
  },
};

class Cache implements Handler {
  readonly plugin = "cache";
  private readonly settings: Settings;
  private readonly host: DnsHost;
  private readonly context: SetupContext;
  private readonly items = new Map<string, Item>();

  constructor(settings: Settings, context: SetupContext) {
    this.settings = settings;
    this.context = context;
    this.host = context.host;
  }

  serve(request: DnsRequest, next: Next): Outcome {
    if (zoneOf(this.settings.zones, request.name) === undefined) return next(request);
    const { now } = this.host.clock;
    const key = `${request.question.type} ${request.question.class ?? "IN"} ${request.name}`;
    const item = this.items.get(key);
    if (item && item.until > now) return this.given(item, request, (item.until - now) / SECOND);
    this.count("misses", "");
    const outcome = next(request);
    const { reply } = outcome;
    if (!reply) return outcome;
    // What the server makes of a code alone does not come by here.
    const kind = outcome.bare ? undefined : kindOf(reply);
    if (item && reply.rcode === "SERVFAIL" && now - item.until < this.settings.stale * SECOND)
      return this.given(item, request, 0);
    if (kind === undefined) return outcome;
    const seconds = this.secondsFor(kind, reply);
    const isExcepted = kind === "failure" ? this.settings.denial : this.settings[kind];
    if (seconds > 0 && zoneOf(isExcepted.except, request.name) === undefined) {
      if (this.items.size >= CAPACITY) this.items.clear();
      const { after = 0, ...kept } = reply;
      this.items.set(key, { reply: kept, until: now + Math.round((after + seconds) * SECOND) });
    }
    return { ...outcome, reply: mapRecords(reply, (record) => ({ ...record, ttl: seconds })) };
  }

  private given({ reply }: Item, { question }: DnsRequest, left: number): Outcome {
    this.count("hits", reply.rcode === "NOERROR" && reply.answers.length > 0 ? "success" : "denial");
    const ttl = Math.floor(left);
    const same = (name: string) => (name.toLowerCase() === question.name.toLowerCase() ? question.name : name);
    const aged = mapRecords(reply, (record) => ({ ...record, ttl, name: same(record.name) }));
    // Clients drop what is not authoritative.
    return { reply: { ...aged, authoritative: true } };
  }

  private count(what: "hits" | "misses", type: string): void {
    const labels = { server: `dns://${this.context.listens}`, ...(type === "" ? {} : { type }), view: "", zones: "." };
    this.context.shared.metrics.add(`coredns_cache_${what}_total`, labels);
  }

  private secondsFor(kind: Kind, reply: DnsReply): number {
    if (kind === "failure") return this.settings.failure;
    const { most, least } = this.settings[kind];
    const records = [...reply.answers, ...reply.authority];
    const lowest = records.length === 0 ? LEAST : Math.min(MOST, ...records.map(({ ttl }) => ttl));
    return Math.min(most, Math.max(least, lowest));
  }
}

/** What may be kept of a reply (plugin/pkg/response). */
function kindOf({ rcode, answers, authority, truncated }: DnsReply): Kind | undefined {
  if (truncated) return undefined;
  const hasSoa = authority.some(({ type }) => type === "SOA");
  if (rcode === "NOERROR") return answers.length === 0 && hasSoa ? "denial" : "success";
  if (rcode === "NXDOMAIN") return hasSoa ? "denial" : undefined;
  return rcode === "SERVFAIL" || rcode === "NOTIMP" ? "failure" : undefined;
}
