import { Problem } from "./problem.ts";
import { IndexedArray, isName, type Variable } from "./variable.ts";

/** What a shell does for its variables. */
export interface VariableOwner {
  /** Works out the value of a variable with the integer attribute. */
  evaluate(text: string): bigint;
  /** Told when a variable changes that may mean something to the shell itself. */
  changed(name: string): void;
  /** The value of a variable that the shell makes up when it is read: RANDOM, SECONDS, FUNCNAME. */
  made(name: string): string | readonly string[] | undefined;
  /** Told when something is assigned to such a variable. */
  assignedMade(name: string, value: string): void;
}

/** A shell's variables. Locals lie over the outer ones while their function runs (dynamic scope). */
export class Variables {
  readonly all = new Map<string, Variable>();
  /** Names of those that the shell makes up. */
  dynamic: ReadonlySet<string>;
  /** For each running function what its locals hide. */
  private readonly frames: Map<string, Variable | undefined>[] = [];
  allExport = false;
  private readonly owner: VariableOwner;

  constructor(owner: VariableOwner, dynamic: ReadonlySet<string>) {
    this.owner = owner;
    this.dynamic = dynamic;
  }

  get depth(): number {
    return this.frames.length;
  }

  enter(): void {
    this.frames.push(new Map());
  }

  leave(): void {
    const frame = this.frames.pop();
    for (const [name, hidden] of frame ?? []) {
      if (hidden) this.all.set(name, hidden);
      else this.all.delete(name);
      this.owner.changed(name);
    }
  }

  /** Copies for a subshell, which keeps the frames it was started in. */
  copyFrom(other: Variables, copy: (variable: Variable) => Variable): void {
    for (const [name, variable] of other.all) this.all.set(name, copy(variable));
    for (const frame of other.frames) this.frames.push(new Map(frame));
  }

  /** The name that a nameref leads to; the name itself where it is none. */
  target(name: string): string {
    let at = name;
    for (let hops = 0; hops < 8; hops++) {
      const variable = this.all.get(at);
      if (!variable?.nameref || variable.value === undefined || variable.value === "") return at;
      at = variable.value;
    }
    throw new Problem(`warning: ${name}: circular name reference`);
  }

  find(name: string): Variable | undefined {
    const own = this.all.get(name);
    return own?.nameref ? this.all.get(this.target(name)) : own;
  }

  /** The value as `$name` gives it. */
  get(name: string): string | undefined {
    const variable = this.find(name);
    if (!variable) {
      const made = this.made(name);
      return typeof made === "string" ? made : made?.[0];
    }
    if (variable.array) return variable.array.get(0);
    if (variable.assoc) return variable.assoc.get("0");
    return variable.value;
  }

  /** The value of a variable that the shell makes up; undefined for others. */
  made(name: string): string | readonly string[] | undefined {
    return this.dynamic.has(name) ? this.owner.made(name) : undefined;
  }

  /** Makes the variable if need be; refuses what is read-only. */
  writable(name: string): Variable {
    const target = this.target(name).replace(/\[.*$/s, "");
    let variable = this.all.get(target);
    if (!variable) {
      variable = { value: undefined };
      this.all.set(target, variable);
    }
    if (variable.readonly) throw new Problem(`${target}: readonly variable`);
    if (this.allExport) variable.exported = true;
    return variable;
  }

  set(name: string, value: string, append = false): void {
    if (this.dynamic.has(name) && !this.all.has(name)) {
      this.owner.assignedMade(name, value);
      return;
    }
    const variable = this.writable(name);
    if (variable.array)
      variable.array.set(0, this.converted(variable, value, append ? variable.array.get(0) : undefined));
    else if (variable.assoc)
      variable.assoc.set("0", this.converted(variable, value, append ? variable.assoc.get("0") : undefined));
    else variable.value = this.converted(variable, value, append ? variable.value : undefined);
    this.owner.changed(name);
  }

  setAt(name: string, index: number, value: string, append = false): void {
    const variable = this.writable(name);
    variable.array ??= variable.value === undefined ? new IndexedArray() : IndexedArray.of([variable.value]);
    variable.value = undefined;
    const at = index < 0 ? variable.array.end + index : index;
    if (at < 0) throw new Problem(`${name}[${index}]: bad array subscript`);
    variable.array.set(at, this.converted(variable, value, append ? variable.array.get(at) : undefined));
  }

  setKey(name: string, key: string, value: string, append = false): void {
    const variable = this.writable(name);
    if (key === "") throw new Problem(`${name}[${key}]: bad array subscript`);
    variable.assoc ??= new Map();
    variable.assoc.set(key, this.converted(variable, value, append ? variable.assoc.get(key) : undefined));
  }

  setArray(name: string, values: readonly string[]): void {
    const variable = this.writable(name);
    variable.value = undefined;
    variable.assoc = undefined;
    variable.array = IndexedArray.of(values);
  }

  /** For the shell's own arrays (PIPESTATUS): no checks. undefined leaves it as it is. */
  setArrayQuietly(name: string, values: readonly string[] | undefined): void {
    if (values) this.all.set(name, { value: undefined, array: IndexedArray.of(values) });
  }

  /** A value with the variable's attributes applied. `before` is what it is appended to. */
  private converted(variable: Variable, value: string, before: string | undefined): string {
    if (variable.integer)
      return String(BigInt.asIntN(64, this.owner.evaluate(value) + (before ? this.owner.evaluate(before) : 0n)));
    const text = (before ?? "") + value;
    if (text.length > STRING_LIMIT) throw new Problem(`xrealloc: cannot allocate ${text.length} bytes`, "shell");
    return variable.change === "lower" ? text.toLowerCase() : variable.change === "upper" ? text.toUpperCase() : text;
  }

  /** A fresh local of the running function that hides what lies outside. */
  makeLocal(name: string, inherit = false): Variable {
    const frame = this.frames.at(-1);
    const outer = this.all.get(name);
    if (!frame || frame.has(name)) return outer ?? this.fresh(name, undefined);
    if (outer?.readonly && outer.local === undefined) throw new Problem(`${name}: readonly variable`);
    frame.set(name, outer);
    return this.fresh(name, inherit ? outer : outer?.exported ? { value: undefined, exported: true } : undefined);
  }

  private fresh(name: string, like: Variable | undefined): Variable {
    const variable: Variable = {
      value: undefined,
      ...like,
      array: like?.array?.copy(),
      assoc: like?.assoc && new Map(like.assoc),
      local: this.depth,
    };
    this.all.set(name, variable);
    return variable;
  }

  unset(name: string): void {
    const variable = this.all.get(name);
    if (variable?.readonly) throw new Problem(`${name}: cannot unset: readonly variable`);
    const frame = this.frames.at(-1);
    if (variable?.local !== undefined && frame?.has(name)) {
      // The local stays a local without a value, so that the outer one remains hidden.
      this.all.set(name, { value: undefined, local: variable.local });
    } else if (variable?.local !== undefined) this.unhide(name);
    else {
      this.all.delete(name);
      if (this.dynamic.has(name)) this.dynamic = new Set([...this.dynamic].filter((other) => other !== name));
    }
    this.owner.changed(name);
  }

  /** Unset from a deeper function: what a calling function's local hid comes back. */
  private unhide(name: string): void {
    for (let i = this.frames.length - 1; i >= 0; i--) {
      const frame = this.frames[i];
      if (!frame?.has(name)) continue;
      const hidden = frame.get(name);
      frame.delete(name);
      if (hidden) this.all.set(name, hidden);
      else this.all.delete(name);
      return;
    }
  }

  /** What a started program finds in its environment. */
  environment(): Map<string, string> {
    const env = new Map<string, string>();
    for (const [name, { exported, value, nameref }] of this.all)
      if (exported && value !== undefined && !nameref) env.set(name, value);
    return env;
  }

  /** Names in use, sorted, that begin with `prefix`. */
  names(prefix = ""): string[] {
    const names = new Set<string>();
    for (const [name, variable] of this.all)
      if (name.startsWith(prefix) && (variable.value !== undefined || variable.array || variable.assoc))
        names.add(name);
    for (const name of this.dynamic) if (name.startsWith(prefix) && isName(name)) names.add(name);
    return [...names].sort();
  }
}

/** No text of the shell grows beyond this: 16 MiB, where a real host would run out of memory. */
export const STRING_LIMIT = 16 * 1024 * 1024;
