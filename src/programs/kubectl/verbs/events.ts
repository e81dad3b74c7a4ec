import type { Micros } from "../../../base/clock.ts";
import { goSort } from "../../../base/go-sort.ts";
import { humanDuration } from "../../../base/human-duration.ts";
import type { JsonObject } from "../../../base/json.ts";
import { tableStyle, tabText } from "../../../base/tab-text.ts";
import { parseRfc3339 } from "../../../base/time.ts";
import type { Task } from "../../../machine/define.ts";
import type { Context } from "../context.ts";
import type { Input, Verb } from "../define.ts";
import { endsAtInterrupt } from "../ends-at-interrupt.ts";
import { PlainFault } from "../faults.ts";
import { allNamespacesFlag, printFlags, printOptions } from "../flag-groups.ts";
import { boolFlag, csvFlag, intFlag, textFlag } from "../flag-types.ts";
import { objectPrinter } from "../printers/object-printer.ts";
import { groupVersion, type Resource } from "../resource.ts";

const flags = {
  ...printFlags(),
  "all-namespaces": allNamespacesFlag,
  "chunk-size": intFlag("Get large lists in pieces of this size; 0 all at once.", { initial: 500 }),
  for: textFlag("Only events about this object, TYPE/NAME."),
  "no-headers": boolFlag("Do not print headers."),
  types: csvFlag("Only events of these types, Normal or Warning."),
  watch: boolFlag("After listing, watch for more events.", { short: "w" }),
};

interface EventObject extends JsonObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
}

type Asked = Input<typeof flags>;

/** The events of a namespace, the newest last. */
export const events: Verb<typeof flags> = {
  path: ["events"],
  usage:
    "events [(-o|--output=)json|yaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file] [--for TYPE/NAME] [--watch] [--types=Normal,Warning] [options]",
  short: "List events",
  examples: [
    "kubectl events",
    "kubectl events -A",
    "kubectl events --for pod/web-pod --watch",
    "kubectl events --types=Warning",
  ],
  flags,
  check({ flags: asked }) {
    const parts = asked.for.split("/");
    if (asked.for !== "" && parts.length > 2) return "arguments in resource/name form may not have more than one slash";
    if (asked.for !== "" && (parts.length < 2 || parts.includes(""))) return `--for must be in resource/name form`;
    const wrong = asked.types.find((type) => !["normal", "warning"].includes(type.toLowerCase()));
    return wrong === undefined ? undefined : "valid --types are Normal or Warning";
  },
  *run(context, input) {
    const { flags: asked } = input;
    const resource = eventResource;
    const namespace = asked["all-namespaces"] ? undefined : context.namespace;
    const fieldSelector = yield* selectorFor(context, asked.for);
    const ask = { resource, namespace, fieldSelector };
    const list = yield* context.client.list({ ...ask, limit: asked["chunk-size"] });
    const wanted = ((list.items ?? []) as readonly EventObject[]).filter((event) => isWanted(event, asked.types));
    const sorted = goSort([...wanted], (a, b) => seenAt(a) < seenAt(b));
    const printer = asked.output !== "" || asked.template ? objectPrinter(context, printOptions(asked)) : undefined;
    if (printer && asked.output !== "name") {
      // Of a list of events kubectl prints no names (1.33).
      const items = sorted.map((event) => ({ kind: "Event", apiVersion: "v1", ...event }));
      printer.print({ kind: "EventList", apiVersion: "v1", metadata: {}, items });
    } else if (printer) {
      // Nothing.
    } else if (sorted.length === 0 && !asked.watch) {
      context.err.line(`No events found${asked["all-namespaces"] ? "." : ` in ${context.namespace} namespace.`}`);
    } else if (sorted.length > 0) {
      const headers = asked["no-headers"] ? [] : [headersOf(asked)];
      context.out.write(textOf([...headers, ...sorted.map((event) => rowOf(event, asked, context.now))]));
    }
    if (!asked.watch) return 0;
    const resourceVersion = String((list.metadata as JsonObject).resourceVersion ?? "");
    return yield* endsAtInterrupt(
      context,
      watchEvents(context, asked, { ...ask, resourceVersion }, sorted.length === 0),
    );
  },
};

const eventResource: Resource = {
  group: "",
  version: "v1",
  plural: "events",
  singular: "event",
  kind: "Event",
  namespaced: true,
  short: [],
  categories: [],
  verbs: [],
  subresources: [],
};

function* watchEvents(
  context: Context,
  asked: Asked["flags"],
  ask: { readonly resource: Resource; readonly namespace: string | undefined; readonly resourceVersion: string },
  isFirst: boolean,
): Task<number> {
  let headers = isFirst && !asked["no-headers"] ? `${headersOf(asked).join("\t")}\n` : "";
  const widths: number[] = [];
  const stream = yield* context.client.watch(ask);
  try {
    for (;;) {
      const next = yield* context.next(stream);
      if (next === undefined || next === "timeout") return 0;
      const { type, object } = next as unknown as { readonly type: string; readonly object: EventObject };
      if (type === "DELETED" || type === "BOOKMARK" || !isWanted(object, asked.types)) continue;
      context.out.write(tabText(`${headers}${rowOf(object, asked, context.now).join("\t")}\n`, tableStyle, widths));
      headers = "";
    }
  } finally {
    stream.close();
  }
}

/** Events about an object: by its kind, version and name. */
function* selectorFor(context: Context, about: string): Task<string | undefined> {
  if (about === "") return undefined;
  const [type = "", name = ""] = about.split("/");
  const resource = (yield* context.mapper(2)).find(type);
  if (!resource) throw new PlainFault(`the server doesn't have a resource type ${JSON.stringify(type)}`);
  const fields = { apiVersion: groupVersion(resource), kind: resource.kind, name };
  return Object.entries(fields)
    .map(([field, value]) => `involvedObject.${field}=${value}`)
    .join(",");
}

function isWanted({ type }: EventObject, types: readonly string[]): boolean {
  return types.length === 0 || types.some((one) => one.toLowerCase() === String(type).toLowerCase());
}

function timeIn(text: unknown): Micros | undefined {
  return typeof text === "string" ? parseRfc3339(text) : undefined;
}

/** When it was seen last: of a series its last observation. */
function seenAt(event: EventObject): Micros {
  const series = event.series as JsonObject | undefined;
  const times = [timeIn(series?.lastObservedTime), timeIn(event.lastTimestamp), timeIn(event.eventTime)];
  return times.find((time) => time !== undefined) ?? 0;
}

function headersOf(asked: Asked["flags"]): string[] {
  return [...(asked["all-namespaces"] ? ["NAMESPACE"] : []), "LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"];
}

function rowOf(event: EventObject, asked: Asked["flags"], now: Micros): string[] {
  const { kind, name } = (event.involvedObject ?? {}) as { readonly kind?: string; readonly name?: string };
  const { namespace } = event.metadata as { readonly namespace?: string };
  return [
    ...(asked["all-namespaces"] ? [namespace ?? ""] : []),
    intervalOf(event, now),
    event.type ?? "",
    event.reason ?? "",
    `${kind ?? ""}/${name ?? ""}`,
    (event.message ?? "").trim(),
  ];
}

function intervalOf(event: EventObject, now: Micros): string {
  const age = (time: Micros | undefined) => (time === undefined ? "<unknown>" : humanDuration(now - time));
  const first = age(timeIn(event.firstTimestamp) ?? timeIn(event.eventTime));
  const series = event.series as { readonly count?: number; readonly lastObservedTime?: string } | undefined;
  if (series) return `${age(timeIn(series.lastObservedTime))} (x${series.count} over ${first})`;
  if ((event.count ?? 0) > 1) return `${age(timeIn(event.lastTimestamp))} (x${event.count} over ${first})`;
  return first;
}

function textOf(rows: readonly (readonly string[])[]): string {
  return tabText(rows.map((row) => `${row.join("\t")}\n`).join(""), tableStyle);
}
