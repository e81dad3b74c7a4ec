/** An indexed array: sparse, read in the order of its indexes. */
export class IndexedArray {
  private readonly items = new Map<number, string>();
  private sorted = true;
  private last = -1;

  static of(values: readonly string[]): IndexedArray {
    const array = new IndexedArray();
    for (const [i, value] of values.entries()) array.set(i, value);
    return array;
  }

  get size(): number {
    return this.items.size;
  }

  /** One more than the highest index. */
  get end(): number {
    return this.last + 1;
  }

  get(index: number): string | undefined {
    return this.items.get(index);
  }

  set(index: number, value: string): void {
    if (index < this.last && !this.items.has(index)) this.sorted = false;
    this.items.set(index, value);
    if (index > this.last) this.last = index;
  }

  delete(index: number): void {
    this.items.delete(index);
    if (index === this.last) this.last = Math.max(-1, ...this.items.keys());
  }

  indexes(): number[] {
    const keys = [...this.items.keys()];
    return this.sorted ? keys : keys.sort((a, b) => a - b);
  }

  values(): string[] {
    return this.sorted ? [...this.items.values()] : this.indexes().map((index) => this.items.get(index) as string);
  }

  copy(): IndexedArray {
    const array = new IndexedArray();
    for (const [index, value] of this.items) array.set(index, value);
    return array;
  }
}

/** A shell variable: a text, an indexed array or an associative array, with its attributes. */
export interface Variable {
  /** undefined: declared, but without a value. */
  value: string | undefined;
  array?: IndexedArray | undefined;
  assoc?: Map<string, string> | undefined;
  exported?: boolean;
  readonly?: boolean;
  integer?: boolean;
  change?: "lower" | "upper" | undefined;
  nameref?: boolean;
  /** The depth of the function whose local it is. */
  local?: number;
}

export function copyVariable(variable: Variable): Variable {
  if (!variable.array && !variable.assoc) return { ...variable };
  return {
    ...variable,
    array: variable.array?.copy(),
    assoc: variable.assoc && new Map(variable.assoc),
  };
}

/** The keys of an associative array in the order in which bash 5.2 walks its hash table (hashlib.c, 1024 buckets). */
export function keysInOrder(assoc: ReadonlyMap<string, string>): string[] {
  const keys = [...assoc.keys()].map((key, i) => ({ key, i, bucket: hash(key) & 1023 }));
  return keys.sort((a, b) => a.bucket - b.bucket || b.i - a.i).map(({ key }) => key);
}

function hash(key: string): number {
  let h = 2166136261;
  for (let i = 0; i < key.length; i++) h = Math.imul(h, 16777619) ^ key.charCodeAt(i);
  return h >>> 0;
}

export const isName = (text: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);

/** `name[subscript]` taken apart; the name alone where there is none. */
export function splitReference(text: string): { name: string; subscript: string | undefined } | undefined {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)(?:\[([\s\S]*)\])?$/.exec(text);
  return match ? { name: match[1] as string, subscript: match[2] } : undefined;
}
