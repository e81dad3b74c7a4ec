/** Sorting as Go's sort.Sort does (pattern-defeating quicksort, Go 1.19 and later): equal elements may change places, always in the same way. */
export function goSort<T>(items: T[], less: (a: T, b: T) => boolean): T[] {
  new Sorting(items, less).run();
  return items;
}

/** The longest range that is sorted by insertion alone. */
const INSERTION = 12;

type Hint = "unknown" | "increasing" | "decreasing";

class Sorting<T> {
  private readonly items: T[];
  private readonly before: (a: T, b: T) => boolean;

  constructor(items: T[], before: (a: T, b: T) => boolean) {
    this.items = items;
    this.before = before;
  }

  run(): void {
    const { length } = this.items;
    this.quick(0, length, bitLength(length));
  }

  private less(i: number, j: number): boolean {
    return this.before(this.items[i] as T, this.items[j] as T);
  }

  private swap(i: number, j: number): void {
    const { items } = this;
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }

  private quick(from: number, to: number, badAllowed: number): void {
    let [a, b, limit] = [from, to, badAllowed];
    let [wasBalanced, wasPartitioned] = [true, true];
    for (;;) {
      const length = b - a;
      if (length <= INSERTION || limit === 0) {
        if (length <= INSERTION) this.insertion(a, b);
        else this.heap(a, b);
        return;
      }
      if (!wasBalanced) {
        this.breakPatterns(a, b);
        limit--;
      }
      let { pivot, hint } = this.choosePivot(a, b);
      if (hint === "decreasing") {
        this.reverse(a, b);
        pivot = b - 1 - (pivot - a);
        hint = "increasing";
      }
      if (wasBalanced && wasPartitioned && hint === "increasing" && this.partialInsertion(a, b)) return;
      // Everything equal to the element before goes to the left.
      if (a > 0 && !this.less(a - 1, pivot)) {
        a = this.partitionEqual(a, b, pivot);
        continue;
      }
      const { middle, already } = this.partition(a, b, pivot);
      wasPartitioned = already;
      const [left, right] = [middle - a, b - middle];
      wasBalanced = Math.min(left, right) >= Math.floor(length / 8);
      if (left < right) {
        this.quick(a, middle, limit);
        a = middle + 1;
      } else {
        this.quick(middle + 1, b, limit);
        b = middle;
      }
    }
  }

  private insertion(a: number, b: number): void {
    for (let i = a + 1; i < b; i++) for (let j = i; j > a && this.less(j, j - 1); j--) this.swap(j, j - 1);
  }

  private heap(a: number, b: number): void {
    const length = b - a;
    for (let i = Math.floor((length - 1) / 2); i >= 0; i--) this.siftDown(i, length, a);
    for (let i = length - 1; i >= 0; i--) {
      this.swap(a, a + i);
      this.siftDown(0, i, a);
    }
  }

  private siftDown(low: number, high: number, first: number): void {
    for (let root = low; ; ) {
      let child = 2 * root + 1;
      if (child >= high) return;
      if (child + 1 < high && this.less(first + child, first + child + 1)) child++;
      if (!this.less(first + root, first + child)) return;
      this.swap(first + root, first + child);
      root = child;
    }
  }

  private partition(a: number, b: number, pivot: number): { middle: number; already: boolean } {
    this.swap(a, pivot);
    let [i, j] = [a + 1, b - 1];
    const close = () => {
      while (i <= j && this.less(i, a)) i++;
      while (i <= j && !this.less(j, a)) j--;
    };
    close();
    const already = i > j;
    while (i <= j) {
      this.swap(i++, j--);
      close();
    }
    this.swap(j, a);
    return { middle: j, already };
  }

  private partitionEqual(a: number, b: number, pivot: number): number {
    this.swap(a, pivot);
    let [i, j] = [a + 1, b - 1];
    for (;;) {
      while (i <= j && !this.less(a, i)) i++;
      while (i <= j && this.less(a, j)) j--;
      if (i > j) return i;
      this.swap(i++, j--);
    }
  }

  /** Sorts what is nearly sorted; false where that takes more than a few steps. */
  private partialInsertion(a: number, b: number): boolean {
    let i = a + 1;
    for (let step = 0; step < 5; step++) {
      while (i < b && !this.less(i, i - 1)) i++;
      if (i === b) return true;
      if (b - a < 50) return false;
      this.swap(i, i - 1);
      if (i - a >= 2) for (let j = i - 1; j >= 1 && this.less(j, j - 1); j--) this.swap(j, j - 1);
      if (b - i >= 2) for (let j = i + 1; j < b && this.less(j, j - 1); j++) this.swap(j, j - 1);
    }
    return false;
  }

  /** Moves some elements about by chance that is the same every time. */
  private breakPatterns(a: number, b: number): void {
    const length = b - a;
    if (length < 8) return;
    let random = BigInt(length);
    const modulus = 1n << BigInt(bitLength(length));
    const index = a + Math.floor(length / 4) * 2 - 1;
    for (let i = 0; i < 3; i++) {
      random = BigInt.asUintN(64, random ^ (random << 13n));
      random ^= random >> 7n;
      random = BigInt.asUintN(64, random ^ (random << 17n));
      let other = Number(random & (modulus - 1n));
      if (other >= length) other -= length;
      this.swap(index + i, a + other);
    }
  }

  private choosePivot(a: number, b: number): { pivot: number; hint: Hint } {
    const length = b - a;
    const quarter = Math.floor(length / 4);
    const count = { swaps: 0 };
    let [i, j, k] = [a + quarter, a + quarter * 2, a + quarter * 3];
    if (length >= 50) {
      i = this.medianAround(i, count);
      j = this.medianAround(j, count);
      k = this.medianAround(k, count);
    }
    if (length >= 8) j = this.median(i, j, k, count);
    const hint = count.swaps === 0 ? "increasing" : count.swaps === 12 ? "decreasing" : "unknown";
    return { pivot: j, hint };
  }

  private median(a: number, b: number, c: number, count: { swaps: number }): number {
    const ordered = (x: number, y: number): readonly [number, number] => {
      if (!this.less(y, x)) return [x, y];
      count.swaps++;
      return [y, x];
    };
    const [low, high] = ordered(a, b);
    const [middle] = ordered(high, c);
    return ordered(low, middle)[1];
  }

  private medianAround(at: number, count: { swaps: number }): number {
    return this.median(at - 1, at, at + 1, count);
  }

  private reverse(a: number, b: number): void {
    for (let i = a, j = b - 1; i < j; ) this.swap(i++, j--);
  }
}

/** How many bits a number has. */
function bitLength(value: number): number {
  return value === 0 ? 0 : Math.floor(Math.log2(value)) + 1;
}
