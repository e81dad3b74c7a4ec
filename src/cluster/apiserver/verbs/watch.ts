import { Stream } from "../../../base/stream.ts";
import { apiVersionOf, type Kind } from "../../../kinds/define.ts";
import { Status } from "../../../kinds/status.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import { type StoreChange, TooOld } from "../../store/define.ts";
import type { Context } from "../context.ts";
import type { ApiRequest, WatchEvent } from "../define.ts";
import { badRequest } from "../errors.ts";
import { candidatesOf } from "./list.ts";
import type { Outcome } from "./outcome.ts";
import { type Selection, selectionOf } from "./selection.ts";

/** Begins a watch. Without a resourceVersion, or with 0, everything that is there comes first. */
export function watchObjects(context: Context, request: ApiRequest, onStop: (end: () => void) => () => void): Outcome {
  const { kind, options, namespace } = request;
  const { storage } = context;
  const selection = selectionOf(storage.ruling(kind), nameSelected(request));
  const ends: (() => void)[] = [];
  const events = new Stream<WatchEvent>(() => {
    for (const end of ends) end();
  });
  const revision = revisionOf(options.resourceVersion);
  const initial = revision === undefined || options.sendInitialEvents === true;
  if (initial) {
    for (const object of candidatesOf(context, request, selection)) {
      if (selection.matches(object)) events.push({ type: "ADDED", object: storage.shown(kind, object) });
    }
    if (options.sendInitialEvents) events.push(bookmark(kind, storage.store.revision));
  }
  const inside = (object: KubeObject | undefined): object is KubeObject =>
    object !== undefined &&
    (namespace === undefined || !kind.namespaced || object.metadata.namespace === namespace) &&
    selection.matches(object);
  try {
    const node = onlyNode(kind, selection);
    const tell = (change: StoreChange) => {
      const event = eventOf(change, inside);
      if (event) events.push({ type: event.type, object: storage.shown(kind, event.object) });
    };
    ends.push(storage.watch(kind, initial ? undefined : revision, tell, node));
  } catch (error) {
    if (!(error instanceof TooOld)) throw error;
    events.push({ type: "ERROR", object: new Status("Expired", error.message).toObject() as KubeObject });
    events.close();
    return { what: "watch", kind, events };
  }
  ends.push(onStop(() => events.close()));
  if (options.timeoutSeconds) {
    const timer = context.clock.after(options.timeoutSeconds, () => events.close());
    ends.push(() => timer.cancel());
  }
  return { what: "watch", kind, events };
}

/** What a change is for those who see only a part: coming in is ADDED, going out DELETED. */
function eventOf(
  { type, object, old, revision }: StoreChange,
  inside: (object: KubeObject | undefined) => object is KubeObject,
): WatchEvent | undefined {
  const before = inside(old);
  if (type === "DELETED") return before ? { type, object } : undefined;
  if (inside(object)) return { type: before ? "MODIFIED" : "ADDED", object };
  if (!before) return undefined;
  const metadata = { ...old.metadata, resourceVersion: String(revision) };
  return { type: "DELETED", object: { ...old, metadata } };
}

/** A watch of one name is a watch with a selector for it. */
function nameSelected({ name, options }: ApiRequest): ApiRequest["options"] {
  if (name === undefined) return options;
  const term = `metadata.name=${name}`;
  return { ...options, fieldSelector: options.fieldSelector ? `${options.fieldSelector},${term}` : term };
}

function onlyNode(kind: Kind, { exact }: Selection): string | undefined {
  return kind.group === "" && kind.plural === "pods" ? exact.get("spec.nodeName") || undefined : undefined;
}

function revisionOf(text: string | undefined): number | undefined {
  if (text === undefined || text === "0") return undefined;
  if (!/^\d+$/.test(text))
    throw badRequest(
      `Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  return Number(text);
}

function bookmark(kind: Kind, revision: number): WatchEvent {
  return {
    type: "BOOKMARK",
    object: {
      kind: kind.kind,
      apiVersion: apiVersionOf(kind),
      metadata: {
        resourceVersion: String(revision),
        annotations: { "k8s.io/initial-events-end": "true" },
      } as unknown as KubeObject["metadata"],
    },
  };
}
