import { apiVersionOf, type Kind } from "../../../kinds/define.ts";
import type { KubeObject, ObjectMeta } from "../../../kinds/types/meta.ts";
import { admitTools } from "../admission/tools.ts";
import { checkEscalation } from "../authorization/escalation.ts";
import { checkParamAccess } from "../authorization/param-access.ts";
import type { Context } from "../context.ts";
import { thawed } from "../copies.ts";
import { alreadyExists, badRequest, invalid, noFreeName } from "../errors.ts";
import { trackCreate } from "../managed-fields/track.ts";
import { metadataProblems } from "../metadata.ts";
import { timeText } from "../time-text.ts";
import { admissionOf, checkSize, keepHoldings, rulesOf, type Writing, warnings } from "./writing.ts";

/** How often a generated name is tried (kubernetes 1.35, RetryGenerateName). */
const nameTries = 8;
/** What a prefix may have before five characters are added (apiserver names.generator: 63 - 5). */
const prefixLimit = 58;

/** Creates an object: defaults, admission, system metadata, allocation, validation, etcd. */
export function createObject(context: Context, writing: Writing, body: KubeObject): KubeObject {
  const kind = context.storage.ruling(writing.kind);
  const rules = rulesOf(writing, kind);
  let object = thawed(writing.kind.storedAs ? writing.kind.storedAs.toStored(body) : body);
  object.apiVersion = apiVersionOf(kind);
  object.kind = kind.kind;
  object.metadata = placed(writing, object.metadata ?? {});
  rules.defaults?.(object);
  const request = admissionOf(writing, "CREATE", object.metadata.name || undefined, object, undefined);
  context.admission.mutate(context, request);
  object = request.object;
  const { metadata } = object;
  fillSystemFields(context, kind, metadata);
  if (writing.managed) metadata.managedFields = [...writing.managed];
  rules.prepareForCreate?.(object, writing.attributes.user);
  if (metadata.generateName && !metadata.name) metadata.name = freeName(context, kind, metadata);
  // Without a name it is refused below: what looks at it until then finds an empty one.
  metadata.name ??= "";
  kind.allocate?.(object, undefined, admitTools(context));
  const problems = [...metadataProblems(kind, object), ...(rules.problems?.(object) ?? [])];
  problems.push(...(rules.problemsOfCreate?.(object) ?? []));
  if (problems.length > 0) throw invalid(kind, metadata.name ?? "", problems);
  checkEscalation(context, writing, kind, object, undefined);
  checkParamAccess(context, writing, kind, object, undefined);
  context.admission.validate(context, admissionOf(writing, "CREATE", metadata.name, object, undefined));
  if (context.storage.get(kind, metadata.namespace, metadata.name)) {
    throw alreadyExists(kind, metadata.name);
  }
  if (writing.heard) {
    checkSize(object);
    warnings(context, rules, object, undefined);
  }
  const stored = writing.attributes.dryRun ? Object.freeze(object) : context.storage.put(kind, object);
  if (kind.holds && !writing.attributes.dryRun) keepHoldings(context, kind, stored, undefined);
  if (!writing.managed) trackCreate(stored, writing.manager, context.clock.now);
  return stored;
}

/** The metadata with the namespace of the request, or BadRequest where the two do not agree. */
function placed(writing: Writing, metadata: ObjectMeta): ObjectMeta {
  const { namespace } = writing.attributes;
  if (!writing.kind.namespaced || namespace === undefined) return metadata;
  if (metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  metadata.namespace = namespace;
  return metadata;
}

function fillSystemFields({ clock, random }: Context, kind: Kind, metadata: ObjectMeta): void {
  metadata.creationTimestamp = timeText(clock.now);
  metadata.uid = random.uuid();
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.resourceVersion;
  delete (metadata as { selfLink?: string }).selfLink;
  delete metadata.managedFields;
  if (kind.countsGenerations) metadata.generation = 1;
  else delete metadata.generation;
  if (metadata.generateName === "") delete metadata.generateName;
  if (!metadata.labels || Object.keys(metadata.labels).length === 0) delete metadata.labels;
  if (!metadata.annotations || Object.keys(metadata.annotations).length === 0) delete metadata.annotations;
}

function freeName(context: Context, kind: Kind, metadata: ObjectMeta): string {
  const prefix = (metadata.generateName ?? "").slice(0, prefixLimit);
  let name = "";
  for (let i = 0; i < nameTries; i++) {
    name = prefix + context.random.suffix();
    if (!context.storage.get(kind, metadata.namespace, name)) return name;
  }
  throw noFreeName(kind, name);
}
