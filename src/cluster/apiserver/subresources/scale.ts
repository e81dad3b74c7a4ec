import type { Json, JsonObject } from "../../../base/json.ts";
import { ageColumn } from "../../../kinds/cells.ts";
import type { Column, Kind } from "../../../kinds/define.ts";
import { selectorText } from "../../../kinds/label-selector.ts";
import type { Status } from "../../../kinds/status.ts";
import type { KubeObject, LabelSelector } from "../../../kinds/types/meta.ts";
import type { Context } from "../context.ts";
import { decodeBody } from "../decoding.ts";
import { badRequest, internalError, invalid, notFound, unknownPath } from "../errors.ts";
import { updateObject } from "../registry/update.ts";
import { strictnessOf, writingOf } from "../verbs/index.ts";
import type { Outcome } from "../verbs/outcome.ts";
import { type PlainPatch, patched } from "../verbs/patch.ts";
import type { SubresourceRequest } from "./define.ts";

interface Scale extends KubeObject {
  spec: { replicas?: number };
  status: { replicas: number; selector?: string };
}

/** Scale of autoscaling/v1, the view of everything that has replicas. */
export const scaleKind: Kind<Scale> = {
  kind: "Scale",
  plural: "scales",
  group: "autoscaling",
  version: "v1",
  namespaced: true,
  columns: [
    { name: "Name", cell: ({ metadata }) => metadata.name },
    { name: "Desired", type: "integer", cell: ({ spec }) => spec.replicas ?? 0 },
    { name: "Available", type: "integer", cell: ({ status }) => status.replicas },
    ageColumn as Column<Scale>,
  ],
};

/** Reads or changes the number of replicas through the Scale. */
export function answerScale(context: Context, { request, text }: SubresourceRequest): Outcome {
  const { kind, verb, namespace, name = "", body } = request;
  const path = kind.replicasAt?.split(".");
  if (!path) throw unknownPath();
  const current = context.storage.get(kind, namespace, name);
  if (!current) throw notFound(kind, name);
  if (kind.readBody && valueAt(current, path) === undefined) throw noReplicas(kind);
  if (verb === "get") return answered(scaleOf(kind, current, path));
  const strictness = strictnessOf(context, request);
  const next = updateObject(context, writingOf(request), name, (old) => {
    const scale = scaleOf(kind, old, path);
    const wanted =
      verb === "patch"
        ? patched(scaleKind as Kind, scale, plain(request.patchType), body as Json, strictness)
        : decodeBody(scaleKind as Kind, body as JsonObject, text, strictness);
    if (wanted.metadata?.name !== name) {
      throw badRequest(
        `the name of the object (${wanted.metadata?.name ?? ""}) does not match the name on the URL (${name})`,
      );
    }
    const { replicas = 0 } = (wanted as Scale).spec ?? {};
    if (replicas < 0) {
      const detail = "must be greater than or equal to 0";
      throw invalid(scaleKind, name, [{ type: "Invalid", path: "spec.replicas", value: replicas, detail }]);
    }
    const { resourceVersion, uid } = wanted.metadata;
    const metadata = { ...old.metadata, ...(uid ? { uid } : {}) };
    if (resourceVersion) metadata.resourceVersion = resourceVersion;
    return { ...(withValue(old as unknown as JsonObject, path, replicas) as unknown as KubeObject), metadata };
  });
  return answered(scaleOf(kind, next, path));
}

function answered(object: Scale): Outcome {
  return { what: "object", status: 200, kind: scaleKind as Kind, object };
}

function plain(type: string | undefined): PlainPatch {
  if (type === "json" || type === "merge" || type === "strategic") return type;
  throw badRequest("server-side apply of scale is not simulated");
}

/** A custom resource without the field has no scale (registry/customresource/etcd.go, 1.35). */
function noReplicas({ replicasAt }: Kind): Status {
  return internalError(`the spec replicas field ".${replicasAt}" does not exist`);
}

function scaleOf({ scaleAt }: Kind, object: KubeObject, path: readonly string[]): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const spec = object.spec as { selector?: LabelSelector | Record<string, string> } | undefined;
  const replicas = valueAt(object, path);
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      ...(uid ? { uid } : {}),
      ...(resourceVersion ? { resourceVersion } : {}),
      creationTimestamp: creationTimestamp ?? null,
    },
    spec: typeof replicas === "number" && replicas !== 0 ? { replicas } : {},
    status: scaleAt
      ? customStatus(scaleAt, object)
      : {
          replicas: (object.status as { replicas?: number } | undefined)?.replicas ?? 0,
          selector: selectorText(labelSelectorOf(spec?.selector)),
        },
  };
}

function customStatus({ replicas, selector }: NonNullable<Kind["scaleAt"]>, object: KubeObject): Scale["status"] {
  const found = valueAt(object, replicas.split("."));
  const text = selector === undefined ? undefined : valueAt(object, selector.split("."));
  return {
    replicas: typeof found === "number" ? found : 0,
    ...(typeof text === "string" && text ? { selector: text } : {}),
  };
}

function labelSelectorOf(selector: LabelSelector | Record<string, string> | undefined): LabelSelector | undefined {
  if (!selector || "matchLabels" in selector || "matchExpressions" in selector)
    return selector as LabelSelector | undefined;
  return { matchLabels: selector as Record<string, string> };
}

function valueAt(object: unknown, path: readonly string[]): unknown {
  let value = object;
  for (const key of path) value = (value as Record<string, unknown> | undefined)?.[key];
  return value;
}

function withValue(object: JsonObject, [key = "", ...rest]: readonly string[], value: Json): JsonObject {
  return { ...object, [key]: rest.length === 0 ? value : withValue((object[key] ?? {}) as JsonObject, rest, value) };
}
