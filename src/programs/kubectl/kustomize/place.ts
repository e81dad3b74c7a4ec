import type { Tree, TreeMap } from "./tree.ts";

/** A value in an object, and how another is put in its place. */
export interface Place {
  readonly value: Tree;
  put(value: Tree): void;
}

export type Setter = (place: Place) => void;

/** An object as a whole, which nothing takes the place of. */
export function rootPlace(object: TreeMap): Place {
  return { value: object, put: () => undefined };
}

/** A field of a map; one that is missing is null. */
export function fieldPlace(map: TreeMap, key: string): Place {
  return {
    value: map[key] ?? null,
    put(value) {
      map[key] = value;
    },
  };
}

/** The elements of a list. */
export function itemPlaces(list: Tree[]): Place[] {
  return list.map((item, i) => ({
    value: item,
    put(value) {
      list[i] = value;
    },
  }));
}
