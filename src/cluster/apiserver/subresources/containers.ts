import type { Json, JsonObject } from "../../../base/json.ts";
import type { Problem } from "../../../kinds/define.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Container, Pod } from "../../../kinds/types/pod.ts";
import type { Context } from "../context.ts";
import { decodeBody } from "../decoding.ts";
import { badRequest, invalid, notFound } from "../errors.ts";
import { updateObject } from "../registry/update.ts";
import { shown, strictnessOf, writingOf } from "../verbs/index.ts";
import type { Outcome } from "../verbs/outcome.ts";
import { type PlainPatch, patched } from "../verbs/patch.ts";
import type { SubresourceRequest } from "./define.ts";

/** pods/ephemeralcontainers: containers can be added, and stay (kubectl debug). */
export function answerEphemeralContainers(context: Context, asked: SubresourceRequest): Outcome {
  return changedPod(context, asked, (old, wanted) => {
    const had = old.spec.ephemeralContainers ?? [];
    const next = wanted.spec.ephemeralContainers ?? [];
    const problems = had.flatMap(({ name }, i): Problem[] => {
      if (next.some((other) => other.name === name)) return [];
      const detail = "existing ephemeral containers may not be removed";
      return [{ type: "Forbidden", path: `spec.ephemeralContainers[${i}]`, detail: `${detail}: ${name}` }];
    });
    if (problems.length > 0) throw invalid({ kind: "Pod", group: "" }, old.metadata.name, problems);
    return { ...old, spec: { ...old.spec, ephemeralContainers: next } };
  });
}

/** pods/resize: the resources of running containers. */
export function answerResize(context: Context, asked: SubresourceRequest): Outcome {
  return changedPod(context, asked, (old, wanted) => {
    const resized = (containers: readonly Container[], others: readonly Container[] = []): Container[] =>
      containers.map((container) => {
        const resources = others.find(({ name }) => name === container.name)?.resources;
        return resources ? { ...container, resources } : container;
      });
    const spec = { ...old.spec, containers: resized(old.spec.containers, wanted.spec.containers) };
    if (old.spec.initContainers) spec.initContainers = resized(old.spec.initContainers, wanted.spec.initContainers);
    return { ...old, spec };
  });
}

function changedPod(
  context: Context,
  { request, text }: SubresourceRequest,
  change: (old: Pod, wanted: Pod) => KubeObject,
): Outcome {
  const { kind, verb, name = "", namespace, body, patchType } = request;
  if (verb === "get") {
    const object = context.storage.get(kind, namespace, name);
    if (!object) throw notFound(kind, name);
    return shown(context, kind, object, 200);
  }
  if (patchType === "apply") throw badRequest(`server-side apply of pods/${request.subresource} is not simulated`);
  const strictness = strictnessOf(context, request);
  const object = updateObject(context, writingOf(request), name, (old) => {
    const wanted =
      verb === "patch"
        ? patched(kind, old, patchType as PlainPatch, body as Json, strictness)
        : decodeBody(kind, body as JsonObject, text, strictness);
    const next = change(old as Pod, wanted as Pod);
    const { resourceVersion } = wanted.metadata ?? {};
    return resourceVersion ? { ...next, metadata: { ...next.metadata, resourceVersion } } : next;
  });
  return shown(context, kind, object, 200);
}
