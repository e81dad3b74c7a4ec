import type { Json } from "../base/json.ts";

export type FieldType =
  | "string"
  | "integer"
  | "number"
  | "boolean"
  | "array"
  | "map"
  /** An object with fields of its own. */
  | "ref"
  /** Free JSON: RawExtension, FieldsV1, a schema inside a schema. */
  | "any"
  | "quantity"
  | "intOrString"
  | "time"
  | "microTime"
  | "duration"
  | "bytes";

/** A field of an API type, or the element of a list or map (whose name is then empty). */
export interface FieldInfo {
  readonly name: string;
  readonly type: FieldType;
  /** Of integers. */
  readonly format?: "int32" | "int64";
  /** The full name of the type, for `ref`. */
  readonly ref?: string;
  /** The type itself where it has no name of its own: inside a custom resource. */
  readonly inner?: TypeInfo;
  /** What stands in a list or map. */
  readonly items?: FieldInfo;
  readonly required: boolean;
  /** Left out is not the same as zero: Go holds a pointer. */
  readonly pointer: boolean;
  /** Written even when empty: Go's tag has no omitempty. */
  readonly always: boolean;
  /** A struct that is left out when zero (omitzero). */
  readonly omitZero: boolean;
  /** The struct that Go embeds the field by; its errors name it in the path: VolumeSource. */
  readonly embedded?: string;
  /** The number in protobuf messages. */
  readonly number?: number;
  /** The type as Go's errors name it: v1.PullPolicy. */
  readonly goType: string;
  readonly enum?: readonly string[];
  /** The default that the published description states; the real ones are in kinds/. */
  readonly default?: Json;
  readonly patchStrategy?: string;
  readonly mergeKey?: string;
  readonly listType?: "map" | "set" | "atomic";
  readonly listMapKeys?: readonly string[];
  readonly mapType?: "atomic" | "granular";
  /** Of custom resources; `fieldText` has those of the built-in types. */
  readonly description?: string;
}

/** An API type: its fields by name, as they stand in JSON. */
export interface TypeInfo {
  /** io.k8s.api.core.v1.PodSpec; of a custom resource, its group reversed: com.example.v1.Widget. */
  readonly name: string;
  /** Whether objects of it stand alone, with apiVersion and kind. */
  readonly isKind: boolean;
  readonly group: string;
  readonly version: string;
  /** In the order in which a server writes them. */
  readonly fields: ReadonlyMap<string, FieldInfo>;
  /** The fields by protobuf number; inlined structs are fields there. */
  readonly messages: ReadonlyMap<number, FieldInfo & { readonly inlined: boolean }>;
  readonly mapType?: "atomic" | "granular";
  /** x-kubernetes-unions: which field is set for which value of the discriminator. */
  readonly union?: { readonly discriminator: string; readonly fields: Readonly<Record<string, string>> };
  readonly description?: string;
}

/** A resource as the description publishes it. A kind of src/kinds fits. */
export interface PublishedResource {
  readonly kind: string;
  readonly plural: string;
  readonly group: string;
  readonly version: string;
  readonly namespaced: boolean;
  /** All eight where left out. */
  readonly verbs?: readonly string[];
  readonly subresources?: readonly PublishedSubresource[];
  /** The type of a custom resource. */
  readonly type?: TypeInfo;
}

export interface PublishedSubresource {
  readonly name: string;
  readonly kind?: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
}

/** The last part of a type's name: PodSpec. */
export function shortTypeName(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}
