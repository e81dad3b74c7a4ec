import type { HttpResponse } from "../../../base/http.ts";
import type { JsonObject } from "../../../base/json.ts";
import { Stream } from "../../../base/stream.ts";
import { apiVersionOf, type Kind } from "../../../kinds/define.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Context } from "../context.ts";
import type { WatchEvent } from "../define.ts";
import type { Outcome, Page } from "../verbs/outcome.ts";
import type { Form } from "./accept.ts";
import { partialOf } from "./partial.ts";
import { type IncludeObject, tableOf } from "./table.ts";

/** How the client wants what it gets. */
export interface Rendering {
  readonly context: Context;
  readonly form: Form;
  readonly include: IncludeObject;
}

const json = { "content-type": "application/json", "cache-control": "no-cache, private" };

/** The outcome in the form the client asked for. */
export function render(outcome: Outcome, rendering: Rendering): HttpResponse {
  switch (outcome.what) {
    case "response":
      return outcome.response;
    case "answer":
      return { status: outcome.status, headers: json, body: outcome.body };
    case "object":
      return { status: outcome.status, headers: json, body: objectBody(outcome.kind, outcome.object, rendering) };
    case "page":
      return { status: 200, headers: json, body: pageBody(outcome.kind, outcome.page, rendering) };
    case "watch":
      return { status: 200, headers: json, stream: eventStream(outcome.kind, outcome.events, rendering) };
  }
}

function objectBody(kind: Kind, object: KubeObject, { context, form, include }: Rendering): JsonObject {
  if (form.kind === "table") {
    const { resourceVersion } = object.metadata;
    return tableOf(kind, [object], { now: context.clock.now, include, version: form.version, resourceVersion });
  }
  const whole = context.complete(object);
  return (form.kind === "partial" ? partialOf(whole) : whole) as unknown as JsonObject;
}

function pageBody(kind: Kind, page: Page, { context, form, include }: Rendering): JsonObject {
  const { objects, revision, remaining } = page;
  if (form.kind === "table") {
    const table = { now: context.clock.now, include, version: form.version, resourceVersion: revision };
    return tableOf(kind, objects, { ...table, continue: page.continue, remaining });
  }
  const metadata = {
    resourceVersion: revision,
    ...(page.continue === undefined ? {} : { continue: page.continue }),
    ...(remaining === undefined ? {} : { remainingItemCount: remaining }),
  };
  const partial = form.kind === "partial";
  const items = objects.map((object) => (partial ? partialOf(context.complete(object)) : context.complete(object)));
  return {
    kind: partial ? "PartialObjectMetadataList" : (kind.listKind ?? `${kind.kind}List`),
    apiVersion: partial ? "meta.k8s.io/v1" : apiVersionOf(kind),
    metadata,
    items: items as unknown as JsonObject[],
  };
}

/** The events of a watch as the client wants them. Closing the one closes the other. */
function eventStream(kind: Kind, events: Stream<WatchEvent>, rendering: Rendering): Stream<JsonObject> {
  const out = new Stream<JsonObject>(() => events.close());
  let first = true;
  events.each(({ type, object }) => {
    out.push({ type, object: eventObject(kind, type, object, rendering, first) });
    if (type !== "ERROR") first = false;
  });
  if (events.closed) out.close();
  else watchEnd(events, out);
  return out;
}

function watchEnd(events: Stream<WatchEvent>, out: Stream<JsonObject>): void {
  events.changed.add(() => {
    if (events.closed) out.close();
    else watchEnd(events, out);
  });
}

function eventObject(kind: Kind, type: string, object: KubeObject, rendering: Rendering, first: boolean): JsonObject {
  if (type === "ERROR") return object as unknown as JsonObject;
  const { form, context } = rendering;
  if (form.kind === "table") {
    const { now } = context.clock;
    const { resourceVersion } = object.metadata;
    const options = { now, include: rendering.include, version: form.version, resourceVersion };
    return tableOf(kind, type === "BOOKMARK" ? [] : [object], { ...options, columnsLeftOut: !first });
  }
  const whole = type === "BOOKMARK" ? object : context.complete(object);
  return (form.kind === "partial" ? partialOf(whole) : whole) as unknown as JsonObject;
}
