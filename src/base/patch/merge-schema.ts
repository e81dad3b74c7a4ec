/** What a strategic merge must know about a type of the API: its fields by JSON name, or any key if it is a map. */
export interface MergeSchema {
  field(name: string): MergeField | undefined;
}

/** One field of a type. For a list `type` is the type of its elements, for a map field that of the map. */
export interface MergeField {
  readonly type: MergeSchema | undefined;
  /** `merge`, `replace`, `retainKeys`, as in `x-kubernetes-patch-strategy`. */
  readonly patchStrategy?: readonly string[];
  /** `x-kubernetes-patch-merge-key`. A list that merges without one holds plain values. */
  readonly mergeKey?: string;
}

/** How a field merges: `retainKeys` goes beside the other strategies. */
export interface FieldStrategy {
  readonly type: MergeSchema | undefined;
  readonly strategy: "merge" | "replace" | undefined;
  readonly retainKeys: boolean;
  readonly mergeKey: string | undefined;
}

const unknownField: FieldStrategy = { type: undefined, strategy: undefined, retainKeys: false, mergeKey: undefined };

/** What is known of a field; of one that the schema does not know, nothing. */
export function strategyOf(schema: MergeSchema | undefined, name: string): FieldStrategy {
  const field = schema?.field(name);
  if (!field) return unknownField;
  const strategies = field.patchStrategy ?? [];
  return {
    type: field.type,
    strategy: strategies.includes("merge") ? "merge" : strategies.includes("replace") ? "replace" : undefined,
    retainKeys: strategies.includes("retainKeys"),
    mergeKey: field.mergeKey,
  };
}

export const PATCH = "$patch";
export const RETAIN_KEYS = "$retainKeys";
export const SET_ELEMENT_ORDER = "$setElementOrder/";
export const DELETE_FROM_PRIMITIVE_LIST = "$deleteFromPrimitiveList/";
