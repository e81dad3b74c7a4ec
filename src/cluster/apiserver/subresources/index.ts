import type { JsonObject } from "../../../base/json.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Context } from "../context.ts";
import type { AdmissionRequest } from "../define.ts";
import { methodNotSupported, unknownPath } from "../errors.ts";
import type { Writing } from "../registry/writing.ts";
import { writingOf } from "../verbs/index.ts";
import type { Outcome } from "../verbs/outcome.ts";
import { answerApproval } from "./approval.ts";
import { bindPod } from "./binding.ts";
import { answerEphemeralContainers, answerResize } from "./containers.ts";
import type { SubresourceRequest } from "./define.ts";
import { evictPod } from "./eviction.ts";
import { answerFinalize } from "./finalize.ts";
import { answerExec, answerLog } from "./node.ts";
import { answerScale } from "./scale.ts";
import { createToken } from "./token.ts";

type CreateAt = (context: Context, writing: Writing, name: string, body: JsonObject) => JsonObject;
type AnswerAt = (context: Context, asked: SubresourceRequest) => Outcome;

/** What is made by creating it below an object. */
const creators: Readonly<Record<string, CreateAt>> = {
  "pods/binding": bindPod,
  "pods/eviction": evictPod,
  "serviceaccounts/token": createToken,
};

/** What a subresource answers, by plural and name, or by name alone. */
const answers: Readonly<Record<string, AnswerAt>> = {
  approval: answerApproval,
  finalize: answerFinalize,
  "pods/attach": answerExec,
  "pods/ephemeralcontainers": answerEphemeralContainers,
  "pods/exec": answerExec,
  "pods/log": answerLog,
  "pods/portforward": answerExec,
  "pods/resize": answerResize,
  scale: answerScale,
};

export function createAtSubresource(context: Context, writing: Writing, name: string, body: JsonObject): JsonObject {
  const creator = creators[`${writing.kind.plural}/${writing.attributes.subresource}`];
  if (!creator) throw unknownPath();
  admit(context, writing, "CREATE", name, body);
  return creator(context, writing, name, body);
}

/** What is made below an object, and who is connected to it, passes admission too. */
function admit(
  context: Context,
  { kind, attributes }: Writing,
  operation: "CREATE" | "CONNECT",
  name: string,
  body: JsonObject,
): void {
  const { user, namespace, subresource, dryRun } = attributes;
  const object = body as unknown as KubeObject;
  const request: AdmissionRequest = {
    operation,
    kind,
    namespace,
    name,
    subresource,
    user,
    dryRun,
    object,
    old: undefined,
  };
  context.admission.mutate(context, request);
  context.admission.validate(context, request);
}

/** Sessions and what else is not read or written, but used. */
const connected = new Set(["pods/attach", "pods/exec", "pods/portforward"]);

export function answerSubresource(context: Context, asked: SubresourceRequest): Outcome {
  const { request } = asked;
  const { kind, subresource = "", verb, name = "", body } = request;
  const known = kind.subresources?.find((sub) => sub.name === subresource);
  if (!known) throw unknownPath();
  if (!known.verbs.includes(verb)) throw methodNotSupported(kind, verb);
  const path = `${kind.plural}/${subresource}`;
  const creator = creators[path];
  if (creator) {
    const made = createAtSubresource(context, writingOf(request), name, (body ?? {}) as JsonObject);
    return { what: "answer", status: 201, body: made };
  }
  const answer = answers[path] ?? answers[subresource];
  if (!answer) throw unknownPath();
  if (connected.has(path)) admit(context, writingOf(request), "CONNECT", name, {});
  return answer(context, asked);
}
