import { base64UrlOf, fromBase64Url } from "../../../base/base64.ts";
import { bytesOf, textOf } from "../../../base/text-bytes.ts";
import { Status } from "../../../kinds/status.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import { keyOf } from "../../store/resource.ts";
import type { Context } from "../context.ts";
import type { ApiRequest } from "../define.ts";
import { badRequest } from "../errors.ts";
import type { Outcome } from "./outcome.ts";
import { type Selection, selectionOf } from "./selection.ts";

const tooOld =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without " +
  "the continue parameter, or use the continue token in this response to retrieve the remainder of the results. " +
  "Continuing with the provided token results in an inconsistent list - objects that were created, modified, or " +
  "deleted between the time the first chunk was returned and now may show up in the list.";

export function listObjects(context: Context, request: ApiRequest): Outcome {
  const { kind, options } = request;
  const { storage } = context;
  const selection = selectionOf(storage.ruling(kind), options);
  const candidates = candidatesOf(context, request, selection);
  const { limit = 0 } = options;
  const token = options.continue === undefined ? undefined : readToken(context, options.continue);
  const revision = token?.revision ?? storage.store.revision;
  const objects: KubeObject[] = [];
  let next = token ? firstAfter(candidates, token.after) : 0;
  for (; next < candidates.length; next++) {
    const object = candidates[next] as KubeObject;
    storage.checkReadable(kind, object);
    if (!selection.matches(object)) continue;
    if (limit > 0 && objects.length === limit) break;
    objects.push(storage.shown(kind, object));
  }
  const page = { objects, revision: String(revision) };
  const last = objects[objects.length - 1];
  if (next >= candidates.length || !last) return { what: "page", kind, page };
  return {
    what: "page",
    kind,
    page: {
      ...page,
      continue: makeToken(revision, keyOf(last.metadata.namespace, last.metadata.name)),
      ...(selection.all ? { remaining: candidates.length - next } : {}),
    },
  };
}

/** All objects that the selectors may fit, in order: one, those of a node, those of a namespace, or all. */
export function candidatesOf(
  { storage }: Context,
  { kind, namespace }: ApiRequest,
  { exact }: Selection,
): readonly KubeObject[] {
  const name = exact.get("metadata.name");
  const home = kind.namespaced ? (namespace ?? exact.get("metadata.namespace")) : undefined;
  if (name !== undefined && (home !== undefined || !kind.namespaced)) {
    const object = storage.get(kind, home, name);
    return object ? [object] : [];
  }
  const node = exact.get("spec.nodeName");
  if (node && kind.group === "" && kind.plural === "pods") {
    const pods = storage.indexed(kind, "node", node);
    return home === undefined ? pods : pods.filter(({ metadata }) => metadata.namespace === home);
  }
  return storage.list(kind, home);
}

function firstAfter(objects: readonly KubeObject[], key: string): number {
  let low = 0;
  let high = objects.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const { namespace, name } = (objects[middle] as KubeObject).metadata;
    if (keyOf(namespace, name) > key) high = middle;
    else low = middle + 1;
  }
  return low;
}

function makeToken(revision: number, after: string): string {
  return base64UrlOf(bytesOf(JSON.stringify({ v: "meta.k8s.io/v1", rv: revision, start: `${after}\u0000` })));
}

function readToken({ storage }: Context, token: string): { revision: number; after: string } {
  const bytes = fromBase64Url(token);
  try {
    const { v, rv, start } = JSON.parse(bytes ? textOf(bytes) : "") as { v: string; rv: number; start: string };
    if (v === "meta.k8s.io/v1" && rv > 0) {
      const after = start.replace(/\u0000$/, "");
      if (rv >= storage.store.compacted) return { revision: rv, after };
      throw new Status("Expired", tooOld);
    }
  } catch (error) {
    if (error instanceof Status) throw error;
  }
  throw badRequest("continue key is not valid: incorrect key");
}
