import { type Json, type JsonObject, parseJson } from "../../base/json.ts";
import { isObject } from "../../base/json-object.ts";
import { applyStrategicMerge } from "../../base/patch/strategic-merge.ts";
import type { Kind, Rollout } from "../../kinds/define.ts";
import { writePodTemplate } from "../../kinds/describe/pod-template.ts";
import { Writer } from "../../kinds/describe/writer.ts";
import { Status } from "../../kinds/status.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import type { PodTemplateSpec } from "../../kinds/types/pod.ts";
import type { Task } from "../../machine/define.ts";
import { mergeSchemaOf } from "../../schema/merge-schema.ts";
import type { Context } from "./context.ts";
import { CommandFault } from "./faults.ts";
import { itemsOfList } from "./find-objects.ts";
import { fileFlags, selectorFlag } from "./flag-groups.ts";
import { checkRegistered, kindOf } from "./kind-of.ts";
import type { Resource } from "./resource.ts";
import type { Finding, Found, Selection } from "./selection.ts";
import { goTypeOf } from "./typed-object.ts";

/** The flags by which all rollout commands find their objects. */
export const rolloutFlags = { ...fileFlags("that name the workload"), selector: selectorFlag };

interface SelectionValues {
  readonly filename: readonly string[];
  readonly kustomize: string;
  readonly recursive: boolean;
  readonly selector?: string;
}

/** What is said where a rollout command names nothing. */
export function rolloutProblem(args: readonly string[], values: SelectionValues): string | undefined {
  const isNamed = args.length > 0 || values.filename.length > 0 || values.kustomize !== "";
  return isNamed ? undefined : "required resource not specified";
}

/** Which objects a rollout command means; a type alone means all of it. */
export function rolloutSelection(args: readonly string[], values: SelectionValues): Selection {
  const { filename: filenames, kustomize, recursive, selector: labelSelector } = values;
  return { args, filenames, kustomize, recursive, labelSelector, typeMeansAll: true, latest: true };
}

/** Says that there is nothing, where a rollout command found no object; true where it did. */
export function tellNothing(context: Context, { found, failure }: Pick<Finding, "found" | "failure">): boolean {
  if (found.length > 0 || failure) return false;
  context.err.line(`No resources found in ${context.namespace} namespace.`);
  return true;
}

/** Pod, Deployment.apps: a kind as Go prints its group and kind. */
export function groupKind({ kind, group }: Pick<Resource, "kind" | "group">): string {
  return group === "" ? kind : `${kind}.${group}`;
}

/** The rollout of a found object's kind. Throws what kubectl says of kinds without one. */
export function rolloutOf({ resource }: Found, what: "history viewer" | "rollbacker"): Rollout<KubeObject> {
  const kind: Kind | undefined = kindOf(resource);
  if (kind?.rollout) return kind.rollout;
  checkRegistered(resource);
  const quoted = JSON.stringify(groupKind(resource));
  if (kind?.templateAt !== undefined) throw new CommandFault(`no ${what} has been implemented for ${quoted}`);
  const looked = what === "history viewer" ? "history" : what;
  throw new CommandFault(
    `error retrieving ${looked} for ${quoted}, no visitor method exists for {${resource.group} ${resource.kind}}`,
  );
}

/** A revision that is kept, and its number. */
export interface Revision {
  readonly number: number;
  readonly object: JsonObject;
}

/** The revisions of an object, oldest first. */
export function* revisionsOf(
  context: Context,
  found: Found,
  { revisions }: Rollout<KubeObject>,
): Task<readonly Revision[]> {
  const resource = (yield* context.mapper()).resourceFor(`${revisions.resource}.${revisions.apiVersion.split("/")[0]}`);
  const labelSelector = kindOf(found.resource)?.podsOf?.(found.object as unknown as KubeObject);
  const list = yield* readable(
    context.client.list({ resource, namespace: found.namespace, labelSelector, limit: 0 }),
    `${revisions.unreadable} ${found.name}`,
  );
  const { uid } = found.object.metadata as { readonly uid?: string };
  const objects = itemsOfList(resource, list).map(({ object }) => object as unknown as KubeObject);
  const owned = objects.filter((one) =>
    one.metadata.ownerReferences?.some((owner) => owner.controller === true && owner.uid === uid),
  );
  return owned
    .map((one) => ({ number: revisions.revisionOf(one), object: one as unknown as JsonObject }))
    .sort((a, b) => a.number - b.number);
}

function* readable(list: Task<JsonObject>, unreadable: string): Task<JsonObject> {
  try {
    return yield* list;
  } catch (fault) {
    throw fault instanceof Status ? new CommandFault(`${unreadable}: ${fault.message}`) : fault;
  }
}

/** The patch that a revision is kept as (ControllerRevision); undefined where it is a whole object of its own (ReplicaSet). */
export function patchOf({ object }: Revision): JsonObject | undefined {
  const data: Json | undefined = typeof object.data === "string" ? parseJson(object.data) : object.data;
  return isObject(data) ? data : undefined;
}

/** The pod template that an object had at a revision. */
export function templateAt({ object }: Found, rollout: Rollout<KubeObject>, revision: Revision): PodTemplateSpec {
  const patch = patchOf(revision);
  const type = patch && goTypeOf(object);
  if (!patch || !type) return rollout.templateOf(revision.object as unknown as KubeObject);
  const then = applyStrategicMerge(object, patch, mergeSchemaOf(type));
  return (then.spec as unknown as { readonly template: PodTemplateSpec }).template;
}

/** A pod template as rollout history prints it: described, but with its tabs as they are (describe.NewPrefixWriter). */
export function templateText(template: PodTemplateSpec): string {
  const pages = { laidOut: "", text: "" };
  writePodTemplate(new Writer(pages), template);
  return pages.text;
}
