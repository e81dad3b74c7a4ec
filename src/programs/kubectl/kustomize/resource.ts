import type { JsonObject } from "../../../base/json.ts";
import { effectiveNamespace, type Gvk, gvkOf, isClusterScoped, type ResId } from "./ids.ts";
import type { Origin } from "./origin.ts";
import { childMap, copyOf, isMap, scalarText, type TreeMap, textMap, treeOfTexts } from "./tree.ts";

export type Behavior = "create" | "merge" | "replace" | "unspecified";

interface PreviousId {
  readonly name: string;
  readonly namespace: string;
  readonly kind: string;
}

/** What a build notes about a resource; kustomize keeps it in annotations that it takes away at the end. */
export interface Notes {
  readonly previous: readonly PreviousId[];
  readonly prefixes: readonly string[];
  readonly suffixes: readonly string[];
  readonly needsHash: boolean;
  readonly behavior: Behavior | undefined;
  readonly origin: Origin | undefined;
  readonly transformations: readonly Origin[];
}

const noNotes: Notes = {
  previous: [],
  prefixes: [],
  suffixes: [],
  needsHash: false,
  behavior: undefined,
  origin: undefined,
  transformations: [],
};

/** A resource of a build: its manifest and what has become of it so far. */
export class Resource {
  object: TreeMap;
  notes: Notes;
  /** The deprecated vars that take their value from it. */
  varNames: readonly string[] = [];
  /** Of patches: whether they may change these of their targets. */
  allowsNameChange = false;
  allowsKindChange = false;

  constructor(object: TreeMap, notes: Partial<Notes> = {}) {
    this.object = object;
    this.notes = { ...noNotes, ...notes };
  }

  copy(): Resource {
    const copy = new Resource(copyOf(this.object as JsonObject) as TreeMap, this.notes);
    copy.varNames = this.varNames;
    copy.allowsNameChange = this.allowsNameChange;
    copy.allowsKindChange = this.allowsKindChange;
    return copy;
  }

  get isEmpty(): boolean {
    return Object.keys(this.object).length === 0;
  }

  get kind(): string {
    return scalarText(this.object.kind);
  }

  get gvk(): Gvk {
    return gvkOf(scalarText(this.object.apiVersion), this.kind);
  }

  get metadata(): TreeMap {
    return isMap(this.object.metadata) ? this.object.metadata : {};
  }

  get name(): string {
    return scalarText(this.metadata.name);
  }

  get namespace(): string {
    return scalarText(this.metadata.namespace);
  }

  /** What it is called now. */
  get id(): ResId {
    const { gvk } = this;
    return { ...gvk, name: this.name, namespace: this.namespace, clusterScoped: isClusterScoped(gvk) };
  }

  /** What it was called, the oldest first. */
  get previousIds(): readonly ResId[] {
    const { gvk } = this;
    return this.notes.previous.map((id) => ({ ...gvk, ...id, clusterScoped: false }));
  }

  get originalId(): ResId {
    return this.previousIds[0] ?? this.id;
  }

  setName(name: string): void {
    childMap(this.object, "metadata").name = name;
  }

  setNamespace(namespace: string): void {
    const metadata = childMap(this.object, "metadata");
    if (namespace === "") delete metadata.namespace;
    else metadata.namespace = namespace;
  }

  get labels(): Map<string, string> {
    return textMap(this.metadata.labels);
  }

  get annotations(): Map<string, string> {
    return textMap(this.metadata.annotations);
  }

  /** Replaces a map of metadata; an empty one is left out. */
  setTexts(field: "labels" | "annotations", texts: ReadonlyMap<string, string>): void {
    const metadata = childMap(this.object, "metadata");
    if (texts.size === 0) delete metadata[field];
    else metadata[field] = treeOfTexts(texts);
  }

  note(notes: Partial<Notes>): void {
    this.notes = { ...this.notes, ...notes };
  }

  /** Keeps what it is called, before that changes. */
  rememberId(): void {
    const { id } = this;
    const previous = { name: id.name, namespace: effectiveNamespace(id), kind: id.kind };
    this.note({ previous: [...this.notes.previous, previous] });
  }

  /** The notes as annotations. */
  noteTexts(): Map<string, string> {
    const { previous, prefixes, suffixes, needsHash, behavior } = this.notes;
    const texts: [string, string][] = [
      ["generatorBehavior", behavior ?? ""],
      ["needsHashSuffix", needsHash ? "enabled" : ""],
      ["prefixes", prefixes.join(",")],
      ["previousKinds", previous.map(({ kind }) => kind).join(",")],
      ["previousNames", previous.map(({ name }) => name).join(",")],
      ["previousNamespaces", previous.map(({ namespace }) => namespace).join(",")],
      ["suffixes", suffixes.join(",")],
    ];
    return new Map(texts.filter(([, text]) => text !== "").map(([key, text]) => [`${domain}/${key}`, text]));
  }

  /** The manifest as kustomize holds it, with its notes among the annotations. */
  annotated(): TreeMap {
    const object = copyOf(this.object as JsonObject) as TreeMap;
    const notes = this.noteTexts();
    if (notes.size === 0) return object;
    const metadata = childMap(object, "metadata");
    metadata.annotations = { ...(isMap(metadata.annotations) ? metadata.annotations : {}), ...treeOfTexts(notes) };
    return object;
  }

  /** Takes a manifest over that was made from `annotated`. */
  take(object: TreeMap): void {
    this.object = object;
    const { annotations } = this.metadata;
    if (!isMap(annotations)) return;
    for (const key of Object.keys(annotations)) if (key.startsWith(`${domain}/`)) delete annotations[key];
    if (Object.keys(annotations).length === 0) delete this.metadata.annotations;
  }
}

const domain = "internal.config.kubernetes.io";
