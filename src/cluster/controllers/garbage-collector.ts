import { apiVersionOf, type Kind, resourceName } from "../../kinds/define.ts";
import { Status } from "../../kinds/status.ts";
import type { KubeObject, OwnerReference } from "../../kinds/types/meta.ts";
import type { Api, Change } from "../apiserver/define.ts";
import { withoutOwners } from "./claim.ts";
import type { Controller, Key, Sentence } from "./define.ts";

/** The marks that a delete leaves for the garbage collector (metav1 FinalizerDeleteDependents, FinalizerOrphanDependents). */
const FOREGROUND = "foregroundDeletion";
const ORPHAN = "orphan";
/** How often it looks which kinds there are (cmd/kube-controller-manager startGarbageCollectorController, 1.35). */
const RESYNC = 30;

const hasFinalizer = ({ metadata }: KubeObject, name: string) => metadata.finalizers?.includes(name) ?? false;
const isWaiting = (owner: KubeObject) =>
  owner.metadata.deletionTimestamp !== undefined && hasFinalizer(owner, FOREGROUND);

/**
 * Deletes what belongs to owners that are gone (kubernetes pkg/controller/garbagecollector, 1.35). Who belongs to a
 * controller is an index of the store; only owners that do not control are kept in mind here.
 */
export const garbageCollector: Controller = {
  name: "garbage-collector-controller",
  account: "generic-garbage-collector",
  begin(api, tools, again) {
    const collector = new Collector(api);
    tools.clock.soon(() => {
      collector.started = true;
    });
    const sentence: Sentence = {
      watches: [
        ...collector.kinds.map(resourceName).map((resource) => ({
          resource,
          keys: (object: KubeObject, _api: Api, old: KubeObject | undefined, type: Change["type"]) =>
            collector.note(resource, object, old, type),
        })),
        ...api
          .kinds()
          .filter(({ kind, group }) => kind === "CustomResourceDefinition" && group === "apiextensions.k8s.io")
          .map((kind) => ({
            resource: resourceName(kind),
            keys: (_crd: KubeObject, _api: Api, old: KubeObject | undefined, type: Change["type"]) => {
              if (type === "DELETED" || (!old && collector.started)) tools.clock.after(RESYNC, again);
              return [];
            },
          })),
      ],
      reconcile: (_api, object) => {
        if (object) collector.attend(object);
        return undefined;
      },
    };
    return [sentence];
  },
};

const none: readonly Key[] = [];

interface Dependent {
  readonly resource: string;
  readonly object: KubeObject;
}

class Collector {
  /** True once the kinds that were there at the start have been seen. */
  started = false;
  readonly kinds: readonly Kind[];
  private readonly api: Api;
  private readonly byType = new Map<string, Kind>();
  private served: { all: readonly Kind[]; names: ReadonlySet<string> } = { all: [], names: new Set() };
  /** Dependents of owners that do not control them, by the owner's uid: where to find them, by a text of it. */
  private readonly loose = new Map<string, Map<string, Key>>();

  constructor(api: Api) {
    this.api = api;
    this.kinds = api.kinds().filter(isCollected);
    for (const kind of api.kinds()) {
      this.byType.set(`${apiVersionOf(kind)}/${kind.kind}`, kind);
      // Another version of the same group finds the same objects.
      this.byType.set(`${kind.group} ${kind.kind}`, this.byType.get(`${kind.group} ${kind.kind}`) ?? kind);
    }
  }

  /** Which objects are to be looked at because of a change. */
  note(resource: string, object: KubeObject, old: KubeObject | undefined, type: Change["type"]): readonly Key[] {
    const { metadata } = object;
    if (type === "MODIFIED" && old) {
      const before = old.metadata;
      const same = metadata.ownerReferences === before.ownerReferences && metadata.finalizers === before.finalizers;
      if (same && metadata.deletionTimestamp === before.deletionTimestamp) return none;
    }
    const owners = metadata.ownerReferences;
    const self: Key = { resource, namespace: metadata.namespace ?? "", name: metadata.name };
    if (old?.metadata.ownerReferences) this.forgetLoose(self, old);
    if (type === "DELETED") {
      const keys = this.dependentsOf(object).map(keyOf);
      return owners ? [...keys, ...this.ownersWaitingFor(object)] : keys;
    }
    if (owners) {
      this.rememberLoose(self, owners);
      if (type === "ADDED" || owners !== old?.metadata.ownerReferences) this.complain(object, owners);
    }
    const keys: Key[] = [];
    if (metadata.deletionTimestamp && (hasFinalizer(object, FOREGROUND) || hasFinalizer(object, ORPHAN)))
      keys.push(self);
    else if (owners?.some((owner) => this.stateOf(object, owner) !== "solid")) keys.push(self);
    if (old?.metadata.ownerReferences && owners !== old.metadata.ownerReferences)
      keys.push(...this.ownersWaitingFor(old));
    return keys;
  }

  /** Owners of another namespace are none (graph_builder.go reportInvalidNamespaceOwnerRef, 1.35). */
  private complain(object: KubeObject, owners: readonly OwnerReference[]): void {
    const { namespace = "" } = object.metadata;
    for (const owner of owners) {
      const kind = this.kindOf(owner);
      if (!kind?.namespaced || this.ownerOf(object, owner, kind)?.metadata.uid === owner.uid) continue;
      const elsewhere = this.api.list(resourceName(kind)).some(({ metadata }) => metadata.uid === owner.uid);
      if (!elsewhere) continue;
      const { apiVersion, name, uid } = owner;
      const reference = `[${apiVersion}/${owner.kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}]`;
      const message = `ownerRef ${reference} does not exist in namespace ${JSON.stringify(namespace)}`;
      this.api.event(object, { type: "Warning", reason: "OwnerRefInvalidNamespace", message });
    }
  }

  /** Does what there is to do about an object. */
  attend(object: KubeObject): void {
    if (object.metadata.deletionTimestamp) {
      if (hasFinalizer(object, ORPHAN)) this.orphanDependents(object);
      else if (hasFinalizer(object, FOREGROUND)) this.deleteDependents(object);
      return;
    }
    const owners = object.metadata.ownerReferences ?? [];
    const states = new Map(owners.map((owner) => [owner.uid, this.stateOf(object, owner)]));
    const values = [...states.values()];
    if (values.every((state) => state === "solid")) return;
    if (values.includes("solid")) {
      this.api.modify(object, (now) => withoutOwners(now, ({ uid }) => (states.get(uid) ?? "solid") !== "solid"));
      return;
    }
    const { uid } = object.metadata;
    const preconditions = uid ? { preconditions: { uid } } : {};
    const dependents = values.includes("waiting") ? this.dependentsOf(object) : [];
    const waited = dependents.length > 0;
    // Objects that own each other would wait for each other for ever.
    if (dependents.some((dependent) => isWaiting(dependent.object))) this.unblock(object);
    const propagationPolicy = waited ? "Foreground" : this.policyOf(object);
    try {
      this.api.delete(object, { ...preconditions, propagationPolicy });
    } catch (error) {
      // Somebody else made the object anew.
      if (!(error instanceof Status && error.reason === "Conflict")) throw error;
    }
  }

  /** The owners of an object need not wait for it any more. */
  private unblock(object: KubeObject): void {
    this.api.modify(object, (now) => {
      const { ownerReferences = [] } = now.metadata;
      if (!ownerReferences.some(({ blockOwnerDeletion }) => blockOwnerDeletion)) return now;
      const free = ownerReferences.map((owner) => ({ ...owner, blockOwnerDeletion: false }));
      return { ...now, metadata: { ...now.metadata, ownerReferences: free } };
    });
  }

  /** Whether a resource is served still: a custom one may go before this collector begins anew. */
  private isServed(resource: string): boolean {
    const all = this.api.kinds();
    if (this.served.all !== all) this.served = { all, names: new Set(all.map(resourceName)) };
    return this.served.names.has(resource);
  }

  private policyOf(object: KubeObject): "Orphan" | "Foreground" | "Background" {
    if (hasFinalizer(object, ORPHAN)) return "Orphan";
    return hasFinalizer(object, FOREGROUND) ? "Foreground" : "Background";
  }

  private orphanDependents(owner: KubeObject): void {
    const gone = ({ uid }: OwnerReference) => uid === owner.metadata.uid;
    for (const { object } of this.dependentsOf(owner)) this.api.modify(object, (now) => withoutOwners(now, gone));
    this.dropFinalizer(owner, ORPHAN);
  }

  /** An owner that is deleted in the foreground stays until those are gone that block its deletion. */
  private deleteDependents(owner: KubeObject): void {
    const dependents = this.dependentsOf(owner);
    const blocks = ({ object }: Dependent) =>
      object.metadata.ownerReferences?.some((other) => other.uid === owner.metadata.uid && other.blockOwnerDeletion);
    for (const { object } of dependents) if (!object.metadata.deletionTimestamp) this.attend(object);
    if (!this.dependentsOf(owner).some(blocks)) this.dropFinalizer(owner, FOREGROUND);
  }

  private dropFinalizer(object: KubeObject, name: string): void {
    this.api.modify(object, (now) => {
      const { finalizers = [], ...rest } = now.metadata;
      const left = finalizers.filter((other) => other !== name);
      return { ...now, metadata: left.length > 0 ? { ...rest, finalizers: left } : rest };
    });
  }

  /** Whether an owner is there, is gone, or waits for its dependents to be deleted. */
  private stateOf(object: KubeObject, reference: OwnerReference): "solid" | "gone" | "waiting" {
    const kind = this.kindOf(reference);
    // Of a kind that is not served nothing is known.
    if (!kind) return "solid";
    // An object of the cluster cannot belong to one of a namespace: nothing is looked up, and it stays.
    if (kind.namespaced && object.metadata.namespace === undefined) return "solid";
    const owner = this.ownerOf(object, reference, kind);
    if (owner?.metadata.uid !== reference.uid) return "gone";
    return isWaiting(owner) ? "waiting" : "solid";
  }

  private ownerOf(object: KubeObject, { name }: OwnerReference, kind: Kind): KubeObject | undefined {
    return this.api.get(resourceName(kind), kind.namespaced ? object.metadata.namespace : undefined, name);
  }

  private kindOf({ apiVersion, kind }: OwnerReference): Kind | undefined {
    const slash = apiVersion.indexOf("/");
    const group = slash < 0 ? "" : apiVersion.slice(0, slash);
    const found = this.byType.get(`${apiVersion}/${kind}`) ?? this.byType.get(`${group} ${kind}`);
    return found && this.isServed(resourceName(found)) ? found : undefined;
  }

  private dependentsOf({ metadata }: KubeObject): Dependent[] {
    const { uid = "" } = metadata;
    const found: Dependent[] = [];
    for (const kind of this.kinds) {
      const resource = resourceName(kind);
      if (!this.isServed(resource)) continue;
      for (const object of this.api.indexed(resource, "owner", uid)) found.push({ resource, object });
    }
    for (const { resource = "", namespace, name } of this.loose.get(uid)?.values() ?? []) {
      if (!this.isServed(resource)) continue;
      const object = this.api.get(resource, namespace || undefined, name);
      if (object?.metadata.ownerReferences?.some((owner) => owner.uid === uid && !owner.controller))
        found.push({ resource, object });
    }
    return found;
  }

  /** Owners that are deleted in the foreground look again when a dependent went. */
  private ownersWaitingFor(object: KubeObject): Key[] {
    const keys: Key[] = [];
    for (const reference of object.metadata.ownerReferences ?? []) {
      const kind = this.kindOf(reference);
      const owner = kind && this.ownerOf(object, reference, kind);
      if (kind && owner && owner.metadata.uid === reference.uid && isWaiting(owner))
        keys.push({ resource: resourceName(kind), namespace: owner.metadata.namespace ?? "", name: reference.name });
    }
    return keys;
  }

  private rememberLoose(key: Key, owners: readonly OwnerReference[]): void {
    for (const { uid, controller } of owners) {
      if (controller) continue;
      const known = this.loose.get(uid);
      if (known) known.set(textOf(key), key);
      else this.loose.set(uid, new Map([[textOf(key), key]]));
    }
  }

  private forgetLoose(key: Key, { metadata }: KubeObject): void {
    for (const { uid, controller } of metadata.ownerReferences ?? []) {
      const known = controller ? undefined : this.loose.get(uid);
      known?.delete(textOf(key));
      if (known?.size === 0) this.loose.delete(uid);
    }
  }
}

/** Events end by themselves; what is stored under another name is seen there. */
function isCollected({ kind, verbs, storedAs, group }: Kind): boolean {
  if (storedAs || (kind === "Event" && group === "")) return false;
  return ["delete", "list", "watch"].every((verb) => !verbs || verbs.some((other) => other === verb));
}

const textOf = ({ resource, namespace, name }: Key): string => `${resource}/${namespace}/${name}`;

function keyOf({ resource, object }: Dependent): Key {
  return { resource, namespace: object.metadata.namespace ?? "", name: object.metadata.name };
}
