import type { Micros } from "../base/clock.ts";
import type { JsonObject } from "../base/json.ts";
import type { Random } from "../base/random.ts";
import type { TypeInfo } from "../schema/define.ts";
import type { SchemaFault } from "../schema/structural/define.ts";
import type { Status } from "./status.ts";
import type { KubeObject } from "./types/meta.ts";
import type { PodTemplateSpec } from "./types/pod.ts";

/** A field error of validation. Its text is made in one place (kinds/problem.ts), as Kubernetes 1.35 words it. */
export interface Problem extends Omit<SchemaFault, "type"> {
  readonly type: SchemaFault["type"] | "NotFound";
  /** Its message leaves out the value (field.OmitValueType). */
  readonly hidesValue?: boolean;
}

export type Cell = string | number | boolean | null;

/** A column of the server's table. */
export interface Column<T extends KubeObject = KubeObject> {
  readonly name: string;
  readonly type?: "string" | "integer" | "boolean" | "date";
  readonly format?: "name";
  /** Shown with -o wide only (priority 1). */
  readonly wide?: boolean;
  readonly description?: string;
  cell(object: T, now: Micros): Cell;
}

/** What a describe asks the cluster for; see Answer. */
export interface Ask {
  /** apps/v1, v1 */
  readonly apiVersion: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** What a describe hears: an object or a List object, or the refusal (undefined where it is not known why). */
export type Answer = KubeObject | Status | undefined;

/** The text of `kubectl describe`, with what it asks on the way. Throws the Status without which there is no text. */
export type Describing = Generator<Ask, string, Answer>;

export interface DescribeOptions {
  readonly now: Micros;
  readonly showEvents: boolean;
}

/** What a kind may ask while an object is admitted: other objects, chance, time, and the cluster's settings. */
export interface AdmitTools {
  list(apiVersion: string, resource: string, namespace?: string): readonly KubeObject[];
  get(apiVersion: string, resource: string, namespace: string | undefined, name: string): KubeObject | undefined;
  readonly random: Random;
  readonly now: Micros;
  /** The API server's own flags, e.g. service-cluster-ip-range. */
  readonly flags: Readonly<Record<string, string | undefined>>;
}

export type ResourceVerb = "create" | "delete" | "deletecollection" | "get" | "list" | "patch" | "update" | "watch";

export interface Subresource {
  readonly name: string;
  /** Its own kind where that is another than the parent's: Scale of autoscaling/v1. */
  readonly kind?: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
}

/** Who asks for something to be created. */
export interface Requester {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/**
 * A resource kind: everything the cluster and kubectl know about it. One file each; verbs and the server ask what a
 * kind can do, never what it is called.
 */
export interface Kind<T extends KubeObject = KubeObject> {
  readonly kind: string;
  readonly plural: string;
  readonly group: string;
  readonly version: string;
  readonly namespaced: boolean;
  /** The kind in small letters where left out. */
  readonly singular?: string;
  /** PodList where left out. */
  readonly listKind?: string;
  readonly short?: readonly string[];
  readonly categories?: readonly string[];
  /** All eight where left out. */
  readonly verbs?: readonly ResourceVerb[];
  readonly subresources?: readonly Subresource[];
  /** The same objects under another group or version (events.k8s.io shows the core Events): its own entry names the one that stores. */
  readonly storedAs?: {
    readonly group: string;
    readonly version: string;
    toStored(object: KubeObject): KubeObject;
    fromStored(object: KubeObject): KubeObject;
  };

  /** The type of a custom resource; built-in types are found by group, version and kind. */
  readonly type?: TypeInfo;
  /** What a custom resource's schema makes of a body (pruned, with defaults), and what strict decoding says of it. */
  readBody?(body: JsonObject): { readonly object: JsonObject; readonly strict: readonly string[] };
  /** How an object that was stored some time ago is read today: custom resources by today's schema. */
  shownAs?(object: KubeObject): KubeObject;
  /** The warning that every request hears: the version is deprecated. */
  readonly deprecation?: string;

  // ---- the server's side. Objects given to these are fresh and unfrozen unless they are named `old`.

  /** Fills in what was left out (API defaulting). */
  defaults?(object: T): void;
  /** What is wrong with a new object; metadata is checked for all kinds alike, with `nameRule` for the name. */
  problems?(object: T): readonly Problem[];
  /** What is wrong with a new object only, beside `problems`: what may be set later but not at creation. */
  problemsOfCreate?(object: T): readonly Problem[];
  /** What is wrong with a change: immutable fields and whatever else `problems` does not say. `problems` is asked as well. */
  problemsOfUpdate?(object: T, old: T): readonly Problem[];
  /** What is wrong with a change through a subresource; most kinds take what their type can hold. */
  problemsOfSubresource?(object: T, old: T, subresource: string): readonly Problem[];
  /** What is said beside the answer to a new or changed object that is right, but not as it should be. */
  warnings?(object: T, old: T | undefined): readonly string[];
  readonly nameRule?: "subdomain" | "label" | "label1035" | "path" | "any";
  /** Drops or sets what a client may not decide at creation (status, allocated values that need no other objects). */
  prepareForCreate?(object: T, by?: Requester): void;
  /** The object with the marks of a deletion that its kind adds at the first delete: finalizers, conditions. */
  prepareForDelete?(object: T, now: string): T;
  /** Puts back what this kind of update may not change. The status is put back for all kinds that have the subresource. */
  prepareForUpdate?(object: T, old: T): void;
  /** Values taken from pools: cluster IPs, node ports. Throws Status. Called after defaults, on create and update. */
  allocate?(object: T, old: T | undefined, tools: AdmitTools): void;
  /** Objects that stand for what it took from a pool: they come and go with it (the IPAddress of a cluster IP). */
  holds?(object: T): readonly KubeObject[];
  /** An update must name the resourceVersion it changes. Most kinds take one without as "the newest". */
  readonly needsVersion?: boolean;
  /** A delete that says nothing of what the object owns leaves it alone (Job, ReplicationController). */
  readonly orphansDependents?: boolean;
  /** What whoever deletes it so is told. */
  readonly orphanWarning?: string;
  /** metadata.generation counts changes of spec (everything but metadata and status). */
  readonly countsGenerations?: boolean;
  /** Seconds between a delete and its end, where deletion is graceful (pods). 0: at once. */
  graceSeconds?(object: T, asked: number | undefined): number;
  /** What ?fieldSelector= may name beside metadata.name and metadata.namespace. */
  selectable?(object: T): Readonly<Record<string, string>>;
  readonly columns: readonly Column<T>[];
  /** The order of the server's table, where it is not that of the names. */
  rowOrder?(a: T, b: T): number;
  /** The condition of a row: a finished pod is "Completed". */
  rowConditions?(object: T): readonly { type: string; status: string; reason: string; message: string }[];

  // ---- kubectl's side

  describe?(object: T, options: DescribeOptions): Describing;
  /** Where the number of replicas stands: scale, autoscale. */
  readonly replicasAt?: string;
  /** Where Scale finds the current replicas and the selector's text, if not at status.replicas and spec.selector. */
  readonly scaleAt?: { readonly replicas: string; readonly selector?: string };
  /** Where the pod template stands ("" for a pod itself): set image, set env, restart. */
  readonly templateAt?: string;
  templateOf?(object: T): PodTemplateSpec;
  /** Selector of its pods, as text: logs, exec, expose, drain. undefined where it has none. */
  podsOf?(object: T): string | undefined;
  /** Ports it would be exposed at: name, number, protocol. */
  portsOf?(object: T): readonly { name?: string; port: number; protocol: string }[];
  /** The map whose values are not for everybody: kubectl diff shows only which of them differ. */
  readonly confidential?: string;
  /** Keeps revisions: rollout history, undo, status. */
  readonly rollout?: Rollout<T>;
}

export interface Rollout<T extends KubeObject> {
  /** The resource that holds old revisions and how to tell their number. */
  readonly revisions: {
    readonly apiVersion: string;
    readonly resource: string;
    revisionOf(object: KubeObject): number;
    /** What kubectl says, before a name, where they cannot be read. */
    readonly unreadable: string;
  };
  /** The line of `kubectl rollout status`, and whether it is done; throws an Error for a failed rollout. */
  status(object: T, revision?: number): { readonly text: string; readonly done: boolean };
  /** What pausing means: the path set to true. */
  readonly pausedAt?: string;
  /** The template of a revision. */
  templateOf(revision: KubeObject): PodTemplateSpec;
}

/** apps/v1, v1 */
export function apiVersionOf(kind: Pick<Kind, "group" | "version">): string {
  return kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
}

/** deployments.apps, pods: how errors name a resource. */
export function resourceName(kind: Pick<Kind, "group" | "plural">): string {
  return kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`;
}
