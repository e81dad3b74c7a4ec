import type { Json, JsonObject } from "../../../base/json.ts";
import type { Problem } from "../../../kinds/define.ts";
import { equal } from "../../../kinds/equal.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Container, Pod } from "../../../kinds/types/pod.ts";
import type { Context } from "../context.ts";
import { thawed } from "../copies.ts";
import { decodeBody } from "../decoding.ts";
import { badRequest, invalid, notFound } from "../errors.ts";
import { updateObject } from "../registry/update.ts";
import { shown, strictnessOf, writingOf } from "../verbs/index.ts";
import type { Outcome } from "../verbs/outcome.ts";
import { type PlainPatch, patched } from "../verbs/patch.ts";
import type { SubresourceRequest } from "./define.ts";
import { resizeProblems } from "./resize-problems.ts";

/** pods/ephemeralcontainers: containers can be added, and stay (kubectl debug). */
export function answerEphemeralContainers(context: Context, asked: SubresourceRequest): Outcome {
  return changedPod(context, asked, (old, wanted) => {
    const next = { ...old, spec: { ...old.spec, ephemeralContainers: wanted.spec.ephemeralContainers ?? [] } };
    const whole = thawed(next);
    asked.request.kind.defaults?.(whole);
    const problems = ephemeralProblems(whole, old, asked.request.kind.problems?.(whole) ?? []);
    if (problems.length > 0) throw invalid({ kind: "Pod", group: "" }, old.metadata.name, problems);
    return next;
  });
}

/** What may not be done to ephemeral containers (core validation ValidatePodEphemeralContainersUpdate, 1.35). */
function ephemeralProblems(pod: Pod, old: Pod, others: readonly Problem[]): readonly Problem[] {
  if (old.metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined)
    return [{ type: "Forbidden", path: "", detail: "static pods do not support ephemeral containers" }];
  const path = "spec.ephemeralContainers";
  const changes = (old.spec.ephemeralContainers ?? []).flatMap((before): Problem[] => {
    const after = pod.spec.ephemeralContainers?.find(({ name }) => name === before.name);
    const which = `existing ephemeral containers ${JSON.stringify(before.name)}`;
    if (!after) return [{ type: "Forbidden", path, detail: `${which} may not be removed\n` }];
    return equal(after, before) ? [] : [{ type: "Forbidden", path, detail: `${which} may not be changed\n` }];
  });
  return [...others, ...changes];
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
    const next = { ...old, spec };
    const problems = [...resizeProblems(next, old), ...(asked.request.kind.problems?.(next) ?? [])];
    if (problems.length > 0) throw invalid({ kind: "Pod", group: "" }, old.metadata.name, problems);
    return next;
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
